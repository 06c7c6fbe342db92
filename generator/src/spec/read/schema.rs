//! Reads schemas.

use crate::source::{Entry, Node, is_reference as is_reference_text};
use crate::spec::resolve::is_reference;
use crate::spec::{
    Additional, Assertion, AssertionKind, Bound, Bounds, Discriminator, Mapping, Property, Schema, SchemaId,
    SchemaType, Spanned, Values, Xml,
};

use super::fields;
use super::{Pending, Reader};

impl<'d> Reader<'d, '_> {
    /// Returns the schema of a node, and reads it unless it is known.
    pub(super) fn schema(&mut self, node: &'d Node) -> SchemaId {
        let (id, is_new) = self.schema_id(node);
        if is_new {
            self.read_schema(id, node);
        }
        id
    }

    /// Returns the schema that a reference leads to, which is read later: references can lead further than the stack.
    fn referred_schema(&mut self, node: &'d Node) -> SchemaId {
        let (id, is_new) = self.schema_id(node);
        if is_new {
            self.pending.push(Pending::Schema(id, node));
        }
        id
    }

    fn schema_id(&mut self, node: &'d Node) -> (SchemaId, bool) {
        let schemas = &mut self.spec.schemas;
        let before = schemas.len();
        let id = *self.known.schemas.entry(node).or_insert_with(|| schemas.add(|id| Schema::any(id, node.span)));
        (id, schemas.len() > before)
    }

    /// Reads a schema into its place. The nesting depth is limited when the document is parsed.
    pub(super) fn read_schema(&mut self, id: SchemaId, node: &'d Node) {
        let mut schema = Schema::any(id, node.span);
        if is_reference(node) {
            schema.reference = self.resolver.target(node).map(|target| self.referred_schema(target));
            schema.rust_name = rust_name(node);
        } else if node.as_bool() == Some(false) {
            schema.never = true;
        } else {
            for entry in node.entries() {
                self.keyword(&mut schema, node, entry);
            }
            schema.bounds = self.bounds(node);
            schema.extensions = fields::extensions(node, &OWN);
            if schema.nullable && !schema.types.is_unspecified() {
                schema.types = schema.types.with(SchemaType::Null);
            }
        }
        schema.keywords = fields::keywords(node);
        if let Some(place) = self.spec.schemas.get_mut(id) {
            *place = schema;
        }
    }

    fn keyword(&mut self, schema: &mut Schema, node: &'d Node, entry: &'d Entry) {
        let value = &entry.value;
        let text = || value.as_str().map(str::to_owned);
        match entry.key.as_str() {
            "type" => {
                schema.types = self.dialect.types(value);
                schema.types_span = Some(value.span);
                schema.nullable |= schema.types.contains(SchemaType::Null);
            }
            "nullable" => schema.nullable |= value.as_bool() == Some(true),
            "enum" => schema.values = Some(Box::new(values(node, value))),
            "format" => schema.format = fields::spanned_string(value).map(Box::new),
            "properties" => {
                let properties = value.entries().iter().map(|entry| {
                    let property = Property { schema: self.schema(&entry.value), span: entry.key_span };
                    (entry.key.clone(), property)
                });
                schema.properties = Some(Box::new(properties.collect()));
            }
            "required" => schema.required = value.elements().iter().filter_map(fields::spanned_string).collect(),
            "additionalProperties" => schema.additional = self.additional(value),
            "items" => schema.items = Some(self.schema(value)),
            "allOf" => schema.all_of = self.schemas(value),
            "oneOf" => schema.one_of = self.schemas(value),
            "anyOf" => schema.any_of = self.schemas(value),
            "not" => schema.assertions.push(Assertion {
                kind: AssertionKind::Not,
                json: value.to_json_text(),
                schemas: vec![self.schema(value)],
                span: value.span,
            }),
            "discriminator" => schema.discriminator = self.discriminator(value).map(Box::new),
            "pattern" => schema.pattern = fields::spanned_string(value).map(Box::new),
            "title" => schema.title = text(),
            "description" => schema.description = text(),
            "externalDocs" => schema.external_docs = fields::external_docs(node).map(Box::new),
            "deprecated" => schema.deprecated = value.as_bool(),
            "readOnly" => schema.read_only = value.as_bool(),
            "writeOnly" => schema.write_only = value.as_bool(),
            "default" => schema.default = Some(Box::new(value.clone())),
            "example" => schema.examples = vec![value.clone()],
            "xml" => schema.xml = Some(Box::new(xml(value))),
            "x-rust-name" => schema.rust_name = rust_name(node),
            "x-sensitive" => {
                schema.sensitive = value.as_bool().map(|is_sensitive| Box::new(Spanned::new(is_sensitive, value.span)));
            }
            "x-flags" => schema.flags = value.as_bool(),
            _ => {}
        }
    }

    fn schemas(&mut self, list: &'d Node) -> Vec<SchemaId> {
        list.elements().iter().map(|element| self.schema(element)).collect()
    }

    fn additional(&mut self, value: &'d Node) -> Option<Additional> {
        match value.as_bool() {
            Some(true) => Some(Additional::Allowed),
            Some(false) => Some(Additional::Forbidden),
            None => value.as_mapping().map(|_| Additional::Schema(self.schema(value))),
        }
    }

    fn discriminator(&mut self, node: &'d Node) -> Option<Discriminator> {
        let property = node.get("propertyName")?;
        let mapping = fields::entries(node, "mapping").iter().map(|entry| Mapping {
            value: entry.key.clone(),
            schema: self.mapped(&entry.value),
            span: entry.key_span,
        });
        Some(Discriminator {
            property: property.as_str()?.to_owned(),
            property_span: property.span,
            mapping: mapping.collect(),
            default: None,
            span: node.span,
        })
    }

    /// Returns the schema that a value of `mapping` names: the name of a component, or a reference.
    fn mapped(&mut self, value: &'d Node) -> Option<SchemaId> {
        let name = value.as_str()?;
        if let Some(component) = self.component("schemas", name) {
            return Some(self.referred_schema(component));
        }
        let target = Some(value).filter(|_| is_reference_text(name)).and_then(|value| self.resolver.find(value))?;
        let id = self.referred_schema(target);
        self.mapped.insert(id);
        Some(id)
    }

    fn bounds(&self, node: &Node) -> Option<Box<Bounds>> {
        let count = |key: &str| {
            let value = node.get(key)?;
            Some(Bound { number: fields::number(value)?.clone(), exclusive: false, span: value.span })
        };
        let bounds = Bounds {
            minimum: self.dialect.limit(node, "minimum", "exclusiveMinimum"),
            maximum: self.dialect.limit(node, "maximum", "exclusiveMaximum"),
            multiple_of: count("multipleOf"),
            min_length: count("minLength"),
            max_length: count("maxLength"),
            min_items: count("minItems"),
            max_items: count("maxItems"),
            min_properties: count("minProperties"),
            max_properties: count("maxProperties"),
            unique_items: fields::is_true(node, "uniqueItems"),
        };
        (bounds != Bounds::default()).then(|| Box::new(bounds))
    }
}

/// The extensions of schemas that have a field of their own.
const OWN: [&str; 5] = ["x-rust-name", "x-sensitive", "x-flags", "x-enum-varnames", "x-enum-descriptions"];

fn rust_name(node: &Node) -> Option<Box<str>> {
    node.get("x-rust-name").and_then(Node::as_str).map(Box::from)
}

fn values(schema: &Node, list: &Node) -> Values {
    Values {
        list: list.elements().to_vec(),
        names: fields::string_list(schema, "x-enum-varnames"),
        descriptions: fields::string_list(schema, "x-enum-descriptions"),
        is_const: false,
        span: list.span,
    }
}

fn xml(node: &Node) -> Xml {
    Xml {
        prefix: fields::string(node, "prefix"),
        name: fields::string(node, "name"),
        namespace: fields::string(node, "namespace"),
        attribute: fields::is_true(node, "attribute"),
        wrapped: fields::is_true(node, "wrapped"),
    }
}
