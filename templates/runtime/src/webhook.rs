//! Decodes the bodies of webhooks: requests that an API sends.

use serde::de::DeserializeOwned;

use super::decode::{self, DecodeError};
use super::exact_json::ExactJson;
use super::node::Node;
use super::secret_paths::SecretPath;
use super::union::{UnknownJson, node_is};

/// Decodes a JSON body. Errors do not quote invalid values at the paths in `secrets`.
///
/// # Errors
///
/// The body is not valid JSON or does not match the type.
pub fn json<T: DeserializeOwned>(body: &[u8], secrets: &[SecretPath]) -> Result<T, DecodeError> {
    decode::json_text(body).map_err(|error| error.redacted(secrets))
}

/// Decodes a text body as UTF-8.
///
/// # Errors
///
/// The body is not valid UTF-8 or does not match the type.
pub fn text<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    decode::read_text(body, "")
}

/// Decodes the JSON body of a webhook that the spec does not define.
///
/// # Errors
///
/// The body is not valid JSON.
pub fn unknown(body: &[u8]) -> Result<UnknownJson, DecodeError> {
    decode::json_text::<ExactJson>(body).map(UnknownJson::from_json)
}

/// Returns the name of the webhook that a property of a JSON body identifies. `webhooks` contains pairs of a value of
/// the property and the name of its webhook. Returns `None` if the property is missing or has an unknown value.
///
/// # Errors
///
/// The body is not valid JSON.
pub fn identify(
    body: &[u8],
    property: &str,
    webhooks: &[(&'static str, &'static str)],
) -> Result<Option<&'static str>, DecodeError> {
    let value: Node = decode::json_text(body)?;
    Ok(webhooks.iter().find(|(expected, _)| node_is(&value, property, expected)).map(|(_, name)| *name))
}
