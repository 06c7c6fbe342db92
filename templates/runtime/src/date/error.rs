//! The error of parsing a date, or a date and time.

/// The error if a string is not a date, or a date and time, of RFC 3339.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{text}` is not {expected} of RFC 3339: {reason}")]
pub struct ParseDateError {
    text: String,
    /// What was expected, e.g. `a date`.
    expected: &'static str,
    reason: String,
}

impl ParseDateError {
    pub(super) fn new(text: &str, expected: &'static str, reason: impl Into<String>) -> Self {
        Self { text: text.to_owned(), expected, reason: reason.into() }
    }

    /// Returns the string that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }
}
