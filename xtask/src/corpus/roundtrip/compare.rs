//! Compares an example with the result of decoding and encoding it. Numbers are compared by value, strings exactly.
//! Undeclared properties may be missing.

use serde_json::Value;

/// Compares an example, `value`, with the result of decoding and encoding it, `encoded`. Returns the number of
/// undeclared properties that are missing in the result.
///
/// # Errors
///
/// Returns a description of the first difference.
pub(super) fn compare_json(value: &str, encoded: &str, undeclared: &[String]) -> Result<usize, String> {
    let read = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    let mut comparison = Comparison { undeclared, pointer: String::new(), dropped: 0 };
    comparison.compare(&read(value)?, &read(encoded)?)?;
    Ok(comparison.dropped)
}

struct Comparison<'a> {
    undeclared: &'a [String],
    pointer: String,
    dropped: usize,
}

impl Comparison<'_> {
    fn compare(&mut self, value: &Value, encoded: &Value) -> Result<(), String> {
        match (value, encoded) {
            (Value::Object(properties), Value::Object(actual)) => {
                for (name, property) in properties {
                    let length = self.enter(&name.replace('~', "~0").replace('/', "~1"));
                    match actual.get(name) {
                        Some(encoded) => self.compare(property, encoded)?,
                        None if self.undeclared.contains(&self.pointer) => self.dropped += 1,
                        None => return Err(self.difference(format!("{property} is missing"))),
                    }
                    self.pointer.truncate(length);
                }
                match actual.iter().find(|(name, _)| !properties.contains_key(*name)) {
                    Some((name, property)) => Err(self.difference(format!("`{name}`: {property} was added"))),
                    None => Ok(()),
                }
            }
            (Value::Array(elements), Value::Array(actual)) if elements.len() == actual.len() => {
                for (index, (element, encoded)) in elements.iter().zip(actual).enumerate() {
                    let length = self.enter(&index.to_string());
                    self.compare(element, encoded)?;
                    self.pointer.truncate(length);
                }
                Ok(())
            }
            (Value::Number(one), Value::Number(other)) if one == other || one.as_f64() == other.as_f64() => Ok(()),
            _ if value == encoded => Ok(()),
            _ => Err(self.difference(format!("{value} became {encoded}"))),
        }
    }

    fn enter(&mut self, step: &str) -> usize {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        length
    }

    fn difference(&self, how: String) -> String {
        format!("{}: {how}", if self.pointer.is_empty() { "the value" } else { &self.pointer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_and_strings_exactly() {
        assert_eq!(compare_json("[1, 1.0, 1e2, \"1\"]", "[1.0, 1, 100, \"1\"]", &[]), Ok(0));
        assert_eq!(
            compare_json("{\"a\": \"2020-01-01T00:00:00Z\"}", "{\"a\": \"2020-01-01T00:00:00+00:00\"}", &[]),
            Err("/a: \"2020-01-01T00:00:00Z\" became \"2020-01-01T00:00:00+00:00\"".to_owned())
        );
        assert!(compare_json("[1]", "[1, 2]", &[]).is_err());
        assert!(compare_json("{}", "{\"a\": null}", &[]).is_err());
    }

    #[test]
    fn only_undeclared_properties_may_be_missing() {
        let value = "{\"a\": {\"b/c\": 1, \"d\": 2}}";
        assert_eq!(compare_json(value, "{\"a\": {\"d\": 2}}", &["/a/b~1c".to_owned()]), Ok(1));
        assert_eq!(compare_json(value, value, &["/a/b~1c".to_owned()]), Ok(0));
        assert_eq!(compare_json(value, "{\"a\": {\"d\": 2}}", &[]), Err("/a/b~1c: 1 is missing".to_owned()));
    }
}
