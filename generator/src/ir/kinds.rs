//! Determines the JSON types of values, and the allowed values of enum types.

use std::borrow::Cow;

use super::{JsonKind, Presence, Property, Type, TypeDef, TypeKind};

impl Type {
    /// Returns the JSON types that values of this type can have, except `null`. Returns `None` if values can have any
    /// JSON type.
    pub fn json_kinds(&self, types: &[TypeDef]) -> Option<Vec<JsonKind>> {
        match self.unaliased(types).non_null() {
            Self::Any | Self::ExactJson | Self::Nullable(_) => None,
            Self::AnyObject | Self::Map(_) => Some(vec![JsonKind::Object]),
            Self::String | Self::Secret | Self::Date | Self::DateTime | Self::Base64 | Self::Base64Url => {
                Some(vec![JsonKind::String])
            }
            Self::External(external) => (!external.kinds.is_empty()).then(|| external.kinds.clone()),
            Self::Boolean => Some(vec![JsonKind::Boolean]),
            Self::Integer(_) => Some(vec![JsonKind::Integer]),
            Self::IntegerText(_) | Self::IntegerOrText(_) => Some(vec![JsonKind::Integer, JsonKind::String]),
            Self::NumberOrText => Some(vec![JsonKind::Integer, JsonKind::Number, JsonKind::String]),
            Self::Number | Self::Decimal => Some(vec![JsonKind::Integer, JsonKind::Number]),
            Self::Array(_) => Some(vec![JsonKind::Array]),
            named @ Self::Named(_) => match &named.definition(types)?.kind {
                TypeKind::Object(_) | TypeKind::KeyedMap(_) => Some(vec![JsonKind::Object]),
                TypeKind::Tuple(_) => Some(vec![JsonKind::Array]),
                TypeKind::StringEnum(_) | TypeKind::JsonText(_) => Some(vec![JsonKind::String]),
                TypeKind::IntegerEnum(_) => Some(vec![JsonKind::Integer]),
                // A wrapper is a newtype of an array or map, so the inner type determines the JSON type.
                TypeKind::Wrapper(Self::Array(_)) => Some(vec![JsonKind::Array]),
                TypeKind::Wrapper(Self::Map(_)) => Some(vec![JsonKind::Object]),
                // A union accepts any value, because it has a variant for unknown values.
                TypeKind::Union(_) | TypeKind::Wrapper(_) | TypeKind::Alias(_) => None,
            },
        }
    }
}

impl Property {
    /// Returns whether deserializing an object fails if this property is missing.
    pub fn is_required(&self, types: &[TypeDef]) -> bool {
        self.presence == Presence::Required && !matches!(self.ty.unaliased(types), Type::Nullable(_))
    }

    /// Returns the allowed values if the type of this property is an enum of strings, integers or booleans. Returns
    /// `None` for other properties. Strings are returned without quotes, other values as JSON.
    pub fn enum_values<'a>(&'a self, types: &'a [TypeDef]) -> Option<Vec<Cow<'a, str>>> {
        self.ty.enum_values(types).or_else(|| {
            let is_restricted = *self.ty.unaliased(types) == Type::Boolean && !self.allowed.is_empty();
            is_restricted.then(|| self.allowed.iter().map(|value| value.as_str().into()).collect())
        })
    }

    /// Returns the allowed value if this property has exactly one, not counting `null`. A string is returned without
    /// quotes, another value as JSON.
    pub fn only_value(&self, types: &[TypeDef]) -> Option<String> {
        self.ty.only_value(&self.allowed, types)
    }
}

impl Type {
    /// Returns the values if this type is an enum of strings or integers. Strings are returned without quotes, integers
    /// in decimal.
    pub fn enum_values<'a>(&self, types: &'a [TypeDef]) -> Option<Vec<Cow<'a, str>>> {
        match &self.definition(types)?.kind {
            TypeKind::StringEnum(values) => {
                Some(values.values.iter().map(|value| value.value.as_str().into()).collect())
            }
            TypeKind::IntegerEnum(values) if !values.flags => {
                Some(values.values.iter().map(|value| value.value.to_string().into()).collect())
            }
            _ => None,
        }
    }

    /// Returns the allowed value if there is exactly one: the value of this enum type, or the value in `allowed` if
    /// this type is not an enum. A string is returned without quotes, another value as JSON.
    pub fn only_value(&self, allowed: &[String], types: &[TypeDef]) -> Option<String> {
        match (self.enum_values(types).as_deref(), allowed) {
            (Some([only]), _) => Some(only.as_ref().to_owned()),
            (None, [only]) => Some(only.clone()),
            _ => None,
        }
    }
}
