//! Tests of encoding and decoding text according to the `charset` parameter of its media type.

use crate::runtime::charset::{decode, decode_json, encode, encode_json};

#[test]
fn text_is_decoded_by_charset() {
    for (bytes, media_type, text) in [
        (&b"Gr\xC3\xB6\xC3\x9Fe"[..], "text/plain", "Größe"),
        (b"\xEF\xBB\xBFa", "text/plain", "a"),
        (b"Gr\xF6\xDFe", "text/plain; charset=ISO-8859-1", "Größe"),
        (b"\x80 5", "text/plain;charset=\"windows-1252\"", "€ 5"),
        (b"\xFF\xFEa\x00\xF6\x00", "text/plain; charset=utf-16", "aö"),
        (b"\xFE\xFF\x00a\x00\xF6", "text/plain; charset=utf-16", "aö"),
        (b"\x00a\x00\xF6", "text/csv; header=present; charset=UTF-16BE", "aö"),
        (b"\xFF\xFEa\x00", "text/plain", "a"),
        (b"\x83\x65", "text/plain; charset=Shift_JIS", "テ"),
    ] {
        assert_eq!(decode(bytes, media_type).as_deref(), Ok(text), "{media_type}");
    }
    assert!(decode(b"\xF6", "text/plain").unwrap_err().starts_with("the text is not UTF-8"));
    assert_eq!(decode(b"a", "text/plain; charset=x-klingon").unwrap_err(), "the charset `x-klingon` is unknown");
    assert_eq!(decode(b"a\x00\x00\xD8", "text/plain; charset=utf-16le").unwrap_err(), "the text is not valid UTF-16LE");
}

#[test]
fn text_is_encoded_by_charset_or_rejected() {
    for (text, charset, bytes) in [
        ("Größe", "iso-8859-1", &b"Gr\xF6\xDFe"[..]),
        ("5 €", "windows-1252", b"5 \x80"),
        ("5 €", "iso-8859-15", b"5 \xA4"),
        ("aö", "utf-16", b"\xFE\xFF\x00a\x00\xF6"),
        ("aö", "utf-16le", b"a\x00\xF6\x00"),
        ("a", "us-ascii", b"a"),
        ("ö", "UTF-8", "ö".as_bytes()),
    ] {
        let media_type = format!("text/plain; charset={charset}");
        assert_eq!(encode(text, &media_type).as_deref(), Ok(bytes), "{charset}");
    }
    // `encoding_rs` treats the first two charsets as windows-1252, which can encode `€`.
    for charset in ["iso-8859-1", "us-ascii", "koi8-r"] {
        let error = encode("5 €", &format!("text/plain; charset={charset}")).unwrap_err();
        assert!(error.contains(charset) && !error.contains('€'), "{error}");
    }
    assert_eq!(encode("a", "text/plain; charset=utf-99").unwrap_err(), "the charset `utf-99` is unknown");
}

#[test]
fn json_is_utf8_unless_invalid() {
    let read = |bytes, media_type| String::from_utf8(decode_json(bytes, media_type).into_owned()).unwrap();
    assert_eq!(read("\"ö\"".as_bytes(), "application/json; charset=iso-8859-1"), "\"ö\"");
    assert_eq!(read(b"\"\xF6\"", "application/json; charset=iso-8859-1"), "\"ö\"");
    assert_eq!(read(b"1\x002\x00", "application/json; charset=utf-16le"), "12");
    assert_eq!(read(b"\xFE\xFF\x001", "application/json"), "1");
    assert_eq!(&*encode_json("\"ö😀\"", "application/json; charset=us-ascii").unwrap(), br#""\u00f6\ud83d\ude00""#);
    assert_eq!(&*encode_json("\"ö\"", "application/json").unwrap(), "\"ö\"".as_bytes());
}
