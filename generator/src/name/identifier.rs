//! Words become identifiers that Rust accepts.

use std::borrow::Cow;

use super::words::{pascal, shouty, snake};

/// How an identifier is spelt, and what goes in front of one that would begin with a digit or be empty.
#[derive(Debug, Clone, Copy)]
pub(super) enum Case {
    /// Types and variants; the word in front.
    Pascal(&'static str),
    /// Fields, methods, arguments and modules; the word in front.
    Snake(&'static str),
    /// Constants; the word in front.
    Shouty(&'static str),
}

/// The bytes of an identifier that is made of words. Files are called by some, and file systems take 255 bytes.
pub(super) const LONGEST: usize = 150;

/// The identifier made of these words, or the first of them where they are many; a raw one where it is a keyword.
pub(super) fn identifier(words: &[String], case: Case) -> String {
    let words = &bounded(words);
    let render_type = |words: &[String]| match case {
        Case::Pascal(_) => pascal(words),
        Case::Snake(_) => snake(words),
        Case::Shouty(_) => shouty(words),
    };
    let (Case::Pascal(front) | Case::Snake(front) | Case::Shouty(front)) = case;
    let mut spelt = render_type(words);
    if spelt.is_empty() || spelt.starts_with(|first: char| first.is_numeric()) {
        let mut words = words.to_vec();
        words.insert(0, front.to_owned());
        spelt = render_type(&words);
    }
    accepted(&spelt)
}

/// As many of the words as fit into an identifier.
fn bounded(words: &[String]) -> Cow<'_, [String]> {
    let mut length = 0;
    let fits = |word: &&String| {
        length += word.len() + 1;
        length <= LONGEST
    };
    let fitting = words.iter().take_while(fits).count();
    match words.first() {
        Some(first) if fitting == 0 => Cow::Owned(vec![beginning(first, LONGEST).to_owned()]),
        _ => Cow::Borrowed(words.get(..fitting).unwrap_or(words)),
    }
}

/// The beginning of a text, at most so many bytes of whole characters.
pub(super) fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// `text`, changed as little as it takes to be an identifier.
pub(super) fn accepted(text: &str) -> String {
    if is_identifier(text) {
        return text.to_owned();
    }
    let raw = format!("r#{text}");
    if is_identifier(&raw) {
        return raw;
    }
    let with_underscore = format!("{text}_");
    if is_identifier(&with_underscore) {
        return with_underscore;
    }
    // Letters that Rust does not take for letters.
    // And whatever else it is: no text of a document becomes more than one word of Rust.
    let word = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
    let spelt: String = in_ascii(text).chars().filter(word).collect();
    let spelt = beginning(&spelt, LONGEST);
    if is_identifier(spelt) { spelt.to_owned() } else { format!("n{spelt}") }
}

/// An identifier with the code of each letter that is not ASCII in the letter's place.
pub(super) fn in_ascii(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_ascii() { letter.to_string() } else { format!("u{:x}", u32::from(letter)) })
        .collect()
}

/// Whether Rust takes it for an identifier that is no keyword.
fn is_identifier(text: &str) -> bool {
    // `_` is none, and some names stay keywords even behind `r#`; syn knows which. `gen` is one since edition 2024, and syn
    // speaks of no edition.
    text != "_" && text != "gen" && syn::parse_str::<syn::Ident>(text).is_ok()
}

/// An identifier with something behind it: it is then no keyword any more, and needs no mark that it is none.
pub(super) fn extended(identifier: &str, suffix: &str) -> String {
    let unmarked = identifier.strip_prefix("r#").unwrap_or(identifier);
    format!("{}{suffix}", unmarked.trim_end_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::words::words;

    #[test]
    fn keywords_become_raw_and_the_unrawable_get_an_underscore() {
        assert_eq!(identifier(&words("type"), Case::Snake("field")), "r#type");
        assert_eq!(identifier(&words("gen"), Case::Snake("field")), "r#gen");
        assert_eq!(identifier(&words("self"), Case::Snake("field")), "self_");
        assert_eq!(identifier(&words("Self"), Case::Pascal("Type")), "Self_");
    }

    #[test]
    fn what_is_extended_is_no_keyword() {
        assert_eq!(extended("r#type", "_param"), "type_param");
        assert_eq!(extended("self_", "_member"), "self_member");
    }

    #[test]
    fn digits_and_nothing_get_a_word_in_front() {
        assert_eq!(identifier(&words("2fa"), Case::Snake("field")), "field_2fa");
        assert_eq!(identifier(&words("404"), Case::Pascal("value")), "Value404");
        assert_eq!(identifier(&[], Case::Snake("field")), "field");
    }

    #[test]
    fn nothing_but_an_identifier_is_accepted() {
        for text in ["zqx!()", "a: u8, pub b", "a\nb", "r#a b", "'a", "", "1", "{}", "a//", "\u{202e}"] {
            let name = accepted(text);
            assert!(is_identifier(&name), "{text:?} becomes {name:?}");
        }
        assert_eq!(accepted("a: u8, pub b"), "au8pubb");
    }

    #[test]
    fn no_identifier_is_endless() {
        let words = words(&"word_".repeat(1000));
        let name = identifier(&words, Case::Snake("field"));
        assert!(name.len() <= LONGEST && name.starts_with("word_word_") && name.ends_with("_word"), "{name}");
        let name = identifier(&["ä".repeat(1_000_000)], Case::Pascal("type"));
        assert!(name.len() <= LONGEST && name.starts_with("Ää"), "{name}");
    }

    #[test]
    fn letters_beyond_ascii_stay_where_rust_takes_them() {
        assert_eq!(identifier(&words("größe"), Case::Snake("field")), "größe");
        assert_eq!(identifier(&words("²"), Case::Snake("field")), "field_ub2");
    }
}
