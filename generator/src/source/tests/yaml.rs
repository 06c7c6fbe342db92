use super::*;

/// Reads YAML text with `serde_yaml` and returns it as a JSON value.
fn expected_json(text: &str) -> serde_json::Value {
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    value.apply_merge().unwrap();
    serde_json::to_value(value).unwrap()
}

#[test]
fn yaml_matches_serde_yaml() {
    let texts = [
        "a: 1\nb: two\nc: [x, 'y', \"z\\n\\u00e9\\x41\"]\n",
        "- a\n- - b\n  - c\n-\n  d: e\n- {f: g, 'h': [i, {j: k}]}\n",
        "list:\n- one\n- two: 2\n  three: 3\nafter: ~\nempty:\nblank: ''\n",
        "literal: |\n  one\n    two\n\n  three\nfolded: >-\n  four\n  five\n\n  six\nkeep: |+\n  seven\n\nlast: |2\n    eight\n",
        "plain: a multi\n  line scalar\nurl: http://x.y/z#w\ncolon: a:b\nhash: a#b # comment\n",
        "yes: no\non: off\ny: n\ntrue: True\nnull_: Null\n",
        "ints: [0, -1, 0x1F, 0o17, 12]\nfloats: [1.5, -0.5, 1e3, 1.5e-3]\nstrings: [1_000, 12:30, 2024-01-01, '1']\n",
        "200: ok\n'404': missing\n1.5: x\n",
        "base: &base {a: 1, b: [2, 3]}\ncopy: *base\nlist: [*base, *base]\n",
        "base: &base\n  a: 1\n  b: 2\nderived:\n  <<: *base\n  b: 3\n",
        "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  d: 4\n",
        "? key\n: value\n? other\n",
        "--- \na: b\n...\n",
        "%YAML 1.2\n---\na: b\n",
        "# comment\n\na: # comment\n  b # comment\n# end",
        "a: !!str 1\nb: !!int '2'\nc: !!str true\nd: !!map {e: !!seq []}\n",
        "é: 漢\n🦀: [ü, \"ö\"]\n",
        "a: 'it''s'\nb: \"tab\\tquote\\\"\"\nc: \"line\\\n  joined\"\n",
        "[a, {b: c}, [d]]",
        "just a string",
        "a:\tb\nc:\t\t-1\nd:\t _x\n\"e\tf\":\tg # :\th\ni: {j:\tk, l: [m:\ttrue]}\nn: 'o:\tp'\nq: |\n  r:\ts\n",
        "- a:\tb\n  c:\td e\n    f\n- \"g:\th\n  i:\tj\"\n- k:\tl:m\n",
        "a: [\n  b,\n  c,\n]\n",
    ];
    for text in texts {
        let node = tree("a.yaml", text);
        let read: serde_json::Value = serde_json::from_str(&node.to_json_text()).unwrap();
        assert_eq!(read, expected_json(text), "{text}");
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(tree("a.yaml", &crlf).to_json_text(), node.to_json_text(), "{text}");
        let marked = format!("\u{feff}{text}");
        assert_eq!(tree("a.yaml", &marked).to_json_text(), node.to_json_text(), "{text}");
    }
}

#[test]
fn yaml_values_have_locations() {
    let text = concat!(
        "plain: value  # comment\n",
        "'single': 'it''s'\n",
        "\"double\": \"\\u00e9\"\n",
        "漢: ü\n",
        "block: |\n  one\n  two\n\n",
        "folded: >-\n  one\n  two\n\nempty:\nnull: ~\n",
        "multi: one\n  two\n",
        "flow: {a: 1, b: [2 , 3 ]}\n",
        "list:\n- x\n-   y: 1\n    z: 2\n-\n",
        "anchor: &name 5\ntagged: !!str  6\nboth: !!str &other # comment\n  7\nalias: *name\n",
    );
    for (text, offset) in [(text.to_owned(), 0), (text.replace('\n', "\r\n"), 0), (format!("\u{feff}{text}"), 3)] {
        let root = tree("a.yaml", &text);
        assert_eq!(root.span.start, offset);
        let slice = |node: &Node| text[node.span.start..node.span.end].replace('\r', "");
        assert_eq!(slice(&root), text[offset..].replace('\r', "").trim_end());
        let of = |key: &str| slice(root.get(key).unwrap());
        assert_eq!(of("plain"), "value");
        assert_eq!(of("single"), "'it''s'");
        assert_eq!(of("double"), "\"\\u00e9\"");
        assert_eq!(of("漢"), "ü");
        assert_eq!(of("block"), "|\n  one\n  two");
        assert_eq!(of("folded"), ">-\n  one\n  two");
        assert_eq!(of("empty"), "");
        assert_eq!(of("null"), "~");
        assert_eq!(of("multi"), "one\n  two");
        assert_eq!(of("flow"), "{a: 1, b: [2 , 3 ]}");
        assert_eq!(slice(root.get("flow").unwrap().get("b").unwrap()), "[2 , 3 ]");
        assert_eq!(of("list"), "- x\n-   y: 1\n    z: 2\n-");
        let list = root.get("list").unwrap().elements();
        assert_eq!(list.iter().map(slice).collect::<Vec<_>>(), ["x", "y: 1\n    z: 2", ""]);
        assert_eq!(of("anchor"), "5");
        assert_eq!(of("tagged"), "6");
        assert_eq!(of("both"), "7");
        assert_eq!(of("alias"), "*name");
        for entry in root.entries() {
            let key = &text[entry.key_span.start..entry.key_span.end];
            assert_eq!(key.trim_matches(['\'', '"']), entry.key);
        }
    }
}

#[test]
fn alias_copy_has_alias_location_but_nested_values_do_not() {
    let text = "a: &a\n  b: 1\nc: *a\n";
    let root = tree("a.yaml", text);
    let copy = root.get("c").unwrap();
    assert_eq!(&text[copy.span.start..copy.span.end], "*a");
    let nested = copy.get("b").unwrap();
    assert_eq!(&text[nested.span.start..nested.span.end], "1");
}

#[test]
fn explicit_properties_override_merged_ones() {
    let text = "x: &x {a: 1, b: 1}\ny:\n  c: 3\n  <<: *x\n  b: 2\n'<<': plain\n";
    assert_eq!(tree("a.yaml", text).to_json_text(), r#"{"x":{"a":1,"b":1},"y":{"c":3,"b":2,"a":1},"<<":"plain"}"#);
}

#[test]
fn long_integers_keep_digits() {
    let text = "hex: 0xFFEEDDCCBBAA99887766554433221100\ndecimal: 340282366920938463463374607431768211456\n";
    let expected = concat!(
        r#"{"hex":340193404210632335760508365704335069440,"#,
        r#""decimal":340282366920938463463374607431768211456}"#
    );
    assert_eq!(tree("a.yaml", text).to_json_text(), expected);
}

#[test]
fn yaml_errors_have_locations() {
    let cases = [
        ("", Code::Syntax, "", "the document is empty"),
        ("# nothing\n", Code::Syntax, "", "the document is empty"),
        ("a: 1\n---\nb: 2\n", Code::Syntax, "---", "a second document starts here"),
        ("a: 1\nb: 2\na: 3\n", Code::DuplicateKey, "a", "duplicate key `a`"),
        ("200: a\n'200': b\n", Code::DuplicateKey, "'200'", "duplicate key `200`"),
        ("a: .inf\n", Code::Syntax, ".inf", "JSON does not support the number `.inf`"),
        ("a: !custom b\n", Code::Syntax, "b", "the YAML tag has no corresponding JSON type"),
        ("a: !!int b\n", Code::Syntax, "b", "this value does not match its tag `!!int`"),
        ("a: !!binary aGk=\n", Code::Syntax, "aGk=", "the YAML tag has no corresponding JSON type"),
        ("? [a]\n: b\n", Code::Syntax, "[", "a property name must be a string, but this key is an array or an object"),
        ("a: &x [*x]\n", Code::Syntax, "*x", "the alias refers to a value that contains the alias"),
        ("a: {<<: 1}\n", Code::Syntax, "1", "the value of the merge key `<<` must be an object"),
    ];
    for (text, code, location, message) in cases {
        assert_eq!(error("a.yaml", text), (code, location.to_owned(), message.to_owned()), "{text}");
    }
    // Errors of the YAML scanner, whose messages are not checked.
    for text in
        ["a: b: c\n", "a: [1, 2\n", "a:\n\tb: 1\n", "a: *unknown\n", "a: 'x\n", "{a: 1\n", "a: @b\n", "- a\nb: c\n"]
    {
        let (code, _, message) = error("a.yaml", text);
        assert_eq!(code, Code::Syntax, "{text}");
        assert!(message.starts_with("invalid YAML: "), "{text}");
    }
}

#[test]
fn pasted_json_may_have_no_indentation() {
    let text = concat!(
        "a:\n    example: {\n      \"m\": \"j\",\n  \"n\": [\n1\n]\n    }\n    text: \"one\n  two\n\n  three\"\n",
        "    block: |\n      {\n    list:\n    - [\n      'x'\n    ]\n",
    );
    let expected = r#"{"a":{"example":{"m":"j","n":[1]},"text":"one two\nthree","block":"{\n","list":[["x"]]}}"#;
    for text in [text.to_owned(), format!("\u{feff}# é漢\n{}", text.replace('\n', "\r\n"))] {
        let root = tree("a.yaml", &text);
        assert_eq!(root.to_json_text(), expected);
        let a = root.get("a").unwrap();
        let slice = |node: &Node| text[node.span.start..node.span.end].replace('\r', "");
        assert_eq!(slice(a.get("example").unwrap()), "{\n      \"m\": \"j\",\n  \"n\": [\n1\n]\n    }");
        assert_eq!(slice(a.get("list").unwrap()), "- [\n      'x'\n    ]");
        let mut scalars = Vec::new();
        collect_scalars(&root, &text, &mut scalars);
        let scalars: Vec<_> = scalars.into_iter().map(|(_, slice)| slice.replace('\r', "")).collect();
        let quoted = "\"one\n  two\n\n  three\"";
        let wanted =
            ["a", "example", "\"m\"", "\"j\"", "\"n\"", "1", "text", quoted, "block", "|\n      {", "list", "'x'"];
        assert_eq!(scalars, wanted);
    }
    // An error after the inserted spaces has the correct location.
    let (code, location, _) = error("a.yaml", &text.replace("- [", "- @"));
    assert_eq!((code, location.as_str()), (Code::Syntax, "@"));
}
