//! Converts hexadecimal and octal numbers of any length to decimal.

/// The base of the limbs in which a large number is stored. Each limb contains nine decimal digits.
const LIMB: u64 = 1_000_000_000;

/// Converts a number with a base up to 16 to decimal. Returns `None` if a digit is invalid. Takes quadratic time, so
/// callers limit the number of digits.
pub(super) fn to_decimal(digits: &str, base: u32) -> Option<String> {
    // Least significant limb first.
    let mut limbs: Vec<u64> = vec![0];
    for digit in digits.chars() {
        let mut carry = u64::from(digit.to_digit(base)?);
        for limb in &mut limbs {
            let sum = *limb * u64::from(base) + carry;
            *limb = sum % LIMB;
            carry = sum / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut limbs = limbs.iter().rev();
    let mut text = limbs.next()?.to_string();
    for limb in limbs {
        text.push_str(&format!("{limb:09}"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_match_std() {
        for number in [0, 1, 15, 16, 999_999_999, 1_000_000_000, u128::from(u64::MAX), u128::MAX, 10_u128.pow(27)] {
            assert_eq!(to_decimal(&format!("{number:x}"), 16), Some(number.to_string()));
            assert_eq!(to_decimal(&format!("{number:o}"), 8), Some(number.to_string()));
        }
        assert_eq!(to_decimal("000ff", 16).as_deref(), Some("255"));
        assert_eq!(to_decimal("8", 8), None);
    }

    #[test]
    fn large_numbers_are_exact() {
        // 2^160
        let digits = format!("1{}", "0".repeat(40));
        let expected = "1461501637330902918203684832716283019655932542976";
        assert_eq!(to_decimal(&digits, 16).as_deref(), Some(expected));
    }
}
