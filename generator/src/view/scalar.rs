//! Rust expressions for constant values of a document, e.g. the only allowed value of a property.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{Type, TypeKind};

use super::types::Types;

/// Returns the expression for a value of type `ty`. `text` is the content of a string, or the JSON text of a boolean or
/// number. Returns `None` if `ty` does not allow the value, or has no constant values in Rust, e.g. an array.
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
            TypeKind::IntegerEnum(integers) if !integers.flags => {
                let value: i128 = text.parse().ok().filter(|value| integers.format.holds(*value))?;
                let value = Literal::i128_unsuffixed(value);
                Some(quote!(#from(#value)))
            }
            _ => None,
        },
    }
}
