//! `x-pagination` as Rust: how pages are asked for, and the expressions that find a page in an answer.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{IntegerFormat, Operation, Pagination, PagingStyle, Presence, Property, Told, Type};

use super::types::{Types, ident, literal};

/// What makes an operation a listing.
#[derive(Debug, Serialize)]
pub(crate) struct PaginationView {
    pub item: String,
    pub style: String,
    pub short_page_ends: String,
    pub empty_page_ends: String,
    /// The name of the argument, which says where nothing is read from it.
    pub headers: String,
    /// Expressions over `output` and `headers`. They borrow, so that `items`, the last one, can move.
    pub total: String,
    pub total_pages: String,
    pub has_more: String,
    pub next: String,
    pub items: String,
}

pub(super) fn view(pagination: &Pagination, operation: &Operation, types: &Types<'_>) -> Option<PaginationView> {
    let (ty, optional) = operation.success.json()?;
    let answer = Answer { ty, optional, types };
    let told = [&pagination.total, &pagination.total_pages, &pagination.has_more, &pagination.next];
    let reads_headers = told.into_iter().any(|told| matches!(told, Some(Told::Header(_) | Told::Link)));
    // Without their type, as a person writes them.
    let slot = Literal::usize_unsuffixed;
    let style = match pagination.style {
        PagingStyle::Offset(parameter) => {
            let slot = slot(parameter);
            quote!(Offset { slot: #slot })
        }
        PagingStyle::PageNumber { parameter, first } => {
            let (slot, first) = (slot(parameter), Literal::i64_unsuffixed(first));
            quote!(PageNumber { slot: #slot, first: #first })
        }
        PagingStyle::Cursor(parameter) => {
            let slot = slot(parameter);
            quote!(Cursor { slot: #slot })
        }
        PagingStyle::NextLink => quote!(NextLink),
    };
    let short_page_ends = match pagination.limit.filter(|_| pagination.short_page_ends) {
        Some(limit) => {
            let slot = slot(limit);
            quote!(::std::option::Option::Some(#slot))
        }
        None => quote!(::std::option::Option::None),
    };
    let told = |told: &Option<Told>, read| match told {
        None => Some(quote!(::std::option::Option::None).to_string()),
        Some(told) => answer.told(told, read).map(|expression| expression.to_string()),
    };
    Some(PaginationView {
        item: types.render_type(&pagination.item).to_string(),
        style: quote!(crate::runtime::PagingStyle::#style).to_string(),
        short_page_ends: short_page_ends.to_string(),
        empty_page_ends: pagination.empty_page_ends.to_string(),
        headers: if reads_headers { "headers" } else { "_headers" }.to_owned(),
        total: told(&pagination.total, Read::Number)?,
        total_pages: told(&pagination.total_pages, Read::Number)?,
        has_more: told(&pagination.has_more, Read::Flag)?,
        next: told(&pagination.next, Read::Text)?,
        items: answer.items(&pagination.items)?.to_string(),
    })
}

/// An expression: a place that is always there, or an `Option`.
enum Found {
    Always(TokenStream),
    Maybe(TokenStream),
}

use Found::{Always, Maybe};

/// As what something is read.
#[derive(Clone, Copy)]
enum Read {
    Number,
    Flag,
    Text,
}

/// The value that an operation answers.
struct Answer<'a> {
    ty: &'a Type,
    /// Whether it is an `Option`.
    optional: bool,
    types: &'a Types<'a>,
}

impl<'a> Answer<'a> {
    fn told(&self, told: &Told, read: Read) -> Option<TokenStream> {
        match told {
            Told::Link => Some(quote!(crate::runtime::paging::next_link(headers))),
            Told::Header(name) => {
                let name: TokenStream = literal(name).parse().ok()?;
                let function = match read {
                    Read::Number => quote!(number),
                    Read::Flag => quote!(flag),
                    Read::Text => quote!(text),
                };
                Some(quote!(crate::runtime::paging::#function(headers, #name)))
            }
            Told::Property(path) => self.value(path, read),
        }
    }

    /// The items, moved out of the answer.
    fn items(&self, path: &[String]) -> Option<TokenStream> {
        let mut ty = self.ty;
        let mut found = if self.optional { Maybe(quote!(output)) } else { Always(quote!(output)) };
        for name in path {
            let (member, field) = self.member(ty, name)?;
            let value = |place: TokenStream| match member.presence {
                Presence::OptionalNullable => quote!(#place.#field.into_option()),
                _ => quote!(#place.#field),
            };
            found = match (found, member.presence) {
                (Always(place), Presence::Required) => Always(value(place)),
                (Always(place), _) => Maybe(value(place)),
                (Maybe(place), presence) => {
                    let value = value(quote!(at));
                    Maybe(match presence {
                        Presence::Required => quote!(#place.map(|at| #value)),
                        _ => quote!(#place.and_then(|at| #value)),
                    })
                }
            };
            ty = &member.ty;
        }
        Some(match found {
            Always(place) => place,
            Maybe(place) => quote!(#place.unwrap_or_default()),
        })
    }

    /// A number, flag or text, as an `Option` of its own.
    fn value(&self, path: &[String], read: Read) -> Option<TokenStream> {
        let (last, way) = path.split_last()?;
        let (ty, found) = self.reached(way)?;
        let (member, field) = self.member(ty, last)?;
        let ty = member.ty.unaliased(self.types.definitions);
        if *ty == Type::Any {
            return Some(match self.reached(path)? {
                (_, Always(place)) => quote!(crate::runtime::paging::text_of(&#place)),
                (_, Maybe(place)) => quote!(#place.and_then(crate::runtime::paging::text_of)),
            });
        }
        let value = |place: TokenStream| match (member.presence, ty) {
            (Presence::OptionalNullable, Type::String) => quote!(#place.#field.as_option().cloned()),
            (Presence::OptionalNullable, _) => quote!(#place.#field.into_option()),
            (_, Type::String) => quote!(#place.#field.clone()),
            _ => quote!(#place.#field),
        };
        let option = match (found, member.presence) {
            (Always(place), Presence::Required) => {
                let value = value(place);
                let value = match (read, ty) {
                    (Read::Text, Type::Integer(_)) => quote!(#value.to_string()),
                    (Read::Number, Type::Integer(format)) if is_wide(*format) => {
                        return Some(quote!(i64::try_from(#value).ok()));
                    }
                    (Read::Number, Type::Integer(format)) if *format != IntegerFormat::Int64 => {
                        quote!(i64::from(#value))
                    }
                    (Read::Number, Type::Number) => quote!(#value as i64),
                    _ => value,
                };
                return Some(quote!(::std::option::Option::Some(#value)));
            }
            (Always(place), _) => value(place),
            (Maybe(place), Presence::Required) => {
                let value = value(quote!(at));
                quote!(#place.map(|at| #value))
            }
            (Maybe(place), _) => {
                let value = value(quote!(at));
                quote!(#place.and_then(|at| #value))
            }
        };
        Some(match (read, ty) {
            (Read::Text, Type::Integer(_)) => quote!(#option.map(|value| value.to_string())),
            (Read::Number, Type::Integer(format)) if is_wide(*format) => {
                quote!(#option.and_then(|value| i64::try_from(value).ok()))
            }
            (Read::Number, Type::Integer(format)) if *format != IntegerFormat::Int64 => quote!(#option.map(i64::from)),
            (Read::Number, Type::Number) => quote!(#option.map(|value| value as i64)),
            _ => option,
        })
    }

    /// The type at the end of a path, and the place or an `Option` of a reference to it.
    fn reached(&self, path: &[String]) -> Option<(&'a Type, Found)> {
        let mut ty = self.ty;
        let mut found = if self.optional { Maybe(quote!(output.as_ref())) } else { Always(quote!(output)) };
        for name in path {
            let (member, field) = self.member(ty, name)?;
            let reference = |place: TokenStream| match member.presence {
                Presence::Required => quote!(&#place.#field),
                Presence::Optional | Presence::Nullable => quote!(#place.#field.as_ref()),
                Presence::OptionalNullable => quote!(#place.#field.as_option()),
            };
            found = match (found, member.presence) {
                (Always(place), Presence::Required) => Always(quote!(#place.#field)),
                (Always(place), _) => Maybe(reference(place)),
                (Maybe(place), presence) => {
                    let reference = reference(quote!(at));
                    Maybe(match presence {
                        Presence::Required => quote!(#place.map(|at| #reference)),
                        _ => quote!(#place.and_then(|at| #reference)),
                    })
                }
            };
            ty = &member.ty;
        }
        Some((ty, found))
    }

    /// The member of an object, and its field.
    fn member(&self, ty: &Type, name: &str) -> Option<(&'a Property, Ident)> {
        let definitions = self.types.definitions;
        let definition = ty.definition(definitions)?;
        let position = definitions.iter().position(|known| std::ptr::eq(known, definition))?;
        let members = &ty.object(definitions)?.properties;
        let at = members.iter().position(|member| member.name == name)?;
        let field = &self.types.names.types.get(position)?.properties.get(at)?.field;
        Some((members.get(at)?, ident(field)))
    }
}

/// Whether not every number of the format is one of 64 bits with a sign.
fn is_wide(format: IntegerFormat) -> bool {
    matches!(format, IntegerFormat::UInt64 | IntegerFormat::Int128)
}
