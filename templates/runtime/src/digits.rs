//! The original digits of numbers in a JSON document.
//!
//! `serde_json` returns numbers with a fraction, and integers beyond 64 bits, as a rounded `f64`. Because `serde_json`
//! visits numbers in document order, [`Numbers`] can return the original digits of each number.

/// The newtype struct name with which `Decimal` requests the original digits of a number from a deserializer. A
/// deserializer that recognizes the name returns the digits as bytes, to distinguish the number from a JSON string.
/// Other deserializers return the raw JSON.
pub(super) const DIGITS_OF: &str = "clientwright::Decimal";

/// An iterator over the numbers of a valid JSON document, in document order and original notation.
pub struct Numbers<'t>(&'t str);

impl<'t> Numbers<'t> {
    /// Creates an iterator over the numbers of a JSON document, which must be valid.
    pub fn of(json: &'t str) -> Self {
        Self(json)
    }
}

impl<'t> Iterator for Numbers<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        loop {
            let start = self.0.find(['"', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])?;
            let rest = self.0.get(start..)?;
            match rest.strip_prefix('"') {
                Some(text) => self.0 = after_string(text)?,
                None => {
                    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '+' | '.' | 'e' | 'E'));
                    let (number, rest) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
                    self.0 = rest;
                    return Some(number);
                }
            }
        }
    }
}

/// Skips the rest of a string, given the JSON after its opening quote, and returns the JSON after its closing quote.
fn after_string(mut text: &str) -> Option<&str> {
    loop {
        let at = text.find(['"', '\\'])?;
        let is_end = text.get(at..)?.starts_with('"');
        // A backslash is skipped with the next character, which may be an escaped quote. After `\u`, the four digits
        // contain no quote.
        text = text.get(at + if is_end { 1 } else { 2 }..)?;
        if is_end {
            return Some(text);
        }
    }
}

/// Replaces each number beyond the range of an `f64`, e.g. `1e999`, with `0.5`, because `serde_json` refuses such
/// numbers. Returns `None` if there is no such number.
pub fn in_range(json: &str) -> Option<String> {
    let mut readable = String::new();
    let mut copied = 0;
    for number in Numbers::of(json).filter(|number| number.parse().is_ok_and(f64::is_infinite)) {
        let start = number.as_ptr().addr() - json.as_ptr().addr();
        readable.push_str(json.get(copied..start)?);
        readable.push_str("0.5");
        copied = start + number.len();
    }
    if copied == 0 {
        return None;
    }
    readable.push_str(json.get(copied..)?);
    Some(readable)
}

/// Returns whether a JSON number is written without a fraction and an exponent: `5`, but not `5.0` or `5e0`.
pub fn is_integer(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}

/// An integer of up to 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wide {
    /// An integer that fits into an `i128`.
    Signed(i128),
    /// An integer that is larger than `i128::MAX`.
    Unsigned(u128),
}

/// The number of digits of the largest 128-bit integer.
const MAX_DIGITS: usize = 39;

/// A normalized number: `0.DIGITS × 10^exponent`, where the digits have no leading or trailing zeros.
#[derive(PartialEq, Eq)]
struct Normal<'n> {
    sign: &'n str,
    digits: String,
    exponent: i64,
}

impl<'n> Normal<'n> {
    /// Normalizes a number. Returns `None` if the string is not a number, or if its exponent exceeds 32 bits.
    fn of(number: &'n str) -> Option<Self> {
        let (sign, unsigned) = match number.strip_prefix('-') {
            Some(unsigned) => ("-", unsigned),
            None => ("", number),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [before, after].concat();
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let significant = digits.trim_start_matches('0');
        let leading = i64::try_from(digits.len() - significant.len()).ok()?;
        let significant = significant.trim_end_matches('0');
        if significant.is_empty() {
            return Some(Self { sign: "", digits: String::new(), exponent: 0 });
        }
        let exponent = i64::try_from(before.len()).ok()? - leading + i64::from(exponent);
        Some(Self { sign, digits: significant.to_owned(), exponent })
    }
}

/// Returns whether two strings are notations of the same number, e.g. `1.5`, `1.50` and `15e-1`.
#[cfg(feature = "unions")]
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || Normal::of(one).is_some_and(|one| Normal::of(other) == Some(one))
}

/// Returns the integer value of a JSON number in any notation: `5.0` and `50e-1` are 5. Returns `None` if the number is
/// not an integer or exceeds 128 bits.
pub fn integer(number: &str) -> Option<Wide> {
    let Normal { sign, digits, exponent } = Normal::of(number)?;
    let length = usize::try_from(exponent).ok()?;
    if length > MAX_DIGITS || length < digits.len() {
        return None;
    }
    let text = format!("{sign}{digits:0<length$}");
    let text = if text.is_empty() { "0" } else { &text };
    let signed = text.parse().map(Wide::Signed).ok();
    signed.or_else(|| text.parse().map(Wide::Unsigned).ok())
}
