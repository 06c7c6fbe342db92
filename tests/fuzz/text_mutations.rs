//! Random mutations of a document as text, which may no longer be valid YAML or JSON.

use proptest::prelude::*;

/// Strings that mutations insert. Each is difficult for the readers, for escaping or for naming.
pub const FRAGMENTS: &[&str] = &[
    // Whitespace, control characters and invisible characters.
    "",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}",
    "\u{2066}",
    "\u{e0041}",
    "\u{1b}[31m",
    "\u{1b}]0;zqx\u{7}",
    "\u{9b}2J",
    // Syntax of Rust.
    "'",
    "\"",
    "\\",
    "*/ zqx!(); /*",
    "\"#; zqx!(); r#\"",
    "\"; zqx!(); \"",
    "\"###; zqx!(); r###\"",
    "\nzqx!();\n",
    "\r///\rzqx!();",
    "\"]\nzqx!();\n#[doc=\"",
    "() {} zqx!{} fn x",
    "concat!(zqx!())",
    "{0} {zqx} {zqx!()}",
    // Syntax of Jinja, shell and TOML.
    "{{ zqx!() }}",
    "{% zqx!() %}",
    "{% raw %}{# zqx!() #}",
    "`$(zqx!)`",
    "'; zqx!; echo '",
    "\\\nzqx! && $zqx",
    "\"\n[dependencies]\nzqx = \"*\"\n#",
    "\"\"\"\nzqx = 1",
    "'\\u0022\nzqx = 1",
    // Syntax of Markdown.
    "]] zqx!() [[",
    "```\nzqx!();\n```",
    "```rust\nzqx!();",
    "~~~rust\nzqx!();\n~~~",
    "\n\n    zqx!();\n",
    "\n\n\tzqx!();\n",
    "* a\n\n      zqx!();\n",
    "> ```\n> zqx!();\n",
    "\n*      zqx!();\n",
    "\n1.\t\t zqx!();\n",
    "<script>zqx!()</script>",
    "\\`<b>zqx!()</b>`",
    "\\<b>zqx!()</b>",
    "`\n<b title=`zqx!()`>",
    "<!-- zqx!() ",
    "<?zqx ?>",
    "<![CDATA[zqx]]>",
    "[zqx](javascript:zqx!())",
    "\\[zqx](javascript:zqx!())",
    "\n[zqx]: javascript:zqx!()\n[zqx]",
    "![zqx](data:zqx)",
    "<javascript:zqx!()>",
    "&lt;b&gt; &#60;zqx",
    "| zqx!() | `|` |",
    "\n|a|\n|-|\n|zqx|\n",
    "\n# zqx!()\n===",
    "https://example.com/?zqx!()`<b>",
    // Lines that GitHub Actions executes as commands if a log contains them.
    "\n::error file=zqx::zqx",
    "%0A::set-output name=zqx::x",
    // Syntax of YAML and JSON.
    "&a [*a, *a]",
    "*a",
    "<<: *a",
    "!!binary ",
    "!!python/object:zqx ",
    "---\n",
    "...\n",
    "? ",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    "|\n",
    ">-\n",
    "null",
    "true",
    "no",
    "012",
    "0x1F",
    "1e3",
    "-1",
    "1e400",
    ".inf",
    "340282366920938463463374607431768211456",
    "0.1",
    "\\ud800",
    // Strings that are difficult as names of files or Rust items.
    "../../../etc/passwd",
    "/etc/passwd",
    "C:\\zqx",
    "CON",
    "nul.txt",
    "..",
    "a.",
    ".git",
    "mod",
    "main",
    "lib",
    "self",
    "Self",
    "crate",
    "r#type",
    "r#",
    "_",
    "gen",
    "union",
    "'static",
    "Option",
    "String",
    "Client",
    "Error",
    "models",
    "operations",
    "runtime",
    "1",
    "1.0",
    "\u{661}",
    "²",
    "é",
    "e\u{301}",
    "ß",
    "İ",
    "ǆ",
    "\u{212a}",
    "漢字",
    "🦀",
    "a\u{200d}b",
    "zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx_zqx",
    // Parts of OpenAPI documents.
    "$ref: '#/components/schemas/Pet'",
    "$ref: '#'",
    "$ref: '#/'",
    "$ref: '../../x.yaml#/a'",
    "#/components/schemas/Pet",
    "{id}",
    "/{id}/{id}",
    "%7Bid%7D",
    "x-rust-name: fn",
    "allOf: []",
    "oneOf: []",
    "nullable: true",
    "type: object",
    "type: array",
    "format: password",
    "enum: []",
    "additionalProperties: false",
    "discriminator: {propertyName: kind}",
    "required: [a, a]",
    "in: body",
    "style: deepObject",
    "explode: true",
];

/// A mutation of text. Each `f64` selects an offset: 0.0 is the start of the text, 1.0 its end.
#[derive(Debug, Clone)]
pub enum TextMutation {
    Insert(f64, usize),
    Delete(f64, f64),
    Repeat(f64, f64),
    Swap(f64, f64),
}

pub fn text_mutations() -> impl Strategy<Value = Vec<TextMutation>> {
    let fraction = || 0.0..1.0;
    let mutation = prop_oneof![
        4 => (fraction(), 0..FRAGMENTS.len()).prop_map(|(at, fragment)| TextMutation::Insert(at, fragment)),
        2 => (fraction(), fraction()).prop_map(|(at, length)| TextMutation::Delete(at, length)),
        1 => (fraction(), fraction()).prop_map(|(at, length)| TextMutation::Repeat(at, length)),
        1 => (fraction(), fraction()).prop_map(|(one, other)| TextMutation::Swap(one, other)),
    ];
    prop::collection::vec(mutation, 1..6)
}

/// Applies mutations to a copy of `text`. Ranges are mostly short, and end at character boundaries.
pub fn mutate_text(text: &str, mutations: &[TextMutation]) -> String {
    let mut text = text.to_owned();
    for mutation in mutations {
        let offset = |fraction: f64| {
            let mut at = (fraction * text.len() as f64) as usize;
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        // Square the fraction, so that most ranges are short.
        let end = |at: usize, fraction: f64| {
            let mut end = at + (fraction * fraction * (text.len() - at) as f64) as usize;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            end.max(at)
        };
        text = match *mutation {
            TextMutation::Insert(at, fragment) => {
                let at = offset(at);
                format!("{}{}{}", &text[..at], FRAGMENTS[fragment], &text[at..])
            }
            TextMutation::Delete(at, length) => {
                let (at, end) = (offset(at), end(offset(at), length));
                format!("{}{}", &text[..at], &text[end..])
            }
            TextMutation::Repeat(at, length) => {
                let (at, end) = (offset(at), end(offset(at), length));
                format!("{}{}", &text[..end], &text[at..])
            }
            TextMutation::Swap(one, other) => swapped(&text, offset(one), offset(other)),
        };
    }
    text
}

/// Returns the text with the lines at two offsets swapped.
fn swapped(text: &str, one: usize, other: usize) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let line = |at: usize| text[..at].matches('\n').count();
    lines.swap(line(one), line(other));
    lines.join("\n")
}
