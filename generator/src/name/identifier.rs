//! Joins words into valid Rust identifiers.

use std::borrow::Cow;

use super::words::{pascal, snake, upper_snake};
use crate::words::beginning;

/// The case of an identifier. Contains a word that is prepended if the identifier would otherwise be empty or begin
/// with a digit: e.g. `status`, so that `404` becomes `Status404`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Case {
    /// `PascalCase`, for types and variants.
    Pascal(&'static str),
    /// `snake_case`, for fields, methods, arguments and modules.
    Snake(&'static str),
    /// `UPPER_SNAKE_CASE`, for constants.
    UpperSnake(&'static str),
}

/// The maximum length of an identifier in bytes. Module names are also file names, which are limited to 255 bytes.
pub(super) const MAX_LENGTH: usize = 150;

/// Joins words into an identifier. Keywords become raw identifiers (`r#type`), or get an underscore if Rust does not
/// allow them as raw identifiers (`self_`). Words beyond the maximum length are omitted.
pub(super) fn identifier(words: &[String], case: Case) -> String {
    let words = &bounded(words);
    let join = |words: &[String]| match case {
        Case::Pascal(_) => pascal(words),
        Case::Snake(_) => snake(words),
        Case::UpperSnake(_) => upper_snake(words),
    };
    let (Case::Pascal(front) | Case::Snake(front) | Case::UpperSnake(front)) = case;
    let mut name = join(words);
    if name.is_empty() || name.starts_with(|first: char| first.is_numeric()) {
        let mut words = words.to_vec();
        words.insert(0, front.to_owned());
        name = join(&words);
    }
    valid(&name)
}

/// Returns the leading words that fit into an identifier of the maximum length. Cuts the first word if it is too long.
fn bounded(words: &[String]) -> Cow<'_, [String]> {
    let mut length = 0;
    let fits = |word: &&String| {
        length += word.len() + 1;
        length <= MAX_LENGTH
    };
    let fitting = words.iter().take_while(fits).count();
    match words.first() {
        Some(first) if fitting == 0 => Cow::Owned(vec![beginning(first, MAX_LENGTH).to_owned()]),
        _ => Cow::Borrowed(words.get(..fitting).unwrap_or(words)),
    }
}

/// Converts text to a valid identifier, with as few changes as possible: `r#` before the text, an underscore after the
/// text, or the removal of invalid characters.
pub(super) fn valid(text: &str) -> String {
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
    // Encode characters that are not ASCII, and remove other invalid characters, so that the result is a single token.
    let is_word = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
    let name: String = in_ascii(text).chars().filter(is_word).collect();
    let name = beginning(&name, MAX_LENGTH);
    if is_identifier(name) { name.to_owned() } else { format!("n{name}") }
}

/// Replaces each character that is not ASCII by its hexadecimal code point, e.g. `ü` by `ufc`.
pub(super) fn in_ascii(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_ascii() { letter.to_string() } else { format!("u{:x}", u32::from(letter)) })
        .collect()
}

/// Returns whether `text` is a valid identifier. Keywords are not valid.
pub(super) fn is_identifier(text: &str) -> bool {
    // syn rejects keywords that cannot be raw identifiers. It does not know that `gen` is a keyword since edition 2024.
    text != "_" && text != "gen" && syn::parse_str::<syn::Ident>(text).is_ok()
}

/// Appends a suffix. First removes `r#` and trailing underscores, which escape keywords: with a suffix, the identifier
/// is not a keyword.
pub(super) fn extended(identifier: &str, suffix: &str) -> String {
    let plain = identifier.strip_prefix("r#").unwrap_or(identifier);
    format!("{}{suffix}", plain.trim_end_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::words::words;

    #[test]
    fn keywords_become_raw_or_get_underscore() {
        assert_eq!(identifier(&words("type"), Case::Snake("field")), "r#type");
        assert_eq!(identifier(&words("gen"), Case::Snake("field")), "r#gen");
        assert_eq!(identifier(&words("self"), Case::Snake("field")), "self_");
        assert_eq!(identifier(&words("Self"), Case::Pascal("Type")), "Self_");
    }

    #[test]
    fn extended_keyword_is_not_raw() {
        assert_eq!(extended("r#type", "_param"), "type_param");
        assert_eq!(extended("self_", "_param"), "self_param");
    }

    #[test]
    fn leading_digit_and_empty_name_get_prefix() {
        assert_eq!(identifier(&words("2fa"), Case::Snake("field")), "field_2fa");
        assert_eq!(identifier(&words("404"), Case::Pascal("value")), "Value404");
        assert_eq!(identifier(&[], Case::Snake("field")), "field");
    }

    #[test]
    fn any_text_becomes_identifier() {
        for text in ["zqx!()", "a: u8, pub b", "a\nb", "r#a b", "'a", "", "1", "{}", "a//", "\u{202e}"] {
            let name = valid(text);
            assert!(is_identifier(&name), "{text:?} becomes {name:?}");
        }
        assert_eq!(valid("a: u8, pub b"), "au8pubb");
    }

    #[test]
    fn length_is_limited() {
        let words = words(&"word_".repeat(1000));
        let name = identifier(&words, Case::Snake("field"));
        assert!(name.len() <= MAX_LENGTH && name.starts_with("word_word_") && name.ends_with("_word"), "{name}");
        let name = identifier(&["ä".repeat(1_000_000)], Case::Pascal("type"));
        assert!(name.len() <= MAX_LENGTH && name.starts_with("Ää"), "{name}");
    }

    #[test]
    fn non_ascii_letters_are_kept_if_valid() {
        assert_eq!(identifier(&words("größe"), Case::Snake("field")), "größe");
        assert_eq!(identifier(&words("²"), Case::Snake("field")), "field_ub2");
    }
}
