//! The types of JSON Schema.

/// A type of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchemaType {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl SchemaType {
    const ALL: [Self; 7] =
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// Returns the type with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ty| ty.as_str() == name)
    }

    /// Returns the name of the type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// A set of types. The empty set means that `type` is not specified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TypeSet(u8);

impl TypeSet {
    /// No type is specified.
    pub const UNSPECIFIED: Self = Self(0);

    /// Returns the set with this type added.
    #[must_use]
    pub fn with(self, ty: SchemaType) -> Self {
        Self(self.0 | 1 << ty as u8)
    }

    /// Returns the set with this type removed.
    #[must_use]
    pub fn without(self, ty: SchemaType) -> Self {
        Self(self.0 & !(1 << ty as u8))
    }

    /// Returns whether the set contains a type.
    pub fn contains(self, ty: SchemaType) -> bool {
        self.0 & 1 << ty as u8 != 0
    }

    /// Returns whether no type is specified.
    pub fn is_unspecified(self) -> bool {
        self == Self::UNSPECIFIED
    }

    /// Returns the types in the set.
    pub fn iter(self) -> impl Iterator<Item = SchemaType> {
        SchemaType::ALL.into_iter().filter(move |ty| self.contains(*ty))
    }

    /// Returns the type, if there is exactly one type besides `null`.
    pub fn only(self) -> Option<SchemaType> {
        let mut types = self.without(SchemaType::Null).iter();
        types.next().filter(|_| types.next().is_none())
    }
}

impl FromIterator<SchemaType> for TypeSet {
    fn from_iter<I: IntoIterator<Item = SchemaType>>(types: I) -> Self {
        types.into_iter().fold(Self::UNSPECIFIED, Self::with)
    }
}
