//! Defines the types of JSON values.

use crate::source::Span;

use super::{Doc, External, Facts, Union};

/// The index of a [`TypeDef`] in [`Api::types`](super::Api::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// Any JSON value.
    Any,
    /// Any JSON value. All digits of numbers are preserved.
    ExactJson,
    /// A JSON object with any properties.
    AnyObject,
    /// A string.
    String,
    /// A secret string, which must never be printed.
    Secret,
    /// A date (RFC 3339 `full-date`).
    Date,
    /// A date and time (RFC 3339 `date-time`).
    DateTime,
    /// Bytes, as a Base64 string (RFC 4648, section 4).
    Base64,
    /// Bytes, as a Base64 string in the alphabet for URLs (RFC 4648, section 5).
    Base64Url,
    /// A boolean.
    Boolean,
    /// An integer.
    Integer(IntegerFormat),
    /// An integer that is sent as a JSON string. JSON numbers are accepted in responses too.
    IntegerText(IntegerFormat),
    /// An integer that is sent as a JSON number. JSON strings are accepted in responses too.
    IntegerOrText(IntegerFormat),
    /// A number that is sent as a JSON number. JSON strings are accepted in responses too.
    NumberOrText,
    /// A number, represented as a 64-bit floating-point number.
    Number,
    /// A decimal number. All its digits are preserved.
    Decimal,
    /// An array.
    Array(Box<Type>),
    /// An object with any property names, whose values have the same type.
    Map(Box<Type>),
    /// A value or `null`, as an item of an array or a value of a map. Properties use [`Presence`] instead.
    Nullable(Box<Type>),
    /// A type of another crate.
    External(Box<External>),
    /// A type with a definition in [`Api::types`](super::Api::types).
    Named(TypeId),
}

impl Type {
    /// Returns the definition of this type, after resolving aliases. Returns `None` for types without a definition,
    /// such as strings and arrays.
    pub fn definition<'a>(&self, types: &'a [TypeDef]) -> Option<&'a TypeDef> {
        self.definitions(types).last().filter(|definition| !matches!(definition.kind, TypeKind::Alias(_)))
    }

    /// Returns the aliases that lead from this type to its definition, and the definition.
    pub fn definitions<'a>(&self, types: &'a [TypeDef]) -> impl Iterator<Item = &'a TypeDef> {
        let named = |ty: &Self| match ty {
            Self::Named(id) => types.get(id.0),
            _ => None,
        };
        let next = move |definition: &&'a TypeDef| match &definition.kind {
            TypeKind::Alias(next) => named(next),
            _ => None,
        };
        // A chain with more aliases than there are types is a cycle, which the `lower` stage has already reported.
        std::iter::successors(named(self), next).take(types.len())
    }

    /// Returns the type without `null`: the inner type of [`Nullable`](Self::Nullable). Returns other types unchanged.
    pub fn non_null(&self) -> &Self {
        match self {
            Self::Nullable(inner) => inner.non_null(),
            ty => ty,
        }
    }

    /// Returns the innermost item or value type of nested arrays, maps and nullable types. Returns other types
    /// unchanged.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.innermost(),
            _ => self,
        }
    }

    /// Returns whether this type is [`Number`](Self::Number), or an array, map or tuple of numbers.
    pub fn is_numeric(&self, types: &[TypeDef]) -> bool {
        match self.unaliased(types) {
            Self::Number => true,
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.is_numeric(types),
            named @ Self::Named(_) => match named.definition(types).map(|definition| &definition.kind) {
                Some(TypeKind::Tuple(tuple)) => tuple.is_numeric(),
                Some(TypeKind::KeyedMap(map)) => map.value.is_numeric(types),
                _ => false,
            },
            _ => false,
        }
    }

    /// Returns whether this type is [`Secret`](Self::Secret), or an array of secrets.
    pub fn is_secret(&self, types: &[TypeDef]) -> bool {
        match self.unaliased(types) {
            Self::Secret => true,
            Self::Array(inner) | Self::Nullable(inner) => inner.is_secret(types),
            _ => false,
        }
    }

    /// Returns the object that defines this type, after resolving aliases. Returns `None` if this type has no
    /// definition, or if the definition is not an object.
    pub fn object<'a>(&self, types: &'a [TypeDef]) -> Option<&'a Object> {
        match &self.definition(types)?.kind {
            TypeKind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Returns this type after resolving aliases.
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

/// The range of an integer type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntegerFormat {
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`, or an integer without a format.
    Int64,
    /// A range that needs more than 64 bits.
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

/// The definition of a type: a component schema, or an inline schema that needs a Rust type.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// The position of the schema in the document, from which the name of the type is derived.
    pub origin: Origin,
    /// The positions of other inline schemas for which this type is generated too, because they are the same.
    pub also: Vec<Origin>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// The name of an enum in `x-ms-enum`. The name of the type is derived from it instead of from the origin.
    pub enum_name: Option<String>,
    /// The documentation.
    pub doc: Doc,
    /// The kind of type, with its properties, values or variants.
    pub kind: TypeKind,
    /// The use of the type in requests and responses.
    pub usage: Usage,
    /// The part of the API that uses the type first. `None` if nothing uses the type.
    pub home: Option<Home>,
    /// Whether no Rust type is generated, because no generated code uses it.
    pub is_left_out: bool,
    /// The source location.
    pub span: Span,
}

/// The part of the API that uses a type first. It determines the generated file that contains the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// An operation.
    Operation {
        /// The index of the group in [`Api::groups`](super::Api::groups).
        group: usize,
        /// The index of the operation in the group.
        operation: usize,
    },
    /// A webhook.
    Webhooks,
}

/// The position of a schema in a document: the steps from a component or operation to the schema.
///
/// For example, the items of the property `tags` of the component `Pet` have the steps `Component("Pet")`,
/// `Property("tags")` and `Items`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(pub Vec<Segment>);

impl Origin {
    /// Returns the name of the component. Returns `None` for inline schemas.
    pub fn component(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Segment::Component(name)] => Some(name),
            _ => None,
        }
    }
}

/// One step of an [`Origin`], which is the path to a schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// A schema under `components/schemas`.
    Component(String),
    /// An operation, identified by its ID, or by its method and path.
    Operation(String),
    /// A webhook with this name.
    Webhook(String),
    /// A property of an object.
    Property(String),
    /// The items of an array.
    Items,
    /// The values of a map (`additionalProperties`).
    Values,
    /// The item of a tuple at this position, counted from 1.
    Item(usize),
    /// The property names of a map (`propertyNames`).
    Names,
    /// The value that a string contains as JSON (`contentSchema`).
    Content,
    /// The struct for the properties of a base schema with a discriminator. The base schema itself becomes the union of
    /// all schemas that inherit from it.
    Base,
    /// The type that is generated from a schema for JSON merge patches (RFC 7396), in which `null` removes a property.
    Patch,
    /// A variant of a union.
    Variant(VariantLabel),
    /// A parameter with this name.
    Parameter(String),
    /// The request body.
    RequestBody,
    /// The response with this key in `responses`, e.g. `200` or `default`.
    Response(String),
    /// A media type of a request body or response that has several schemas: a name derived from the media type.
    Media(String),
}

/// The label of a variant of a union.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum VariantLabel {
    /// The `title` of the variant's schema, or the value of the discriminator that selects the variant.
    Title(String),
    /// The JSON Schema type of the variant, if no other variant has the same type.
    Kind(String),
    /// The position of the variant in the union, counted from 1.
    Position(usize),
}

/// The kind of a type definition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeKind {
    /// A type alias.
    Alias(Type),
    /// A newtype for an array or map that contains itself. Rust does not allow recursive aliases.
    Wrapper(Type),
    /// An object.
    Object(Object),
    /// An enum of strings.
    StringEnum(StringEnum),
    /// An enum of integers.
    IntegerEnum(IntegerEnum),
    /// A union of types.
    Union(Union),
    /// An array whose first items have types of their own (`prefixItems`).
    Tuple(Tuple),
    /// An object whose property names are values of an enum. The values of the object all have the same type.
    KeyedMap(KeyedMap),
    /// A string that contains a value of this type as JSON.
    JsonText(Type),
}

/// An array whose first items have types of their own (`prefixItems`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tuple {
    /// The types of the first items, at most [`MAX_ITEMS`](Self::MAX_ITEMS).
    pub items: Vec<Type>,
    /// The type of the items after the first items. `None` if no further items are allowed.
    pub rest: Option<Type>,
}

impl Tuple {
    /// The maximum number of items with types of their own.
    pub const MAX_ITEMS: usize = 12;

    /// Returns the types of all items.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.items.iter().chain(&self.rest)
    }

    /// Returns whether all items are numbers, and their count is fixed.
    pub fn is_numeric(&self) -> bool {
        self.rest.is_none() && self.items.iter().all(|item| *item == Type::Number)
    }
}

/// An object whose property names are the values of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyedMap {
    /// The type of the property names: an enum of strings.
    pub key: Type,
    /// The type of the values.
    pub value: Type,
}

/// An object with known properties.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Object {
    /// The properties, in document order.
    pub properties: Vec<Property>,
    /// `additionalProperties`
    pub additional: Additional,
    /// The documentation of additional properties.
    pub additional_doc: Box<Doc>,
}

/// The handling of properties that are not listed in the schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Additional {
    /// Additional properties are ignored.
    Dropped,
    /// Additional properties are stored in a map with values of this type.
    Kept(Type),
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Property {
    /// The name of the property in JSON objects.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// The type of values other than `null`.
    pub ty: Type,
    /// Whether the property may be absent or `null`.
    pub presence: Presence,
    /// Whether `required` lists the property. A read-only property is then required in responses only, a write-only
    /// property in requests only.
    pub required: bool,
    /// `readOnly`
    pub read_only: bool,
    /// `writeOnly`
    pub write_only: bool,
    /// The fixed value, if the property is the discriminator of its object.
    pub tag: Option<String>,
    /// The values of an enum of booleans or numbers, as JSON. The type allows other values too, because no enum type is
    /// generated for such enums. Empty for other properties.
    pub allowed: Vec<String>,
    /// The default and the minimum of the value.
    pub facts: Facts,
    /// The documentation.
    pub doc: Doc,
    /// The source location.
    pub span: Span,
}

/// Whether a property may be absent or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// The property is always present and never `null`.
    Required,
    /// The property may be absent, but is never `null`.
    Optional,
    /// The property is always present, but may be `null`.
    Nullable,
    /// The property may be absent or `null`, which have different meanings.
    OptionalNullable,
    /// The property is an array or a map that is absent if it is empty (`x-omitempty` of Swagger 2.0).
    EmptyIfAbsent,
}

/// An enum of strings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StringEnum {
    /// The values, in document order.
    pub values: Vec<EnumValue<String>>,
}

/// An enum of integers, or bit flags.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IntegerEnum {
    /// The range of the integers.
    pub format: IntegerFormat,
    /// The values, in document order.
    pub values: Vec<EnumValue<i128>>,
    /// `x-flags`: whether the values are bits that may be combined.
    pub flags: bool,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnumValue<T> {
    /// The value as the document specifies it.
    pub value: T,
    /// The name, from `x-enum-varnames` or from the title of a `const`.
    pub name: Option<String>,
    /// The description, from `x-enum-descriptions` or from the schema of a `const`.
    pub description: Option<String>,
    /// The source location.
    pub span: Span,
}

/// The use of a type in requests and responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Whether requests contain values of the type.
    pub request: bool,
    /// Whether responses contain values of the type.
    pub response: bool,
    /// Whether the type is the schema of a multipart form. Callers set the parts of a form separately, so that no value
    /// of the type is needed.
    pub form: bool,
}
