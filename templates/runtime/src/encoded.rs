//! Types of values that are sent as JSON strings: bytes in Base64, and JSON within a string.

use std::fmt;
use std::marker::PhantomData;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};

use super::decode;
use super::sealed::Sealed;
use super::tally;
use super::wire_value::WireValue;

/// Decodes Base64 with or without padding, because some servers omit the padding.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The alphabet in which bytes are encoded: [`Standard`] or [`UrlSafe`].
pub trait Alphabet: Sealed {
    /// Encodes bytes as Base64.
    fn encode(bytes: &[u8]) -> String;
}

/// Base64 with the characters `+` and `/`, and with padding (RFC 4648, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standard {}

/// Base64 with the characters `-` and `_`, without padding (RFC 4648, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UrlSafe {}

impl Sealed for Standard {}

impl Alphabet for Standard {
    fn encode(bytes: &[u8]) -> String {
        STANDARD.encode(bytes)
    }
}

impl Sealed for UrlSafe {}

impl Alphabet for UrlSafe {
    fn encode(bytes: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// Bytes that are sent as a Base64 string.
///
/// A value from the server stores the received string, which is sent back unchanged. Only [`bytes`](Self::bytes)
/// decodes the string.
///
/// ```text
/// let certificate = Upload::new(Base64::new(&der));
/// let der = download.certificate.bytes()?;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Base64<A: Alphabet = Standard> {
    text: String,
    alphabet: PhantomData<A>,
}

/// Bytes that are sent as a Base64 string in the alphabet for URLs (RFC 4648, section 5).
pub type Base64Url = Base64<UrlSafe>;

/// The error for a string that is not Base64.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the string is not Base64: {0}")]
pub struct Base64Error(base64::DecodeError);

impl<A: Alphabet> Base64<A> {
    /// Creates a value from bytes, which are encoded as Base64.
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        Self::from_text(A::encode(bytes.as_ref()))
    }

    /// Creates a value from a string that is already Base64.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: text.into(), alphabet: PhantomData }
    }

    /// Returns the encoded string.
    pub fn as_text(&self) -> &str {
        &self.text
    }

    /// Decodes the bytes. Both alphabets are accepted, with and without padding and line breaks.
    ///
    /// # Errors
    ///
    /// The string is not Base64.
    pub fn bytes(&self) -> Result<Vec<u8>, Base64Error> {
        let characters = self.text.chars().filter(|character| !character.is_ascii_whitespace());
        let standard: String = characters
            .map(|character| match character {
                '-' => '+',
                '_' => '/',
                character => character,
            })
            .collect();
        TOLERANT.decode(standard).map_err(Base64Error)
    }
}

impl<A: Alphabet> From<&[u8]> for Base64<A> {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes)
    }
}

impl<A: Alphabet, const N: usize> From<&[u8; N]> for Base64<A> {
    fn from(bytes: &[u8; N]) -> Self {
        Self::new(bytes)
    }
}

impl<A: Alphabet> From<Vec<u8>> for Base64<A> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl<A: Alphabet> From<bytes::Bytes> for Base64<A> {
    fn from(bytes: bytes::Bytes) -> Self {
        Self::new(bytes)
    }
}

/// Writes the encoded string.
impl<A: Alphabet> fmt::Display for Base64<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<A: Alphabet> Serialize for Base64<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, A: Alphabet> Deserialize<'de> for Base64<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = String::deserialize(deserializer).map(Self::from_text)?;
        tally::note_unless(|| value.bytes().is_ok());
        Ok(value)
    }
}

/// A value that is sent as JSON within a JSON string: `"{\"id\":1}"` (`contentMediaType: application/json`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct JsonText<T>(pub T);

impl<T> JsonText<T> {
    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> std::ops::Deref for JsonText<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for JsonText<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Serialize> Serialize for JsonText<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = WireValue::of(&self.0).map_err(S::Error::custom)?;
        serializer.serialize_str(&value.to_json())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for JsonText<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let value = decode::json_text(text.as_bytes());
        value.map(Self).map_err(|error| D::Error::custom(format_args!("in the JSON of this string: {error}")))
    }
}
