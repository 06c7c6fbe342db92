//! The JSON types that values of a type may have.

use std::borrow::Cow;

use super::types::{JsonKind, Presence, Property, Type, TypeDef, TypeKind};

impl Type {
    /// The JSON types that a value of this type may have beside `null`; `None` where it may have any.
    pub fn json_kinds(&self, types: &[TypeDef]) -> Option<Vec<JsonKind>> {
        match self.unaliased(types).present() {
            Self::Any | Self::ExactJson | Self::Nullable(_) => None,
            Self::AnyObject | Self::Map(_) => Some(vec![JsonKind::Object]),
            Self::String | Self::Secret | Self::Date | Self::DateTime => Some(vec![JsonKind::String]),
            Self::Boolean => Some(vec![JsonKind::Boolean]),
            Self::Integer(_) => Some(vec![JsonKind::Integer]),
            Self::Number | Self::Decimal => Some(vec![JsonKind::Integer, JsonKind::Number]),
            Self::Array(_) => Some(vec![JsonKind::Array]),
            named @ Self::Named(_) => match &named.definition(types)?.kind {
                TypeKind::Object(_) => Some(vec![JsonKind::Object]),
                TypeKind::StringEnum(_) => Some(vec![JsonKind::String]),
                TypeKind::IntegerEnum(_) => Some(vec![JsonKind::Integer]),
                // An array or map that contains itself is nothing else before.
                TypeKind::Wrapper(Self::Array(_)) => Some(vec![JsonKind::Array]),
                TypeKind::Wrapper(Self::Map(_)) => Some(vec![JsonKind::Object]),
                // A union takes any value, as an unknown one.
                TypeKind::Union(_) | TypeKind::Wrapper(_) | TypeKind::Alias(_) => None,
            },
        }
    }
}

impl Property {
    /// Whether an object without this property is an error.
    pub fn is_required(&self, types: &[TypeDef]) -> bool {
        self.presence == Presence::Required && !matches!(self.ty.unaliased(types), Type::Nullable(_))
    }

    /// The values that this property allows, where they are strings, integers or booleans: strings as they are, others as
    /// JSON. None where it allows any.
    pub fn texts<'a>(&'a self, types: &'a [TypeDef]) -> Option<Vec<Cow<'a, str>>> {
        self.ty.texts(types).or_else(|| {
            let is_restricted = *self.ty.unaliased(types) == Type::Boolean && !self.allowed.is_empty();
            is_restricted.then(|| self.allowed.iter().map(|value| value.as_str().into()).collect())
        })
    }

    /// The only value that this property allows beside `null`: a string as it is, any other value as JSON.
    pub fn only_value(&self, types: &[TypeDef]) -> Option<String> {
        self.ty.only_value(&self.allowed, types)
    }
}

impl Type {
    /// The values of an enum of strings or integers, those as JSON.
    pub fn texts<'a>(&self, types: &'a [TypeDef]) -> Option<Vec<Cow<'a, str>>> {
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

    /// The only value of this type where it is an enum, or the only one of those `allowed`: a string as it is, any other
    /// value as JSON.
    pub fn only_value(&self, allowed: &[String], types: &[TypeDef]) -> Option<String> {
        match (self.texts(types).as_deref(), allowed) {
            (Some([only]), _) => Some(only.as_ref().to_owned()),
            (None, [only]) => Some(only.clone()),
            _ => None,
        }
    }
}
