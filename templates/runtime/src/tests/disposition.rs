//! Tests of the file name in the header `Content-Disposition`.

use http::{HeaderMap, HeaderValue, StatusCode};

use crate::runtime::RawResponse;

fn name(value: &[u8]) -> Option<String> {
    let headers = HeaderMap::from_iter([(http::header::CONTENT_DISPOSITION, HeaderValue::from_bytes(value).unwrap())]);
    RawResponse::new(StatusCode::OK, headers, bytes::Bytes::new()).file_name()
}

#[test]
fn file_name_is_parsed_by_rfc_6266() {
    for (value, expected) in [
        (&b"attachment; filename=report.csv"[..], "report.csv"),
        (b"Attachment;FileName=\"a \\\"b\\\"; c.txt\" ; x=y", "a _b_; c.txt"),
        (b"attachment; filename=\"euro.txt\"; filename*=UTF-8''%e2%82%ac%20rates.txt", "\u{20ac} rates.txt"),
        (b"attachment; filename*=iso-8859-1'en'%A3.txt; filename=x", "\u{a3}.txt"),
        // If the charset or the encoding of `filename*` is invalid, `filename` is used.
        (b"attachment; filename=b.txt; filename*=x-none''a.txt", "b.txt"),
        (b"attachment; filename=b.txt; filename*=UTF-8''%FF", "b.txt"),
        (b"inline; filename=\"Gr\xC3\xB6\xC3\x9Fe.txt\"", "Gr\u{f6}\u{df}e.txt"),
        (b"inline; filename=\"Gr\xF6\xDFe.txt\"", "Gr\u{f6}\u{df}e.txt"),
        (b"filename=bare.txt", "bare.txt"),
        (b"attachment; filename=.profile", ".profile"),
    ] {
        assert_eq!(name(value).as_deref(), Some(expected));
    }
}

#[test]
fn file_name_is_single_safe_segment() {
    for (value, expected) in [
        ("attachment; filename=\"../../etc/passwd\"", Some("passwd")),
        ("attachment; filename=\"C:\\Windows\\system.ini\"", Some("system.ini")),
        ("attachment; filename=\"..\"", None),
        ("attachment; filename=\"a/..\"", None),
        ("attachment; filename=\"/\"", None),
        ("attachment; filename*=UTF-8''..%2F..%2Fa%0Ab%00.txt", Some("ab.txt")),
        ("attachment; filename*=UTF-8''%E2%80%AEtxt.exe", Some("txt.exe")),
        ("attachment; filename=\"CON\"", Some("_CON")),
        ("attachment; filename=\"aux.txt\"", Some("_aux.txt")),
        ("attachment; filename=\"com1.log\"", Some("_com1.log")),
        ("attachment; filename=\"common.log\"", Some("common.log")),
        ("attachment; filename=\"a:b|c?.txt. . \"", Some("a_b_c_.txt")),
        ("attachment", None),
        ("attachment; filename=\"\"", None),
    ] {
        assert_eq!(name(value.as_bytes()).as_deref(), expected, "{value}");
    }
    let long = name(format!("attachment; filename={}.tar", "x".repeat(300)).as_bytes()).unwrap();
    assert!(long.len() == 255 && long.ends_with("x.tar"), "{long}");
}
