//! Mutations of a document as text: applies a few random changes.

use proptest::prelude::*;

/// The pieces that are inserted: strings that are difficult for readers, escaping and naming.
pub const PIECES: &[&str] = &[
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
    // Rust.
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
    // Jinja, shell, TOML.
    "{{ zqx!() }}",
    "{% zqx!() %}",
    "{% raw %}{# zqx!() #}",
    "`$(zqx!)`",
    "'; zqx!; echo '",
    "\\\nzqx! && $zqx",
    "\"\n[dependencies]\nzqx = \"*\"\n#",
    "\"\"\"\nzqx = 1",
    "'\\u0022\nzqx = 1",
    // Markdown.
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
    // Log commands.
    "\n::error file=zqx::zqx",
    "%0A::set-output name=zqx::x",
    // YAML and JSON.
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
    // Names.
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
    // OpenAPI.
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

/// A change, with locations as fractions of the text.
#[derive(Debug, Clone)]
pub enum Change {
    Insert(f64, usize),
    Delete(f64, f64),
    Repeat(f64, f64),
    Swap(f64, f64),
}

pub fn changes() -> impl Strategy<Value = Vec<Change>> {
    let share = || 0.0..1.0;
    let change = prop_oneof![
        4 => (share(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        2 => (share(), share()).prop_map(|(at, length)| Change::Delete(at, length)),
        1 => (share(), share()).prop_map(|(at, length)| Change::Repeat(at, length)),
        1 => (share(), share()).prop_map(|(one, other)| Change::Swap(one, other)),
    ];
    prop::collection::vec(change, 1..6)
}

/// Applies the changes; whole characters are cut and moved, mostly short ranges.
pub fn mutated(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_owned();
    for change in changes {
        let place = |share: f64| {
            let mut at = (share * text.len() as f64) as usize;
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        // The square of a fraction is mostly small.
        let end = |at: usize, share: f64| {
            let mut end = at + (share * share * (text.len() - at) as f64) as usize;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            end.max(at)
        };
        text = match *change {
            Change::Insert(at, piece) => {
                let at = place(at);
                format!("{}{}{}", &text[..at], PIECES[piece], &text[at..])
            }
            Change::Delete(at, length) => {
                let (at, end) = (place(at), end(place(at), length));
                format!("{}{}", &text[..at], &text[end..])
            }
            Change::Repeat(at, length) => {
                let (at, end) = (place(at), end(place(at), length));
                format!("{}{}", &text[..end], &text[at..])
            }
            Change::Swap(one, other) => swapped(&text, place(one), place(other)),
        };
    }
    text
}

/// Returns the text with the lines at two locations swapped.
fn swapped(text: &str, one: usize, other: usize) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let line = |at: usize| text[..at].matches('\n').count();
    lines.swap(line(one), line(other));
    lines.join("\n")
}
