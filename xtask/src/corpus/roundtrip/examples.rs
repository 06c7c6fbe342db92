//! Collects the examples of a document, and the Rust type of each example.
//!
//! Reads the examples of each schema with a Rust type, and the examples of media types, parameters and headers with
//! such a schema. Skips examples that do not match their schema according to the `jsonschema` crate.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use clientwright::source::{Document, Node, Span};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::declared::undeclared;
use crate::schemas::{Direction, Schemas, resolve};

/// An example that must not change when its Rust type decodes and encodes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Example {
    /// A JSON pointer to the example.
    pub(crate) place: String,
    /// The index of the example's Rust type in [`Examples::types`].
    pub(crate) ty: usize,
    /// The value as JSON text, which preserves all digits of numbers.
    pub(crate) value: String,
    /// JSON pointers to the properties that the schema does not declare. Types may drop these properties.
    pub(crate) undeclared: Vec<String>,
}

/// The examples of one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Examples {
    /// The Rust types of the examples, without duplicates.
    pub(crate) types: Vec<String>,
    pub(crate) valid: Vec<Example>,
    /// The number of examples that do not match their schemas.
    pub(crate) invalid: usize,
}

/// Collects the examples of a document. `types` yields the source location and the Rust type of each schema.
pub(crate) fn examples(document: &Document, types: impl Iterator<Item = (Span, String)>) -> Result<Examples> {
    let root: Value =
        serde_json::from_str(&document.root.to_json_text()).context("cannot convert the document to JSON")?;
    let mut search = Search {
        schemas: Schemas::new(root.clone())?,
        root: &root,
        pointer: String::new(),
        types: HashMap::new(),
        indices: BTreeMap::new(),
        collected: Examples::default(),
    };
    for (span, ty) in types {
        search.types.entry(span).or_insert(ty);
    }
    search.walk(&document.root, &root, None, true);
    Ok(search.collected)
}

struct Search<'a> {
    schemas: Schemas,
    root: &'a Value,
    /// A JSON pointer to the visited node.
    pointer: String,
    types: HashMap<Span, String>,
    /// The index of each Rust type in `types`.
    indices: BTreeMap<String, usize>,
    collected: Examples,
}

/// The directions in which a value may be sent: requests, responses, or both for examples in `components`.
type Directions = &'static [Direction];

const REQUEST: Directions = &[Direction::Request];
const RESPONSE: Directions = &[Direction::Response];
const BOTH: Directions = &[Direction::Request, Direction::Response];

impl Search<'_> {
    /// Collects the examples of a node and its descendants. `value` is the same node as a JSON value, without source
    /// locations and with rounded numbers. `keywords` tells whether the keys of the node are keywords of OpenAPI
    /// instead of names defined by the document, e.g. property names.
    fn walk(&mut self, node: &Node, value: &Value, directions: Option<Directions>, keywords: bool) {
        for (index, (node, value)) in node.elements().iter().zip(value.as_array().into_iter().flatten()).enumerate() {
            let length = self.enter(&index.to_string());
            self.walk(node, value, directions, keywords);
            self.pointer.truncate(length);
        }
        if keywords {
            self.own_example(node, value, directions);
            self.sibling_examples(node, value, directions);
        }
        for entry in node.entries() {
            let Some(value) = value.get(&entry.key) else { continue };
            let inner = match entry.key.as_str() {
                // These keywords contain values, not schemas.
                "example" | "examples" | "default" | "enum" if keywords => continue,
                "requestBody" | "requestBodies" | "parameters" if keywords => directions.or(Some(REQUEST)),
                "responses" | "headers" if keywords => directions.or(Some(RESPONSE)),
                "schemas" if keywords => directions.or(Some(BOTH)),
                _ => directions,
            };
            let names = ["properties", "schemas", "paths", "responses", "requestBodies", "headers"];
            let is_names = keywords && !value.is_array() && names.contains(&entry.key.as_str());
            let length = self.enter(&entry.key.replace('~', "~0").replace('/', "~1"));
            self.walk(&entry.value, value, inner, !is_names);
            self.pointer.truncate(length);
        }
    }

    fn enter(&mut self, step: &str) -> usize {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        length
    }

    /// Collects the `example` of a schema.
    fn own_example(&mut self, node: &Node, schema: &Value, directions: Option<Directions>) {
        if let (Some(example), Some(value)) = (node.get("example"), schema.get("example"))
            && self.types.contains_key(&node.span)
        {
            self.add(&example.to_json_text(), value, node.span, schema, directions);
        }
    }

    /// Collects the examples of a media type, parameter or header.
    fn sibling_examples(&mut self, node: &Node, value: &Value, directions: Option<Directions>) {
        let (Some(schema_node), Some(schema)) = (node.get("schema"), value.get("schema")) else { return };
        if !self.types.contains_key(&schema_node.span) {
            return;
        }
        if let (Some(example), Some(value)) = (node.get("example"), value.get("example")) {
            self.add(&example.to_json_text(), value, schema_node.span, schema, directions);
        }
        let entries = node.get("examples").map(Node::entries).unwrap_or_default();
        for entry in entries {
            let Some(example) = value.get("examples").and_then(|examples| examples.get(&entry.key)) else { continue };
            let length = self.enter(&format!("examples/{}", entry.key));
            // Examples with `$ref` are read from the JSON value, which may round numbers. This case is rare.
            match (entry.value.get("value"), resolve(self.root, example).get("value")) {
                (Some(node), Some(value)) => {
                    self.add(&node.to_json_text(), value, schema_node.span, schema, directions)
                }
                (None, Some(value)) => self.add(&value.to_string(), value, schema_node.span, schema, directions),
                _ => {}
            }
            self.pointer.truncate(length);
        }
    }

    /// Adds an example if it matches its schema. Otherwise, counts it as invalid.
    fn add(&mut self, text: &str, value: &Value, at: Span, schema: &Value, directions: Option<Directions>) {
        let directions = directions.unwrap_or(BOTH);
        if !directions.iter().all(|direction| self.schemas.is_valid(schema, value, *direction)) {
            self.collected.invalid += 1;
            return;
        }
        let Some(ty) = self.types.get(&at) else { return };
        let next = self.indices.len();
        let index = *self.indices.entry(ty.clone()).or_insert(next);
        if index == next {
            self.collected.types.push(ty.clone());
        }
        let direction = directions.first().copied().unwrap_or(Direction::Response);
        self.collected.valid.push(Example {
            place: self.pointer.clone(),
            ty: index,
            value: text.to_owned(),
            undeclared: undeclared(&self.schemas, schema, value, direction),
        });
    }
}

#[cfg(test)]
mod tests {
    use clientwright::config::{ApiConfig, Config};
    use clientwright::diagnostics::Diagnostics;
    use clientwright::source::Sources;

    use super::*;

    const TEXT: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
servers: [{url: https://pets.example}]
paths:
  /pets:
    post:
      operationId: addPet
      parameters:
        - {name: at, in: query, schema: {type: string, format: date}, example: 2020-01-01}
        - {name: limit, in: query, schema: {type: integer, example: none}}
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Pet'}
            examples:
              rex: {value: {name: Rex, tail: long}}
              spot: {$ref: '#/components/examples/Spot'}
      responses:
        '200':
          description: The pet.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              example: {name: Rex}
components:
  examples:
    Spot: {value: {name: Spot}}
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, readOnly: true, nullable: true, example: 1}
        name: {type: string}
        example: {type: string, example: of a name}
      example: {id: null, name: Rex, tail: long}
";

    #[test]
    fn examples_of_typed_schemas_are_collected() {
        let mut sources = Sources::new();
        sources.add("pets.yaml", TEXT);
        let config = Config { unused_schemas: true, ..Config::of_document("pets", "pets.yaml") };
        let apis = clientwright::apis(&sources, &config).unwrap();
        let document =
            clientwright::document(&sources, &ApiConfig::new("pets", "pets.yaml"), false, &mut Diagnostics::new())
                .unwrap();
        let collected = examples(&document, apis.schema_types()).unwrap();
        let lines: Vec<_> = collected
            .valid
            .iter()
            .map(|example| {
                let ty = collected.types[example.ty].replace(' ', "");
                format!("{} {ty} {} {:?}", example.place, example.value, example.undeclared)
            })
            .collect();
        assert_eq!(
            lines,
            [
                "/paths/~1pets/post/parameters/0 crate::runtime::Date \"2020-01-01\" []",
                "/paths/~1pets/post/requestBody/content/application~1json/examples/rex crate::models::Pet {\"name\":\"Rex\",\"tail\":\"long\"} [\"/tail\"]",
                "/paths/~1pets/post/requestBody/content/application~1json/examples/spot crate::models::Pet {\"name\":\"Spot\"} []",
                "/components/schemas/Pet crate::models::Pet {\"id\":null,\"name\":\"Rex\",\"tail\":\"long\"} [\"/tail\"]",
                "/components/schemas/Pet/properties/id ::std::option::Option<i64> 1 []",
                "/components/schemas/Pet/properties/example ::std::string::String \"of a name\" []",
            ]
        );
        // `none` is not an integer, and a response requires the property `id`.
        assert_eq!(collected.invalid, 2);
    }
}
