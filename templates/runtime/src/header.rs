//! The headers of answers, typed.
//!
//! In: what the spec says of a header, as a `const` of its operation. Out: its value in an answer.

use std::fmt;
use std::marker::PhantomData;

use http::HeaderMap;
use serde::de::DeserializeOwned;

use super::decode::DecodeError;
use super::text;

/// A header that an operation's answers come with, and the type of its value.
///
/// An operation has one as a constant for each header that the spec documents, of successes and errors alike:
///
/// ```text
/// let response = client.pets().list().send_response().await?;
/// let left: Option<i64> = List::X_RATE_LIMIT_REMAINING.get(&response.headers)?;
/// ```
pub struct Header<T> {
    name: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Header<T> {
    /// The header of this name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, value: PhantomData }
    }

    /// The name as the spec has it.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The value in the headers of an answer; `None` where the header is missing. Elements of a list are separated by
    /// commas, or are headers of their own; cookies always are, and as one text they stand on a line each.
    ///
    /// # Errors
    ///
    /// The value is no text, or not of this type.
    pub fn get(&self, headers: &HeaderMap) -> Result<Option<T>, DecodeError> {
        let refused = |reason: String| DecodeError::new(format!("the header `{}`: {reason}", self.name));
        let mut lines = Vec::new();
        for value in headers.get_all(self.name) {
            lines.push(std::str::from_utf8(value.as_bytes()).map_err(|error| refused(error.to_string()))?);
        }
        // RFC 9110, section 5.3: several lines are one list, but for this header, whose values have commas in them.
        let separator = if self.name.eq_ignore_ascii_case("set-cookie") { '\n' } else { ',' };
        let read = |text: &str| text::read_list(text, separator).map(Some).map_err(|error| refused(error.to_string()));
        match lines.as_slice() {
            [] => Ok(None),
            [line] => read(line),
            lines => read(&lines.join(if separator == '\n' { "\n" } else { ", " })),
        }
    }
}

impl<T> Clone for Header<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Header<T> {}

impl<T> fmt::Debug for Header<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Header").field(&self.name).finish()
    }
}
