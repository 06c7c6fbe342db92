//! One encoder for all parameters: a value and a description in, its text on the wire out.
//!
//! The styles are OpenAPI 3.0's, which are RFC 6570's expansions; where the table of 3.0.3 disagrees with the RFC
//! (an array in `label` style that is not exploded), the RFC and OpenAPI 3.0.4 are followed: `.blue,black`. What the table
//! leaves undefined: a single value is written as by `form`, exploded lists of `spaceDelimited` and `pipeDelimited` too,
//! and `deepObject` goes as deep as the value does.
//!
//! An item of a list that holds the character between items is an error, unless escaping tells the two apart: the server
//! would read it as two items.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::parameter::{Location, ParameterInfo, Style};
use super::request::RequestError;
use super::wire_value::WireValue;

/// Everything but RFC 3986's unreserved characters.
pub(crate) const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a query may not hold as it is, plus `&` and `+`, which would change how it is read.
const RESERVED_ALLOWED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What a cookie value may not hold as it is (RFC 6265), plus `%`, so that decoding gives the value back.
const COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%').add(b',').add(b';').add(b'\\');

/// A value as far as a style can write it.
enum Shape<'a> {
    Scalar(Cow<'a, str>),
    List(Vec<Cow<'a, str>>),
    Members(Vec<(&'a str, Cow<'a, str>)>),
}

impl<'a> Shape<'a> {
    fn of(info: &ParameterInfo, value: &'a WireValue) -> Result<Self, RequestError> {
        Ok(match value {
            WireValue::Array(items) => {
                Shape::List(items.iter().map(|item| scalar(info, item)).collect::<Result<_, _>>()?)
            }
            WireValue::Object(members) => {
                let members = members.iter().map(|(name, value)| Ok((name.as_str(), scalar(info, value)?)));
                Shape::Members(members.collect::<Result<_, RequestError>>()?)
            }
            value => Shape::Scalar(scalar(info, value)?),
        })
    }
}

fn scalar<'a>(info: &ParameterInfo, value: &'a WireValue) -> Result<Cow<'a, str>, RequestError> {
    match value {
        WireValue::String(text) | WireValue::Number(text) => Ok(text.into()),
        WireValue::Boolean(boolean) => Ok(if *boolean { "true" } else { "false" }.into()),
        WireValue::Null => Err(refused(info, "is null or holds null, which has no text")),
        WireValue::Array(_) | WireValue::Object(_) => Err(refused(info, "is nested too deep for its style")),
    }
}

fn refused(info: &ParameterInfo, message: &str) -> RequestError {
    RequestError::Parameter { location: info.location, name: info.name.to_owned(), message: message.to_owned() }
}

/// The escaping of one text; `delimiter` is the character that separates values around it.
fn escape<'a>(info: &ParameterInfo, text: &'a str, delimiter: Option<char>) -> Cow<'a, str> {
    match info.location {
        Location::Header => Cow::Borrowed(text),
        Location::Cookie => utf8_percent_encode(text, COOKIE).into(),
        Location::Query if info.allow_reserved => reserved_allowed(text, delimiter),
        Location::Path | Location::Query => strict(text),
    }
}

/// Encodes everything but unreserved characters.
fn strict(text: &str) -> Cow<'_, str> {
    // Most texts hold nothing else, and that is seen faster than they are encoded.
    if text.bytes().all(is_unreserved) { text.into() } else { utf8_percent_encode(text, STRICT).into() }
}

/// Whether this is one of RFC 3986's unreserved characters, which stand for themselves everywhere in a URL.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Keeps reserved characters and what is percent-encoded already; a lone `%` and the delimiter are encoded.
pub(crate) fn reserved_allowed(text: &str, delimiter: Option<char>) -> Cow<'_, str> {
    let mut escaped = String::with_capacity(text.len());
    for (index, part) in text.split('%').enumerate() {
        if index > 0 {
            let triplet = part.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
            escaped.push_str(if triplet { "%" } else { "%25" });
        }
        escaped.extend(utf8_percent_encode(part, RESERVED_ALLOWED));
    }
    match delimiter {
        Some(',') => escaped.replace(',', "%2C").into(),
        _ => escaped.into(),
    }
}

/// Members or values in a row: `a,b`, `k,v,k,v` or, exploded, `k=v,k=v`.
///
/// # Errors
///
/// One of several items contains the separator.
fn row(info: &ParameterInfo, shape: &Shape, separator: &str, explode: bool) -> Result<String, RequestError> {
    let delimiter = separator.chars().next();
    let escape = |text| escape(info, text, delimiter);
    let item = |text, separators: [&str; 2]| {
        let escaped = escape(text);
        match separators.into_iter().find(|separator| holds_separator(&escaped, separator)) {
            Some(separator) => Err(refused(info, &holds_separator_message(separator))),
            None => Ok(escaped),
        }
    };
    match shape {
        Shape::Scalar(text) => Ok(escape(text).into_owned()),
        Shape::List(items) => {
            let items = items.iter().map(|text| item(text, [separator; 2]));
            items.collect::<Result<Vec<_>, _>>().map(|items| items.join(separator))
        }
        Shape::Members(members) => {
            let between = if explode { "=" } else { separator };
            let members = members.iter().map(|(name, value)| {
                Ok([&*item(name, [separator, between])?, between, &*item(value, [separator; 2])?].concat())
            });
            members.collect::<Result<Vec<_>, _>>().map(|members| members.join(separator))
        }
    }
}

/// What a style writes between the values of a row in a query or a form.
pub(crate) fn separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    }
}

/// Whether a server would take a part of an escaped text for the separator.
pub(crate) fn holds_separator(escaped: &str, separator: &str) -> bool {
    // Of encoded characters, a caller may have written the digits in either case; a form encodes a space as `+` too.
    match separator {
        "%20" => escaped.contains(separator) || escaped.contains('+'),
        "%7C" => escaped.contains(separator) || escaped.contains("%7c"),
        separator => escaped.contains(separator),
    }
}

/// The error message for an item that contains the separator.
pub(crate) fn holds_separator_message(separator: &str) -> String {
    let character = match separator {
        "%20" => "a space",
        "%7C" => "`|`",
        "=" => "`=` in a name",
        "." => "`.`",
        _ => "`,`",
    };
    format!("is a list with an item that holds {character}, which the server would read as the end of the item")
}

/// One `name=value` for each value or member; what `form` does when it explodes.
fn exploded(info: &ParameterInfo, name: &str, shape: &Shape, pairs: &mut Vec<String>) {
    let pair = |name: &str, value: &str| [&*encode_name(info, name), "=", &*escape(info, value, None)].concat();
    match shape {
        Shape::Scalar(text) => pairs.push(pair(name, text)),
        Shape::List(items) => pairs.extend(items.iter().map(|item| pair(name, item))),
        Shape::Members(members) => pairs.extend(members.iter().map(|(name, value)| pair(name, value))),
    }
}

fn encode_name<'a>(info: &ParameterInfo, name: &'a str) -> Cow<'a, str> {
    match info.location {
        Location::Cookie => utf8_percent_encode(name, COOKIE).into(),
        _ => strict(name),
    }
}

fn json(info: &ParameterInfo, value: &WireValue) -> String {
    escape(info, &value.to_json(), None).into_owned()
}

/// The text that takes the place of `{name}` in a path.
pub fn path<'a>(info: &ParameterInfo, value: &'a WireValue) -> Result<Cow<'a, str>, RequestError> {
    if info.style == Style::Json {
        return Ok(json(info, value).into());
    }
    let shape = Shape::of(info, value)?;
    match &shape {
        Shape::List(items) if items.is_empty() => return Err(refused(info, "is an empty list")),
        Shape::Members(members) if members.is_empty() => return Err(refused(info, "is an empty object")),
        _ => {}
    }
    let text = match (info.style, info.explode) {
        (Style::Label, true) => format!(".{}", row(info, &shape, ".", true)?).into(),
        (Style::Label, false) => format!(".{}", row(info, &shape, ",", false)?).into(),
        (Style::Matrix, explode) => matrix(info, &shape, explode)?.into(),
        (_, explode) => match shape {
            Shape::Scalar(Cow::Borrowed(text)) => escape(info, text, None),
            shape => row(info, &shape, ",", explode)?.into(),
        },
    };
    // A URL library would fold such a segment away, and the request would go elsewhere.
    if matches!(&*text, "" | "." | "..") {
        return Err(refused(info, "is empty, `.` or `..`, which would change the path"));
    }
    Ok(text)
}

/// `;name=value`, and `;name` where the value is empty (RFC 6570, section 3.2.7).
fn matrix(info: &ParameterInfo, shape: &Shape, explode: bool) -> Result<String, RequestError> {
    let pair = |name: &str, value: &str| {
        let equals = if value.is_empty() { "" } else { "=" };
        [";", &*encode_name(info, name), equals, value].concat()
    };
    Ok(match shape {
        Shape::List(items) if explode => items.iter().map(|item| pair(info.name, &escape(info, item, None))).collect(),
        Shape::Members(members) if explode => {
            members.iter().map(|(name, value)| pair(name, &escape(info, value, None))).collect()
        }
        shape => pair(info.name, &row(info, shape, ",", false)?),
    })
}

/// Adds the `name=value` pairs of a query parameter, escaped; an empty list or object has none.
pub fn query(info: &ParameterInfo, value: &WireValue, pairs: &mut Vec<String>) -> Result<(), RequestError> {
    let name = encode_name(info, info.name);
    if info.style == Style::Json {
        pairs.push(format!("{name}={}", json(info, value)));
        return Ok(());
    }
    if info.style == Style::DeepObject {
        return deep(info, &name, value, pairs);
    }
    let shape = Shape::of(info, value)?;
    let empty = match &shape {
        Shape::Scalar(_) => false,
        Shape::List(items) => items.is_empty(),
        Shape::Members(members) => members.is_empty(),
    };
    if empty {
        return Ok(());
    }
    if info.explode {
        exploded(info, info.name, &shape, pairs);
        return Ok(());
    }
    pairs.push(format!("{name}={}", row(info, &shape, separator(info.style), false)?));
    Ok(())
}

/// One pair for each value within a value, under the names and positions that lead to it: `color[R]=100`, `color[0]=blue`.
/// OpenAPI says this of the members of an object alone; the rest is what servers read that know brackets at all.
fn deep(info: &ParameterInfo, name: &str, value: &WireValue, pairs: &mut Vec<String>) -> Result<(), RequestError> {
    // The brackets are encoded: RFC 3986 does not allow them in a query, and every server decodes them.
    let inner = |key: &str| format!("{name}%5B{key}%5D");
    match value {
        WireValue::Object(members) => {
            members.iter().try_for_each(|(key, value)| deep(info, &inner(&encode_name(info, key)), value, pairs))
        }
        WireValue::Array(items) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| deep(info, &inner(&index.to_string()), item, pairs))
        }
        value => {
            pairs.push([name, "=", &*escape(info, &scalar(info, value)?, None)].concat());
            Ok(())
        }
    }
}

/// The text of a header; an empty list or object has none.
pub fn header(info: &ParameterInfo, value: &WireValue) -> Result<Option<String>, RequestError> {
    let text = if info.style == Style::Json {
        json(info, value)
    } else {
        match Shape::of(info, value)? {
            Shape::List(items) if items.is_empty() => return Ok(None),
            Shape::Members(members) if members.is_empty() => return Ok(None),
            shape => row(info, &shape, ",", info.explode)?,
        }
    };
    if text.chars().any(char::is_control) {
        return Err(refused(info, "holds a line break or another control character"));
    }
    Ok(Some(text))
}

/// Adds the `name=value` pairs of a cookie parameter.
pub fn cookie(info: &ParameterInfo, value: &WireValue, pairs: &mut Vec<String>) -> Result<(), RequestError> {
    query(info, value, pairs)
}
