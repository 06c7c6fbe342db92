//! Encodes the values of parameters as text, in the style that the [`ParameterInfo`] describes.
//!
//! The styles are the styles of OpenAPI 3 and the formats of `collectionFormat` in Swagger 2.0. The styles of OpenAPI
//! 3, except for `cookie`, are expansions of RFC 6570. `collectionFormat` also joins arrays within arrays.
//!
//! OpenAPI 3.0.3 contradicts RFC 6570 for an array in `label` style without `explode`. In this case, the RFC and
//! OpenAPI 3.0.4 are followed: `.blue,black`. OpenAPI does not define single values and exploded arrays in the styles
//! `spaceDelimited` and `pipeDelimited`: they are encoded as in `form` style. `deepObject` allows any nesting.
//!
//! An array item that contains the delimiter is an error if escaping the item does not hide the delimiter from the
//! server, because the server would read two items.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::delimited::{self, separator_in};
#[cfg(feature = "forms")]
use super::form;
use super::parameter::{Location, ParameterInfo, Style};
use super::request::RequestError;
use super::wire_value::WireValue;

/// All characters except RFC 3986's unreserved characters.
pub(crate) const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The characters that are escaped if `allowReserved` is set: those that a query cannot contain, plus `&` and `+`,
/// which would change how the query is parsed.
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

/// The characters that are escaped in a path if `allowReserved` is set: the characters that a path cannot contain (RFC
/// 3986, section 3.3). A `/` is not escaped, because parameters with `allowReserved` can span several segments.
const RESERVED_ALLOWED_IN_PATH: &AsciiSet = &RESERVED_ALLOWED.remove(b'&').remove(b'+').add(b'?').add(b'[').add(b']');

/// The characters that a cookie value cannot contain (RFC 6265), plus `%`, so that decoding restores the value.
const COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%').add(b',').add(b';').add(b'\\');

/// A value that the styles of OpenAPI can encode: a scalar, or an array or object of scalars.
enum Shape<'a> {
    Scalar(Cow<'a, str>),
    Array(Vec<Cow<'a, str>>),
    Object(Vec<(&'a str, Cow<'a, str>)>),
}

impl<'a> Shape<'a> {
    fn of(info: &ParameterInfo, value: &'a WireValue) -> Result<Self, RequestError> {
        Ok(match value {
            WireValue::Array(items) => {
                Shape::Array(items.iter().map(|item| scalar(info, item)).collect::<Result<_, _>>()?)
            }
            WireValue::Object(properties) => {
                let properties = properties.iter().map(|(name, value)| Ok((name.as_str(), scalar(info, value)?)));
                Shape::Object(properties.collect::<Result<_, RequestError>>()?)
            }
            value => Shape::Scalar(scalar(info, value)?),
        })
    }
}

fn scalar<'a>(info: &ParameterInfo, value: &'a WireValue) -> Result<Cow<'a, str>, RequestError> {
    scalar_text(value).map_err(|message| error(info, message))
}

/// Returns the text of a scalar, or an error message for other values.
fn scalar_text(value: &WireValue) -> Result<Cow<'_, str>, &'static str> {
    match value {
        WireValue::String(text) | WireValue::Number(text) => Ok(text.into()),
        WireValue::Boolean(boolean) => Ok(if *boolean { "true" } else { "false" }.into()),
        WireValue::Null => Err("is or contains null, which cannot be encoded"),
        WireValue::Array(_) | WireValue::Object(_) => Err("contains nested values, which its style does not support"),
    }
}

/// Returns the error for a value that cannot be encoded.
pub fn error(info: &ParameterInfo, message: &str) -> RequestError {
    RequestError::Parameter { location: info.location, name: info.name.to_owned(), message: message.to_owned() }
}

/// Escapes a string for the location of the parameter. `delimiter` is the character that separates the string from
/// other values, if any.
fn escape<'a>(info: &ParameterInfo, text: &'a str, delimiter: Option<char>) -> Cow<'a, str> {
    match info.location {
        Location::Header => Cow::Borrowed(text),
        Location::Cookie if info.allow_reserved => with_triplets(text, COOKIE).into(),
        Location::Cookie => utf8_percent_encode(text, COOKIE).into(),
        Location::Query if info.allow_reserved => reserved_allowed(text, delimiter),
        Location::Path if info.allow_reserved => {
            without_delimiter(with_triplets(text, RESERVED_ALLOWED_IN_PATH), delimiter).into()
        }
        Location::Path | Location::Query | Location::QueryString => percent_encode(text),
    }
}

/// Percent-encodes everything except unreserved characters.
fn percent_encode(text: &str) -> Cow<'_, str> {
    // Most strings contain only unreserved characters, and checking is faster than encoding.
    if text.bytes().all(is_unreserved) { text.into() } else { utf8_percent_encode(text, STRICT).into() }
}

/// Returns whether a byte is one of RFC 3986's unreserved characters, which are never escaped.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Escapes a value of a parameter with `allowReserved`: preserves reserved characters, except for `#`, `&`, `+` and the
/// delimiter, and preserves percent-encoded triplets such as `%2F`, but no other `%`.
pub(crate) fn reserved_allowed(text: &str, delimiter: Option<char>) -> Cow<'_, str> {
    without_delimiter(with_triplets(text, RESERVED_ALLOWED), delimiter).into()
}

/// Escapes a string, but preserves percent-encoded triplets such as `%20`.
fn with_triplets(text: &str, encoded: &'static AsciiSet) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, part) in text.split('%').enumerate() {
        if index > 0 {
            let triplet = part.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
            escaped.push_str(if triplet { "%" } else { "%25" });
        }
        escaped.extend(utf8_percent_encode(part, encoded));
    }
    escaped
}

/// Escapes the delimiter if it is a comma.
fn without_delimiter(escaped: String, delimiter: Option<char>) -> String {
    if delimiter == Some(',') { escaped.replace(',', "%2C") } else { escaped }
}

/// Joins the items or properties of a value with the separator: `a,b` for an array, `k,v,k,v` for an object, and
/// `k=v,k=v` for an exploded object.
///
/// # Errors
///
/// An item contains the separator.
fn join(info: &ParameterInfo, shape: &Shape, separator: &str, explode: bool) -> Result<String, RequestError> {
    let delimiter = separator.chars().next();
    let escape = |text| escape(info, text, delimiter);
    let item = |text, separators: [&str; 2]| {
        let escaped = escape(text);
        match separators.into_iter().find(|separator| contains_separator(&escaped, separator)) {
            Some(separator) => Err(error(info, &separator_error_message(separator))),
            None => Ok(escaped),
        }
    };
    match shape {
        Shape::Scalar(text) => Ok(escape(text).into_owned()),
        Shape::Array(items) => {
            let items = items.iter().map(|text| item(text, [separator; 2]));
            items.collect::<Result<Vec<_>, _>>().map(|items| items.join(separator))
        }
        Shape::Object(properties) => {
            let between = if explode { "=" } else { separator };
            let properties = properties.iter().map(|(name, value)| {
                Ok([&*item(name, [separator, between])?, between, &*item(value, [separator; 2])?].concat())
            });
            properties.collect::<Result<Vec<_>, _>>().map(|properties| properties.join(separator))
        }
    }
}

/// Returns the escaped separator that a style uses in a query or form, e.g. `%20`.
pub(crate) fn separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        Style::TabDelimited => "%09",
        _ => ",",
    }
}

/// Returns whether an escaped value contains the separator, so that a server would read two values.
pub(crate) fn contains_separator(escaped: &str, separator: &str) -> bool {
    // A value with `allowReserved` may contain percent-encoded triplets with lowercase digits, and a form encodes a
    // space as `+`.
    match separator {
        "%20" => escaped.contains(separator) || escaped.contains('+'),
        "%7C" => escaped.contains(separator) || escaped.contains("%7c"),
        separator => escaped.contains(separator),
    }
}

/// Returns the error message for an item that contains the separator.
pub(crate) fn separator_error_message(separator: &str) -> String {
    let character = match separator {
        "%20" | " " => "a space",
        "%7C" | "|" => "`|`",
        "%09" | "\t" => "a tab",
        "=" => "`=` in a name",
        "." => "`.`",
        _ => "`,`",
    };
    format!("has an item that contains {character}, which the server would read as the end of the item")
}

/// Adds one `name=value` pair for each item or property of a value, as required for `form` style with `explode`.
fn exploded(info: &ParameterInfo, name: &str, shape: &Shape, pairs: &mut Vec<String>) {
    let pair = |name: &str, value: &str| [&*encode_name(info, name), "=", &*escape(info, value, None)].concat();
    match shape {
        Shape::Scalar(text) => pairs.push(pair(name, text)),
        Shape::Array(items) => pairs.extend(items.iter().map(|item| pair(name, item))),
        Shape::Object(properties) => pairs.extend(properties.iter().map(|(name, value)| pair(name, value))),
    }
}

fn encode_name<'a>(info: &ParameterInfo, name: &'a str) -> Cow<'a, str> {
    match info.location {
        Location::Cookie => utf8_percent_encode(name, COOKIE).into(),
        _ => percent_encode(name),
    }
}

fn json(info: &ParameterInfo, value: &WireValue) -> String {
    escape(info, &value.to_json(), None).into_owned()
}

/// Returns the encoded value of a path parameter, which replaces `{name}` in the path.
pub fn path<'a>(info: &ParameterInfo, value: &'a WireValue) -> Result<Cow<'a, str>, RequestError> {
    if info.style == Style::Json {
        return Ok(json(info, value).into());
    }
    if is_nested(info, value) {
        return Ok(nested(info, value)?.into());
    }
    let shape = Shape::of(info, value)?;
    match &shape {
        Shape::Array(items) if items.is_empty() => return Err(error(info, "is an empty array")),
        Shape::Object(properties) if properties.is_empty() => return Err(error(info, "is an empty object")),
        _ => {}
    }
    let text = match (info.style, info.explode) {
        (Style::Label, true) => format!(".{}", join(info, &shape, ".", true)?).into(),
        (Style::Label, false) => format!(".{}", join(info, &shape, ",", false)?).into(),
        (Style::Matrix, explode) => matrix(info, &shape, explode)?.into(),
        (_, explode) => match shape {
            Shape::Scalar(Cow::Borrowed(text)) => escape(info, text, None),
            shape => join(info, &shape, separator(info.style), explode)?.into(),
        },
    };
    // URL libraries remove the segments `.` and `..`, so that the request would go to another path.
    if matches!(&*text, "" | "." | "..") {
        return Err(error(info, "is empty, `.` or `..`, which would change the path"));
    }
    Ok(text)
}

/// Returns a value in `matrix` style: `;name=value`, or `;name` if the value is empty (RFC 6570, section 3.2.7).
fn matrix(info: &ParameterInfo, shape: &Shape, explode: bool) -> Result<String, RequestError> {
    let pair = |name: &str, value: &str| {
        let equals = if value.is_empty() { "" } else { "=" };
        [";", &*encode_name(info, name), equals, value].concat()
    };
    Ok(match shape {
        Shape::Array(items) if explode => items.iter().map(|item| pair(info.name, &escape(info, item, None))).collect(),
        Shape::Object(properties) if explode => {
            properties.iter().map(|(name, value)| pair(name, &escape(info, value, None))).collect()
        }
        shape => pair(info.name, &join(info, shape, ",", false)?),
    })
}

/// Adds the escaped `name=value` pairs of a query parameter. An empty array or object adds no pairs.
pub fn query(info: &ParameterInfo, value: &WireValue, pairs: &mut Vec<String>) -> Result<(), RequestError> {
    let name = encode_name(info, info.name);
    if info.style == Style::Json {
        pairs.push(format!("{name}={}", json(info, value)));
        return Ok(());
    }
    if info.style == Style::DeepObject {
        return deep_object(info, &name, value, pairs);
    }
    if is_nested(info, value) {
        match value.items() {
            [] => {}
            items if info.explode => {
                for item in items {
                    pairs.push(format!("{name}={}", nested_item(info, item, &item_separators(info))?));
                }
            }
            _ => pairs.push(format!("{name}={}", nested(info, value)?)),
        }
        return Ok(());
    }
    let shape = Shape::of(info, value)?;
    let empty = match &shape {
        Shape::Scalar(_) => false,
        Shape::Array(items) => items.is_empty(),
        Shape::Object(properties) => properties.is_empty(),
    };
    if empty {
        return Ok(());
    }
    if info.explode {
        exploded(info, info.name, &shape, pairs);
        return Ok(());
    }
    pairs.push(format!("{name}={}", join(info, &shape, separator(info.style), false)?));
    Ok(())
}

/// Adds one pair in `deepObject` style for each nested value, named according to its path: `color[R]=100`,
/// `color[0]=blue`. OpenAPI defines this style only for the properties of an object, but servers that support it also
/// read indices and deeper paths.
fn deep_object(
    info: &ParameterInfo,
    name: &str,
    value: &WireValue,
    pairs: &mut Vec<String>,
) -> Result<(), RequestError> {
    // The brackets are encoded: RFC 3986 does not allow them in a query, and all servers decode them.
    let inner = |key: &str| format!("{name}%5B{key}%5D");
    match value {
        WireValue::Object(properties) => properties
            .iter()
            .try_for_each(|(key, value)| deep_object(info, &inner(&encode_name(info, key)), value, pairs)),
        WireValue::Array(items) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| deep_object(info, &inner(&index.to_string()), item, pairs))
        }
        value => {
            pairs.push([name, "=", &*escape(info, &scalar(info, value)?, None)].concat());
            Ok(())
        }
    }
}

/// Returns the value of a header parameter; `None` for an empty array or object.
pub fn header(info: &ParameterInfo, value: &WireValue) -> Result<Option<String>, RequestError> {
    let text = if info.style == Style::Json {
        json(info, value)
    } else if is_nested(info, value) {
        if value.items().is_empty() {
            return Ok(None);
        }
        nested(info, value)?
    } else {
        match Shape::of(info, value)? {
            Shape::Array(items) if items.is_empty() => return Ok(None),
            Shape::Object(properties) if properties.is_empty() => return Ok(None),
            shape => join(info, &shape, separator_in(info.location, info.style), info.explode)?,
        }
    };
    // A tab that separates items is valid in a header (RFC 9110, section 5.5).
    let is_tab = |character| {
        character == '\t' && (info.style == Style::TabDelimited || info.item_styles.contains(&Style::TabDelimited))
    };
    if text.chars().any(|character| character.is_control() && !is_tab(character)) {
        return Err(error(info, "contains a line break or another control character"));
    }
    Ok(Some(text))
}

/// Adds the `name=value` pairs of a cookie parameter.
pub fn cookie(info: &ParameterInfo, value: &WireValue, pairs: &mut Vec<String>) -> Result<(), RequestError> {
    if info.style == Style::Cookie { unescaped_cookie(info, value, pairs) } else { query(info, value, pairs) }
}

/// Adds the `name=value` pairs of a cookie parameter in `cookie` style, which does not escape values.
fn unescaped_cookie(info: &ParameterInfo, value: &WireValue, pairs: &mut Vec<String>) -> Result<(), RequestError> {
    let checked = |text: &str| {
        // A cookie value may be in quotation marks (RFC 6265, section 4.1.1).
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        if inner.bytes().all(is_cookie_octet) {
            Ok(())
        } else {
            Err(error(info, "contains a character that a cookie cannot contain; pass the value in escaped form"))
        }
    };
    let mut pair = |name: &str, value: &str| -> Result<(), RequestError> {
        checked(value)?;
        pairs.push(format!("{name}={value}"));
        Ok(())
    };
    match Shape::of(info, value)? {
        Shape::Scalar(text) => pair(info.name, &text),
        Shape::Array(items) if info.explode => items.iter().try_for_each(|item| pair(info.name, item)),
        Shape::Object(properties) if info.explode => {
            properties.iter().try_for_each(|(name, value)| checked(name).and_then(|()| pair(name, value)))
        }
        Shape::Array(items) if items.is_empty() => Ok(()),
        Shape::Array(items) => {
            items.iter().try_for_each(|item| checked(item))?;
            pairs.push(format!("{}={}", info.name, items.join(",")));
            Ok(())
        }
        Shape::Object(properties) if properties.is_empty() => Ok(()),
        Shape::Object(properties) => {
            let texts: Vec<&str> = properties.iter().flat_map(|(name, value)| [*name, value.as_ref()]).collect();
            texts.iter().try_for_each(|text| checked(text))?;
            pairs.push(format!("{}={}", info.name, texts.join(",")));
            Ok(())
        }
    }
}

/// Returns whether a byte can be in a cookie value (RFC 6265, section 4.1.1).
pub(super) fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}

/// Adds the value of a `querystring` parameter, which is the whole query. The media type of the parameter determines
/// the encoding: the fields of a form, JSON, or a string.
pub fn query_string(info: &ParameterInfo, value: &WireValue, pairs: &mut Vec<String>) -> Result<(), RequestError> {
    let query = match info.style {
        Style::Json => json(info, value),
        #[cfg(feature = "forms")]
        Style::Form => form::encode(value, info.fields).map_err(|message| error(info, &message))?,
        _ => escape(info, &scalar(info, value)?, None).into_owned(),
    };
    pairs.extend(Some(query).filter(|query| !query.is_empty()));
    Ok(())
}

/// Returns whether a value is an array whose items may be arrays.
fn is_nested(info: &ParameterInfo, value: &WireValue) -> bool {
    !info.item_styles.is_empty() && matches!(value, WireValue::Array(_))
}

/// Returns the separators of the arrays within an array.
fn item_separators(info: &ParameterInfo) -> Vec<&'static str> {
    info.item_styles.iter().map(|style| separator_in(info.location, *style)).collect()
}

/// Joins an array of arrays. An empty array in a path is an error, because a path segment cannot be empty.
fn nested(info: &ParameterInfo, value: &WireValue) -> Result<String, RequestError> {
    if info.location == Location::Path && value.items().is_empty() {
        return Err(error(info, "is an empty array"));
    }
    let mut separators = vec![separator_in(info.location, info.style)];
    separators.extend(item_separators(info));
    nested_item(info, value, &separators)
}

fn nested_item(info: &ParameterInfo, value: &WireValue, separators: &[&'static str]) -> Result<String, RequestError> {
    let delimiter = separators.contains(&",").then_some(',');
    let leaf = |value| Ok(Cow::Owned(escape(info, &scalar_text(value)?, delimiter).into_owned()));
    delimited::join(value, separators, &leaf).map(Cow::into_owned).map_err(|message| error(info, &message))
}
