//! The digits of the numbers in a JSON text.
//!
//! `serde_json` gives a number with a fraction, and an integer beyond 64 bits, as an `f64`, which rounds it. It gives them in
//! the order of the text: so what it rounds can be looked up here.

/// The numbers of a JSON text, one after the other. The text must be valid.
pub struct Numbers<'t>(&'t str);

impl<'t> Numbers<'t> {
    /// The numbers of a text.
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
                Some(text) => self.0 = behind_string(text)?,
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

/// What follows a string, given the text behind its opening quote.
fn behind_string(mut text: &str) -> Option<&str> {
    loop {
        let at = text.find(['"', '\\'])?;
        let is_end = text.get(at..)?.starts_with('"');
        // A backslash escapes the character behind it, or the first of its four digits.
        text = text.get(at + if is_end { 1 } else { 2 }..)?;
        if is_end {
            return Some(text);
        }
    }
}

/// The text with another number in place of each that is beyond the range of an `f64`, which `serde_json` refuses. `None` if
/// there is no such number.
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

/// Whether a number of JSON is written without fraction and exponent.
pub fn is_integer(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}

/// An integer of up to 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wide {
    /// An integer that 128 bits with a sign can hold.
    Signed(i128),
    /// A larger one.
    Unsigned(u128),
}

/// The digits of the largest integer of 128 bits.
const MOST_DIGITS: usize = 39;

/// A number without leading and trailing zeros: `0.` and the digits, times ten to the power of `exponent`.
#[derive(PartialEq, Eq)]
struct Normal<'n> {
    sign: &'n str,
    digits: String,
    exponent: i64,
}

impl<'n> Normal<'n> {
    /// `None` where the text is no number, or its exponent is beyond 32 bits.
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

/// Whether two texts are the same number, however it is written: `1.5`, `1.50` and `15e-1`.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || Normal::of(one).is_some_and(|one| Normal::of(other) == Some(one))
}

/// The integer that a number of JSON is, however it is written: `5.0` and `50e-1` are 5. `None` where it has a fraction, or
/// is beyond 128 bits.
pub fn integer(number: &str) -> Option<Wide> {
    let Normal { sign, digits, exponent } = Normal::of(number)?;
    let length = usize::try_from(exponent).ok()?;
    if length > MOST_DIGITS || length < digits.len() {
        return None;
    }
    let text = format!("{sign}{digits:0<length$}");
    let text = if text.is_empty() { "0" } else { &text };
    let signed = text.parse().map(Wide::Signed).ok();
    signed.or_else(|| text.parse().map(Wide::Unsigned).ok())
}
