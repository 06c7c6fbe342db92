//! Reads the operations of a document, with their parameters, bodies and responses.
//!
//! Reads them from the syntax tree of the document instead of the generator's intermediate representation, to detect
//! errors of the generator.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use clientwright::config::ApiConfig;
use clientwright::diagnostics::Diagnostics;
use clientwright::source::Sources;
use serde_json::{Map, Value};

use crate::Reported;
use crate::schemas::{Schemas, resolve};

/// An OpenAPI document.
pub(crate) struct Document {
    pub(crate) schemas: Schemas,
    pub(crate) operations: Vec<Operation>,
    pub(crate) schemes: BTreeMap<String, Scheme>,
    /// The document that Prism reads, as JSON.
    pub(crate) for_prism: Value,
}

/// An Operation Object.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: Option<String>,
    /// The HTTP method in upper case.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) responses: Vec<Response>,
    /// The alternative combinations of security schemes. An empty combination allows anonymous requests.
    pub(crate) security: Vec<Vec<String>>,
}

/// A Parameter Object.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// The location: `path`, `query`, `header` or `cookie`.
    pub(crate) location: String,
    pub(crate) required: bool,
    pub(crate) style: String,
    pub(crate) explode: bool,
    /// Whether the value is sent as JSON, because the media type of `content` is JSON.
    pub(crate) json: bool,
    /// Whether the parameter has `content` instead of `schema` and `style`.
    pub(crate) has_content: bool,
    pub(crate) schema: Value,
    pub(crate) examples: Vec<Example>,
    /// Whether the client sets the value if the call has no argument for it: the parameter has `x-client-value`, or is
    /// required and has an `enum` with one value.
    pub(crate) client_value: bool,
}

/// A Request Body Object.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    /// The media types, in the order in which clients prefer them.
    pub(crate) contents: Vec<Content>,
}

/// A Response Object.
#[derive(Debug)]
pub(crate) struct Response {
    /// The key in `responses`, e.g. `200`, `4XX` or `default`.
    pub(crate) key: String,
    pub(crate) contents: Vec<Content>,
}

/// A Media Type Object of a request body or response.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) media_type: String,
    schema: Option<Value>,
    /// The Encoding Objects of a form, by property name.
    pub(crate) encoding: Map<String, Value>,
    pub(crate) examples: Vec<Example>,
}

/// The schema that allows any value.
static ANY: Value = Value::Bool(true);

/// An example. It has a name if it is defined in `examples` instead of `example`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Example {
    pub(crate) name: Option<String>,
    pub(crate) value: Value,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// An API key. The fields are its location (`in`) and its name.
    ApiKey(String, String),
    Basic,
    /// A bearer token, including tokens of OAuth 2 and OpenID Connect.
    Bearer,
    Other,
}

impl Operation {
    /// Returns the method and the path, e.g. `GET /pets`.
    pub(crate) fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns the media type of the request body with this index.
    pub(crate) fn content(&self, position: usize) -> Option<&Content> {
        self.body.as_ref()?.contents.get(position)
    }
}

impl Content {
    /// Returns the schema. Without a schema, returns a schema that allows any value.
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

    /// Returns whether the media type is a range, e.g. `image/*`.
    pub(crate) fn is_range(&self) -> bool {
        essence(&self.media_type).ends_with("/*")
    }

    /// Returns the value of `content-type` for a message: the media type itself or, for a range, a media type in the
    /// range.
    pub(crate) fn message_type(&self) -> String {
        match self.media_type.split_once('/') {
            Some(("*", "*")) => "application/octet-stream".to_owned(),
            Some((kind, "*")) => format!("{kind}/x-made"),
            _ => self.media_type.clone(),
        }
    }

    /// Returns whether `media_type` equals this media type or is in this range.
    pub(crate) fn covers(&self, media_type: &str) -> bool {
        let (own, other) = (essence(&self.media_type), essence(media_type));
        own == other
            || own == "*/*"
            || own.strip_suffix('*').is_some_and(|kind| kind.ends_with('/') && other.starts_with(kind))
    }
}

/// Reads a document. If the document has errors, prints its diagnostics and fails.
pub(crate) fn read(sources: &Sources, spec: &str, lenient: bool) -> Result<Document> {
    let mut diagnostics = Diagnostics::new();
    let tree = clientwright::document(sources, &ApiConfig::new("api", spec), lenient, &mut diagnostics)
        .filter(|_| !diagnostics.has_errors());
    let Some(tree) = tree else {
        crate::diagnostic_output::show(&diagnostics, sources);
        return Err(Reported.into());
    };
    let root: Value = serde_json::from_str(&tree.root.to_json_text()).context("cannot convert the document to JSON")?;
    from_json(root)
}

/// Reads a document from JSON.
pub(crate) fn from_json(root: Value) -> Result<Document> {
    let reader = Reader { root: &root };
    let operations = reader.operations();
    let schemes = reader.schemes();
    let for_prism = crate::prism::for_prism(&root);
    Ok(Document { operations, schemes, for_prism, schemas: Schemas::new(root)? })
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
        for (path, item) in entries(self.root.get("paths")).filter(|(path, _)| path.starts_with('/')) {
            let item = self.resolve(item);
            for (method, operation) in METHODS.iter().filter_map(|method| Some((method, item.get(method)?))) {
                operations.push(self.operation(method, path, item, operation));
            }
        }
        operations
    }

    fn operation(&self, method: &str, path: &str, item: &'a Value, operation: &'a Value) -> Operation {
        let security = operation.get("security").or_else(|| self.root.get("security"));
        let security: Vec<Vec<String>> = elements(security)
            .map(|requirement| entries(Some(requirement)).map(|(name, _)| name.clone()).collect())
            .collect();
        // A header that is also a credential is set by the client for the security scheme.
        let credentials = self.credential_headers(&security);
        let mut parameters = self.parameters(item, operation);
        parameters.retain(|it| it.location != "header" || !credentials.contains(&it.name.to_ascii_lowercase()));
        Operation {
            id: string(operation, "operationId"),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            parameters,
            body: operation.get("requestBody").and_then(|body| self.body(self.resolve(body))),
            responses: entries(operation.get("responses"))
                .filter(|(key, _)| !key.starts_with("x-"))
                .map(|(key, response)| self.response(key, self.resolve(response)))
                .collect(),
            security,
        }
    }

    /// Returns the names of the headers that contain credentials of an operation, in lower case.
    fn credential_headers(&self, security: &[Vec<String>]) -> Vec<String> {
        let schemes = self.schemes();
        let used = security.iter().flatten().filter_map(|name| schemes.get(name));
        let header = |scheme: &Scheme| match scheme {
            Scheme::ApiKey(location, name) if location == "header" => Some(name.to_ascii_lowercase()),
            _ => None,
        };
        used.filter_map(header).collect()
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
        let (name, location) = (string(node, "name")?, string(node, "in")?);
        let content = entries(node.get("content")).next();
        // OpenAPI 3.0.3, "Parameter Object": header parameters with these names are ignored.
        let reserved = ["accept", "content-type", "authorization"].contains(&name.to_ascii_lowercase().as_str());
        if location == "header" && reserved {
            return None;
        }
        let schema = content.map_or(node.get("schema"), |(_, content)| content.get("schema"));
        let default_style = if matches!(location.as_str(), "query" | "cookie") { "form" } else { "simple" };
        let style = string(node, "style").unwrap_or_else(|| default_style.to_owned());
        let mut examples = examples(self, content.map_or(node, |(_, content)| content));
        let schema = schema.cloned().unwrap_or(Value::Object(Map::new()));
        if examples.is_empty() {
            let example = resolve(self.root, &schema).get("example");
            examples.extend(example.map(|value| Example { name: None, value: value.clone() }));
        }
        let required = node.get("required") == Some(&Value::Bool(true)) || location == "path";
        let has_one_value = elements(resolve(self.root, &schema).get("enum")).count() == 1;
        Some(Parameter {
            required,
            explode: node.get("explode").and_then(Value::as_bool).unwrap_or(style == "form"),
            json: content.is_some_and(|(media_type, _)| is_json(media_type)),
            has_content: content.is_some(),
            examples,
            client_value: node.get("x-client-value").is_some() || (required && has_one_value),
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

    fn response(&self, key: &str, node: &'a Value) -> Response {
        Response { key: key.to_owned(), contents: self.contents(node) }
    }

    fn contents(&self, node: &Value) -> Vec<Content> {
        let contents = entries(node.get("content")).map(|(media_type, content)| Content {
            media_type: media_type.clone(),
            schema: content.get("schema").cloned(),
            encoding: content.get("encoding").and_then(Value::as_object).cloned().unwrap_or_default(),
            examples: examples(self, content),
        });
        contents.collect()
    }

    fn schemes(&self) -> BTreeMap<String, Scheme> {
        let section = self.root.get("components").and_then(|components| components.get("securitySchemes"));
        entries(section)
            .map(|(name, node)| {
                let node = self.resolve(node);
                let scheme = match (string(node, "type").as_deref(), string(node, "scheme")) {
                    (Some("apiKey"), _) => {
                        Scheme::ApiKey(string(node, "in").unwrap_or_default(), string(node, "name").unwrap_or_default())
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

/// Returns whether a media type is JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

/// Returns a media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Returns the examples of a parameter or a media type.
fn examples(reader: &Reader<'_>, node: &Value) -> Vec<Example> {
    let single = node.get("example").map(|value| Example { name: None, value: value.clone() });
    let several = entries(node.get("examples")).filter_map(|(name, example)| {
        let value = resolve(reader.root, example).get("value")?.clone();
        Some(Example { name: Some(name.clone()), value })
    });
    single.into_iter().chain(several).collect()
}

fn entries(node: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    node.and_then(Value::as_object).into_iter().flatten()
}

fn elements(node: Option<&Value>) -> impl Iterator<Item = &Value> {
    node.and_then(Value::as_array).into_iter().flatten()
}

fn string(node: &Value, key: &str) -> Option<String> {
    node.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// Creates a media type that has only a schema.
#[cfg(test)]
pub(crate) fn content(media_type: &str, schema: Value) -> Content {
    Content { media_type: media_type.to_owned(), schema: Some(schema), encoding: Map::new(), examples: Vec::new() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operation_overrides_parameters_of_path() {
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
        assert_eq!(
            operation.responses[0].contents[0].examples,
            [Example { name: Some("one".into()), value: json!(1) }]
        );
        assert_eq!(document.schemes["Key"], Scheme::ApiKey("header".into(), "x-key".into()));
    }
}
