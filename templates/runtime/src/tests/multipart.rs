//! Multipart bodies: bytes, quoting, exact lengths, files from disk.

use super::body::collect;
use crate::runtime::multipart::{NamedPart, encode};
use crate::runtime::{Part, Upload};

/// The text of a body, its boundary shortened to `B`; its length is the one announced.
async fn encoded(parts: Vec<NamedPart>) -> String {
    let (mut body, boundary) = encode(parts).unwrap();
    body.measure().await.unwrap();
    let length = body.length();
    let text = String::from_utf8(collect(body).await.unwrap()).unwrap();
    assert_eq!(length, Some(text.len() as u64));
    text.replace(&boundary, "B")
}

#[tokio::test]
async fn parts_are_written_as_html_forms_do() {
    let file = tempfile::NamedTempFile::with_suffix(".zip").unwrap();
    std::fs::write(file.path(), "zip content").unwrap();
    let parts = vec![
        NamedPart { name: "a\"b".into(), content_type: None, part: Part::text("x\ny") },
        NamedPart { name: "ü".into(), content_type: None, part: Part::json(&serde_json::json!({"a": 1})) },
        NamedPart {
            name: "file".into(),
            content_type: Some("application/zip"),
            part: Upload::path(file.path()).file_name("c\"\\ü.zip").into(),
        },
        NamedPart {
            name: "file".into(),
            content_type: Some("application/zip"),
            part: Upload::bytes("b.bin", &b"\x01"[..]).content_type("x/y").into(),
        },
    ];
    assert_eq!(
        encoded(parts).await,
        "--B\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\nx\ny\r\n\
         --B\r\nContent-Disposition: form-data; name=\"ü\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n\
         --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c%22\\ü.zip\"\r\n\
         Content-Type: application/zip\r\n\r\nzip content\r\n\
         --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.bin\"\r\nContent-Type: x/y\r\n\r\n\u{1}\r\n\
         --B--\r\n"
    );
}

#[test]
fn boundaries_differ_and_bad_media_types_are_refused() {
    let part = || vec![NamedPart { name: "a".into(), content_type: None, part: Part::text("x") }];
    assert_ne!(encode(part()).unwrap().1, encode(part()).unwrap().1);
    let upload = Upload::bytes("a", &b""[..]).content_type("a/b\r\nx: y");
    let error = encode([NamedPart { name: "file".into(), content_type: None, part: upload.into() }]).unwrap_err();
    assert!(error.to_string().contains("`file`"), "{error}");
}

#[test]
fn values_become_text_or_json() {
    let is_text = |part: Part| format!("{part:?}").contains("Text");
    assert!(is_text(Part::value("a")) && is_text(Part::value(&7)) && is_text(Part::value(&())));
    assert!(!is_text(Part::value(&vec![7])));
}

#[test]
fn control_characters_in_names_are_refused() {
    let refused = |name: &str, part: Part| {
        let named = NamedPart { name: name.to_owned().into(), content_type: None, part };
        encode([named]).unwrap_err().to_string()
    };
    for control in ['\0', '\n', '\r', '\t', '\u{7f}', '\u{85}'] {
        let shown = control.escape_debug();
        let name = refused(&format!("a{control}b"), Part::text("x"));
        assert_eq!(name, format!("the part `a{shown}b` cannot be sent: its name has a control character"));
        let upload = Upload::bytes(format!("key.pem{control}.txt"), "x");
        let file_name = refused("file", upload.into());
        assert_eq!(file_name, "the part `file` cannot be sent: its file name has a control character");
    }
}
