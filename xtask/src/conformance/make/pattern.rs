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
    for more in (0..=MORE).chain([least.try_into().unwrap_or(MORE)]) {
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

/// The pattern without what ECMAScript spells differently.
fn plain(pattern: &str) -> String {
    pattern.replace("\\/", "/").replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
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
