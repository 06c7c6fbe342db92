//! An example and what came back of it: numbers are compared by value, texts by letter, and what nobody declared may be gone.

use serde_json::Value;

/// Compares an example with what came back: gives how many members were dropped that nobody declared, or what differs.
pub(super) fn compared(value: &str, encoded: &str, undeclared: &[String]) -> Result<usize, String> {
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
            (Value::Object(members), Value::Object(came)) => {
                for (name, member) in members {
                    let length = self.enter(&name.replace('~', "~0").replace('/', "~1"));
                    match came.get(name) {
                        Some(encoded) => self.compare(member, encoded)?,
                        None if self.undeclared.contains(&self.pointer) => self.dropped += 1,
                        None => return Err(self.differs(format!("{member} is gone"))),
                    }
                    self.pointer.truncate(length);
                }
                match came.iter().find(|(name, _)| !members.contains_key(*name)) {
                    Some((name, member)) => Err(self.differs(format!("`{name}`: {member} is new"))),
                    None => Ok(()),
                }
            }
            (Value::Array(elements), Value::Array(came)) if elements.len() == came.len() => {
                for (index, (element, encoded)) in elements.iter().zip(came).enumerate() {
                    let length = self.enter(&index.to_string());
                    self.compare(element, encoded)?;
                    self.pointer.truncate(length);
                }
                Ok(())
            }
            (Value::Number(one), Value::Number(other)) if one == other || one.as_f64() == other.as_f64() => Ok(()),
            _ if value == encoded => Ok(()),
            _ => Err(self.differs(format!("{value} came back as {encoded}"))),
        }
    }

    fn enter(&mut self, step: &str) -> usize {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        length
    }

    fn differs(&self, how: String) -> String {
        format!("{}: {how}", if self.pointer.is_empty() { "the whole" } else { &self.pointer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value_and_texts_by_letter() {
        assert_eq!(compared("[1, 1.0, 1e2, \"1\"]", "[1.0, 1, 100, \"1\"]", &[]), Ok(0));
        assert_eq!(
            compared("{\"a\": \"2020-01-01T00:00:00Z\"}", "{\"a\": \"2020-01-01T00:00:00+00:00\"}", &[]),
            Err("/a: \"2020-01-01T00:00:00Z\" came back as \"2020-01-01T00:00:00+00:00\"".to_owned())
        );
        assert!(compared("[1]", "[1, 2]", &[]).is_err());
        assert!(compared("{}", "{\"a\": null}", &[]).is_err());
    }

    #[test]
    fn only_what_nobody_declared_may_be_dropped() {
        let value = "{\"a\": {\"b/c\": 1, \"d\": 2}}";
        assert_eq!(compared(value, "{\"a\": {\"d\": 2}}", &["/a/b~1c".to_owned()]), Ok(1));
        assert_eq!(compared(value, value, &["/a/b~1c".to_owned()]), Ok(0));
        assert_eq!(compared(value, "{\"a\": {\"d\": 2}}", &[]), Err("/a/b~1c: 1 is gone".to_owned()));
    }
}
