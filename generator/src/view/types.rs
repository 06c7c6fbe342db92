//! Rust types, spelt with `quote`, and how values of them are taken from callers.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::ir::{IntegerFormat, Presence, Type, TypeDef, TypeKind};
use crate::name::Names;

/// What spelling a type takes to know.
pub(crate) struct Types<'a> {
    pub definitions: &'a [TypeDef],
    pub names: &'a Names,
    /// The module of the API, as an absolute path: `crate::digicert_mpki`.
    pub root: &'a TokenStream,
}

/// How a method takes a value: the type of its argument, and the expression that makes the value of it.
pub(crate) struct Argument {
    pub ty: TokenStream,
    pub value: TokenStream,
    /// Whether the expression is more than the argument itself.
    pub converts: bool,
}

impl Types<'_> {
    /// The type of a value that is there.
    pub fn render_type(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Any => quote!(::serde_json::Value),
            Type::ExactJson => quote!(crate::runtime::ExactJson),
            Type::AnyObject => quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>),
            Type::String => quote!(::std::string::String),
            Type::Secret => quote!(crate::runtime::Secret),
            Type::Date => quote!(crate::runtime::Date),
            Type::DateTime => quote!(crate::runtime::DateTime),
            Type::Boolean => quote!(bool),
            Type::Integer(format) => integer(*format),
            Type::Number => quote!(f64),
            Type::Decimal => quote!(crate::runtime::Decimal),
            Type::Array(inner) => {
                let inner = self.render_type(inner);
                quote!(::std::vec::Vec<#inner>)
            }
            Type::Map(inner) => {
                let inner = self.render_type(inner);
                quote!(::std::collections::BTreeMap<::std::string::String, #inner>)
            }
            Type::Nullable(inner) => {
                let inner = self.render_type(inner);
                quote!(::std::option::Option<#inner>)
            }
            Type::Named(id) => {
                let root = self.root;
                let name = ident(self.names.types.get(id.0).map_or("", |names| &names.name));
                quote!(#root::models::#name)
            }
        }
    }

    /// The type of a member, which may be absent or `null`.
    pub fn render_field_type(&self, ty: &Type, presence: Presence, boxed: bool) -> TokenStream {
        let inner = self.render_type(ty);
        let inner = if boxed { quote!(::std::boxed::Box<#inner>) } else { inner };
        match presence {
            Presence::Required => inner,
            Presence::Optional | Presence::Nullable => quote!(::std::option::Option<#inner>),
            Presence::OptionalNullable => quote!(crate::runtime::Maybe<#inner>),
        }
    }

    /// The words of the document on the type itself, or on what it is another name of.
    pub fn words(&self, ty: &Type) -> Option<&str> {
        let mut ty = ty;
        for _ in 0..=self.definitions.len() {
            let Type::Named(id) = ty else { return None };
            let definition = self.definitions.get(id.0)?;
            let words = |text: &&Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
            let said = [&definition.doc.description, &definition.doc.title].into_iter().find(words);
            match (said, &definition.kind) {
                (Some(said), _) => return said.as_deref(),
                (None, TypeKind::Alias(next)) => ty = next,
                (None, _) => return None,
            }
        }
        None
    }

    /// How a value of `ty` is taken under the name `name`: as whatever converts into it without a loss.
    pub fn argument(&self, ty: &Type, name: &Ident) -> Argument {
        let spelt = self.render_type(ty);
        let plain = |ty: TokenStream| Argument { ty, value: quote!(#name), converts: false };
        match ty.unaliased(self.definitions) {
            Type::Array(inner) => {
                if self.converts(inner) {
                    let inner = self.render_type(inner);
                    Argument {
                        ty: quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<#inner>>),
                        value: quote!(#name.into_iter().map(::std::convert::Into::into).collect()),
                        converts: true,
                    }
                } else {
                    let inner = self.render_type(inner);
                    Argument {
                        ty: quote!(impl ::std::iter::IntoIterator<Item = #inner>),
                        value: quote!(#name.into_iter().collect()),
                        converts: true,
                    }
                }
            }
            Type::Map(inner) => {
                let converts = self.converts(inner);
                let inner = self.render_type(inner);
                let (inner, member) = if converts {
                    (quote!(impl ::std::convert::Into<#inner>), quote!(member.into()))
                } else {
                    (inner, quote!(member))
                };
                Argument {
                    ty: quote!(impl ::std::iter::IntoIterator<Item = (impl ::std::convert::Into<::std::string::String>, #inner)>),
                    value: quote!(#name.into_iter().map(|(name, member)| (name.into(), #member)).collect()),
                    converts: true,
                }
            }
            _ if self.converts(ty) => {
                Argument { ty: quote!(impl ::std::convert::Into<#spelt>), value: quote!(#name.into()), converts: true }
            }
            _ => plain(spelt),
        }
    }

    /// Whether values of this type are one of some texts.
    pub fn is_string_enum(&self, ty: &Type) -> bool {
        ty.definition(self.definitions).is_some_and(|definition| matches!(definition.kind, TypeKind::StringEnum(_)))
    }

    /// Whether callers have values of other types that convert into this one.
    fn converts(&self, ty: &Type) -> bool {
        match ty.unaliased(self.definitions) {
            Type::String | Type::Secret | Type::Date | Type::DateTime | Type::Decimal | Type::Any | Type::ExactJson => {
                true
            }
            Type::Named(_) => ty.definition(self.definitions).is_some_and(|definition| {
                matches!(
                    definition.kind,
                    TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Union(_) | TypeKind::Wrapper(_)
                )
            }),
            _ => false,
        }
    }
}

/// The type of an integer.
pub(super) fn integer(format: IntegerFormat) -> TokenStream {
    match format {
        IntegerFormat::Int8 => quote!(i8),
        IntegerFormat::Int16 => quote!(i16),
        IntegerFormat::Int32 => quote!(i32),
        IntegerFormat::Int64 => quote!(i64),
        IntegerFormat::Int128 => quote!(i128),
        IntegerFormat::UInt8 => quote!(u8),
        IntegerFormat::UInt16 => quote!(u16),
        IntegerFormat::UInt32 => quote!(u32),
        IntegerFormat::UInt64 => quote!(u64),
    }
}

/// The identifier that naming chose, raw or not.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        // Most are, and that is seen sooner than parsed.
        None if is_plain(name) => Ident::new(name, Span::call_site()),
        // Naming leaves nothing that is no identifier; what is parsed here is checked there.
        None => syn::parse_str(name).unwrap_or_else(|_| Ident::new("_invalid", Span::call_site())),
    }
}

/// Whether a name is an identifier of ASCII letters, digits and underscores.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A Rust string literal that holds `text`, escaped.
pub(super) fn literal(text: &str) -> String {
    proc_macro2::Literal::string(text).to_string()
}
