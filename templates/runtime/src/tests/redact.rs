//! Masking: at any depth, in broken JSON, in JSON within strings.

use crate::runtime::{SecretPath, redact};

const SENSITIVE: &[SecretPath] = &[&["**", "password"], &["**", "enrollment_code"]];

fn shown(body: &str) -> String {
    redact::body(body.as_bytes(), "application/json", SENSITIVE, &["sk-secret-key"])
}

#[test]
fn members_are_masked_at_any_depth() {
    assert_eq!(shown(r#"{"error":"no","a":[{"Password":"hunter2"}]}"#), r#"{"error":"no","a":[{"Password":"***"}]}"#);
    assert_eq!(shown(r#"{"password":{"value":"hunter2"}}"#), r#"{"password":"***"}"#);
    assert_eq!(shown(r#"{"password":["hunter2",7]}"#), r#"{"password":"***"}"#);
    assert_eq!(shown(r#"{"enrollment_code":12345}"#), r#"{"enrollment_code":"***"}"#);
}

#[test]
fn what_is_no_json_is_masked_by_scanning() {
    let rows = [
        r#"{"error":"x","password" : "hunter2","#,
        r#"{"password":"hunter2"#,
        r#"{"password":"a\"hunter2"#,
        r#"{"password":"a\\","x":1,"#,
        r#"{"password":{"a":"hunter2","b":["#,
        r#"{"password":"a\\","enrollment_code":"hunter2","#,
        r#"{"password":"a\\\"hunter2","enrollment_code":"hunter2","#,
        r#"{"password":"hunter2,"enrollment_code":"hunter2","#,
        r#"{"m":"{\"password\":\"a\\\\\",\"enrollment_code\":\"hunter2\"}", "#,
        r#"{"m":"{\"password\":\"a\\\"hunter2\",\"enrollment_code\":\"hunter2\"}", "#,
        r#"{"m":"{\"password\":{\"a\":\"hun}hunter2\"},\"enrollment_code\":\"hunter2\"}", "#,
        r#"{"PASSWORD":  ["hunter2", {"a": "hunter2"}], "#,
        r#"log: {'password': 'hunter2', "#,
        r#"{"enrollment_code": 777hunter2, "b": "#,
        r#"{"message":"{\"password\":\"hunter2\"}"}"#,
        r#"{"message":"{\\\"password\\\": \\\"hunter2\\\"}"}"#,
        r#"{"message":"{\"password\":{\"a\":\"hunter2\"}}"#,
    ];
    for body in rows {
        let shown = shown(body);
        assert!(!shown.contains("hunter2") && shown.contains("***"), "{body} -> {shown}");
    }
    assert_eq!(shown(r#"{"a":1,"password":"x\"y","b":2,"#), r#"{"a":1,"password":"***","b":2,"#);
    // Nothing is masked that is no member.
    assert_eq!(shown("the \"password\" is wrong"), "the \"password\" is wrong");
    assert_eq!(shown("password: wrong"), "password: wrong");
}

#[test]
fn known_secrets_are_masked_wherever_they_stand() {
    assert_eq!(shown("key sk-secret-key is unknown"), "key *** is unknown");
    assert_eq!(redact::mask_secrets("a b".to_owned(), &["a"]), "a b");
}

#[test]
fn one_short_line_whatever_comes() {
    assert_eq!(shown("a\r\nb\tc\u{1b}[31m\u{202e}"), "a\\r\\nb\\tc\\u{1b}[31m\\u{202e}");
    let long = shown(&"ü".repeat(1000));
    assert!(long.len() <= redact::SHOWN + '…'.len_utf8() && long.ends_with('…'), "{}", long.len());
    assert_eq!(redact::body(&[0xff, 0xfe, 0], "image/png", SENSITIVE, &[]), "<3 bytes of image/png>");
    assert_eq!(redact::body(&[0xff], "", SENSITIVE, &[]), "<1 bytes of binary data>");
}

#[test]
fn large_or_half_read_bodies_cost_little_and_show_nothing() {
    let large = format!("{{\"list\":[{}\"password\":\"hunter2\"]}}", "\"password\":\"hunter2\",".repeat(2_000_000));
    assert!(!shown(&large).contains("hunter2"));
    let half = "{\"password\":\"hunter2\",\"a\":\"ü".as_bytes();
    let half = redact::body(&half[..half.len() - 1], "", SENSITIVE, &[]);
    assert_eq!(half, "{\"password\":\"***\",\"a\":\"\u{fffd}");
    assert_eq!(redact::body(b"caf\xe9", "text/plain", SENSITIVE, &[]), "caf\u{fffd}");
}

#[test]
fn any_text_is_masked_without_a_panic() {
    // Names that overlap characters of several bytes, unfinished escapes, empty names.
    for body in ["ü\"password\":ü", "\"password\":", "\"password\"", "\"password\":\\", "İ\"password\":\"x", "\"\":1"]
    {
        let _ = redact::mask_text(body, &[], &[&["**", "password"], &[""], &["ü"]]);
    }
}
