//! What of an answer may be shown in an error.
//!
//! In: a body, the paths of its secrets, secrets that must not appear. Out: at most 512 bytes of one line of
//! text.

use std::borrow::Cow;

use super::charset;
use super::escaped;
use super::masked_json;
use super::secret_paths::{SecretPath, is_within_secret, names};

/// The most that is shown of a body.
pub const SHOWN: usize = 512;

/// The most that is looked at, so that an error costs little whatever the size of its body. A longer body is no complete
/// JSON then and is masked by scanning.
const LOOKED_AT: usize = 64 * 1024;

/// What names and values stand between.
const QUOTES: [char; 2] = ['"', '\''];

/// What replaces a secret.
pub(super) const MASK: &str = "***";

/// The shown form of a body: the secrets at these paths and known secrets masked, cut, escaped.
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

/// Masks the secrets at these paths in a text that is itself at the steps `at`. Paths are followed in complete JSON; in any
/// other text, properties with the names of the secrets are masked.
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

/// The text of a body, in the charset of its media type; `None` where it is none. A character that was cut in half at the end, or that is not UTF-8 in
/// what says that it is text, does no harm.
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

/// Masks what follows a quoted name of a secret and a colon in any text: JSON that was cut or is malformed, JSON within a
/// JSON string.
pub fn mask_named(text: &str, names: &[&str]) -> String {
    let mut masked = String::with_capacity(text.len());
    let (mut at, mut from) = (0, 0);
    while let Some((start, end)) = next_value(text, from, names) {
        masked.push_str(text.get(at..start).unwrap_or_default());
        let opener = opener(text.get(start..end).unwrap_or_default());
        masked.extend([opener, MASK, opener]);
        at = end;
        // Where a closing quote is missing, the value seems to end with the quote that opens the next name.
        from = if text.get(..end).is_some_and(|text| text.ends_with(QUOTES)) { end - 1 } else { end };
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}

/// The quote that a value starts with, and the backslashes before it.
fn opener(value: &str) -> &str {
    let unescaped = value.trim_start_matches('\\');
    let end = value.len() - unescaped.len() + 1;
    value.get(..end).filter(|_| unescaped.starts_with(QUOTES)).unwrap_or_default()
}

/// The first value of a property with one of these names from `from` on: where it starts and ends.
fn next_value(text: &str, from: usize, names: &[&str]) -> Option<(usize, usize)> {
    text.get(from..)?.match_indices(QUOTES).find_map(|(offset, quote)| {
        let name_start = from + offset + quote.len();
        let start = names.iter().find_map(|name| value_start(text, name_start, quote, name))?;
        Some((start, value_end(text, start)))
    })
}

/// Where the value starts, if the name stands here, its quote and a colon behind it. The quote may be escaped, any number
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

/// Where a value ends. One that never ends is masked to the end of the text.
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

/// The length of a quoted text whose quotes have `escape` backslashes before them: 1 for JSON within a JSON string, 3 for
/// JSON within that. A quote of the text itself has more; backslashes of the text itself come `2 * (escape + 1)` at a
/// time.
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

/// The length of an object or array. Brackets within strings do not count; within JSON that is itself a string, quotes
/// are escaped, and counting them alike is close enough: too much may be masked, never too little of the value.
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

/// Masks secrets by their text, for servers that quote them back, however they are [escaped]. Very short ones are left: they
/// would blank out ordinary words, and whoever sees three letters knows little.
pub fn mask_secrets(text: String, secrets: &[&str]) -> String {
    let is_ordinary = |secret: &str| secret.len() < 4 || matches!(secret, "true" | "false" | "null");
    let secrets: Vec<&str> = secrets.iter().copied().filter(|secret| !is_ordinary(secret)).collect();
    if secrets.is_empty() { text } else { escaped::mask(text, &secrets, MASK) }
}

/// One line: control characters, line separators and characters that reorder text are escaped.
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

/// The first bytes of a text, never half a character.
pub fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", text.get(..end).unwrap_or_default())
}
