//! Excerpts of bodies for error messages: at most 512 bytes on one line, with secrets masked.

use std::borrow::Cow;

use super::charset;
use super::escaped;
use super::masked_json;
use super::secret_paths::{SecretPath, is_within_secret, names};

/// The maximum length of an excerpt in bytes.
pub const SHOWN: usize = 512;

/// The maximum number of bytes inspected, so that errors are cheap even for large bodies. A longer body is truncated,
/// so it is not valid JSON and secrets are masked by scanning.
const LOOKED_AT: usize = 64 * 1024;

/// The quotes around names and strings.
const QUOTES: [char; 2] = ['"', '\''];

/// The replacement of a secret.
pub(super) const MASK: &str = "***";

/// Returns an excerpt of a body: secrets at these paths and known secrets are masked, and it is truncated and escaped.
pub fn body(body: &[u8], content_type: &str, paths: &[SecretPath], secrets: &[&str]) -> String {
    let head = body.get(..LOOKED_AT).unwrap_or(body);
    let Some(text) = text(head, content_type) else {
        let content_type = if content_type.is_empty() { "binary data" } else { content_type };
        return format!("<{} bytes of {}>", body.len(), line(content_type));
    };
    let text = text.trim();
    let text = masked_json::compact(text).map_or(Cow::Borrowed(text), Cow::Owned);
    cut(&line(&mask_secrets(mask_text(&text, &[], paths), secrets)), SHOWN)
}

/// Masks the secrets at these paths in a text at the path `at`. Paths are resolved in valid JSON; in any other text,
/// properties with the names of the secrets are masked.
pub fn mask_text(text: &str, at: &[&str], paths: &[SecretPath]) -> String {
    if text.is_empty() || paths.is_empty() {
        return text.to_owned();
    }
    if is_within_secret(paths, at, text.starts_with(['{', '['])) {
        return MASK.to_owned();
    }
    match (masked_json::masked(text, at, paths), names(paths)) {
        (Some(masked), _) => masked,
        (None, Some(names)) => mask_named(text, &names),
        (None, None) => MASK.to_owned(),
    }
}

/// Decodes a body in the charset of its media type; `None` if it is not text. A truncated character at the end is
/// accepted, as is invalid UTF-8 if the media type says that the body is text.
fn text<'a>(body: &'a [u8], content_type: &str) -> Option<Cow<'a, str>> {
    if charset::named(content_type).is_some()
        && let Ok(text) = charset::decode(body, content_type)
    {
        return Some(text);
    }
    let says_text = ["text", "json", "xml"].iter().any(|kind| content_type.contains(kind));
    match std::str::from_utf8(body) {
        Err(error) if error.error_len().is_some() && !says_text => None,
        _ => Some(String::from_utf8_lossy(body)),
    }
}

/// Masks the value after each quoted name of a secret and a colon, in any text: truncated or malformed JSON, or JSON
/// within a JSON string.
pub fn mask_named(text: &str, names: &[&str]) -> String {
    let mut masked = String::with_capacity(text.len());
    let (mut at, mut from) = (0, 0);
    while let Some((start, end)) = next_value(text, from, names) {
        masked.push_str(text.get(at..start).unwrap_or_default());
        let opener = opener(text.get(start..end).unwrap_or_default());
        masked.extend([opener, MASK, opener]);
        at = end;
        // If a closing quote is missing, the value seems to end at the opening quote of the next name.
        from = if text.get(..end).is_some_and(|text| text.ends_with(QUOTES)) { end - 1 } else { end };
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}

/// Returns the opening quote of a value, with the backslashes before it.
fn opener(value: &str) -> &str {
    let unescaped = value.trim_start_matches('\\');
    let end = value.len() - unescaped.len() + 1;
    value.get(..end).filter(|_| unescaped.starts_with(QUOTES)).unwrap_or_default()
}

/// Returns the start and end of the first value after `from` of a property with one of these names.
fn next_value(text: &str, from: usize, names: &[&str]) -> Option<(usize, usize)> {
    text.get(from..)?.match_indices(QUOTES).find_map(|(offset, quote)| {
        let name_start = from + offset + quote.len();
        let start = names.iter().find_map(|name| value_start(text, name_start, quote, name))?;
        Some((start, value_end(text, start)))
    })
}

/// Returns the start of the value if this name with its quote and a colon is here. The quote may be escaped any number
/// of times.
fn value_start(text: &str, name_start: usize, quote: &str, name: &str) -> Option<usize> {
    let (found, after) = text.get(name_start..)?.split_at_checked(name.len())?;
    if !found.eq_ignore_ascii_case(name) {
        return None;
    }
    let after = after.trim_start_matches('\\').strip_prefix(quote)?;
    let value = after.trim_start().strip_prefix(':')?.trim_start();
    Some(text.len() - value.len())
}

/// Returns the end of a value. An unterminated value is masked to the end of the text.
pub(super) fn value_end(text: &str, start: usize) -> usize {
    let value = text.get(start..).unwrap_or_default();
    let unquoted = value.trim_start_matches('\\');
    let escape = value.len() - unquoted.len();
    let length = match unquoted.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted_length(unquoted, quote, escape).map(|length| escape + length),
        Some('{' | '[') => nested_length(value),
        _ => value.find([',', '}', ']', '\n', '"', '\'']).or(Some(value.len())),
    };
    start + length.unwrap_or(value.len())
}

/// Returns the length of a quoted string whose quotes have `escape` backslashes before them: 1 for JSON within a JSON
/// string, 3 for JSON within that. A quote inside the string has more; backslashes inside the string come
/// `2 * (escape + 1)` at a time.
fn quoted_length(text: &str, quote: char, escape: usize) -> Option<usize> {
    let mut backslashes = 0usize;
    for (index, c) in text.char_indices().skip(1) {
        if c == '\\' {
            backslashes += 1;
            continue;
        }
        let own = backslashes.saturating_sub(escape);
        if c == quote && own.is_multiple_of(2 * (escape + 1)) {
            return Some(index + c.len_utf8());
        }
        backslashes = 0;
    }
    None
}

/// Returns the length of an object or array. Brackets within strings are ignored. In JSON within a string, quotes are
/// escaped but handled the same way: this may mask too much, but never too little.
fn nested_length(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (index, c) in text.char_indices() {
        match c {
            '\\' if in_string && !escaped => {
                escaped = true;
                continue;
            }
            '"' if !escaped => in_string = !in_string,
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(index + 1);
                }
            }
            _ => {}
        }
        escaped = false;
    }
    None
}

/// Masks secrets by their value, in case a server quotes them, however they are [escaped]. Very short secrets are not
/// masked, because that would hide ordinary words and reveal little.
pub fn mask_secrets(text: String, secrets: &[&str]) -> String {
    let is_ordinary = |secret: &str| secret.len() < 4 || matches!(secret, "true" | "false" | "null");
    let secrets: Vec<&str> = secrets.iter().copied().filter(|secret| !is_ordinary(secret)).collect();
    if secrets.is_empty() { text } else { escaped::mask(text, &secrets, MASK) }
}

/// Escapes control characters, line separators and bidirectional formatting characters, so that the text is one line.
pub fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        let reorders = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        match c {
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            c if c.is_control() || reorders => line.extend(c.escape_unicode()),
            c => line.push(c),
        }
    }
    line
}

/// Truncates a text at a character boundary.
pub fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", text.get(..end).unwrap_or_default())
}
