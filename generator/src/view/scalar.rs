//! Rust expressions for constant values of a document, e.g. the only allowed value of a property.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{Scalar, Type};

use super::types::Types;

/// Returns the expression for the value that [`Type::scalar`] returns.
pub(super) fn scalar(ty: &Type, text: &str, types: &Types<'_>) -> Option<TokenStream> {
    let from = quote!(::std::convert::From::from);
    Some(match ty.scalar(text, types.definitions)? {
        Scalar::String(text) => quote!(#from(#text)),
        Scalar::Boolean(value) => quote!(#value),
        Scalar::Integer(value) => {
            let value = Literal::i128_unsuffixed(value);
            quote!(#value)
        }
        Scalar::EnumInteger(value) => {
            let value = Literal::i128_unsuffixed(value);
            quote!(#from(#value))
        }
        Scalar::Number(value) => {
            let value = Literal::f64_unsuffixed(value);
            quote!(#value)
        }
        Scalar::Decimal(text) => quote!(crate::runtime::Decimal::literal(#text)),
    })
}
