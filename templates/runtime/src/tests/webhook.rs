//! Tests of decoding webhooks.

use crate::runtime::webhook::{identify, json, text, unknown};

const WEBHOOKS: &[(&str, &str)] = &[("shipped", "order.shipped"), ("7", "order.seventh"), ("true", "order.confirmed")];

#[test]
fn property_identifies_webhook() {
    let name = |body: &str| identify(body.as_bytes(), "type", WEBHOOKS).unwrap();
    assert_eq!(name(r#"{"id":1,"type":"shipped"}"#), Some("order.shipped"));
    assert_eq!(name(r#"{"type":7.0}"#), Some("order.seventh"));
    assert_eq!(name(r#"{"type":true}"#), Some("order.confirmed"));
    for other in [r#"{"type":"lost"}"#, r#"{"order":{"type":"shipped"}}"#, r#"["shipped"]"#, "null"] {
        assert_eq!(name(other), None, "{other}");
    }
    assert!(identify(b"shipped", "type", WEBHOOKS).is_err());
}

#[test]
fn unknown_webhook_is_preserved() {
    let body = r#"{"amount":12345678901234567890.10,"type":"lost"}"#;
    let value = unknown(body.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&value).unwrap(), body);
    assert_eq!(format!("{value:?}"), "UnknownJson(Object)");
    assert!(unknown(b"").is_err());
}

#[test]
fn error_names_path_and_quotes_no_secret() {
    let error = json::<Vec<u8>>(br#"[1,"hunter2"]"#, &[]).unwrap_err();
    assert!(error.path() == Some("[1]") && error.to_string().contains("hunter2"), "{error}");
    let error = json::<Vec<u8>>(br#"[1,"hunter2"]"#, &[&["*"]]).unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
    assert_eq!(text::<String>("é".as_bytes()).unwrap(), "é");
    assert!(text::<String>(b"\xff").is_err());
}
