//! Where exactly values of YAML stand: the scanner's events in, ranges of bytes out.
//!
//! The events are generous: they include anchors, tags and trailing blanks, and leave out the header of a block scalar.

use std::ops::Range;

use saphyr_parser::ScalarStyle;

/// The range of bytes of a scalar, less its anchor and tag, and less the blanks that the scanner includes.
///
/// `last_end` is where the value or key before it ended; `event` is the range that the scanner gives.
pub(super) fn scalar(
    source: &str,
    last_end: usize,
    (text, style): (&str, ScalarStyle),
    event: Range<usize>,
    decorated: bool,
) -> Range<usize> {
    let Range { start, end } = event;
    if text.is_empty() && style == ScalarStyle::Plain {
        // Nothing is written: the place is behind the colon or the dash, or behind the anchor or the tag.
        let between = source.get(last_end..end).unwrap_or_default();
        let other = between.find(|next: char| !next.is_whitespace() && !matches!(next, ':' | '-' | '?'));
        let before = other.and_then(|other| between.get(..other)).unwrap_or(between);
        let at = if decorated { end } else { last_end + before.trim_end().len() };
        return at..at;
    }
    let slice = source.get(start..end).unwrap_or_default();
    let start = match style {
        _ if decorated => start + decoration(slice),
        // The event leaves out the line with the `|` or `>`.
        ScalarStyle::Literal | ScalarStyle::Folded => block_header(source, last_end, start),
        _ => start,
    };
    let slice = source.get(start..end).unwrap_or_default();
    let end = match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => end,
        _ => start + slice.trim_end().len(),
    };
    start..end
}

/// Where the first dash of a sequence stands below its key.
pub(super) fn first_dash(source: &str, last_end: usize, behind: usize) -> usize {
    let slice = source.get(last_end..behind).unwrap_or_default();
    let colon = slice.find(':').map_or(0, |at| at + 1);
    let rest = slice.get(colon..).unwrap_or_default();
    last_end + colon + decoration(rest)
}

/// Where the header of a block scalar stands, whose content begins at `content`.
fn block_header(source: &str, last_end: usize, content: usize) -> usize {
    let slice = source.get(last_end..content).unwrap_or_default();
    let mut rest = slice;
    while let Some(next) = rest.chars().next() {
        match next {
            '|' | '>' => return last_end + (slice.len() - rest.len()),
            '#' => rest = rest.get(decoration(rest)..).unwrap_or_default(),
            _ => rest = rest.get(next.len_utf8()..).unwrap_or_default(),
        }
    }
    content
}

/// How many bytes of anchors and tags, blanks and comments stand before a scalar.
fn decoration(slice: &str) -> usize {
    let mut rest = slice;
    loop {
        rest = rest.trim_start();
        if rest.starts_with(['&', '!']) {
            rest = rest.find(char::is_whitespace).and_then(|end| rest.get(end..)).unwrap_or_default();
        } else if rest.starts_with('#') {
            rest = rest.find(['\n', '\r']).and_then(|end| rest.get(end..)).unwrap_or_default();
        } else {
            return slice.len() - rest.len();
        }
    }
}
