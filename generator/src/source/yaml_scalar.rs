//! Determines the value of a plain (unquoted) scalar according to the core schema of YAML 1.2.
//!
//! In this schema, `yes`, `no`, `on`, `off`, `0b1`, `1_000`, `12:30` and `2024-01-01` are strings.

use super::node::{NodeKind, Number};
use super::radix;

/// The reason why a scalar cannot be converted to a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Untypable {
    /// An infinity or NaN, which JSON does not support.
    NotFinite,
    /// A hexadecimal or octal number with too many digits.
    TooLong,
}

/// Returns the value of a plain scalar. Hexadecimal and octal numbers may have at most `max_digits` digits.
pub(super) fn plain(text: &str, max_digits: usize) -> Result<NodeKind, Untypable> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeKind::Null,
        "true" | "True" | "TRUE" => NodeKind::Bool(true),
        "false" | "False" | "FALSE" => NodeKind::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Err(Untypable::NotFinite),
        _ if is_infinity(text) => return Err(Untypable::NotFinite),
        _ => match number(text, max_digits)? {
            Some(text) => NodeKind::Number(Number { text }),
            None => NodeKind::String(text.to_owned()),
        },
    })
}

fn is_infinity(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF")
}

/// Converts a YAML number to the syntax of JSON, e.g. `0x1F` to `31`. Returns `None` if the text is not a number.
fn number(text: &str, limit: usize) -> Result<Option<String>, Untypable> {
    for (prefix, base) in [("0x", 16), ("0o", 8)] {
        let Some(digits) = text.strip_prefix(prefix) else { continue };
        if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) {
            return Ok(None);
        }
        if digits.len() > limit {
            return Err(Untypable::TooLong);
        }
        return Ok(radix::to_decimal(digits, base));
    }
    Ok(decimal(text))
}

/// Converts a decimal YAML number to the syntax of JSON, e.g. `+.5` to `0.5`. Returns `None` if the text is not a
/// number.
fn decimal(text: &str) -> Option<String> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (mantissa, None),
    };
    let all_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(integer) || !fraction.is_none_or(all_digits) {
        return None;
    }
    if integer.is_empty() && fraction.is_none_or(str::is_empty) {
        return None;
    }
    let exponent_digits = exponent.map(|exponent| exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    if exponent_digits.is_some_and(|digits| digits.is_empty() || !all_digits(digits)) {
        return None;
    }

    // JSON does not allow leading zeros, and requires a digit on each side of the point.
    let significant = integer.trim_start_matches('0');
    let mut json = String::with_capacity(text.len() + 2);
    if negative {
        json.push('-');
    }
    json.push_str(if significant.is_empty() { "0" } else { significant });
    if let Some(fraction) = fraction {
        json.push('.');
        json.push_str(if fraction.is_empty() { "0" } else { fraction });
    }
    if let Some(exponent) = exponent {
        json.push('e');
        json.push_str(exponent);
    }
    Some(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        let node = super::super::Node {
            span: super::super::Span { source: super::super::SourceId(0), start: 0, end: 0 },
            kind: plain(text, 64).unwrap(),
        };
        node.to_json_text()
    }

    #[test]
    fn numbers_become_json_numbers() {
        let cases = [
            ("0", "0"),
            ("-0", "-0"),
            ("012", "12"),
            ("+1", "1"),
            ("-12", "-12"),
            ("1e3", "1e3"),
            ("1E+03", "1e+03"),
            (".5", "0.5"),
            ("-.5e-1", "-0.5e-1"),
            ("1.", "1.0"),
            ("00.50", "0.50"),
            ("0o17", "15"),
            ("0x1F", "31"),
            ("0xffffffffffffffffffffffffffffffff", "340282366920938463463374607431768211455"),
            ("340282366920938463463374607431768211456", "340282366920938463463374607431768211456"),
        ];
        for (yaml, expected) in cases {
            assert_eq!(json(yaml), expected, "{yaml}");
            assert!(serde_json::from_str::<serde_json::Value>(expected).is_ok());
        }
    }

    #[test]
    fn other_scalars_are_strings() {
        let cases = [
            "yes",
            "no",
            "on",
            "off",
            "y",
            "n",
            "nUll",
            "tRue",
            "1_000",
            "0b1",
            "0o8",
            "0x",
            "-0x1",
            "+0o7",
            "12:30",
            "2024-01-01",
            "1.2.3",
            "1e",
            "e1",
            ".",
            "-",
            "+",
            "--1",
            "1e5x",
            ".e1",
            "0X1F",
            "inf",
            "nan",
            "+.nan",
        ];
        for yaml in cases {
            assert_eq!(json(yaml), format!("{yaml:?}"), "{yaml}");
        }
    }

    #[test]
    fn infinity_and_nan_are_rejected() {
        for yaml in [".inf", "-.INF", "+.Inf", ".nan", ".NAN"] {
            assert_eq!(plain(yaml, 64), Err(Untypable::NotFinite), "{yaml}");
        }
    }

    #[test]
    fn long_numbers_are_rejected() {
        assert_eq!(plain("0x12345", 4), Err(Untypable::TooLong));
    }
}
