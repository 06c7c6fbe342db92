use super::*;

/// Returns the code and location of the first diagnostic of an invalid document.
fn rejected(path: &str, bytes: impl Into<Vec<u8>>) -> (Code, Span) {
    let (node, diagnostics, _) = read(path, bytes);
    assert!(node.is_none());
    let diagnostic = diagnostics.sorted()[0];
    (diagnostic.code, diagnostic.span.unwrap())
}

#[test]
fn invalid_encoding_has_location() {
    let cases: [(&[u8], usize, usize); 6] = [
        (b"\xFF\xFEa\0", 0, 2),
        (b"\xFE\xFF\0a", 0, 2),
        (b"a: b\nc: \xC3(\n", 8, 9),
        (b"a: \xE2\x82", 3, 5),
        (b"\xEF\xBB\xBFa: \xFF", 6, 7),
        (b"a: b\0c", 4, 5),
    ];
    for (bytes, start, end) in cases {
        for path in ["a.yaml", "a.json"] {
            let (code, span) = rejected(path, bytes);
            assert_eq!((code, span.start, span.end), (Code::Syntax, start, end), "{bytes:?}");
        }
    }
}

#[test]
fn nesting_is_limited() {
    let depth = 100_000;
    let (open, close) = ("[".repeat(depth), "]".repeat(depth));
    let objects = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let blocks: String = (0..1000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    for (path, text) in [
        ("a.json", format!("{open}{close}")),
        ("a.json", open.clone()),
        ("a.json", objects.clone()),
        ("a.yaml", format!("{open}{close}")),
        ("a.yaml", objects),
        ("a.yaml", format!("a: {open}")),
        ("a.yaml", "- ".repeat(depth)),
        ("a.yaml", blocks),
    ] {
        assert_eq!(rejected(path, text).0, Code::Limit, "{path}");
    }
}

#[test]
fn maximum_nesting_is_read() {
    let depth = Limits::default().depth;
    let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(tree("a.json", &text).to_json_text(), text);
    assert_eq!(tree("a.yaml", &format!("\n# YAML\n{text}")).to_json_text(), text);
}

#[test]
fn alias_expansion_is_limited() {
    let mut wide = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..12 {
        let copies = vec![format!("*a{}", level - 1); 9].join(", ");
        wide.push_str(&format!("a{level}: &a{level} [{copies}]\n"));
    }
    assert_eq!(rejected("a.yaml", wide).0, Code::Limit);

    // Each alias adds one nesting level.
    let mut deep = String::from("a0: &a0 [x]\n");
    for level in 1..1000 {
        deep.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert_eq!(rejected("a.yaml", deep).0, Code::Limit);
}

#[test]
fn size_is_limited() {
    let limits = Limits { bytes: 1000, values: 100, ..Limits::default() };
    let read = |path: &str, text: String| {
        let mut sources = Sources::new();
        let source = sources.add(path, text);
        let mut diagnostics = Diagnostics::new();
        assert!(Document::read_with_limits(&sources, source, &limits, &mut diagnostics).is_none());
        diagnostics.sorted()[0].code
    };
    for path in ["a.json", "a.yaml"] {
        assert_eq!(read(path, " ".repeat(1001)), Code::Limit);
        assert_eq!(read(path, format!("[{}1]", "1,".repeat(150))), Code::Limit);
    }
    assert_eq!(read("a.yaml", "- 1\n".repeat(150)), Code::Limit);
}

/// With quadratic time, this test would run for hours.
#[test]
fn long_unusual_texts_are_read() {
    let texts = [
        " ".repeat(200_000),
        "\n".repeat(200_000),
        "a".repeat(200_000),
        format!("{}: 1", "a".repeat(200_000)),
        format!("a: {}", "b ".repeat(100_000)),
        format!("a: \"{}\"", "\\u0041".repeat(100_000)),
        "#".repeat(200_000),
        "&a ".repeat(10_000),
        "!a ".repeat(10_000),
        "? ".repeat(10_000),
        "a: ".repeat(10_000),
        "{".repeat(100_000),
        "{a".repeat(100_000),
        ",".repeat(100_000),
        "a: |\n".to_owned() + &" x\n".repeat(200_000),
        "a: b\n".repeat(50_000),
        format!("a: 0x{}", "f".repeat(200_000)),
        format!("a: {}", "9".repeat(200_000)),
        "\u{202e}\u{feff}\u{0007}: \u{1b}[31m".to_owned(),
        "%TAG ! x\n".repeat(10_000),
        "---\n".repeat(100_000),
    ];
    for text in texts {
        for path in ["a.yaml", "a.json"] {
            let (_, diagnostics, sources) = read(path, text.as_str());
            let shown = crate::diagnostics::render(&diagnostics, &sources, &Default::default());
            assert!(shown.len() < 100_000);
        }
    }
}
