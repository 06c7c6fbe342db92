//! Checks whether a value conforms to the `format` of its schema.
//!
//! Checks only formats with a specified syntax (RFC 3339 for dates, RFC 9562 for UUIDs, RFC 4648 for Base64), and
//! reports only values that are certainly invalid.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Returns the reason why a string does not conform to a format. Returns `None` if the string conforms, or if the
/// format is not checked.
pub(super) fn text(format: &str, text: &str) -> Option<&'static str> {
    let (conforms, why) = match format {
        "date" => (is_date(text), "this value is not a date such as `2024-01-31`"),
        "date-time" => (is_date_time(text), "this value is not a date and time such as `2024-01-31T12:30:00Z`"),
        "uuid" => (is_uuid(text), "this value is not a UUID such as `0b7f4d2a-9c1e-4f3b-8a6d-2e5c7f901b34`"),
        "byte" => (is_base64(text), "this value is not Base64"),
        "ipv4" => (text.parse::<Ipv4Addr>().is_ok(), "this value is not an IPv4 address"),
        "ipv6" => (text.parse::<Ipv6Addr>().is_ok(), "this value is not an IPv6 address"),
        "email" => (is_email(text), "this value is not an email address"),
        "hostname" => (is_hostname(text), "this value is not a host name"),
        "uri" => (is_uri(text), "this value is not a URI with a scheme such as `https`"),
        _ => return None,
    };
    (!conforms).then_some(why)
}

/// Returns the reason why an integer does not conform to a format. Returns `None` if the integer conforms, or if the
/// format is not checked.
pub(super) fn integer(format: &str, number: &str) -> Option<&'static str> {
    if number.contains(['.', 'e', 'E']) {
        return None;
    }
    // An integer that does not fit into `i128` does not fit into any of the formats.
    let number: Result<i128, _> = number.parse();
    let within = |min: i128, max: i128| number.as_ref().is_ok_and(|number| (min..=max).contains(number));
    let (conforms, why) = match format {
        "int8" => (within(i8::MIN.into(), i8::MAX.into()), "this value has more than 8 bits"),
        "int16" => (within(i16::MIN.into(), i16::MAX.into()), "this value has more than 16 bits"),
        "int32" => (within(i32::MIN.into(), i32::MAX.into()), "this value has more than 32 bits"),
        "int64" => (within(i64::MIN.into(), i64::MAX.into()), "this value has more than 64 bits"),
        "uint8" => (within(0, u8::MAX.into()), "this value is negative, or has more than 8 bits"),
        "uint16" => (within(0, u16::MAX.into()), "this value is negative, or has more than 16 bits"),
        "uint32" => (within(0, u32::MAX.into()), "this value is negative, or has more than 32 bits"),
        "uint64" => (within(0, u64::MAX.into()), "this value is negative, or has more than 64 bits"),
        _ => return None,
    };
    (!conforms).then_some(why)
}

/// Parses a number of exactly `count` decimal digits.
fn number(digits: &str, count: usize) -> Option<u32> {
    let all = digits.len() == count && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| all)
}

fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut next = |count| number(parts.next().unwrap_or_default(), count);
    let (Some(year), Some(month), Some(day)) = (next(4), next(2), next(2)) else { return false };
    let is_leap_year = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap_year),
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let Some(offset_at) = time.find(['Z', 'z', '+', '-']) else { return false };
    let (time, offset) = time.split_at(offset_at);
    let (time, fraction) = time.split_once('.').map_or((time, "0"), |(time, fraction)| (time, fraction));
    let is_clock = |text: &str, max: &[u32]| {
        let parts: Vec<_> = text.split(':').map(|part| number(part, 2)).collect();
        parts.len() == max.len() && parts.iter().zip(max).all(|(part, max)| part.is_some_and(|part| part <= *max))
    };
    let is_offset = matches!(offset, "Z" | "z") || offset.get(1..).is_some_and(|offset| is_clock(offset, &[23, 59]));
    // 60 is a leap second.
    is_date(date)
        && is_clock(time, &[23, 59, 60])
        && number(fraction, fraction.len()).is_some_and(|_| !fraction.is_empty())
        && is_offset
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    let is_part =
        |(part, length): (&&str, usize)| part.len() == length && part.bytes().all(|digit| digit.is_ascii_hexdigit());
    parts.len() == lengths.len() && parts.iter().zip(lengths).all(is_part)
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && text.len() - digits.len() <= 2 && digits.bytes().all(known)
}

fn is_email(text: &str) -> bool {
    let (mailbox, host) = text.rsplit_once('@').unwrap_or_default();
    !mailbox.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace)
}

fn is_hostname(text: &str) -> bool {
    let is_label = |label: &str| {
        let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.strip_suffix('.').unwrap_or(text).split('.').all(is_label)
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.');
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(letter)
        && !rest.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

#[cfg(test)]
mod tests {
    use super::{integer, text};

    #[test]
    fn string_not_in_its_format_is_reported() {
        for (format, good, bad) in [
            (
                "date",
                &["2024-02-29", "0000-12-31"][..],
                &["yesterday", "2023-02-29", "2024-13-01", "2024-1-1", "2024-01-31T00:00:00Z", "+024-01-01"][..],
            ),
            (
                "date-time",
                &["2024-01-31T23:59:60.123Z", "2024-01-31t00:00:00+01:00", "9999-12-31T23:59:59-00:00"],
                &[
                    "2024-01-31",
                    "2024-01-31T12:00:00",
                    "2024-01-31T24:00:00Z",
                    "2024-01-31T12:00Z",
                    "2024-01-31T12:00:00.Z",
                    "2024-01-31T12:00:00+1:00",
                ],
            ),
            (
                "uuid",
                &["0B7F4D2A-9c1e-4f3b-8a6d-2e5c7f901b34"],
                &["x", "0b7f4d2a9c1e4f3b8a6d2e5c7f901b34", "{0b7f4d2a-9c1e-4f3b-8a6d-2e5c7f901b34}"],
            ),
            ("byte", &["", "YQ==", "YWI=", "YWJj"], &["string", "YQ=", "YQ", "Y===", "YW_j"]),
            ("ipv4", &["127.0.0.1"], &["127.0.0.256", "::1"]),
            ("ipv6", &["::1"], &["127.0.0.1"]),
            ("email", &["a@b"], &["a", "@b", "a b@c"]),
            ("hostname", &["a-b.example.", "localhost"], &["-a", "a..b", "a_b", ""]),
            ("uri", &["https://a/b", "urn:x:y"], &["/a", "a b:c", "1a:b", "https://a b"]),
        ] {
            for good in good {
                assert_eq!(text(format, good), None, "{format} {good}");
            }
            for bad in bad {
                assert!(text(format, bad).is_some(), "{format} {bad}");
            }
        }
        assert_eq!(text("shirt-size", "?"), None);
    }

    #[test]
    fn integer_outside_its_format_is_reported() {
        assert_eq!(integer("int32", "-2147483648"), None);
        assert!(integer("int32", "2147483648").is_some() && integer("int64", "9223372036854775808").is_some());
        assert!(integer("uint8", "-1").is_some() && integer("int64", &"9".repeat(99)).is_some());
        assert_eq!((integer("unixtime", "-1"), integer("int8", "1e3"), integer("int8", "1.0")), (None, None, None));
    }
}
