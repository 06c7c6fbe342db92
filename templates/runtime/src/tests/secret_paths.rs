//! Tests of masking secrets at known paths: in JSON bodies, in decode errors, and in text that is not valid JSON.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::runtime::decode::json_text;
use crate::runtime::{DecodeError, SecretPath, masked_json, redact};

const TOKEN: &[SecretPath] = &[&["**", "token", "value"]];

fn shown(body: &str, paths: &[SecretPath]) -> String {
    redact::body(body.as_bytes(), "application/json", paths, &[])
}

#[test]
fn property_is_masked_only_at_its_path() {
    let body = r#"{"value":"a","echo":{"token":{"value":"hunter2"},"filter":{"value":"b"},"Token":{"VALUE":1}}}"#;
    let masked = r#"{"value":"a","echo":{"token":{"value":"***"},"filter":{"value":"b"},"Token":{"VALUE":"***"}}}"#;
    assert_eq!(shown(body, TOKEN), masked);
    let at_root: &[SecretPath] = &[&["value"]];
    assert_eq!(
        shown(r#"{"value":{"a":[1]},"filter":{"value":"b"}}"#, at_root),
        r#"{"value":"***","filter":{"value":"b"}}"#
    );
}

#[test]
fn wildcard_matches_items_and_properties() {
    let paths: &[SecretPath] = &[&["keys", "*", "value"]];
    assert_eq!(
        shown(r#"{"keys":[{"value":"x"},{"id":1}],"b":[{"value":"y"}]}"#, paths),
        r#"{"keys":[{"value":"***"},{"id":1}],"b":[{"value":"y"}]}"#
    );
    assert_eq!(shown(r#"{"keys":{"a.b":{"value":"x"}}}"#, paths), r#"{"keys":{"a.b":{"value":"***"}}}"#);
    assert_eq!(shown(r#"{"keys":{"value":"x"}}"#, paths), r#"{"keys":{"value":"x"}}"#);
}

#[test]
fn path_without_name_masks_scalars() {
    assert_eq!(shown(r#""hunter2""#, &[&[]]), "***");
    assert_eq!(shown("hunter2", &[&[]]), "***");
    assert_eq!(shown("", &[&[]]), "");
    assert_eq!(shown(r#"{"error":"no"}"#, &[&[]]), r#"{"error":"no"}"#);
    assert_eq!(shown(r#"{"a":"x","b":7,"c":["y"]}"#, &[&["*"]]), r#"{"a":"***","b":"***","c":["y"]}"#);
    assert_eq!(shown(r#"{"a":["x",{"b":true}]}"#, &[&["**"]]), r#"{"a":["***",{"b":"***"}]}"#);
}

#[test]
fn invalid_json_is_masked_by_name() {
    for body in [
        r#"{"filter":{"value":"hunter2"#,
        r#"{"filter":{"value":"hunter2"}},"#,
        r#"rejected: {"value": "hunter2"}"#,
        r#"{"message":"{\"value\":\"hunter2\"}"}"#,
        r#"{"message":"got {\"value\":\"hunter2"}"#,
        r#"["{\"a\":\"{\\\"value\\\":\\\"hunter2\\\"}\"}"]"#,
    ] {
        let shown = shown(body, TOKEN);
        assert!(!shown.contains("hunter2") && shown.contains("***"), "{body} -> {shown}");
    }
    let long = format!("{{\"value\":\"hunter2\",\"a\":\"{}\"}}", "x".repeat(100_000));
    assert!(!shown(&long, TOKEN).contains("hunter2"));
    assert_eq!(
        shown(r#"{"value":"a","m":"the \"value\" is wrong"}"#, TOKEN),
        r#"{"value":"a","m":"the \"value\" is wrong"}"#
    );
}

#[test]
fn masking_keeps_everything_else() {
    let text = "{ \"b\": 1.0e+2,\n\"a\": 12345678901234567890123, \"token\" :{ \"value\" : [1, \"}\"] } , \"c\": [ true,null ] }";
    let masked =
        "{ \"b\": 1.0e+2,\n\"a\": 12345678901234567890123, \"token\" :{ \"value\" : \"***\" } , \"c\": [ true,null ] }";
    assert_eq!(redact::mask_text(text, &[], TOKEN), masked);
    assert_eq!(redact::mask_text("{ } ", &[], &[]), "{ } ");
    assert_eq!(redact::mask_text(r#"{"value":"x"}"#, &["token"], TOKEN), r#"{"value":"***"}"#);
    assert_eq!(redact::mask_text(r#"{"value":"x"}"#, &["filter"], TOKEN), r#"{"value":"x"}"#);
}

#[test]
fn request_secrets_are_found_by_path() {
    let json = br#"{"token":{"value":"x"},"filter":{"value":"y"},"keys":[{"token":{"value":["z"]}}]}"#;
    let mut secrets = masked_json::secrets(json, &[], TOKEN);
    secrets.sort();
    assert_eq!(secrets, ["x", "z"]);
}

#[derive(Debug, Deserialize)]
struct Entry {
    #[expect(dead_code, reason = "only its deserialization matters")]
    value: bool,
}

fn decode_error(json: &str, paths: &[SecretPath]) -> String {
    json_text::<BTreeMap<String, Vec<Entry>>>(json.as_bytes()).unwrap_err().redacted(paths).to_string()
}

#[test]
fn decode_error_at_secret_quotes_no_value() {
    let paths: &[SecretPath] = &[&["token", "*", "value"]];
    let hidden = "does not match the spec (the value is a secret)";
    assert_eq!(decode_error(r#"{"token":[{"value":"hunter2"}]}"#, paths), format!("at token[0].value: {hidden}"));
    assert!(
        decode_error(r#"{"filter":[{"value":"shown"}]}"#, paths)
            .contains("at filter[0].value: invalid type: string \"shown\"")
    );
    let any: &[SecretPath] = &[&["*", "*", "value"]];
    let quoted = decode_error(r#"{"a.b[0]: at \"c":[{"value":"hunter2"}]}"#, any);
    assert_eq!(quoted, format!(r#"at ["a.b[0]: at \"c"][0].value: {hidden}"#));
}

#[test]
fn decode_error_in_union_or_at_unknown_path_is_hidden() {
    let reasons = [
        r#"at echo: at token: at value: invalid type: integer `90210731`, expected a string"#,
        r#"at echo["a: b"].token: at value.x[3]: invalid type: integer `90210731`"#,
        "at ?: invalid type: integer `90210731`",
        "at token.?: invalid type: integer `90210731`",
        "at [\"token: invalid type: integer `90210731`",
        "at token..value: invalid type: integer `90210731`",
        "at token value: invalid type: integer `90210731`",
    ];
    for reason in reasons {
        let shown = DecodeError::new(reason).redacted(TOKEN).to_string();
        assert!(!shown.contains("90210731"), "{reason} -> {shown}");
    }
    for reason in ["at filter: at value: `shown`", "at token: at filter.value: `shown`", "`shown`"] {
        assert_eq!(DecodeError::new(reason).redacted(TOKEN).to_string(), reason);
    }
    assert_eq!(DecodeError::new("at ?: `shown`").redacted(&[]).to_string(), "at ?: `shown`");
}
