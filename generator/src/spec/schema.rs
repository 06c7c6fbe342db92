//! Schemas.

use indexmap::IndexMap;

use crate::source::Span;

use super::{
    Bounds, Discriminator, Extensions, ExternalDocs, Keywords, SchemaId, SchemaType, Spanned, TypeSet, Value, Xml,
};

/// A schema, expressed with the keywords of JSON Schema 2020-12.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The ID of the schema.
    pub id: SchemaId,
    /// The location of the schema.
    pub span: Span,
    /// The locations of the schema's keywords.
    pub keywords: Keywords,
    /// The target of `$ref`: the schema of a definition. A schema with a reference has no other keywords, except for
    /// `x-rust-name`. Since 3.1, a `$ref` with keywords next to it is read as the first schema of `allOf` instead.
    pub reference: Option<SchemaId>,
    /// Whether the schema is `false`: no value is valid.
    pub never: bool,
    /// `type`. Contains `null` if the schema specifies a type and is nullable.
    pub types: TypeSet,
    /// The location of `type`.
    pub types_span: Option<Span>,
    /// Whether the schema explicitly allows `null`, e.g. by `nullable: true`, `x-nullable: true`, `null` in `type`, or
    /// a variant of `oneOf` or `anyOf` that allows only `null`. Such a variant is not in `one_of` or `any_of` if there
    /// are other variants.
    pub nullable: bool,
    /// Whether the schema has an `allOf`, and only `null` in its list of types makes it nullable.
    pub null_in_type: bool,
    /// `enum` or `const`.
    pub values: Option<Box<Values>>,
    /// `format`
    pub format: Option<Box<Spanned<String>>>,
    /// `properties`, in document order.
    pub properties: Option<Box<IndexMap<String, Property>>>,
    /// `required`
    pub required: Vec<Spanned<String>>,
    /// `additionalProperties`
    pub additional: Option<Additional>,
    /// Rarely used keywords for objects.
    pub object: Option<Box<ObjectRules>>,
    /// `items`
    pub items: Option<SchemaId>,
    /// Rarely used keywords for arrays.
    pub tuple: Option<Box<TupleRules>>,
    /// `allOf`
    pub all_of: Vec<SchemaId>,
    /// `oneOf`
    pub one_of: Vec<SchemaId>,
    /// `anyOf`
    pub any_of: Vec<SchemaId>,
    /// Assertions that no Rust type can express. They appear in the documentation of the generated code.
    pub assertions: Vec<Assertion>,
    /// `discriminator`
    pub discriminator: Option<Box<Discriminator>>,
    /// The value of the parent's discriminator that selects this schema (`x-ms-discriminator-value` and others).
    pub discriminator_value: Option<Box<str>>,
    /// Limits on the size of values.
    pub bounds: Option<Box<Bounds>>,
    /// `pattern`
    pub pattern: Option<Box<Spanned<String>>>,
    /// `contentEncoding`, `contentMediaType` and `contentSchema`.
    pub content: Option<Box<EncodedContent>>,
    /// `title`
    pub title: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `externalDocs`
    pub external_docs: Option<Box<ExternalDocs>>,
    /// `deprecated`
    pub deprecated: Option<bool>,
    /// `readOnly`
    pub read_only: Option<bool>,
    /// `writeOnly`
    pub write_only: Option<bool>,
    /// `default`
    pub default: Option<Box<Value>>,
    /// `example`, followed by `examples` of JSON Schema.
    pub examples: Vec<Value>,
    /// `xml`
    pub xml: Option<Box<Xml>>,
    /// `x-rust-name`
    pub rust_name: Option<Box<str>>,
    /// `x-sensitive`
    pub sensitive: Option<Box<Spanned<bool>>>,
    /// `x-flags`
    pub flags: Option<bool>,
    /// Other extensions.
    pub extensions: Extensions,
}

impl Schema {
    /// Creates a schema without keywords: any value is valid.
    pub(super) fn any(id: SchemaId, span: Span) -> Self {
        Self {
            id,
            span,
            keywords: Keywords::default(),
            reference: None,
            never: false,
            types: TypeSet::UNSPECIFIED,
            types_span: None,
            nullable: false,
            null_in_type: false,
            values: None,
            format: None,
            properties: None,
            required: Vec::new(),
            additional: None,
            object: None,
            items: None,
            tuple: None,
            all_of: Vec::new(),
            one_of: Vec::new(),
            any_of: Vec::new(),
            assertions: Vec::new(),
            discriminator: None,
            discriminator_value: None,
            bounds: None,
            pattern: None,
            content: None,
            title: None,
            description: None,
            external_docs: None,
            deprecated: None,
            read_only: None,
            write_only: None,
            default: None,
            examples: Vec::new(),
            xml: None,
            rust_name: None,
            sensitive: None,
            flags: None,
            extensions: Extensions::default(),
        }
    }

    /// Returns the type, if there is exactly one type besides `null`.
    pub fn ty(&self) -> Option<SchemaType> {
        self.types.only()
    }

    /// Returns the value of `format`.
    pub fn format(&self) -> Option<&str> {
        self.format.as_deref().map(|format| format.value.as_str())
    }

    /// Returns the properties in document order.
    pub fn properties(&self) -> impl Iterator<Item = (&str, &Property)> {
        self.properties
            .iter()
            .flat_map(|properties| properties.iter())
            .map(|(name, property)| (name.as_str(), property))
    }

    /// Returns the values of `enum` or `const`. Empty if there are none.
    pub fn values(&self) -> &[Value] {
        self.values.as_deref().map_or(&[], |values| values.list.as_slice())
    }

    /// Returns the schemas of `oneOf` and `anyOf`.
    pub fn variants(&self) -> impl Iterator<Item = SchemaId> {
        self.one_of.iter().chain(&self.any_of).copied()
    }

    /// Returns the schemas that the keywords of this schema contain or refer to.
    pub fn inner_schemas(&self) -> impl Iterator<Item = SchemaId> {
        let additional = |additional: &Option<Additional>| additional.and_then(Additional::schema);
        let properties = self.properties().map(|(_, property)| property.schema);
        let rules = self.object.iter().flat_map(move |rules| {
            let patterns = rules.patterns.iter().map(|(_, schema)| *schema);
            patterns.chain(rules.names).chain(additional(&rules.unevaluated))
        });
        let tuple =
            self.tuple.iter().flat_map(move |rules| rules.prefix.iter().copied().chain(additional(&rules.unevaluated)));
        let discriminator = self.discriminator.iter().flat_map(|discriminator| {
            discriminator.mapping.iter().filter_map(|mapping| mapping.schema).chain(discriminator.default)
        });
        let assertions = self.assertions.iter().flat_map(|assertion| &assertion.schemas).copied();
        let content = self.content.as_ref().and_then(|content| content.schema);
        let combined = self.all_of.iter().copied().chain(self.variants());
        let single = self.reference.into_iter().chain(additional(&self.additional)).chain(self.items).chain(content);
        single.chain(properties).chain(rules).chain(tuple).chain(combined).chain(discriminator).chain(assertions)
    }

    /// Returns the assertion of the keyword `not`.
    pub fn not(&self) -> Option<&Assertion> {
        self.assertions.iter().find(|assertion| assertion.kind == AssertionKind::Not)
    }
}

/// A property of an object.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Property {
    /// The schema of the property's value.
    pub schema: SchemaId,
    /// The location of the property's name.
    pub span: Span,
}

/// `additionalProperties` and similar keywords.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Additional {
    /// `true`
    Allowed,
    /// `false`
    Forbidden,
    /// The schema of the values.
    Schema(SchemaId),
}

impl Additional {
    /// Returns the schema of the values, if the keyword has a schema.
    pub fn schema(self) -> Option<SchemaId> {
        match self {
            Self::Schema(schema) => Some(schema),
            Self::Allowed | Self::Forbidden => None,
        }
    }
}

/// `enum` or `const`.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The values, in document order.
    pub list: Vec<Value>,
    /// The names of the values (`x-enum-varnames`), by position.
    pub names: Vec<Option<String>>,
    /// The descriptions of the values (`x-enum-descriptions`), by position.
    pub descriptions: Vec<Option<String>>,
    /// Whether the keyword is `const`.
    pub is_const: bool,
    /// The name of the enum (`x-ms-enum`).
    pub name: Option<String>,
    /// The location of the keyword's value.
    pub span: Span,
}

/// Rarely used keywords for objects.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObjectRules {
    /// `patternProperties`
    pub patterns: Vec<(Spanned<String>, SchemaId)>,
    /// `propertyNames`
    pub names: Option<SchemaId>,
    /// `unevaluatedProperties`
    pub unevaluated: Option<Additional>,
    /// `x-omitempty`: an absent property means an empty value.
    pub omit_empty: bool,
}

/// Rarely used keywords for arrays.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TupleRules {
    /// `prefixItems`, or the array form of `items` in earlier drafts.
    pub prefix: Vec<SchemaId>,
    /// `unevaluatedItems`
    pub unevaluated: Option<Additional>,
}

/// An assertion that no Rust type can express.
#[derive(Debug, Clone, PartialEq)]
pub struct Assertion {
    /// The keyword.
    pub kind: AssertionKind,
    /// The value of the keyword, as JSON, for documentation.
    pub json: String,
    /// The schemas in the value of the keyword.
    pub schemas: Vec<SchemaId>,
    /// The location of the keyword's value.
    pub span: Span,
}

/// The keyword of an [`Assertion`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssertionKind {
    /// `not`
    Not,
    /// `if`
    If,
    /// `then`
    Then,
    /// `else`
    Else,
    /// `contains`
    Contains,
    /// `minContains`
    MinContains,
    /// `maxContains`
    MaxContains,
    /// `dependentRequired`
    DependentRequired,
    /// `dependentSchemas`
    DependentSchemas,
}

impl AssertionKind {
    /// Returns the keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Not => "not",
            Self::If => "if",
            Self::Then => "then",
            Self::Else => "else",
            Self::Contains => "contains",
            Self::MinContains => "minContains",
            Self::MaxContains => "maxContains",
            Self::DependentRequired => "dependentRequired",
            Self::DependentSchemas => "dependentSchemas",
        }
    }
}

/// Content that is encoded in a string.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EncodedContent {
    /// `contentEncoding`
    pub encoding: Option<Spanned<String>>,
    /// `contentMediaType`
    pub media_type: Option<Spanned<String>>,
    /// `contentSchema`
    pub schema: Option<SchemaId>,
}
