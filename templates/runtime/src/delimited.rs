//! Joins arrays, and arrays within arrays, with the separators of their styles: `a,b|c,d`.

use std::borrow::Cow;

use super::encode;
use super::parameter::{Location, Style};
use super::wire_value::WireValue;

/// Returns the separator of a style as sent in this location: unescaped in headers, escaped in URLs and cookies.
pub(super) fn separator_in(location: Location, style: Style) -> &'static str {
    if location == Location::Header { unescaped_separator(style) } else { encode::separator(style) }
}

/// Returns the separator of a style in text without escapes: a header or a part of a multipart body.
pub(super) fn unescaped_separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        Style::TabDelimited => "\t",
        _ => ",",
    }
}

/// Joins the items of an array with the first separator, the items of the arrays within it with the second separator,
/// and so on. `leaf` returns the encoded text of all other values.
///
/// # Errors
///
/// `leaf` fails, or an item contains the separator of an array that contains the item. The error is a message.
pub(super) fn join<'a>(
    value: &'a WireValue,
    separators: &[&'static str],
    leaf: &impl Fn(&'a WireValue) -> Result<Cow<'a, str>, String>,
) -> Result<Cow<'a, str>, String> {
    let (WireValue::Array(items), Some((separator, inner))) = (value, separators.split_first()) else {
        return leaf(value);
    };
    let mut joined = Vec::with_capacity(items.len());
    for item in items {
        let item = join(item, inner, leaf)?;
        if encode::contains_separator(&item, separator) {
            return Err(encode::separator_error_message(separator));
        }
        joined.push(item);
    }
    Ok(joined.join(*separator).into())
}
