//! Decodes the streams of gRPC gateways. Each item is a JSON object with the property `result`, or with the property
//! `error` if an error ends the stream.

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::Frame;
use crate::runtime::decode::{self, DecodeError};
use crate::runtime::response::RawResponse;

#[derive(Deserialize)]
struct ResultOrError<T> {
    result: Option<T>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Reported<T> {
    error: T,
}

/// Decodes a JSON text whose property `result` is of type `T`.
///
/// # Errors
///
/// The text is not JSON, has the property `error`, or has no property `result` of type `T`.
pub fn result<T: DeserializeOwned>(frame: Frame) -> Result<T, DecodeError> {
    match decode::json_text::<ResultOrError<T>>(&frame.data)? {
        ResultOrError { error: Some(_), .. } => Err(DecodeError::reported(frame.data)),
        ResultOrError { result: Some(result), .. } => Ok(result),
        ResultOrError { .. } => Err(DecodeError::new("the item has neither a `result` nor an `error`")),
    }
}

/// Decodes the property `error` of an item as a value of type `T`, and wraps the value in the error enum `E`. If the
/// property does not match the type, returns the variant of `E` for raw bytes.
pub fn result_error<T: DeserializeOwned, E: From<Bytes>>(item: &RawResponse, wrap: impl FnOnce(T) -> E) -> E {
    decode::error_json(item, |reported: Reported<T>| wrap(reported.error))
}
