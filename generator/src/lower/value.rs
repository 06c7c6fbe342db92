//! Determines the type of a value from the parts of its schema.

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Doc, IntegerFormat, JsonKind, Origin, Segment, Test, Type, TypeKind, Union, Variant, VariantLabel};
use crate::source::Span;
use crate::spec::{Schema, SchemaType, Value, ValueKind};

use super::Lowering;
use super::integer_format::{exceeds_128_bits, integer_format, named_format};
use super::parts::{Combination, Part, Parts};
use super::schema::Built;

/// The maximum depth of `allOf` that is searched for a type.
const MAX_DEPTH: usize = 8;

/// A type of JSON Schema, except `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

impl Kind {
    fn of(ty: SchemaType) -> Option<Self> {
        Some(match ty {
            SchemaType::String => Self::String,
            SchemaType::Integer => Self::Integer,
            SchemaType::Number => Self::Number,
            SchemaType::Boolean => Self::Boolean,
            SchemaType::Array => Self::Array,
            SchemaType::Object => Self::Object,
            SchemaType::Null => return None,
        })
    }

    /// Returns the kind of JSON values.
    pub(super) fn json(self) -> JsonKind {
        match self {
            Self::String => JsonKind::String,
            Self::Integer => JsonKind::Integer,
            Self::Number => JsonKind::Number,
            Self::Boolean => JsonKind::Boolean,
            Self::Array => JsonKind::Array,
            Self::Object => JsonKind::Object,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// Returns the type of the values that have both types: `integer` for `integer` and `number`. `None` if no value
    /// has both types.
    fn narrower(self, other: Self) -> Option<Self> {
        match (self, other) {
            _ if self == other => Some(self),
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Some(Self::Integer),
            _ => None,
        }
    }

    /// Returns the types that a schema specifies, except `null`. `number` includes `integer`.
    pub fn all(schema: &Schema) -> Vec<Self> {
        let mut kinds: Vec<Self> = schema.types.iter().filter_map(Self::of).collect();
        if kinds.contains(&Self::Number) {
            kinds.retain(|kind| *kind != Self::Integer);
        }
        kinds
    }

    /// Returns the type that a schema specifies, if there is only one.
    pub fn specified(schema: &Schema) -> Option<Self> {
        schema.ty().and_then(Self::of)
    }

    /// Returns the type that the keywords of a schema without `type` imply.
    fn implied(schema: &Schema) -> Option<Self> {
        if schema.properties.is_some() || schema.additional.is_some() || has_property_names(schema) {
            Some(Self::Object)
        } else if schema.items.is_some() || has_prefix(schema) {
            Some(Self::Array)
        } else if schema.content.is_some() {
            Some(Self::String)
        } else if schema.values.is_some() {
            let mut kinds = schema.values().iter().filter_map(Self::of_value);
            let first = kinds.next()?;
            kinds.all(|kind| kind == first).then_some(first)
        } else if !schema.required.is_empty() {
            Some(Self::Object)
        } else {
            None
        }
    }

    /// Returns the type of a value.
    pub fn of_value(value: &Value) -> Option<Self> {
        Some(match &value.kind {
            ValueKind::Null => return None,
            ValueKind::Bool(_) => Self::Boolean,
            ValueKind::Number(number) if number.is_integer() => Self::Integer,
            ValueKind::Number(_) => Self::Number,
            ValueKind::String(_) => Self::String,
            ValueKind::Sequence(_) => Self::Array,
            ValueKind::Mapping(_) => Self::Object,
        })
    }
}

impl<'a> Lowering<'a> {
    /// Returns the JSON type that a schema specifies or implies, if there is only one. Does not search the variants of
    /// unions.
    pub(super) fn kind_of(&self, schema: &'a Schema) -> Option<Kind> {
        self.kind_within(schema, 0)
    }

    /// Returns the JSON type that a part specifies or implies, if there is only one.
    pub(super) fn kind_of_part(&self, part: &Part<'a>) -> Option<Kind> {
        if !part.combined(Combination::All).is_empty() || part.is_reference() {
            return self.kind_of(part.schema);
        }
        part.specified().or_else(|| Kind::implied(part.schema))
    }

    fn kind_within(&self, schema: &'a Schema, depth: usize) -> Option<Kind> {
        let schema = self.resolved_schema(schema);
        let parts = || schema.all_of.iter().filter(|_| depth < MAX_DEPTH).map(|part| self.at(*part));
        let of_part = || parts().find_map(|part| self.kind_within(part, depth + 1));
        Kind::specified(schema).or_else(of_part).or_else(|| Kind::implied(schema))
    }

    /// Returns the type of a value with these parts.
    pub(super) fn built(&mut self, parts: Parts<'a>, origin: &Origin) -> Built {
        if let Some(split) = self.split(&parts) {
            return self.union(parts, split, origin);
        }
        self.plain(&parts.list, origin)
    }

    /// Returns the type of a value whose parts have no unions.
    pub(super) fn plain(&mut self, parts: &[Part<'a>], origin: &Origin) -> Built {
        // The types that all visited parts allow, and the location of the first `type`.
        let mut allowed: Option<(Vec<Kind>, Span)> = None;
        for part in parts {
            let own = part.kinds();
            if own.is_empty() {
                continue;
            }
            let span = part.schema.types_span.unwrap_or(part.schema.span);
            let Some((known, first)) = &mut allowed else {
                allowed = Some((own, span));
                continue;
            };
            let mut common: Vec<Kind> = Vec::new();
            let pairs = known.iter().flat_map(|one| own.iter().filter_map(|other| one.narrower(*other)));
            pairs.for_each(|kind| common.extend((!common.contains(&kind)).then_some(kind)));
            if common.is_empty() {
                self.report_types((known, *first), (&own, span), origin);
                known.extend(own);
                return self.either(&known.clone(), parts, origin);
            }
            *known = common;
        }
        match allowed.as_ref().map(|(kinds, _)| kinds.as_slice()) {
            None | Some([]) => self.untyped(parts, origin),
            Some([kind]) => self.of_kind(*kind, parts, origin),
            Some(kinds) => self.one_of(kinds, parts, origin),
        }
    }

    /// Reports two parts that have no type in common.
    fn report_types(&mut self, one: (&[Kind], Span), other: (&[Kind], Span), origin: &Origin) {
        let names =
            |kinds: &[Kind]| kinds.iter().map(|kind| format!("`{}`", kind.name())).collect::<Vec<_>>().join(" or ");
        let ((one, first), (other, second)) = (one, other);
        let (one, other) = (names(one), names(other));
        let message = match origin.0.last() {
            Some(Segment::Property(name)) => {
                let name = quoted(name);
                format!("two parts of an `allOf` define {name} with different types, {one} and {other}")
            }
            _ => format!("two parts of an `allOf` have different types, {one} and {other}"),
        };
        self.contradiction(
            Diagnostic::error(Code::Contradiction, second, message).related(first, "the first part"),
            "accepts values of either type",
        );
    }

    /// Returns the type of a value for which several types are listed.
    fn one_of(&mut self, kinds: &[Kind], parts: &[Part<'a>], origin: &Origin) -> Built {
        if let Some(part) = parts.iter().find(|part| part.schema.values.is_some()) {
            return self.untyped_enum(part, parts, origin);
        }
        // For numbers that may also be sent as strings, ASP.NET specifies both types, a format and a pattern.
        if parts.iter().any(|part| part.schema.pattern.is_some()) {
            let mut formats = parts.iter().filter_map(|part| part.schema.format());
            let integer = formats.clone().find_map(named_format);
            match (kinds, integer) {
                ([Kind::Integer, Kind::String], Some(format)) => {
                    return self.not_sensitive(parts, Type::IntegerOrText(format));
                }
                ([Kind::Number, Kind::String], _) if formats.any(|format| matches!(format, "double" | "float")) => {
                    return self.not_sensitive(parts, Type::NumberOrText);
                }
                _ => {}
            }
        }
        self.either(kinds, parts, origin)
    }

    /// Returns a union with a variant for each of the types.
    fn either(&mut self, kinds: &[Kind], parts: &[Part<'a>], origin: &Origin) -> Built {
        let mut variants = Vec::new();
        for kind in kinds {
            let mut span = None;
            let mut own: Vec<Part<'a>> = Vec::new();
            for part in parts {
                let specified = part.kinds();
                let Some(narrower) = specified.iter().find_map(|one| one.narrower(*kind)) else {
                    own.extend(specified.is_empty().then(|| part.clone()));
                    continue;
                };
                span = span.or(part.schema.types_span);
                own.push(if specified.len() > 1 { part.clone().of_kind(narrower) } else { part.clone() });
            }
            let variant = origin.then(Segment::Variant(VariantLabel::Kind(kind.name().to_owned())));
            let ty = self.typed(own, variant);
            let span = span.or_else(|| Some(parts.first()?.schema.span)).unwrap_or(self.spec.span);
            variants.push(Variant { ty, label: None, doc: Doc::default(), test: Test::Trial(Vec::new()), span });
        }
        Built::Kind(TypeKind::Union(Union { variants, any_of: false }))
    }

    fn of_kind(&mut self, kind: Kind, parts: &[Part<'a>], origin: &Origin) -> Built {
        if let Some(external) = self.external_by_format(kind, parts) {
            return Built::Type(external);
        }
        match kind {
            Kind::String => self.string(parts, origin),
            Kind::Integer => self.integer(parts),
            // An enum of numbers is only documented: a number with a fraction is not a good name for a variant.
            Kind::Number => self.not_sensitive(parts, number(parts)),
            Kind::Boolean => self.not_sensitive(parts, Type::Boolean),
            Kind::Array => match self.tuple(parts) {
                Some(tuple) => tuple,
                None => self.array(parts, origin),
            },
            Kind::Object => {
                self.check_sensitive(parts);
                self.object(parts, origin)
            }
        }
    }

    fn untyped(&mut self, parts: &[Part<'a>], origin: &Origin) -> Built {
        let has = |is_specified: fn(&Schema) -> bool| parts.iter().any(|part| is_specified(part.schema));
        if has(|schema| schema.properties.is_some() || schema.additional.is_some() || has_property_names(schema)) {
            return self.of_kind(Kind::Object, parts, origin);
        }
        if has(|schema| schema.items.is_some() || has_prefix(schema)) {
            return self.of_kind(Kind::Array, parts, origin);
        }
        if has(|schema| schema.content.is_some()) {
            return self.of_kind(Kind::String, parts, origin);
        }
        if let Some(part) = parts.iter().find(|part| part.schema.values.is_some()) {
            return self.untyped_enum(part, parts, origin);
        }
        if has(|schema| !schema.required.is_empty()) {
            return self.of_kind(Kind::Object, parts, origin);
        }
        self.not_sensitive(parts, Type::Any)
    }

    fn string(&mut self, parts: &[Part<'a>], origin: &Origin) -> Built {
        // The values of an enum are only secret if it has `x-sensitive`.
        if is_sensitive(parts) {
            return Built::Type(Type::Secret);
        }
        if parts.iter().any(|part| part.schema.values.is_some()) {
            return self.string_enum(parts);
        }
        let mut formats: Vec<&str> = parts.iter().filter_map(|part| part.schema.format()).collect();
        formats.dedup();
        // If a value has several types, the format may belong to a type other than `string`.
        let is_only_string = parts.iter().all(|part| Kind::all(part.schema).len() < 2);
        Built::Type(match formats.as_slice() {
            formats if formats.contains(&"password") => Type::Secret,
            ["date"] => Type::Date,
            ["date-time"] => Type::DateTime,
            ["int-or-string"] if is_only_string => return int_or_string(parts),
            [format] if is_only_string && let Some(format) = named_format(format) => Type::IntegerText(format),
            formats => return self.encoded(parts, formats.contains(&"byte"), origin),
        })
    }

    fn integer(&mut self, parts: &[Part<'a>]) -> Built {
        self.check_sensitive(parts);
        let format = integer_format(parts);
        if parts.iter().any(|part| part.schema.values.is_some()) {
            return self.integer_enum(parts, format);
        }
        Built::Type(if exceeds_128_bits(parts) { Type::Decimal } else { Type::Integer(format) })
    }

    fn array(&mut self, parts: &[Part<'a>], origin: &Origin) -> Built {
        let items: Vec<Part<'a>> = parts
            .iter()
            .filter_map(|part| Some(Part::new(self.at(part.schema.items?), part.origin.then(Segment::Items))))
            .collect();
        if is_sensitive(parts) {
            if items.iter().any(|item| self.kind_of(item.schema) == Some(Kind::String)) {
                return Built::Type(Type::Array(Box::new(Type::Secret)));
            }
            self.check_sensitive(parts);
        }
        let own = match items.as_slice() {
            [] => return Built::Type(Type::Array(Box::new(Type::Any))),
            [only] => only.origin.clone(),
            _ => origin.then(Segment::Items),
        };
        Built::Type(Type::Array(Box::new(self.every(items, own).present())))
    }

    fn not_sensitive(&mut self, parts: &[Part<'a>], ty: Type) -> Built {
        self.check_sensitive(parts);
        Built::Type(ty)
    }

    /// Reports `x-sensitive` on values other than strings.
    pub(super) fn check_sensitive(&mut self, parts: &[Part<'a>]) {
        let Some(mark) = parts.iter().find_map(sensitive) else { return };
        let message = "`x-sensitive` applies to strings and arrays of strings only";
        self.diagnostics.push(
            Diagnostic::error(Code::Extension, mark, message)
                .help("write `x-sensitive` in the schemas of the strings that this value contains"),
        );
    }
}

/// Returns the location of `x-sensitive: true`.
fn sensitive(part: &Part<'_>) -> Option<Span> {
    part.schema.sensitive.as_deref().filter(|mark| mark.value).map(|mark| mark.span)
}

pub(super) fn is_sensitive(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| sensitive(part).is_some())
}

/// Returns the type of a schema with `type: number`: a float, a decimal for the format `decimal`, or an integer for the
/// formats `int64` and `uint64`, whose values a float would round.
fn number(parts: &[Part<'_>]) -> Type {
    let whole = parts.iter().rev().find_map(|part| named_format(part.schema.format()?));
    match whole {
        Some(format @ (IntegerFormat::Int64 | IntegerFormat::UInt64)) => Type::Integer(format),
        _ if parts.iter().any(|part| part.schema.format() == Some("decimal")) => Type::Decimal,
        _ => Type::Number,
    }
}

/// Returns the type of the format `int-or-string`: a union of integers and strings.
fn int_or_string(parts: &[Part<'_>]) -> Built {
    let span = |part: &Part<'_>| part.schema.format.as_deref().map(|format| format.span);
    let Some(span) = parts.iter().find_map(span) else { return Built::Type(Type::Any) };
    let variant = |ty: Type| Variant { ty, label: None, doc: Doc::default(), test: Test::Trial(Vec::new()), span };
    let variants = vec![variant(Type::Integer(IntegerFormat::Int64)), variant(Type::String)];
    Built::Kind(TypeKind::Union(Union { variants, any_of: false }))
}

/// Returns whether a schema has keywords for the names of additional properties.
fn has_property_names(schema: &Schema) -> bool {
    schema
        .object
        .as_deref()
        .is_some_and(|rules| !rules.patterns.is_empty() || rules.names.is_some() || rules.unevaluated.is_some())
}

/// Returns whether a schema has items with schemas of their own.
fn has_prefix(schema: &Schema) -> bool {
    schema.tuple.as_deref().is_some_and(|rules| !rules.prefix.is_empty())
}
