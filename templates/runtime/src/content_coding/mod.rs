//! Content codings (RFC 9110, section 8.4.1): a compressed response body is decoded while it is read, and a request body is
//! compressed where the caller asks for it.
//!
//! Each coding belongs to a feature of the crate: `gzip` (with `deflate`), `brotli` and `zstd`. `Accept-Encoding` lists the
//! codings that are compiled in.

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

/// The codings that can be decoded, those that compress better first.
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

/// The coding that changes nothing.
const IDENTITY: &str = "identity";

/// The maximum number of codings of one body: each takes memory, and no server has a use for more than two.
const MAX_CODINGS: usize = 3;

/// A body that cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub enum CodingError {
    /// The coding is not known.
    #[error(
        "its content coding `{0}` is not known; with the header `Accept-Encoding: identity`, a server sends it without one"
    )]
    Unknown(String),
    /// The coding is known and not compiled in.
    #[error("its content coding `{coding}` needs the feature `{feature}` of this crate, which is off")]
    Disabled {
        /// The name of the coding.
        coding: String,
        /// The feature of the crate.
        feature: &'static str,
    },
    /// There are too many.
    #[error("it has more than {MAX_CODINGS} content codings")]
    TooMany,
    /// The bytes are not valid in the coding.
    #[cfg_attr(not(any(feature = "brotli", feature = "gzip", feature = "zstd")), allow(dead_code))]
    #[error("it is not valid {coding}: {reason}")]
    Invalid {
        /// The name of the coding.
        coding: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// Decodes the bytes of one coding, a limited number at a time.
pub trait Decoder: Send {
    /// Decodes from the beginning of `input`, which is advanced, and returns how many bytes of `output` were written. It is 0
    /// only if all of the input was taken and more is needed.
    ///
    /// # Errors
    ///
    /// The input is not valid.
    fn decode(&mut self, input: &mut Bytes, output: &mut [u8]) -> Result<usize, CodingError>;

    /// Whether the content may end with the input that was taken so far.
    fn is_complete(&self) -> bool;

    /// The name of the coding, for errors.
    fn name(&self) -> &'static str;
}

/// The value of `Accept-Encoding` for a request that does not have one.
pub fn accepted(method: &Method, headers: &HeaderMap) -> HeaderValue {
    static ALL: LazyLock<HeaderValue> = LazyLock::new(|| list(ACCEPTED));
    // A range is one of the encoded bytes, and one that continues an earlier download must fit to decoded ones (RFC 9110,
    // section 14.2). HEAD is asked for the length of the content, which servers do not know of what they compress.
    if *method == Method::HEAD || headers.contains_key(RANGE) {
        HeaderValue::from_static(IDENTITY)
    } else {
        ALL.clone()
    }
}

/// The value of `Accept-Encoding` for a response whose items are read as they arrive: without `zstd`, whose decoder holds
/// bytes back until it has a window of them.
pub fn accepted_for_items() -> String {
    let prompt: Vec<&str> = ACCEPTED.iter().copied().filter(|coding| *coding != "zstd").collect();
    list(&prompt).to_str().unwrap_or(IDENTITY).to_owned()
}

fn list(codings: &[&str]) -> HeaderValue {
    let text = if codings.is_empty() { IDENTITY.to_owned() } else { codings.join(", ") };
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(IDENTITY))
}

/// The content of a response body. The headers then describe the content: the coding and the encoded length are removed.
///
/// The body of status 206 is left as it is, with its header: it is a part of encoded bytes, which callers put together.
///
/// A body in a coding that cannot be decoded is left as it is too, and comes with the error.
pub fn content(parts: &mut Parts, body: BodyStream) -> (BodyStream, Option<CodingError>) {
    // The headers of HEAD, 204 and 304 are about another response.
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
    // The coding that was applied last is listed last.
    (decoders.into_iter().rev().fold(body, BodyStream::decoded), None)
}

/// The content of a body in memory.
///
/// # Errors
///
/// A coding cannot be decoded, or the body is not valid in it.
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

/// The names of the codings in the order in which they were applied.
fn names(headers: &HeaderMap) -> impl Iterator<Item = String> + '_ {
    let lines = headers.get_all(CONTENT_ENCODING).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let names = lines.flat_map(|line| line.split(',').map(|name| name.trim().to_ascii_lowercase()).collect::<Vec<_>>());
    names.filter(|name| !name.is_empty() && name != IDENTITY)
}

/// The decoder of a coding (RFC 9110, section 8.4.1; RFC 7932; RFC 9659).
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

/// The feature of the crate that a coding belongs to.
fn feature(name: &str) -> Option<&'static str> {
    match name {
        "gzip" | "x-gzip" | "deflate" => Some("gzip"),
        "br" => Some("brotli"),
        "zstd" => Some("zstd"),
        _ => None,
    }
}

/// The names of the codings of a body that was not decoded, for errors.
pub fn left(headers: &HeaderMap) -> Option<String> {
    let names: Vec<String> = names(headers).collect();
    (!names.is_empty()).then(|| names.join(", ").escape_debug().to_string())
}

/// Bytes follow the end of the encoded data.
#[cfg(any(feature = "gzip", feature = "brotli"))]
fn follows(coding: &'static str) -> CodingError {
    CodingError::Invalid { coding, reason: "bytes follow the end of its data".to_owned() }
}
