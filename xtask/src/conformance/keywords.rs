//! Controls for documents of OpenAPI 3.1: Prism must validate the keywords of JSON Schema 2020-12 that older drafts do not
//! have or treat differently.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::controls::{Control, Mutation};
use crate::prism::{Prism, Server, for_prism, refusal};
use crate::proxy::{RecordedRequest, send};

/// A keyword, a schema that contains it, a value that the schema allows, and a value that it does not allow.
fn keywords() -> [(&'static str, Value, Value, Value); 8] {
    let text = json!({ "type": "string" });
    [
        ("prefixItems", json!({ "type": "array", "prefixItems": [text] }), json!(["a", 1]), json!([1])),
        (
            "items",
            json!({ "type": "array", "prefixItems": [{ "type": "integer" }], "items": text }),
            json!([1, "a"]),
            json!([1, 2]),
        ),
        (
            "unevaluatedProperties",
            json!({ "allOf": [{ "properties": { "a": text } }], "unevaluatedProperties": false }),
            json!({ "a": "b" }),
            json!({ "c": "d" }),
        ),
        (
            "dependentRequired",
            json!({ "type": "object", "dependentRequired": { "a": ["b"] } }),
            json!({ "a": 1, "b": 2 }),
            json!({ "a": 1 }),
        ),
        (
            "minContains",
            json!({ "type": "array", "contains": text, "minContains": 2 }),
            json!(["a", "b"]),
            json!(["a", 1]),
        ),
        (
            "const",
            json!({ "type": "object", "properties": { "a": { "const": 1 } } }),
            json!({ "a": 1 }),
            json!({ "a": 2 }),
        ),
        ("type", json!({ "type": ["object", "null"] }), json!({}), json!([])),
        ("$ref", json!({ "$ref": "#/components/schemas/Text", "minProperties": 1 }), json!({ "a": "b" }), json!({})),
    ]
}

/// Sends a valid and an invalid body for each keyword to Prism.
pub(crate) async fn run(folder: &Path, prism: &Prism) -> Result<Vec<Control>> {
    let paths = keywords().map(|(keyword, schema, ..)| {
        let content = json!({ "application/json": { "schema": schema } });
        let operation = json!({ "requestBody": { "required": true, "content": content }, "responses": { "204": { "description": "Done" } } });
        (format!("/{}", name(keyword)), json!({ "post": operation }))
    });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Keywords", "version": "1.0.0" },
        "paths": Value::Object(paths.into_iter().collect()),
        "components": { "schemas": { "Text": { "type": "object", "additionalProperties": { "type": "string" } } } },
    });
    let path = folder.join("keywords.json");
    std::fs::write(&path, for_prism(&document).to_string()).context("cannot write the document of the controls")?;
    let server = Server::start(prism, &path).await?;
    let mut controls = Vec::new();
    for (keyword, _, valid, invalid) in keywords() {
        let mut refusals = Vec::new();
        for body in [valid, invalid] {
            let request = RecordedRequest {
                method: "POST".to_owned(),
                target: format!("/{}", name(keyword)),
                headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                body: body.to_string().into_bytes(),
            };
            refusals.push(refusal(&send(server.address, &request).await?));
        }
        let is_right = matches!(refusals.as_slice(), [None, Some(_)]);
        let replies = refusals.into_iter().map(|it| it.map_or("accepted".to_owned(), |refusal| refusal.to_string()));
        controls.push(Control {
            mutation: Mutation::Keyword,
            operation: format!("the keyword {keyword}"),
            refused: is_right,
            waived: false,
            reply: replies.collect::<Vec<_>>().join(", then "),
        });
    }
    Ok(controls)
}

/// Returns a keyword as a path segment.
fn name(keyword: &str) -> &str {
    keyword.trim_start_matches('$')
}
