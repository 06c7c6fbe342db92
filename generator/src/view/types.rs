//! Renders Rust types, and the method arguments that accept values of a type, e.g. `impl Into<String>`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::ir::{IntegerFormat, Presence, Tuple, Type, TypeDef, TypeKind};
use crate::name::Names;

use super::markdown::code;

/// The context for rendering types.
pub(crate) struct Types<'a> {
    pub definitions: &'a [TypeDef],
    pub names: &'a Names,
    /// The absolute path of the API's module, e.g. `crate::digicert_mpki`.
    pub root: &'a TokenStream,
    /// The absolute path of the module whose operations are rendered, e.g. `crate::digicert_mpki::operations::seats`.
    pub module: &'a TokenStream,
}

/// An argument of a method: its type, and an expression that converts the argument to the Rust type of the value.
pub(crate) struct Argument {
    pub ty: TokenStream,
    pub value: TokenStream,
    /// Whether `value` is a conversion instead of only the name of the argument.
    pub converts: bool,
}

impl Types<'_> {
    /// Returns the path of a type in the module whose operations are rendered, e.g. of the output of an operation.
    pub fn type_in_module(&self, name: &str) -> TokenStream {
        let (module, name) = (self.module, ident(name));
        quote!(#module::#name)
    }

    /// Returns the path of the API's module, for a link in documentation.
    pub fn link(&self) -> String {
        self.root.to_string().replace(' ', "")
    }

    /// Returns the path of an item of the API, for a link in documentation.
    pub fn path_of(&self, item: &str) -> String {
        // Rustdoc finds raw identifiers without `r#`, which would begin the fragment of a URL.
        format!("{}::{}", self.link(), item.replace("r#", ""))
    }

    /// Describes a type in documentation, with a link to its definition if it has one.
    pub fn described(&self, ty: &Type) -> String {
        match ty {
            Type::Named(id) => {
                let name = self.names.types.get(id.0).map_or("", |names| &names.name);
                format!("[`{name}`]({})", self.path_of(&format!("models::{name}")))
            }
            Type::Array(inner) => format!("array of {}", self.described(inner)),
            Type::Map(inner) => format!("map of {}", self.described(inner)),
            Type::Nullable(inner) => format!("{} or `null`", self.described(inner)),
            Type::Any | Type::ExactJson => "any JSON value".to_owned(),
            Type::AnyObject => "JSON object".to_owned(),
            Type::String | Type::Secret => "string".to_owned(),
            Type::Date => "date".to_owned(),
            Type::DateTime => "date and time".to_owned(),
            Type::Base64 | Type::Base64Url => "bytes in Base64".to_owned(),
            Type::External(external) => code(&external.name()),
            Type::Boolean => "boolean".to_owned(),
            Type::Integer(_) | Type::IntegerText(_) | Type::IntegerOrText(_) => "integer".to_owned(),
            Type::NumberOrText | Type::Number | Type::Decimal => "number".to_owned(),
        }
    }

    /// Returns the Rust type of a value, without the `Option` for absent values.
    pub fn render_type(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Any => quote!(::serde_json::Value),
            Type::ExactJson => quote!(crate::runtime::ExactJson),
            Type::AnyObject => quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>),
            Type::String => quote!(::std::string::String),
            Type::Secret => quote!(crate::runtime::Secret),
            Type::Date => quote!(crate::runtime::Date),
            Type::DateTime => quote!(crate::runtime::DateTime),
            Type::Base64 => quote!(crate::runtime::Base64),
            Type::Base64Url => quote!(crate::runtime::Base64Url),
            Type::Boolean => quote!(bool),
            Type::Integer(format) => integer(*format),
            Type::IntegerText(format) => {
                let integer = integer(*format);
                quote!(crate::runtime::IntegerText<#integer>)
            }
            Type::IntegerOrText(format) => {
                let integer = integer(*format);
                quote!(crate::runtime::IntegerOrText<#integer>)
            }
            Type::NumberOrText => quote!(crate::runtime::NumberOrText),
            Type::Number => quote!(f64),
            Type::Decimal => quote!(crate::runtime::Decimal),
            // The configuration contains only types that can be parsed.
            Type::External(external) => external.path.parse().unwrap_or_default(),
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

    /// Returns the Rust type of an array whose first items have types of their own.
    pub fn render_tuple(&self, tuple: &Tuple) -> TokenStream {
        let items = tuple.items.iter().map(|item| self.render_type(item));
        let items = quote!((#(#items,)*));
        match &tuple.rest {
            None => items,
            Some(rest) => {
                let rest = self.render_type(rest);
                quote!(crate::runtime::Prefixed<#items, #rest>)
            }
        }
    }

    /// Returns the Rust type of a field. Includes an `Option` or `Maybe` if the property may be absent or `null`.
    pub fn render_field_type(&self, ty: &Type, presence: Presence, boxed: bool) -> TokenStream {
        let inner = self.render_type(ty);
        let inner = if boxed { quote!(::std::boxed::Box<#inner>) } else { inner };
        match presence {
            Presence::Required | Presence::EmptyIfAbsent => inner,
            Presence::Optional | Presence::Nullable => quote!(::std::option::Option<#inner>),
            Presence::OptionalNullable => quote!(crate::runtime::Maybe<#inner>),
        }
    }

    /// Returns the description or title of a type. For an alias with neither, returns the description or title of its
    /// target.
    pub fn description(&self, ty: &Type) -> Option<&str> {
        let docs = ty.definitions(self.definitions).map(|definition| &definition.doc);
        let mut texts = docs.flat_map(|doc| [&doc.description, &doc.title]).filter_map(|text| text.as_deref());
        texts.find(|text| !text.trim().is_empty())
    }

    /// Returns an argument called `name` for values of `ty`. If possible, the argument accepts all types that convert
    /// to `ty` without loss, e.g. `impl Into<String>` and `impl IntoIterator<Item = i32>`.
    pub fn argument(&self, ty: &Type, name: &Ident) -> Argument {
        let target = self.render_type(ty);
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
                let (inner, value) = if converts {
                    (quote!(impl ::std::convert::Into<#inner>), quote!(value.into()))
                } else {
                    (inner, quote!(value))
                };
                Argument {
                    ty: quote!(impl ::std::iter::IntoIterator<Item = (impl ::std::convert::Into<::std::string::String>, #inner)>),
                    value: quote!(#name.into_iter().map(|(name, value)| (name.into(), #value)).collect()),
                    converts: true,
                }
            }
            // Setters accept the integer type itself: with `impl Into`, the type of an integer literal would be
            // ambiguous.
            Type::IntegerText(format) | Type::IntegerOrText(format) => {
                Argument { ty: integer(*format), value: quote!(#name.into()), converts: true }
            }
            _ if self.converts(ty) => {
                Argument { ty: quote!(impl ::std::convert::Into<#target>), value: quote!(#name.into()), converts: true }
            }
            _ => plain(target),
        }
    }

    /// Returns whether a type is a string enum.
    pub fn is_string_enum(&self, ty: &Type) -> bool {
        ty.definition(self.definitions).is_some_and(|definition| matches!(definition.kind, TypeKind::StringEnum(_)))
    }

    /// Returns whether arguments of a type are `impl Into<…>`, because other types convert to it.
    fn converts(&self, ty: &Type) -> bool {
        match ty.unaliased(self.definitions) {
            Type::String
            | Type::Secret
            | Type::Date
            | Type::DateTime
            | Type::Base64
            | Type::Base64Url
            | Type::IntegerText(_)
            | Type::IntegerOrText(_)
            | Type::NumberOrText
            | Type::Decimal
            | Type::Any
            | Type::ExactJson => true,
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

/// Returns the Rust type of an integer.
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

/// Converts a name to an identifier. A name with the prefix `r#` becomes a raw identifier.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        // Fast path: most names need no parsing.
        None if is_plain(name) => Ident::new(name, Span::call_site()),
        // Cannot fail: the naming stage returns only valid identifiers.
        None => syn::parse_str(name).unwrap_or_else(|_| Ident::new("_invalid", Span::call_site())),
    }
}

/// Returns whether a name consists of ASCII letters, digits and underscores, and begins with a letter.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Returns a name without the `r#` of a raw identifier.
pub(crate) fn without_raw(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// Returns `text` as a Rust string literal.
pub(super) fn literal(text: &str) -> String {
    proc_macro2::Literal::string(text).to_string()
}
