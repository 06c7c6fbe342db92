//! The examples of a document: its tree comes in, each example with the Rust type that it must survive goes out.
//!
//! Found wherever a schema became a type: its own `example`, and those beside it in a media type, a parameter, a header. An
//! example counts if it is valid against its schema, by a judge that we did not write.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use clientwright::source::{Document, Node, Span};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::declared::undeclared;
use crate::schemas::{Direction, Schemas, resolve};

/// An example that its type must decode, and encode as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Example {
    /// Where it stands, as a JSON pointer.
    pub(crate) place: String,
    /// Index of its type in [`Examples::types`].
    pub(crate) ty: usize,
    /// As JSON text, so that each number has the digits that it has in the document.
    pub(crate) value: String,
    /// JSON pointers to members that the schema does not declare: nothing asks a client to keep them.
    pub(crate) undeclared: Vec<String>,
}

/// The examples of one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Examples {
    /// The Rust types, each once.
    pub(crate) types: Vec<String>,
    pub(crate) valid: Vec<Example>,
    /// How many are not valid against their schemas.
    pub(crate) invalid: usize,
}

/// Finds the examples of a document, whose schemas have these Rust types.
pub(crate) fn examples(document: &Document, types: impl Iterator<Item = (Span, String)>) -> Result<Examples> {
    let root: Value = serde_json::from_str(&document.root.to_json_text()).context("the document is no JSON")?;
    let mut search = Search {
        schemas: Schemas::new(root.clone())?,
        root: &root,
        pointer: String::new(),
        types: HashMap::new(),
        known: BTreeMap::new(),
        found: Examples::default(),
    };
    for (span, ty) in types {
        search.types.entry(span).or_insert(ty);
    }
    search.walk(&document.root, &root, None, true);
    Ok(search.found)
}

struct Search<'a> {
    schemas: Schemas,
    root: &'a Value,
    /// Where the search is.
    pointer: String,
    types: HashMap<Span, String>,
    /// The index of each type that has an example.
    known: BTreeMap<String, usize>,
    found: Examples,
}

/// Which ways a value of a place travels: a component's, both.
type Ways = &'static [Direction];

const REQUEST: Ways = &[Direction::Request];
const RESPONSE: Ways = &[Direction::Response];
const BOTH: Ways = &[Direction::Request, Direction::Response];

impl Search<'_> {
    /// Looks at a node and all below it. The tree has the places and the digits, `value` is what it says; `keywords`
    /// tells whether the node's members are OpenAPI's words, not names that the document chose.
    fn walk(&mut self, node: &Node, value: &Value, ways: Option<Ways>, keywords: bool) {
        for (index, (node, value)) in node.elements().iter().zip(value.as_array().into_iter().flatten()).enumerate() {
            let length = self.enter(&index.to_string());
            self.walk(node, value, ways, keywords);
            self.pointer.truncate(length);
        }
        if keywords {
            self.own_example(node, value, ways);
            self.examples_beside(node, value, ways);
        }
        for entry in node.entries() {
            let Some(value) = value.get(&entry.key) else { continue };
            let inner = match entry.key.as_str() {
                // What stands there is a value.
                "example" | "examples" | "default" | "enum" if keywords => continue,
                "requestBody" | "requestBodies" | "parameters" if keywords => ways.or(Some(REQUEST)),
                "responses" | "headers" if keywords => ways.or(Some(RESPONSE)),
                "schemas" if keywords => ways.or(Some(BOTH)),
                _ => ways,
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

    /// The `example` of a schema.
    fn own_example(&mut self, node: &Node, schema: &Value, ways: Option<Ways>) {
        if let (Some(example), Some(value)) = (node.get("example"), schema.get("example"))
            && self.types.contains_key(&node.span)
        {
            self.judge(&example.to_json_text(), value, node.span, schema, ways);
        }
    }

    /// The examples beside a schema.
    fn examples_beside(&mut self, node: &Node, value: &Value, ways: Option<Ways>) {
        let (Some(described), Some(schema)) = (node.get("schema"), value.get("schema")) else { return };
        if !self.types.contains_key(&described.span) {
            return;
        }
        if let (Some(example), Some(value)) = (node.get("example"), value.get("example")) {
            self.judge(&example.to_json_text(), value, described.span, schema, ways);
        }
        let entries = node.get("examples").map(Node::entries).unwrap_or_default();
        for entry in entries {
            let Some(example) = value.get("examples").and_then(|examples| examples.get(&entry.key)) else { continue };
            let length = self.enter(&format!("examples/{}", entry.key));
            // What is elsewhere is read from the value: numbers of a kind that loses digits there are rare.
            match (entry.value.get("value"), resolve(self.root, example).get("value")) {
                (Some(node), Some(value)) => self.judge(&node.to_json_text(), value, described.span, schema, ways),
                (None, Some(value)) => self.judge(&value.to_string(), value, described.span, schema, ways),
                _ => {}
            }
            self.pointer.truncate(length);
        }
    }

    /// Counts an example that is not valid, and keeps one that is.
    fn judge(&mut self, text: &str, value: &Value, at: Span, schema: &Value, ways: Option<Ways>) {
        let ways = ways.unwrap_or(BOTH);
        if !ways.iter().all(|way| self.schemas.is_valid(schema, value, *way)) {
            self.found.invalid += 1;
            return;
        }
        let Some(ty) = self.types.get(&at) else { return };
        let next = self.known.len();
        let index = *self.known.entry(ty.clone()).or_insert(next);
        if index == next {
            self.found.types.push(ty.clone());
        }
        let way = ways.first().copied().unwrap_or(Direction::Response);
        self.found.valid.push(Example {
            place: self.pointer.clone(),
            ty: index,
            value: text.to_owned(),
            undeclared: undeclared(&self.schemas, schema, value, way),
        });
    }
}

#[cfg(test)]
mod tests {
    use clientwright::config::{ApiConfig, Config, Layout, Package};
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
    fn examples_are_found_where_schemas_have_types() {
        let mut sources = Sources::new();
        sources.add("pets.yaml", TEXT);
        let config = Config {
            package: Package {
                name: "pets".to_owned(),
                version: "0.1.0".to_owned(),
                description: None,
                license: None,
                repository: None,
            },
            apis: vec![ApiConfig { name: "pets".to_owned(), spec: "pets.yaml".to_owned() }],
            layout: Layout::Root,
            lenient: false,
        };
        let apis = clientwright::apis(&sources, &config).unwrap();
        let document = clientwright::document(&sources, "pets.yaml", false, &mut Diagnostics::new()).unwrap();
        let found = examples(&document, apis.schema_types()).unwrap();
        let told: Vec<_> = found
            .valid
            .iter()
            .map(|one| {
                let ty = found.types[one.ty].replace(' ', "");
                format!("{} {ty} {} {:?}", one.place, one.value, one.undeclared)
            })
            .collect();
        assert_eq!(
            told,
            [
                "/paths/~1pets/post/parameters/0 crate::runtime::Date \"2020-01-01\" []",
                "/paths/~1pets/post/requestBody/content/application~1json/examples/rex crate::models::Pet {\"name\":\"Rex\",\"tail\":\"long\"} [\"/tail\"]",
                "/paths/~1pets/post/requestBody/content/application~1json/examples/spot crate::models::Pet {\"name\":\"Spot\"} []",
                "/components/schemas/Pet crate::models::Pet {\"id\":null,\"name\":\"Rex\",\"tail\":\"long\"} [\"/tail\"]",
                "/components/schemas/Pet/properties/id ::std::option::Option<i64> 1 []",
                "/components/schemas/Pet/properties/example ::std::string::String \"of a name\" []",
            ]
        );
        // `none` is no integer, and an answer without an id is no answer.
        assert_eq!(found.invalid, 2);
    }
}
