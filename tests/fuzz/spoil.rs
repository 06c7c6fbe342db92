//! How a document is spoilt: a text and a few random changes come in, another text goes out.

use proptest::prelude::*;

/// What a change puts in: what readers, escapers and namers stumble over.
pub const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "'",
    "\"",
    "\\",
    "*/ zqx!(); /*",
    "\"#; zqx!(); r#\"",
    "\nzqx!();\n",
    "\r///\rzqx!();",
    "{{ zqx!() }}",
    "{% zqx!() %}",
    "`$(zqx!)`",
    "]] zqx!() [[",
    "```\nzqx!();\n```",
    "<script>zqx!()</script>",
    "&a [*a, *a]",
    "<<: *a",
    "!!binary ",
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
    "1e3",
    "-1",
    "1e400",
    "340282366920938463463374607431768211456",
    "0.1",
    "$ref: '#/components/schemas/Pet'",
    "$ref: '#'",
    "$ref: '#/'",
    "$ref: '../../x.yaml#/a'",
    "../../../etc/passwd",
    "CON",
    "self",
    "Self",
    "crate",
    "r#type",
    "Option",
    "{id}",
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

/// One change, its places as shares of the text.
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

/// Applies the changes; what is cut and moved are whole characters, and mostly short.
pub fn spoilt(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_owned();
    for change in changes {
        let place = |share: f64| {
            let mut at = (share * text.len() as f64) as usize;
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        // The square of a share is mostly small.
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

/// The text with the lines at two places swapped.
fn swapped(text: &str, one: usize, other: usize) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let line = |at: usize| text[..at].matches('\n').count();
    lines.swap(line(one), line(other));
    lines.join("\n")
}
