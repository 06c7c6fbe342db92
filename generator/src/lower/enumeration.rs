//! Lowers enums.

use std::collections::{BTreeSet, HashSet};
use std::hash::Hash;

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{
    Doc, EnumValue, IntegerEnum, IntegerFormat, Origin, Segment, StringEnum, Test, Type, TypeId, TypeKind, Union,
    Variant, VariantLabel,
};
use crate::spec::{Schema, SchemaType, Value, ValueKind};

use super::Lowering;
use super::integer_format::{integer, integer_format};
use super::parts::Part;
use super::schema::Built;
use super::value::Kind;

impl<'a> Lowering<'a> {
    pub(super) fn string_enum(&mut self, parts: &[Part<'a>]) -> Built {
        // Values without quotes, e.g. `[1, 2]` beside `type: string`, are used as strings. Validation reports them.
        let text = |value: &Value| match &value.kind {
            ValueKind::String(text) => Some(text.clone()),
            ValueKind::Number(_) | ValueKind::Bool(_) => Some(value.to_json_text()),
            ValueKind::Null | ValueKind::Sequence(_) | ValueKind::Mapping(_) => None,
        };
        let Some((schema, values)) = self.common_values(parts, text) else { return Built::Type(Type::Any) };
        match schema.and_then(|schema| self.definition_of(schema)).filter(|_| parts.len() > 1) {
            // If a definition has exactly these values, its type is used.
            Some(id) => Built::Type(Type::Named(id)),
            None => Built::Kind(TypeKind::StringEnum(StringEnum { values })),
        }
    }

    pub(super) fn integer_enum(&mut self, parts: &[Part<'a>], format: IntegerFormat) -> Built {
        let number = |value: &Value| integer_value(value).or_else(|| value.as_str()?.parse().ok());
        let Some((schema, values)) = self.common_values(parts, number) else { return Built::Type(Type::Any) };
        if let Some(id) = schema.and_then(|schema| self.definition_of(schema)).filter(|_| parts.len() > 1) {
            return Built::Type(Type::Named(id));
        }
        let mut format = format;
        if let Some(first) = values.iter().find(|value| !format.holds(value.value)) {
            let span = first.span;
            let least = values.iter().map(|value| value.value).min().unwrap_or(0);
            let most = values.iter().map(|value| value.value).max().unwrap_or(0);
            format = IntegerFormat::of_range(least, most);
            if parts.iter().any(|part| part.schema.format.is_some()) {
                let message = "this enum value does not fit the `format` of its schema";
                self.contradiction(Diagnostic::error(Code::WrongType, span, message), "uses a larger integer format");
            }
        }
        let flags = parts.iter().any(|part| part.schema.flags == Some(true));
        Built::Kind(TypeKind::IntegerEnum(IntegerEnum { format, values, flags }))
    }

    /// Returns the inline enum that was already created with this name and these values. Many documents repeat an enum,
    /// with the same name in `x-ms-enum`.
    pub(super) fn enum_named(&self, name: &str, kind: &TypeKind) -> Option<TypeId> {
        let is_same = |known: &TypeKind| match (known, kind) {
            (TypeKind::StringEnum(one), TypeKind::StringEnum(other)) => same_values(&one.values, &other.values),
            (TypeKind::IntegerEnum(one), TypeKind::IntegerEnum(other)) => same_values(&one.values, &other.values),
            _ => false,
        };
        let mut known = self.definitions.named_enums.get(name)?.iter().copied();
        known.find(|id| self.types.get(id.0).is_some_and(|definition| is_same(&definition.kind)))
    }

    /// Lowers an enum without `type`. Values of several types become a union with a variant for each type.
    pub(super) fn untyped_enum(&mut self, part: &Part<'a>, parts: &[Part<'a>], origin: &Origin) -> Built {
        let mut kinds: Vec<Kind> = Vec::new();
        for value in part.schema.values() {
            match Kind::of_value(value) {
                Some(kind) if !kinds.contains(&kind) => kinds.push(kind),
                _ => {}
            }
        }
        if kinds.contains(&Kind::Number) {
            kinds.retain(|kind| *kind != Kind::Integer);
        }
        let mut variants = Vec::new();
        for kind in &kinds {
            let (name, built) = match kind {
                Kind::String => ("string", self.string_enum_of(parts, &kinds)),
                Kind::Integer => ("integer", self.integer_enum_of(parts, &kinds)),
                Kind::Number => ("number", Built::Type(Type::Number)),
                Kind::Boolean => ("boolean", Built::Type(Type::Boolean)),
                Kind::Array => ("array", Built::Type(Type::Array(Box::new(Type::Any)))),
                Kind::Object => ("object", Built::Type(Type::AnyObject)),
            };
            if kinds.len() == 1 {
                return built;
            }
            let label = VariantLabel::Kind(name.to_owned());
            let ty = self.placed(built, part.schema, origin.then(Segment::Variant(label)));
            variants.push(Variant {
                ty,
                label: None,
                doc: Doc::default(),
                test: Test::Trial(Vec::new()),
                span: part.schema.span,
            });
        }
        if variants.is_empty() {
            return Built::Type(Type::Any);
        }
        Built::Kind(TypeKind::Union(Union { variants, any_of: false }))
    }

    /// Returns the values of an enum of booleans or numbers, as JSON. Such an enum does not become a Rust type. Empty
    /// if the schemas have no such enum.
    pub(super) fn allowed_scalars(&self, schemas: &[Part<'a>]) -> Vec<String> {
        // Most schemas have no enum, so that merging them can be skipped.
        let may_have_enum = |part: &Part<'a>| {
            let schema = self.resolved_schema(part.schema);
            schema.values.is_some() || !schema.all_of.is_empty()
        };
        if !schemas.iter().any(may_have_enum) {
            return Vec::new();
        }
        let parts = self.expanded(schemas.to_vec()).list;
        let makes_type = |part: &Part<'a>| {
            let is_scalar =
                |value: &Value| matches!(value.kind, ValueKind::Bool(_) | ValueKind::Number(_) | ValueKind::Null);
            let ty = part.schema.ty();
            ty.is_some_and(|ty| !matches!(ty, SchemaType::Boolean | SchemaType::Number))
                || !part.schema.values().iter().all(is_scalar)
        };
        if parts.iter().any(makes_type) {
            return Vec::new();
        }
        let mut enums = parts.iter().filter(|part| part.schema.values.is_some()).map(|part| {
            let values = part.schema.values().iter().filter(|value| value.kind != ValueKind::Null);
            values.map(Value::to_json_text).collect::<Vec<String>>()
        });
        let mut allowed = enums.next().unwrap_or_default();
        for other in enums {
            allowed.retain(|value| other.contains(value));
        }
        allowed
    }

    fn string_enum_of(&mut self, parts: &[Part<'a>], kinds: &[Kind]) -> Built {
        if kinds.len() == 1 {
            return self.string_enum(parts);
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        match parts.iter().find(|part| part.schema.values.is_some()) {
            Some(part) => {
                Built::Kind(TypeKind::StringEnum(StringEnum { values: self.values(part.schema, text, false) }))
            }
            None => Built::Type(Type::String),
        }
    }

    fn integer_enum_of(&mut self, parts: &[Part<'a>], kinds: &[Kind]) -> Built {
        if kinds.len() == 1 {
            return self.integer_enum(parts, IntegerFormat::Int64);
        }
        let Some(part) = parts.iter().find(|part| part.schema.values.is_some()) else {
            return Built::Type(Type::Integer(IntegerFormat::Int64));
        };
        let values = self.values(part.schema, integer_value, false);
        let range = values.iter().map(|value| value.value);
        let format = IntegerFormat::of_range(range.clone().min().unwrap_or(0), range.max().unwrap_or(0));
        Built::Kind(TypeKind::IntegerEnum(IntegerEnum { format, values, flags: false }))
    }

    /// Returns the values that all parts with an enum have in common, and the schema with exactly these values, if any.
    /// `None` if no value except `null` remains.
    fn common_values<T: Clone + Eq + Hash>(
        &mut self,
        parts: &[Part<'a>],
        read: impl Fn(&Value) -> Option<T> + Copy,
    ) -> Option<CommonValues<'a, T>> {
        let mut common: Option<CommonValues<'a, T>> = None;
        for part in parts.iter().filter(|part| part.schema.values.is_some()) {
            let values = self.values(part.schema, read, true);
            common = Some(match common {
                None => (Some(part.schema), values),
                Some((first, known)) => {
                    let own: HashSet<T> = values.iter().map(|value| value.value.clone()).collect();
                    let others: HashSet<&T> = known.iter().map(|value| &value.value).collect();
                    let both: Vec<EnumValue<T>> =
                        values.iter().filter(|value| others.contains(&value.value)).cloned().collect();
                    if both.is_empty() && !values.is_empty() && !known.is_empty() {
                        let span = |schema: &Schema| schema.values.as_ref().map_or(schema.span, |values| values.span);
                        self.contradiction(
                            Diagnostic::error(
                                Code::Contradiction,
                                span(part.schema),
                                "two parts of an `allOf` have enums without a common value",
                            )
                            .related(first.map_or(self.spec.span, span), "the first part"),
                            "uses the values of the last part",
                        );
                        (Some(part.schema), values)
                    } else if known.iter().all(|value| own.contains(&value.value)) {
                        (first, known)
                    } else if both.len() == values.len() {
                        (Some(part.schema), values)
                    } else {
                        // No schema has exactly these values.
                        (None, both)
                    }
                }
            });
        }
        common.filter(|(_, values)| !values.is_empty())
    }

    fn values<T: Clone + Eq + Hash>(
        &mut self,
        schema: &'a Schema,
        read: impl Fn(&Value) -> Option<T>,
        all_of_type: bool,
    ) -> Vec<EnumValue<T>> {
        let Some(list) = schema.values.as_deref() else { return Vec::new() };
        let beside = |texts: &[Option<String>], position: usize| texts.get(position).cloned().flatten();
        let mut seen = HashSet::new();
        let mut values = Vec::new();
        // The errors of an enum are reported once, even if several schemas include it.
        let first_time = self.reported.insert(list.span);
        for (position, node) in list.list.iter().enumerate() {
            if node.kind == ValueKind::Null {
                continue;
            }
            let Some(value) = read(node) else {
                if all_of_type && first_time {
                    let message = "this enum value does not match the `type` of its schema";
                    self.contradiction(Diagnostic::error(Code::WrongType, node.span, message), "ignores the value");
                }
                continue;
            };
            if !seen.insert(value.clone()) {
                if first_time {
                    let message = "duplicate enum value";
                    self.diagnostics.push(Diagnostic::warning(Code::Duplicate, node.span, message));
                }
                continue;
            }
            values.push(EnumValue {
                value,
                name: beside(&list.names, position),
                description: beside(&list.descriptions, position),
                span: node.span,
            });
        }
        values
    }

    /// Lowers a union to one enum with the documentation of each value. Each variant must allow a single value, and
    /// these values must be all strings or all integers. `rest` are the schemas that apply to the whole union; an
    /// `enum` of these schemas restricts the values.
    pub(super) fn enum_of_variants(&mut self, variants: &[&'a Schema], rest: &[Part<'a>]) -> Option<Built> {
        let is = |kind: Kind| rest.iter().all(|part| part.specified().unwrap_or(kind) == kind && part.is_value());
        if !variants.iter().all(|variant| is_only_value(variant)) {
            return None;
        }
        let text = |value: &Value| Some(value.as_str()?.to_owned());
        if is(Kind::String)
            && let Some(values) = single_values(variants, SchemaType::String, text)
        {
            let values = restricted(values, rest, text)?;
            return Some(Built::Kind(TypeKind::StringEnum(StringEnum { values })));
        }
        if !is(Kind::Integer) {
            return None;
        }
        let values = restricted(single_values(variants, SchemaType::Integer, integer_value)?, rest, integer_value)?;
        let format = integer_format(rest);
        let least = values.iter().map(|value| value.value).min().unwrap_or(0);
        let most = values.iter().map(|value| value.value).max().unwrap_or(0);
        let format =
            if format.holds(least) && format.holds(most) { format } else { IntegerFormat::of_range(least, most) };
        Some(Built::Kind(TypeKind::IntegerEnum(IntegerEnum { format, values, flags: false })))
    }
}

/// Returns those of `values` that the enums of all `schemas` allow. `None` if no value remains.
fn restricted<T: Eq + Hash>(
    mut values: Vec<EnumValue<T>>,
    schemas: &[Part<'_>],
    read: impl Fn(&Value) -> Option<T>,
) -> Option<Vec<EnumValue<T>>> {
    for part in schemas.iter().filter(|part| part.schema.values.is_some()) {
        let allowed: HashSet<T> = part.schema.values().iter().filter_map(&read).collect();
        values.retain(|value| allowed.contains(&value.value));
    }
    (!values.is_empty()).then_some(values)
}

/// Returns the values of schemas that each allow exactly one value of the type `ty`. `None` if a schema allows another
/// type or number of values.
fn single_values<T: Clone + Ord>(
    variants: &[&Schema],
    ty: SchemaType,
    read: impl Fn(&Value) -> Option<T>,
) -> Option<Vec<EnumValue<T>>> {
    let mut values: Vec<EnumValue<T>> = Vec::new();
    let mut known = BTreeSet::new();
    for variant in variants {
        let is_of_type = variant.types.is_unspecified() || variant.ty() == Some(ty);
        let ([value], true) = (variant.values(), is_of_type) else { return None };
        let content = read(value)?;
        // The title of a `const` is used as the name of the value, unless the title is a sentence.
        let is_const = variant.values.as_ref().is_some_and(|values| values.is_const);
        let name = variant.title.clone().filter(|title| is_const && title.split_whitespace().count() <= MAX_NAME_WORDS);
        let title = variant.title.as_ref().filter(|_| name.is_none());
        if known.insert(content.clone()) {
            let description = variant.description.as_ref().or(title).cloned();
            values.push(EnumValue { value: content, name, description, span: value.span });
        }
    }
    Some(values)
}

/// The maximum number of words of a title that is used as a name. A longer title is used as a description.
const MAX_NAME_WORDS: usize = 6;

/// The values that several schemas have in common, and the schema with exactly these values.
type CommonValues<'a, T> = (Option<&'a Schema>, Vec<EnumValue<T>>);

/// Returns whether two enums have the same values with the same names.
fn same_values<T: PartialEq>(one: &[EnumValue<T>], other: &[EnumValue<T>]) -> bool {
    let same = |(one, other): (&EnumValue<T>, &EnumValue<T>)| one.value == other.value && one.name == other.name;
    one.len() == other.len() && one.iter().zip(other).all(same)
}

/// Returns the value of a JSON integer. `None` for other JSON values.
fn integer_value(value: &Value) -> Option<i128> {
    match &value.kind {
        ValueKind::Number(number) => integer(number),
        _ => None,
    }
}

/// Returns whether a schema has no keywords except `type`, `enum` and annotations.
fn is_only_value(schema: &Schema) -> bool {
    schema.reference.is_none()
        && !schema.never
        && schema.format.is_none()
        && schema.properties.is_none()
        && schema.required.is_empty()
        && schema.additional.is_none()
        && schema.object.is_none()
        && schema.items.is_none()
        && schema.tuple.is_none()
        && schema.all_of.is_empty()
        && schema.variants().next().is_none()
        && schema.assertions.is_empty()
        && schema.discriminator.is_none()
        && schema.bounds.is_none()
        && schema.pattern.is_none()
        && schema.content.is_none()
        && schema.external_docs.is_none()
        && schema.read_only.is_none()
        && schema.write_only.is_none()
        && schema.xml.is_none()
}
