//! What values of a schema are: parts that no longer combine others go in, a type or the shape of one comes out.

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Doc, IntegerFormat, Origin, Segment, Test, Type, TypeKind, Union, Variant, VariantLabel};
use crate::source::{NodeKind, Number, Span};
use crate::spec::{Bounds, Bound, Schema, SchemaType, Value};

use super::Lowering;
use super::parts::{Combination, Part, Parts};
use super::schema::Built;

/// Combined schemas are asked for their type so deep.
const MAX_DEPTH: usize = 8;

/// The types of OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
            SchemaType::Null | SchemaType::File => return None,
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

    /// The type whose values are of both.
    fn narrower(self, other: Self) -> Option<Self> {
        match (self, other) {
            _ if self == other => Some(self),
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Some(Self::Integer),
            _ => None,
        }
    }

    /// The type that a schema specifies.
    pub fn said(schema: &Schema) -> Option<Self> {
        schema.ty().and_then(Self::of)
    }

    /// The type that keywords without a type leave.
    fn implied(schema: &Schema) -> Option<Self> {
        if schema.properties.is_some() || schema.additional.is_some() {
            Some(Self::Object)
        } else if schema.items.is_some() {
            Some(Self::Array)
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

    /// The type of a value.
    pub fn of_value(value: &Value) -> Option<Self> {
        Some(match &value.kind {
            NodeKind::Null => return None,
            NodeKind::Bool(_) => Self::Boolean,
            NodeKind::Number(number) if number.is_integer() => Self::Integer,
            NodeKind::Number(_) => Self::Number,
            NodeKind::String(_) => Self::String,
            NodeKind::Sequence(_) => Self::Array,
            NodeKind::Mapping(_) => Self::Object,
        })
    }
}

impl<'a> Lowering<'a> {
    /// The type of a schema, as far as it can be told without looking at its alternatives.
    pub(super) fn kind_of(&self, schema: &'a Schema) -> Option<Kind> {
        self.kind_within(schema, 0)
    }

    /// The same of a part, as far as it says it itself.
    pub(super) fn kind_of_part(&self, part: &Part<'a>) -> Option<Kind> {
        if !part.combined(Combination::AllOf).is_empty() || part.is_reference() {
            return self.kind_of(part.schema);
        }
        Kind::said(part.schema).or_else(|| Kind::implied(part.schema))
    }

    fn kind_within(&self, schema: &'a Schema, depth: usize) -> Option<Kind> {
        let schema = self.resolved_schema(schema);
        let parts = || schema.all_of.iter().filter(|_| depth < MAX_DEPTH).map(|part| self.at(*part));
        let of_part = || parts().find_map(|part| self.kind_within(part, depth + 1));
        Kind::said(schema).or_else(of_part).or_else(|| Kind::implied(schema))
    }

    /// What values of all these parts are.
    pub(super) fn built(&mut self, parts: Parts<'a>, origin: &Origin) -> Built {
        if let Some(split) = self.split(&parts) {
            return self.union(parts, split, origin);
        }
        self.plain(&parts.list, origin)
    }

    /// The same where none of them has alternatives.
    pub(super) fn plain(&mut self, parts: &[Part<'a>], origin: &Origin) -> Built {
        let mut kinds: Vec<(Kind, Span)> = Vec::new();
        for part in parts {
            let Some(kind) = Kind::said(part.schema) else { continue };
            match kinds.iter_mut().find_map(|(known, span)| Some((known.narrower(kind)?, known, span))) {
                Some((narrower, known, _)) => *known = narrower,
                None => kinds.push((kind, part.schema.types_span.unwrap_or(part.schema.span))),
            }
        }
        match kinds.as_slice() {
            [] => self.untyped(parts, origin),
            [(kind, _)] => self.of_kind(*kind, parts, origin),
            [(one, first), (other, second), ..] => {
                let (one, other) = (one.name(), other.name());
                let message = match origin.0.last() {
                    Some(Segment::Property(name)) => {
                        let name = quoted(name);
                        format!("two parts of an `allOf` define {name} with different types, `{one}` and `{other}`")
                    }
                    _ => format!("two parts of an `allOf` have different types, `{one}` and `{other}`"),
                };
                self.fault(
                    Diagnostic::error(Code::Contradiction, *second, message).related(*first, "the first part"),
                    "accepts values of either type",
                );
                self.either(&kinds, parts, origin)
            }
        }
    }

    /// A value of either of several types.
    fn either(&mut self, kinds: &[(Kind, Span)], parts: &[Part<'a>], origin: &Origin) -> Built {
        let mut variants = Vec::new();
        for (kind, span) in kinds {
            let fits = |part: &&Part<'a>| Kind::said(part.schema).is_none_or(|own| own.narrower(*kind).is_some());
            let own: Vec<Part<'a>> = parts.iter().filter(fits).cloned().collect();
            let arm = origin.then(Segment::Variant(VariantLabel::Kind(kind.name().to_owned())));
            let ty = self.typed(own, arm);
            variants.push(Variant { ty, label: None, doc: Doc::default(), test: Test::Trial(Vec::new()), span: *span });
        }
        Built::Kind(TypeKind::Union(Union { variants, any_of: false }))
    }

    fn of_kind(&mut self, kind: Kind, parts: &[Part<'a>], origin: &Origin) -> Built {
        match kind {
            Kind::String => self.string(parts),
            Kind::Integer => self.integer(parts),
            // An enum of numbers is a constraint, and documented as one: 0.5 makes no good name.
            Kind::Number => self.not_sensitive(parts, number(parts)),
            Kind::Boolean => self.not_sensitive(parts, Type::Boolean),
            Kind::Array => self.array(parts, origin),
            Kind::Object => {
                self.refuse_sensitive(parts);
                self.object(parts, origin)
            }
        }
    }

    fn untyped(&mut self, parts: &[Part<'a>], origin: &Origin) -> Built {
        let has = |is_specified: fn(&Schema) -> bool| parts.iter().any(|part| is_specified(part.schema));
        if has(|schema| schema.properties.is_some() || schema.additional.is_some()) {
            return self.of_kind(Kind::Object, parts, origin);
        }
        if has(|schema| schema.items.is_some()) {
            return self.of_kind(Kind::Array, parts, origin);
        }
        if let Some(part) = parts.iter().find(|part| part.schema.values.is_some()) {
            return self.untyped_enum(part, parts, origin);
        }
        if has(|schema| !schema.required.is_empty()) {
            return self.of_kind(Kind::Object, parts, origin);
        }
        self.not_sensitive(parts, Type::Any)
    }

    fn string(&mut self, parts: &[Part<'a>]) -> Built {
        // A secret with known values is none; it stays one all the same, since the document says so.
        if is_sensitive(parts) {
            return Built::Type(Type::Secret);
        }
        if parts.iter().any(|part| part.schema.values.is_some()) {
            return self.string_enum(parts);
        }
        let mut formats: Vec<&str> = parts.iter().filter_map(|part| part.schema.format()).collect();
        formats.dedup();
        Built::Type(match formats.as_slice() {
            formats if formats.contains(&"password") => Type::Secret,
            ["date"] => Type::Date,
            ["date-time"] => Type::DateTime,
            _ => Type::String,
        })
    }

    fn integer(&mut self, parts: &[Part<'a>]) -> Built {
        self.refuse_sensitive(parts);
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
            self.refuse_sensitive(parts);
        }
        let own = match items.as_slice() {
            [] => return Built::Type(Type::Array(Box::new(Type::Any))),
            [only] => only.origin.clone(),
            _ => origin.then(Segment::Items),
        };
        Built::Type(Type::Array(Box::new(self.every(items, own).present())))
    }

    fn not_sensitive(&mut self, parts: &[Part<'a>], ty: Type) -> Built {
        self.refuse_sensitive(parts);
        Built::Type(ty)
    }

    /// `x-sensitive` makes texts secrets; nothing else can be one.
    pub(super) fn refuse_sensitive(&mut self, parts: &[Part<'a>]) {
        let Some(mark) = parts.iter().find_map(sensitive) else { return };
        let message = "`x-sensitive` applies to strings and arrays of strings only";
        self.diagnostics.push(Diagnostic::error(Code::Extension, mark, message).help("mark the strings in it"));
    }
}

/// The location of `x-sensitive: true`.
fn sensitive(part: &Part<'_>) -> Option<Span> {
    part.schema.sensitive.as_deref().filter(|mark| mark.value).map(|mark| mark.span)
}

fn is_sensitive(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| sensitive(part).is_some())
}

/// A number may have a fraction, whatever its format; but where the format says that it is an integer, a float would round it.
fn number(parts: &[Part<'_>]) -> Type {
    let whole = parts.iter().rev().find_map(|part| named_format(part.schema.format()?));
    match whole {
        Some(format @ (IntegerFormat::Int64 | IntegerFormat::UInt64)) => Type::Integer(format),
        _ if parts.iter().any(|part| part.schema.format() == Some("decimal")) => Type::Decimal,
        _ => Type::Number,
    }
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

/// The format of an integer: the one that is named, or a larger one where the bounds ask for it.
fn integer_format(parts: &[Part<'_>]) -> IntegerFormat {
    let named = parts.iter().rev().find_map(|part| named_format(part.schema.format()?));
    let format = named.unwrap_or(IntegerFormat::Int64);
    let bounds = |bound: fn(&Bounds) -> Option<&Bound>| {
        parts.iter().filter_map(move |part| integer(&bound(part.schema.bounds.as_deref()?)?.number))
    };
    let least = bounds(|bounds| bounds.minimum.as_ref()).max().unwrap_or(0);
    let most = bounds(|bounds| bounds.maximum.as_ref()).min().unwrap_or(least.max(0));
    // A bound beyond 64 bits of a format of 64 bits says only that there is none.
    let is_wide = matches!(named, Some(IntegerFormat::Int64 | IntegerFormat::UInt64));
    if is_wide || format.holds(least) && format.holds(most) { format } else { IntegerFormat::of_range(least, most) }
}

/// Whether an integer without a format has a bound that 128 bits do not hold.
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

/// The integer that a number is, bounds included that are written as floats are: `1.8446744073709552e19`.
pub(super) fn integer(number: &Number) -> Option<i128> {
    number.text.parse().ok().or_else(|| {
        let float: f64 = number.text.parse().ok()?;
        // The cast loses nothing: floats of this size are integers.
        (float.fract() == 0.0 && float.abs() < 1e38).then_some(float as i128)
    })
}

impl IntegerFormat {
    /// The least and the largest value.
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

    /// Whether a value is one of this format.
    pub(crate) fn holds(self, value: i128) -> bool {
        let (least, most) = self.range();
        (least..=most).contains(&value)
    }

    /// The format, none smaller than 64 bits, that has all values between these. Bounds may have been rounded up, as floats
    /// are: 2^64 means the largest integer before it.
    pub(super) fn of_range(least: i128, most: i128) -> Self {
        const ROUNDED: i128 = 2048;
        let fits = |format: &Self| {
            let (lowest, highest) = format.range();
            least >= lowest - ROUNDED * i128::from(lowest < 0) && most <= highest + ROUNDED
        };
        [Self::Int64, Self::UInt64].into_iter().find(fits).unwrap_or(Self::Int128)
    }
}
