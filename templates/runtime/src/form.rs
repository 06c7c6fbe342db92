//! `application/x-www-form-urlencoded`: the members of a value as pairs.
//!
//! In: an object, and what the spec says of some of its members. Out: the pairs, escaped as the WHATWG's URL standard
//! has it. The rules, of a member that the spec says nothing of:
//!
//! - a text, number or boolean is `name=value`; `null` is `name=`, which is how forms empty a field;
//! - an array is a pair for each of its elements, none where it is empty;
//! - an object, in the member itself or as an element, is its JSON text (OpenAPI 3.0.4, "Encoding Object").
//!
//! A style that the spec declares is followed: `form` spreads an object's own members or joins by commas,
//! `spaceDelimited` and `pipeDelimited` join, `deepObject` puts brackets around names and indices, to any depth:
//! `card[number]=42&items[0][price]=7`. What is nested deeper than a style can say is JSON text. A value that contains the
//! delimiter is an error, except for a comma, which is encoded within a value.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::encode;
use super::parameter::Style;
#[cfg(feature = "cli")]
use super::secret_paths::SecretPath;
use super::wire_value::WireValue;

/// Everything but what the URL standard's urlencoded serializer leaves; its spaces become `+`.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_').remove(b' ');

/// What the spec says about a member of an urlencoded form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldInfo {
    /// The name of the member.
    pub name: &'static str,
    /// How arrays and objects are written; `None` where the value goes as JSON text.
    pub style: Option<Style>,
    /// Whether each element of an array or object is a pair of its own.
    pub explode: bool,
    /// Whether reserved characters of a value stay as they are, save those that would end it.
    pub allow_reserved: bool,
}

impl FieldInfo {
    /// A member whose value goes as JSON text.
    pub const fn json(name: &'static str) -> Self {
        Self { name, style: None, explode: false, allow_reserved: false }
    }

    /// A member that is written in a style.
    pub const fn styled(name: &'static str, style: Style, explode: bool) -> Self {
        Self { name, style: Some(style), explode, allow_reserved: false }
    }

    /// Reserved characters of its value stay as they are.
    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }
}

/// The pairs of an object's members.
pub fn encode(value: &WireValue, fields: &[FieldInfo]) -> Result<String, String> {
    let WireValue::Object(members) = value else {
        return Err("a form is made of an object's members, and the value is no object".to_owned());
    };
    let mut pairs = Pairs::default();
    for (name, value) in members {
        let field = fields.iter().find(|field| field.name == name);
        pairs.reserved = field.is_some_and(|field| field.allow_reserved);
        match field {
            None => pairs.plain(name, value),
            Some(field) => pairs.declared(name, value, field)?,
        }
    }
    Ok(pairs.text)
}

/// The pairs as far as they are written.
#[derive(Default)]
struct Pairs {
    text: String,
    /// Whether reserved characters of values stay as they are.
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
            WireValue::Array(items) => items.iter().for_each(|item| self.pair(name, &text(item))),
            value => self.pair(name, &text(value)),
        }
    }

    fn declared(&mut self, name: &str, value: &WireValue, field: &FieldInfo) -> Result<(), String> {
        match (field.style, value) {
            (None, value) => self.pair(name, &value.to_json()),
            (Some(Style::DeepObject), value) => self.deep(&mut name.to_owned(), value),
            (Some(_), WireValue::Object(members)) if field.explode => {
                members.iter().for_each(|(name, value)| self.pair(name, &text(value)));
            }
            (Some(style), WireValue::Object(members)) if !members.is_empty() => {
                let row: Vec<_> = members.iter().flat_map(|(name, value)| [Cow::from(name), text(value)]).collect();
                self.row(name, &row, style)?;
            }
            (Some(style), WireValue::Array(items)) if !field.explode && !items.is_empty() => {
                let row: Vec<_> = items.iter().map(text).collect();
                self.row(name, &row, style)?;
            }
            (Some(_), WireValue::Object(_)) => {}
            (Some(_), value) => self.plain(name, value),
        }
        Ok(())
    }

    fn row(&mut self, name: &str, row: &[Cow<'_, str>], style: Style) -> Result<(), String> {
        let separator = encode::separator(style);
        // A comma within a value is none between two.
        let row: Vec<_> = row.iter().map(|value| self.escape(value).replace(',', "%2C")).collect();
        if row.iter().any(|value| encode::holds_separator(value, separator)) {
            return Err(format!("`{name}` {}", encode::holds_separator_message(separator)));
        }
        self.escaped(name, &row.join(separator));
        Ok(())
    }

    /// Brackets around the name of each member and the index of each element. Values are at most as deep as their types.
    fn deep(&mut self, name: &mut String, value: &WireValue) {
        let length = name.len();
        match value {
            WireValue::Object(members) => {
                for (member, value) in members {
                    name.extend(["[", member, "]"]);
                    self.deep(name, value);
                    name.truncate(length);
                }
            }
            WireValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    // Writing to a text cannot fail.
                    let _ = write!(name, "[{index}]");
                    self.deep(name, item);
                    name.truncate(length);
                }
            }
            value => self.pair(name, &text(value)),
        }
    }
}

/// What stands in a pair for a value; nothing for `null`, JSON for what has no text of its own.
pub(crate) fn text(value: &WireValue) -> Cow<'_, str> {
    match value {
        WireValue::Null => "".into(),
        WireValue::String(text) | WireValue::Number(text) => text.into(),
        WireValue::Boolean(_) | WireValue::Array(_) | WireValue::Object(_) => value.to_json().into(),
    }
}

fn escape(text: &str) -> Cow<'_, str> {
    let escaped: Cow<'_, str> = utf8_percent_encode(text, FORM).into();
    if escaped.contains(' ') { escaped.replace(' ', "+").into() } else { escaped }
}

/// The pairs of a form, decoded.
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

/// The form with its secrets masked, also those in fields that are JSON.
#[cfg(feature = "cli")]
pub(crate) fn masked(form: &str, secrets: &[SecretPath]) -> String {
    let masked = pairs(form).map(|(name, value)| {
        let steps: Vec<&str> = name.split('[').map(|step| step.strip_suffix(']').unwrap_or(step)).collect();
        format!("{}={}", escape(&name), escape(&super::redact::mask_text(&value, &steps, secrets)))
    });
    masked.collect::<Vec<_>>().join("&")
}

/// Whether a form has no percent-encoded character beyond ASCII.
pub fn is_ascii(form: &str) -> bool {
    let is_beyond =
        |encoded: &str| encoded.starts_with(['8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'a', 'b', 'c', 'd', 'e', 'f']);
    !form.split('%').skip(1).any(is_beyond)
}
