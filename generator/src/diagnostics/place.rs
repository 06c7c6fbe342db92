//! Where a span is for a reader: line and column, and the piece of the line to show.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

use super::visible::is_invisible;
use crate::source::{Sources, Span};

/// A line of source is shown up to this many characters; of a longer one, the part around the place.
const WIDTH: usize = 120;
/// How many of them stand before the place.
const BEFORE: usize = 30;

/// Where the lines of one source begin, which end as those of YAML do: with LF, CR LF, or CR.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    /// What has come before each step of so many bytes. Not each line is kept, for a document may be of nothing else; and a
    /// document may be one line, with thousands of findings.
    marks: Vec<Mark>,
}

/// The bytes between two marks.
const STEP: usize = 4096;

/// A place in a source.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    /// How many lines have ended before it.
    lines: usize,
    /// Where the line that it is in begins.
    start: usize,
    /// How many characters have begun before it.
    characters: usize,
}

impl Mark {
    /// The mark so many bytes further on.
    fn after(mut self, bytes: &[u8], from: usize, to: usize) -> Self {
        let passed = bytes.get(from..to).unwrap_or_default();
        for (at, _) in passed.iter().enumerate().filter(|&(at, &byte)| ends_line(byte, bytes.get(from + at + 1))) {
            self.lines += 1;
            self.start = from + at + 1;
        }
        self.characters += characters(passed);
        self
    }
}

/// Whether a line ends with this byte; between a CR and its LF none does.
fn ends_line(byte: u8, next: Option<&u8>) -> bool {
    byte == b'\n' || byte == b'\r' && next != Some(&b'\n')
}

/// Where a span begins, both counted from one; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// The piece of the source that shows a span.
pub(super) struct Window {
    pub position: Position,
    /// What is shown of the line.
    pub text: String,
    /// Where the span is in it, in bytes.
    pub range: Range<usize>,
}

/// The position at which a span begins.
pub fn position(sources: &Sources, span: Span) -> Position {
    Lines::new(sources.bytes(span.source)).position(span.start)
}

impl<'a> Lines<'a> {
    /// Finds the lines of a source.
    pub fn new(bytes: &'a [u8]) -> Self {
        let marks = (0..=bytes.len() / STEP).scan(Mark::default(), |mark, step| {
            let here = *mark;
            *mark = here.after(bytes, step * STEP, bytes.len().min((step + 1) * STEP));
            Some(here)
        });
        Self { bytes, marks: marks.collect() }
    }

    /// The position of a byte.
    pub fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.bytes.len());
        let mark = self.mark(byte);
        let marked = self.bytes.get(mark.start..byte).is_some_and(|before| before.starts_with(BYTE_ORDER_MARK));
        let before = mark.characters.saturating_sub(self.mark(mark.start).characters);
        Position { line: mark.lines + 1, column: before - usize::from(marked) + 1 }
    }

    /// The mark of a byte.
    fn mark(&self, byte: usize) -> Mark {
        let step = byte / STEP;
        self.marks.get(step).copied().unwrap_or_default().after(self.bytes, step * STEP, byte)
    }

    /// Where the line ends that has this byte, line end included.
    fn line_end(&self, byte: usize) -> usize {
        let lines = self.mark(byte).lines;
        // The last step that begins in this line holds its end, unless the source has none.
        let step = self.marks.partition_point(|mark| mark.lines <= lines).saturating_sub(1);
        let from = byte.max(step * STEP);
        let rest = self.bytes.get(from..).unwrap_or_default();
        let end = rest.iter().enumerate().position(|(at, &byte)| ends_line(byte, rest.get(at + 1)));
        end.map_or(self.bytes.len(), |end| from + end + 1)
    }

    /// The first line of a span, cut to a window where it is long, made safe to show.
    pub fn window(&self, span: Span) -> Window {
        let position = self.position(span.start);
        let start = self.mark(span.start.min(self.bytes.len())).start;
        let end = self.line_end(span.start.min(self.bytes.len()));
        let line = self.bytes.get(start..end).unwrap_or_default();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let skipped = if line.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let line = line.get(skipped..).unwrap_or_default();
        let from = span.start.saturating_sub(start + skipped).min(line.len());
        let to = span.end.saturating_sub(start + skipped).clamp(from, line.len());

        let (before, cut_before) = last_characters(line.get(..from).unwrap_or_default(), line.len());
        let shown_before = characters(before);
        let (inside, cut_inside) = first_characters(line.get(from..to).unwrap_or_default(), WIDTH - shown_before);
        let left = if cut_inside { 0 } else { WIDTH - shown_before - characters(inside) };
        let (after, cut_after) = first_characters(line.get(to..).unwrap_or_default(), left);

        let mut text = String::new();
        if cut_before {
            text.push('…');
        }
        push_safe(&mut text, before);
        let from = text.len();
        push_safe(&mut text, inside);
        let to = text.len();
        push_safe(&mut text, after);
        if cut_inside || cut_after {
            text.push('…');
        }
        Window { position, text, range: from..to }
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

fn begins_character(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| begins_character(byte)).count()
}

/// The end of what stands before a place, and whether something of it is left out.
fn last_characters(bytes: &[u8], line_length: usize) -> (&[u8], bool) {
    if line_length <= WIDTH {
        return (bytes, false);
    }
    let begins = bytes.iter().enumerate().rev().filter(|&(_, &byte)| begins_character(byte));
    match begins.map(|(at, _)| at).nth(BEFORE - 1) {
        Some(at) if at > 0 => (bytes.get(at..).unwrap_or_default(), true),
        _ => (bytes, false),
    }
}

fn first_characters(bytes: &[u8], count: usize) -> (&[u8], bool) {
    let mut begins = bytes.iter().enumerate().filter(|&(_, &byte)| begins_character(byte));
    match begins.nth(count) {
        Some((at, _)) => (bytes.get(..at).unwrap_or_default(), true),
        None => (bytes, false),
    }
}

fn push_safe(out: &mut String, bytes: &[u8]) {
    let text: Cow<'_, str> = String::from_utf8_lossy(bytes);
    for character in text.chars() {
        match character {
            '\t' => out.push_str("    "),
            _ if is_invisible(character) => out.extend(character.escape_unicode()),
            _ => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    /// What is shown of the place of each byte: line, column, the text of the line.
    fn shown(text: &str) -> Vec<(usize, usize, String)> {
        let lines = Lines::new(text.as_bytes());
        let window = |at| lines.window(Span { source: SourceId(0), start: at, end: at });
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        starts.map(window).map(|it| (it.position.line, it.position.column, it.text)).collect()
    }

    #[test]
    fn lines_end_as_they_do_for_yaml() {
        for end in ["\n", "\r", "\r\n"] {
            let all = shown(&format!("ab{end}{end}é"));
            let (first, rest) = all.split_at(2);
            assert_eq!(first, [(1, 1, "ab".to_owned()), (1, 2, "ab".to_owned())]);
            let last = [(3, 1, "é".to_owned()), (3, 2, "é".to_owned())];
            assert_eq!(rest.split_at(rest.len() - 2).1, last, "{end:?}");
            assert_eq!(rest.iter().filter(|(line, ..)| *line == 2).count(), end.len(), "{end:?}");
        }
    }

    #[test]
    fn places_in_long_lines_and_behind_many_lines() {
        let long = format!("{{{}x\ny", "é,".repeat(STEP));
        let lines = Lines::new(long.as_bytes());
        let at = |wanted: char| lines.position(long.find(wanted).unwrap());
        assert_eq!((at('x'), at('y')), (Position { line: 1, column: 2 * STEP + 2 }, Position { line: 2, column: 1 }));
        assert_eq!(lines.line_end(1), long.find('y').unwrap());
        for end in ["\n", "\r", "\r\n"] {
            let many = format!("{}ab{end}", end.repeat(3 * STEP + 1));
            let lines = Lines::new(many.as_bytes());
            let at = many.find('b').unwrap();
            assert_eq!(lines.position(at), Position { line: 3 * STEP + 2, column: 2 });
            assert_eq!(lines.line_end(at), many.len());
            assert_eq!(lines.position(many.len()), Position { line: 3 * STEP + 3, column: 1 });
        }
    }
}
