//! Which calls are made: an operation comes in, its calls with all their values go out.
//!
//! With the required parameters alone, with all of them, with each documented example; for each documented status, with
//! each of its examples and with an answer made from its schema; with each way to show who calls.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use crate::document::{Answer, Content, Document, Example, Operation, Parameter};
use crate::make::{self, Extent};
use crate::schemas::{Direction, Schemas};

/// A call, ready to be made.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// What it is about: `all parameters`, `status 404`.
    pub(crate) label: String,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) body: Option<Given>,
    pub(crate) asked: Asked,
    /// The schemes for which credentials are given.
    pub(crate) schemes: Vec<String>,
}

/// A parameter that is given, and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Argument {
    /// The position among the operation's parameters.
    pub(crate) parameter: usize,
    pub(crate) value: Value,
}

/// The body that is given.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Given {
    /// The position among the media types of the operation's body.
    pub(crate) content: usize,
    pub(crate) value: Value,
}

/// Which answer is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) status: Option<u16>,
    /// The key under which the answer is documented.
    pub(crate) key: Option<String>,
    /// The media type, where it is not the one that a client reads first.
    pub(crate) media_type: Option<String>,
    /// The name of an example.
    pub(crate) example: Option<String>,
    /// Made from the schema, even where there are examples.
    pub(crate) made: bool,
}

/// A call, or what stands in its way, under its label.
pub(crate) type Planned = Result<Call, Obstacle>;

/// Why a call cannot be made.
#[derive(Debug, Clone)]
pub(crate) struct Obstacle {
    pub(crate) label: String,
    pub(crate) reason: String,
}

/// A body for media types whose values only programs that know them can make.
const TEXT: &str = "<made>for conformance</made>";

/// The calls of an operation.
pub(crate) fn calls(document: &Document, operation: &Operation, seed: u64) -> Vec<Planned> {
    let planner = Planner { document, operation, seed };
    let mut calls = vec![planner.call("the required parameters", Extent::Required)];
    let all = planner.call("all parameters", Extent::All);
    let adds = |first: &Planned, second: &Planned| match (first, second) {
        (Ok(first), Ok(second)) => first.arguments != second.arguments || first.body != second.body,
        (Err(first), Err(second)) => first.reason != second.reason,
        _ => true,
    };
    if calls.first().is_none_or(|required| adds(required, &all)) {
        calls.push(all);
    }
    calls.extend(planner.examples_of_parameters());
    calls.extend(planner.examples_of_the_body());
    calls.extend(planner.other_representations());
    calls.extend(planner.answers());
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
        let obstacle = |reason| Obstacle { label: label.to_owned(), reason };
        let mut arguments = Vec::new();
        for (position, parameter) in self.operation.parameters.iter().enumerate() {
            if extent == Extent::All || (parameter.required && !parameter.client_value) {
                let value = self.value(parameter, extent).map_err(&obstacle)?;
                arguments.push(Argument { parameter: position, value });
            }
        }
        let wanted = self.operation.body.as_ref().filter(|body| body.required || extent == Extent::All);
        let body = wanted.and_then(|body| body.contents.first()).map(|content| {
            let value = self.body(content, extent).map_err(obstacle)?;
            Ok(Given { content: 0, value })
        });
        Ok(Call {
            label: label.to_owned(),
            arguments,
            body: body.transpose()?,
            asked: Asked::default(),
            schemes: self.operation.security.first().cloned().unwrap_or_default(),
        })
    }

    /// A body of one media type. What is neither JSON nor a form is a text, whatever its schema describes.
    fn body(&self, content: &Content, extent: Extent) -> Result<Value, String> {
        let made =
            make::value(&self.document.schemas, content.schema(), Direction::Request, extent, self.seed("the body"));
        let is_form = content.is_multipart() || content.is_urlencoded();
        if let Some(value) = made.as_ref().ok().filter(|value| is_form && content.has_schema() && !value.is_object()) {
            return Err(format!("no form can be made: its schema describes no members, but values like {value}"));
        }
        if content.is_json() || content.is_multipart() || content.is_urlencoded() {
            return made.map_err(|reason| format!("no valid body can be made: {reason}"));
        }
        Ok(made.ok().filter(Value::is_string).unwrap_or_else(|| TEXT.into()))
    }

    /// The value of a parameter: its first valid example, else one that is made.
    fn value(&self, parameter: &Parameter, extent: Extent) -> Result<Value, String> {
        let schemas = &self.document.schemas;
        let valid = |example: &&Example| schemas.is_valid(&parameter.schema, &example.value, Direction::Request);
        // An object's example rarely has all of its members.
        let example = parameter.examples.iter().find(valid).filter(|example| !example.value.is_object());
        if let Some(example) = example {
            return Ok(example.value.clone());
        }
        let seed = self.seed(&parameter.name);
        let make = |extent| make::value(schemas, &parameter.schema, Direction::Request, extent, seed);
        // A segment of nothing is another path.
        let is_nothing = |value: &Value| *value == Value::Array(Vec::new()) || *value == Value::Object(Map::new());
        let made = make(extent).and_then(|value| {
            if parameter.location == "path" && is_nothing(&value) { make(Extent::All) } else { Ok(value) }
        });
        made.map_err(|reason| format!("no valid value can be made for the parameter `{}`: {reason}", parameter.name))
    }

    /// Equal for equal documents, whatever else is called.
    fn seed(&self, part: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, &self.operation.method, &self.operation.path, part).hash(&mut hasher);
        hasher.finish()
    }

    fn examples_of_parameters(&self) -> Vec<Planned> {
        let mut calls = Vec::new();
        for (position, parameter) in self.operation.parameters.iter().enumerate() {
            for example in &parameter.examples {
                let label = format!("the example{} of the parameter `{}`", named(example), parameter.name);
                let faults = self.document.schemas.faults(&parameter.schema, &example.value, Direction::Request);
                if !faults.is_empty() {
                    calls.push(Err(invalid(label, &faults)));
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

    fn examples_of_the_body(&self) -> Vec<Planned> {
        let contents = self.operation.body.iter().flat_map(|body| body.contents.iter().enumerate());
        let examples = contents.flat_map(|(position, content)| {
            // Whether a text is the XML that a schema describes is not ours to say.
            let is_value = content.is_json() || content.is_multipart() || content.is_urlencoded();
            let examples = content.examples.iter().filter(move |example| is_value || example.value.is_string());
            examples.map(move |example| (position, content, is_value, example))
        });
        let planned = examples.map(|(position, content, is_value, example)| {
            let of = if position == 0 { String::new() } else { format!(" as {}", content.media_type) };
            let label = format!("the example{} of the body{of}", named(example));
            let faults = self.document.schemas.faults(content.schema(), &example.value, Direction::Request);
            if is_value && !faults.is_empty() {
                return Err(invalid(label, &faults));
            }
            let body = Some(Given { content: position, value: example.value.clone() });
            self.call(&label, Extent::Required).map(|call| Call { body, ..call })
        });
        planned.collect()
    }

    /// One call for each further media type of the body.
    fn other_representations(&self) -> Vec<Planned> {
        let contents = self.operation.body.iter().flat_map(|body| body.contents.iter().enumerate().skip(1));
        let planned = contents.map(|(position, content)| {
            let label = format!("the body as {}", content.media_type);
            let value = self.body(content, Extent::All);
            let value = value.map_err(|reason| Obstacle { label: label.clone(), reason })?;
            let call = self.call(&label, Extent::Required)?;
            Ok(Call { body: Some(Given { content: position, value }), ..call })
        });
        planned.collect()
    }

    fn answers(&self) -> Vec<Planned> {
        let mut calls = Vec::new();
        for answer in &self.operation.answers {
            for status in self.statuses(answer) {
                let asked = Asked { status: Some(status), key: Some(answer.key.clone()), ..Asked::default() };
                for asked in variants(answer, &asked) {
                    let example = asked.example.as_ref().map(|name| format!(", the example `{name}`"));
                    let made = if asked.made { ", made from the schema" } else { "" };
                    let media_type = asked.media_type.as_ref().map(|media_type| format!(" as {media_type}"));
                    let label = format!(
                        "status {status}{}{}{made}",
                        media_type.unwrap_or_default(),
                        example.unwrap_or_default()
                    );
                    calls.push(self.call(&label, Extent::Required).map(|call| Call { asked, ..call }));
                }
            }
        }
        calls
    }

    /// The statuses that stand for an answer's key. Those of 1XX are no final answers.
    fn statuses(&self, answer: &Answer) -> Vec<u16> {
        let documented = |status: &u16| self.operation.answers.iter().any(|other| other.key == status.to_string());
        let success = |key: &str| key.starts_with('2');
        let free = |mut candidates: std::ops::Range<u16>| candidates.find(|status| !documented(status));
        if answer.key == "default" {
            // With no success in sight, `default` stands for it too.
            let ok = (!self.operation.answers.iter().any(|answer| success(&answer.key))).then_some(200);
            return ok.into_iter().chain(free(500..600)).collect();
        }
        if let Some(hundreds) = answer.key.strip_suffix("XX").or_else(|| answer.key.strip_suffix("xx")) {
            let hundreds = hundreds.parse::<u16>().ok().filter(|hundreds| (2..=5).contains(hundreds));
            return hundreds.and_then(|hundreds| free(hundreds * 100..hundreds * 100 + 100)).into_iter().collect();
        }
        answer.key.parse().ok().filter(|status| (200..600).contains(status)).into_iter().collect()
    }

    /// One call for each further way to show who calls.
    fn other_credentials(&self) -> Vec<Planned> {
        let further = self.operation.security.iter().skip(1).map(|schemes| {
            let names = if schemes.is_empty() { "nobody".to_owned() } else { schemes.join(" and ") };
            let call = self.call(&format!("as {names}"), Extent::Required);
            call.map(|call| Call { schemes: schemes.clone(), ..call })
        });
        further.collect()
    }
}

/// The variants in which an answer is asked for.
fn variants(answer: &Answer, asked: &Asked) -> Vec<Asked> {
    let Some(first) = asked.content(answer) else { return vec![asked.clone()] };
    let mut variants = Vec::new();
    for content in &answer.contents {
        let is_first = content.media_type == first.media_type;
        let media_type = (!is_first).then(|| content.media_type.clone());
        let asked = Asked { media_type, ..asked.clone() };
        let before = variants.len();
        variants
            .extend(content.examples.iter().map(|example| Asked { example: example.name.clone(), ..asked.clone() }));
        if variants.len() == before {
            variants.push(asked.clone());
        }
        if content.has_schema() && content.is_json() {
            variants.push(Asked { made: true, ..asked });
        }
    }
    variants
}

fn invalid(label: String, faults: &[String]) -> Obstacle {
    Obstacle { label, reason: format!("the document's example is not valid for its own schema: {}", faults.join("; ")) }
}

fn named(example: &Example) -> String {
    example.name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default()
}

/// The media type of the answer that is asked for.
pub(crate) fn accepted(operation: &Operation, asked: &Asked) -> Option<String> {
    let answer = operation.answers.iter().find(|answer| Some(&answer.key) == asked.key.as_ref())?;
    asked.content(answer).map(Content::message_type)
}

/// Whether the answer that is asked for stays valid with one more member, which a client then drops: it is an object, or
/// a union of objects, of named members only.
pub(crate) fn takes_a_probe(schemas: &Schemas, operation: &Operation, asked: &Asked) -> bool {
    let answer = operation.answers.iter().find(|answer| Some(&answer.key) == asked.key.as_ref());
    let content = answer.and_then(|answer| asked.content(answer)).filter(|content| content.is_json());
    content.is_some_and(|content| has_named_members(schemas, content.schema(), 16))
}

fn has_named_members(schemas: &Schemas, schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let schema = schemas.resolve(schema);
    let mut arms =
        ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten().peekable();
    let named = schema.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    schema.get("additionalProperties").is_none()
        && (named || arms.peek().is_some())
        && arms.all(|arm| has_named_members(schemas, arm, depth))
}

impl Asked {
    /// The media type that is asked for among those of an answer: JSON where nothing else is said.
    pub(crate) fn content<'a>(&self, answer: &'a Answer) -> Option<&'a Content> {
        match &self.media_type {
            Some(media_type) => answer.contents.iter().find(|content| content.media_type == *media_type),
            None => answer.contents.iter().find(|content| content.is_json()).or(answer.contents.first()),
        }
    }

    /// The header by which Prism is asked; nothing where it may choose.
    pub(crate) fn prefer(&self) -> Option<String> {
        let mut wishes = vec![format!("code={}", self.status?)];
        if let Some(example) = &self.example {
            wishes.push(format!("example=\"{example}\""));
        }
        if self.made {
            wishes.push("dynamic=true, seed=clientwright".to_owned());
        }
        Some(wishes.join(", "))
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
            .map(|call| call.map_or_else(|obstacle| format!("not: {}", obstacle.label), |call| call.label))
            .collect()
    }

    #[test]
    fn every_status_and_example_is_asked_for() {
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
                "status 200, made from the schema",
                "status 404",
                "status 400",
                "status 500",
                "as nobody",
            ]
        );
    }

    #[test]
    fn what_adds_nothing_is_not_called_twice() {
        assert_eq!(
            labels(json!({ "responses": { "default": {} } })),
            ["the required parameters", "status 200", "status 500"]
        );
    }

    #[test]
    fn a_form_without_members_is_none() {
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
