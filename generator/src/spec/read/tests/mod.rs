//! Tests of the readers. Each test covers one construct.

mod dynamic;
mod json_schema;
mod operation;
mod swagger;
mod swagger_schema;
mod versions;

use std::fmt::Debug;

use super::read;
use crate::diagnostics::Diagnostics;
use crate::source::{Document, Sources};
use crate::spec::{Operation, Schema, Spec};

/// Reads a document that has no errors.
fn spec(text: &str) -> Spec {
    let mut sources = Sources::new();
    let source = sources.add("api.yaml", text);
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics).unwrap();
    let spec = read(&document, crate::validate::version(&document, &mut Diagnostics::new()).unwrap(), &mut diagnostics);
    assert!(diagnostics.sorted().is_empty(), "{:?}", diagnostics.sorted());
    spec
}

/// Reads a document of this version. `schemas` is the content of a YAML flow mapping with the component schemas.
fn with_schemas(version: &str, schemas: &str) -> Spec {
    spec(&format!("openapi: {version}\npaths: {{}}\ncomponents:\n  schemas: {{{schemas}}}\n"))
}

/// Reads a document of Swagger 2.0. `definitions` is the content of a YAML flow mapping with the definitions.
fn with_definitions(definitions: &str) -> Spec {
    spec(&format!("swagger: '2.0'\npaths: {{}}\ndefinitions: {{{definitions}}}\n"))
}

/// Returns the definition with this name.
fn definition<'s>(spec: &'s Spec, name: &str) -> &'s Schema {
    let definition = spec.definitions.iter().find(|definition| definition.name == name).unwrap();
    &spec.schemas[definition.schema]
}

/// Returns the schema of a property of a definition.
fn property<'s>(spec: &'s Spec, name: &str, property: &str) -> &'s Schema {
    &spec.schemas[definition(spec, name).properties.as_ref().unwrap()[property].schema]
}

/// Returns the name of the definition that a schema refers to.
fn target<'s>(spec: &'s Spec, schema: &Schema) -> &'s str {
    let target = schema.reference.unwrap();
    &spec.definitions.iter().find(|definition| definition.schema == target).unwrap().name
}

fn operation<'s>(spec: &'s Spec, id: &str) -> &'s Operation {
    spec.operations.iter().find(|operation| operation.id.as_ref().is_some_and(|known| known.value == id)).unwrap()
}

/// Returns a value without the locations in it.
fn without_spans(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let mut parts = text.split("Span { source");
    let mut all = parts.next().unwrap().to_owned();
    for part in parts {
        all.push_str("Span");
        all.push_str(part.split_once('}').unwrap().1);
    }
    all
}

/// Asserts that values are the same except for their locations.
#[track_caller]
fn assert_same(one: &impl Debug, other: &impl Debug) {
    let (one, other) = (without_spans(one), without_spans(other));
    let different = one.chars().zip(other.chars()).position(|(one, other)| one != other);
    let at = different.unwrap_or(one.len().min(other.len()));
    let excerpt = |text: &str| -> String { text.chars().skip(at.saturating_sub(200)).take(400).collect() };
    assert!(one == other, "different from here:\n{}\n\n{}", excerpt(&one), excerpt(&other));
}
