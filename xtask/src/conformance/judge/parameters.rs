//! Compares the parameters of a recorded request with the arguments of the call.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::Case;
use crate::document::Parameter;
use crate::program::is_exploded_object;
use crate::proxy::RecordedRequest;

pub(super) fn check(case: Case<'_>, request: &RecordedRequest, errors: &mut Vec<String>) {
    let Some(path) = path(&case.operation.path, request) else {
        return errors.push(format!("the path is {}", request.target));
    };
    for (position, parameter) in case.operation.parameters.iter().enumerate() {
        let argument = case.call.arguments.iter().find(|argument| argument.parameter == position);
        let argument = argument.map(|argument| &argument.value);
        let actual = match parameter.location.as_str() {
            "path" => path.iter().filter(|(name, _)| *name == parameter.name).cloned().collect(),
            "query" => query(request),
            "header" => headers(request),
            _ => cookies(request),
        };
        let expected = argument.map(|value| expected(case, parameter, value)).unwrap_or_default();
        for (name, values) in &expected {
            let actual: Vec<&str> = values_of(&actual, parameter, name);
            // An empty array or object may be sent as an empty value, or may be omitted.
            let is_empty_value =
                actual.is_empty() && values.iter().all(String::is_empty) && !argument.is_some_and(Value::is_string);
            if !is_empty_value
                && actual != values.iter().map(String::as_str).collect::<Vec<_>>()
                && !are_equal_numbers(&actual, values)
            {
                let location = &parameter.location;
                errors.push(format!("the {location} parameter `{name}` is {actual:?} instead of {values:?}"));
            }
        }
        let is_sent = !values_of(&actual, parameter, &parameter.name).is_empty();
        if argument.is_none() && is_sent && !parameter.client_value {
            errors.push(format!("the {} parameter `{}` is unexpected", parameter.location, parameter.name));
        }
        if argument.is_none() && !is_sent && parameter.required && !is_exploded_object(case.document, parameter) {
            errors.push(format!("the required {} parameter `{}` is missing", parameter.location, parameter.name));
        }
    }
}

/// Returns the values of a parameter in the request. Compares the names of headers case-insensitively.
fn values_of<'a>(actual: &'a [(String, String)], parameter: &Parameter, name: &str) -> Vec<&'a str> {
    let is_match = |known: &str| {
        if parameter.location == "header" { known.eq_ignore_ascii_case(name) } else { known == name }
    };
    actual.iter().filter(|(known, _)| is_match(known)).map(|(_, value)| value.as_str()).collect()
}

/// Returns whether two lists contain equal numbers. For example, `1.50` equals `1.5`.
fn are_equal_numbers(actual: &[&str], expected: &[String]) -> bool {
    let number = |string: &str| string.parse::<f64>().ok();
    actual.len() == expected.len()
        && actual
            .iter()
            .zip(expected)
            .all(|(actual, expected)| number(actual).is_some() && number(actual) == number(expected))
}

/// Returns the decoded name-value pairs that the request must have for a parameter.
fn expected(case: Case<'_>, parameter: &Parameter, value: &Value) -> Vec<(String, Vec<String>)> {
    let name = parameter.name.clone();
    if parameter.has_content {
        let content = if parameter.json { value.to_string() } else { string(value) };
        return vec![(name, vec![content])];
    }
    let explode = parameter.explode || is_exploded_object(case.document, parameter);
    styled(&name, &parameter.style, explode, value)
}

/// Returns the name-value pairs of a value that is serialized in a style.
pub(super) fn styled(name: &str, style: &str, explode: bool, value: &Value) -> Vec<(String, Vec<String>)> {
    let name = name.to_owned();
    match (style, value) {
        ("form", Value::Object(properties)) if explode => {
            properties.iter().map(|(name, value)| (name.clone(), strings(value))).collect()
        }
        ("form" | "spaceDelimited" | "pipeDelimited", Value::Array(_)) if explode => vec![(name, strings(value))],
        ("deepObject", Value::Object(_)) => {
            let mut pairs = Vec::new();
            deep(&name, value, &mut pairs);
            pairs
        }
        (style, value) => {
            let value_string = match (style, explode) {
                ("spaceDelimited", _) => joined(value, false, " "),
                ("pipeDelimited", _) => joined(value, false, "|"),
                ("label", true) => format!(".{}", joined(value, true, ".")),
                ("label", false) => format!(".{}", joined(value, false, ",")),
                ("matrix", true) => matrix(&name, value),
                ("matrix", false) => format!(";{name}={}", joined(value, false, ",")),
                (_, explode) => joined(value, explode, ","),
            };
            vec![(name, vec![value_string])]
        }
    }
}

/// Adds the pairs of a value in the style `deepObject`, e.g. `color[R]=100`.
fn deep(name: &str, value: &Value, pairs: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Object(properties) => {
            properties.iter().for_each(|(property, value)| deep(&format!("{name}[{property}]"), value, pairs));
        }
        value => pairs.push((name.to_owned(), strings(value))),
    }
}

/// Returns a value in the exploded style `matrix`, e.g. `;color=blue;color=black` or `;R=100;G=200`.
fn matrix(name: &str, value: &Value) -> String {
    match value {
        Value::Object(_) => format!(";{}", joined(value, true, ";")),
        value => strings(value).iter().map(|string| format!(";{name}={string}")).collect(),
    }
}

/// Joins the items of an array (`blue,black`) or the properties of an object (`R,100,G,200`, or exploded
/// `R=100,G=200`).
fn joined(value: &Value, explode: bool, delimiter: &str) -> String {
    match value {
        Value::Object(properties) => {
            let equals = if explode { "=" } else { delimiter };
            let pairs = properties.iter().map(|(name, value)| format!("{name}{equals}{}", string(value)));
            pairs.collect::<Vec<_>>().join(delimiter)
        }
        value => strings(value).join(delimiter),
    }
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().map(string).collect(),
        value => vec![string(value)],
    }
}

fn string(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the path parameters of a request. Returns `None` if the path does not match the template.
fn path(template: &str, request: &RecordedRequest) -> Option<Vec<(String, String)>> {
    let path = request.target.split('?').next()?;
    // Ignore the query and fragment of the template, because they are not part of the path.
    let template = template.split(['?', '#']).next()?;
    let (expected, actual): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    if expected.len() != actual.len() {
        return None;
    }
    let mut values = Vec::new();
    for (expected, actual) in expected.iter().zip(actual) {
        values.extend(segment(expected, actual)?);
    }
    Some(values)
}

/// Returns the parameters of a path segment. `template` is the segment of the path template, e.g. `v{major}.{minor}`.
fn segment(template: &str, actual: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let (mut template, mut actual) = (template, actual);
    while let Some((before, rest)) = template.split_once('{') {
        actual = actual.strip_prefix(before).or_else(|| actual.strip_prefix(&*encoded(before)))?;
        let (name, rest) = rest.split_once('}')?;
        let next = rest.split('{').next().unwrap_or_default();
        let end = if next.is_empty() { actual.len() } else { actual.find(next)? };
        let (value, after) = actual.split_at_checked(end)?;
        values.push((name.to_owned(), decoded(value)));
        (template, actual) = (rest, after);
    }
    (decoded(actual) == decoded(template)).then_some(values)
}

fn encoded(string: &str) -> String {
    percent_encoding::utf8_percent_encode(string, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Returns the name-value pairs of a request's query.
pub(super) fn query(request: &RecordedRequest) -> Vec<(String, String)> {
    pairs(request.target.split_once('?').map_or("", |(_, query)| query))
}

/// Returns the name-value pairs of a query or a URL-encoded form.
pub(super) fn pairs(string: &str) -> Vec<(String, String)> {
    let pairs = string.split('&').filter(|pair| !pair.is_empty());
    // Decode a plus as a space, like servers that parse queries as forms.
    let decoded_form = |string: &str| decoded(&string.replace('+', "%20"));
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded_form(name), decoded_form(value)))
        .collect()
}

pub(super) fn cookies(request: &RecordedRequest) -> Vec<(String, String)> {
    let cookies = request.header("cookie").unwrap_or_default().split("; ").filter(|pair| !pair.is_empty());
    cookies.filter_map(|pair| pair.split_once('=')).map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

fn headers(request: &RecordedRequest) -> Vec<(String, String)> {
    request.headers.clone()
}

fn decoded(string: &str) -> String {
    percent_decode_str(string).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_segment_yields_parameters() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(segment("{id}", "a%20b"), Some(vec![pair("id", "a b")]));
        assert_eq!(segment("{id}.{kind}", "7.json"), Some(vec![pair("id", "7"), pair("kind", "json")]));
        assert_eq!(segment("pets", "pets"), Some(Vec::new()));
        assert_eq!(segment("a b", "a%20b"), Some(Vec::new()));
        assert_eq!(segment("pets", "dogs"), None);
    }
}
