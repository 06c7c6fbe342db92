//! Builds a response if Prism cannot produce the requested response: from an example of the document, or generated from
//! the schema.

use serde_json::Value;

use crate::document::{Document, Operation};
use crate::make::{self, Extent};
use crate::plan::RequestedResponse;
use crate::proxy::RecordedResponse;
use crate::schemas::Direction;

/// Builds the requested response.
///
/// # Errors
///
/// Returns an error if no valid value can be generated for the schema.
pub(crate) fn response(
    document: &Document,
    operation: &Operation,
    requested: &RequestedResponse,
    seed: u64,
) -> Result<RecordedResponse, String> {
    // If a call requests no particular response, Prism responds with the lowest successful status.
    let key = requested.key.clone().or_else(|| {
        let successes = operation.responses.iter().filter(|response| response.key.starts_with('2'));
        // Skip informational responses (1XX), after which the client would wait for a final response.
        let mut others = operation.responses.iter().filter(|response| !response.key.starts_with('1'));
        successes
            .map(|response| response.key.clone())
            .min()
            .or_else(|| others.next().map(|response| response.key.clone()))
    });
    let Some(response) = operation.responses.iter().find(|response| Some(&response.key) == key.as_ref()) else {
        // The operation documents no final response.
        return Ok(RecordedResponse { status: 204, headers: Vec::new(), body: Vec::new() });
    };
    let status = requested.status.or_else(|| status(&response.key)).unwrap_or(200);
    let Some(content) = requested.content(response).filter(|_| !matches!(status, 204 | 205 | 304)) else {
        return Ok(RecordedResponse { status, headers: Vec::new(), body: Vec::new() });
    };
    let schema = content.schema();
    let valid = |value: &&Value| document.schemas.is_valid(schema, value, Direction::Response);
    let candidates =
        content.examples.iter().filter(|example| requested.example.is_none() || example.name == requested.example);
    let example = candidates.map(|example| &example.value).find(valid).filter(|_| !requested.generated);
    let value = match example {
        Some(example) => example.clone(),
        None => make::value(&document.schemas, schema, Direction::Response, Extent::All, seed)
            .map_err(|reason| format!("cannot generate a valid response: {reason}"))?,
    };
    let body = match &value {
        Value::String(text) if !content.is_json() => text.as_bytes().to_vec(),
        value => value.to_string().into_bytes(),
    };
    let headers = vec![("content-type".to_owned(), content.message_type())];
    Ok(RecordedResponse { status, headers, body })
}

/// Returns a status that a key of `responses` covers, e.g. 400 for `4XX`. Returns `None` for `default`.
fn status(key: &str) -> Option<u16> {
    key.parse().ok().or_else(|| key.to_ascii_uppercase().replace("XX", "00").parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::from_json;

    #[test]
    fn substituted_response_has_final_status() {
        let status = |responses: Value| {
            let document = from_json(json!({ "paths": { "/a": { "get": { "responses": responses } } } })).unwrap();
            response(&document, &document.operations[0], &RequestedResponse::default(), 1).unwrap().status
        };
        assert_eq!(status(json!({ "101": {}, "4XX": {}, "204": {} })), 204);
        assert_eq!(status(json!({ "101": {}, "4XX": {} })), 400);
        assert_eq!(status(json!({ "default": {} })), 200);
        assert_eq!(status(json!({ "101": {} })), 204);
    }
}
