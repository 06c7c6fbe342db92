//! Generates strings that match a `pattern`.

use fastrand::Rng;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// The maximum number of repetitions to add to the minimum of a quantifier.
const MAX_EXTRA: u32 = 3;

/// Generates a string for a pattern, if possible with a length from `min` to `max`. Callers must validate the string,
/// because it may not match.
pub(super) fn generate(pattern: &str, min: usize, max: usize, rng: &mut Rng) -> Result<String, String> {
    let parsed = regex_syntax::parse(&convert(pattern))
        .map_err(|_| format!("cannot generate a string for the pattern `{pattern}`"))?;
    let mut string = String::new();
    // Also try up to `min` repetitions, in case the whole string is one repeated item, e.g. `^[a-z]+$`.
    let min_repetitions = min.try_into().unwrap_or(MAX_EXTRA);
    for extra in (0..=MAX_EXTRA).chain(min_repetitions.saturating_sub(MAX_EXTRA)..=min_repetitions) {
        string.clear();
        write(&parsed, extra, rng, &mut string);
        if (min..=max).contains(&string.chars().count()) {
            return Ok(string);
        }
    }
    // Extend the string: a pattern without anchors still matches a part of it.
    while string.chars().count() < min {
        string.push('a');
    }
    Ok(string)
}

/// Converts an ECMAScript pattern to the syntax of `regex-syntax`. Removes lookarounds; they are checked when the
/// caller validates the string.
fn convert(pattern: &str) -> String {
    let mut rest = pattern;
    let mut converted = String::new();
    while let Some((before, lookaround)) = split_at_lookaround(rest) {
        converted.push_str(before);
        rest = after_group(lookaround);
    }
    converted.push_str(rest);
    converted.replace("\\/", "/").replace("(?<", "(?P<")
}

/// Splits a pattern before its first lookaround.
fn split_at_lookaround(pattern: &str) -> Option<(&str, &str)> {
    let starts = ["(?!", "(?=", "(?<!", "(?<="].iter().filter_map(|start| pattern.find(start));
    pattern.split_at_checked(starts.min()?)
}

/// Returns the part of a pattern after its first group. The pattern must begin with a group.
fn after_group(pattern: &str) -> &str {
    let (mut depth, mut in_class, mut is_escaped) = (0_usize, false, false);
    for (position, character) in pattern.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class && depth == 1 => return pattern.get(position + 1..).unwrap_or_default(),
            ')' if !in_class => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    ""
}

// The parser's nesting limit bounds the recursion.
fn write(pattern: &Hir, extra: u32, rng: &mut Rng, string: &mut String) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => string.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => string.extend(character(class, rng)),
        HirKind::Class(Class::Bytes(class)) => {
            string.extend(class.ranges().first().map(|range| char::from(range.start())));
        }
        HirKind::Repetition(repetition) => {
            let max = repetition.max.unwrap_or(u32::MAX);
            for _ in 0..repetition.min.saturating_add(extra).min(max) {
                write(&repetition.sub, extra, rng, string);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, extra, rng, string),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, extra, rng, string)),
        HirKind::Alternation(branches) => {
            if let Some(branch) = branches.get(rng.usize(..branches.len().max(1))) {
                write(branch, extra, rng, string);
            }
        }
    }
}

/// Returns a character of a character class. Prefers ASCII digits and letters, because they need no escaping.
fn character(class: &ClassUnicode, rng: &mut Rng) -> Option<char> {
    let has = |candidate: char| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&candidate));
    let safe: Vec<char> = ('0'..='9').chain('a'..='z').chain('A'..='Z').filter(|candidate| has(*candidate)).collect();
    let visible = || ('!'..='~').find(|candidate| has(*candidate));
    if safe.is_empty() {
        return visible().or(class.ranges().first().map(|range| range.start()));
    }
    safe.get(rng.usize(..safe.len())).copied()
}
