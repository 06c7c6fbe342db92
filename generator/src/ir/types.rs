//! Types: what a JSON value may be.

use crate::source::Span;

/// Index of a [`TypeDef`] in [`Api::types`](super::Api::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// Any JSON value.
    Any,
    /// Any JSON value, with every digit of its numbers.
    ExactJson,
    /// A JSON object with any members.
    AnyObject,
    /// A text.
    String,
    /// A text that must never be shown.
    Secret,
    /// A day, RFC 3339 `full-date`.
    Date,
    /// A moment, RFC 3339 `date-time`.
    DateTime,
    /// `true` or `false`
    Boolean,
    /// A whole number.
    Integer(IntegerFormat),
    /// A number.
    Number,
    /// A number of which every digit counts.
    Decimal,
    /// An array.
    Array(Box<Type>),
    /// An object whose members are all of one type.
    Map(Box<Type>),
    /// A value that may be `null`, where the place has no other way to say so (elements, map values).
    Nullable(Box<Type>),
    /// A type with a definition of its own.
    Named(TypeId),
}

impl Type {
    /// The definition behind this type, aliases followed; none where the type needs no definition.
    pub fn definition<'a>(&self, types: &'a [TypeDef]) -> Option<&'a TypeDef> {
        let mut ty = self;
        // No chain is longer than there are types; one that goes round has been reported.
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

    /// The type of a value that is not `null`.
    pub fn present(&self) -> &Self {
        match self {
            Self::Nullable(inner) => inner.present(),
            ty => ty,
        }
    }

    /// What lists, maps and what may be `null` hold in the end.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.innermost(),
            _ => self,
        }
    }

    /// Whether values of this type are numbers that may have a fraction, or lists or maps of them.
    pub fn is_numeric(&self, types: &[TypeDef]) -> bool {
        match self.unaliased(types) {
            Self::Number => true,
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.is_numeric(types),
            _ => false,
        }
    }

    /// Whether values of this type are secrets, or lists of them.
    pub fn is_secret(&self, types: &[TypeDef]) -> bool {
        match self.unaliased(types) {
            Self::Secret => true,
            Self::Array(inner) | Self::Nullable(inner) => inner.is_secret(types),
            _ => false,
        }
    }

    /// The object that values of this type are, aliases followed.
    pub fn object<'a>(&self, types: &'a [TypeDef]) -> Option<&'a Object> {
        match &self.definition(types)?.kind {
            TypeKind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The type itself where it is an alias of one that needs no definition, else `self`.
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

/// How large a whole number may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntegerFormat {
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`, and where the document says nothing.
    Int64,
    /// Beyond 64 bits.
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

/// A type with a definition of its own: a component, or an inline schema that needs a name.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// Where it stands, from which its name is made.
    pub origin: Origin,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// What it is.
    pub doc: Doc,
    /// What its values look like.
    pub kind: TypeKind,
    /// Which way its values travel.
    pub usage: Usage,
    /// Index of the group whose operation uses it first.
    pub home: Option<usize>,
    /// Where it is written.
    pub span: Span,
}

/// Where a type stands: a component, or steps from a component or an operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(pub Vec<Segment>);

/// A step to an inline type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// A schema under `components/schemas`.
    Component(String),
    /// An operation, by its id or its method and path.
    Operation(String),
    /// A property of an object.
    Property(String),
    /// The elements of an array.
    Items,
    /// The values of a map.
    Values,
    /// What a schema is by itself from which others inherit.
    Base,
    /// What a schema is in a JSON merge patch.
    Patch,
    /// An arm of a union.
    Variant(VariantLabel),
    /// A parameter.
    Parameter(String),
    /// The body of a request.
    RequestBody,
    /// The body of an answer, by its key.
    Response(String),
}

/// What tells an arm of a union from the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum VariantLabel {
    /// What the document calls it.
    Title(String),
    /// Its type in JSON Schema's words, where it is the only arm of that type.
    Kind(String),
    /// Its position, from 1.
    Position(usize),
}

/// Documentation, and what stands there since the type system cannot say it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Doc {
    /// `title`
    pub title: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// What is asked of a value.
    pub constraints: Vec<Constraint>,
    /// `default`, as JSON: what the server assumes.
    pub default: Option<String>,
    /// `example` and `examples`.
    pub examples: Vec<Example>,
    /// What is said of each element, where the elements have no definition of their own.
    pub items: Option<Box<Doc>>,
    /// The same of each value of a map.
    pub values: Option<Box<Doc>>,
    /// What is said of each alternative, where all are of one type.
    pub alternatives: Vec<Doc>,
}

/// A value that a document shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The value, as JSON.
    pub value: String,
    /// What it shows.
    pub words: Option<String>,
}

/// Something that is asked of a value and that its type does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// `format`
    Format(String),
    /// `pattern`
    Pattern(String),
    /// `enum`, as JSON, where it makes no type.
    OneOf(Vec<String>),
    /// `not`, a schema as JSON.
    Not(String),
    /// `oneOf` or `anyOf` where they ask for nothing but members.
    Properties {
        /// Whether only one of the choices may hold.
        exactly_one: bool,
        /// Names of members that have to be there together.
        choices: Vec<Vec<String>>,
    },
    /// `xml`: how callers, who write and read XML themselves, find the value there.
    Xml {
        /// The prefix of its name.
        prefix: Option<String>,
        /// Its name, where that is not the member's.
        name: Option<String>,
        /// The namespace of its name.
        namespace: Option<String>,
        /// Whether it is an attribute and no element.
        attribute: bool,
        /// Whether an array has an element around those of its own.
        wrapped: bool,
    },
    /// Any other, in words without any that the document chose.
    Words(String),
}

/// What values of a defined type look like.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// The same as another type, under a name.
    Alias(Type),
    /// An array or map that contains itself: the same as another type, which an alias could not be.
    Wrapper(Type),
    /// An object.
    Object(Object),
    /// One of some texts.
    StringEnum(StringEnum),
    /// One of some numbers.
    IntegerEnum(IntegerEnum),
    /// One of some types.
    Union(Union),
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its members, in the order of the document.
    pub properties: Vec<Property>,
    /// What becomes of members that the document does not name.
    pub additional: Additional,
    /// What is said of each of those.
    pub additional_doc: Doc,
}

/// What becomes of members that the document does not name.
#[derive(Debug, Clone, PartialEq)]
pub enum Additional {
    /// They are not kept.
    Dropped,
    /// They are kept, and are of that type.
    Kept(Type),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its name on the wire.
    pub name: String,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// What it holds.
    pub ty: Type,
    /// Whether it may be absent or `null`.
    pub presence: Presence,
    /// Whether the document requires it, be it in one direction alone.
    pub required: bool,
    /// `readOnly`: comes, and is not meant to be sent.
    pub read_only: bool,
    /// `writeOnly`: is sent, and never comes.
    pub write_only: bool,
    /// What it says of its object, where it is what a discriminator reads.
    pub tag: Option<String>,
    /// The values that it allows, as JSON, where its type has others: of an enum of booleans or numbers. Else empty.
    pub allowed: Vec<String>,
    /// What it is.
    pub doc: Doc,
    /// Where it is written.
    pub span: Span,
}

/// Whether a member may be absent or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always there, never `null`.
    Required,
    /// May be absent.
    Optional,
    /// Always there, may be `null`.
    Nullable,
    /// May be absent, may be `null`, and the two mean different things.
    OptionalNullable,
}

/// One of some texts.
#[derive(Debug, Clone, PartialEq)]
pub struct StringEnum {
    /// The texts, in the order of the document.
    pub values: Vec<EnumValue<String>>,
}

/// One of some numbers, or a combination of some bits.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegerEnum {
    /// How large the number may be.
    pub format: IntegerFormat,
    /// The numbers, in the order of the document.
    pub values: Vec<EnumValue<i128>>,
    /// `x-flags`: the numbers are bits that may be combined.
    pub flags: bool,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue<T> {
    /// The value on the wire.
    pub value: T,
    /// Its name, of `x-enum-varnames`.
    pub name: Option<String>,
    /// What it means, of `x-enum-descriptions`.
    pub description: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// One of some types.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The types, in the order of the document.
    pub variants: Vec<Variant>,
    /// Whether a value may be of several of them at once: `anyOf`.
    pub any_of: bool,
}

/// An arm of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// What it holds.
    pub ty: Type,
    /// What the document calls it: the schema's title or the value of the discriminator.
    pub label: Option<String>,
    /// What is said of it, where its type has no definition of its own.
    pub doc: Doc,
    /// How a value of it is told from the others'.
    pub test: Test,
    /// Where it is written.
    pub span: Span,
}

/// How a value is told to belong to an arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// By its JSON type alone.
    Kind(Vec<JsonKind>),
    /// It is an object that has this member, which only this arm knows.
    Property(String),
    /// It is an object whose member has one of these values, which only this arm allows.
    PropertyValue(String, Vec<String>),
    /// It is an object whose member says what it is.
    Discriminator(DiscriminatorValues),
    /// It is of one of these JSON types and no other arm's test holds.
    Otherwise(Vec<JsonKind>),
    /// It is of one of these JSON types and decodes, and no other arm's test holds nor did an earlier arm decode.
    Trial(Vec<JsonKind>),
}

/// What a discriminator says of an arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscriminatorValues {
    /// The member that holds it.
    pub property: String,
    /// The values that denote the variant. Only the base of a hierarchy may have none.
    pub values: Vec<String>,
    /// How many of them, from the first, a sender chooses among; the others are only understood.
    pub chosen: usize,
    /// Whether the variant is the base of a hierarchy. The base takes every object whose value denotes no other variant.
    pub is_base: bool,
}

/// JSON's types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonKind {
    /// `true` or `false`
    Boolean,
    /// A number without a fraction.
    Integer,
    /// A number with a fraction.
    Number,
    /// A text.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// Which way the values of a type travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// To the server.
    pub request: bool,
    /// From the server.
    pub response: bool,
    /// Its members are the parts of a form, which calls take one by one.
    pub form: bool,
}
