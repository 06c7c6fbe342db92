//! What callers give an operation to send: the argument of its body or of each part of its form, and the types of bodies
//! that may be one of several.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{BodyContent, HeaderDoc, Multipart, Part, PartContent, Representation, RequestBody, Type};
use crate::name::{OTHER_PART, OperationNames};

use super::docs::{Docs, linked};
use super::markdown::code;
use super::operation::CallSetterView;
use super::types::{Types, ident};

/// An argument of a method and the statements that use it.
pub(super) struct Taken {
    pub argument: String,
    /// Statements on the call or the parts that the argument goes into.
    pub statements: Vec<String>,
}

/// The enum of the bodies that an operation may send.
#[derive(Debug, Serialize)]
pub(crate) struct BodyEnumView {
    docs: Vec<String>,
    ty: String,
    variants: Vec<BodyVariantView>,
    conversions: Vec<BodyConversionView>,
}

#[derive(Debug, Serialize)]
struct BodyVariantView {
    docs: Vec<String>,
    name: String,
    ty: String,
    /// Statements on `call` and `body`.
    statements: Vec<String>,
}

#[derive(Debug, Serialize)]
struct BodyConversionView {
    from: String,
    variant: String,
    value: String,
}

/// A form that is one of several bodies.
#[derive(Debug, Serialize)]
pub(crate) struct FormView {
    docs: Vec<String>,
    ty: String,
    new_docs: Vec<String>,
    /// `name: type` of each required part.
    arguments: Vec<String>,
    statements: Vec<String>,
    /// Whether no part is required, so that the type has a default.
    has_default: bool,
    setters: Vec<CallSetterView>,
}

/// How the one body of an operation is taken into `call`.
pub(super) fn body_taken(content: &BodyContent, name: &str, call: &TokenStream, types: &Types<'_>) -> Taken {
    let argument = ident(name);
    let Some(ty) = content.value() else {
        return Taken {
            argument: quote!(#argument: impl ::std::convert::Into<crate::runtime::Body>).to_string(),
            statements: vec![quote!(#call.body(#argument);).to_string()],
        };
    };
    let (setter, value) = (ident(setter(content, types)), sent_value(content, &argument, types));
    value_taken(ty, &argument, types, &quote!(#call.#setter(#value);))
}

/// The value that the method of a call is given, where it is not taken as it is.
fn sent_value(content: &BodyContent, value: &Ident, types: &Types<'_>) -> TokenStream {
    match content {
        BodyContent::Json(ty) if ty.is_numeric(types.definitions) => quote!(&crate::runtime::number::Written(&#value)),
        _ => quote!(&#value),
    }
}

/// The method of a call that takes the value.
fn setter(content: &BodyContent, types: &Types<'_>) -> &'static str {
    match content {
        BodyContent::Json(_) => "json",
        BodyContent::Text(ty) if *ty.unaliased(types.definitions) == Type::String => "text",
        BodyContent::Text(_) => "text_of",
        BodyContent::Form(..) => "form",
        BodyContent::MultipartOf(_) => "multipart_of",
        BodyContent::Multipart(_) => "multipart",
        BodyContent::Bytes => "body",
    }
}

fn value_taken(ty: &Type, name: &Ident, types: &Types<'_>, store: &TokenStream) -> Taken {
    let argument = types.argument(ty, name);
    let (taken, value) = (argument.ty, argument.value);
    let mut statements = Vec::new();
    if argument.converts {
        let spelt = types.render_type(ty);
        statements.push(quote!(let #name: #spelt = #value;).to_string());
    }
    statements.push(store.to_string());
    Taken { argument: quote!(#name: #taken).to_string(), statements }
}

/// How a body is taken into `call` that may be one of several.
pub(super) fn enum_taken(ty: &str, name: &str, call: &TokenStream) -> Taken {
    let (ty, argument) = (ident(ty), ident(name));
    Taken {
        argument: quote!(#argument: impl ::std::convert::Into<#ty>).to_string(),
        statements: vec![quote!(#argument.into().store(&mut #call);).to_string()],
    }
}

/// How a part of a form is taken into `form`, a call or the parts of one.
pub(super) fn part_taken(index: usize, part: &Part, name: &str, form: &TokenStream, types: &Types<'_>) -> Taken {
    let (argument, index) = (ident(name), Literal::usize_unsuffixed(index));
    let taken = |ty: TokenStream, statement: TokenStream| Taken {
        argument: quote!(#argument: #ty).to_string(),
        statements: vec![statement.to_string()],
    };
    let upload = quote!(::std::convert::Into<crate::runtime::Upload>);
    let any_part = quote!(::std::convert::Into<crate::runtime::Part>);
    match &part.content {
        PartContent::File => taken(quote!(impl #upload), quote!(#form.part(#index, #argument.into());)),
        PartContent::Files => taken(
            quote!(impl ::std::iter::IntoIterator<Item = impl #upload>),
            quote!(#form.parts(#index, #argument.into_iter().map(::std::convert::Into::<crate::runtime::Upload>::into));),
        ),
        // What comes with headers, or whose media type is to be chosen, is a part that the caller makes.
        PartContent::Values(_) if is_made_by_caller(part) => taken(
            quote!(impl ::std::iter::IntoIterator<Item = impl #any_part>),
            quote!(#form.parts(#index, #argument);),
        ),
        PartContent::Value(_) | PartContent::Json(_) if is_made_by_caller(part) => {
            taken(quote!(impl #any_part), quote!(#form.part(#index, #argument);))
        }
        PartContent::Any => taken(quote!(impl #any_part), quote!(#form.part(#index, #argument);)),
        PartContent::Values(ty) => {
            let store = quote!(#form.parts(#index, #argument.iter().map(crate::runtime::Part::value)););
            value_taken(&Type::Array(Box::new(ty.clone())), &argument, types, &store)
        }
        PartContent::Json(ty) => {
            let store = quote!(#form.part(#index, crate::runtime::Part::json(&#argument)););
            value_taken(ty, &argument, types, &store)
        }
        PartContent::Value(ty) => {
            let store = quote!(#form.part(#index, crate::runtime::Part::value(&#argument)););
            value_taken(ty, &argument, types, &store)
        }
    }
}

/// Whether a part has more to it than its value.
fn is_made_by_caller(part: &Part) -> bool {
    !part.headers.is_empty() || part.content_types.is_some()
}

/// What there is to say of a part.
pub(super) fn part_docs(part: &Part) -> Docs {
    let mut docs = Docs::default().of(&part.doc);
    if let Some(choice) = &part.content_types {
        let sent = match part.content {
            PartContent::File | PartContent::Files => "`application/octet-stream` is sent",
            _ => "what it is made of decides",
        };
        docs = docs.own(format!(
            "Its media type is one of {}: `content_type` of the part says which, else {sent}.",
            code(choice)
        ));
    }
    if part.headers.is_empty() {
        return docs;
    }
    let header = |header: &HeaderDoc| {
        let required = if header.required { ", which it must have" } else { "" };
        (format!("{}{required}", code(&header.name)), Docs::default().of(&header.doc))
    };
    docs.own("Its headers, which `header` of the part sets:").listed(part.headers.iter().map(header).collect())
}

/// Where a part goes, in words.
pub(super) fn part_place(part: &Part) -> String {
    format!("The form's part {}.", code(&part.name))
}

/// The setter of parts that the document does not name.
pub(super) fn other_part(form: &TokenStream) -> CallSetterView {
    CallSetterView {
        docs: Docs::default().own("Adds a part that the API's description does not name.").or(String::new),
        deprecated: false,
        name: OTHER_PART.to_owned(),
        argument: quote!(name: impl ::std::convert::Into<::std::string::String>, part: impl ::std::convert::Into<crate::runtime::Part>)
            .to_string(),
        statements: vec![quote!(#form.other_part(name, part);).to_string()],
    }
}

/// The enum of an operation's bodies.
pub(super) fn body_enum(body: &RequestBody, names: &OperationNames, types: &Types<'_>) -> Option<BodyEnumView> {
    let enumeration = names.bodies.as_ref()?;
    let mut variants = Vec::new();
    let mut plain: Vec<(String, bool)> = Vec::new();
    for (index, (representation, name)) in body.representations.iter().zip(&enumeration.variants).enumerate() {
        let content = &representation.content;
        let ty = match (content.value(), content) {
            (Some(ty), _) => types.render_type(ty),
            (None, BodyContent::Multipart(_)) => {
                let form = ident(names.form.as_ref().map_or("", |form| &form.ty));
                quote!(#form)
            }
            (None, _) => quote!(crate::runtime::Body),
        };
        let (setter, position) = (ident(setter(content, types)), Literal::usize_unsuffixed(index));
        let value = match content {
            BodyContent::Multipart(_) => quote!(body.parts),
            BodyContent::Bytes => quote!(body),
            _ => sent_value(content, &ident("body"), types),
        };
        variants.push(BodyVariantView {
            docs: Docs::default().own(variant_words(representation)).of(&representation.doc).or(String::new),
            name: name.clone(),
            ty: ty.to_string(),
            statements: vec![quote!(call.represent(#position);).to_string(), quote!(call.#setter(#value);).to_string()],
        });
        let unaliased =
            content.value().map_or_else(|| ty.clone(), |ty| types.render_type(ty.unaliased(types.definitions)));
        let is_preferred = representation.media_type.eq_ignore_ascii_case("application/json");
        plain.push((unaliased.to_string(), is_preferred));
    }
    let mut conversions = Vec::new();
    for (position, (variant, (ty, is_preferred))) in variants.iter().zip(&plain).enumerate() {
        let same = || plain.iter().enumerate().filter(|(other, (it, _))| it == ty && *other != position);
        // A value that may be sent in several ways goes as JSON, where that is one of them; else it is left open.
        if same().count() == 0 || (*is_preferred && !same().any(|(_, (_, other))| *other)) {
            let value = quote!(value).to_string();
            conversions.push(BodyConversionView { from: variant.ty.clone(), variant: variant.name.clone(), value });
            if *ty == quote!(::std::string::String).to_string() {
                let value = quote!(::std::convert::Into::into(value)).to_string();
                let from = quote!(&str).to_string();
                conversions.push(BodyConversionView { from, variant: variant.name.clone(), value });
            }
        }
    }
    let docs = Docs::default().own(format!("What {} sends, by its media type.", linked(&names.ty)));
    Some(BodyEnumView { docs: docs.or(String::new), ty: enumeration.ty.clone(), variants, conversions })
}

fn variant_words(representation: &Representation<BodyContent>) -> String {
    let media_type = code(&representation.media_type);
    match told_by_header(representation) {
        Some(what) => format!("{media_type}: {what}."),
        None => format!("{media_type}."),
    }
}

/// What only the caller knows of a body's media type.
pub(super) fn told_by_header(representation: &Representation<BodyContent>) -> Option<&'static str> {
    let media_type = &representation.media_type;
    if representation.content != BodyContent::Bytes {
        None
    } else if media_type.contains('*') {
        Some("say which one by the header `content-type`")
    } else if media_type.to_ascii_lowercase().starts_with("multipart/") {
        Some("say the boundary of its parts by the header `content-type`")
    } else {
        None
    }
}

/// The form of an operation, where it is one of several bodies.
pub(super) fn form(body: &RequestBody, names: &OperationNames, types: &Types<'_>) -> Option<FormView> {
    let own = names.form.as_ref()?;
    let form: &Multipart = body.representations.iter().find_map(|representation| match &representation.content {
        BodyContent::Multipart(form) => Some(form),
        _ => None,
    })?;
    let docs = Docs::default().of(&form.doc).own(format!("The form that {} may send.", linked(&names.ty)));
    let mut view = FormView {
        docs: docs.or(String::new),
        new_docs: Vec::new(),
        ty: own.ty.clone(),
        arguments: Vec::new(),
        statements: Vec::new(),
        has_default: false,
        setters: Vec::new(),
    };
    let mut argument_docs = Vec::new();
    for (index, (part, name)) in form.parts.iter().zip(&own.parts).enumerate() {
        let demanded = part.required && part.client_value.is_none();
        let form = if demanded { quote!(parts) } else { quote!(self.parts) };
        let taken = part_taken(index, part, name, &form, types);
        if demanded {
            let words = part_docs(part);
            if !words.is_empty() {
                argument_docs.push((code(name.strip_prefix("r#").unwrap_or(name)), words));
            }
            view.arguments.push(taken.argument);
            view.statements.extend(taken.statements);
            continue;
        }
        view.setters.push(CallSetterView {
            docs: part_docs(part).own(part_place(part)).or(String::new),
            deprecated: part.doc.deprecated,
            name: name.clone(),
            argument: taken.argument,
            statements: taken.statements,
        });
    }
    if form.open {
        view.setters.push(other_part(&quote!(self.parts)));
    }
    view.has_default = view.arguments.is_empty();
    view.new_docs = Docs::default().own("A form of the parts that it must have.").listed(argument_docs).or(String::new);
    Some(view)
}

/// The type that an operation's calls send.
pub(super) fn body_type(body: Option<&RequestBody>, names: &OperationNames, types: &Types<'_>) -> TokenStream {
    let Some(body) = body else { return quote!(()) };
    let Some(only) = body.only() else {
        let ty = ident(names.bodies.as_ref().map_or("", |bodies| &bodies.ty));
        return quote!(#ty);
    };
    let ty = match &only.content {
        BodyContent::Json(ty) | BodyContent::Text(ty) => types.render_type(ty),
        BodyContent::Form(..) | BodyContent::Multipart(_) | BodyContent::MultipartOf(_) => {
            return quote!(crate::runtime::Form);
        }
        BodyContent::Bytes => quote!(::bytes::Bytes),
    };
    if body.required { ty } else { quote!(::std::option::Option<#ty>) }
}
