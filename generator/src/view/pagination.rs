//! Views of operations with `x-pagination`: how pages are requested, and the expressions that read a page from a
//! response.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{IntegerFormat, Operation, Pagination, PagingStyle, Presence, Property, Type, ValueSource};

use super::types::{Types, ident, literal};

/// The implementation of the trait `Paginated` for an operation.
#[derive(Debug, Serialize)]
pub(crate) struct PaginationView {
    pub item: String,
    pub paging: String,
    /// The name of the argument for the response headers: `headers`, or `_headers` if unused.
    pub headers: String,
    /// The Rust expression that reads the total number of items from `output` or `headers`. The following fields are
    /// such expressions too. Only `items` moves `output`; the other expressions borrow it and are evaluated first.
    pub total: String,
    pub total_pages: String,
    pub has_more: String,
    pub next: String,
    pub items: String,
}

pub(super) fn view(pagination: &Pagination, operation: &Operation, types: &Types<'_>) -> Option<PaginationView> {
    let (ty, optional) = operation.success.json()?;
    let output = Output { ty, optional, types };
    let sources = [&pagination.total, &pagination.total_pages, &pagination.has_more, &pagination.next];
    let reads_headers =
        sources.into_iter().any(|source| matches!(source, Some(ValueSource::Header(_) | ValueSource::Link)));
    // Unsuffixed, so that generated code has `0` instead of `0usize`.
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
    let mut paging = quote!(crate::runtime::Paging::new(crate::runtime::PagingStyle::#style));
    if let Some(limit) = pagination.limit.filter(|_| pagination.short_page_ends) {
        let slot = slot(limit);
        paging = quote!(#paging.short_page_ends(#slot));
    }
    if pagination.empty_page_ends {
        paging = quote!(#paging.empty_page_ends(true));
    }
    let expression = |source: &Option<ValueSource>, read| match source {
        None => Some(quote!(::std::option::Option::None).to_string()),
        Some(source) => output.read(source, read).map(|expression| expression.to_string()),
    };
    Some(PaginationView {
        item: types.render_type(&pagination.item).to_string(),
        paging: paging.to_string(),
        headers: if reads_headers { "headers" } else { "_headers" }.to_owned(),
        total: expression(&pagination.total, Read::Number)?,
        total_pages: expression(&pagination.total_pages, Read::Number)?,
        has_more: expression(&pagination.has_more, Read::Boolean)?,
        next: expression(&pagination.next, Read::String)?,
        items: output.items(&pagination.items)?.to_string(),
    })
}

/// An expression that reads a value from the output.
enum Expression {
    /// A value that is always present.
    Always(TokenStream),
    /// An `Option` of the value.
    Maybe(TokenStream),
}

use Expression::{Always, Maybe};

/// The type that a value of a response is converted to.
#[derive(Clone, Copy)]
enum Read {
    Number,
    Boolean,
    String,
}

/// The output of an operation.
struct Output<'a> {
    ty: &'a Type,
    /// Whether the output is an `Option`.
    optional: bool,
    types: &'a Types<'a>,
}

impl<'a> Output<'a> {
    /// Returns an expression that reads a value from a header or from a property of the output. The type of the
    /// expression is an `Option`.
    fn read(&self, source: &ValueSource, read: Read) -> Option<TokenStream> {
        match source {
            ValueSource::Link => Some(quote!(crate::runtime::paging::next_link(headers))),
            ValueSource::Header(name) => {
                let name: TokenStream = literal(name).parse().ok()?;
                let function = match read {
                    Read::Number => quote!(number),
                    Read::Boolean => quote!(flag),
                    Read::String => quote!(text),
                };
                Some(quote!(crate::runtime::paging::#function(headers, #name)))
            }
            ValueSource::Property(path) => self.value(path, read),
        }
    }

    /// Returns an expression that moves the items out of the output. `path` consists of property names.
    fn items(&self, path: &[String]) -> Option<TokenStream> {
        let mut ty = self.ty;
        let mut expression = if self.optional { Maybe(quote!(output)) } else { Always(quote!(output)) };
        for name in path {
            let (property, field) = self.property(ty, name)?;
            let value = |place: TokenStream| match property.presence {
                Presence::OptionalNullable => quote!(#place.#field.into_option()),
                _ => quote!(#place.#field),
            };
            expression = match (expression, property.presence) {
                (Always(place), Presence::Required | Presence::EmptyIfAbsent) => Always(value(place)),
                (Always(place), _) => Maybe(value(place)),
                (Maybe(place), presence) => {
                    let value = value(quote!(at));
                    Maybe(match presence {
                        Presence::Required | Presence::EmptyIfAbsent => quote!(#place.map(|at| #value)),
                        _ => quote!(#place.and_then(|at| #value)),
                    })
                }
            };
            ty = &property.ty;
        }
        Some(match expression {
            Always(place) => place,
            Maybe(place) => quote!(#place.unwrap_or_default()),
        })
    }

    /// Returns an expression that reads the number, boolean or string at a path of property names, as an owned
    /// `Option`.
    fn value(&self, path: &[String], read: Read) -> Option<TokenStream> {
        let (last, parents) = path.split_last()?;
        let (ty, expression) = self.reference(parents)?;
        let (property, field) = self.property(ty, last)?;
        let ty = property.ty.unaliased(self.types.definitions);
        if matches!(ty, Type::Any | Type::External(_)) {
            return Some(match self.reference(path)? {
                (_, Always(place)) => quote!(crate::runtime::paging::text_of(&#place)),
                (_, Maybe(place)) => quote!(#place.and_then(crate::runtime::paging::text_of)),
            });
        }
        let value = |place: TokenStream| match (property.presence, ty) {
            (Presence::OptionalNullable, Type::String) => quote!(#place.#field.as_option().cloned()),
            (Presence::OptionalNullable, _) => quote!(#place.#field.into_option()),
            (_, Type::String) => quote!(#place.#field.clone()),
            _ => quote!(#place.#field),
        };
        let option = match (expression, property.presence) {
            (Always(place), Presence::Required | Presence::EmptyIfAbsent) => {
                let value = value(place);
                let value = match (read, ty) {
                    (Read::String, Type::Integer(_)) => quote!(#value.to_string()),
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
            (Maybe(place), Presence::Required | Presence::EmptyIfAbsent) => {
                let value = value(quote!(at));
                quote!(#place.map(|at| #value))
            }
            (Maybe(place), _) => {
                let value = value(quote!(at));
                quote!(#place.and_then(|at| #value))
            }
        };
        Some(match (read, ty) {
            (Read::String, Type::Integer(_)) => quote!(#option.map(|value| value.to_string())),
            (Read::Number, Type::Integer(format)) if is_wide(*format) => {
                quote!(#option.and_then(|value| i64::try_from(value).ok()))
            }
            (Read::Number, Type::Integer(format)) if *format != IntegerFormat::Int64 => quote!(#option.map(i64::from)),
            (Read::Number, Type::Number) => quote!(#option.map(|value| value as i64)),
            _ => option,
        })
    }

    /// Returns the type of the value at a path, and an expression for the value. If the value may be absent, the
    /// expression is an `Option` of a reference.
    fn reference(&self, path: &[String]) -> Option<(&'a Type, Expression)> {
        let mut ty = self.ty;
        let mut expression = if self.optional { Maybe(quote!(output.as_ref())) } else { Always(quote!(output)) };
        for name in path {
            let (property, field) = self.property(ty, name)?;
            let reference = |place: TokenStream| match property.presence {
                Presence::Required | Presence::EmptyIfAbsent => quote!(&#place.#field),
                Presence::Optional | Presence::Nullable => quote!(#place.#field.as_ref()),
                Presence::OptionalNullable => quote!(#place.#field.as_option()),
            };
            expression = match (expression, property.presence) {
                (Always(place), Presence::Required | Presence::EmptyIfAbsent) => Always(quote!(#place.#field)),
                (Always(place), _) => Maybe(reference(place)),
                (Maybe(place), presence) => {
                    let reference = reference(quote!(at));
                    Maybe(match presence {
                        Presence::Required | Presence::EmptyIfAbsent => quote!(#place.map(|at| #reference)),
                        _ => quote!(#place.and_then(|at| #reference)),
                    })
                }
            };
            ty = &property.ty;
        }
        Some((ty, expression))
    }

    /// Returns a property of an object and the name of its Rust field.
    fn property(&self, ty: &Type, name: &str) -> Option<(&'a Property, Ident)> {
        let definitions = self.types.definitions;
        let definition = ty.definition(definitions)?;
        let position = definitions.iter().position(|known| std::ptr::eq(known, definition))?;
        let properties = &ty.object(definitions)?.properties;
        let index = properties.iter().position(|property| property.name == name)?;
        let field = &self.types.names.types.get(position)?.properties.get(index)?.field;
        Some((properties.get(index)?, ident(field)))
    }
}

/// Returns whether a format has values outside the range of `i64`.
fn is_wide(format: IntegerFormat) -> bool {
    matches!(format, IntegerFormat::UInt64 | IntegerFormat::Int128)
}
