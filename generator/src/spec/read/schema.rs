//! Reads schemas: the keywords that all versions have in common.

use crate::source::{Entry, Node, NodeKind, is_reference as is_reference_text};
use crate::spec::resolve::is_reference;
use crate::spec::{
    Additional, Assertion, AssertionKind, Bound, Bounds, Discriminator, Mapping, Property, Schema, SchemaId,
    SchemaType, Spanned, Values, Xml,
};

use super::dialect::types;
use super::dynamic::Scope;
use super::fields;
use super::{Pending, Reader};

impl<'d> Reader<'d, '_> {
    /// Returns the schema of a node. Reads the schema if it was not read before.
    pub(super) fn schema(&mut self, node: &'d Node) -> SchemaId {
        let (id, is_new) = self.schema_id(node);
        if is_new {
            self.read_schema(id, node);
        }
        id
    }

    /// Returns the schema of a node that is the target of a reference. The schema is read later, because recursion
    /// along a long chain of references could overflow the stack.
    pub(super) fn referred_schema(&mut self, node: &'d Node) -> SchemaId {
        let scope = std::mem::take(&mut self.scope);
        let (id, is_new) = self.schema_id(node);
        if is_new {
            self.pending.push(Pending::Schema(id, node, Scope::default()));
        }
        self.scope = scope;
        id
    }

    /// Returns the ID of the schema of a node, and whether it is new.
    pub(super) fn schema_id(&mut self, node: &'d Node) -> (SchemaId, bool) {
        let schemas = &mut self.spec.schemas;
        let before = schemas.len();
        let key = (std::ptr::from_ref(node), self.scope.variant);
        let id = *self.known.schemas.entry(key).or_insert_with(|| schemas.add(|id| Schema::any(id, node.span)));
        (id, schemas.len() > before)
    }

    /// Reads a node into the schema with this ID. The nesting depth is limited when the document is parsed.
    pub(super) fn read_schema(&mut self, id: SchemaId, node: &'d Node) {
        let mut schema = Schema::any(id, node.span);
        self.fill(&mut schema, node);
        self.set_schema(id, schema);
    }

    pub(super) fn set_schema(&mut self, id: SchemaId, schema: Schema) {
        if let Some(place) = self.spec.schemas.get_mut(id) {
            *place = schema;
        }
    }

    /// Reads a node into `schema`, which has no keywords yet.
    pub(super) fn fill(&mut self, schema: &mut Schema, node: &'d Node) {
        if node.as_bool() == Some(false) {
            schema.never = true;
        } else if self.dialect.has_json_schema() {
            self.fill_json_schema(schema, node);
        } else if is_reference(node) {
            schema.keywords = fields::keywords(node, |_| true);
            schema.reference = self.resolver.target(node).map(|target| self.referred_schema(target));
            schema.rust_name = rust_name(node);
        } else {
            schema.keywords = fields::keywords(node, |_| true);
            for entry in node.entries() {
                self.keyword(schema, node, entry);
            }
            schema.bounds = self.bounds(node);
            schema.extensions = fields::extensions(node, &OWN);
            if self.dialect.is_swagger() {
                self.finish_swagger(schema, node);
            }
            if schema.nullable && !schema.types.is_unspecified() {
                schema.types = schema.types.with(SchemaType::Null);
            }
        }
    }

    /// Reads a keyword, except limits such as `minimum`, which `bounds` reads.
    pub(super) fn keyword(&mut self, schema: &mut Schema, node: &'d Node, entry: &'d Entry) {
        let value = &entry.value;
        let text = || value.as_str().map(str::to_owned);
        match entry.key.as_str() {
            "type" => {
                schema.types = types(value);
                schema.types_span = Some(value.span);
                schema.null_in_type = schema.types.contains(SchemaType::Null);
                schema.nullable |= schema.null_in_type;
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
            // In drafts before 2020-12, an array in `items` means the same as `prefixItems`.
            "items" if matches!(value.kind, NodeKind::Sequence(_)) => {
                schema.tuple.get_or_insert_default().prefix = self.schemas(value);
            }
            "items" => schema.items = Some(self.schema(value)),
            "allOf" => schema.all_of = self.schemas(value),
            "oneOf" => schema.one_of = self.schemas(value),
            "anyOf" => schema.any_of = self.schemas(value),
            "not" => self.assertion(schema, AssertionKind::Not, value),
            "discriminator" => schema.discriminator = self.discriminator(value).map(Box::new),
            "pattern" => schema.pattern = fields::spanned_string(value).map(Box::new),
            "title" => schema.title = text(),
            "description" => schema.description = text(),
            "externalDocs" => schema.external_docs = fields::external_docs(node).map(Box::new),
            "deprecated" => schema.deprecated = value.as_bool(),
            "readOnly" => schema.read_only = value.as_bool(),
            "writeOnly" => schema.write_only = value.as_bool(),
            "default" => schema.default = Some(Box::new(value.clone())),
            "example" => schema.examples.insert(0, value.clone()),
            "xml" => schema.xml = Some(Box::new(xml(value))),
            "x-rust-name" => schema.rust_name = rust_name(node),
            "x-sensitive" => {
                schema.sensitive = value.as_bool().map(|is_sensitive| Box::new(Spanned::new(is_sensitive, value.span)));
            }
            "x-flags" => schema.flags = value.as_bool(),
            _ => {}
        }
    }

    pub(super) fn schemas(&mut self, list: &'d Node) -> Vec<SchemaId> {
        list.elements().iter().map(|element| self.schema(element)).collect()
    }

    /// Reads an assertion whose value is a schema.
    pub(super) fn assertion(&mut self, schema: &mut Schema, kind: AssertionKind, value: &'d Node) {
        let schemas = vec![self.schema(value)];
        schema.assertions.push(Assertion { kind, json: value.to_json_text(), schemas, span: value.span });
    }

    pub(super) fn additional(&mut self, value: &'d Node) -> Option<Additional> {
        match value.as_bool() {
            Some(true) => Some(Additional::Allowed),
            Some(false) => Some(Additional::Forbidden),
            None => value.as_mapping().map(|_| Additional::Schema(self.schema(value))),
        }
    }

    fn discriminator(&mut self, node: &'d Node) -> Option<Discriminator> {
        // In Swagger 2.0, the value of `discriminator` is the name of the property.
        let property =
            if self.dialect.is_swagger() && node.as_str().is_some() { node } else { node.get("propertyName")? };
        let mapping = fields::entries(node, "mapping").iter().map(|entry| Mapping {
            value: entry.key.clone(),
            schema: self.mapped(&entry.value),
            span: entry.key_span,
        });
        let mapping = mapping.collect();
        let default = node.get("defaultMapping").filter(|_| self.dialect.has_json_schema());
        Some(Discriminator {
            property: property.as_str()?.to_owned(),
            property_span: property.span,
            mapping,
            default: default.and_then(|default| self.mapped(default)),
            span: node.span,
        })
    }

    /// Returns the schema for a value of `mapping`, which is the name of a component or a reference.
    fn mapped(&mut self, value: &'d Node) -> Option<SchemaId> {
        let name = value.as_str()?;
        if let Some(component) = self.component(name) {
            return Some(self.referred_schema(component));
        }
        let target = Some(value).filter(|_| is_reference_text(name)).and_then(|value| self.resolver.find(value))?;
        let id = self.referred_schema(target);
        self.mapped.insert(id);
        Some(id)
    }

    pub(super) fn bounds(&self, node: &Node) -> Option<Box<Bounds>> {
        let count = |key: &str| {
            let value = node.get(key)?;
            Some(Bound { number: fields::number(value)?.clone(), exclusive: false, span: value.span })
        };
        let bounds = Bounds {
            minimum: self.dialect.minimum(node),
            maximum: self.dialect.maximum(node),
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

/// The extensions of schemas for which the model has separate fields.
pub(super) const OWN: [&str; 5] = ["x-rust-name", "x-sensitive", "x-flags", "x-enum-varnames", "x-enum-descriptions"];

pub(super) fn rust_name(node: &Node) -> Option<Box<str>> {
    node.get("x-rust-name").and_then(Node::as_str).map(Box::from)
}

fn values(schema: &Node, list: &Node) -> Values {
    Values {
        list: list.elements().to_vec(),
        names: fields::string_list(schema, "x-enum-varnames"),
        descriptions: fields::string_list(schema, "x-enum-descriptions"),
        is_const: false,
        name: None,
        span: list.span,
    }
}

fn xml(node: &Node) -> Xml {
    Xml {
        prefix: fields::string(node, "prefix"),
        name: fields::string(node, "name"),
        namespace: fields::string(node, "namespace"),
        // Since 3.2, `nodeType` replaces `attribute`.
        attribute: fields::is_true(node, "attribute")
            || fields::string(node, "nodeType").as_deref() == Some("attribute"),
        wrapped: fields::is_true(node, "wrapped"),
    }
}
