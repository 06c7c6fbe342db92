//! Response headers with typed values.

use std::fmt;
use std::marker::PhantomData;

use http::HeaderMap;
use serde::de::DeserializeOwned;

use super::decode::DecodeError;
use super::text;

/// A response header and the type of its value.
///
/// The generated type of an operation has a constant for each header that the spec documents for successful responses
/// or for errors:
///
/// ```text
/// let response = client.pets().list().send_response().await?;
/// let left: Option<i64> = List::X_RATE_LIMIT_REMAINING.get(&response.headers)?;
/// ```
pub struct Header<T> {
    name: &'static str,
    separators: &'static [char],
    value: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Header<T> {
    /// Creates the header with this name.
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Self { name, separators: &[','], value: PhantomData }
    }

    /// Sets the characters that separate items: the first one separates the items of an array, the second one the items
    /// of the arrays within that array, and so on. By default, a comma separates the items of an array.
    #[doc(hidden)]
    pub const fn separated_by(mut self, separators: &'static [char]) -> Self {
        self.separators = separators;
        self
    }

    /// Returns the name, as in the spec.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the value of the header in a response; `None` if the header is missing. The items of an array may be
    /// separated by a character, by default a comma, or sent as several headers with the same name. Each `Set-Cookie`
    /// header is always one item; if `T` is a string, the items are joined with line breaks.
    ///
    /// # Errors
    ///
    /// The value is not UTF-8, or does not match the type.
    pub fn get(&self, headers: &HeaderMap) -> Result<Option<T>, DecodeError> {
        let refused = |reason: String| DecodeError::new(format!("the header `{}`: {reason}", self.name));
        let mut lines = Vec::new();
        for value in headers.get_all(self.name) {
            lines.push(std::str::from_utf8(value.as_bytes()).map_err(|error| refused(error.to_string()))?);
        }
        // RFC 9110, section 5.3: several headers with the same name are one list, except for `Set-Cookie`, whose values
        // contain commas.
        let is_cookie = self.name.eq_ignore_ascii_case("set-cookie");
        let separators = if is_cookie { &['\n'] } else { self.separators };
        let read = |text: &str| text::read_list(text, separators).map(Some).map_err(|error| refused(error.to_string()));
        match lines.as_slice() {
            [] => Ok(None),
            [line] => read(line),
            lines => match separators.first() {
                Some(',') | None => read(&lines.join(", ")),
                Some(separator) => read(&lines.join(separator.to_string().as_str())),
            },
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
