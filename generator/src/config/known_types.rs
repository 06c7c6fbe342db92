//! Types of widely used crates, and the dependencies that they need.

use crate::ir::{External, JsonKind};

/// A type of a widely used crate. All of these types implement `Eq` and `Hash`, and are serialized as strings.
struct Known {
    path: &'static str,
    sample: Option<&'static str>,
}

const TYPES: [Known; 11] = [
    Known { path: "::uuid::Uuid", sample: Some("67e55044-10b1-426f-9247-bb680e5fe0c8") },
    Known { path: "::url::Url", sample: Some("https://www.example.com/") },
    Known { path: "::chrono::DateTime<::chrono::Utc>", sample: Some("2026-01-31T12:00:00Z") },
    Known { path: "::chrono::DateTime<::chrono::FixedOffset>", sample: Some("2026-01-31T12:00:00Z") },
    Known { path: "::chrono::NaiveDate", sample: Some("2026-01-31") },
    Known { path: "::chrono::NaiveTime", sample: Some("12:00:00") },
    Known { path: "::jiff::Timestamp", sample: Some("2026-01-31T12:00:00Z") },
    Known { path: "::jiff::civil::Date", sample: Some("2026-01-31") },
    Known { path: "::rust_decimal::Decimal", sample: Some("12.50") },
    Known { path: "::time::Date", sample: None },
    Known { path: "::time::OffsetDateTime", sample: Some("2026-01-31T12:00:00Z") },
];

/// The types that the runtime wraps in a type of the same name, because their own serialized form is not that of RFC 3339.
const WRAPPED: [(&str, &str); 1] = [("::time::OffsetDateTime", "OffsetDateTime")];

/// The dependencies of the types: the name of each crate and its value in `Cargo.toml`.
const DEPENDENCIES: [(&str, &str); 6] = [
    ("chrono", "{ version = \"0.4.41\", default-features = false, features = [\"serde\", \"std\"] }"),
    ("jiff", "{ version = \"0.2\", default-features = false, features = [\"serde\", \"std\"] }"),
    ("rust_decimal", "{ version = \"1.36\", default-features = false, features = [\"serde\", \"std\"] }"),
    ("time", "{ version = \"0.3.41\", default-features = false, features = [\"serde-human-readable\", \"std\"] }"),
    ("url", "{ version = \"2.5\", features = [\"serde\"] }"),
    ("uuid", "{ version = \"1.10\", features = [\"serde\"] }"),
];

/// Returns a known type, or the type of the runtime that wraps it. Returns `None` for other types, and an error message for
/// the types of the crate `time` that are not serialized in the form of RFC 3339.
pub(super) fn find(path: &str) -> Option<Result<External, String>> {
    let path = path.replace(' ', "");
    if ["::time::PrimitiveDateTime", "::time::Time"].contains(&path.as_str()) {
        let name = path.trim_start_matches("::");
        return Some(Err(format!(
            "`{name}` is not serialized in the form of RFC 3339; use the feature `time` of the crate, which adds \
             conversions to the types of generated fields"
        )));
    }
    let known = TYPES.iter().find(|known| known.path == path)?;
    let (sample, kinds) = (known.sample, vec![JsonKind::String]);
    let runtime_name = WRAPPED.iter().find(|(wrapped, _)| *wrapped == path).map(|(_, name)| *name);
    let path = runtime_name.map_or(path, |name| format!("crate::runtime::{name}"));
    Some(Ok(External { runtime_name, eq: true, hash: true, sample, kinds, ..External::new(path) }))
}

/// Returns the dependency on a crate, as the value in `Cargo.toml`.
pub(super) fn dependency(name: &str) -> Option<&'static str> {
    DEPENDENCIES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}
