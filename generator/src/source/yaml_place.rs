//! Determines the exact locations of YAML values.
//!
//! The ranges of the scanner's events are not exact: they include anchors, tags and trailing white space, but not the
//! header of a block scalar (`|` or `>`).

use std::ops::Range;

use saphyr_parser::ScalarStyle;

/// Returns the byte range of a scalar, without its anchor, its tag and surrounding white space.
///
/// `last_end` is the end of the previous value or key. `event` is the range of the scanner's event. `decorated` says
/// whether the scalar has an anchor or a tag.
pub(super) fn scalar(
    source: &str,
    last_end: usize,
    (text, style): (&str, ScalarStyle),
    event: Range<usize>,
    decorated: bool,
) -> Range<usize> {
    let Range { start, end } = event;
    if text.is_empty() && style == ScalarStyle::Plain {
        // The location of an empty scalar is after the preceding colon or dash, or after its anchor or tag.
        let between = source.get(last_end..end).unwrap_or_default();
        let other = between.find(|next: char| !next.is_whitespace() && !matches!(next, ':' | '-' | '?'));
        let before = other.and_then(|other| between.get(..other)).unwrap_or(between);
        let at = if decorated { end } else { last_end + before.trim_end().len() };
        return at..at;
    }
    let slice = source.get(start..end).unwrap_or_default();
    let start = match style {
        _ if decorated => start + decoration(slice),
        // The range of the event begins after the header line.
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

/// Returns the byte offset of the first dash of a block sequence that is the value of a key. `last_end` is the end of
/// the key, and `after_dash` is an offset after the dash.
pub(super) fn first_dash(source: &str, last_end: usize, after_dash: usize) -> usize {
    let slice = source.get(last_end..after_dash).unwrap_or_default();
    let colon = slice.find(':').map_or(0, |at| at + 1);
    let rest = slice.get(colon..).unwrap_or_default();
    last_end + colon + decoration(rest)
}

/// Returns the byte offset of the header (`|` or `>`) of a block scalar. `content` is the start of its content.
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

/// Returns the length in bytes of the anchor, the tag, white space and comments at the start of `slice`.
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
