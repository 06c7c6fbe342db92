//! Joins words in the cases of Rust identifiers.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

pub(super) use crate::words::{singular, stem, words};

/// Joins words into an identifier such as `SeatTypes`.
pub(super) fn pascal(words: &[String]) -> String {
    joined(words, |text| text.to_upper_camel_case())
}

/// Joins words into an identifier such as `seat_types`.
pub(super) fn snake(words: &[String]) -> String {
    joined(words, |text| text.to_snake_case())
}

/// Joins words into an identifier such as `SEAT_TYPES`.
pub(super) fn upper_snake(words: &[String]) -> String {
    joined(words, |text| text.to_shouty_snake_case())
}

fn joined(words: &[String], case: impl Fn(&str) -> String) -> String {
    let text = case(&words.join(" "));
    // Camel case would join adjacent numbers: `1.2` must not become `12`.
    if !words.windows(2).any(|pair| matches!(pair, [one, two] if ends_in_digit(one) && starts_with_digit(two)))
        || text.contains('_')
    {
        return text;
    }
    let mut separated = String::new();
    for word in words {
        if ends_in_digit(&separated) && starts_with_digit(word) {
            separated.push('_');
        }
        separated.push_str(&case(word));
    }
    separated
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|last: char| last.is_ascii_digit())
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// Returns the words of an enum value. Symbols are spelled out if the value has no letters or digits, or is a number
/// with a sign: `<=` becomes `less equal`, and `-1` becomes `minus 1`.
pub(super) fn value_words(value: &str) -> Vec<String> {
    if value.is_empty() {
        return vec!["empty".to_owned()];
    }
    let plain = words(value);
    let signed = value.starts_with(['+', '-']) && plain.first().is_some_and(|word| starts_with_digit(word));
    if !plain.is_empty() && !signed {
        return plain;
    }
    let mut words: Vec<String> = Vec::new();
    for symbol in value.chars().filter(|character| !character.is_alphanumeric()) {
        words.push(symbol_name(symbol).map_or_else(|| format!("u{:04x}", u32::from(symbol)), str::to_owned));
    }
    words.extend(plain);
    words
}

fn symbol_name(symbol: char) -> Option<&'static str> {
    Some(match symbol {
        '+' => "plus",
        '-' => "minus",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '~' => "tilde",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '#' => "hash",
        '@' => "at",
        '$' => "dollar",
        '?' => "question",
        '^' => "caret",
        '_' => "underscore",
        ' ' => "space",
        '\n' => "newline",
        '\r' => "return",
        '\t' => "tab",
        '`' => "backtick",
        '"' | '\'' => "quote",
        '(' | ')' => "parenthesis",
        '[' | ']' => "bracket",
        '{' | '}' => "brace",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjacent_numbers_stay_separate() {
        assert_eq!(pascal(&words("IPv4Address")), "Ipv4Address");
        assert_eq!(pascal(&words("1.2")), "1_2");
        assert_eq!(snake(&words("1.2")), "1_2");
        assert_eq!(upper_snake(&words("flagOne")), "FLAG_ONE");
    }

    #[test]
    fn symbols_without_letters_are_spelled_out() {
        for (value, expected) in
            [("", "empty"), ("+1", "plus 1"), ("-1", "minus 1"), ("<", "less"), ("<=", "less equal"), ("a-b", "a b")]
        {
            assert_eq!(value_words(value).join(" "), expected, "{value}");
        }
    }
}
