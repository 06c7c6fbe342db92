//! Plans the calls of an operation, with the values of their parameters and bodies.
//!
//! Plans a call with only the required parameters, a call with all parameters, and a call for each documented example
//! of a parameter or body. For each documented status, plans a call for each example of the response and a call for a
//! generated response. Plans another call for each further media type of the body, and for each further combination of
//! security schemes.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use crate::document::{Content, Document, Example, Operation, Parameter, Response};
use crate::judge::Kind;
use crate::make::{self, Extent};
use crate::schemas::{Direction, Schemas};

/// A planned call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The purpose of the call, e.g. `all parameters` or `status 404`.
    pub(crate) label: String,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) body: Option<BodyArgument>,
    /// The response that the call requests from Prism.
    pub(crate) requested: RequestedResponse,
    /// The security schemes whose credentials are sent.
    pub(crate) schemes: Vec<String>,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Argument {
    /// The index of the parameter in the operation.
    pub(crate) parameter: usize,
    pub(crate) value: Value,
}

/// The value of the request body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BodyArgument {
    /// The index of the media type in the body of the operation.
    pub(crate) content: usize,
    pub(crate) value: Value,
}

/// The response that a call requests from Prism.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RequestedResponse {
    pub(crate) status: Option<u16>,
    /// The key of the response in `responses`.
    pub(crate) key: Option<String>,
    /// The media type. `None` for the media type that clients prefer.
    pub(crate) media_type: Option<String>,
    /// The name of the documented example that the response must contain.
    pub(crate) example: Option<String>,
    /// Whether Prism must generate the response from the schema instead of returning an example.
    pub(crate) generated: bool,
}

/// A planned call, or the reason why the call cannot be made.
pub(crate) type Planned = Result<Call, PlanError>;

/// The label of a call that cannot be made, and the reason: an invalid example, or a value that cannot be generated.
#[derive(Debug, Clone)]
pub(crate) struct PlanError {
    pub(crate) label: String,
    pub(crate) kind: Kind,
    pub(crate) reason: String,
}

/// The body for media types other than JSON and forms, if no string can be generated for the schema.
const TEXT_BODY: &str = "<made>for conformance</made>";

/// Plans the calls of an operation.
pub(crate) fn calls(document: &Document, operation: &Operation, seed: u64) -> Vec<Planned> {
    let planner = Planner { document, operation, seed };
    let mut calls = vec![planner.call("the required parameters", Extent::Required)];
    let all = planner.call("all parameters", Extent::All);
    let differs = |first: &Planned, second: &Planned| match (first, second) {
        (Ok(first), Ok(second)) => first.arguments != second.arguments || first.body != second.body,
        (Err(first), Err(second)) => first.reason != second.reason,
        _ => true,
    };
    if calls.first().is_none_or(|required| differs(required, &all)) {
        calls.push(all);
    }
    calls.extend(planner.parameter_examples());
    calls.extend(planner.body_examples());
    calls.extend(planner.other_representations());
    calls.extend(planner.responses());
    calls.extend(planner.other_credentials());
    calls
}

struct Planner<'a> {
    document: &'a Document,
    operation: &'a Operation,
    seed: u64,
}

impl Planner<'_> {
    fn call(&self, label: &str, extent: Extent) -> Planned {
        let error = |reason| PlanError { label: label.to_owned(), kind: Kind::Value, reason };
        let mut arguments = Vec::new();
        for (position, parameter) in self.operation.parameters.iter().enumerate() {
            if extent == Extent::All || (parameter.required && !parameter.client_value) {
                let value = self.value(parameter, extent).map_err(&error)?;
                arguments.push(Argument { parameter: position, value });
            }
        }
        let wanted = self.operation.body.as_ref().filter(|body| body.required || extent == Extent::All);
        let body = wanted.and_then(|body| body.contents.first()).map(|content| {
            let value = self.body(content, extent).map_err(error)?;
            Ok(BodyArgument { content: 0, value })
        });
        Ok(Call {
            label: label.to_owned(),
            arguments,
            body: body.transpose()?,
            requested: RequestedResponse::default(),
            schemes: self.operation.security.first().cloned().unwrap_or_default(),
        })
    }

    /// Generates a request body for a media type. If the media type is neither JSON nor a form, the body is a generated
    /// string or, if the schema allows no strings, a fixed string.
    fn body(&self, content: &Content, extent: Extent) -> Result<Value, String> {
        let generated =
            make::value(&self.document.schemas, content.schema(), Direction::Request, extent, self.seed("the body"));
        let is_form = content.is_multipart() || content.is_urlencoded();
        if let Some(value) =
            generated.as_ref().ok().filter(|value| is_form && content.has_schema() && !value.is_object())
        {
            return Err(format!("cannot generate a form: its schema must allow only objects, but allows {value}"));
        }
        if content.is_json() || content.is_multipart() || content.is_urlencoded() {
            return generated.map_err(|reason| format!("cannot generate a valid body: {reason}"));
        }
        Ok(generated.ok().filter(Value::is_string).unwrap_or_else(|| TEXT_BODY.into()))
    }

    /// Returns a value for a parameter: its first valid example or, without one, a generated value.
    fn value(&self, parameter: &Parameter, extent: Extent) -> Result<Value, String> {
        let schemas = &self.document.schemas;
        let valid = |example: &&Example| schemas.is_valid(&parameter.schema, &example.value, Direction::Request);
        // Skip examples that are objects, because they rarely have all properties.
        let example = parameter.examples.iter().find(valid).filter(|example| !example.value.is_object());
        if let Some(example) = example {
            return Ok(example.value.clone());
        }
        let seed = self.seed(&parameter.name);
        let make = |extent| make::value(schemas, &parameter.schema, Direction::Request, extent, seed);
        // An empty array or object as a path segment would result in another path.
        let is_empty_value = |value: &Value| *value == Value::Array(Vec::new()) || *value == Value::Object(Map::new());
        let generated = make(extent).and_then(|value| {
            if parameter.location == "path" && is_empty_value(&value) { make(Extent::All) } else { Ok(value) }
        });
        generated
            .map_err(|reason| format!("cannot generate a valid value of the parameter `{}`: {reason}", parameter.name))
    }

    /// Returns a seed for a part of the request, e.g. "the body". It is the same for all calls of the operation.
    fn seed(&self, part: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, &self.operation.method, &self.operation.path, part).hash(&mut hasher);
        hasher.finish()
    }

    fn parameter_examples(&self) -> Vec<Planned> {
        let mut calls = Vec::new();
        for (position, parameter) in self.operation.parameters.iter().enumerate() {
            for example in &parameter.examples {
                let label = format!("the example{} of the parameter `{}`", named(example), parameter.name);
                let errors = self.document.schemas.errors(&parameter.schema, &example.value, Direction::Request);
                if !errors.is_empty() {
                    let owner = format!("the parameter `{}`", parameter.name);
                    let reason = contradiction(example, &owner, &parameter.schema, &errors);
                    calls.push(Err(PlanError { label, kind: Kind::Example, reason }));
                    continue;
                }
                calls.push(self.call(&label, Extent::Required).map(|mut call| {
                    call.arguments.retain(|argument| argument.parameter != position);
                    call.arguments.push(Argument { parameter: position, value: example.value.clone() });
                    call
                }));
            }
        }
        calls
    }

    fn body_examples(&self) -> Vec<Planned> {
        let contents = self.operation.body.iter().flat_map(|body| body.contents.iter().enumerate());
        let examples = contents.flat_map(|(position, content)| {
            // Skip examples in other media types, e.g. XML: they are strings, which the schema does not describe.
            let is_value = content.is_json() || content.is_multipart() || content.is_urlencoded();
            let examples = content.examples.iter().filter(move |example| is_value || example.value.is_string());
            examples.map(move |example| (position, content, is_value, example))
        });
        let planned = examples.map(|(position, content, is_value, example)| {
            let suffix = if position == 0 { String::new() } else { format!(" as {}", content.media_type) };
            let label = format!("the example{} of the body{suffix}", named(example));
            let errors = self.document.schemas.errors(content.schema(), &example.value, Direction::Request);
            if is_value && !errors.is_empty() {
                let owner = format!("the body {}", content.media_type);
                let reason = contradiction(example, &owner, content.schema(), &errors);
                return Err(PlanError { label, kind: Kind::Example, reason });
            }
            let body = Some(BodyArgument { content: position, value: example.value.clone() });
            self.call(&label, Extent::Required).map(|call| Call { body, ..call })
        });
        planned.collect()
    }

    /// Plans a call for each media type of the request body except the first.
    fn other_representations(&self) -> Vec<Planned> {
        let contents = self.operation.body.iter().flat_map(|body| body.contents.iter().enumerate().skip(1));
        let planned = contents.map(|(position, content)| {
            let label = format!("the body as {}", content.media_type);
            let value = self.body(content, Extent::All);
            let value = value.map_err(|reason| PlanError { label: label.clone(), kind: Kind::Value, reason })?;
            let call = self.call(&label, Extent::Required)?;
            Ok(Call { body: Some(BodyArgument { content: position, value }), ..call })
        });
        planned.collect()
    }

    fn responses(&self) -> Vec<Planned> {
        let mut calls = Vec::new();
        for response in &self.operation.responses {
            for status in self.statuses(response) {
                let requested = RequestedResponse {
                    status: Some(status),
                    key: Some(response.key.clone()),
                    ..RequestedResponse::default()
                };
                for requested in requested_variants(response, &requested) {
                    let example = requested.example.as_ref().map(|name| format!(", the example `{name}`"));
                    let generated = if requested.generated { ", generated" } else { "" };
                    let media_type = requested.media_type.as_ref().map(|media_type| format!(" as {media_type}"));
                    let label = format!(
                        "status {status}{}{}{generated}",
                        media_type.unwrap_or_default(),
                        example.unwrap_or_default()
                    );
                    calls.push(self.call(&label, Extent::Required).map(|call| Call { requested, ..call }));
                }
            }
        }
        calls
    }

    /// Returns the statuses to test for a documented response, e.g. 400 for `4XX`. Skips 1XX, which are not final.
    fn statuses(&self, response: &Response) -> Vec<u16> {
        let documented = |status: &u16| self.operation.responses.iter().any(|other| other.key == status.to_string());
        let success = |key: &str| key.starts_with('2');
        let first_undocumented = |mut candidates: std::ops::Range<u16>| candidates.find(|status| !documented(status));
        if response.key == "default" {
            // If the operation documents no success, `default` also covers successes.
            let ok = (!self.operation.responses.iter().any(|response| success(&response.key))).then_some(200);
            return ok.into_iter().chain(first_undocumented(500..600)).collect();
        }
        if let Some(hundreds) = response.key.strip_suffix("XX").or_else(|| response.key.strip_suffix("xx")) {
            let hundreds = hundreds.parse::<u16>().ok().filter(|hundreds| (2..=5).contains(hundreds));
            return hundreds
                .and_then(|hundreds| first_undocumented(hundreds * 100..hundreds * 100 + 100))
                .into_iter()
                .collect();
        }
        response.key.parse().ok().filter(|status| (200..600).contains(status)).into_iter().collect()
    }

    /// Plans a call for each combination of security schemes except the first.
    fn other_credentials(&self) -> Vec<Planned> {
        let planned = self.operation.security.iter().skip(1).map(|schemes| {
            let names = if schemes.is_empty() { "anonymous".to_owned() } else { schemes.join(" and ") };
            let call = self.call(&format!("as {names}"), Extent::Required);
            call.map(|call| Call { schemes: schemes.clone(), ..call })
        });
        planned.collect()
    }
}

/// Splits a documented response into variants, which separate calls request. Each media type has a variant for each of
/// its examples, and a variant for a generated value.
fn requested_variants(response: &Response, requested: &RequestedResponse) -> Vec<RequestedResponse> {
    let Some(first) = requested.content(response) else { return vec![requested.clone()] };
    let mut requested_variants = Vec::new();
    for content in &response.contents {
        let is_first = content.media_type == first.media_type;
        let media_type = (!is_first).then(|| content.media_type.clone());
        let requested = RequestedResponse { media_type, ..requested.clone() };
        let before = requested_variants.len();
        requested_variants.extend(
            content
                .examples
                .iter()
                .map(|example| RequestedResponse { example: example.name.clone(), ..requested.clone() }),
        );
        if requested_variants.len() == before {
            requested_variants.push(requested.clone());
        }
        if content.has_schema() && content.is_json() {
            requested_variants.push(RequestedResponse { generated: true, ..requested });
        }
    }
    requested_variants
}

/// Describes the contradiction between an example and its schema. `owner` has both: a parameter, a body or a response.
pub(crate) fn contradiction(example: &Example, owner: &str, schema: &Value, errors: &[String]) -> String {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => format!("the schema `{reference}`"),
        None => "its schema".to_owned(),
    };
    format!("the example{} of {owner} does not match {schema}: {}", named(example), errors.join("; "))
}

fn named(example: &Example) -> String {
    example.name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default()
}

/// Returns the media type of the requested response.
pub(crate) fn requested_media_type(operation: &Operation, requested: &RequestedResponse) -> Option<String> {
    let response = operation.responses.iter().find(|response| Some(&response.key) == requested.key.as_ref())?;
    requested.content(response).map(Content::message_type)
}

/// Returns whether the schema of the requested response is an object without additional properties, or a union of such
/// objects. Then the undeclared property [`PROBE`](crate::proxy::PROBE) can be added to the response: a client that
/// decodes the response drops the property.
pub(crate) fn accepts_probe(schemas: &Schemas, operation: &Operation, requested: &RequestedResponse) -> bool {
    let response = operation.responses.iter().find(|response| Some(&response.key) == requested.key.as_ref());
    let content = response.and_then(|response| requested.content(response)).filter(|content| content.is_json());
    content.is_some_and(|content| has_only_named_properties(schemas, content.schema(), 16))
}

fn has_only_named_properties(schemas: &Schemas, schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let schema = schemas.resolve(schema);
    let mut subschemas =
        ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten().peekable();
    let named = schema.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    schema.get("additionalProperties").is_none()
        && (named || subschemas.peek().is_some())
        && subschemas.all(|subschema| has_only_named_properties(schemas, subschema, depth))
}

impl RequestedResponse {
    /// Returns the requested media type of a response. By default, this is JSON or, without JSON, the first media type.
    pub(crate) fn content<'a>(&self, response: &'a Response) -> Option<&'a Content> {
        match &self.media_type {
            Some(media_type) => response.contents.iter().find(|content| content.media_type == *media_type),
            None => response.contents.iter().find(|content| content.is_json()).or(response.contents.first()),
        }
    }

    /// Returns the `Prefer` header that requests the response from Prism. Returns `None` if the call requests no
    /// particular response.
    pub(crate) fn prefer(&self) -> Option<String> {
        let mut preferences = vec![format!("code={}", self.status?)];
        if let Some(example) = &self.example {
            preferences.push(format!("example=\"{example}\""));
        }
        if self.generated {
            preferences.push("dynamic=true, seed=clientwright".to_owned());
        }
        Some(preferences.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::from_json;

    fn labels(operation: Value) -> Vec<String> {
        let document = from_json(json!({ "paths": { "/a": { "get": operation } } })).unwrap();
        let operation = document.operations.first().unwrap();
        let planned = calls(&document, operation, 1);
        planned
            .into_iter()
            .map(|call| call.map_or_else(|error| format!("not: {}", error.label), |call| call.label))
            .collect()
    }

    #[test]
    fn plan_has_every_status_and_example() {
        let labels = labels(json!({
            "parameters": [
                { "name": "a", "in": "query", "required": true, "schema": { "type": "integer" }, "example": "x" },
                { "name": "b", "in": "query", "schema": { "type": "integer" } },
            ],
            "responses": {
                "200": { "content": { "application/json": { "schema": {}, "examples": { "one": { "value": 1 } } } } },
                "4XX": {}, "404": {}, "default": {}, "101": {},
            },
            "security": [{ "A": [] }, {}],
        }));
        assert_eq!(
            labels,
            [
                "the required parameters",
                "all parameters",
                "not: the example of the parameter `a`",
                "status 200, the example `one`",
                "status 200, generated",
                "status 404",
                "status 400",
                "status 500",
                "as anonymous",
            ]
        );
    }

    #[test]
    fn equal_calls_are_planned_once() {
        assert_eq!(
            labels(json!({ "responses": { "default": {} } })),
            ["the required parameters", "status 200", "status 500"]
        );
    }

    #[test]
    fn form_of_non_object_is_error() {
        let form = |schema: Value| {
            labels(json!({
                "requestBody": { "required": true, "content": { "multipart/form-data": { "schema": schema } } },
                "responses": {},
            }))
        };
        assert_eq!(form(json!({ "type": "string" }))[0], "not: the required parameters");
        assert_eq!(form(json!({ "type": "object" }))[0], "the required parameters");
    }
}
