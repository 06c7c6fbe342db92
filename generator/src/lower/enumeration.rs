//! Enums.

use std::collections::{BTreeSet, HashSet};
use std::hash::Hash;

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{
    Doc, EnumValue, IntegerEnum, IntegerFormat, Origin, Segment, StringEnum, Test, Type, TypeKind, Union, Variant,
    VariantLabel,
};
use crate::source::NodeKind;
use crate::spec::{Schema, SchemaType, Value};

use super::Lowering;
use super::parts::Part;
use super::schema::Built;
use super::value::{Kind, integer};

impl<'a> Lowering<'a> {
    pub(super) fn string_enum(&mut self, parts: &[Part<'a>]) -> Built {
        // Whoever writes `[1, 2]` below `type: string` has forgotten the quotes, and has been told so.
        let text = |value: &Value| match &value.kind {
            NodeKind::String(text) => Some(text.clone()),
            NodeKind::Number(_) | NodeKind::Bool(_) => Some(value.to_json_text()),
            NodeKind::Null | NodeKind::Sequence(_) | NodeKind::Mapping(_) => None,
        };
        let Some((schema, values)) = self.common_values(parts, text) else { return Built::Type(Type::Any) };
        match schema.and_then(|schema| self.definition_of(schema)).filter(|_| parts.len() > 1) {
            // What is narrowed to all of its values is what it was.
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
                let message = "this value does not match the type of its enum";
                self.fault(Diagnostic::error(Code::WrongType, span, message), "uses a larger format");
            }
        }
        let flags = parts.iter().any(|part| part.schema.flags == Some(true));
        Built::Kind(TypeKind::IntegerEnum(IntegerEnum { format, values, flags }))
    }

    /// An enum that leaves its type to its values: an arm for each type of them, where there are several.
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
            let arm = VariantLabel::Kind(name.to_owned());
            let ty = self.settled(built, part.schema, origin.then(Segment::Variant(arm)));
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

    /// The values that schemas of booleans or numbers allow, as JSON; empty where they allow all. Their enums make no type.
    pub(super) fn allowed_scalars(&self, schemas: &[Part<'a>]) -> Vec<String> {
        // Most schemas have no enum, and that is seen sooner than looked up part by part.
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
                |value: &Value| matches!(value.kind, NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Null);
            let ty = part.schema.ty();
            ty.is_some_and(|ty| !matches!(ty, SchemaType::Boolean | SchemaType::Number))
                || !part.schema.values().iter().all(is_scalar)
        };
        if parts.iter().any(makes_type) {
            return Vec::new();
        }
        let mut enums = parts.iter().filter(|part| part.schema.values.is_some()).map(|part| {
            let values = part.schema.values().iter().filter(|value| value.kind != NodeKind::Null);
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
            Some(part) => Built::Kind(TypeKind::StringEnum(StringEnum { values: self.values(part.schema, text, false) })),
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

    /// The values that all parts with an enum have in common, and the part that specifies them, if one does. `None` for an
    /// enum of `null` alone.
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
                        self.fault(
                            Diagnostic::error(
                                Code::Contradiction,
                                span(part.schema),
                                "two parts of an `allOf` have enums without a common value",
                            )
                            .related(first.map_or(self.spec.span, span), "the first part"),
                            "uses the values of the last one",
                        );
                        (Some(part.schema), values)
                    } else if known.iter().all(|value| own.contains(&value.value)) {
                        (first, known)
                    } else if both.len() == values.len() {
                        (Some(part.schema), values)
                    } else {
                        // Neither list is the other's: no schema has these values.
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
        // What is wrong with a list is said once, however many schemas have it for a part.
        let first_time = self.reported.insert(list.span);
        for (position, node) in list.list.iter().enumerate() {
            if node.kind == NodeKind::Null {
                continue;
            }
            let Some(value) = read(node) else {
                if all_of_type && first_time {
                    let message = "this value does not match the type of its enum";
                    self.fault(Diagnostic::error(Code::WrongType, node.span, message), "ignores the value");
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

    /// One enum of alternatives that are nothing but texts, each with words of its own.
    pub(super) fn enum_of_alternatives(&mut self, arms: &[&'a Schema]) -> Option<Built> {
        let mut values: Vec<EnumValue<String>> = Vec::new();
        let mut known = BTreeSet::new();
        for arm in arms {
            let is_text = arm.types.is_unspecified() || arm.ty() == Some(SchemaType::String);
            let [value] = arm.values() else { return None };
            if !is_text || !is_only_value(arm) {
                return None;
            }
            let text = value.as_str()?.to_owned();
            let words = arm.description.as_ref().or(arm.title.as_ref());
            if known.insert(text.clone()) {
                values.push(EnumValue { value: text, name: None, description: words.cloned(), span: value.span });
            }
        }
        Some(Built::Kind(TypeKind::StringEnum(StringEnum { values })))
    }
}

/// The values that several schemas have in common, and the schema that specifies exactly these.
type CommonValues<'a, T> = (Option<&'a Schema>, Vec<EnumValue<T>>);

/// The integer that a value is.
fn integer_value(value: &Value) -> Option<i128> {
    match &value.kind {
        NodeKind::Number(number) => integer(number),
        _ => None,
    }
}

/// Whether a schema has no keywords but `type`, `enum` and annotations.
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
