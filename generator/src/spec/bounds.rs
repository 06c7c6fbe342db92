//! Limits on the size of values.

use std::cmp::Ordering;

use crate::source::{Number, Span};

/// The limits on numbers, strings, arrays and objects that a schema specifies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounds {
    /// `minimum` or `exclusiveMinimum`, whichever is greater.
    pub minimum: Option<Bound>,
    /// `maximum` or `exclusiveMaximum`, whichever is less.
    pub maximum: Option<Bound>,
    /// `multipleOf`
    pub multiple_of: Option<Bound>,
    /// `minLength`
    pub min_length: Option<Bound>,
    /// `maxLength`
    pub max_length: Option<Bound>,
    /// `minItems`
    pub min_items: Option<Bound>,
    /// `maxItems`
    pub max_items: Option<Bound>,
    /// `minProperties`
    pub min_properties: Option<Bound>,
    /// `maxProperties`
    pub max_properties: Option<Bound>,
    /// `uniqueItems`
    pub unique_items: bool,
}

/// A limit, such as `maxLength`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The number, with its digits as in the document.
    pub number: Number,
    /// Whether a value that equals the number is excluded.
    pub exclusive: bool,
    /// The location of the number.
    pub span: Span,
}

impl Bound {
    /// Compares the numbers of two limits exactly.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        Decimal::of(&self.number).compare(&Decimal::of(&other.number))
    }
}

/// A number, as `0.digits` times ten to the power of `exponent`.
struct Decimal {
    is_negative: bool,
    /// The digits, without leading and trailing zeros. Empty for zero.
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(number: &Number) -> Self {
        let text = number.text.as_str();
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{integer}{fraction}");
        let digits = all.trim_start_matches('0');
        let zeros = all.len() - digits.len();
        let length = |digits: usize| i64::try_from(digits).unwrap_or(i64::MAX);
        // An exponent that does not fit into `i64` is replaced by a limit, which no other exponent in a document
        // reaches.
        let limit = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        let exponent = exponent.parse().unwrap_or(limit).clamp(i64::MIN / 2, i64::MAX / 2);
        let exponent = exponent + length(integer.len()) - length(zeros);
        Self { is_negative, digits: digits.trim_end_matches('0').to_owned(), exponent }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let sign = |one: &Self| match (one.digits.is_empty(), one.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let magnitudes = (self.exponent, &self.digits).cmp(&(other.exponent, &other.digits));
        sign(self).cmp(&sign(other)).then(match sign(self) {
            0 => Ordering::Equal,
            1 => magnitudes,
            _ => magnitudes.reverse(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_exactly() {
        let compare = |one: &str, other: &str| {
            let decimal = |text: &str| Decimal::of(&Number { text: text.to_owned() });
            decimal(one).compare(&decimal(other))
        };
        let ascending = [
            "-1e9999999999999999999",
            "-10.5",
            "-9",
            "-0.001",
            "0",
            "1e-9999999999999999999",
            "0.000999",
            "1e-3",
            "5",
            "9007199254740992",
            "9007199254740993",
            "1.5e40",
        ];
        for (at, one) in ascending.iter().enumerate() {
            for (other_at, other) in ascending.iter().enumerate() {
                assert_eq!(compare(one, other), at.cmp(&other_at), "{one} {other}");
            }
        }
        for (one, other) in [("0", "-0.0"), ("1e2", "100"), ("12.50", "0.125E+2"), ("0e5", "0")] {
            assert_eq!(compare(one, other), Ordering::Equal, "{one} {other}");
        }
    }
}
