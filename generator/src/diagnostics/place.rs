//! Converts byte offsets to lines and columns, and extracts the excerpt of a source line that a diagnostic shows.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

use super::visible::is_invisible;
use crate::source::{Sources, Span};

/// The maximum number of characters of an excerpt. Longer lines are cut to the text around the location.
const WIDTH: usize = 120;
/// The maximum number of characters before the location, in the excerpt of a line that is longer than [`WIDTH`].
const BEFORE: usize = 30;

/// An index of the lines of a source. Lines end with LF, CR LF or CR, as in YAML.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    /// A mark every [`STEP`] bytes. The alternative, storing the start of every line, would take too much memory for a
    /// document of empty lines, and would not help with a document of one long line.
    marks: Vec<Mark>,
}

/// The distance between two marks, in bytes.
const STEP: usize = 4096;

/// The line and column of a byte offset.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    /// The number of line ends before the byte offset.
    lines: usize,
    /// The byte offset of the start of the line.
    start: usize,
    /// The number of characters of the source that begin before the byte offset.
    characters: usize,
}

impl Mark {
    /// Advances the mark from the byte offset `from` to the byte offset `to`.
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

/// Returns whether `byte`, which is followed by `next`, ends a line. In CR LF, only the LF ends the line.
fn ends_line(byte: u8, next: Option<&u8>) -> bool {
    byte == b'\n' || byte == b'\r' && next != Some(&b'\n')
}

/// A position in a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

/// An excerpt of the source line in which a span starts.
pub(super) struct Window {
    pub position: Position,
    /// The visible part of the line, with `…` where it is cut.
    pub text: String,
    /// The range of the span in `text`, in bytes.
    pub range: Range<usize>,
}

/// Returns the line and column where a span starts.
pub fn position(sources: &Sources, span: Span) -> Position {
    Lines::new(sources.bytes(span.source)).position(span.start)
}

impl<'a> Lines<'a> {
    /// Creates the index for a source.
    pub fn new(bytes: &'a [u8]) -> Self {
        let marks = (0..=bytes.len() / STEP).scan(Mark::default(), |mark, step| {
            let here = *mark;
            *mark = here.after(bytes, step * STEP, bytes.len().min((step + 1) * STEP));
            Some(here)
        });
        Self { bytes, marks: marks.collect() }
    }

    /// Returns the line and column of a byte offset.
    pub fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.bytes.len());
        let mark = self.mark(byte);
        let marked = self.bytes.get(mark.start..byte).is_some_and(|before| before.starts_with(BYTE_ORDER_MARK));
        let before = mark.characters.saturating_sub(self.mark(mark.start).characters);
        Position { line: mark.lines + 1, column: before - usize::from(marked) + 1 }
    }

    /// Returns the mark of a byte offset, computed from the previous stored mark.
    fn mark(&self, byte: usize) -> Mark {
        let step = byte / STEP;
        self.marks.get(step).copied().unwrap_or_default().after(self.bytes, step * STEP, byte)
    }

    /// Returns the byte offset after the line that contains the byte offset `byte`. The line includes its line break.
    fn line_end(&self, byte: usize) -> usize {
        let lines = self.mark(byte).lines;
        // Search from the last mark that is in this line or before it: the line ends after this mark.
        let step = self.marks.partition_point(|mark| mark.lines <= lines).saturating_sub(1);
        let from = byte.max(step * STEP);
        let rest = self.bytes.get(from..).unwrap_or_default();
        let end = rest.iter().enumerate().position(|(at, &byte)| ends_line(byte, rest.get(at + 1)));
        end.map_or(self.bytes.len(), |end| from + end + 1)
    }

    /// Returns an excerpt of the line in which a span starts. Long lines are cut, and invisible characters are escaped.
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

/// Returns the last [`BEFORE`] characters of the text before a location, and whether text was cut. Lines of at most
/// [`WIDTH`] bytes are not cut.
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

/// Returns the first `count` characters of the text, and whether text was cut.
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

    /// Returns the line, the column and the visible text for each character position.
    fn shown(text: &str) -> Vec<(usize, usize, String)> {
        let lines = Lines::new(text.as_bytes());
        let window = |at| lines.window(Span { source: SourceId(0), start: at, end: at });
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        starts.map(window).map(|it| (it.position.line, it.position.column, it.text)).collect()
    }

    #[test]
    fn lines_end_as_in_yaml() {
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
    fn positions_are_exact_in_long_lines_and_many_lines() {
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
