//! Tests of masking secrets in bodies and messages: at any depth, in invalid JSON, and in JSON within strings.

use crate::runtime::{SecretPath, redact};

const SENSITIVE: &[SecretPath] = &[&["**", "password"], &["**", "enrollment_code"]];

fn shown(body: &str) -> String {
    redact::body(body.as_bytes(), "application/json", SENSITIVE, &["sk-secret-key"])
}

#[test]
fn property_is_masked_at_any_depth() {
    assert_eq!(shown(r#"{"error":"no","a":[{"Password":"hunter2"}]}"#), r#"{"error":"no","a":[{"Password":"***"}]}"#);
    assert_eq!(shown(r#"{"password":{"value":"hunter2"}}"#), r#"{"password":"***"}"#);
    assert_eq!(shown(r#"{"password":["hunter2",7]}"#), r#"{"password":"***"}"#);
    assert_eq!(shown(r#"{"enrollment_code":12345}"#), r#"{"enrollment_code":"***"}"#);
}

#[test]
fn invalid_json_is_masked_by_scanning() {
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
    // Only the values of properties are masked, not text that contains their names.
    assert_eq!(shown("the \"password\" is wrong"), "the \"password\" is wrong");
    assert_eq!(shown("password: wrong"), "password: wrong");
}

#[test]
fn known_secret_is_masked_anywhere() {
    assert_eq!(shown("key sk-secret-key is unknown"), "key *** is unknown");
    assert_eq!(redact::mask_secrets("a b".to_owned(), &["a"]), "a b");
}

#[test]
fn known_secret_is_masked_in_every_escaping() {
    let secret = "p<a>s&\"ü' \\/x+";
    for escaped in [
        secret,
        // The secret in JSON, and in JSON within a JSON string.
        r#"p<a>s&\"ü' \\/x+"#,
        r#"p\u003ca\u003Es\u0026\"\u00fc' \\\/x+"#,
        r#"p<a>s&\\\"ü' \\\\/x+"#,
        // The secret in HTML.
        "p&lt;a&gt;s&amp;&quot;ü&#x27; \\/x+",
        "p&#60;a&#062;s&#38;&#X22;&#xFC;&apos; \\/x&#43;",
        "p&amp;lt;a&amp;gt;s&amp;amp;&amp;quot;ü&amp;#39; \\/x+",
        // The secret in URLs and forms, with hexadecimal digits of either case.
        "p%3Ca%3Es%26%22%C3%BC%27%20%5C%2Fx%2B",
        "p%3ca%3es%26%22%c3%bc%27%20%5c%2fx%2b",
        "p%3ca%3Es%26%22%C3%bc'+%5c/x%2b",
        "p%253ca%253es%2526%2522%25c3%25bc%2527%2520%255c%252fx%252b",
        // The secret in an error message, which escapes the quoted part of the body once more.
        r#"p&lt;a&gt;s&amp;\u{22}ü' \\/x+"#,
    ] {
        let text = format!("100% no `{escaped}` & {escaped}\\");
        let masked = redact::mask_secrets(text.clone(), &[secret]);
        assert_eq!(masked, "100% no `***` & ***\\", "{text}");
    }
    // Only the secret is masked: the surrounding text is unchanged.
    assert_eq!(redact::mask_secrets("%41 &lt;abcd&gt; \\n".to_owned(), &["abcd"]), "%41 &lt;***&gt; \\n");
    for unfinished in
        ["%", "%4", "%zz", "&", "&#;", "&#x;", "&#x110000;", "\\", "\\u12", "\\ud800", "\\u{", "%ff%fe", "ü%c3"]
    {
        assert_eq!(redact::mask_secrets(unfinished.to_owned(), &["secret"]), unfinished);
    }
    // Test the secret at every position, because long texts are searched in segments.
    let length = 64 * 1024;
    for before in (length - 40..length + 40).step_by(3) {
        let text = format!("{}a%2fb&amp;c{}", "x".repeat(before), "y".repeat(3 * length));
        let masked = redact::mask_secrets(text, &["a/b&c"]);
        assert_eq!((masked.len(), &masked[before..before + 4]), (before + 3 + 3 * length, "***y"));
    }
}

#[test]
fn masked_body_is_one_short_line() {
    assert_eq!(shown("a\r\nb\tc\u{1b}[31m\u{202e}"), "a\\r\\nb\\tc\\u{1b}[31m\\u{202e}");
    let long = shown(&"ü".repeat(1000));
    assert!(long.len() <= redact::SHOWN + '…'.len_utf8() && long.ends_with('…'), "{}", long.len());
    assert_eq!(redact::body(&[0xff, 0xfe, 0], "image/png", SENSITIVE, &[]), "<3 bytes of image/png>");
    assert_eq!(redact::body(&[0xff], "", SENSITIVE, &[]), "<1 bytes of binary data>");
}

#[test]
fn large_or_truncated_body_shows_no_secret() {
    let large = format!("{{\"list\":[{}\"password\":\"hunter2\"]}}", "\"password\":\"hunter2\",".repeat(2_000_000));
    assert!(!shown(&large).contains("hunter2"));
    let half = "{\"password\":\"hunter2\",\"a\":\"ü".as_bytes();
    let half = redact::body(&half[..half.len() - 1], "", SENSITIVE, &[]);
    assert_eq!(half, "{\"password\":\"***\",\"a\":\"\u{fffd}");
    assert_eq!(redact::body(b"caf\xe9", "text/plain", SENSITIVE, &[]), "caf\u{fffd}");
}

#[test]
fn masking_never_panics() {
    // Names next to multi-byte characters, incomplete escapes, empty names.
    for body in ["ü\"password\":ü", "\"password\":", "\"password\"", "\"password\":\\", "İ\"password\":\"x", "\"\":1"]
    {
        let _ = redact::mask_text(body, &[], &[&["**", "password"], &[""], &["ü"]]);
    }
}
