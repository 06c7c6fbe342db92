//! Determines the type of a value from the parts of its schema.

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Doc, IntegerFormat, Origin, Segment, Test, Type, TypeKind, Union, Variant, VariantLabel};
use crate::source::{Number, Span};
use crate::spec::{Bound, Bounds, Schema, SchemaType, Value, ValueKind};

use super::Lowering;
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

    /// Returns the type of the values that have both types.
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

    /// Returns the type that a schema without `type` implies.
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
    /// Returns the type of a schema. Does not search the variants of unions.
    pub(super) fn kind_of(&self, schema: &'a Schema) -> Option<Kind> {
        self.kind_within(schema, 0)
    }

    /// Returns the type of a part.
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
        // ASP.NET describes integers that may be sent as strings in this way.
        let has_pattern = parts.iter().any(|part| part.schema.pattern.is_some());
        let format = parts.iter().find_map(|part| named_format(part.schema.format()?));
        if let ([Kind::Integer, Kind::String], Some(format), true) = (kinds, format, has_pattern) {
            return self.not_sensitive(parts, Type::IntegerOrText(format));
        }
        self.either(kinds, parts, origin)
    }

    /// Returns a union of several types.
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
        match kind {
            Kind::String => self.string(parts, origin),
            Kind::Integer => self.integer(parts),
            // An enum of numbers is only documented: numbers with a fraction are no good names.
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
        // An enum is not secret, but `x-sensitive` has precedence.
        if is_sensitive(parts) {
            return Built::Type(Type::Secret);
        }
        if parts.iter().any(|part| part.schema.values.is_some()) {
            return self.string_enum(parts);
        }
        let mut formats: Vec<&str> = parts.iter().filter_map(|part| part.schema.format()).collect();
        formats.dedup();
        // If a value has several types, the format may belong to another type than `string`.
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
        self.diagnostics.push(Diagnostic::error(Code::Extension, mark, message).help("mark the strings in it"));
    }
}

/// Returns the location of `x-sensitive: true`.
fn sensitive(part: &Part<'_>) -> Option<Span> {
    part.schema.sensitive.as_deref().filter(|mark| mark.value).map(|mark| mark.span)
}

fn is_sensitive(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| sensitive(part).is_some())
}

/// Returns the type of `type: number`. Its values may have a fraction, but a float would round those of 64-bit integer
/// formats.
fn number(parts: &[Part<'_>]) -> Type {
    let whole = parts.iter().rev().find_map(|part| named_format(part.schema.format()?));
    match whole {
        Some(format @ (IntegerFormat::Int64 | IntegerFormat::UInt64)) => Type::Integer(format),
        _ if parts.iter().any(|part| part.schema.format() == Some("decimal")) => Type::Decimal,
        _ => Type::Number,
    }
}

/// Returns the union of integers and strings.
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

fn named_format(name: &str) -> Option<IntegerFormat> {
    Some(match name {
        "int8" => IntegerFormat::Int8,
        "int16" => IntegerFormat::Int16,
        "int32" => IntegerFormat::Int32,
        "int64" => IntegerFormat::Int64,
        "int128" => IntegerFormat::Int128,
        "uint8" => IntegerFormat::UInt8,
        "uint16" => IntegerFormat::UInt16,
        "uint32" | "u-int32" => IntegerFormat::UInt32,
        "uint64" | "u-int64" => IntegerFormat::UInt64,
        _ => return None,
    })
}

/// Returns the format of an integer: the specified one, or a larger one that the bounds require.
pub(super) fn integer_format(parts: &[Part<'_>]) -> IntegerFormat {
    let named = parts.iter().rev().find_map(|part| named_format(part.schema.format()?));
    let format = named.unwrap_or(IntegerFormat::Int64);
    let bounds = |bound: fn(&Bounds) -> Option<&Bound>| {
        parts.iter().filter_map(move |part| integer(&bound(part.schema.bounds.as_deref()?)?.number))
    };
    let least = bounds(|bounds| bounds.minimum.as_ref()).max().unwrap_or(0);
    let most = bounds(|bounds| bounds.maximum.as_ref()).min().unwrap_or(least.max(0));
    // A bound beyond 64 bits of a 64-bit format has no effect.
    let is_wide = matches!(named, Some(IntegerFormat::Int64 | IntegerFormat::UInt64));
    if is_wide || format.holds(least) && format.holds(most) { format } else { IntegerFormat::of_range(least, most) }
}

/// Returns whether an integer without a format has a bound that does not fit 128 bits.
fn exceeds_128_bits(parts: &[Part<'_>]) -> bool {
    let is_beyond = |bound: &Bound| {
        let magnitude = bound.number.text.parse().map_or(0.0, f64::abs);
        magnitude >= i128::MAX as f64 && magnitude.is_finite()
    };
    let has_format = parts.iter().any(|part| part.schema.format().and_then(named_format).is_some());
    let bounds = parts.iter().filter_map(|part| part.schema.bounds.as_deref());
    let mut bounds = bounds.flat_map(|bounds| [&bounds.minimum, &bounds.maximum]).flatten();
    !has_format && bounds.any(is_beyond)
}

/// Returns the value of an integer, also in floating-point notation: `1.8446744073709552e19`.
pub(super) fn integer(number: &Number) -> Option<i128> {
    number.text.parse().ok().or_else(|| {
        let float: f64 = number.text.parse().ok()?;
        // The cast is exact: floats of this size are integers.
        (float.fract() == 0.0 && float.abs() < 1e38).then_some(float as i128)
    })
}

impl IntegerFormat {
    /// Returns the least and the greatest value.
    fn range(self) -> (i128, i128) {
        match self {
            Self::Int8 => (i8::MIN.into(), i8::MAX.into()),
            Self::Int16 => (i16::MIN.into(), i16::MAX.into()),
            Self::Int32 => (i32::MIN.into(), i32::MAX.into()),
            Self::Int64 => (i64::MIN.into(), i64::MAX.into()),
            Self::Int128 => (i128::MIN, i128::MAX),
            Self::UInt8 => (0, u8::MAX.into()),
            Self::UInt16 => (0, u16::MAX.into()),
            Self::UInt32 => (0, u32::MAX.into()),
            Self::UInt64 => (0, u64::MAX.into()),
        }
    }

    /// Returns whether a value fits the format.
    pub(crate) fn holds(self, value: i128) -> bool {
        let (least, most) = self.range();
        (least..=most).contains(&value)
    }

    /// Returns the smallest format of at least 64 bits for a range. Bounds may be rounded floats: 2^64 means the
    /// greatest 64-bit integer.
    pub(super) fn of_range(least: i128, most: i128) -> Self {
        const ROUNDED: i128 = 2048;
        let fits = |format: &Self| {
            let (lowest, highest) = format.range();
            least >= lowest - ROUNDED * i128::from(lowest < 0) && most <= highest + ROUNDED
        };
        [Self::Int64, Self::UInt64].into_iter().find(fits).unwrap_or(Self::Int128)
    }
}
