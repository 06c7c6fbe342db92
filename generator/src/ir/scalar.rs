//! Constant values of types: the values that generated constructors set, because no other value is allowed.

use super::{Type, TypeDef, TypeKind};

/// A constant value of a type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// A string, or the value of an enum of strings.
    String(&'a str),
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i128),
    /// The value of an enum of integers.
    EnumInteger(i128),
    /// A 64-bit floating-point number.
    Number(f64),
    /// The digits of a decimal number.
    Decimal(&'a str),
}

impl Type {
    /// Returns a value of this type. `text` is the content of a string, or the JSON text of a boolean or number. Returns
    /// `None` if this type does not allow the value, or is not the type of strings, numbers or booleans.
    pub fn scalar<'a>(&self, text: &'a str, types: &[TypeDef]) -> Option<Scalar<'a>> {
        match self.unaliased(types) {
            Self::String => Some(Scalar::String(text)),
            Self::Boolean => text.parse().ok().map(Scalar::Boolean),
            Self::Integer(format) => text.parse().ok().filter(|value| format.holds(*value)).map(Scalar::Integer),
            Self::Number => text.parse().ok().filter(|value: &f64| value.is_finite()).map(Scalar::Number),
            Self::Decimal => Some(Scalar::Decimal(text)),
            ty => match &ty.definition(types)?.kind {
                TypeKind::StringEnum(_) => Some(Scalar::String(text)),
                TypeKind::IntegerEnum(integers) if !integers.flags => {
                    text.parse().ok().filter(|value| integers.format.holds(*value)).map(Scalar::EnumInteger)
                }
                _ => None,
            },
        }
    }
}
