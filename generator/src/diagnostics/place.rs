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

/// Where the lines of one source begin.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    starts: Vec<usize>,
    /// How many characters begin before each step of so many bytes: a document may be one line, with thousands of findings.
    counts: Vec<usize>,
}

/// The bytes between two counts of characters.
const STEP: usize = 4096;

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
        let ends = bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'\n').map(|(at, _)| at + 1);
        let sums = bytes.chunks(STEP).scan(0, |sum, step| {
            *sum += characters(step);
            Some(*sum)
        });
        Self {
            bytes,
            starts: std::iter::once(0).chain(ends).collect(),
            counts: std::iter::once(0).chain(sums).collect(),
        }
    }

    /// The position of a byte.
    pub fn position(&self, byte: usize) -> Position {
        let line = self.starts.partition_point(|&start| start <= byte);
        let start = self.line_start(line);
        let end = byte.min(self.bytes.len());
        let marked = self.bytes.get(start..end).is_some_and(|before| before.starts_with(BYTE_ORDER_MARK));
        let before = self.characters_before(end).saturating_sub(self.characters_before(start));
        Position { line, column: before - usize::from(marked) + 1 }
    }

    fn characters_before(&self, byte: usize) -> usize {
        let step = byte / STEP;
        let rest = self.bytes.get(step * STEP..byte).unwrap_or_default();
        self.counts.get(step).copied().unwrap_or_default() + characters(rest)
    }

    /// The first line of a span, cut to a window where it is long, made safe to show.
    pub fn window(&self, span: Span) -> Window {
        let position = self.position(span.start);
        let start = self.line_start(position.line);
        let end = self.starts.get(position.line).copied().unwrap_or(self.bytes.len());
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

    fn line_start(&self, line: usize) -> usize {
        self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0)
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
