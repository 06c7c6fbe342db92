//! Reads the file name of a response from `Content-Disposition` (RFC 6266) and makes it safe to use in a file system.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::CONTENT_DISPOSITION;
use percent_encoding::percent_decode_str;

use super::charset;

/// The maximum length of a file name in bytes, which is the limit of most file systems.
const MAX_BYTES: usize = 255;

/// Names of Windows devices, which are reserved even with an extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Returns the file name from the headers of a response; `None` if there is no file name, or if nothing remains after
/// the removal of unsafe characters.
///
/// `filename*` takes precedence over `filename`. Only the last segment of a path is used. Control characters and text
/// direction characters are removed, and characters that Windows file names cannot contain become `_`. The name is
/// never `.`, `..` or the name of a device, and is at most 255 bytes long.
pub fn file_name(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_DISPOSITION)?;
    let text = text(value.as_bytes());
    let mut parameters = parameters(&text);
    let extended =
        parameters.iter().find(|(name, _)| name == "filename*").and_then(|(_, value)| decode_extended(value));
    let plain = || {
        let at = parameters.iter().position(|(name, _)| name == "filename")?;
        Some(parameters.swap_remove(at).1)
    };
    sanitize(&extended.or_else(plain)?)
}

/// Decodes a header value as UTF-8, as browsers do, or as ISO-8859-1 (RFC 9110, section 5.5) if it is not valid UTF-8.
fn text(value: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(value) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(value.iter().copied().map(char::from).collect()),
    }
}

/// Returns the parameters of a header value such as `attachment; filename="a.pdf"`: names in lower case, and values
/// without quotes.
pub(super) fn parameters(text: &str) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    // The first item is the disposition type or the media type. Some servers omit the disposition type.
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find([';', '=']).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let Some(after) = after.strip_prefix('=') else {
            rest = after.strip_prefix(';').unwrap_or_default();
            continue;
        };
        let (value, after) = value(after.trim_start());
        parameters.push((name.trim().to_ascii_lowercase(), value));
        rest = after;
    }
    parameters
}

/// Parses the parameter value at the start of `text`. Returns the value, and the text after the next semicolon.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, after) = text.split_once(';').unwrap_or((text, ""));
        return (value.trim().to_owned(), after);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                let after = quoted.get(at + 1..).unwrap_or_default();
                return (value, after.split_once(';').map_or("", |(_, after)| after));
            }
            // Some servers do not escape the backslashes of a path, so only escaped quotes and backslashes are
            // unescaped.
            '\\' => match characters.clone().next() {
                Some((_, escaped @ ('"' | '\\'))) => {
                    characters.next();
                    value.push(escaped);
                }
                _ => value.push('\\'),
            },
            character => value.push(character),
        }
    }
    (value, "")
}

/// Decodes a value with a charset and percent-encoding (RFC 8187, section 3.2.1), e.g. `UTF-8''%e2%82%ac.pdf`.
fn decode_extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    let bytes: Vec<u8> = percent_decode_str(encoded).collect();
    charset::decode(&bytes, &format!("text/plain; charset={charset}")).ok().map(Cow::into_owned)
}

/// Returns the last path segment of a file name, without unsafe characters; `None` if nothing remains.
fn sanitize(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let replaced = |character: char| if "<>:\"|?*".contains(character) { '_' } else { character };
    let mut safe: String = last.chars().filter(|character| !is_invisible(*character)).map(replaced).collect();
    // On Windows, `a. ` is the same file as `a`.
    let length = safe.trim_end_matches(['.', ' ']).len();
    safe.truncate(length);
    let mut safe = safe.trim_start().to_owned();
    if is_device(&safe) {
        safe.insert(0, '_');
    }
    if safe.len() > MAX_BYTES {
        safe = shorten(&safe);
    }
    (!safe.is_empty()).then_some(safe)
}

/// Returns whether a character is invisible, e.g. a control, zero-width or text direction character.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_numbered = |prefix: &str| {
        let mut rest = stem.strip_prefix(prefix).unwrap_or_default().chars();
        matches!((rest.next(), rest.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    };
    DEVICES.contains(&stem.as_str()) || is_numbered("com") || is_numbered("lpt")
}

/// Shortens a name to the maximum length, keeping an extension of up to 16 bytes.
fn shorten(name: &str) -> String {
    let extension =
        name.rfind('.').and_then(|at| name.get(at..)).filter(|extension| extension.len() <= 16).unwrap_or("");
    let mut end = MAX_BYTES - extension.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let stem = name.get(..end).unwrap_or_default();
    format!("{}{extension}", stem.trim_end_matches(['.', ' ']))
}
