//! A call by the generated program: a planned call comes in, arguments are made of it, what the program says goes out.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use serde_json::Value;
use tokio::process::Command;

use crate::child;
use crate::document::{Body, Content, Document, Operation, Parameter, Scheme};
use crate::plan::Call;

/// What the program did.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// The exit code; nothing where it was ended from outside.
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// Calls an operation.
pub(crate) async fn call(
    program: &Path,
    document: &Document,
    operation: &Operation,
    call: &Call,
    server: &str,
    limit: Duration,
) -> Result<Outcome, String> {
    let mut command = Command::new(program);
    command.arg("call").arg(name(operation, call)).args(["--server", server, "--no-retry"]);
    for argument in &call.arguments {
        let Some(parameter) = operation.parameters.get(argument.parameter) else { continue };
        for (name, value) in wire(document, parameter, &argument.value) {
            command.arg("--param").arg(format!("{}:{name}={value}", parameter.location));
        }
    }
    for (position, scheme) in call.schemes.iter().enumerate() {
        let Some(kind) = document.schemes.get(scheme) else { continue };
        let variable = format!("CONFORMANCE_SECRET_{position}");
        command.arg("--auth").arg(format!("{scheme}=env:{variable}")).env(variable, secret(kind));
    }
    let mut input = None;
    let mut files = Vec::new();
    if let (Some(given), Some(body)) = (&call.body, &operation.body)
        && let Some(content) = body.contents.get(given.content)
    {
        // The one which is meant of several; a range is none.
        if body.contents.len() > 1 && !content.is_range() {
            command.arg("--header").arg(format!("content-type: {}", content.media_type));
        }
        if is_given_by_parts(document, body, content) {
            for (name, content) in parts(&given.value) {
                let file = upload(&content).map_err(|error| format!("a file to upload cannot be written: {error}"))?;
                command.arg("--part").arg(format!("{name}=@{}", file.path().display()));
                files.push(file);
            }
        } else {
            command.args(["--body", "@-"]);
            input = Some(bytes(&given.value, content));
        }
    }
    // Loopback is near: no proxy of this machine's has anything to do with it.
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(variable);
    }
    let ended = tokio::time::timeout(limit, child::output(command, input)).await;
    let output = ended
        .map_err(|_| format!("the program has not ended after {} s", limit.as_secs()))?
        .map_err(|error| format!("{error:#}"))?;
    Ok(Outcome {
        exit: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// By method and path for the call with what is required, by its id for all others, so that both doors are used.
fn name(operation: &Operation, call: &Call) -> String {
    match &operation.id {
        Some(id) if call.asked.status.is_some() || has_more_than_a_path(&operation.path) => id.clone(),
        _ => operation.route(),
    }
}

/// Whether a template has parts by which the program does not list it, or spaces, which end a method.
fn has_more_than_a_path(template: &str) -> bool {
    template.contains(|character: char| character.is_whitespace() || matches!(character, '?' | '#'))
}

/// The pairs that a parameter is to the program: an exploded object of the query is its members, if they are all named.
pub(crate) fn wire(document: &Document, parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    if is_exploded_object(document, parameter)
        && has_named_members(document, &parameter.schema, 16)
        && let Value::Object(members) = value
    {
        return members.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    }
    vec![(parameter.name.clone(), value.to_string())]
}

/// Whether a parameter is the pairs of its members.
pub(crate) fn is_exploded_object(document: &Document, parameter: &Parameter) -> bool {
    parameter.location == "query"
        && parameter.style == "form"
        && parameter.explode
        && !parameter.described_by_content
        && has_members(document, &parameter.schema, 16)
}

/// Whether its members have names, and there are no others.
fn has_named_members(document: &Document, schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let schema = document.schemas.resolve(schema);
    let additional = schema.get("additionalProperties").is_some_and(|additional| *additional != Value::Bool(false));
    let arms = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let named = schema.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    !additional && (named || arms.into_iter().any(|arm| has_named_members(document, arm, depth)))
}

fn has_members(document: &Document, schema: &Value, depth: usize) -> bool {
    let schema = document.schemas.resolve(schema);
    let arms = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    schema.get("type").and_then(Value::as_str) == Some("object")
        || schema.get("properties").is_some()
        || depth > 0 && arms.into_iter().any(|arm| has_members(document, arm, depth - 1))
}

/// The parts of a form: texts as they are, anything else as JSON.
pub(crate) fn parts(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut parts = Vec::new();
    for (name, value) in body.as_object().into_iter().flatten() {
        match value {
            Value::Array(values) => parts.extend(values.iter().map(|value| (name.clone(), text(value)))),
            value => parts.push((name.clone(), text(value))),
        }
    }
    parts
}

/// A file of that content, which lives as long as what is given.
fn upload(content: &str) -> std::io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(content.as_bytes())?;
    file.flush()?;
    Ok(file)
}

/// Whether the program takes a body part by part: a form, unless it is one of several ways to write the same value.
fn is_given_by_parts(document: &Document, body: &Body, content: &Content) -> bool {
    let mut others = body.contents.iter().filter(|other| other.media_type != content.media_type);
    let is_value = content.has_schema()
        && content.encoding.is_empty()
        && others.any(|other| other.has_schema() && other.schema() == content.schema())
        && !holds_files(document, content.schema(), 16);
    content.is_multipart() && !is_value
}

fn holds_files(document: &Document, schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let schema = document.schemas.resolve(schema);
    let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(_, schema)| schema);
    let parts = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    schema.get("format").and_then(Value::as_str) == Some("binary")
        || members.chain(parts).chain(schema.get("items")).any(|inner| holds_files(document, inner, depth))
}

fn bytes(body: &Value, content: &Content) -> Vec<u8> {
    match body {
        Value::String(text) if !content.is_json() => text.as_bytes().to_vec(),
        body => body.to_string().into_bytes(),
    }
}

/// A credential of a kind.
fn secret(scheme: &Scheme) -> &'static str {
    match scheme {
        Scheme::Basic => "conformance-user:conformance-password-7731",
        _ => "conformance-secret-7731",
    }
}

/// What a credential looks like on the wire: the header's or the pair's value.
pub(crate) fn credential(scheme: &Scheme) -> String {
    let secret = secret(scheme);
    match scheme {
        Scheme::Basic => format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(secret)),
        Scheme::Bearer => format!("Bearer {secret}"),
        Scheme::ApiKey(..) | Scheme::Other => secret.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::from_json;

    #[test]
    fn an_exploded_object_is_given_by_its_members_where_all_have_names() {
        let pairs = |schema: Value| {
            let parameter = json!({ "name": "filter", "in": "query", "schema": schema });
            let document = from_json(json!({ "paths": { "/a": { "get": { "parameters": [parameter] } } } })).unwrap();
            let [parameter] = document.operations[0].parameters.as_slice() else { panic!("one parameter") };
            wire(&document, parameter, &json!({ "a": 1 }))
        };
        let pair = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let properties = json!({ "a": { "type": "integer" } });
        assert_eq!(pairs(json!({ "type": "object", "properties": properties })), pair("a", "1"));
        assert_eq!(pairs(json!({ "allOf": [{ "properties": properties }] })), pair("a", "1"));
        assert_eq!(pairs(json!({ "type": "object" })), pair("filter", r#"{"a":1}"#));
        let open = json!({ "properties": properties, "additionalProperties": true });
        assert_eq!(pairs(open), pair("filter", r#"{"a":1}"#));
    }
}
