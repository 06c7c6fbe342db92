//! Normalizes white space that the YAML scanner rejects, although most YAML readers accept it.
//!
//! ```yaml
//! title:<tab>Seats
//! ```
//!
//! YAML allows tabs between a key and its value, but the scanner requires a space before a plain scalar. Tabs after a
//! colon are replaced by spaces.
//!
//! YAML requires that lines of flow collections and quoted strings are indented more than their parent. Pasted JSON
//! often has too little indentation:
//!
//! ```yaml
//! example: {
//!   "name": "x"
//! }
//! ```
//!
//! Such lines are indented further. The values do not change, because the indentation of these lines has no meaning.

/// An insertion of spaces: the byte offset of its end in the new text, and the total number of bytes inserted up to
/// this offset.
pub(super) type Shift = (usize, usize);

/// The maximum start column of a value whose lines are indented further. Without this limit, a small document with many
/// such lines could become very large.
const MAX_COLUMN: usize = 200;

/// Returns the text with normalized white space, and the inserted spaces. Returns `None` if the text needs no change.
pub(super) fn normalized(text: &str) -> Option<(String, Vec<Shift>)> {
    let mut scan = Scan {
        out: String::with_capacity(text.len() + 1024),
        shifts: Vec::new(),
        inserted: 0,
        replaced: false,
        open: Open::Block,
    };
    // The minimum indentation of a value that starts on the current line. `None` unless the previous line ends with a
    // key or a dash.
    let mut awaited: Option<usize> = Some(0);
    // The minimum indentation of the lines of a block scalar.
    let mut scalar: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start_matches(' ');
        let indent = line.len() - body.len();
        let content = body.trim_end();
        if scalar.is_some_and(|min_indent| indent >= min_indent || content.is_empty()) {
            scan.out.push_str(line);
            continue;
        }
        scalar = None;
        if !matches!(scan.open, Open::Block) {
            scan.indent_to(indent);
            scan.out.push_str(line.get(..indent).unwrap_or_default());
            scan.inside(body);
            awaited = None;
            continue;
        }
        scan.out.push_str(line.get(..indent).unwrap_or_default());
        let value = value(body, indent, awaited);
        if !content.is_empty() && !content.starts_with('#') {
            awaited = value.filter(|_| content.ends_with([':', '-'])).map(|value| value.min_indent);
        }
        let Some(Value { colon, at, min_indent }) = value else {
            scan.out.push_str(body);
            continue;
        };
        let (before, rest) = body.split_at_checked(at).unwrap_or((body, ""));
        match colon.and_then(|colon| before.split_at_checked(colon + 1)) {
            Some((key, between)) => {
                scan.out.push_str(key);
                scan.after_colon(between);
            }
            None => scan.out.push_str(before),
        }
        match rest.chars().next() {
            Some('|' | '>') => {
                scalar = Some(min_indent);
                scan.out.push_str(rest);
            }
            Some('{' | '[' | '"' | '\'') => {
                scan.open = Open::Value { column: indent + at, depth: 0, quote: None, token_start: true };
                scan.inside(rest);
            }
            _ => scan.out.push_str(rest),
        }
    }
    (scan.inserted > 0 || scan.replaced).then_some((scan.out, scan.shifts))
}

/// Converts an offset in the normalized text to an offset in the original text.
pub(super) fn original(byte: usize, shifts: &[Shift]) -> usize {
    let count = shifts.partition_point(|&(end, _)| end <= byte);
    let inserted = count.checked_sub(1).and_then(|last| shifts.get(last)).map_or(0, |&(_, inserted)| inserted);
    byte - inserted
}

/// A value that starts in a line in block style. Offsets are relative to the end of the line's indentation.
#[derive(Debug, Clone, Copy)]
struct Value {
    /// The byte offset of the colon after the key. `None` for a value without a key.
    colon: Option<usize>,
    /// The byte offset of the start of the value.
    at: usize,
    /// The minimum indentation of further lines of the value.
    min_indent: usize,
}

/// Finds the value in a line. `body` is the line without its indentation. If the previous line ends with a key or a
/// dash, `awaited` is the minimum indentation of its value.
fn value(body: &str, indent: usize, awaited: Option<usize>) -> Option<Value> {
    let mut at = 0;
    let mut min_indent = awaited;
    // Skip dashes and question marks: a value or a key can follow them.
    while let Some(rest) = body.get(at..)
        && let Some(after) = rest.strip_prefix(['-', '?'])
        && after.starts_with(char::is_whitespace)
    {
        min_indent = Some(indent + at + 1);
        at += 1 + blank(after);
    }
    let colon = body.get(at..).and_then(key).map(|colon| at + colon);
    if let Some(colon) = colon {
        min_indent = Some(indent + at + 1);
        at = colon + 1;
        at += body.get(at..).map_or(0, blank);
    }
    // Skip anchors and tags.
    while let Some(rest) = body.get(at..).filter(|rest| rest.starts_with(['&', '!'])) {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        at += end + rest.get(end..).map_or(0, blank);
    }
    min_indent.map(|min_indent| Value { colon, at, min_indent })
}

/// Returns the length of leading spaces and tabs.
fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// Returns the byte offset of the colon after the key. Returns `None` if the text does not start with a key.
fn key(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
    let from = match quote {
        Some(quote) => 1 + text.get(1..)?.find(quote)? + 1,
        None if text.starts_with(['{', '[', '#', '|', '>']) => return None,
        None => 0,
    };
    let rest = text.get(from..)?;
    let colon = rest.match_indices(':').find(|&(at, _)| {
        rest.get(at + 1..).is_none_or(|after| after.is_empty() || after.starts_with([' ', '\t', '\r', '\n']))
    });
    let (at, _) = colon?;
    // Ignore a colon in a comment.
    let comment = rest.find(" #").is_some_and(|comment| comment < at);
    (!comment).then_some(from + at)
}

/// The state of the normalization of a text, line by line.
struct Scan {
    out: String,
    shifts: Vec<Shift>,
    inserted: usize,
    /// Whether a tab was replaced.
    replaced: bool,
    open: Open,
}

enum Open {
    /// Block style: no flow collection or quoted string is open.
    Block,
    /// A flow collection or quoted string that starts at `column` and is not closed yet.
    Value { column: usize, depth: usize, quote: Option<char>, token_start: bool },
}

impl Scan {
    /// Adds the missing indentation of a line inside an open flow collection or quoted string.
    fn indent_to(&mut self, indent: usize) {
        let Open::Value { column, .. } = self.open else { return };
        let missing = (column + 1).saturating_sub(indent);
        if missing == 0 || column > MAX_COLUMN {
            return;
        }
        self.out.extend(std::iter::repeat_n(' ', missing));
        self.inserted += missing;
        self.shifts.push((self.out.len(), self.inserted));
    }

    /// Appends the white space between a colon and its value, with leading tabs replaced by spaces.
    fn after_colon(&mut self, between: &str) {
        let rest = between.trim_start_matches('\t');
        let tabs = between.len() - rest.len();
        self.out.extend(std::iter::repeat_n(' ', tabs));
        self.replaced |= tabs > 0;
        self.out.push_str(rest);
    }

    /// Appends the rest of a line inside an open flow collection or quoted string, and updates the nesting of brackets
    /// and quotes.
    fn inside(&mut self, rest: &str) {
        let Open::Value { depth, quote, token_start, .. } = &mut self.open else { return self.out.push_str(rest) };
        let mut characters = rest.chars();
        let mut previous = ' ';
        // Whether the previous character is a colon, which may end a key, or one of the tabs that directly follow such
        // a colon.
        let mut after_colon = false;
        while let Some(character) = characters.next() {
            let begins = *token_start;
            let replaced = after_colon && character == '\t';
            self.replaced |= replaced;
            self.out.push(if replaced { ' ' } else { character });
            after_colon = replaced || quote.is_none() && character == ':';
            match (*quote, character) {
                (Some('"'), '\\') => self.out.extend(characters.next()),
                (Some('\''), '\'') if characters.as_str().starts_with('\'') => self.out.extend(characters.next()),
                (Some(open), _) if open == character => {
                    *quote = None;
                    *token_start = false;
                }
                (Some(_), _) => {}
                (None, '"' | '\'') if begins => *quote = Some(character),
                (None, '#') if previous.is_whitespace() => break,
                (None, '{' | '[') => {
                    *depth += 1;
                    *token_start = true;
                }
                (None, '}' | ']') => {
                    *depth = depth.saturating_sub(1);
                    *token_start = false;
                }
                (None, ',' | ':') => *token_start = true,
                (None, blank) if blank.is_whitespace() => {}
                (None, _) => *token_start = false,
            }
            if *depth == 0 && quote.is_none() {
                self.open = Open::Block;
                break;
            }
            previous = character;
        }
        self.out.push_str(characters.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_flow_values_are_indented() {
        let text = "a:\n  b: {\n    \"c\": \"}\"\n  }\n  d: [\n  1\n]\n  e: \"x\n y\"\n";
        let (indented, shifts) = normalized(text).unwrap();
        let expected = "a:\n  b: {\n      \"c\": \"}\"\n      }\n  d: [\n      1\n      ]\n  e: \"x\n      y\"\n";
        assert_eq!(indented, expected);
        for (wanted, character) in text.char_indices().filter(|(_, character)| "abcde1xy\"{}[]".contains(*character)) {
            let occurrence = text[..wanted].matches(character).count();
            let (at, _) = indented.match_indices(character).nth(occurrence).unwrap();
            assert_eq!(original(at, &shifts), wanted, "{character}");
        }
    }

    #[test]
    fn tabs_after_colons_become_spaces() {
        for (text, expected) in [
            ("a:\tb\n", "a: b\n"),
            ("- a:\t\tb\tc\n  \"d\te\":\tf\n", "- a:  b\tc\n  \"d\te\": f\n"),
            ("a: {b:\tc, \"d:\te\":\ttrue}\n", "a: {b: c, \"d:\te\": true}\n"),
            ("a:\tb\nc: |\n  d:\te\nf: 'g:\th\n    i:\tj'\n", "a: b\nc: |\n  d:\te\nf: 'g:\th\n    i:\tj'\n"),
            ("a: [\n    # b:\tc\n    d:\te]\n", "a: [\n    # b:\tc\n    d: e]\n"),
        ] {
            assert_eq!(normalized(text), Some((expected.to_owned(), Vec::new())), "{text}");
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        let texts = [
            "a: |\n  {\n}: b\n",
            "a: |\n  {\n\n  \"x\n - [\n",
            "- |\n {\n-\n  >-\n  [\nb: it's {\n",
            "a: text\n  { more\nb: 1\n",
            "a: it's # \"comment\n'k': v\n# {\n\"q\": {a: it's}\nb: 2\n",
            "a: {b: [c, 'd', \"e\\\"}\"]} # {\nb: 1\n",
            "a:\n  'b:\tc'\n# d:\te\n",
        ];
        for text in texts {
            assert_eq!(normalized(text), None, "{text}");
        }
    }
}
