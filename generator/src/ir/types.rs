//! The types of JSON values.

use crate::source::{Number, Span};

/// Index of a [`TypeDef`] in [`Api::types`](super::Api::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// Any JSON value.
    Any,
    /// Any JSON value; numbers keep their digits.
    ExactJson,
    /// A JSON object with any properties.
    AnyObject,
    /// A string.
    String,
    /// A string that must never be printed.
    Secret,
    /// A date (RFC 3339 `full-date`).
    Date,
    /// A date and time (RFC 3339 `date-time`).
    DateTime,
    /// A boolean.
    Boolean,
    /// An integer.
    Integer(IntegerFormat),
    /// A number.
    Number,
    /// A number that keeps its digits.
    Decimal,
    /// An array.
    Array(Box<Type>),
    /// An object whose properties all have the same type.
    Map(Box<Type>),
    /// A nullable value in a position without [`Presence`]: an item of an array or a value of a map.
    Nullable(Box<Type>),
    /// A type with its own definition.
    Named(TypeId),
}

impl Type {
    /// Returns the definition of this type, after resolving aliases. `None` if it has no definition.
    pub fn definition<'a>(&self, types: &'a [TypeDef]) -> Option<&'a TypeDef> {
        let mut ty = self;
        // A longer chain is a cycle, which lowering has reported.
        for _ in 0..=types.len() {
            let Self::Named(id) = ty else { return None };
            let definition = types.get(id.0)?;
            match &definition.kind {
                TypeKind::Alias(next) => ty = next,
                _ => return Some(definition),
            }
        }
        None
    }

    /// Returns the type without `null`.
    pub fn non_null(&self) -> &Self {
        match self {
            Self::Nullable(inner) => inner.non_null(),
            ty => ty,
        }
    }

    /// Returns the innermost type of arrays, maps and nullable types.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.innermost(),
            _ => self,
        }
    }

    /// Returns whether values of this type are numbers that may have a fraction, or arrays or maps of them.
    pub fn is_numeric(&self, types: &[TypeDef]) -> bool {
        match self.unaliased(types) {
            Self::Number => true,
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.is_numeric(types),
            _ => false,
        }
    }

    /// Returns whether values of this type are secrets, or arrays of them.
    pub fn is_secret(&self, types: &[TypeDef]) -> bool {
        match self.unaliased(types) {
            Self::Secret => true,
            Self::Array(inner) | Self::Nullable(inner) => inner.is_secret(types),
            _ => false,
        }
    }

    /// Returns the definition of this type if it is an object, after resolving aliases.
    pub fn object<'a>(&self, types: &'a [TypeDef]) -> Option<&'a Object> {
        match &self.definition(types)?.kind {
            TypeKind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Resolves aliases.
    pub fn unaliased<'a>(&'a self, types: &'a [TypeDef]) -> &'a Type {
        let mut ty = self;
        for _ in 0..=types.len() {
            match ty {
                Self::Named(id) => match types.get(id.0).map(|definition| &definition.kind) {
                    Some(TypeKind::Alias(next)) => ty = next,
                    _ => return ty,
                },
                _ => return ty,
            }
        }
        ty
    }
}

/// The range of an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntegerFormat {
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`, also if there is no format.
    Int64,
    /// More than 64 bits.
    Int128,
    /// `uint8`
    UInt8,
    /// `uint16`
    UInt16,
    /// `uint32`
    UInt32,
    /// `uint64`
    UInt64,
}

/// The definition of a type: a component, or an inline schema that needs a name.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// Its position in the document, from which its name is derived.
    pub origin: Origin,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Its documentation.
    pub doc: Doc,
    /// Its kind.
    pub kind: TypeKind,
    /// Where it is used.
    pub usage: Usage,
    /// The index of the group of the first operation that uses the type; `None` if no operation uses it.
    pub home: Option<usize>,
    /// Its location.
    pub span: Span,
}

/// The position of a type: a component, or a path from a component or an operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(pub Vec<Segment>);

/// A step of the path to an inline type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// A schema under `components/schemas`.
    Component(String),
    /// An operation, by its ID or its method and path.
    Operation(String),
    /// A property of an object.
    Property(String),
    /// The items of an array.
    Items,
    /// The values of a map.
    Values,
    /// The schema itself, if other schemas inherit from it.
    Base,
    /// The schema as a JSON merge patch.
    Patch,
    /// A variant of a union.
    Variant(VariantLabel),
    /// A parameter.
    Parameter(String),
    /// The body of a request.
    RequestBody,
    /// A response, by its key.
    Response(String),
}

/// The label of a variant of a union.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum VariantLabel {
    /// `title`, or the value of the discriminator.
    Title(String),
    /// Its JSON Schema type, if it is the only variant of that type.
    Kind(String),
    /// Its position, from 1.
    Position(usize),
}

/// The documentation of a value, including constraints that its Rust type does not express.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Doc {
    /// `title`
    pub title: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// The constraints of a value.
    pub constraints: Vec<Constraint>,
    /// `default`, as JSON.
    pub default: Option<String>,
    /// `example` and `examples`.
    pub examples: Vec<Example>,
    /// The documentation of items, unless their type has a definition.
    pub items: Option<Box<Doc>>,
    /// The documentation of the values of a map, unless their type has a definition.
    pub values: Option<Box<Doc>>,
    /// The documentation of variants, if all variants have the same type.
    pub variants: Vec<Doc>,
}

/// An example of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The value, as JSON.
    pub value: String,
    /// Its summary or description.
    pub description: Option<String>,
}

/// A constraint of a value that its type does not express.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// `format`
    Format(String),
    /// `pattern`
    Pattern(String),
    /// `enum`, as JSON, if it does not become a type.
    OneOf(Vec<String>),
    /// `not`, a schema as JSON.
    Not(String),
    /// `oneOf` or `anyOf` whose schemas only list required properties.
    Properties {
        /// Whether exactly one of the choices must match.
        exactly_one: bool,
        /// Names of properties that are required together.
        choices: Vec<Vec<String>>,
    },
    /// `xml`: how the value is represented in XML, which callers read and write themselves.
    Xml {
        /// `prefix`
        prefix: Option<String>,
        /// `name`
        name: Option<String>,
        /// `namespace`
        namespace: Option<String>,
        /// `attribute`
        attribute: bool,
        /// `wrapped`
        wrapped: bool,
    },
    /// `minLength`
    MinLength(Number),
    /// `maxLength`
    MaxLength(Number),
    /// `minimum` or `exclusiveMinimum`
    Minimum(Limit),
    /// `maximum` or `exclusiveMaximum`
    Maximum(Limit),
    /// `multipleOf`
    MultipleOf(Number),
    /// `minItems`
    MinItems(Number),
    /// `maxItems`
    MaxItems(Number),
    /// `minProperties`
    MinProperties(Number),
    /// `maxProperties`
    MaxProperties(Number),
    /// `uniqueItems`
    UniqueItems,
    /// `readOnly`, of a value that callers could set nevertheless.
    ReadOnly,
    /// The property is listed in `required`, but not defined.
    Undefined,
    /// The value is a JSON merge patch (RFC 7396).
    MergePatch,
    /// The value is a sequence of JSON texts, one per line.
    JsonLines,
}

/// A limit of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The limit, with its digits.
    pub number: Number,
    /// Whether the limit itself is excluded.
    pub exclusive: bool,
}

/// What the schema of a value specifies, itself or by reference.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// `default`, as JSON.
    pub default: Option<String>,
    /// `minimum`
    pub minimum: Option<Limit>,
}

/// The kind of a type definition.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// Another name for a type.
    Alias(Type),
    /// A newtype for an array or map that contains itself, for which Rust permits no alias.
    Wrapper(Type),
    /// An object.
    Object(Object),
    /// An enum of strings.
    StringEnum(StringEnum),
    /// An enum of integers.
    IntegerEnum(IntegerEnum),
    /// A union of types.
    Union(Union),
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its properties, in document order.
    pub properties: Vec<Property>,
    /// `additionalProperties`
    pub additional: Additional,
    /// The documentation of additional properties.
    pub additional_doc: Doc,
}

/// How properties that the document does not list are handled.
#[derive(Debug, Clone, PartialEq)]
pub enum Additional {
    /// They are ignored.
    Dropped,
    /// They are kept, with this type.
    Kept(Type),
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its name in JSON.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Its type.
    pub ty: Type,
    /// Whether it may be absent or `null`.
    pub presence: Presence,
    /// Whether the document requires it, possibly only in requests or only in responses.
    pub required: bool,
    /// `readOnly`
    pub read_only: bool,
    /// `writeOnly`
    pub write_only: bool,
    /// The discriminator value of its object, if this property is the discriminator.
    pub tag: Option<String>,
    /// The allowed values of an enum of booleans or numbers, as JSON, because its type has other values. Empty
    /// otherwise.
    pub allowed: Vec<String>,
    /// Its default and minimum.
    pub facts: Facts,
    /// Its documentation.
    pub doc: Doc,
    /// Its location.
    pub span: Span,
}

/// Whether a property may be absent or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always present, never `null`.
    Required,
    /// May be absent.
    Optional,
    /// Always present, may be `null`.
    Nullable,
    /// May be absent or `null`, with different meanings.
    OptionalNullable,
}

/// An enum of strings.
#[derive(Debug, Clone, PartialEq)]
pub struct StringEnum {
    /// The values, in document order.
    pub values: Vec<EnumValue<String>>,
}

/// An enum of integers, or bit flags.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegerEnum {
    /// The range of the integers.
    pub format: IntegerFormat,
    /// The values, in document order.
    pub values: Vec<EnumValue<i128>>,
    /// `x-flags`: the values are bits that may be combined.
    pub flags: bool,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue<T> {
    /// The value in JSON.
    pub value: T,
    /// Its name from `x-enum-varnames`.
    pub name: Option<String>,
    /// Its description from `x-enum-descriptions`.
    pub description: Option<String>,
    /// Its location.
    pub span: Span,
}

/// A union of types.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The variants, in document order.
    pub variants: Vec<Variant>,
    /// Whether a value may match several variants at once: `anyOf`.
    pub any_of: bool,
}

/// A variant of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its type.
    pub ty: Type,
    /// Its name in the document: the title of the schema or the value of the discriminator.
    pub label: Option<String>,
    /// Its documentation, unless its type has a definition.
    pub doc: Doc,
    /// How its values are recognized.
    pub test: Test,
    /// Its location.
    pub span: Span,
}

/// How a value is recognized as a variant of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// By its JSON type.
    Kind(Vec<JsonKind>),
    /// It is an object with this property, which only this variant defines.
    Property(String),
    /// It is an object whose property has one of these values, which only this variant allows.
    PropertyValue(String, Vec<String>),
    /// It is an object with a discriminator.
    Discriminator(DiscriminatorValues),
    /// It has one of these JSON types and matches no other variant.
    Otherwise(Vec<JsonKind>),
    /// It has one of these JSON types, matches no other variant, and deserializes as this variant but not as an earlier
    /// one.
    Trial(Vec<JsonKind>),
}

/// The discriminator values of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscriminatorValues {
    /// The property.
    pub property: String,
    /// The values that select the variant. Only the base of a hierarchy may have none.
    pub values: Vec<String>,
    /// The number of values, from the first, that clients may send. The others are only accepted.
    pub chosen: usize,
    /// Whether the variant is the base of a hierarchy. The base accepts all objects whose value selects no other
    /// variant.
    pub is_base: bool,
}

/// A JSON type, except `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonKind {
    /// A boolean.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// A number with a fraction.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// Where the values of a type are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// In requests.
    pub request: bool,
    /// In responses.
    pub response: bool,
    /// As a form, whose parts are separate arguments of calls.
    pub form: bool,
}
