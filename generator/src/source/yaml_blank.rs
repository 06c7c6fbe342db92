//! Blanks that our scanner minds and YAML does not: text in, text with others in their place out.
//!
//! ```yaml
//! title:<tab>Seats
//! ```
//!
//! Tabs may separate a key from its value. The scanner wants a space where the value is a plain word, so tabs behind a colon
//! become as many spaces.
//!
//! YAML wants the lines of `{…}`, `[…]` and quoted text to be indented deeper than what they belong to. Whoever pastes JSON
//! into a document does not, most readers of YAML do not mind, and documents are full of it:
//!
//! ```yaml
//! example: {
//!   "name": "x"
//! }
//! ```
//!
//! Our scanner does mind. So where it objects to either, and only then, such lines are pushed to the right. What
//! stands before the first character of such a line is blank to YAML, so nothing else changes.

/// What was inserted: behind which byte of the new text, and how many bytes up to there in all.
pub(super) type Shift = (usize, usize);

/// Further right, nothing is pushed: many lines pushed far would make a small document a large one.
const WIDEST: usize = 200;

/// The text with such lines pushed to the right and such tabs replaced, and what was inserted; `None` if there is neither.
pub(super) fn mended(text: &str) -> Option<(String, Vec<Shift>)> {
    let mut scan = Scan {
        out: String::with_capacity(text.len() + 1024),
        shifts: Vec::new(),
        inserted: 0,
        replaced: false,
        open: Open::Block,
    };
    // How far a value has to be indented that may begin at the start of a line: one that the line before left open.
    let mut awaited: Option<usize> = Some(0);
    // Lines that are indented so far belong to a block scalar.
    let mut scalar: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start_matches(' ');
        let indent = line.len() - body.len();
        let content = body.trim_end();
        if scalar.is_some_and(|least| indent >= least || content.is_empty()) {
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
            awaited = value.filter(|_| content.ends_with([':', '-'])).map(|value| value.least);
        }
        let Some(Value { colon, at, least }) = value else {
            scan.out.push_str(body);
            continue;
        };
        let (before, rest) = body.split_at_checked(at).unwrap_or((body, ""));
        match colon.and_then(|colon| before.split_at_checked(colon + 1)) {
            Some((key, between)) => {
                scan.out.push_str(key);
                scan.behind_colon(between);
            }
            None => scan.out.push_str(before),
        }
        match rest.chars().next() {
            Some('|' | '>') => {
                scalar = Some(least);
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

/// Where a byte of the mended text was before.
pub(super) fn original(byte: usize, shifts: &[Shift]) -> usize {
    let count = shifts.partition_point(|&(behind, _)| behind <= byte);
    let inserted = count.checked_sub(1).and_then(|last| shifts.get(last)).map_or(0, |&(_, inserted)| inserted);
    byte - inserted
}

/// The value of a line in block style.
#[derive(Debug, Clone, Copy)]
struct Value {
    /// Where the colon of its key stands.
    colon: Option<usize>,
    /// Where it begins.
    at: usize,
    /// How far its lines have to be indented.
    least: usize,
}

fn value(body: &str, indent: usize, awaited: Option<usize>) -> Option<Value> {
    let mut at = 0;
    let mut least = awaited;
    // Dashes and question marks, each of which may hold a value or a key.
    while let Some(rest) = body.get(at..)
        && let Some(behind) = rest.strip_prefix(['-', '?'])
        && behind.starts_with(char::is_whitespace)
    {
        least = Some(indent + at + 1);
        at += 1 + blank(behind);
    }
    let colon = body.get(at..).and_then(key).map(|colon| at + colon);
    if let Some(colon) = colon {
        least = Some(indent + at + 1);
        at = colon + 1;
        at += body.get(at..).map_or(0, blank);
    }
    // Anchors and tags.
    while let Some(rest) = body.get(at..).filter(|rest| rest.starts_with(['&', '!'])) {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        at += end + rest.get(end..).map_or(0, blank);
    }
    least.map(|least| Value { colon, at, least })
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// Where the colon behind the key is, if the text begins with one.
fn key(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
    let from = match quote {
        Some(quote) => 1 + text.get(1..)?.find(quote)? + 1,
        None if text.starts_with(['{', '[', '#', '|', '>']) => return None,
        None => 0,
    };
    let rest = text.get(from..)?;
    let colon = rest.match_indices(':').find(|&(at, _)| {
        rest.get(at + 1..).is_none_or(|behind| behind.is_empty() || behind.starts_with([' ', '\t', '\r', '\n']))
    });
    let (at, _) = colon?;
    // A colon in a comment is none.
    let comment = rest.find(" #").is_some_and(|comment| comment < at);
    (!comment).then_some(from + at)
}

struct Scan {
    out: String,
    shifts: Vec<Shift>,
    inserted: usize,
    /// Whether a tab has become a space.
    replaced: bool,
    open: Open,
}

enum Open {
    /// Nothing: what follows is in block style.
    Block,
    /// A value in brackets or quotes that began in that column.
    Value { column: usize, depth: usize, quote: Option<char>, token_start: bool },
}

impl Scan {
    /// Pushes a line of a value that is open.
    fn indent_to(&mut self, indent: usize) {
        let Open::Value { column, .. } = self.open else { return };
        let missing = (column + 1).saturating_sub(indent);
        if missing == 0 || column > WIDEST {
            return;
        }
        self.out.extend(std::iter::repeat_n(' ', missing));
        self.inserted += missing;
        self.shifts.push((self.out.len(), self.inserted));
    }

    /// What stands behind the colon of a key: tabs become spaces up to whatever else there is.
    fn behind_colon(&mut self, between: &str) {
        let rest = between.trim_start_matches('\t');
        let tabs = between.len() - rest.len();
        self.out.extend(std::iter::repeat_n(' ', tabs));
        self.replaced |= tabs > 0;
        self.out.push_str(rest);
    }

    /// Follows brackets and quotes through the rest of a line.
    fn inside(&mut self, rest: &str) {
        let Open::Value { depth, quote, token_start, .. } = &mut self.open else { return self.out.push_str(rest) };
        let mut characters = rest.chars();
        let mut previous = ' ';
        // Only tabs have come behind a colon that may be that of a key.
        let mut behind_colon = false;
        while let Some(character) = characters.next() {
            let begins = *token_start;
            let replaced = behind_colon && character == '\t';
            self.replaced |= replaced;
            self.out.push(if replaced { ' ' } else { character });
            behind_colon = replaced || quote.is_none() && character == ':';
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
    fn lines_of_brackets_and_quotes_are_pushed() {
        let text = "a:\n  b: {\n    \"c\": \"}\"\n  }\n  d: [\n  1\n]\n  e: \"x\n y\"\n";
        let (pushed, shifts) = mended(text).unwrap();
        let expected = "a:\n  b: {\n      \"c\": \"}\"\n      }\n  d: [\n      1\n      ]\n  e: \"x\n      y\"\n";
        assert_eq!(pushed, expected);
        for (wanted, character) in text.char_indices().filter(|(_, character)| "abcde1xy\"{}[]".contains(*character)) {
            let occurrence = text[..wanted].matches(character).count();
            let (at, _) = pushed.match_indices(character).nth(occurrence).unwrap();
            assert_eq!(original(at, &shifts), wanted, "{character}");
        }
    }

    #[test]
    fn tabs_behind_colons_become_spaces() {
        for (text, expected) in [
            ("a:\tb\n", "a: b\n"),
            ("- a:\t\tb\tc\n  \"d\te\":\tf\n", "- a:  b\tc\n  \"d\te\": f\n"),
            ("a: {b:\tc, \"d:\te\":\ttrue}\n", "a: {b: c, \"d:\te\": true}\n"),
            ("a:\tb\nc: |\n  d:\te\nf: 'g:\th\n    i:\tj'\n", "a: b\nc: |\n  d:\te\nf: 'g:\th\n    i:\tj'\n"),
            ("a: [\n    # b:\tc\n    d:\te]\n", "a: [\n    # b:\tc\n    d: e]\n"),
        ] {
            assert_eq!(mended(text), Some((expected.to_owned(), Vec::new())), "{text}");
        }
    }

    #[test]
    fn all_other_text_stays_as_it_is() {
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
            assert_eq!(mended(text), None, "{text}");
        }
    }
}
