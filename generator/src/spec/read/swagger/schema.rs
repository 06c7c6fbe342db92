//! Reads the extensions of schemas, and the schemas of parameters and headers. In Swagger 2.0, a parameter or header
//! contains the keywords of its schema directly.

use std::collections::HashMap;

use crate::source::Node;
use crate::spec::read::{Reader, fields};
use crate::spec::{Keywords, Schema, SchemaId, SchemaType, Spanned, TypeSet, Values};

/// The keywords of parameters and headers that belong to their schema.
const KEYWORDS: [&str; 7] = ["type", "format", "items", "default", "enum", "pattern", "nullable"];
/// The extensions that make a value nullable.
const NULLABLE: [&str; 2] = ["x-nullable", "x-isnullable"];
/// The extensions for the value of the parent's discriminator.
const DISCRIMINATOR_VALUES: [&str; 3] = ["x-ms-discriminator-value", "x-discriminator-value", "x-class"];
/// The extensions of schemas for which the model has separate fields.
const OWN: [&str; 14] = [
    "x-rust-name",
    "x-sensitive",
    "x-flags",
    "x-enum-varnames",
    "x-enum-descriptions",
    "x-nullable",
    "x-isnullable",
    "x-ms-discriminator-value",
    "x-discriminator-value",
    "x-class",
    "x-omitempty",
    "x-ms-enum",
    "x-ms-client-name",
    "x-ms-secret",
];

impl<'d> Reader<'d, '_> {
    /// Returns the schema that the keywords of a parameter or header form.
    pub(super) fn value_schema(&mut self, node: &'d Node) -> SchemaId {
        let (id, is_new) = self.schema_id(node);
        if is_new {
            let mut schema = Schema { keywords: keywords(node), ..Schema::any(id, node.span) };
            for entry in node.entries().iter().filter(|entry| KEYWORDS.contains(&entry.key.as_str())) {
                self.keyword(&mut schema, node, entry);
            }
            self.finish_value(&mut schema, node);
            self.set_schema(id, schema);
        }
        id
    }

    /// Returns the schema of a form parameter, which becomes a property of the form. Includes the annotations of the
    /// parameter.
    pub(super) fn property_schema(&mut self, node: &'d Node) -> SchemaId {
        let (id, is_new) = self.schema_id(node);
        if is_new {
            let mut schema = Schema { keywords: keywords(node), ..Schema::any(id, node.span) };
            for entry in node.entries() {
                self.keyword(&mut schema, node, entry);
            }
            schema.examples.extend(node.get("x-example").filter(|_| node.get("example").is_none()).cloned());
            self.finish_value(&mut schema, node);
            self.finish_swagger(&mut schema, node);
            self.set_schema(id, schema);
        }
        id
    }

    fn finish_value(&mut self, schema: &mut Schema, node: &'d Node) {
        schema.bounds = self.bounds(node);
        read_type(schema, node);
        read_enum(schema, node);
        if schema.nullable && !schema.types.is_unspecified() {
            schema.types = schema.types.with(SchemaType::Null);
        }
    }

    /// Reads the extensions of a schema.
    pub(in crate::spec::read) fn finish_swagger(&mut self, schema: &mut Schema, node: &'d Node) {
        read_type(schema, node);
        read_enum(schema, node);
        if schema.rust_name.is_none() {
            schema.rust_name = fields::string(node, "x-ms-client-name").map(String::into_boxed_str);
        }
        if schema.sensitive.is_none()
            && let Some(secret) = node.get("x-ms-secret")
        {
            schema.sensitive = secret.as_bool().map(|is_secret| Box::new(Spanned::new(is_secret, secret.span)));
        }
        if fields::is_true(node, "x-omitempty") {
            schema.object.get_or_insert_default().omit_empty = true;
        }
        let value = DISCRIMINATOR_VALUES.into_iter().find_map(|key| fields::string(node, key));
        schema.discriminator_value = value.map(String::into_boxed_str);
        schema.extensions = fields::extensions(node, &OWN);
    }
}

/// Returns the locations of the keywords of a parameter that belong to its schema. `required` belongs to the parameter,
/// not to its schema.
fn keywords(node: &Node) -> Keywords {
    fields::keywords(node, |name| name != "required")
}

/// Reads the extensions that make a value nullable, and `type: file`, which becomes a binary string.
fn read_type(schema: &mut Schema, node: &Node) {
    schema.nullable |= NULLABLE.into_iter().any(|key| fields::is_true(node, key));
    if node.get("type").and_then(Node::as_str) == Some("file") {
        schema.types = TypeSet::UNSPECIFIED.with(SchemaType::String);
        let span = schema.types_span.unwrap_or(schema.span);
        schema.format = Some(Box::new(Spanned::new("binary".to_owned(), span)));
    }
}

/// Reads `x-ms-enum`: the name of the enum, and the names and descriptions of its values.
fn read_enum(schema: &mut Schema, node: &Node) {
    let Some(extension) = node.get("x-ms-enum") else { return };
    let Some(Values { list, names, descriptions, name, .. }) = schema.values.as_deref_mut() else { return };
    *name = fields::string(extension, "name");
    let described = fields::elements(extension, "values");
    if described.is_empty() {
        return;
    }
    let key = |value: &Node| value.to_json_text();
    let described: HashMap<String, &Node> =
        described.iter().filter_map(|one| Some((key(one.get("value")?), one))).collect();
    let of = |property: &str| -> Vec<Option<String>> {
        list.iter().map(|value| fields::string(described.get(&key(value))?, property)).collect()
    };
    if names.is_empty() {
        *names = of("name");
    }
    if descriptions.is_empty() {
        *descriptions = of("description");
    }
}
