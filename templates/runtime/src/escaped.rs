//! Masks secrets in text, even if they are escaped.
//!
//! A secret is recognized without escapes and with the escapes of JSON, HTML, URLs and forms, which may be mixed and
//! nested. Both the secrets and the text are unescaped for the comparison. Each unescaped character records its
//! position in the original text, where the secret is replaced.

use std::ops::Range;

/// The maximum nesting of escapes, e.g. 3 for JSON in a JSON string in HTML.
const PASSES: usize = 4;

/// The maximum length of one escaped byte, e.g. `&#x00000A;`. Longer escapes were not seen in practice.
const MAX_ESCAPE_BYTES: usize = 12;

/// The minimum number of bytes that are unescaped at a time; longer secrets require more. Unescaping a byte takes
/// several dozen bytes of memory.
const SEGMENT: usize = 64 * 1024;

/// A character of unescaped text, and its position in the original text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plain {
    character: char,
    start: usize,
    end: usize,
}

/// Replaces each occurrence of the secrets in the text with `mask`.
pub fn mask(text: String, secrets: &[&str], mask: &str) -> String {
    // Secrets without escapes are replaced first, because the text before a secret may look like the beginning of an
    // escape.
    let mut sorted = secrets.to_vec();
    // A secret may be contained in another one, so the longest is replaced first.
    sorted.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut text = text;
    for secret in sorted {
        if text.contains(secret) {
            text = text.replace(secret, mask);
        }
    }
    let secrets = secrets.iter().map(|secret| unescape(secret).iter().map(|one| one.character).collect());
    // A secret that is very short after unescaping could match ordinary words.
    let secrets: Vec<String> = secrets.filter(|secret: &String| secret.len() >= 4).collect();
    let overlap = secrets.iter().map(String::len).max().unwrap_or_default().saturating_mul(MAX_ESCAPE_BYTES);
    let size = overlap.max(SEGMENT);
    let (mut matches, mut from) = (Vec::new(), 0);
    loop {
        let end = boundary(&text, from + size + overlap);
        let places = find_secrets(text.get(from..end).unwrap_or_default(), &secrets);
        matches.extend(places.into_iter().map(|place| from + place.start..from + place.end));
        if end == text.len() {
            return replace_ranges(&text, matches, mask);
        }
        from = boundary(&text, from + size);
    }
}

/// Returns the index of the last character boundary that is not after `max`.
fn boundary(text: &str, max: usize) -> usize {
    (0..=max.min(text.len())).rev().find(|index| text.is_char_boundary(*index)).unwrap_or_default()
}

/// Returns the ranges of `text` that are equal to one of the secrets after unescaping.
fn find_secrets(text: &str, secrets: &[String]) -> Vec<Range<usize>> {
    let plain = unescape(text);
    let (mut letters, mut offsets) = (String::with_capacity(plain.len()), Vec::with_capacity(plain.len()));
    for one in &plain {
        offsets.push(letters.len());
        letters.push(one.character);
    }
    let place = |offset: usize, length: usize| {
        let first = offsets.partition_point(|known| *known < offset);
        let behind = offsets.partition_point(|known| *known < offset + length);
        Some(plain.get(first)?.start..plain.get(behind.checked_sub(1)?)?.end)
    };
    let of_one = |secret: &String| {
        let found = letters.match_indices(secret.as_str()).map(|(offset, _)| offset).collect::<Vec<_>>();
        found.into_iter().filter_map(|offset| place(offset, secret.len())).collect::<Vec<_>>()
    };
    secrets.iter().flat_map(of_one).collect()
}

/// Replaces these ranges of `text`, which may overlap, with `mask`.
fn replace_ranges(text: &str, mut ranges: Vec<Range<usize>>, mask: &str) -> String {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        if range.start >= at {
            masked.push_str(text.get(at..range.start).unwrap_or_default());
            masked.push_str(mask);
        }
        at = at.max(range.end);
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}

/// Removes all escapes, including nested ones.
fn unescape(text: &str) -> Vec<Plain> {
    let places = text.char_indices();
    let mut plain: Vec<Plain> =
        places.map(|(start, character)| Plain { character, start, end: start + character.len_utf8() }).collect();
    for _ in 0..PASSES {
        let next = unescape_once(&plain);
        if next == plain {
            break;
        }
        plain = next;
    }
    plain
}

/// Removes the outermost escapes, e.g. converts `\\u00fc` to `\u00fc`.
fn unescape_once(text: &[Plain]) -> Vec<Plain> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let escape = match first.character {
            '%' => percent(rest),
            '&' => entity(rest),
            '\\' => backslash(rest),
            // In forms, a `+` is an escaped space.
            '+' => Some((' ', 1)),
            _ => None,
        };
        let Some((character, length)) = escape else {
            plain.push(*first);
            rest = after;
            continue;
        };
        let end = rest.get(length.saturating_sub(1)).map_or(first.end, |last| last.end);
        plain.push(Plain { character, start: first.start, end });
        rest = rest.get(length..).unwrap_or_default();
    }
    plain
}

/// The character that an escape represents, and the length of the escape in characters.
type Escape = (char, usize);

/// Parses a percent-encoded character, e.g. `%C3%BC`, at the start of `text`.
fn percent(text: &[Plain]) -> Option<Escape> {
    let byte = |escape: &[Plain]| match escape {
        [percent, high, low] if percent.character == '%' => {
            Some((high.character.to_digit(16)? * 16 + low.character.to_digit(16)?) as u8)
        }
        _ => None,
    };
    // One character is decoded at a time to record its position; it has at most four bytes in UTF-8.
    let bytes: Vec<u8> = text.chunks(3).take(4).map_while(byte).collect();
    (1..=bytes.len()).find_map(|count| {
        let character = std::str::from_utf8(bytes.get(..count)?).ok()?.chars().next()?;
        Some((character, count * 3))
    })
}

/// Parses an HTML character reference, e.g. `&amp;`, `&#39;` or `&#x27;`, at the start of `text`.
fn entity(text: &[Plain]) -> Option<Escape> {
    // The longest character reference is `&#x0010FFFF;`.
    let end = text.iter().take(12).position(|one| one.character == ';')?;
    let name: String = text.get(1..end)?.iter().map(|one| one.character).collect();
    let character = match (name.as_str(), name.strip_prefix('#')) {
        ("amp", _) => '&',
        ("lt", _) => '<',
        ("gt", _) => '>',
        ("quot", _) => '"',
        ("apos", _) => '\'',
        ("nbsp", _) => '\u{a0}',
        (_, Some(number)) => char::from_u32(match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => number.parse().ok()?,
        })?,
        _ => return None,
    };
    Some((character, end + 1))
}

/// Parses a backslash escape, e.g. `\"`, `\n`, `\u00fc` or `\u{fc}`, at the start of `text`. From an unknown escape,
/// only the backslash is removed: `\x` becomes `x`.
fn backslash(text: &[Plain]) -> Option<Escape> {
    let escaped = text.get(1)?.character;
    let character = match escaped {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return unicode(text).or(Some(('u', 2))),
        other => other,
    };
    Some((character, 2))
}

fn unicode(text: &[Plain]) -> Option<Escape> {
    let number = |range: Range<usize>| {
        let digits: String = text.get(range)?.iter().map(|one| one.character).collect();
        u32::from_str_radix(&digits, 16).ok()
    };
    if text.get(2)?.character == '{' {
        let end = text.iter().take(10).position(|one| one.character == '}')?;
        return Some((char::from_u32(number(3..end)?)?, end + 1));
    }
    let first = number(2..6)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 6));
    }
    // A surrogate pair (RFC 8259, section 7).
    let is_pair = text.get(6)?.character == '\\' && text.get(7)?.character == 'u';
    let second = number(8..12).filter(|_| is_pair)?;
    let decoded = char::decode_utf16([u16::try_from(first).ok()?, u16::try_from(second).ok()?]).next()?.ok()?;
    Some((decoded, 12))
}
