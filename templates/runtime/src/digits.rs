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

/// The integer that a number of JSON is, however it is written: `5.0` and `50e-1` are 5. `None` where it has a fraction, or
/// is beyond 128 bits.
pub fn integer(number: &str) -> Option<Wide> {
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
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(Wide::Signed(0));
    }
    // The place of the decimal point among the digits.
    let point = i64::try_from(before.len()).ok()?.checked_add(i64::from(exponent))?;
    let point = usize::try_from(point).ok()?;
    let leading = significant.len() - significant.trim_start_matches('0').len();
    if point < significant.len() || point.saturating_sub(leading) > MOST_DIGITS {
        return None;
    }
    let text = format!("{sign}{significant}{}", "0".repeat(point - significant.len()));
    let signed = text.parse().map(Wide::Signed).ok();
    signed.or_else(|| text.parse().map(Wide::Unsigned).ok())
}
