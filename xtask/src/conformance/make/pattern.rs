//! Texts that match a pattern: the pattern's parts are walked, and for each a text is chosen.

use fastrand::Rng;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// How often what may go on for ever is repeated beyond what it must.
const MORE: u32 = 3;

/// A text that matches the pattern and is as long as asked, if chance finds one.
pub(super) fn matching(pattern: &str, least: usize, most: usize, rng: &mut Rng) -> Result<String, String> {
    let parsed =
        regex_syntax::parse(&plain(pattern)).map_err(|_| format!("no text can be made for the pattern `{pattern}`"))?;
    let mut text = String::new();
    // What must be there already is part of the length that is asked for.
    let enough = least.try_into().unwrap_or(MORE);
    for more in (0..=MORE).chain(enough.saturating_sub(MORE)..=enough) {
        text.clear();
        write(&parsed, more, rng, &mut text);
        if (least..=most).contains(&text.chars().count()) {
            return Ok(text);
        }
    }
    // It may still do: the pattern need not be all of the text.
    while text.chars().count() < least {
        text.push('a');
    }
    Ok(text)
}

/// The pattern without what ECMAScript spells differently, and without conditions on what stands around a place: whether
/// they hold is seen when the text is checked.
fn plain(pattern: &str) -> String {
    let mut rest = pattern;
    let mut plain = String::new();
    while let Some((before, condition)) = first_condition(rest) {
        plain.push_str(before);
        rest = after_group(condition);
    }
    plain.push_str(rest);
    plain.replace("\\/", "/").replace("(?<", "(?P<")
}

/// What stands before the first condition, and the pattern from there on.
fn first_condition(pattern: &str) -> Option<(&str, &str)> {
    let starts = ["(?!", "(?=", "(?<!", "(?<="].iter().filter_map(|start| pattern.find(start));
    pattern.split_at_checked(starts.min()?)
}

/// What stands behind the group that the pattern begins with.
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

// Depth is bounded by the parser's limit on nesting.
fn write(pattern: &Hir, more: u32, rng: &mut Rng, text: &mut String) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => text.extend(character(class, rng)),
        HirKind::Class(Class::Bytes(class)) => {
            text.extend(class.ranges().first().map(|range| char::from(range.start())));
        }
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            for _ in 0..repetition.min.saturating_add(more).min(most) {
                write(&repetition.sub, more, rng, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, rng, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, more, rng, text)),
        HirKind::Alternation(arms) => {
            if let Some(arm) = arms.get(rng.usize(..arms.len().max(1))) {
                write(arm, more, rng, text);
            }
        }
    }
}

/// A character of the class: a digit or letter if there is one, since those are safe everywhere.
fn character(class: &ClassUnicode, rng: &mut Rng) -> Option<char> {
    let has = |wanted: char| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&wanted));
    let safe: Vec<char> = ('0'..='9').chain('a'..='z').chain('A'..='Z').filter(|wanted| has(*wanted)).collect();
    let visible = || ('!'..='~').find(|wanted| has(*wanted));
    if safe.is_empty() {
        return visible().or(class.ranges().first().map(|range| range.start()));
    }
    safe.get(rng.usize(..safe.len())).copied()
}
