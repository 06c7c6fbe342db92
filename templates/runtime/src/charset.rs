//! Charsets: texts in the encoding that their media type names.
//!
//! Names are those of the WHATWG's Encoding Standard, as `encoding_rs` knows them. To read, a byte order mark counts more
//! than the name, and `iso-8859-1` is `windows-1252`, as the standard says. To write, the name means what it says: a text
//! that has a character beyond the charset is not sent.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The names of the charset whose characters are the first 256 of Unicode (RFC 1345).
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

/// The names of the charset whose characters are the first 128 of Unicode (RFC 1345).
const ASCII: [&str; 7] = ["us-ascii", "ascii", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso646-us", "iso-ir-6", "us"];

/// The charset that a media type names, in lower case.
pub fn named(media_type: &str) -> Option<String> {
    media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// The text that bytes are in the charset of their media type, without a byte order mark; in UTF-8 where it names none.
///
/// # Errors
///
/// The charset is not known, or the bytes are no text in it.
pub fn decode<'a>(bytes: &'a [u8], media_type: &str) -> Result<Cow<'a, str>, String> {
    let (encoding, mark) = match (Encoding::for_bom(bytes), named(media_type)) {
        (Some((encoding, mark)), _) => (encoding, mark),
        (None, None) => (UTF_8, 0),
        (None, Some(name)) => (known(&name).ok_or_else(|| unknown(&name))?, 0),
    };
    let bytes = bytes.get(mark..).unwrap_or_default();
    if encoding == UTF_8 {
        let text = std::str::from_utf8(bytes).map_err(|error| format!("the text is not UTF-8: {error}"))?;
        return Ok(Cow::Borrowed(text));
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or_else(|| format!("the text is not valid {}", encoding.name()))
}

/// JSON in UTF-8, whatever charset its media type names. RFC 8259, section 8.1, allows no other, and servers that name one
/// mostly send UTF-8: the name counts where the bytes cannot be UTF-8.
pub fn decode_json<'a>(bytes: &'a [u8], media_type: &str) -> Cow<'a, [u8]> {
    let named = named(media_type).and_then(|name| known(&name)).filter(|encoding| *encoding != UTF_8);
    let Some(encoding) = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or(named) else {
        return Cow::Borrowed(bytes);
    };
    // JSON has no character NUL, which UTF-16 has in each ASCII character.
    let is_utf_8 = encoding == UTF_8 || (!bytes.contains(&0) && std::str::from_utf8(bytes).is_ok());
    match decode(bytes, media_type) {
        Ok(text) if !is_utf_8 => Cow::Owned(text.into_owned().into_bytes()),
        _ => Cow::Borrowed(bytes),
    }
}

/// The bytes of a text in the charset that a media type names; in UTF-8 where it names none.
///
/// # Errors
///
/// The charset is not known, or has not all characters of the text. The text is not quoted.
pub fn encode<'a>(text: &'a str, media_type: &str) -> Result<Cow<'a, [u8]>, String> {
    let Some(name) = named(media_type) else { return Ok(Cow::Borrowed(text.as_bytes())) };
    let beyond =
        || format!("it has a character that the charset `{}` of its media type does not have", name.escape_debug());
    if ASCII.contains(&name.as_str()) {
        return if text.is_ascii() { Ok(Cow::Borrowed(text.as_bytes())) } else { Err(beyond()) };
    }
    if LATIN_1.contains(&name.as_str()) {
        let bytes = text.chars().map(|character| u8::try_from(u32::from(character)));
        return bytes.collect::<Result<Vec<u8>, _>>().map(Cow::Owned).map_err(|_| beyond());
    }
    // RFC 2781, section 3.3: without a byte order in the name, a byte order mark says it.
    if name == "utf-16" {
        return Ok(Cow::Owned([vec![0xFE, 0xFF], utf_16(text, u16::to_be_bytes)].concat()));
    }
    match known(&name) {
        Some(encoding) if encoding == UTF_16BE => Ok(Cow::Owned(utf_16(text, u16::to_be_bytes))),
        Some(encoding) if encoding == UTF_16LE => Ok(Cow::Owned(utf_16(text, u16::to_le_bytes))),
        Some(encoding) => match encoding.encode(text) {
            (bytes, _, false) => Ok(bytes),
            (_, _, true) => Err(beyond()),
        },
        None => Err(unknown(&name)),
    }
}

/// JSON in the charset that a media type names: characters beyond ASCII are escaped, so that any charset has all of them.
///
/// # Errors
///
/// The charset is not known.
pub fn encode_json<'a>(json: &'a str, media_type: &str) -> Result<Cow<'a, [u8]>, String> {
    match named(media_type).map(|name| known(&name).ok_or_else(|| unknown(&name))).transpose()? {
        None => Ok(Cow::Borrowed(json.as_bytes())),
        Some(encoding) if encoding == UTF_8 => Ok(Cow::Borrowed(json.as_bytes())),
        Some(_) => encode(&escaped(json), media_type).map(|bytes| Cow::Owned(bytes.into_owned())),
    }
}

/// JSON whose characters beyond ASCII, which are all within strings, are escaped (RFC 8259, section 7).
fn escaped(json: &str) -> String {
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

fn known(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(name.as_bytes())
}

fn unknown(name: &str) -> String {
    format!("the charset `{}` is not known", name.escape_debug())
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}
