//! Parameters of a recorded request: read by their style, compared with what was given, value by value.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::Case;
use crate::document::Parameter;
use crate::program::is_exploded_object;
use crate::proxy::Sent;

pub(super) fn judge(case: Case<'_>, sent: &Sent, wrong: &mut Vec<String>) {
    let Some(path) = path(&case.operation.path, sent) else {
        return wrong.push(format!("the path is {}", sent.target));
    };
    for (position, parameter) in case.operation.parameters.iter().enumerate() {
        let given = case.call.arguments.iter().find(|argument| argument.parameter == position);
        let given = given.map(|argument| &argument.value);
        let found = match parameter.location.as_str() {
            "path" => path.iter().filter(|(name, _)| *name == parameter.name).cloned().collect(),
            "query" => query(sent),
            "header" => headers(sent),
            _ => cookies(sent),
        };
        let expected = given.map(|value| expected(case, parameter, value)).unwrap_or_default();
        for (name, values) in &expected {
            let found: Vec<&str> = of(&found, parameter, name);
            // Of nothing, some send a name, and some send none.
            let is_nothing =
                found.is_empty() && values.iter().all(String::is_empty) && !given.is_some_and(Value::is_string);
            if !is_nothing
                && found != values.iter().map(String::as_str).collect::<Vec<_>>()
                && !same_numbers(&found, values)
            {
                let place = &parameter.location;
                wrong.push(format!("the {place} parameter `{name}` is {found:?} where {values:?} was given"));
            }
        }
        let is_sent = !of(&found, parameter, &parameter.name).is_empty();
        if given.is_none() && is_sent && !parameter.client_value {
            wrong.push(format!("the {} parameter `{}` was not given", parameter.location, parameter.name));
        }
        if given.is_none() && !is_sent && parameter.required && !is_exploded_object(case.document, parameter) {
            wrong.push(format!("the required {} parameter `{}` is missing", parameter.location, parameter.name));
        }
    }
}

/// The values under a name. Names of headers have no case.
fn of<'a>(found: &'a [(String, String)], parameter: &Parameter, name: &str) -> Vec<&'a str> {
    let is_it = |known: &str| {
        if parameter.location == "header" { known.eq_ignore_ascii_case(name) } else { known == name }
    };
    found.iter().filter(|(known, _)| is_it(known)).map(|(_, value)| value.as_str()).collect()
}

/// `1.50` says what `1.5` does.
fn same_numbers(found: &[&str], expected: &[String]) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(found, expected)| number(found).is_some() && number(found) == number(expected))
}

/// The pairs that a value is on the wire, decoded: names, each with its values in order.
fn expected(case: Case<'_>, parameter: &Parameter, value: &Value) -> Vec<(String, Vec<String>)> {
    let name = parameter.name.clone();
    if parameter.described_by_content {
        let written = if parameter.json { value.to_string() } else { text(value) };
        return vec![(name, vec![written])];
    }
    let explode = parameter.explode || is_exploded_object(case.document, parameter);
    styled(&name, &parameter.style, explode, value)
}

/// The pairs of a value in a style.
pub(super) fn styled(name: &str, style: &str, explode: bool, value: &Value) -> Vec<(String, Vec<String>)> {
    let name = name.to_owned();
    match (style, value) {
        ("form", Value::Object(members)) if explode => {
            members.iter().map(|(name, value)| (name.clone(), texts(value))).collect()
        }
        ("form" | "spaceDelimited" | "pipeDelimited", Value::Array(_)) if explode => vec![(name, texts(value))],
        ("deepObject", Value::Object(_)) => {
            let mut pairs = Vec::new();
            deep(&name, value, &mut pairs);
            pairs
        }
        (style, value) => {
            let joined = match (style, explode) {
                ("spaceDelimited", _) => list(value, false, " "),
                ("pipeDelimited", _) => list(value, false, "|"),
                ("label", true) => format!(".{}", list(value, true, ".")),
                ("label", false) => format!(".{}", list(value, false, ",")),
                ("matrix", true) => matrix(&name, value),
                ("matrix", false) => format!(";{name}={}", list(value, false, ",")),
                (_, explode) => list(value, explode, ","),
            };
            vec![(name, vec![joined])]
        }
    }
}

/// `color[R]=100`, and the same within.
fn deep(name: &str, value: &Value, pairs: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(member, value)| deep(&format!("{name}[{member}]"), value, pairs));
        }
        value => pairs.push((name.to_owned(), texts(value))),
    }
}

/// `;color=blue;color=black`, `;R=100;G=200`
fn matrix(name: &str, value: &Value) -> String {
    match value {
        Value::Object(_) => format!(";{}", list(value, true, ";")),
        value => texts(value).iter().map(|text| format!(";{name}={text}")).collect(),
    }
}

/// `blue,black`, `R,100,G,200`, or with `explode` `R=100,G=200`.
fn list(value: &Value, explode: bool, delimiter: &str) -> String {
    match value {
        Value::Object(members) => {
            let equals = if explode { "=" } else { delimiter };
            let pairs = members.iter().map(|(name, value)| format!("{name}{equals}{}", text(value)));
            pairs.collect::<Vec<_>>().join(delimiter)
        }
        value => texts(value).join(delimiter),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => vec![text(value)],
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The values in the path, if it is of that template.
fn path(template: &str, sent: &Sent) -> Option<Vec<(String, String)>> {
    let path = sent.target.split('?').next()?;
    // What a template says of the query or a fragment is not of the path.
    let template = template.split(['?', '#']).next()?;
    let (expected, found): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    if expected.len() != found.len() {
        return None;
    }
    let mut values = Vec::new();
    for (expected, found) in expected.iter().zip(found) {
        values.extend(segment(expected, found)?);
    }
    Some(values)
}

/// The values in one segment: texts that must be there, and between them names in braces.
fn segment(template: &str, found: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let (mut template, mut found) = (template, found);
    while let Some((before, rest)) = template.split_once('{') {
        found = found.strip_prefix(before).or_else(|| found.strip_prefix(&*encoded(before)))?;
        let (name, rest) = rest.split_once('}')?;
        let next = rest.split('{').next().unwrap_or_default();
        let end = if next.is_empty() { found.len() } else { found.find(next)? };
        let (value, after) = found.split_at_checked(end)?;
        values.push((name.to_owned(), decoded(value)));
        (template, found) = (rest, after);
    }
    (decoded(found) == decoded(template)).then_some(values)
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The pairs of the query.
pub(super) fn query(sent: &Sent) -> Vec<(String, String)> {
    pairs(sent.target.split_once('?').map_or("", |(_, query)| query))
}

/// The pairs of a query or of an urlencoded form.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    // A plus is a space to every server that reads queries as forms.
    let plain = |text: &str| decoded(&text.replace('+', "%20"));
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

pub(super) fn cookies(sent: &Sent) -> Vec<(String, String)> {
    let cookies = sent.header("cookie").unwrap_or_default().split("; ").filter(|pair| !pair.is_empty());
    cookies.filter_map(|pair| pair.split_once('=')).map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

fn headers(sent: &Sent) -> Vec<(String, String)> {
    sent.headers.clone()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_hold_values() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(segment("{id}", "a%20b"), Some(vec![pair("id", "a b")]));
        assert_eq!(segment("{id}.{kind}", "7.json"), Some(vec![pair("id", "7"), pair("kind", "json")]));
        assert_eq!(segment("pets", "pets"), Some(Vec::new()));
        assert_eq!(segment("a b", "a%20b"), Some(Vec::new()));
        assert_eq!(segment("pets", "dogs"), None);
    }
}
