//! Tests of dates: parsing, order, and conversions from and to the types of other crates.

use jiff::civil;

use crate::runtime::{Date, DateTime};

/// Strings in chronological order. The first two are the same instant, because 10:00 in Berlin is 09:00 in UTC: they are
/// ordered by their text. Times without an offset, and strings that are not dates, come last.
const ORDERED: [&str; 6] = [
    "2026-03-01T09:00:00Z",
    "2026-03-01T10:00:00+01:00",
    "2026-03-01T09:30:00Z",
    "9999-12-31T23:59:59Z",
    "2026-01-01T00:00:00",
    "soon",
];

#[test]
fn date_keeps_its_string() {
    let date: Date = serde_json::from_str("\"2026-03-01\"").unwrap();
    assert_eq!(date.date().unwrap(), civil::date(2026, 3, 1));
    assert_eq!(Date::from(civil::date(2026, 3, 1)), date);
    let soon: Date = serde_json::from_str("\"soon\"").unwrap();
    assert!(soon.date().is_err());
    assert_eq!(soon, Date::unvalidated("soon"));
    assert_eq!(serde_json::to_string(&soon).unwrap(), "\"soon\"");
}

#[test]
fn date_time_is_parsed_on_demand() {
    let noon = DateTime::unvalidated("2026-03-01T12:00:00.5+01:00");
    assert!(noon.has_offset());
    assert_eq!(noon.timestamp().unwrap().to_string(), "2026-03-01T11:00:00.5Z");
    assert_eq!(noon.civil().unwrap().to_string(), "2026-03-01T12:00:00.5");

    // A date that means "never": the date and time is valid, although the timestamp overflows.
    let never = DateTime::unvalidated("9999-12-31T23:59:59Z");
    assert!(never.has_offset() && never.timestamp().is_err());
    assert_eq!(never.civil().unwrap(), civil::datetime(9999, 12, 31, 23, 59, 59, 0));

    let dot_net = DateTime::unvalidated("2026-03-01T12:00:00");
    assert!(!dot_net.has_offset() && dot_net.timestamp().is_err());
    assert_eq!(dot_net.civil().unwrap(), civil::datetime(2026, 3, 1, 12, 0, 0, 0));
    for (text, offset) in [("2026-03-01 12:00:00-05:00", true), ("2026-03-01t12:00:00z", true), ("2026-03-01", false)] {
        assert_eq!(DateTime::unvalidated(text).has_offset(), offset, "{text}");
        assert!(DateTime::unvalidated(text).civil().is_ok(), "{text}");
    }
    for text in ["", "T", "never", "2026-03-01TZ", "ü T+"] {
        assert!(DateTime::unvalidated(text).civil().is_err(), "{text}");
    }
    assert_eq!(DateTime::from(jiff::Timestamp::UNIX_EPOCH).as_str(), "1970-01-01T00:00:00Z");
    assert_eq!(DateTime::from(civil::datetime(2026, 1, 2, 3, 4, 5, 0)).as_str(), "2026-01-02T03:04:05");
}

#[test]
fn date_is_validated() {
    for text in ["2026-03-01", "2024-02-29", "0000-01-01", "9999-12-31"] {
        let date: Date = text.parse().unwrap();
        assert_eq!(date.as_str(), text);
        assert_eq!(Date::try_from(text).unwrap(), Date::try_from(text.to_owned()).unwrap());
    }
    for text in [
        "",
        "soon",
        "2026-3-1",
        "20260301",
        "2026-02-29",
        "2026-13-01",
        "+002026-03-01",
        "2026-03-01Z",
        "2026-03-01T00:00:00Z",
        "２026-03-0",
    ] {
        let error = Date::try_from(text).unwrap_err();
        assert_eq!(error.text(), text);
        assert!(Date::try_from(text.to_owned()).is_err(), "{text}");
    }
    let message = "2026-02-29".parse::<Date>().unwrap_err().to_string();
    assert!(message.starts_with("`2026-02-29` is not a date of RFC 3339: "), "{message}");
    assert!(message.contains("day"), "{message}");
    let message = "1 March".parse::<Date>().unwrap_err().to_string();
    assert_eq!(message, "`1 March` is not a date of RFC 3339: expected the form `2026-03-01`");
}

#[test]
fn date_time_is_validated() {
    for text in [
        "2026-03-01T12:00:00Z",
        "2026-03-01t12:00:00.123456z",
        "2026-03-01T12:00:00.5+01:00",
        "2026-03-01T12:00:00-00:00",
        "2016-12-31T23:59:60Z",
        "9999-12-31T23:59:59Z",
    ] {
        let time: DateTime = text.parse().unwrap();
        assert_eq!(time.as_str(), text);
        assert_eq!(DateTime::try_from(text).unwrap(), DateTime::try_from(text.to_owned()).unwrap());
    }
    for text in [
        "",
        "2026-03-01",
        "2026-03-01 12:00:00Z",
        "2026-03-01T12:00Z",
        "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00+0100",
        "2026-03-01T12:00:00+01:00:00",
        "2026-03-01T12:00:00+99:00",
        "2026-03-01T25:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-03-01T12:00:00Z[UTC]",
        "2026-03-01T12:00:0ü",
    ] {
        let error = DateTime::try_from(text).unwrap_err();
        assert_eq!(error.text(), text);
        assert!(DateTime::try_from(text.to_owned()).is_err(), "{text}");
    }
    let message = "2026-03-01T12:00:00".parse::<DateTime>().unwrap_err().to_string();
    let expected =
        "`2026-03-01T12:00:00` is not a date and time of RFC 3339: the UTC offset is missing, e.g. `Z` or `+01:00`";
    assert_eq!(message, expected);
}

#[test]
fn dates_are_ordered_by_time() {
    let mut dates: Vec<Date> = ["never", "2026-03-01", "2025-12-31", "ever"].map(Date::unvalidated).into();
    dates.sort();
    assert_eq!(dates, ["2025-12-31", "2026-03-01", "ever", "never"].map(Date::unvalidated));
    let ordered = ORDERED.map(DateTime::unvalidated);
    for (left, earlier) in ordered.iter().enumerate() {
        for (right, later) in ordered.iter().enumerate() {
            assert_eq!(earlier.cmp(later), left.cmp(&right), "{earlier} {later}");
        }
    }
    assert_eq!(civil::Date::try_from(&Date::unvalidated("2026-03-01")).unwrap(), civil::date(2026, 3, 1));
    assert!(jiff::Timestamp::try_from(&DateTime::unvalidated("soon")).is_err());
}

/// Times as RFC 3339 writes them, which conversions from and to other crates must not change.
#[cfg(any(feature = "chrono", feature = "time"))]
const UNCHANGED: [&str; 4] =
    ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.500+01:00", "0001-01-01T00:00:00-11:30", "9999-12-31T23:59:59Z"];

#[cfg(feature = "chrono")]
#[test]
fn dates_convert_to_chrono() {
    use chrono::{FixedOffset, NaiveDate, NaiveDateTime, Utc};

    let date = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    assert_eq!(Date::from(date), "2026-03-01".parse().unwrap());
    assert_eq!(NaiveDate::try_from(&Date::from(date)).unwrap(), date);
    assert!(NaiveDate::try_from(&Date::unvalidated("soon")).is_err());
    for text in UNCHANGED {
        let time: DateTime = text.parse().unwrap();
        assert_eq!(DateTime::from(chrono::DateTime::<FixedOffset>::try_from(&time).unwrap()), time);
        let utc = chrono::DateTime::<Utc>::try_from(&time).unwrap();
        assert_eq!(chrono::DateTime::<Utc>::try_from(&DateTime::from(utc)).unwrap(), utc);
        assert!(NaiveDateTime::try_from(&time).is_err(), "{text}");
    }
    let civil = date.and_hms_micro_opt(1, 2, 3, 4).unwrap();
    assert_eq!(DateTime::from(civil).as_str(), "2026-03-01T01:02:03.000004");
    assert_eq!(NaiveDateTime::try_from(&DateTime::from(civil)).unwrap(), civil);
    assert!(chrono::DateTime::<FixedOffset>::try_from(&DateTime::from(civil)).is_err());
    // Amsterdam in 1900.
    let amsterdam = civil.and_local_timezone(FixedOffset::east_opt(1172).unwrap()).unwrap();
    assert_eq!(DateTime::from(amsterdam).as_str(), "2026-03-01T00:42:31.000004Z");
}

#[cfg(feature = "offset-date-time")]
#[test]
fn offset_date_time_is_serialized_as_in_rfc_3339() {
    use crate::runtime::OffsetDateTime;

    for text in UNCHANGED {
        let json = format!("\"{text}\"").replace(".500", ".5");
        let time: OffsetDateTime = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), json);
        assert_eq!(text.parse::<OffsetDateTime>().unwrap(), time);
        assert_eq!(OffsetDateTime::from(time::OffsetDateTime::from(time)).to_string(), json.trim_matches('"'));
    }
    for json in ["\"2026-03-01T12:00:00\"", "\"+12345-03-01T12:00:00Z\"", "\"\"", "1767225600"] {
        assert!(serde_json::from_str::<OffsetDateTime>(json).is_err(), "{json}");
    }
}

#[cfg(feature = "time")]
#[test]
fn dates_convert_to_time() {
    use time::{Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

    let date = time::Date::from_calendar_date(2026, Month::March, 1).unwrap();
    assert_eq!(Date::from(date), "2026-03-01".parse().unwrap());
    assert_eq!(time::Date::try_from(&Date::from(date)).unwrap(), date);
    assert!(time::Date::try_from(&Date::unvalidated("soon")).is_err());
    for text in UNCHANGED {
        let time: DateTime = text.parse().unwrap();
        let written = DateTime::from(OffsetDateTime::try_from(&time).unwrap());
        assert_eq!(written.as_str(), text.replace(".500", ".5"));
        assert!(PrimitiveDateTime::try_from(&time).is_err(), "{text}");
    }
    let civil = PrimitiveDateTime::new(date, Time::from_hms_micro(1, 2, 3, 4).unwrap());
    assert_eq!(DateTime::from(civil).as_str(), "2026-03-01T01:02:03.000004");
    assert_eq!(PrimitiveDateTime::try_from(&DateTime::from(civil)).unwrap(), civil);
    assert!(OffsetDateTime::try_from(&DateTime::from(civil)).is_err());
    // Amsterdam in 1900.
    let amsterdam = DateTime::from(civil.assume_offset(UtcOffset::from_hms(0, 19, 32).unwrap()));
    assert_eq!(amsterdam.as_str(), "2026-03-01T00:42:31.000004Z");
    assert_eq!(amsterdam.timestamp().unwrap().to_string(), "2026-03-01T00:42:31.000004Z");
}
