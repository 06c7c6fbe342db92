//! A string that must not be shown.
//!
//! In: a `String` or `&str` from the caller or the wire. Out: the text, only through [`Secret::expose`].

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::ser::{Serialize, Serializer};
use zeroize::Zeroizing;

/// A secret: its memory is overwritten when it is dropped, and `Debug` prints `Secret(***)`.
///
/// Read from JSON, it takes a string; the error for anything else does not quote it.
///
/// It is read through [`expose`](Self::expose) only; there is no `Display`. Serialized, it is a plain string: that is
/// how it gets to the server.
///
/// What is overwritten are the copies of this type. A secret that is sent is copied beyond it: into the headers, URL or
/// body of the request, and by the HTTP and TLS libraries into buffers of theirs. Those copies live as long as the
/// request (of a credential that does not change: as long as the client), are marked as sensitive where that is possible,
/// and are freed without being overwritten. So are answers, which hold the secrets that a server sends.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Makes a secret of a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself.
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
    /// Looks at every byte whatever the first difference is, so that the time taken tells no more than the length.
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

        // What deserializers say of a value of another type quotes it: `invalid type: integer `1234``.
        deserializer
            .deserialize_string(Text)
            .map_err(|_| D::Error::custom("invalid type: expected a string (the value is a secret)"))
    }
}
