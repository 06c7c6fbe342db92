//! Random mutations of a document as a tree. The result is still valid YAML or JSON, so it is not rejected by the
//! readers and reaches the later stages.
//!
//! A mutation inserts e.g. a hostile string, a subtree of another document, a `$ref` to any location (which may create
//! a cycle), or an OpenAPI property.

use proptest::prelude::*;
use proptest::sample::select;
use serde_yaml::{Mapping, Value};

use super::text_mutations::FRAGMENTS;

/// Properties defined by OpenAPI or `x-` extensions, with plausible or hostile values in YAML.
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

/// A mutation of a tree. Each `f64` selects a node: 0.0 is the first node of the document, 1.0 is past the last.
#[derive(Debug, Clone)]
pub enum TreeMutation {
    /// Replaces a node with a string.
    Text(f64, String),
    /// Replaces the node at the first location with the node of the other document at the second location.
    Part(f64, f64),
    /// Replaces the node at the first location with a `$ref` to the second location.
    Reference(f64, f64),
    /// Adds the property at this index of [`KEYWORDS`] to an object.
    Keyword(f64, usize),
    /// Renames a property of an object.
    Name(f64, String),
    /// Copies the first property of an object or the first item of an array this many times.
    Copies(f64, usize),
    /// Replaces every string of the document with this string or, if the flag is set, appends this string to every
    /// string. Values with a meaning in OpenAPI, e.g. the value of `type`, are unchanged.
    Strings(String, bool),
}

/// Generates strings that try to be interpreted as code, markup or syntax.
pub fn hostile_string() -> impl Strategy<Value = String> {
    let long = (select(FRAGMENTS), 20usize..400).prop_map(|(piece, times)| piece.repeat(times));
    let several = prop::collection::vec(select(FRAGMENTS), 1..5).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => select(FRAGMENTS).prop_map(str::to_owned), 4 => several, 1 => long, 1 => any::<String>()]
}

pub fn tree_mutations() -> impl Strategy<Value = Vec<TreeMutation>> {
    let fraction = || 0.0..1.0;
    let mutation = prop_oneof![
        3 => (fraction(), hostile_string()).prop_map(|(at, text)| TreeMutation::Text(at, text)),
        3 => (fraction(), fraction()).prop_map(|(at, from)| TreeMutation::Part(at, from)),
        3 => (fraction(), fraction()).prop_map(|(at, to)| TreeMutation::Reference(at, to)),
        4 => (fraction(), 0..KEYWORDS.len()).prop_map(|(at, keyword)| TreeMutation::Keyword(at, keyword)),
        2 => (fraction(), hostile_string()).prop_map(|(at, name)| TreeMutation::Name(at, name)),
        1 => (fraction(), 1usize..40).prop_map(|(at, count)| TreeMutation::Copies(at, count)),
        1 => (hostile_string(), any::<bool>()).prop_map(|(text, append)| TreeMutation::Strings(text, append)),
    ];
    prop::collection::vec(mutation, 1..6)
}

/// Applies mutations to a copy of a document. `other` is the document that [`TreeMutation::Part`] copies nodes from.
pub fn mutate_tree(document: &Value, other: &Value, mutations: &[TreeMutation]) -> Value {
    let mut document = document.clone();
    for mutation in mutations {
        let at = |fraction: f64, document: &Value| (fraction * count(document) as f64) as usize;
        match mutation {
            TreeMutation::Text(fraction, text) => {
                let mut left = at(*fraction, &document);
                visit(&mut document, &mut left, &mut |value| *value = Value::from(text.as_str()));
            }
            TreeMutation::Part(fraction, from) => {
                let mut from = (from * count(other) as f64) as usize;
                let mut part = other.clone();
                let mut taken = Value::Null;
                visit(&mut part, &mut from, &mut |value| taken = std::mem::take(value));
                let mut left = at(*fraction, &document);
                visit(&mut document, &mut left, &mut |value| *value = std::mem::take(&mut taken));
            }
            TreeMutation::Reference(fraction, to) => {
                let targets = pointers(&document);
                let Some(to) = targets.get((to * targets.len() as f64) as usize) else { continue };
                let reference = Value::Mapping([("$ref".into(), to.as_str().into())].into_iter().collect());
                let mut left = at(*fraction, &document);
                visit(&mut document, &mut left, &mut |value| *value = reference.clone());
            }
            TreeMutation::Keyword(fraction, keyword) => {
                let Some((key, value)) = KEYWORDS.get(*keyword) else { continue };
                let value: Value = serde_yaml::from_str(value).unwrap();
                let mut left = at(*fraction, &document);
                nearest_mapping(&mut document, &mut left, &mut |properties| {
                    properties.insert((*key).into(), value.clone());
                });
            }
            TreeMutation::Name(fraction, name) => {
                let mut left = at(*fraction, &document);
                nearest_mapping(&mut document, &mut left, &mut |properties| {
                    let position = (fraction * 1000.0) as usize % properties.len().max(1);
                    let renamed = std::mem::take(properties).into_iter().enumerate();
                    *properties = renamed
                        .map(|(at, (key, value))| (if at == position { name.as_str().into() } else { key }, value))
                        .collect();
                });
            }
            TreeMutation::Copies(fraction, copies) => {
                let mut left = at(*fraction, &document);
                visit(&mut document, &mut left, &mut |value| match value {
                    Value::Mapping(properties) => {
                        let Some((key, value)) =
                            properties.iter().next().map(|(key, value)| (key.clone(), value.clone()))
                        else {
                            return;
                        };
                        let name = key.as_str().unwrap_or("x").to_owned();
                        // `name_`, `name__`, … become the same identifier in Rust.
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
            TreeMutation::Strings(text, append) => replace_strings(&mut document, "", text, *append),
        }
    }
    document
}

/// Returns the number of nodes of a tree, including its root.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Sequence(items) => items.iter().map(count).sum(),
        Value::Mapping(properties) => properties.values().map(count).sum(),
        _ => 0,
    }
}

/// Changes the node with index `left` in depth-first order. Returns whether the node exists; otherwise `left` is
/// reduced by the number of nodes visited.
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

/// Changes the node with index `left` in depth-first order or, if the node is not an object, the next object. Returns
/// whether an object was found.
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

/// Returns a JSON pointer to each node, e.g. `#/info`. Pointers into `#/components` are listed twice, because most
/// references point there.
fn pointers(document: &Value) -> Vec<String> {
    fn add(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
        pointers.push(pointer.to_owned());
        if pointer.starts_with("#/components") {
            pointers.push(pointer.to_owned());
        }
        match value {
            Value::Sequence(items) => {
                items.iter().enumerate().for_each(|(at, item)| add(item, &format!("{pointer}/{at}"), pointers));
            }
            Value::Mapping(properties) => {
                for (key, value) in properties {
                    let key = key.as_str().unwrap_or_default().replace('~', "~0").replace('/', "~1");
                    add(value, &format!("{pointer}/{key}"), pointers);
                }
            }
            _ => {}
        }
    }
    let mut pointers = Vec::new();
    add(document, "#", &mut pointers);
    pointers
}

/// Replaces every string with `with` or, if `append` is set, appends `with`. Skips properties that affect how OpenAPI
/// interprets the document. `key` is the name of the property that contains `value`.
fn replace_strings(value: &mut Value, key: &str, with: &str, append: bool) {
    const UNCHANGED: [&str; 9] =
        ["openapi", "$ref", "type", "in", "style", "propertyName", "scheme", "required", "mapping"];
    if UNCHANGED.contains(&key) {
        return;
    }
    match value {
        Value::String(text) if append => text.push_str(with),
        Value::String(text) => *text = with.to_owned(),
        Value::Sequence(items) => items.iter_mut().for_each(|item| replace_strings(item, key, with, append)),
        Value::Mapping(properties) => {
            properties
                .iter_mut()
                .for_each(|(key, value)| replace_strings(value, key.as_str().unwrap_or_default(), with, append));
        }
        _ => {}
    }
}
