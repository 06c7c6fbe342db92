//! Reads the keywords that OpenAPI 3.1 and later have from JSON Schema 2020-12, and that earlier versions lack.

use crate::source::{Entry, Node, NodeKind};
use crate::spec::{
    Additional, Assertion, AssertionKind, EncodedContent, Keyword, ObjectRules, Schema, SchemaId, SchemaType, Spanned,
    TupleRules, TypeSet, Values,
};

use super::dialect::types;
use super::dynamic::Target;
use super::schema::OWN;
use super::{Reader, fields};

/// The keywords of unions.
const UNIONS: [&str; 2] = ["anyOf", "oneOf"];

/// The keywords of references, and whether they are dynamic.
const REFERENCES: [(&str, bool); 2] = [("$ref", false), ("$dynamicRef", true)];

impl<'d> Reader<'d, '_> {
    /// Reads a node that is not `false` into `schema`, which has no keywords yet.
    pub(super) fn fill_json_schema(&mut self, schema: &mut Schema, node: &'d Node) {
        let scope = self.enter(node);
        if let Some((union, only)) = nullable_union(node) {
            self.fill(schema, only);
            let reference = schema.reference.take().map(|target| self.place_reference(target, only));
            schema.all_of.splice(0..0, reference);
            self.keywords(schema, node, |entry| entry.key != union);
            schema.nullable = true;
            schema.null_in_type = false;
        } else {
            self.fill_with_references(schema, node);
            // A `type` without `null` excludes `null`, even if a union or an enum contains it.
            if schema.types.is_unspecified() {
                schema.nullable |= UNIONS.iter().any(|union| fields::elements(node, union).iter().any(is_null))
                    || schema.values().iter().any(|value| value.kind == NodeKind::Null);
            }
        }
        self.finish(schema);
        self.scope = scope;
    }

    /// Reads a schema that may have references. Keywords next to a reference apply in addition to the keywords of its
    /// target.
    fn fill_with_references(&mut self, schema: &mut Schema, node: &'d Node) {
        let targets: Vec<(Target, &'d Node)> =
            REFERENCES.iter().filter_map(|(key, is_dynamic)| self.follow(node.get(key)?, *is_dynamic)).collect();
        if targets.is_empty() {
            return self.keywords(schema, node, |_| true);
        }
        let resolved: Vec<&Node> =
            targets.iter().map(|(_, target)| self.resolver.resolve(target).unwrap_or(target)).collect();
        // Skip a keyword with the same value as in the target, because it changes nothing. The exception is
        // `x-rust-name`, which names a property, not the target.
        self.keywords(schema, node, |entry| {
            let is_repeated = |target: &&Node| target.get(&entry.key).is_some_and(|value| is_same(value, &entry.value));
            entry.key == "x-rust-name" || !resolved.iter().any(is_repeated)
        });
        let alone = Schema {
            rust_name: schema.rust_name.clone(),
            keywords: schema.keywords.clone(),
            ..Schema::any(schema.id, schema.span)
        };
        match targets.as_slice() {
            [(Target::Definition(target), _)] if *schema == alone => schema.reference = Some(*target),
            _ => {
                let targets = targets.into_iter().map(|(target, node)| match target {
                    Target::Definition(target) => self.place_reference(target, node),
                    Target::Inline(schema) => schema,
                });
                let targets: Vec<SchemaId> = targets.collect();
                schema.all_of.splice(0..0, targets);
            }
        }
    }

    /// Adds a schema that is only a reference to `target`, at the location of `node`.
    fn place_reference(&mut self, target: SchemaId, node: &Node) -> SchemaId {
        self.spec.schemas.add(|id| Schema { reference: Some(target), ..Schema::any(id, node.span) })
    }

    fn keywords(&mut self, schema: &mut Schema, node: &'d Node, mut is_read: impl FnMut(&Entry) -> bool) {
        for entry in node.entries() {
            if is_read(entry) {
                schema.keywords.extend(fields::keyword(entry));
                self.json_schema_keyword(schema, node, entry);
            }
        }
        if let Some(bounds) = self.bounds(node) {
            schema.bounds = Some(bounds);
        }
        if let Some(extensions) = fields::extensions(node, &OWN).0 {
            schema.extensions.0.get_or_insert_default().extend(*extensions);
        }
    }

    fn json_schema_keyword(&mut self, schema: &mut Schema, node: &'d Node, entry: &'d Entry) {
        let value = &entry.value;
        match entry.key.as_str() {
            "const" => {
                schema.values = Some(Box::new(Values {
                    list: vec![value.clone()],
                    names: Vec::new(),
                    descriptions: Vec::new(),
                    is_const: true,
                    name: None,
                    span: value.span,
                }));
            }
            // `const` is stricter than `enum`.
            "enum" if node.get("const").is_some() => {}
            // In drafts before 2020-12, `additionalItems` is the schema of further items if `items` is an array.
            // Otherwise, it has no effect.
            "additionalItems" if fields::elements(node, "items").is_empty() => {}
            "additionalItems" => schema.items = Some(self.schema(value)),
            "prefixItems" => tuple(schema).prefix = self.schemas(value),
            "unevaluatedItems" => tuple(schema).unevaluated = self.additional_or_never(value),
            "additionalProperties" => schema.additional = self.additional_or_never(value),
            "patternProperties" => {
                let patterns = value.entries().iter().map(|entry| {
                    let pattern = Spanned::new(entry.key.clone(), entry.key_span);
                    (pattern, self.schema(&entry.value))
                });
                object(schema).patterns = patterns.collect();
            }
            "propertyNames" => object(schema).names = Some(self.schema(value)),
            "unevaluatedProperties" => object(schema).unevaluated = self.additional_or_never(value),
            "contentEncoding" => content(schema).encoding = fields::spanned_string(value),
            "contentMediaType" => content(schema).media_type = fields::spanned_string(value),
            "contentSchema" => content(schema).schema = Some(self.schema(value)),
            "examples" => schema.examples.extend(value.elements().iter().cloned()),
            "not" if is_any(value) => schema.never = true,
            "oneOf" => schema.one_of = self.variants(schema, value),
            "anyOf" => schema.any_of = self.variants(schema, value),
            "if" => self.assertion(schema, AssertionKind::If, value),
            "then" => self.assertion(schema, AssertionKind::Then, value),
            "else" => self.assertion(schema, AssertionKind::Else, value),
            "contains" => self.assertion(schema, AssertionKind::Contains, value),
            "minContains" => assertion(schema, AssertionKind::MinContains, value, Vec::new()),
            "maxContains" => assertion(schema, AssertionKind::MaxContains, value, Vec::new()),
            "dependentRequired" => assertion(schema, AssertionKind::DependentRequired, value, Vec::new()),
            "dependentSchemas" => {
                let schemas = value.entries().iter().map(|entry| self.schema(&entry.value)).collect();
                assertion(schema, AssertionKind::DependentSchemas, value, schemas);
            }
            // In drafts before 2019-09, `dependencies` combines `dependentRequired` and `dependentSchemas`.
            "dependencies" => {
                let others = value.entries().iter().filter(|entry| entry.value.as_mapping().is_some());
                let schemas: Vec<SchemaId> = others.map(|entry| self.schema(&entry.value)).collect();
                let kind =
                    if schemas.is_empty() { AssertionKind::DependentRequired } else { AssertionKind::DependentSchemas };
                assertion(schema, kind, value, schemas);
            }
            _ => self.keyword(schema, node, entry),
        }
    }

    /// Reads the variants of a union. Omits `false`, which no value matches, and omits `null` if there are other
    /// variants.
    fn variants(&mut self, schema: &mut Schema, list: &'d Node) -> Vec<SchemaId> {
        let all = list.elements();
        let nulls = all.iter().filter(|variant| is_null(variant)).count();
        let possible =
            |variant: &&'d Node| variant.as_bool() != Some(false) && (nulls == all.len() || !is_null(variant));
        let possible: Vec<&'d Node> = all.iter().filter(possible).collect();
        schema.never |= possible.is_empty() && nulls == 0 && !all.is_empty();
        possible.into_iter().map(|variant| self.schema(variant)).collect()
    }

    /// Reads the value of `additionalProperties` or a similar keyword. `{not: {}}` means the same as `false`.
    fn additional_or_never(&mut self, value: &'d Node) -> Option<Additional> {
        let is_never = value.entries().len() == 1 && value.get("not").is_some_and(is_any);
        if is_never { Some(Additional::Forbidden) } else { self.additional(value) }
    }

    fn finish(&self, schema: &mut Schema) {
        if let Some(values) = schema.values.as_deref().filter(|values| values.is_const)
            && schema.types.is_unspecified()
        {
            schema.types = values.list.iter().map(type_of).collect();
            schema.nullable |= schema.types.contains(SchemaType::Null);
        }
        schema.null_in_type &= !schema.all_of.is_empty() && schema.keywords.key(Keyword::Nullable).is_none();
        if schema.nullable && !schema.types.is_unspecified() {
            schema.types = schema.types.with(SchemaType::Null);
        }
        // A default of `null` is dropped if the schema is nullable: without the default, the value is `null` too.
        schema.default = schema.default.take().filter(|value| !schema.nullable || value.kind != NodeKind::Null);
    }
}

/// If a schema consists only of a union of `null` and one other variant, and of annotations, returns the keyword of the
/// union and the other variant.
fn nullable_union(node: &Node) -> Option<(&'static str, &Node)> {
    let union = UNIONS.into_iter().find(|union| node.get(union).is_some())?;
    let variants = fields::elements(node, union);
    let mut others = variants.iter().filter(|variant| !is_null(variant));
    let only = others.next().filter(|_| others.next().is_none() && variants.len() > 1)?;
    let is_annotated = node.entries().iter().all(|entry| entry.key == union || is_annotation(&entry.key));
    is_annotated.then_some((union, only))
}

/// Returns whether a keyword only describes a schema, without restricting its values.
fn is_annotation(keyword: &str) -> bool {
    let annotations = [
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "nullable",
        "$comment",
        "$defs",
        "$anchor",
        "$id",
        "$schema",
    ];
    annotations.contains(&keyword) || fields::is_extension(keyword)
}

/// Returns whether `null` is the only value of a schema.
fn is_null(node: &Node) -> bool {
    let is_null = |value: &Node| value.kind == NodeKind::Null;
    match (node.get("type"), node.get("const"), node.get("enum")) {
        (Some(ty), ..) => types(ty) == TypeSet::UNSPECIFIED.with(SchemaType::Null),
        (None, Some(value), _) => is_null(value),
        (None, None, Some(values)) => matches!(values.elements(), [value] if is_null(value)),
        (None, None, None) => false,
    }
}

/// Returns whether a schema is `true` or `{}`.
fn is_any(node: &Node) -> bool {
    node.as_bool() == Some(true) || node.as_mapping().is_some_and(|mapping| mapping.entries().is_empty())
}

/// Returns whether two values are equal, regardless of their locations.
fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Sequence(one), NodeKind::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (NodeKind::Mapping(one), NodeKind::Mapping(other)) => {
            let has = |entry: &Entry| other.get(&entry.key).is_some_and(|value| is_same(&entry.value, value));
            one.entries().len() == other.entries().len() && one.entries().iter().all(has)
        }
        (one, other) => one == other,
    }
}

fn type_of(value: &Node) -> SchemaType {
    match &value.kind {
        NodeKind::Null => SchemaType::Null,
        NodeKind::Bool(_) => SchemaType::Boolean,
        NodeKind::Number(number) if number.is_integer() => SchemaType::Integer,
        NodeKind::Number(_) => SchemaType::Number,
        NodeKind::String(_) => SchemaType::String,
        NodeKind::Sequence(_) => SchemaType::Array,
        NodeKind::Mapping(_) => SchemaType::Object,
    }
}

fn assertion(schema: &mut Schema, kind: AssertionKind, value: &Node, schemas: Vec<SchemaId>) {
    schema.assertions.push(Assertion { kind, json: value.to_json_text(), schemas, span: value.span });
}

fn object(schema: &mut Schema) -> &mut ObjectRules {
    schema.object.get_or_insert_default()
}

fn tuple(schema: &mut Schema) -> &mut TupleRules {
    schema.tuple.get_or_insert_default()
}

fn content(schema: &mut Schema) -> &mut EncodedContent {
    schema.content.get_or_insert_default()
}
