//! Content codings (RFC 9110, section 8.4.1): compressed response bodies are decoded while they are read, and request
//! bodies are compressed if the caller requests it.
//!
//! Each coding belongs to a feature of the crate: `gzip` (with `deflate`), `brotli` and `zstd`. `Accept-Encoding` lists
//! the enabled codings.

#[cfg(feature = "brotli")]
mod brotli;
mod decoded;
#[cfg(feature = "gzip")]
mod deflate;
mod sent;
#[cfg(feature = "zstd")]
mod zstd;

use std::sync::LazyLock;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue, RANGE};
use http::response::Parts;
use http::{Method, StatusCode};

use super::body::BodyStream;

pub use decoded::Decoded;
pub use sent::compress;
#[cfg(feature = "gzip")]
pub use sent::{Compressed, Compression};

/// The codings that can be decoded, best compression first.
const ACCEPTED: &[&str] = &[
    #[cfg(feature = "zstd")]
    "zstd",
    #[cfg(feature = "brotli")]
    "br",
    #[cfg(feature = "gzip")]
    "gzip",
    #[cfg(feature = "gzip")]
    "deflate",
];

/// The name of the coding that does not change the content.
const IDENTITY: &str = "identity";

/// The maximum number of codings of a body. Each coding takes memory, and servers do not use more than two.
const MAX_CODINGS: usize = 3;

/// The reason why a content coding cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub enum CodingError {
    /// The coding is unknown.
    #[error("the content coding `{0}` is unknown; send `Accept-Encoding: identity` to request an unencoded response")]
    Unknown(String),
    /// The coding is supported, but its feature is disabled.
    #[error("the content coding `{coding}` requires the feature `{feature}`, without which this crate is built")]
    Disabled {
        /// The name of the coding.
        coding: String,
        /// The feature of the crate.
        feature: &'static str,
    },
    /// There are too many codings.
    #[error("the body has more than {MAX_CODINGS} content codings")]
    TooMany,
    /// The body is not valid data of the coding.
    #[error("the body is not valid {coding}: {reason}")]
    Invalid {
        /// The name of the coding.
        coding: &'static str,
        /// The reason.
        reason: String,
    },
}

/// A decoder of one content coding. It decodes a limited number of bytes at a time.
pub trait Decoder: Send {
    /// Decodes bytes from the beginning of `input`, advances `input` past them, and returns the number of bytes written
    /// to `output`. Returns 0 only if all input was consumed and more input is needed.
    ///
    /// # Errors
    ///
    /// The input is invalid.
    fn decode(&mut self, input: &mut Bytes, output: &mut [u8]) -> Result<usize, CodingError>;

    /// Returns whether the encoded data is complete if no more input follows.
    fn is_complete(&self) -> bool;

    /// Returns the name of the coding, for errors.
    fn name(&self) -> &'static str;
}

/// Returns the value of `Accept-Encoding` for a request that does not set this header.
pub fn accepted(method: &Method, headers: &HeaderMap) -> HeaderValue {
    static ALL: LazyLock<HeaderValue> = LazyLock::new(|| list(ACCEPTED));
    // A range refers to encoded bytes, but a caller that continues a download counts decoded bytes (RFC 9110, section
    // 14.2). HEAD requests the length of the content, which servers do not know for content that they compress.
    if *method == Method::HEAD || headers.contains_key(RANGE) {
        HeaderValue::from_static(IDENTITY)
    } else {
        ALL.clone()
    }
}

/// Returns the value of `Accept-Encoding` for a response whose items are read as they arrive. It does not list `zstd`,
/// because the decoder buffers a whole window and would delay items.
#[cfg(feature = "streaming")]
pub fn accepted_for_items() -> String {
    let prompt: Vec<&str> = ACCEPTED.iter().copied().filter(|coding| *coding != "zstd").collect();
    list(&prompt).to_str().unwrap_or(IDENTITY).to_owned()
}

fn list(codings: &[&str]) -> HeaderValue {
    let text = if codings.is_empty() { IDENTITY.to_owned() } else { codings.join(", ") };
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(IDENTITY))
}

/// Decodes a response body, and removes `Content-Encoding` and `Content-Length` from the headers.
///
/// The body of a 206 response is not decoded, because it is only a range of the encoded bytes. The caller combines the
/// ranges.
///
/// If a coding cannot be decoded, returns the encoded body and the error.
pub fn content(parts: &mut Parts, body: BodyStream) -> (BodyStream, Option<CodingError>) {
    // Responses to HEAD, and 204 and 304, have no body; their headers describe the body of another response.
    let has_none = parts.status == StatusCode::PARTIAL_CONTENT || body.length() == Some(0);
    if has_none || !parts.headers.contains_key(CONTENT_ENCODING) {
        return (body, None);
    }
    let decoders = match decoders(&parts.headers) {
        Ok(decoders) => decoders,
        Err(error) => return (body, Some(error)),
    };
    parts.headers.remove(CONTENT_ENCODING);
    if decoders.is_empty() {
        return (body, None);
    }
    parts.headers.remove(CONTENT_LENGTH);
    // Codings are listed in the order in which they were applied.
    (decoders.into_iter().rev().fold(body, BodyStream::decoded), None)
}

/// Decodes a body in memory.
///
/// # Errors
///
/// A coding is not supported, or the body is not valid data of the coding.
#[cfg(feature = "mock")]
pub fn decoded(headers: &HeaderMap, body: Bytes) -> Result<Bytes, CodingError> {
    let mut content = body;
    for mut decoder in decoders(headers)?.into_iter().rev() {
        let (mut all, mut block) = (Vec::new(), vec![0; 32 * 1024]);
        loop {
            match decoder.decode(&mut content, &mut block)? {
                0 => break,
                written => all.extend_from_slice(block.get(..written).unwrap_or_default()),
            }
        }
        content = all.into();
    }
    Ok(content)
}

fn decoders(headers: &HeaderMap) -> Result<Vec<Box<dyn Decoder>>, CodingError> {
    let names: Vec<String> = names(headers).collect();
    if names.len() > MAX_CODINGS {
        return Err(CodingError::TooMany);
    }
    names.iter().map(|name| decoder(name)).collect()
}

/// Returns the names of the codings in `Content-Encoding`, in the order in which they were applied.
fn names(headers: &HeaderMap) -> impl Iterator<Item = String> + '_ {
    let lines = headers.get_all(CONTENT_ENCODING).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let names = lines.flat_map(|line| line.split(',').map(|name| name.trim().to_ascii_lowercase()).collect::<Vec<_>>());
    names.filter(|name| !name.is_empty() && name != IDENTITY)
}

/// Returns the decoder for the coding with this name (RFC 9110, section 8.4.1; RFC 7932; RFC 9659).
fn decoder(name: &str) -> Result<Box<dyn Decoder>, CodingError> {
    match name {
        #[cfg(feature = "gzip")]
        "gzip" | "x-gzip" => Ok(Box::new(deflate::Gzip::new())),
        #[cfg(feature = "gzip")]
        "deflate" => Ok(Box::new(deflate::Deflate::new())),
        #[cfg(feature = "brotli")]
        "br" => Ok(Box::new(brotli::Brotli::new())),
        #[cfg(feature = "zstd")]
        "zstd" => Ok(Box::new(zstd::Zstd::new())),
        _ => Err(match feature(name) {
            Some(feature) => CodingError::Disabled { coding: name.to_owned(), feature },
            None => CodingError::Unknown(name.escape_debug().to_string()),
        }),
    }
}

/// Returns the feature of the crate that enables the coding with this name.
fn feature(name: &str) -> Option<&'static str> {
    match name {
        "gzip" | "x-gzip" | "deflate" => Some("gzip"),
        "br" => Some("brotli"),
        "zstd" => Some("zstd"),
        _ => None,
    }
}

/// Returns the names of the codings that were not decoded, for error messages; `None` if there are none.
pub fn remaining(headers: &HeaderMap) -> Option<String> {
    let names: Vec<String> = names(headers).collect();
    (!names.is_empty()).then(|| names.join(", ").escape_debug().to_string())
}

/// Returns the error for bytes after the end of the encoded data.
#[cfg(any(feature = "gzip", feature = "brotli"))]
fn trailing_bytes(coding: &'static str) -> CodingError {
    CodingError::Invalid { coding, reason: "there are bytes after the end of the data".to_owned() }
}
