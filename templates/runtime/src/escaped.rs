//! Secrets in a text, however it escapes them.
//!
//! In: a text, and what must not be in it. Out: the text with each occurrence masked: as it is, or escaped as JSON, HTML,
//! URLs and forms do, in any mixture, with hexadecimal digits of either case, and several times over. Both sides are
//! unescaped for the comparison; each character keeps its place in the text that is shown.

use std::ops::Range;

/// So many escapes may be within one another, as JSON in a JSON string in HTML has them.
const PASSES: usize = 4;

/// The most bytes that a byte of a secret is escaped as, once: `&#x00000A;`. More has not been seen.
const LONGEST: usize = 12;

/// So much of a text is unescaped at a time, unless a secret is longer: each byte of it takes some dozens of memory then.
const SEGMENT: usize = 64 * 1024;

/// A character of an unescaped text, and where it is in the text as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plain {
    character: char,
    start: usize,
    end: usize,
}

/// Puts `mask` in the place of each of these secrets.
pub fn mask(text: String, secrets: &[&str], mask: &str) -> String {
    // As it is: first, for what is before a secret may look like the beginning of an escape.
    let mut sorted = secrets.to_vec();
    // A secret may be part of another: the longer goes first.
    sorted.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut text = text;
    for secret in sorted {
        if text.contains(secret) {
            text = text.replace(secret, mask);
        }
    }
    let secrets = secrets.iter().map(|secret| unescaped(secret).iter().map(|one| one.character).collect());
    // What is left of one may be too short to be told from ordinary words.
    let secrets: Vec<String> = secrets.filter(|secret: &String| secret.len() >= 4).collect();
    let overlap = secrets.iter().map(String::len).max().unwrap_or_default().saturating_mul(LONGEST);
    let size = overlap.max(SEGMENT);
    let (mut found, mut from) = (Vec::new(), 0);
    loop {
        let end = boundary(&text, from + size + overlap);
        let places = places(text.get(from..end).unwrap_or_default(), &secrets);
        found.extend(places.into_iter().map(|place| from + place.start..from + place.end));
        if end == text.len() {
            return without(&text, found, mask);
        }
        from = boundary(&text, from + size);
    }
}

/// The last place at which a text can be cut, up to this one.
fn boundary(text: &str, most: usize) -> usize {
    (0..=most.min(text.len())).rev().find(|index| text.is_char_boundary(*index)).unwrap_or_default()
}

/// Where these secrets, themselves unescaped, are in a text.
fn places(text: &str, secrets: &[String]) -> Vec<Range<usize>> {
    let plain = unescaped(text);
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

/// The text with `mask` in the place of these ranges, which may overlap.
fn without(text: &str, mut ranges: Vec<Range<usize>>, mask: &str) -> String {
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

/// The text without its escapes.
fn unescaped(text: &str) -> Vec<Plain> {
    let places = text.char_indices();
    let mut plain: Vec<Plain> =
        places.map(|(start, character)| Plain { character, start, end: start + character.len_utf8() }).collect();
    for _ in 0..PASSES {
        let next = pass(&plain);
        if next == plain {
            break;
        }
        plain = next;
    }
    plain
}

/// The text without its outermost escapes.
fn pass(text: &[Plain]) -> Vec<Plain> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let escape = match first.character {
            '%' => percent(rest),
            '&' => entity(rest),
            '\\' => backslash(rest),
            // As forms write it.
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

/// What an escape stands for, and how many characters it has itself.
type Escape = (char, usize);

/// `%C3%BC`
fn percent(text: &[Plain]) -> Option<Escape> {
    let byte = |escape: &[Plain]| match escape {
        [percent, high, low] if percent.character == '%' => {
            Some((high.character.to_digit(16)? * 16 + low.character.to_digit(16)?) as u8)
        }
        _ => None,
    };
    // One character at a time, so that each keeps its place; none has more than four bytes.
    let bytes: Vec<u8> = text.chunks(3).take(4).map_while(byte).collect();
    (1..=bytes.len()).find_map(|count| {
        let character = std::str::from_utf8(bytes.get(..count)?).ok()?.chars().next()?;
        Some((character, count * 3))
    })
}

/// `&amp;`, `&#39;`, `&#x27;`
fn entity(text: &[Plain]) -> Option<Escape> {
    // The longest that is known: `&#x0010FFFF;`
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

/// `\"`, `\n`, `\u00fc`, `\u{fc}`: a character behind a backslash stands for itself, unless JSON says otherwise.
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
    // The halves of a pair (RFC 8259, section 7).
    let is_pair = text.get(6)?.character == '\\' && text.get(7)?.character == 'u';
    let second = number(8..12).filter(|_| is_pair)?;
    let decoded = char::decode_utf16([u16::try_from(first).ok()?, u16::try_from(second).ok()?]).next()?.ok()?;
    Some((decoded, 12))
}
