//! Values that a document fixes, as Rust expressions.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{Type, TypeKind};

use super::types::Types;

/// The value of a type that is written as `text`: a string as it is, any other value as JSON. None where the type has no
/// such value, or is neither a string, a boolean nor a number.
pub(super) fn scalar(ty: &Type, text: &str, types: &Types<'_>) -> Option<TokenStream> {
    let ty = ty.unaliased(types.definitions);
    let from = quote!(::std::convert::From::from);
    match ty {
        Type::String => Some(quote!(#from(#text))),
        Type::Boolean => text.parse::<bool>().ok().map(|value| quote!(#value)),
        Type::Integer(format) => {
            let value: i128 = text.parse().ok().filter(|value| format.holds(*value))?;
            let value = Literal::i128_unsuffixed(value);
            Some(quote!(#value))
        }
        Type::Number => {
            let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
            let value = Literal::f64_unsuffixed(value);
            Some(quote!(#value))
        }
        Type::Decimal => Some(quote!(crate::runtime::Decimal::literal(#text))),
        _ => match &ty.definition(types.definitions)?.kind {
            TypeKind::StringEnum(_) => Some(quote!(#from(#text))),
            TypeKind::IntegerEnum(numbers) if !numbers.flags => {
                let value: i128 = text.parse().ok().filter(|value| numbers.format.holds(*value))?;
                let value = Literal::i128_unsuffixed(value);
                Some(quote!(#from(#value)))
            }
            _ => None,
        },
    }
}
