//! Excerpts of bodies for error messages: at most 512 bytes on one line, with secrets masked.

use std::borrow::Cow;

use super::charset;
use super::escaped;
use super::masked_json;
use super::secret_paths::{SecretPath, is_within_secret, names};

/// The maximum length of an excerpt in bytes.
pub const SHOWN: usize = 512;

/// The maximum number of bytes inspected, so that errors are cheap even for large bodies. A longer body is truncated:
/// it is then not valid JSON, and secrets are masked by [`mask_named`].
const MAX_INSPECTED: usize = 64 * 1024;

/// The quotes around names and strings.
const QUOTES: [char; 2] = ['"', '\''];

/// The replacement of a secret.
pub(super) const MASK: &str = "***";

/// Returns an excerpt of a body for an error message: truncated and escaped, with the secrets at `paths` and all
/// occurrences of the strings in `secrets` masked. For a binary body, returns its size and media type.
pub fn body(body: &[u8], content_type: &str, paths: &[SecretPath], secrets: &[&str]) -> String {
    let head = body.get(..MAX_INSPECTED).unwrap_or(body);
    let Some(text) = text(head, content_type) else {
        let content_type = if content_type.is_empty() { "binary data" } else { content_type };
        return format!("<{} bytes of {}>", body.len(), line(content_type));
    };
    let text = text.trim();
    let text = masked_json::compact(text).map_or(Cow::Borrowed(text), Cow::Owned);
    cut(&line(&mask_secrets(mask_text(&text, &[], paths), secrets)), SHOWN)
}

/// Masks the secrets at `paths` in `text`; `at` is the path of `text` within the body. In valid JSON, the paths are
/// resolved; in any other text, all properties with the names of the secrets are masked.
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

/// Decodes a body in the charset of its media type. Returns `None` if the body is not text.
///
/// A truncated character at the end is accepted. Other invalid UTF-8 is only accepted if the media type contains
/// `text`, `json` or `xml`.
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

/// Masks the value of each property with one of these names, e.g. `"password": …`, in any text, such as truncated or
/// malformed JSON, or JSON within a JSON string.
pub fn mask_named(text: &str, names: &[&str]) -> String {
    let mut masked = String::with_capacity(text.len());
    let (mut at, mut from) = (0, 0);
    while let Some((start, end)) = next_value(text, from, names) {
        masked.push_str(text.get(at..start).unwrap_or_default());
        let opener = opener(text.get(start..end).unwrap_or_default());
        masked.extend([opener, MASK, opener]);
        at = end;
        // If a closing quote is missing, the value seems to end at the opening quote of the next name, so the search
        // continues at that quote.
        from = if text.get(..end).is_some_and(|text| text.ends_with(QUOTES)) { end - 1 } else { end };
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}

/// Returns the opening quote of a value, including backslashes before the quote. Returns an empty string if the value is
/// not quoted.
fn opener(value: &str) -> &str {
    let unescaped = value.trim_start_matches('\\');
    let end = value.len() - unescaped.len() + 1;
    value.get(..end).filter(|_| unescaped.starts_with(QUOTES)).unwrap_or_default()
}

/// Finds the first property after `from` with one of these names. Returns the start and end of its value.
fn next_value(text: &str, from: usize, names: &[&str]) -> Option<(usize, usize)> {
    text.get(from..)?.match_indices(QUOTES).find_map(|(offset, quote)| {
        let name_start = from + offset + quote.len();
        let start = names.iter().find_map(|name| value_start(text, name_start, quote, name))?;
        Some((start, value_end(text, start)))
    })
}

/// Returns the start of the value if the text at `name_start` is this name, a closing quote and a colon. The quote may
/// have any number of backslashes before it.
fn value_start(text: &str, name_start: usize, quote: &str, name: &str) -> Option<usize> {
    let (found, after) = text.get(name_start..)?.split_at_checked(name.len())?;
    if !found.eq_ignore_ascii_case(name) {
        return None;
    }
    let after = after.trim_start_matches('\\').strip_prefix(quote)?;
    let value = after.trim_start().strip_prefix(':')?.trim_start();
    Some(text.len() - value.len())
}

/// Returns the end of a value; for an unterminated value, the end of the text.
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

/// Returns the length of a quoted string, or `None` if the closing quote is missing.
///
/// `escape` is the number of backslashes before the opening and the closing quote: 0 in JSON, 1 in JSON within a JSON
/// string, and 3 at the next level of nesting. A quote that belongs to the content of the string has more
/// backslashes before it, and each backslash of the content is written as `2 * (escape + 1)` backslashes.
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

/// Returns the length of an object or array, or `None` if its end is missing. Brackets within strings are ignored.
///
/// In JSON within a JSON string, all quotes are escaped, and the result may be too long. Masking then hides too much,
/// but never too little.
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

/// Masks all occurrences of these secrets, in case a server quotes a secret in its response. [Escaped](escaped)
/// occurrences are masked too. Secrets shorter than 4 bytes, `true`, `false` and `null` are not masked, because that
/// would hide ordinary text.
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

/// Truncates `text` to at most `max_length` bytes, at a character boundary, and appends `…`.
pub fn cut(text: &str, max_length: usize) -> String {
    if text.len() <= max_length {
        return text.to_owned();
    }
    let end = (0..=max_length).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", text.get(..end).unwrap_or_default())
}
