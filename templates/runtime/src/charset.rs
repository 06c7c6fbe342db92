//! Character encodings of text bodies, as named by the `charset` parameter of their media type.
//!
//! Charset names are those of the WHATWG Encoding Standard, as implemented by `encoding_rs`. When decoding, a byte
//! order mark takes precedence over the name, and `iso-8859-1` means `windows-1252`, as the standard requires. When
//! encoding, `iso-8859-1` means ISO 8859-1, and characters that the charset does not contain are an error.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The names of ISO 8859-1, the charset that contains the first 256 characters of Unicode (RFC 1345).
const LATIN_1: [&str; 10] = [
    "iso-8859-1",
    "iso8859-1",
    "iso88591",
    "iso_8859-1",
    "iso_8859-1:1987",
    "iso-ir-100",
    "latin1",
    "l1",
    "ibm819",
    "cp819",
];

/// The names of ASCII, the charset that contains the first 128 characters of Unicode (RFC 1345).
const ASCII: [&str; 7] = ["us-ascii", "ascii", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso646-us", "iso-ir-6", "us"];

/// Returns the `charset` parameter of a media type in lower case, e.g. `utf-16le`; `None` if there is none.
pub fn named(media_type: &str) -> Option<String> {
    media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// Decodes bytes in the charset of their media type (UTF-8 by default), and removes a byte order mark.
///
/// # Errors
///
/// The charset is unknown, or the bytes are not valid in the charset.
pub fn decode<'a>(bytes: &'a [u8], media_type: &str) -> Result<Cow<'a, str>, String> {
    let (encoding, mark) = match (Encoding::for_bom(bytes), named(media_type)) {
        (Some((encoding, mark)), _) => (encoding, mark),
        (None, None) => (UTF_8, 0),
        (None, Some(name)) => (encoding(&name).ok_or_else(|| unknown_charset(&name))?, 0),
    };
    let bytes = bytes.get(mark..).unwrap_or_default();
    if encoding == UTF_8 {
        let text = std::str::from_utf8(bytes).map_err(|error| format!("the text is not UTF-8: {error}"))?;
        return Ok(Cow::Borrowed(text));
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or_else(|| format!("the text is not valid {}", encoding.name()))
}

/// Converts JSON to UTF-8. RFC 8259, section 8.1, requires UTF-8, and most servers that name another charset send UTF-8
/// nevertheless. The charset of the media type is therefore used only if the bytes cannot be UTF-8.
pub fn decode_json<'a>(bytes: &'a [u8], media_type: &str) -> Cow<'a, [u8]> {
    let named = named(media_type).and_then(|name| encoding(&name)).filter(|encoding| *encoding != UTF_8);
    let Some(encoding) = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or(named) else {
        return Cow::Borrowed(bytes);
    };
    // JSON contains no NUL characters, but ASCII characters in UTF-16 contain NUL bytes.
    let is_utf_8 = encoding == UTF_8 || (!bytes.contains(&0) && std::str::from_utf8(bytes).is_ok());
    match decode(bytes, media_type) {
        Ok(text) if !is_utf_8 => Cow::Owned(text.into_owned().into_bytes()),
        _ => Cow::Borrowed(bytes),
    }
}

/// Encodes text in the charset that a media type names (UTF-8 by default).
///
/// # Errors
///
/// The charset is unknown, or the text has a character that the charset does not contain. The error does not quote the
/// text, which may be a secret.
pub fn encode<'a>(text: &'a str, media_type: &str) -> Result<Cow<'a, [u8]>, String> {
    let Some(name) = named(media_type) else { return Ok(Cow::Borrowed(text.as_bytes())) };
    let beyond = || {
        format!("the text has characters that the charset `{}` of its media type does not contain", name.escape_debug())
    };
    if ASCII.contains(&name.as_str()) {
        return if text.is_ascii() { Ok(Cow::Borrowed(text.as_bytes())) } else { Err(beyond()) };
    }
    if LATIN_1.contains(&name.as_str()) {
        let bytes = text.chars().map(|character| u8::try_from(u32::from(character)));
        return bytes.collect::<Result<Vec<u8>, _>>().map(Cow::Owned).map_err(|_| beyond());
    }
    // RFC 2781, section 3.3: if the name does not specify the byte order, a byte order mark does.
    if name == "utf-16" {
        return Ok(Cow::Owned([vec![0xFE, 0xFF], utf_16(text, u16::to_be_bytes)].concat()));
    }
    match encoding(&name) {
        Some(encoding) if encoding == UTF_16BE => Ok(Cow::Owned(utf_16(text, u16::to_be_bytes))),
        Some(encoding) if encoding == UTF_16LE => Ok(Cow::Owned(utf_16(text, u16::to_le_bytes))),
        Some(encoding) => match encoding.encode(text) {
            (bytes, _, false) => Ok(bytes),
            (_, _, true) => Err(beyond()),
        },
        None => Err(unknown_charset(&name)),
    }
}

/// Encodes JSON in the charset that a media type names (UTF-8 by default). For charsets other than UTF-8, non-ASCII
/// characters are escaped (`\u00fc`), so that every charset can represent the JSON.
///
/// # Errors
///
/// The charset is unknown.
pub fn encode_json<'a>(json: &'a str, media_type: &str) -> Result<Cow<'a, [u8]>, String> {
    match named(media_type).map(|name| encoding(&name).ok_or_else(|| unknown_charset(&name))).transpose()? {
        None => Ok(Cow::Borrowed(json.as_bytes())),
        Some(encoding) if encoding == UTF_8 => Ok(Cow::Borrowed(json.as_bytes())),
        Some(_) => encode(&escape_non_ascii(json), media_type).map(|bytes| Cow::Owned(bytes.into_owned())),
    }
}

/// Escapes the non-ASCII characters of a JSON document, all of which are inside strings (RFC 8259, section 7).
fn escape_non_ascii(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            let mut units = [0; 2];
            character.encode_utf16(&mut units).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}")));
        }
    }
    escaped
}

fn encoding(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(name.as_bytes())
}

fn unknown_charset(name: &str) -> String {
    format!("the charset `{}` is unknown", name.escape_debug())
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}
