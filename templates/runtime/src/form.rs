//! Encodes the properties of an object as `application/x-www-form-urlencoded`.
//!
//! Pairs are escaped as in the WHATWG URL Standard. By default, properties are encoded as follows:
//!
//! - A string, number or boolean is encoded as `name=value`; `null` is encoded as `name=`, which most servers read as
//!   an empty field.
//! - An array is encoded as one pair for each item; an empty array adds no pair.
//! - An object, as a property or as an item, is encoded as JSON (OpenAPI 3.0.4, "Encoding Object").
//!
//! A style that the spec declares takes precedence: `form` expands the properties of an object or joins values with
//! commas; `spaceDelimited`, `pipeDelimited` and [`TabDelimited`](Style::TabDelimited) join values with spaces, `|` and
//! tabs; and `deepObject` writes names and indices in brackets, to any depth: `card[number]=42&items[0][price]=7`.
//! Values that are nested deeper than the style supports are encoded as JSON. A value that contains the delimiter of
//! its style is an error, unless the delimiter is a comma, which is percent-encoded.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::body::Body;
use super::call::Call;
use super::charset;
use super::content::BodyKind;
use super::delimited;
use super::encode;
use super::parameter::Style;
use super::request::RequestError;
#[cfg(feature = "cli")]
use super::secret_paths::SecretPath;
use super::wire_value::{WireValue, text_of};

/// The characters that the URL Standard's urlencoded serializer percent-encodes. Spaces are replaced with `+`
/// afterwards.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_').remove(b' ');

/// The description of a property of a URL-encoded form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldInfo {
    /// The name of the property.
    pub name: &'static str,
    /// The style of arrays and objects; `None` if the value is sent as JSON.
    pub style: Option<Style>,
    /// Whether each item or property of the value is a separate pair.
    pub explode: bool,
    /// The styles of the arrays within an array, from the outermost to the innermost. Empty if the items are not
    /// arrays. Only Swagger 2.0 defines these styles.
    pub item_styles: &'static [Style],
    /// Whether reserved characters are sent without escaping, except for characters that would end the value, such as
    /// `&`.
    pub allow_reserved: bool,
}

impl FieldInfo {
    /// Creates the description of a property that is sent as JSON.
    #[doc(hidden)]
    pub const fn json(name: &'static str) -> Self {
        Self { name, style: None, explode: false, item_styles: &[], allow_reserved: false }
    }

    /// Creates the description of a property that is encoded in a style.
    #[doc(hidden)]
    pub const fn styled(name: &'static str, style: Style, explode: bool) -> Self {
        Self { name, style: Some(style), explode, item_styles: &[], allow_reserved: false }
    }

    /// Sets the styles of the arrays within an array, from the outermost to the innermost. With the style
    /// `PipeDelimited` and the item style `Form`, `[["a", "b"], ["c", "d"]]` is joined as `a,b|c,d`.
    #[doc(hidden)]
    pub const fn item_styles(mut self, styles: &'static [Style]) -> Self {
        self.item_styles = styles;
        self
    }

    /// Sends reserved characters of the value without escaping.
    #[doc(hidden)]
    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }
}

impl Call {
    /// Sets the body to the properties of a value, as `application/x-www-form-urlencoded`.
    pub fn form<T: Serialize + ?Sized>(&mut self, value: &T) {
        let value = WireValue::of(value).map_err(|error| error.to_string());
        let form = value.and_then(|value| Ok((encode(&value, self.info().fields)?, value)));
        match form {
            Ok((form, value)) => {
                let json = Some(Body::bytes(value.to_json()));
                let (content_type, kind) = ("application/x-www-form-urlencoded", BodyKind::Form);
                self.content_mut().set(Body::bytes(form), content_type, kind, json);
            }
            Err(error) => self.fail(RequestError::Body(error)),
        }
    }
}

/// Encodes the properties of an object as a form. Fails if the value is not an object, or if a property cannot be
/// encoded in its style.
pub fn encode(value: &WireValue, fields: &[FieldInfo]) -> Result<String, String> {
    let WireValue::Object(properties) = value else {
        return Err("a form requires an object, but the value is not an object".to_owned());
    };
    let mut pairs = Pairs::default();
    for (name, value) in properties {
        let field = fields.iter().find(|field| field.name == name);
        pairs.reserved = field.is_some_and(|field| field.allow_reserved);
        match field {
            None => pairs.plain(name, value),
            Some(field) => pairs.declared(name, value, field)?,
        }
    }
    Ok(pairs.text)
}

/// The pairs of a form that were encoded so far.
#[derive(Default)]
struct Pairs {
    text: String,
    /// Whether reserved characters of values are sent without escaping.
    reserved: bool,
}

impl Pairs {
    fn pair(&mut self, name: &str, value: &str) {
        let value = self.escape(value);
        self.escaped(name, &value);
    }

    fn escaped(&mut self, name: &str, value: &str) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(&escape(name));
        self.text.push('=');
        self.text.push_str(value);
    }

    fn escape<'a>(&self, value: &'a str) -> Cow<'a, str> {
        if self.reserved { encode::reserved_allowed(value, None) } else { escape(value) }
    }

    fn plain(&mut self, name: &str, value: &WireValue) {
        match value {
            WireValue::Array(items) => items.iter().for_each(|item| self.pair(name, &text_of(item))),
            value => self.pair(name, &text_of(value)),
        }
    }

    fn declared(&mut self, name: &str, value: &WireValue, field: &FieldInfo) -> Result<(), String> {
        match (field.style, value) {
            (None, value) => self.pair(name, &value.to_json()),
            (Some(Style::DeepObject), value) => self.deep_object(&mut name.to_owned(), value),
            (Some(style), WireValue::Array(items)) if !field.item_styles.is_empty() => {
                let inner: Vec<&'static str> = field.item_styles.iter().map(|it| encode::separator(*it)).collect();
                if field.explode {
                    return items.iter().try_for_each(|item| self.nested(name, item, &inner));
                }
                if !items.is_empty() {
                    self.nested(name, value, &[&[encode::separator(style)], &*inner].concat())?;
                }
            }
            (Some(_), WireValue::Object(properties)) if field.explode => {
                properties.iter().for_each(|(name, value)| self.pair(name, &text_of(value)));
            }
            (Some(style), WireValue::Object(properties)) if !properties.is_empty() => {
                let row: Vec<_> =
                    properties.iter().flat_map(|(name, value)| [Cow::from(name), text_of(value)]).collect();
                self.row(name, &row, style)?;
            }
            (Some(style), WireValue::Array(items)) if !field.explode && !items.is_empty() => {
                let row: Vec<_> = items.iter().map(text_of).collect();
                self.row(name, &row, style)?;
            }
            (Some(_), WireValue::Object(_)) => {}
            (Some(_), value) => self.plain(name, value),
        }
        Ok(())
    }

    fn row(&mut self, name: &str, row: &[Cow<'_, str>], style: Style) -> Result<(), String> {
        let separator = encode::separator(style);
        // Commas within a value are percent-encoded, so they cannot be confused with separators.
        let row: Vec<_> = row.iter().map(|value| self.escape(value).replace(',', "%2C")).collect();
        if row.iter().any(|value| encode::contains_separator(value, separator)) {
            return Err(format!("`{name}` {}", encode::separator_error_message(separator)));
        }
        self.escaped(name, &row.join(separator));
        Ok(())
    }

    /// Adds a pair for an array whose items may be arrays.
    fn nested(&mut self, name: &str, value: &WireValue, separators: &[&'static str]) -> Result<(), String> {
        let leaf = |value| Ok(Cow::Owned(self.escape(&text_of(value)).replace(',', "%2C")));
        let joined = delimited::join(value, separators, &leaf).map_err(|message| format!("`{name}` {message}"))?;
        self.escaped(name, &joined);
        Ok(())
    }

    /// Adds one pair for each nested value, e.g. `items[0][price]=7`. The nesting of the Rust type limits the
    /// recursion.
    fn deep_object(&mut self, name: &mut String, value: &WireValue) {
        let length = name.len();
        match value {
            WireValue::Object(properties) => {
                for (property, value) in properties {
                    name.extend(["[", property, "]"]);
                    self.deep_object(name, value);
                    name.truncate(length);
                }
            }
            WireValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    // Writing to a string cannot fail.
                    let _ = write!(name, "[{index}]");
                    self.deep_object(name, item);
                    name.truncate(length);
                }
            }
            value => self.pair(name, &text_of(value)),
        }
    }
}

fn escape(text: &str) -> Cow<'_, str> {
    let escaped: Cow<'_, str> = utf8_percent_encode(text, FORM).into();
    if escaped.contains(' ') { escaped.replace(' ', "+").into() } else { escaped }
}

/// Decodes the names and values of a form.
#[cfg(any(feature = "cli", feature = "mock"))]
pub(crate) fn pairs(form: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    form.split('&').filter(|pair| !pair.is_empty()).map(move |pair| match pair.split_once('=') {
        Some((name, value)) => (decoded(name), decoded(value)),
        None => (decoded(pair), String::new()),
    })
}

/// Masks the secrets in an encoded form, including secrets in JSON values.
#[cfg(feature = "cli")]
pub(crate) fn masked(form: &str, secrets: &[SecretPath]) -> String {
    let masked = pairs(form).map(|(name, value)| {
        let steps: Vec<&str> = name.split('[').map(|step| step.strip_suffix(']').unwrap_or(step)).collect();
        format!("{}={}", escape(&name), escape(&super::redact::mask_text(&value, &steps, secrets)))
    });
    masked.collect::<Vec<_>>().join("&")
}

/// Encodes a form in the charset of its media type.
pub fn in_charset<'a>(form: &'a str, media_type: &str) -> Result<Cow<'a, [u8]>, String> {
    // Percent-encoded characters beyond ASCII are UTF-8 (WHATWG's URL Standard, "urlencoded serializing").
    if is_ascii(form) {
        return charset::encode(form, media_type);
    }
    let charset = charset::named(media_type).unwrap_or_default();
    Err(format!("the charset `{charset}` is not supported for a form with non-ASCII characters: use UTF-8"))
}

/// Returns whether the text of an encoded form is ASCII, i.e. whether the form has no percent-encoded bytes above 127.
fn is_ascii(form: &str) -> bool {
    let is_non_ascii =
        |encoded: &str| encoded.starts_with(['8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'a', 'b', 'c', 'd', 'e', 'f']);
    !form.split('%').skip(1).any(is_non_ascii)
}
