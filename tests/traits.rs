//! Tests of the standard traits of generated types: collections, sorting, and comparisons with strings.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::date;
use pki_clients::digicert_mpki::models::{CertificateDetails, CertificateStatus};
use pki_clients::runtime::Date;

#[test]
fn equal_models_are_one_item_of_hash_set() {
    let details = |serial_number: &str| CertificateDetails::new().with_serial_number(serial_number);
    let unique: HashSet<CertificateDetails> = [details("1"), details("2"), details("1")].into();
    assert_eq!(unique.len(), 2);
}

#[test]
fn string_enums_are_keys_and_compare_with_strings() {
    let mut count: BTreeMap<CertificateStatus, u32> = BTreeMap::new();
    for status in ["revoked", "issued", "archived", "issued"] {
        *count.entry(status.into()).or_default() += 1;
    }
    let counted: Vec<(String, u32)> = count.into_iter().map(|(status, count)| (status.into(), count)).collect();
    assert_eq!(counted, [("issued".to_owned(), 2), ("revoked".to_owned(), 1), ("archived".to_owned(), 1)]);
    assert!(CertificateStatus::Issued == "issued" && CertificateStatus::Issued == *"issued");
    assert_ne!(CertificateStatus::Revoked, "issued");
    assert!("issued" == CertificateStatus::Issued && *"issued" == CertificateStatus::Issued);
    assert_ne!("issued", CertificateStatus::Revoked);
    let values: Vec<&str> = CertificateStatus::VALUES.iter().map(CertificateStatus::as_str).collect();
    assert_eq!(values, ["issued", "revoked", "expired", "suspended"]);
}

#[test]
fn certificates_are_sorted_by_date() {
    let valid_to = |date: Date| CertificateDetails::new().with_valid_to(date);
    let mut certificates =
        [valid_to("2027-01-01".parse().unwrap()), valid_to(date(2026, 1, 31).into()), CertificateDetails::new()];
    certificates.sort_by(|left, right| left.valid_to.cmp(&right.valid_to));
    let dates: Vec<Option<&str>> = certificates.iter().map(|it| it.valid_to.as_ref().map(Date::as_str)).collect();
    assert_eq!(dates, [None, Some("2026-01-31"), Some("2027-01-01")]);
}
