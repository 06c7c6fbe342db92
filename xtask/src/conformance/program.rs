//! Makes a planned call by running the generated command-line program.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use serde_json::Value;
use tokio::process::Command;

use crate::child;
use crate::document::{Body, Content, Document, Operation, Parameter, Scheme};
use crate::plan::Call;

/// The exit code and output of the program.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// The exit code. `None` if a signal terminated the program.
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// Calls an operation with the program.
///
/// # Errors
///
/// Returns an error if the program cannot be run or exceeds the time limit.
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
        for (name, value) in parameter_pairs(document, parameter, &argument.value) {
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
    if let (Some(body_argument), Some(body)) = (&call.body, &operation.body)
        && let Some(content) = body.contents.get(body_argument.content)
    {
        // Select the media type if the body has several. A range such as `image/*` is not a valid `content-type`.
        if body.contents.len() > 1 && !content.is_range() {
            command.arg("--header").arg(format!("content-type: {}", content.media_type));
        }
        if is_sent_by_parts(document, body, content) {
            for (name, content) in parts(&body_argument.value) {
                let file = upload(&content).map_err(|error| format!("cannot write a file to upload: {error}"))?;
                command.arg("--part").arg(format!("{name}=@{}", file.path().display()));
                files.push(file);
            }
        } else {
            command.args(["--body", "@-"]);
            input = Some(body_bytes(&body_argument.value, content));
        }
    }
    // Requests to loopback must not be sent through an HTTP proxy.
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(variable);
    }
    let result = tokio::time::timeout(limit, child::output(command, input)).await;
    let output = result
        .map_err(|_| format!("the program exceeded the time limit of {} s", limit.as_secs()))?
        .map_err(|error| format!("{error:#}"))?;
    Ok(Outcome {
        exit: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Returns the name of the operation for the command line: its `operationId` if the call requests a certain status from
/// Prism, else its method and path. Thus, both kinds of names are tested.
fn name(operation: &Operation, call: &Call) -> String {
    match &operation.id {
        Some(id) if call.requested.status.is_some() || is_not_a_plain_path(&operation.path) => id.clone(),
        _ => operation.route(),
    }
}

/// Returns whether the command line cannot name an operation by its path template, because the template has a query, a
/// fragment or whitespace.
fn is_not_a_plain_path(template: &str) -> bool {
    template.contains(|character: char| character.is_whitespace() || matches!(character, '?' | '#'))
}

/// Returns the name-value pairs that are passed to the program for a parameter. An exploded query parameter has a pair
/// for each property if it is an object without additional properties; any other parameter has a single pair.
pub(crate) fn parameter_pairs(document: &Document, parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    if is_exploded_object(document, parameter)
        && has_only_named_properties(document, &parameter.schema, 16)
        && let Value::Object(properties) = value
    {
        return properties.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    }
    vec![(parameter.name.clone(), value.to_string())]
}

/// Returns whether each property of a parameter is sent as a separate name-value pair.
pub(crate) fn is_exploded_object(document: &Document, parameter: &Parameter) -> bool {
    parameter.location == "query"
        && parameter.style == "form"
        && parameter.explode
        && !parameter.has_content
        && is_object_schema(document, &parameter.schema, 16)
}

/// Returns whether a schema declares properties and does not allow additional properties explicitly.
fn has_only_named_properties(document: &Document, schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let schema = document.schemas.resolve(schema);
    let additional = schema.get("additionalProperties").is_some_and(|additional| *additional != Value::Bool(false));
    let subschemas = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let named = schema.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    !additional
        && (named || subschemas.into_iter().any(|subschema| has_only_named_properties(document, subschema, depth)))
}

fn is_object_schema(document: &Document, schema: &Value, depth: usize) -> bool {
    let schema = document.schemas.resolve(schema);
    let subschemas = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    schema.get("type").and_then(Value::as_str) == Some("object")
        || schema.get("properties").is_some()
        || depth > 0 && subschemas.into_iter().any(|subschema| is_object_schema(document, subschema, depth - 1))
}

/// Returns the names and values of the parts of a form. Strings are unchanged, other values are JSON.
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

/// Creates a temporary file that contains `content`. Dropping it removes the file.
fn upload(content: &str) -> std::io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(content.as_bytes())?;
    file.flush()?;
    Ok(file)
}

/// Returns whether the parts of a body are separate arguments of the program. This is the case for a multipart form,
/// unless another media type has the same schema.
fn is_sent_by_parts(document: &Document, body: &Body, content: &Content) -> bool {
    let mut others = body.contents.iter().filter(|other| other.media_type != content.media_type);
    let is_value = content.has_schema()
        && content.encoding.is_empty()
        && others.any(|other| other.has_schema() && other.schema() == content.schema())
        && !contains_files(document, content.schema(), 16);
    content.is_multipart() && !is_value
}

fn contains_files(document: &Document, schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let schema = document.schemas.resolve(schema);
    let properties =
        schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(_, schema)| schema);
    let parts = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    schema.get("format").and_then(Value::as_str) == Some("binary")
        || properties.chain(parts).chain(schema.get("items")).any(|inner| contains_files(document, inner, depth))
}

fn body_bytes(body: &Value, content: &Content) -> Vec<u8> {
    match body {
        Value::String(text) if !content.is_json() => text.as_bytes().to_vec(),
        body => body.to_string().into_bytes(),
    }
}

/// Returns the secret that calls use for a security scheme.
fn secret(scheme: &Scheme) -> &'static str {
    match scheme {
        Scheme::Basic => "conformance-user:conformance-password-7731",
        _ => "conformance-secret-7731",
    }
}

/// Returns the value that the header, query parameter or cookie of a security scheme must have in a request.
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
    fn exploded_object_with_named_properties_is_sent_by_property() {
        let pairs = |schema: Value| {
            let parameter = json!({ "name": "filter", "in": "query", "schema": schema });
            let document = from_json(json!({ "paths": { "/a": { "get": { "parameters": [parameter] } } } })).unwrap();
            let [parameter] = document.operations[0].parameters.as_slice() else { panic!("one parameter") };
            parameter_pairs(&document, parameter, &json!({ "a": 1 }))
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
