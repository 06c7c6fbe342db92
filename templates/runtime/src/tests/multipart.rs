//! Tests of multipart bodies: encoding, quoting, lengths and files.

use super::body::collect;
use crate::runtime::multipart::{NamedPart, encode};
use crate::runtime::{Part, Style, Upload};

const FORM: &str = "multipart/form-data";

/// Encodes parts as a form. Returns the body with its boundary replaced by `B`. Asserts that the announced length is
/// correct.
async fn encoded(parts: Vec<NamedPart>) -> String {
    encoded_as(parts, FORM).await.1
}

/// Like [`encoded`], with any multipart media type. Returns the content type and the body.
async fn encoded_as(parts: Vec<NamedPart>, media_type: &str) -> (String, String) {
    let (mut body, media_type) = encode(parts, media_type).unwrap();
    let boundary = media_type.split("boundary=").nth(1).unwrap().split(';').next().unwrap().to_owned();
    body.measure().await.unwrap();
    let length = body.length();
    let text = String::from_utf8(collect(body).await.unwrap()).unwrap();
    assert_eq!(length, Some(text.len() as u64));
    (media_type.replace(&boundary, "B"), text.replace(&boundary, "B"))
}

#[tokio::test]
async fn parts_are_encoded_like_html_forms() {
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
fn boundary_is_unique_and_invalid_media_type_is_rejected() {
    let part = || vec![NamedPart { name: "a".into(), content_type: None, part: Part::text("x") }];
    assert_ne!(encode(part(), FORM).unwrap().1, encode(part(), FORM).unwrap().1);
    let upload = Upload::bytes("a", &b""[..]).content_type("a/b\r\nx: y");
    let error = encode([NamedPart { name: "file".into(), content_type: None, part: upload.into() }], FORM).unwrap_err();
    assert!(error.to_string().contains("`file`"), "{error}");
}

#[test]
fn part_value_becomes_text_or_json() {
    let is_text = |part: Part| format!("{part:?}").contains("Text");
    assert!(is_text(Part::value("a")) && is_text(Part::value(&7)) && is_text(Part::value(&())));
    assert!(!is_text(Part::value(&vec![7])));
}

#[test]
fn control_character_in_name_is_rejected() {
    let encode_error = |name: &str, part: Part| {
        let named = NamedPart { name: name.to_owned().into(), content_type: None, part };
        encode([named], FORM).unwrap_err().to_string()
    };
    for control in ['\0', '\n', '\r', '\t', '\u{7f}', '\u{85}'] {
        let shown = control.escape_debug();
        let name = encode_error(&format!("a{control}b"), Part::text("x"));
        assert_eq!(name, format!("the part `a{shown}b` cannot be sent: its name contains a control character"));
        let upload = Upload::bytes(format!("key.pem{control}.txt"), "x");
        let file_name = encode_error("file", upload.into());
        assert_eq!(file_name, "the part `file` cannot be sent: its file name contains a control character");
    }
}

#[tokio::test]
async fn bytes_are_files_with_a_name() {
    let part = |upload: Upload| NamedPart { name: "a".into(), content_type: None, part: upload.into() };
    let text = encoded(vec![part(vec![b'x'].into()), part(bytes::Bytes::from_static(b"y").into())]).await;
    assert_eq!(text.matches("filename=\"file\"").count(), 2, "{text}");
}

#[tokio::test]
async fn related_parts_have_content_ids_and_root_is_first() {
    let parts = || {
        let file = Upload::bytes("a.csv", &b"1,2"[..]);
        vec![
            NamedPart { name: "meta".into(), content_type: None, part: Part::json(&serde_json::json!({"a": 1})) },
            NamedPart { name: "file".into(), content_type: Some("text/csv"), part: file.clone().into() },
            NamedPart { name: "file".into(), content_type: None, part: file.header("Content-ID", "<own>").into() },
        ]
    };
    let (media_type, body) = encoded_as(parts(), "multipart/related").await;
    assert_eq!(media_type, "multipart/related; boundary=B; type=\"application/json\"");
    assert_eq!(
        body,
        "--B\r\nContent-Type: application/json\r\nContent-ID: <meta>\r\n\r\n{\"a\":1}\r\n\
         --B\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\
         Content-ID: <file>\r\n\r\n1,2\r\n\
         --B\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\nContent-Type: application/octet-stream\r\n\
         content-id: <own>\r\n\r\n1,2\r\n\
         --B--\r\n"
    );
    let (media_type, _) = encoded_as(parts(), "multipart/related; type=text/xml; boundary=x").await;
    assert_eq!(media_type, "multipart/related; boundary=B; type=text/xml");
}

#[tokio::test]
async fn multipart_mixed_parts_have_form_data_names() {
    let part = Part::text("Größe").content_type("text/plain; charset=utf-8");
    let (media_type, body) =
        encoded_as(vec![NamedPart { name: "note".into(), content_type: None, part }], "multipart/mixed").await;
    assert_eq!(media_type, "multipart/mixed; boundary=B");
    let head = "Content-Disposition: form-data; name=\"note\"\r\nContent-Type: text/plain; charset=utf-8";
    assert_eq!(body, format!("--B\r\n{head}\r\n\r\nGröße\r\n--B--\r\n"));
}

#[tokio::test]
async fn text_part_is_encoded_by_charset_or_rejected() {
    let named = |text: &str| NamedPart {
        name: "note".into(),
        content_type: Some("text/plain; charset=iso-8859-1"),
        part: Part::text(text),
    };
    let (body, _) = encode([named("Größe")], FORM).unwrap();
    let body = collect(body).await.unwrap();
    assert!(body.windows(5).any(|window| window == b"Gr\xF6\xDFe"));
    let error = encode([named("5 €")], FORM).unwrap_err().to_string();
    assert!(error.contains("`note`") && error.contains("iso-8859-1") && !error.contains('€'), "{error}");
}

#[tokio::test]
async fn delimited_part_joins_arrays() {
    let part = |part| NamedPart { name: "a".into(), content_type: None, part };
    let grid = Part::delimited(&[vec![1, 2], vec![3]], &[Style::PipeDelimited, Style::Simple]);
    let tabs = Part::delimited(&["x y", "z"], &[Style::TabDelimited]);
    assert_eq!(
        encoded(vec![part(grid), part(tabs)]).await,
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1,2|3\r\n\
         --B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx y\tz\r\n--B--\r\n"
    );
    let error = encode([part(Part::delimited(&["x,y"], &[Style::Simple]))], FORM).unwrap_err().to_string();
    assert!(error.contains("an item that contains `,`"), "{error}");
}
