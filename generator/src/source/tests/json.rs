use super::*;

#[test]
fn json_matches_serde_json() {
    let texts = [
        "{}",
        " [ ] ",
        "null",
        r#"{"a": [1, -2.5e+3, 0, -0, 1E5], "b": {"c": true, "d": false, "e": null}, "": "é漢🦀"}"#,
        r#""\" \\ \/ \b \f \n \r \t \u00e9 \ud83e\udd80 \uFFFF""#,
        "\"\u{7f}\u{2028}\"",
        "\u{feff}{\"a\":\t1\r\n}",
    ];
    for text in texts {
        let expected: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let node = tree("a.json", text);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&node.to_json_text()).unwrap(), expected, "{text}");
    }
}

#[test]
fn json_values_have_locations() {
    let text = "{\"a\" : [1 , \"two\\n\"],\n \"é\": {\"b\":null}}\n";
    let root = tree("a.json", text);
    let slice = |node: &Node| &text[node.span.start..node.span.end];
    assert_eq!(slice(&root), text.trim_end());
    assert_eq!(slice(root.get("a").unwrap()), "[1 , \"two\\n\"]");
    assert_eq!(slice(root.get("é").unwrap()), "{\"b\":null}");
    let mut scalars = Vec::new();
    collect_scalars(&root, text, &mut scalars);
    let scalars: Vec<_> = scalars.into_iter().map(|(_, slice)| slice).collect();
    assert_eq!(scalars, ["\"a\"", "1", "\"two\\n\"", "\"é\"", "\"b\"", "null"]);
}

#[test]
fn numbers_keep_every_digit() {
    let digits = "340282366920938463463374607431768211455.00000000000000000000000001e-400";
    assert_eq!(tree("a.json", &format!("[{digits}]")).elements()[0].to_json_text(), digits);
}

#[test]
fn json_errors_have_locations() {
    let cases = [
        ("", "", "the document is empty"),
        ("{\"a\": 1,}", "}", "a property is missing"),
        ("[1,]", "]", "a value is missing"),
        ("[1 2]", "2", "a comma is missing"),
        ("{\"a\" 1}", "1", "a colon is missing"),
        ("{a: 1}", "a", "a property name is missing"),
        ("{'a': 1}", "'", "a property name is missing"),
        ("{\"a\": 'b'}", "'", "JSON strings are written in double quotes"),
        ("{\"a\": 1} é", "é", "unexpected content after the end of the document"),
        ("[tru]", "tru", "invalid JSON value"),
        ("[é]", "é", "invalid JSON value"),
        ("[NaN]", "NaN", "JSON does not support the number `NaN`"),
        ("// no\n{}", "/", "JSON has no comments"),
        ("[01]", "01", "invalid number"),
        ("[1.]", "1.", "invalid number"),
        ("[-]", "-", "invalid number"),
        ("[.5]", ".", "invalid JSON value"),
        ("[+1]", "+", "invalid JSON value"),
        ("[2024-01-01]", "2024-01-01", "invalid number"),
        ("[\"a", "\"a", "a string is not closed"),
        ("[\"a\n\"]", "\"a", "a string is not closed"),
        ("[\"\t\"]", "\t", "a string contains a control character"),
        (r#"["\x"]"#, r"\x", "invalid escape"),
        (r#"["\u12"]"#, r"\u", "invalid escape"),
        (r#"["\u+123"]"#, r"\u", "invalid escape"),
        (r#"["\ud83e"]"#, r"\ud83e", "incomplete surrogate pair"),
        (r#"["\ud83e\u0041"]"#, r"\ud83e", "incomplete surrogate pair"),
        (r#"["\udd80"]"#, r"\udd80", "incomplete surrogate pair"),
        ("{\"a\": [1, 2", "", "the document ends too early"),
        ("{\"a\":", "", "the document ends too early"),
    ];
    for (text, location, message) in cases {
        assert_eq!(error("a.json", text), (Code::Syntax, location.to_owned(), message.to_owned()), "{text}");
    }
}

#[test]
fn duplicate_key_shows_both_locations() {
    let text = "{\"a\": 1, \"b\": 2, \"\\u0061\": 3}";
    let (node, diagnostics, _) = read("a.json", text);
    let duplicate = diagnostics.sorted()[0];
    assert_eq!(duplicate.code, Code::DuplicateKey);
    assert_eq!(&text[duplicate.span.unwrap().start..duplicate.span.unwrap().end], "\"\\u0061\"");
    assert_eq!(&text[duplicate.related[0].0.start..duplicate.related[0].0.end], "\"a\"");
    // The first of the two properties is used, so that the document can be checked further.
    assert_eq!(node.unwrap().to_json_text(), r#"{"a":1,"b":2}"#);
}

#[test]
fn json_is_detected_by_content() {
    // A YAML reader would decode the surrogate pair as two invalid characters.
    assert_eq!(tree("a.yaml", r#"{"a": "\ud83e\udd80"}"#).to_json_text(), r#"{"a":"🦀"}"#);
    assert_eq!(tree("a", "{a: b, 'c': [d]}").to_json_text(), r#"{"a":"b","c":["d"]}"#);
}
