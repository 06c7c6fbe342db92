//! The JSON types that values of a type may have.

use super::types::{JsonKind, Member, Presence, Shape, Type, TypeDef};

impl Type {
    /// The JSON types that a value of this type may have beside `null`; `None` where it may have any.
    pub fn json_kinds(&self, types: &[TypeDef]) -> Option<Vec<JsonKind>> {
        match self.unaliased(types).present() {
            Self::Any | Self::Nullable(_) => None,
            Self::AnyObject | Self::Map(_) => Some(vec![JsonKind::Object]),
            Self::String | Self::Secret | Self::Date | Self::DateTime => Some(vec![JsonKind::String]),
            Self::Boolean => Some(vec![JsonKind::Boolean]),
            Self::Integer(_) => Some(vec![JsonKind::Integer]),
            Self::Number | Self::Decimal => Some(vec![JsonKind::Integer, JsonKind::Number]),
            Self::Array(_) => Some(vec![JsonKind::Array]),
            named @ Self::Named(_) => match &named.definition(types)?.shape {
                Shape::Object(_) => Some(vec![JsonKind::Object]),
                Shape::StringEnum(_) => Some(vec![JsonKind::String]),
                Shape::IntegerEnum(_) => Some(vec![JsonKind::Integer]),
                // An array or map that contains itself is nothing else before.
                Shape::Wrapper(Self::Array(_)) => Some(vec![JsonKind::Array]),
                Shape::Wrapper(Self::Map(_)) => Some(vec![JsonKind::Object]),
                // A union takes any value, as an unknown one.
                Shape::Union(_) | Shape::Wrapper(_) | Shape::Alias(_) => None,
            },
        }
    }
}

impl Member {
    /// Whether an object without this property is an error.
    pub fn must_be_there(&self, types: &[TypeDef]) -> bool {
        self.presence == Presence::Required && !matches!(self.ty.unaliased(types), Type::Nullable(_))
    }
}
