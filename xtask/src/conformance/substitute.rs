//! An answer of ours, where Prism has none: the document's example, or a value made from its schema.

use serde_json::Value;

use crate::document::{Document, Operation};
use crate::make::{self, Extent};
use crate::plan::Asked;
use crate::proxy::Received;
use crate::schemas::Direction;

/// The answer that was asked for.
pub(crate) fn answer(document: &Document, operation: &Operation, asked: &Asked, seed: u64) -> Result<Received, String> {
    // Asked for nothing in particular, Prism gives the lowest success.
    let key = asked.key.clone().or_else(|| {
        let successes = operation.answers.iter().filter(|answer| answer.key.starts_with('2'));
        // What is no final answer leaves the call waiting.
        let mut last = operation.answers.iter().filter(|answer| !answer.key.starts_with('1'));
        successes.map(|answer| answer.key.clone()).min().or_else(|| last.next().map(|it| it.key.clone()))
    });
    let Some(answer) = operation.answers.iter().find(|answer| Some(&answer.key) == key.as_ref()) else {
        // It documents no answer at all.
        return Ok(Received { status: 204, headers: Vec::new(), body: Vec::new() });
    };
    let status = asked.status.or_else(|| status(&answer.key)).unwrap_or(200);
    let Some(content) = asked.content(answer).filter(|_| !matches!(status, 204 | 205 | 304)) else {
        return Ok(Received { status, headers: Vec::new(), body: Vec::new() });
    };
    let schema = content.schema();
    let valid = |value: &&Value| document.schemas.is_valid(schema, value, Direction::Response);
    let named = content.examples.iter().filter(|example| asked.example.is_none() || example.name == asked.example);
    let example = named.map(|example| &example.value).find(valid).filter(|_| !asked.made);
    let value = match example {
        Some(example) => example.clone(),
        None => make::value(&document.schemas, schema, Direction::Response, Extent::All, seed)
            .map_err(|reason| format!("no valid answer can be made: {reason}"))?,
    };
    let body = match &value {
        Value::String(text) if !content.is_json() => text.as_bytes().to_vec(),
        value => value.to_string().into_bytes(),
    };
    let headers = vec![("content-type".to_owned(), content.message_type())];
    Ok(Received { status, headers, body })
}

/// A status that a key documents; `default` documents those that are left.
fn status(key: &str) -> Option<u16> {
    key.parse().ok().or_else(|| key.to_ascii_uppercase().replace("XX", "00").parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::from_json;

    #[test]
    fn an_answer_is_a_final_one() {
        let status = |answers: Value| {
            let document = from_json(json!({ "paths": { "/a": { "get": { "responses": answers } } } })).unwrap();
            answer(&document, &document.operations[0], &Asked::default(), 1).unwrap().status
        };
        assert_eq!(status(json!({ "101": {}, "4XX": {}, "204": {} })), 204);
        assert_eq!(status(json!({ "101": {}, "4XX": {} })), 400);
        assert_eq!(status(json!({ "default": {} })), 200);
        assert_eq!(status(json!({ "101": {} })), 204);
    }
}
