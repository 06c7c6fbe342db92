//! [`Secret`], a string that does not appear in debug output.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::ser::{Serialize, Serializer};
use zeroize::Zeroizing;

/// A secret string. Its memory is overwritten on drop, and `Debug` prints `Secret(***)`.
///
/// The string is only accessible with [`expose`](Self::expose); there is no `Display`. A secret serializes as a plain
/// string, to be sent to the server. It deserializes from a string; the error for any other value does not quote the
/// value.
///
/// Only copies of the type `Secret` are overwritten on drop. Sending a secret creates other copies: in the headers, URL
/// or body of the request, and in buffers of the HTTP and TLS libraries. These copies exist as long as the request (or
/// the client, for static credentials). They are marked as sensitive if possible, but their memory is not overwritten.
/// The same applies to secrets in the raw bodies of responses.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Creates a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the string.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl PartialEq for Secret {
    /// Compares the strings. For strings of equal length, the time does not depend on their content: every byte is
    /// compared, even after a difference.
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.0.as_bytes(), other.0.as_bytes());
        let difference = left.iter().zip(right).fold(0u8, |difference, (l, r)| difference | (l ^ r));
        left.len() == right.len() && std::hint::black_box(difference) == 0
    }
}

impl Eq for Secret {}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<Secret, E> {
                Ok(Secret::from(text))
            }

            fn visit_string<E>(self, text: String) -> Result<Secret, E> {
                Ok(Secret::from(text))
            }
        }

        // The default errors of deserializers quote the value: `invalid type: integer `1234``.
        deserializer
            .deserialize_string(Text)
            .map_err(|_| D::Error::custom("invalid type: expected a string (the value is a secret)"))
    }
}
