//! Lowers documentation: titles, descriptions and examples, and those constraints of values that Rust types cannot
//! express.

use crate::ir::{Condition, Constraint, Doc, Example, Limit, Type};
use crate::spec::{
    Additional, AssertionKind, Bound, ExternalDocs, Response, Schema, SchemaId, SchemaType, Spec, Value, ValueKind, Xml,
};

use super::integer_format::named_format;
use super::media::json_content;

/// Returns a description. `None` if it contains no letter or digit.
pub(super) fn description(description: Option<&str>) -> Option<String> {
    description.filter(|text| has_words(text)).map(str::to_owned)
}

/// Returns the summary and the description of a response.
pub(super) fn response_description(response: &Response) -> Option<String> {
    let summary = response.summary.as_deref().filter(|text| has_words(text));
    let description = Some(response.description.as_str()).filter(|text| has_words(text) && Some(*text) != summary);
    let texts: Vec<&str> = summary.into_iter().chain(description).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

/// Returns whether a description contains a letter or digit. Many documents contain only a dot where a tool requires a
/// description.
pub(super) fn has_words(text: &str) -> bool {
    !text.chars().all(|character| character.is_whitespace() || character.is_ascii_punctuation())
}

/// Returns the documentation of a schema. Empty for a `$ref`, because its target is documented itself.
pub(super) fn doc(spec: &Spec, schema: &Schema) -> Doc {
    if schema.reference.is_some() {
        return Doc::default();
    }
    let parts = written_in(spec, schema);
    let mut descriptions: Vec<String> = Vec::new();
    let mut external_docs: Vec<ExternalDocs> = Vec::new();
    let mut all = Vec::new();
    for part in &parts {
        descriptions.extend(description(part.description.as_deref()).filter(|text| !descriptions.contains(text)));
        external_docs.extend(part.external_docs.as_deref().filter(|docs| !external_docs.contains(docs)).cloned());
        extend(&mut all, constraints(spec, part));
    }
    let inner = |get: &dyn Fn(&Schema) -> Option<SchemaId>| {
        let schemas: Vec<&Schema> = parts.iter().filter_map(|part| Some(&spec.schemas[get(part)?])).collect();
        Some(Box::new(of_all(spec, &schemas))).filter(|doc| **doc != Doc::default())
    };
    Doc {
        title: parts.iter().find_map(|part| part.title.clone()),
        description: (!descriptions.is_empty()).then(|| descriptions.join("\n\n")),
        external_docs,
        deprecated: annotation(spec, schema, |schema| schema.deprecated).unwrap_or(false),
        constraints: all,
        default: annotation(spec, schema, |schema| schema.default.as_deref()).map(Value::to_json_text),
        examples: annotation(spec, schema, |schema| Some(schema.examples.as_slice()).filter(|list| !list.is_empty()))
            .unwrap_or_default()
            .iter()
            .map(Example::of)
            .collect(),
        items: inner(&|schema| schema.items),
        values: inner(&|schema| schema.additional.and_then(Additional::schema)),
        variants: parts.iter().flat_map(|part| variant_docs(spec, part)).collect(),
    }
}

/// Returns the documentation of a value that several schemas describe: the text of the last schema that has text, and
/// the constraints of all schemas.
pub(super) fn of_all(spec: &Spec, schemas: &[&Schema]) -> Doc {
    schemas.iter().fold(Doc::default(), |all, schema| all.and(doc(spec, schema)))
}

/// Returns a schema and the inline schemas that all its values match: the schemas in `allOf`, and the variant of a
/// union that has only one variant, not counting `null`.
fn written_in<'a>(spec: &'a Spec, schema: &'a Schema) -> Vec<&'a Schema> {
    let mut all = Vec::new();
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        all.push(schema);
        let parts = schema.all_of.iter().map(|part| &spec.schemas[*part]);
        let only =
            [&schema.one_of, &schema.any_of].into_iter().filter_map(|list| match values(spec, list).as_slice() {
                [only] => Some(*only),
                _ => None,
            });
        let parts: Vec<&Schema> = parts.chain(only).collect();
        waiting.extend(parts.into_iter().rev().filter(|part| part.reference.is_none()));
    }
    all
}

/// Returns the variants of a union, except variants that only allow `null`.
fn values<'a>(spec: &'a Spec, variants: &[SchemaId]) -> Vec<&'a Schema> {
    variants.iter().map(|variant| &spec.schemas[*variant]).filter(|variant| !is_null(variant)).collect()
}

/// Returns whether a variant of a union only serves to allow `null`.
pub(super) fn is_null(variant: &Schema) -> bool {
    let only_null =
        variant.values.as_ref().is_some_and(|values| values.list.iter().all(|value| value.kind == ValueKind::Null));
    only_null || variant.nullable && only_annotates(variant)
}

/// Returns the documentation of each variant of a union whose variants all have the same type. No enum is generated for
/// such a union, so its variants cannot be documented at the variants of an enum. Empty for other unions.
fn variant_docs(spec: &Spec, schema: &Schema) -> Vec<Doc> {
    let variants: Vec<&Schema> =
        [&schema.one_of, &schema.any_of].into_iter().flat_map(|list| values(spec, list)).collect();
    let scalar = |variant: &Schema| {
        let ty = variant.ty().filter(|ty| !matches!(ty, SchemaType::Array | SchemaType::Object))?;
        let is_plain = variant.reference.is_none()
            && variant.values.is_none()
            && [&variant.all_of, &variant.one_of, &variant.any_of].iter().all(|list| list.is_empty());
        let format = variant.format().filter(|format| is_typed(format, Some(ty)));
        is_plain.then(|| (ty, format.map(str::to_owned)))
    };
    let first = variants.first().and_then(|variant| scalar(variant));
    if variants.len() < 2 || first.is_none() || variants.iter().any(|variant| scalar(variant) != first) {
        return Vec::new();
    }
    let docs: Vec<Doc> = variants.into_iter().map(|variant| doc(spec, variant)).collect();
    if docs.iter().all(|doc| *doc == Doc::default()) { Vec::new() } else { docs }
}

fn extend(constraints: &mut Vec<Constraint>, more: Vec<Constraint>) {
    for constraint in more {
        if !constraints.contains(&constraint) {
            constraints.push(constraint);
        }
    }
}

impl Doc {
    /// Returns the documentation of a value that two schemas describe: the text of `other`, or else of `self`, and the
    /// constraints of both.
    fn and(mut self, other: Self) -> Self {
        let describes = |doc: &Self| doc.description.is_some() || !doc.external_docs.is_empty();
        if describes(&other) || other.title.is_some() && !describes(&self) {
            self.title = other.title;
            self.description = other.description;
            self.external_docs = other.external_docs;
        }
        extend(&mut self.constraints, other.constraints);
        self.variants.extend(other.variants);
        let both = |one: Option<Box<Self>>, other: Option<Box<Self>>| match (one, other) {
            (Some(one), Some(other)) => Some(Box::new(one.and(*other))),
            (one, other) => one.or(other),
        };
        Self {
            deprecated: self.deprecated || other.deprecated,
            default: other.default.or(self.default),
            examples: if other.examples.is_empty() { self.examples } else { other.examples },
            items: both(self.items, other.items),
            values: both(self.values, other.values),
            ..self
        }
    }

    /// Combines the documentation of two variants of a union that have the same type.
    pub(super) fn or_else(mut self, other: Self) -> Self {
        if self == other {
            return self;
        }
        if self.variants.is_empty() {
            self = Self { variants: vec![self], ..Self::default() };
        }
        self.variants.push(other);
        self
    }

    /// Returns the documentation of a value of the type `ty`, without the documentation of items, values and variants
    /// that the definition of a named type already contains.
    pub(super) fn of_type(self, ty: &Type) -> Self {
        let inner = |doc: Option<Box<Self>>, ty: &Type| {
            let doc = doc.filter(|_| !matches!(ty.non_null(), Type::Named(_)))?;
            Some(Box::new(doc.of_type(ty))).filter(|doc| **doc != Self::default())
        };
        match ty.non_null() {
            Type::Array(ty) => Self { items: inner(self.items, ty), values: None, ..self },
            Type::Map(ty) => Self { items: None, values: inner(self.values, ty), ..self },
            Type::Named(_) => Self { items: None, values: None, variants: Vec::new(), ..self },
            _ => Self { items: None, values: None, ..self },
        }
    }
}

impl Example {
    /// Creates an example without a description.
    pub(super) fn of(value: &Value) -> Self {
        Self { value: value.to_json_text(), description: None }
    }
}

/// Returns an annotation of a schema. If the schema lacks the annotation, returns the annotation of the first schema in
/// its `allOf` that has the annotation and for which [`only_annotates`] is true.
pub(super) fn annotation<'a, T>(
    spec: &'a Spec,
    schema: &'a Schema,
    get: impl Fn(&'a Schema) -> Option<T>,
) -> Option<T> {
    get(schema).or_else(|| {
        let parts = schema.all_of.iter().map(|part| &spec.schemas[*part]);
        parts.filter(|part| only_annotates(part)).find_map(get)
    })
}

/// Returns whether a schema has only annotations, and constraints that no Rust type expresses.
pub(super) fn only_annotates(schema: &Schema) -> bool {
    schema.reference.is_none()
        && schema.types.is_unspecified()
        && schema.required.is_empty()
        && schema.all_of.is_empty()
        && !shapes_without_type(schema)
}

/// Returns whether a schema has a keyword that affects its Rust type. Does not consider `type`, `required` and `allOf`.
fn shapes_without_type(schema: &Schema) -> bool {
    has_rules(schema)
        || schema.properties.is_some()
        || schema.additional.is_some()
        || !schema.one_of.is_empty()
        || !schema.any_of.is_empty()
}

/// Returns whether a schema has a keyword that affects its Rust type. Does not consider `type`, `required`,
/// `properties`, `additionalProperties`, and keywords that combine schemas.
pub(super) fn has_rules(schema: &Schema) -> bool {
    schema.never
        || schema.format.is_some()
        || schema.values.is_some()
        || schema.object.is_some()
        || schema.items.is_some()
        || schema.tuple.is_some()
        || schema.content.is_some()
        || schema.sensitive.is_some()
        || schema.flags.is_some()
}

/// Returns whether a variant only requires or excludes properties.
pub(super) fn is_condition(variant: &Schema) -> bool {
    let is_object = variant.types.is_unspecified() || variant.ty() == Some(SchemaType::Object);
    variant.reference.is_none()
        && (!variant.required.is_empty() || variant.not().is_some())
        && is_object
        && variant.all_of.is_empty()
        && !shapes_without_type(variant)
}

/// Returns those constraints of a schema that Rust types cannot express. Ignores constraints for JSON types that the
/// schema does not allow.
fn constraints(spec: &Spec, schema: &Schema) -> Vec<Constraint> {
    let mut all = Vec::new();
    let ty = schema.ty();
    let may_be = |types: &[SchemaType]| ty.is_none_or(|ty| types.contains(&ty));
    if let Some(format) = schema.format().filter(|format| !is_typed(format, ty)) {
        all.push(Constraint::Format(format.to_owned()));
    }
    // An enum of strings or integers becomes a Rust type; other enums are only documented.
    let is_type = match ty {
        Some(ty) => matches!(ty, SchemaType::String | SchemaType::Integer),
        None => schema.values().iter().all(makes_a_type),
    };
    if !is_type && let Some(values) = &schema.values {
        all.push(Constraint::OneOf(values.list.iter().map(Value::to_json_text).collect()));
    }
    if let Some(pattern) = schema.pattern.as_ref().filter(|_| may_be(&[SchemaType::String])) {
        all.push(Constraint::Pattern(pattern.value.clone()));
    }
    if let Some(not) = schema.not() {
        all.push(Constraint::Not(not.json.clone()));
    }
    let assertions = schema.assertions.iter().filter(|assertion| assertion.kind != AssertionKind::Not);
    all.extend(assertions.map(|assertion| Constraint::Assertion(assertion.kind.keyword(), assertion.json.clone())));
    if let Some(rules) = schema.object.as_deref() {
        let patterns: Vec<String> = rules.patterns.iter().map(|(pattern, _)| pattern.value.clone()).collect();
        all.extend((!patterns.is_empty()).then_some(Constraint::PropertyPatterns(patterns)));
        let names = rules.names.map(|names| constraints(spec, &spec.schemas[names])).unwrap_or_default();
        all.extend((!names.is_empty()).then_some(Constraint::PropertyNames(names)));
    }
    if let Some(content) = schema.content.as_deref() {
        let encoding = content.encoding.as_ref().map(|encoding| encoding.value.clone());
        all.extend(encoding.filter(|encoding| !is_base64(encoding)).map(Constraint::ContentEncoding));
        let is_typed = json_content(schema).is_some_and(|content| content.schema.is_some());
        let media_type = content.media_type.as_ref().filter(|_| !is_typed);
        all.extend(media_type.map(|media_type| Constraint::MediaType(media_type.value.clone())));
    }
    for (list, exactly_one) in [(&schema.one_of, true), (&schema.any_of, false)] {
        let variants = || list.iter().map(|variant| &spec.schemas[*variant]);
        if !list.is_empty() && variants().all(is_condition) {
            let choice = |variant: &Schema| Condition {
                required: variant.required.iter().map(|name| name.value.clone()).collect(),
                not: variant.not().map(|not| not.json.clone()),
            };
            all.push(Constraint::Properties { exactly_one, choices: variants().map(choice).collect() });
        }
    }
    all.extend(bounds(schema, &may_be));
    all.extend(schema.xml.as_deref().and_then(in_xml));
    all
}

fn bounds(schema: &Schema, may_be: &dyn Fn(&[SchemaType]) -> bool) -> Vec<Constraint> {
    let Some(bounds) = schema.bounds.as_deref() else { return Vec::new() };
    let mut all = Vec::new();
    let mut add = |types: &[SchemaType], bound: &Option<Bound>, constraint: fn(&Bound) -> Constraint| {
        all.extend(bound.as_ref().filter(|_| may_be(types)).map(constraint));
    };
    add(&[SchemaType::String], &bounds.min_length, |bound| Constraint::MinLength(bound.number.clone()));
    add(&[SchemaType::String], &bounds.max_length, |bound| Constraint::MaxLength(bound.number.clone()));
    let numbers = [SchemaType::Integer, SchemaType::Number];
    add(&numbers, &bounds.minimum, |bound| Constraint::Minimum(Limit::of(bound)));
    add(&numbers, &bounds.maximum, |bound| Constraint::Maximum(Limit::of(bound)));
    add(&numbers, &bounds.multiple_of, |bound| Constraint::MultipleOf(bound.number.clone()));
    add(&[SchemaType::Array], &bounds.min_items, |bound| Constraint::MinItems(bound.number.clone()));
    add(&[SchemaType::Array], &bounds.max_items, |bound| Constraint::MaxItems(bound.number.clone()));
    add(&[SchemaType::Object], &bounds.min_properties, |bound| Constraint::MinProperties(bound.number.clone()));
    add(&[SchemaType::Object], &bounds.max_properties, |bound| Constraint::MaxProperties(bound.number.clone()));
    all.extend((bounds.unique_items && may_be(&[SchemaType::Array])).then_some(Constraint::UniqueItems));
    all
}

impl Limit {
    pub(super) fn of(bound: &Bound) -> Self {
        Self { number: bound.number.clone(), exclusive: bound.exclusive }
    }
}

/// Returns the representation of a value in XML. `None` if the value is just an element with the name of its property.
fn in_xml(xml: &Xml) -> Option<Constraint> {
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (prefix, name, namespace) = (text(&xml.prefix), text(&xml.name), text(&xml.namespace));
    let (attribute, wrapped) = (xml.attribute, xml.wrapped);
    let says_more = prefix.is_some() || name.is_some() || namespace.is_some() || attribute || wrapped;
    says_more.then_some(Constraint::Xml { prefix, name, namespace, attribute, wrapped })
}

/// Returns whether a Rust type expresses a `contentEncoding`.
fn is_base64(encoding: &str) -> bool {
    ["base64", "base64url"].iter().any(|known| encoding.eq_ignore_ascii_case(known))
}

/// Returns whether a Rust type expresses a `format`.
fn is_typed(format: &str, ty: Option<SchemaType>) -> bool {
    let is_integer = || named_format(format).is_some();
    match ty {
        Some(SchemaType::String) => {
            matches!(format, "date" | "date-time" | "password" | "byte" | "int-or-string") || is_integer()
        }
        Some(SchemaType::Integer) => is_integer(),
        Some(SchemaType::Number) => format == "double" || is_integer(),
        Some(_) => false,
        // Another schema of the same value may specify the type.
        None => matches!(format, "date" | "date-time" | "password" | "double" | "byte") || is_integer(),
    }
}

/// Returns whether an enum with this value can become a Rust type: only strings, integers and `null` are possible.
fn makes_a_type(value: &Value) -> bool {
    match &value.kind {
        ValueKind::String(_) | ValueKind::Null => true,
        ValueKind::Number(number) => number.is_integer(),
        ValueKind::Bool(_) | ValueKind::Sequence(_) | ValueKind::Mapping(_) => false,
    }
}
