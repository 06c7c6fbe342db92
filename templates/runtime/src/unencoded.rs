//! Replaces the module `content_coding` in crates without a feature for a content coding: requests accept only
//! unencoded responses, and bodies are not compressed.

use http::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};
use http::response::Parts;
use http::{Method, StatusCode};

use super::body::{Body, BodyStream};
use super::request::RequestError;

/// The name of the coding that does not change the content.
const IDENTITY: &str = "identity";

/// The error of a response with a content coding, although the request accepts none.
#[derive(Debug, thiserror::Error)]
#[error("the content coding `{0}` is not supported, because this crate is built without features for content codings")]
pub struct CodingError(String);

/// Returns the value of `Accept-Encoding` for a request that does not set this header.
pub fn accepted(_: &Method, _: &HeaderMap) -> HeaderValue {
    HeaderValue::from_static(IDENTITY)
}

/// Returns the value of `Accept-Encoding` for a response whose items are read as they arrive.
#[cfg(feature = "streaming")]
pub fn accepted_for_items() -> String {
    IDENTITY.to_owned()
}

/// Returns the body, and an error if the body has a content coding. The body of a 206 response is a range of the
/// encoded bytes, which the caller decodes.
pub fn content(parts: &mut Parts, body: BodyStream) -> (BodyStream, Option<CodingError>) {
    let has_none = parts.status == StatusCode::PARTIAL_CONTENT || body.length() == Some(0);
    let error = remaining(&parts.headers).filter(|_| !has_none).map(CodingError);
    (body, error)
}

/// Returns the names of the codings of a body, for error messages; `None` if there are none.
pub fn remaining(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(CONTENT_ENCODING).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let names = lines.map(|line| line.to_ascii_lowercase()).filter(|line| !line.is_empty() && line != IDENTITY);
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| names.join(", ").escape_debug().to_string())
}

/// Returns the body of a request unchanged.
///
/// # Errors
///
/// The parameter `Content-Encoding` of the operation requests a coding.
pub fn compress(body: Body, headers: &HeaderMap) -> Result<Body, RequestError> {
    match remaining(headers).filter(|_| !body.is_empty()) {
        None => Ok(body),
        Some(name) => Err(RequestError::Header {
            name: CONTENT_ENCODING.to_string(),
            message: format!(
                "specifies the coding `{name}`, but this crate is built without features for content codings; to send a \
                 body that is already encoded, use `.options(RequestOptions::new().header(\"Content-Encoding\", …))`"
            ),
        }),
    }
}

/// Returns a body in memory.
///
/// # Errors
///
/// The body has a content coding.
#[cfg(feature = "mock")]
pub fn decoded(headers: &HeaderMap, body: bytes::Bytes) -> Result<bytes::Bytes, CodingError> {
    remaining(headers).map_or(Ok(body), |name| Err(CodingError(name)))
}
