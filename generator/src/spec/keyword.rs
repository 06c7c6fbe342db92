//! The locations of keywords.

use crate::source::Span;

/// Defines the enum of keywords.
macro_rules! keywords {
    ($($keyword:ident = $name:literal,)+) => {
        /// A keyword that diagnostics point at.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Keyword {
            $(#[doc = concat!("`", $name, "`")] $keyword,)+
        }

        impl Keyword {
            /// Returns the keyword with this name. `None` if diagnostics never point at the keyword.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$keyword),)+
                    _ => None,
                }
            }

            /// Returns the name of the keyword.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$keyword => $name,)+
                }
            }
        }
    };
}

keywords! {
    Reference = "$ref",
    Nullable = "nullable",
    MinLength = "minLength",
    MaxLength = "maxLength",
    Pattern = "pattern",
    ContentEncoding = "contentEncoding",
    ContentMediaType = "contentMediaType",
    ContentSchema = "contentSchema",
    Minimum = "minimum",
    Maximum = "maximum",
    ExclusiveMinimum = "exclusiveMinimum",
    ExclusiveMaximum = "exclusiveMaximum",
    MultipleOf = "multipleOf",
    Items = "items",
    PrefixItems = "prefixItems",
    UnevaluatedItems = "unevaluatedItems",
    Contains = "contains",
    MinContains = "minContains",
    MaxContains = "maxContains",
    MinItems = "minItems",
    MaxItems = "maxItems",
    UniqueItems = "uniqueItems",
    Properties = "properties",
    Required = "required",
    AdditionalProperties = "additionalProperties",
    PatternProperties = "patternProperties",
    PropertyNames = "propertyNames",
    UnevaluatedProperties = "unevaluatedProperties",
    DependentRequired = "dependentRequired",
    DependentSchemas = "dependentSchemas",
    MinProperties = "minProperties",
    MaxProperties = "maxProperties",
    OneOf = "oneOf",
    AnyOf = "anyOf",
    Style = "style",
    Explode = "explode",
    Content = "content",
    Sensitive = "x-sensitive",
}

/// The keywords of an object that diagnostics point at, in document order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keywords(Vec<KeywordSpan>);

/// The location of a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeywordSpan {
    /// The keyword.
    pub keyword: Keyword,
    /// The location of the keyword itself.
    pub key: Span,
    /// The location of its value.
    pub value: Span,
}

impl Keywords {
    /// Returns all keywords.
    pub fn iter(&self) -> impl Iterator<Item = &KeywordSpan> {
        self.0.iter()
    }

    /// Returns the location of a keyword. `None` if the object does not have it.
    pub fn key(&self, keyword: Keyword) -> Option<Span> {
        self.find(keyword).map(|found| found.key)
    }

    /// Returns the location of the value of a keyword. `None` if the object does not have it.
    pub fn value(&self, keyword: Keyword) -> Option<Span> {
        self.find(keyword).map(|found| found.value)
    }

    fn find(&self, keyword: Keyword) -> Option<&KeywordSpan> {
        self.0.iter().find(|found| found.keyword == keyword)
    }
}

impl Extend<KeywordSpan> for Keywords {
    fn extend<I: IntoIterator<Item = KeywordSpan>>(&mut self, keywords: I) {
        self.0.extend(keywords);
    }
}

impl FromIterator<KeywordSpan> for Keywords {
    fn from_iter<I: IntoIterator<Item = KeywordSpan>>(keywords: I) -> Self {
        let mut list: Vec<_> = keywords.into_iter().collect();
        list.shrink_to_fit();
        Self(list)
    }
}
