//! What is called: a document comes in, its operations with their parameters, bodies and answers come out.
//!
//! Read from the tree as it is written, not from what the generator makes of it: what the generator overlooks is seen here.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use clientwright::diagnostics::Diagnostics;
use clientwright::source::{Node, Sources};
use serde_json::{Map, Value};

use crate::Reported;
use crate::schemas::{Schemas, resolve};

/// One document, as the run needs it.
pub(crate) struct Document {
    pub(crate) schemas: Schemas,
    pub(crate) operations: Vec<Operation>,
    pub(crate) schemes: BTreeMap<String, Scheme>,
    /// The paths as they are written, before anything is assumed: what another reader knows.
    pub(crate) written_paths: BTreeSet<String>,
}

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: Option<String>,
    /// In upper case.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
    /// Any one of these combinations of schemes; an empty one is anonymous.
    pub(crate) security: Vec<Vec<String>>,
}

/// A parameter.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub(crate) location: String,
    pub(crate) required: bool,
    pub(crate) style: String,
    pub(crate) explode: bool,
    /// Its value is JSON text, as its media type says.
    pub(crate) json: bool,
    /// It has a media type in the place of a style.
    pub(crate) described_by_content: bool,
    pub(crate) schema: Value,
    pub(crate) examples: Vec<Example>,
    /// The client sends something by itself.
    pub(crate) client_value: bool,
}

/// A request body.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    /// Its media types, the one that most clients would choose first.
    pub(crate) contents: Vec<Content>,
}

/// An answer under a key of `responses`.
#[derive(Debug)]
pub(crate) struct Answer {
    /// `200`, `4XX`, `default`.
    pub(crate) key: String,
    pub(crate) contents: Vec<Content>,
}

/// One media type of a body or of an answer.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) media_type: String,
    schema: Option<Value>,
    /// What is said of the members of a form, by their names.
    pub(crate) encoding: Map<String, Value>,
    pub(crate) examples: Vec<Example>,
}

/// The schema of which nothing is said.
static ANY: Value = Value::Bool(true);

/// An example and its name; the single one of `example` has none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Example {
    pub(crate) name: Option<String>,
    pub(crate) value: Value,
}

/// How a credential shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// A key under a name: where, and which.
    ApiKey(String, String),
    Basic,
    /// Bearer tokens, those of OAuth 2 and OpenID Connect too.
    Bearer,
    Other,
}

impl Operation {
    /// How people call it.
    pub(crate) fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// One of the media types of its body.
    pub(crate) fn content(&self, position: usize) -> Option<&Content> {
        self.body.as_ref()?.contents.get(position)
    }
}

impl Content {
    /// Its schema; where it has none, the one that takes everything.
    pub(crate) fn schema(&self) -> &Value {
        self.schema.as_ref().unwrap_or(&ANY)
    }

    pub(crate) fn has_schema(&self) -> bool {
        self.schema.is_some()
    }

    pub(crate) fn is_json(&self) -> bool {
        is_json(&self.media_type)
    }

    pub(crate) fn is_multipart(&self) -> bool {
        essence(&self.media_type) == "multipart/form-data"
    }

    pub(crate) fn is_urlencoded(&self) -> bool {
        essence(&self.media_type) == "application/x-www-form-urlencoded"
    }

    /// Whether it is all the same which media type it is: `*/*`, `image/*`.
    pub(crate) fn is_range(&self) -> bool {
        essence(&self.media_type).ends_with("/*")
    }

    /// The media type of a message of it.
    pub(crate) fn message_type(&self) -> String {
        match self.media_type.split_once('/') {
            Some(("*", "*")) => "application/octet-stream".to_owned(),
            Some((kind, "*")) => format!("{kind}/x-made"),
            _ => self.media_type.clone(),
        }
    }

    /// Whether a message of a media type is of this one.
    pub(crate) fn covers(&self, media_type: &str) -> bool {
        let (own, other) = (essence(&self.media_type), essence(media_type));
        own == other
            || own == "*/*"
            || own.strip_suffix('*').is_some_and(|kind| kind.ends_with('/') && other.starts_with(kind))
    }
}

/// Reads the document.
pub(crate) fn read(sources: &Sources, spec: &str, lenient: bool) -> Result<Document> {
    let mut found = Diagnostics::new();
    let tree = clientwright::document(sources, spec, lenient, &mut found).filter(|_| !found.has_errors());
    let Some(tree) = tree else {
        crate::findings::show(&found, sources);
        return Err(Reported.into());
    };
    let root: Value = serde_json::from_str(&tree.root.to_json_text()).context("the document is no JSON")?;
    let document = from_json(root)?;
    // What is wrong with it has been said.
    let written = clientwright::document(sources, spec, false, &mut Diagnostics::new());
    let paths = written.as_ref().and_then(|written| written.root.get("paths")).map(Node::entries).unwrap_or_default();
    Ok(Document { written_paths: paths.iter().map(|path| path.key.clone()).collect(), ..document })
}

/// The document, as JSON.
pub(crate) fn from_json(root: Value) -> Result<Document> {
    let reader = Reader { root: &root };
    let operations = reader.operations();
    let schemes = reader.schemes();
    let written_paths = members(root.get("paths")).map(|(path, _)| path.clone()).collect();
    Ok(Document { operations, schemes, written_paths, schemas: Schemas::new(root)? })
}

struct Reader<'a> {
    root: &'a Value,
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl<'a> Reader<'a> {
    fn resolve(&self, node: &'a Value) -> &'a Value {
        resolve(self.root, node)
    }

    fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, item) in members(self.root.get("paths")).filter(|(path, _)| path.starts_with('/')) {
            let item = self.resolve(item);
            for (method, operation) in METHODS.iter().filter_map(|method| Some((method, item.get(method)?))) {
                operations.push(self.operation(method, path, item, operation));
            }
        }
        operations
    }

    fn operation(&self, method: &str, path: &str, item: &'a Value, operation: &'a Value) -> Operation {
        let security = operation.get("security").or_else(|| self.root.get("security"));
        let security = elements(security).map(|needed| members(Some(needed)).map(|(name, _)| name.clone()).collect());
        Operation {
            id: text(operation, "operationId"),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            parameters: self.parameters(item, operation),
            body: operation.get("requestBody").and_then(|body| self.body(self.resolve(body))),
            answers: members(operation.get("responses"))
                .filter(|(key, _)| !key.starts_with("x-"))
                .map(|(key, answer)| self.answer(key, self.resolve(answer)))
                .collect(),
            security: security.collect(),
        }
    }

    fn parameters(&self, item: &'a Value, operation: &'a Value) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for node in elements(item.get("parameters")).chain(elements(operation.get("parameters"))) {
            let Some(parameter) = self.parameter(self.resolve(node)) else { continue };
            let same = |other: &Parameter| other.name == parameter.name && other.location == parameter.location;
            parameters.retain(|other| !same(other));
            parameters.push(parameter);
        }
        parameters
    }

    fn parameter(&self, node: &'a Value) -> Option<Parameter> {
        let (name, location) = (text(node, "name")?, text(node, "in")?);
        let content = members(node.get("content")).next();
        // OpenAPI 3.0.3, "Parameter Object": these three are the client's own business.
        let reserved = ["accept", "content-type", "authorization"].contains(&name.to_ascii_lowercase().as_str());
        if location == "header" && reserved {
            return None;
        }
        let schema = content.map_or(node.get("schema"), |(_, content)| content.get("schema"));
        let default_style = if matches!(location.as_str(), "query" | "cookie") { "form" } else { "simple" };
        let style = text(node, "style").unwrap_or_else(|| default_style.to_owned());
        let mut examples = examples(self, content.map_or(node, |(_, content)| content));
        let schema = schema.cloned().unwrap_or(Value::Object(Map::new()));
        if examples.is_empty() {
            let example = resolve(self.root, &schema).get("example");
            examples.extend(example.map(|value| Example { name: None, value: value.clone() }));
        }
        let required = node.get("required") == Some(&Value::Bool(true)) || location == "path";
        let only = elements(resolve(self.root, &schema).get("enum")).count() == 1;
        Some(Parameter {
            required,
            explode: node.get("explode").and_then(Value::as_bool).unwrap_or(style == "form"),
            json: content.is_some_and(|(media_type, _)| is_json(media_type)),
            described_by_content: content.is_some(),
            examples,
            client_value: node.get("x-client-value").is_some() || (required && only),
            schema,
            name,
            location,
            style,
        })
    }

    fn body(&self, node: &'a Value) -> Option<Body> {
        let rank = |media_type: &str| match media_type {
            json if is_json(json) => 0,
            "multipart/form-data" => 1,
            "application/x-www-form-urlencoded" => 2,
            "text/plain" => 3,
            _ => 4,
        };
        let mut contents = self.contents(node);
        contents.sort_by_key(|content| rank(&content.media_type));
        let required = node.get("required") == Some(&Value::Bool(true));
        (!contents.is_empty()).then_some(Body { required, contents })
    }

    fn answer(&self, key: &str, node: &'a Value) -> Answer {
        Answer { key: key.to_owned(), contents: self.contents(node) }
    }

    fn contents(&self, node: &Value) -> Vec<Content> {
        let contents = members(node.get("content")).map(|(media_type, content)| Content {
            media_type: media_type.clone(),
            schema: content.get("schema").cloned(),
            encoding: content.get("encoding").and_then(Value::as_object).cloned().unwrap_or_default(),
            examples: examples(self, content),
        });
        contents.collect()
    }

    fn schemes(&self) -> BTreeMap<String, Scheme> {
        let section = self.root.get("components").and_then(|components| components.get("securitySchemes"));
        members(section)
            .map(|(name, node)| {
                let node = self.resolve(node);
                let scheme = match (text(node, "type").as_deref(), text(node, "scheme")) {
                    (Some("apiKey"), _) => {
                        Scheme::ApiKey(text(node, "in").unwrap_or_default(), text(node, "name").unwrap_or_default())
                    }
                    (Some("http"), Some(scheme)) if scheme.eq_ignore_ascii_case("basic") => Scheme::Basic,
                    (Some("http"), Some(scheme)) if scheme.eq_ignore_ascii_case("bearer") => Scheme::Bearer,
                    (Some("oauth2" | "openIdConnect"), _) => Scheme::Bearer,
                    _ => Scheme::Other,
                };
                (name.clone(), scheme)
            })
            .collect()
    }
}

/// Whether values of a media type are JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The examples of a parameter or of a media type.
fn examples(reader: &Reader<'_>, node: &Value) -> Vec<Example> {
    let single = node.get("example").map(|value| Example { name: None, value: value.clone() });
    let several = members(node.get("examples")).filter_map(|(name, example)| {
        let value = resolve(reader.root, example).get("value")?.clone();
        Some(Example { name: Some(name.clone()), value })
    });
    single.into_iter().chain(several).collect()
}

fn members(node: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    node.and_then(Value::as_object).into_iter().flatten()
}

fn elements(node: Option<&Value>) -> impl Iterator<Item = &Value> {
    node.and_then(Value::as_array).into_iter().flatten()
}

fn text(node: &Value, key: &str) -> Option<String> {
    node.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// A content with nothing but a schema.
#[cfg(test)]
pub(crate) fn content(media_type: &str, schema: Value) -> Content {
    Content { media_type: media_type.to_owned(), schema: Some(schema), encoding: Map::new(), examples: Vec::new() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_operation_overrides_the_parameters_of_its_path() {
        let document = from_json(json!({
            "security": [{ "Key": [] }],
            "paths": { "/a/{id}": {
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } },
                    { "name": "q", "in": "query", "schema": { "type": "string" } },
                ],
                "get": {
                    "parameters": [
                        { "$ref": "#/components/parameters/Q" },
                        { "name": "Accept", "in": "header", "schema": {} },
                    ],
                    "responses": { "200": { "$ref": "#/components/responses/Ok" } },
                },
            } },
            "components": {
                "parameters": { "Q": { "name": "q", "in": "query", "required": true, "schema": { "example": 3 } } },
                "responses": { "Ok": { "content": { "application/json": { "examples": {
                    "one": { "value": 1 }, "two": { "externalValue": "elsewhere" } } } } } },
                "securitySchemes": { "Key": { "type": "apiKey", "in": "header", "name": "x-key" } },
            },
        }))
        .unwrap();
        let [operation] = document.operations.as_slice() else { panic!("one operation") };
        assert_eq!(operation.route(), "GET /a/{id}");
        assert_eq!(operation.security, [["Key"]]);
        let [id, q] = operation.parameters.as_slice() else { panic!("{:?}", operation.parameters) };
        assert_eq!((id.location.as_str(), id.style.as_str(), id.explode), ("path", "simple", false));
        assert_eq!((q.required, q.explode), (true, true));
        assert_eq!(q.examples, [Example { name: None, value: json!(3) }]);
        assert_eq!(operation.answers[0].contents[0].examples, [Example { name: Some("one".into()), value: json!(1) }]);
        assert_eq!(document.schemes["Key"], Scheme::ApiKey("header".into(), "x-key".into()));
    }
}
