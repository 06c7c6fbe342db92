//! Mutations of a document as a tree: the result is still valid YAML or JSON, so that it reaches the stages behind the
//! readers.
//!
//! A mutation replaces something: with a hostile string, a part of another document, a reference to any location (and
//! so cycles of all kinds), a keyword with a value, or a name.

use proptest::prelude::*;
use proptest::sample::select;
use serde_yaml::{Mapping, Value};

use super::spoil::PIECES;

/// Properties defined by OpenAPI, with meaningful values.
const KEYWORDS: &[(&str, &str)] = &[
    ("type", "object"),
    ("type", "array"),
    ("type", "string"),
    ("type", "integer"),
    ("type", "number"),
    ("format", "password"),
    ("format", "date-time"),
    ("format", "binary"),
    ("format", "int64"),
    ("nullable", "true"),
    ("readOnly", "true"),
    ("writeOnly", "true"),
    ("deprecated", "true"),
    ("required", "true"),
    ("required", "[id, zqx]"),
    ("enum", "[a, A, '', null, 'zqx!()']"),
    ("enum", "[0, -1, 9223372036854775807]"),
    ("default", "'\"); zqx!(); (\"'"),
    ("example", "{a: ['*/ zqx!(); /*']}"),
    ("pattern", "'^`zqx!()`$'"),
    ("title", "'Zqx {{ zqx!() }}'"),
    ("description", "\"<script>zqx!()</script>\\n\\n    zqx!();\\n\\n\\\\`<b>zqx!()</b>`\""),
    ("properties", "{self: {type: string}, Self: {}, '': {type: object, properties: {a: {enum: [x]}}}}"),
    ("additionalProperties", "{type: array, items: {type: object, properties: {b: {}}}}"),
    ("additionalProperties", "false"),
    ("items", "{oneOf: [{type: string}, {type: object}]}"),
    ("allOf", "[{type: object, properties: {a: {type: string}}}, {required: [a]}]"),
    ("oneOf", "[{type: string}, {type: integer}, {nullable: true}]"),
    ("anyOf", "[{type: object, required: [k], properties: {k: {enum: [x]}}}, {type: array}]"),
    ("not", "{}"),
    ("discriminator", "{propertyName: kind, mapping: {zqx: '#/components/schemas/Pet', '': Pet}}"),
    ("x-rust-name", "fn"),
    ("x-rust-name", "zqx!()"),
    ("x-rust-name", "'a { zqx!(); } fn b'"),
    ("x-sensitive", "true"),
    ("x-flags", "true"),
    ("x-enum-varnames", "[a, 'b = zqx!()', fn]"),
    ("x-enum-descriptions", "['*/ zqx!()']"),
    ("x-request-id-header", "'x: zqx!()'"),
    ("x-idempotent", "true"),
    ("operationId", "'zqx!(); fn x'"),
    ("operationId", "../../zqx"),
    ("tags", "['../zqx', CON, '{{ zqx!() }}', \"a\\nb\"]"),
    ("summary", "'a | zqx!() ``` <b>'"),
    ("parameters", "[{name: 'a\"zqx!()', in: query, schema: {type: array, items: {type: string}}, explode: false}]"),
    ("parameters", "[{name: 'zqx: x', in: header, required: true, schema: {type: integer}}]"),
    ("in", "cookie"),
    ("style", "deepObject"),
    ("explode", "false"),
    ("schema", "{type: object, properties: {q: {type: string}}, additionalProperties: true}"),
    ("content", "{'application/json': {schema: {type: object, properties: {r: {}}}}}"),
    ("content", "{'multipart/form-data': {schema: {type: object, properties: {f: {type: string, format: binary}}}}}"),
    ("requestBody", "{content: {'text/plain; zqx=\"x\"': {schema: {type: string}}}}"),
    ("responses", "{'2XX': {description: a}, default: {description: b, content: {'application/problem+json': {}}}}"),
    ("security", "[{zqx: []}, {}]"),
    ("servers", "[{url: 'https://{zqx}.example.com/\"zqx!()', variables: {zqx: {default: 'a', enum: [a]}}}]"),
    ("servers", "[{url: /zqx}, {url: ''}]"),
    ("externalDocs", "{url: 'javascript:zqx!()', description: '[x](y)'}"),
    ("callbacks", "{c: {'{$request.body#/u}': {}}}"),
    ("links", "{l: {operationId: zqx}}"),
];

/// A mutation, with locations as fractions of the document.
#[derive(Debug, Clone)]
pub enum Graft {
    /// Replaces a value with a string.
    Text(f64, String),
    /// Replaces a value with one of another document, or of another location of this one.
    Part(f64, f64),
    /// Replaces a value with a reference.
    Reference(f64, f64),
    /// Adds a property.
    Keyword(f64, usize),
    /// Renames a property.
    Name(f64, String),
    /// Copies a property or item this many times.
    Copies(f64, usize),
    /// Replaces every string that is not a keyword with a string, or appends to it.
    Poison(String, bool),
}

/// Strings that try to be interpreted as something else.
pub fn hostile() -> impl Strategy<Value = String> {
    let long = (select(PIECES), 20usize..400).prop_map(|(piece, times)| piece.repeat(times));
    let several = prop::collection::vec(select(PIECES), 1..5).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => select(PIECES).prop_map(str::to_owned), 4 => several, 1 => long, 1 => any::<String>()]
}

pub fn grafts() -> impl Strategy<Value = Vec<Graft>> {
    let share = || 0.0..1.0;
    let graft = prop_oneof![
        3 => (share(), hostile()).prop_map(|(at, text)| Graft::Text(at, text)),
        3 => (share(), share()).prop_map(|(at, from)| Graft::Part(at, from)),
        3 => (share(), share()).prop_map(|(at, to)| Graft::Reference(at, to)),
        4 => (share(), 0..KEYWORDS.len()).prop_map(|(at, keyword)| Graft::Keyword(at, keyword)),
        2 => (share(), hostile()).prop_map(|(at, name)| Graft::Name(at, name)),
        1 => (share(), 1usize..40).prop_map(|(at, count)| Graft::Copies(at, count)),
        1 => (hostile(), any::<bool>()).prop_map(|(text, behind)| Graft::Poison(text, behind)),
    ];
    prop::collection::vec(graft, 1..6)
}

/// Applies the mutations; parts come from `other`.
pub fn grafted(document: &Value, other: &Value, grafts: &[Graft]) -> Value {
    let mut document = document.clone();
    for graft in grafts {
        let at = |share: f64, document: &Value| (share * count(document) as f64) as usize;
        match graft {
            Graft::Text(share, text) => {
                let mut left = at(*share, &document);
                visit(&mut document, &mut left, &mut |value| *value = Value::from(text.as_str()));
            }
            Graft::Part(share, from) => {
                let mut from = (from * count(other) as f64) as usize;
                let mut part = other.clone();
                let mut taken = Value::Null;
                visit(&mut part, &mut from, &mut |value| taken = std::mem::take(value));
                let mut left = at(*share, &document);
                visit(&mut document, &mut left, &mut |value| *value = std::mem::take(&mut taken));
            }
            Graft::Reference(share, to) => {
                let places = pointers(&document);
                let Some(to) = places.get((to * places.len() as f64) as usize) else { continue };
                let reference = Value::Mapping([("$ref".into(), to.as_str().into())].into_iter().collect());
                let mut left = at(*share, &document);
                visit(&mut document, &mut left, &mut |value| *value = reference.clone());
            }
            Graft::Keyword(share, keyword) => {
                let Some((key, value)) = KEYWORDS.get(*keyword) else { continue };
                let value: Value = serde_yaml::from_str(value).unwrap();
                let mut left = at(*share, &document);
                nearest_mapping(&mut document, &mut left, &mut |properties| {
                    properties.insert((*key).into(), value.clone());
                });
            }
            Graft::Name(share, name) => {
                let mut left = at(*share, &document);
                nearest_mapping(&mut document, &mut left, &mut |properties| {
                    let position = (share * 1000.0) as usize % properties.len().max(1);
                    let renamed = std::mem::take(properties).into_iter().enumerate();
                    *properties = renamed
                        .map(|(at, (key, value))| (if at == position { name.as_str().into() } else { key }, value))
                        .collect();
                });
            }
            Graft::Copies(share, copies) => {
                let mut left = at(*share, &document);
                visit(&mut document, &mut left, &mut |value| match value {
                    Value::Mapping(properties) => {
                        let Some((key, value)) =
                            properties.iter().next().map(|(key, value)| (key.clone(), value.clone()))
                        else {
                            return;
                        };
                        let name = key.as_str().unwrap_or("x").to_owned();
                        // Names that are the same identifier in Rust.
                        for copy in 0..*copies {
                            properties.insert(format!("{name}{}", "_".repeat(copy + 1)).into(), value.clone());
                        }
                    }
                    Value::Sequence(items) => {
                        let Some(first) = items.first().cloned() else { return };
                        items.extend(std::iter::repeat_n(first, *copies));
                    }
                    _ => {}
                });
            }
            Graft::Poison(text, behind) => poison(&mut document, "", text, *behind),
        }
    }
    document
}

/// Counts the values in a value, including itself.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Sequence(items) => items.iter().map(count).sum(),
        Value::Mapping(properties) => properties.values().map(count).sum(),
        _ => 0,
    }
}

/// Changes the value that comes after `left` others.
fn visit(value: &mut Value, left: &mut usize, change: &mut impl FnMut(&mut Value)) -> bool {
    if *left == 0 {
        change(value);
        return true;
    }
    *left -= 1;
    match value {
        Value::Sequence(items) => items.iter_mut().any(|item| visit(item, left, change)),
        Value::Mapping(properties) => properties.values_mut().any(|property| visit(property, left, change)),
        _ => false,
    }
}

/// Changes the object at this location, or the next one after it.
fn nearest_mapping(value: &mut Value, left: &mut usize, change: &mut impl FnMut(&mut Mapping)) -> bool {
    if *left == 0
        && let Value::Mapping(properties) = value
    {
        change(properties);
        return true;
    }
    *left = left.saturating_sub(1);
    match value {
        Value::Sequence(items) => items.iter_mut().any(|item| nearest_mapping(item, left, change)),
        Value::Mapping(properties) => properties.values_mut().any(|property| nearest_mapping(property, left, change)),
        _ => false,
    }
}

/// Returns a pointer to every location; the components twice, since most references point there.
fn pointers(document: &Value) -> Vec<String> {
    fn add(value: &Value, place: &str, pointers: &mut Vec<String>) {
        pointers.push(place.to_owned());
        if place.starts_with("#/components") {
            pointers.push(place.to_owned());
        }
        match value {
            Value::Sequence(items) => {
                items.iter().enumerate().for_each(|(at, item)| add(item, &format!("{place}/{at}"), pointers));
            }
            Value::Mapping(properties) => {
                for (key, value) in properties {
                    let key = key.as_str().unwrap_or_default().replace('~', "~0").replace('/', "~1");
                    add(value, &format!("{place}/{key}"), pointers);
                }
            }
            _ => {}
        }
    }
    let mut pointers = Vec::new();
    add(document, "#", &mut pointers);
    pointers
}

/// Replaces every string of the document that has no meaning to OpenAPI with a string, or appends to it.
fn poison(value: &mut Value, key: &str, with: &str, behind: bool) {
    const MEANING: [&str; 9] =
        ["openapi", "$ref", "type", "in", "style", "propertyName", "scheme", "required", "mapping"];
    if MEANING.contains(&key) {
        return;
    }
    match value {
        Value::String(text) if behind => text.push_str(with),
        Value::String(text) => *text = with.to_owned(),
        Value::Sequence(items) => items.iter_mut().for_each(|item| poison(item, key, with, behind)),
        Value::Mapping(properties) => {
            properties
                .iter_mut()
                .for_each(|(key, value)| poison(value, key.as_str().unwrap_or_default(), with, behind));
        }
        _ => {}
    }
}
