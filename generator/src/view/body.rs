//! Views of request bodies: the method argument for a body or for each part of a form, and the enum of a body with
//! several media types.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{BodyContent, HeaderDoc, Multipart, Part, PartContent, Representation, RequestBody, Type};
use crate::name::{OTHER_PART, OperationNames};

use super::deprecation;
use super::docs::{Docs, linked};
use super::markdown::code;
use super::operation::CallSetterView;
use super::operation_info::styles;
use super::types::{Types, ident, without_raw};

/// An argument of a method, and the statements of the method that use the argument.
pub(super) struct ArgumentCode {
    pub argument: String,
    /// Statements that add the argument to the call or to the parts of the form.
    pub statements: Vec<String>,
}

/// The enum of an operation's request body, with a variant for each media type.
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
    /// Statements that add the value `body` to the request `call`.
    statements: Vec<String>,
}

#[derive(Debug, Serialize)]
struct BodyConversionView {
    from: String,
    variant: String,
    value: String,
}

/// The struct of a multipart form. It is only generated if the request body has other media types too; otherwise, the
/// parts are arguments and setters of the operation.
#[derive(Debug, Serialize)]
pub(crate) struct FormView {
    docs: Vec<String>,
    ty: String,
    new_docs: Vec<String>,
    /// The constructor arguments for the required parts, as `name: type`.
    arguments: Vec<String>,
    statements: Vec<String>,
    /// Whether the type implements `Default`, because no part is required.
    has_default: bool,
    setters: Vec<CallSetterView>,
}

/// Returns the method argument for a body with a single media type.
pub(super) fn body_argument(content: &BodyContent, name: &str, call: &TokenStream, types: &Types<'_>) -> ArgumentCode {
    let argument = ident(name);
    let Some(ty) = content.value() else {
        return ArgumentCode {
            argument: quote!(#argument: impl ::std::convert::Into<crate::runtime::Body>).to_string(),
            statements: vec![quote!(#call.body(#argument);).to_string()],
        };
    };
    let (setter, value) = (ident(setter(content, types)), sent_value(content, &argument, types));
    value_argument(ty, &argument, types, &quote!(#call.#setter(#value);))
}

/// Returns the argument for the method that sets the body (see [`setter`]), e.g. `&pet` in `call.json(&pet)`.
fn sent_value(content: &BodyContent, value: &Ident, types: &Types<'_>) -> TokenStream {
    match content {
        BodyContent::Json(ty) if ty.is_numeric(types.definitions) => quote!(&crate::runtime::number::Written(&#value)),
        BodyContent::JsonLines(ty) if ty.is_numeric(types.definitions) => {
            quote!(&#value.iter().map(crate::runtime::number::Written).collect::<::std::vec::Vec<_>>())
        }
        _ => quote!(&#value),
    }
}

/// Returns the name of the method of `Call` that sets the body, e.g. `json`.
fn setter(content: &BodyContent, types: &Types<'_>) -> &'static str {
    match content {
        BodyContent::Json(_) => "json",
        BodyContent::Text(ty) if *ty.unaliased(types.definitions) == Type::String => "text",
        BodyContent::Text(_) => "text_of",
        BodyContent::JsonLines(_) => "json_lines",
        BodyContent::Form(..) => "form",
        BodyContent::MultipartOf(_) => "multipart_of",
        BodyContent::Multipart(_) => "multipart",
        BodyContent::Bytes => "body",
    }
}

fn value_argument(ty: &Type, name: &Ident, types: &Types<'_>, store: &TokenStream) -> ArgumentCode {
    let argument = types.argument(ty, name);
    let (argument_ty, value) = (argument.ty, argument.value);
    let mut statements = Vec::new();
    if argument.converts {
        let target = types.render_type(ty);
        statements.push(quote!(let #name: #target = #value;).to_string());
    }
    statements.push(store.to_string());
    ArgumentCode { argument: quote!(#name: #argument_ty).to_string(), statements }
}

/// Returns the method argument for a body with several media types.
pub(super) fn enum_argument(ty: &str, name: &str, call: &TokenStream) -> ArgumentCode {
    let (ty, argument) = (ident(ty), ident(name));
    ArgumentCode {
        argument: quote!(#argument: impl ::std::convert::Into<#ty>).to_string(),
        statements: vec![quote!(#argument.into().store(&mut #call);).to_string()],
    }
}

/// Returns the method argument for a part of a form. `form` is the expression that parts are added to: the call, or the
/// field `parts` of a form type.
pub(super) fn part_argument(
    index: usize,
    part: &Part,
    name: &str,
    form: &TokenStream,
    types: &Types<'_>,
) -> ArgumentCode {
    let (argument, index) = (ident(name), Literal::usize_unsuffixed(index));
    let plain = |ty: TokenStream, statement: TokenStream| ArgumentCode {
        argument: quote!(#argument: #ty).to_string(),
        statements: vec![statement.to_string()],
    };
    let upload = quote!(::std::convert::Into<crate::runtime::Upload>);
    let any_part = quote!(::std::convert::Into<crate::runtime::Part>);
    match &part.content {
        PartContent::File => plain(quote!(impl #upload), quote!(#form.part(#index, #argument.into());)),
        PartContent::Files => plain(
            quote!(impl ::std::iter::IntoIterator<Item = impl #upload>),
            quote!(#form.parts(#index, #argument.into_iter().map(::std::convert::Into::<crate::runtime::Upload>::into));),
        ),
        // Callers construct a `Part`, because they must choose its media type or set its headers.
        PartContent::Values(_) if needs_custom_part(part) => plain(
            quote!(impl ::std::iter::IntoIterator<Item = impl #any_part>),
            quote!(#form.parts(#index, #argument);),
        ),
        PartContent::Value(_) | PartContent::Json(_) if needs_custom_part(part) => {
            plain(quote!(impl #any_part), quote!(#form.part(#index, #argument);))
        }
        PartContent::Any => plain(quote!(impl #any_part), quote!(#form.part(#index, #argument);)),
        PartContent::Values(ty) => {
            let part = match part.delimiters.as_slice() {
                [] => quote!(crate::runtime::Part::value),
                delimiters => {
                    let styles = styles(delimiters);
                    quote!(|item| crate::runtime::Part::delimited(item, #styles))
                }
            };
            let store = quote!(#form.parts(#index, #argument.iter().map(#part)););
            value_argument(&Type::Array(Box::new(ty.clone())), &argument, types, &store)
        }
        PartContent::Json(ty) => {
            let store = quote!(#form.part(#index, crate::runtime::Part::json(&#argument)););
            value_argument(ty, &argument, types, &store)
        }
        PartContent::Value(ty) => {
            let part = match part.delimiters.as_slice() {
                [] => quote!(crate::runtime::Part::value(&#argument)),
                delimiters => {
                    let styles = styles(delimiters);
                    quote!(crate::runtime::Part::delimited(&#argument, #styles))
                }
            };
            let store = quote!(#form.part(#index, #part););
            value_argument(ty, &argument, types, &store)
        }
    }
}

/// Returns whether callers must pass a `Part` instead of a plain value, because the part has headers or a choice of
/// media types.
pub(super) fn needs_custom_part(part: &Part) -> bool {
    !part.headers.is_empty() || part.content_types.is_some()
}

/// Returns the documentation of a part.
pub(super) fn part_docs(part: &Part) -> Docs {
    let mut docs = Docs::default().of(&part.doc);
    if let Some(choice) = &part.content_types {
        let sent = match part.content {
            PartContent::File | PartContent::Files => "`application/octet-stream` is sent",
            _ => "it is derived from the content",
        };
        docs = docs.text(format!(
            "Media type: one of {}. Set it with `content_type` of the part; otherwise {sent}.",
            code(choice)
        ));
    }
    if part.headers.is_empty() {
        return docs;
    }
    let header = |header: &HeaderDoc| {
        let required = if header.required { " (required)" } else { "" };
        (format!("{}{required}", code(&header.name)), Docs::default().of(&header.doc))
    };
    docs.text("Headers, set with the part's method `header`:").listed(part.headers.iter().map(header).collect())
}

/// Returns the sentence that names the form part which an argument or setter adds, e.g. "The form part `photo`.".
pub(super) fn part_location(part: &Part) -> String {
    format!("The form part {}.", code(&part.name))
}

/// Returns the setter that adds to a form a part that the document does not define.
pub(super) fn other_part(form: &TokenStream) -> CallSetterView {
    CallSetterView {
        docs: Docs::default().text("Adds a part that is not listed in the API definition.").or(String::new),
        deprecated: None,
        name: OTHER_PART.to_owned(),
        argument: quote!(name: impl ::std::convert::Into<::std::string::String>, part: impl ::std::convert::Into<crate::runtime::Part>)
            .to_string(),
        statements: vec![quote!(#form.other_part(name, part);).to_string()],
    }
}

/// Returns the enum of an operation's request body, if the body has several media types.
pub(super) fn body_enum(body: &RequestBody, names: &OperationNames, types: &Types<'_>) -> Option<BodyEnumView> {
    let enumeration = names.bodies.as_ref()?;
    let mut variants = Vec::new();
    let mut variant_types: Vec<(String, bool)> = Vec::new();
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
            docs: Docs::default().text(describe_variant(representation)).of(&representation.doc).or(String::new),
            name: name.clone(),
            ty: ty.to_string(),
            statements: vec![quote!(call.represent(#position);).to_string(), quote!(call.#setter(#value);).to_string()],
        });
        let unaliased =
            content.value().map_or_else(|| ty.clone(), |ty| types.render_type(ty.unaliased(types.definitions)));
        let is_preferred = representation.media_type.eq_ignore_ascii_case("application/json");
        variant_types.push((unaliased.to_string(), is_preferred));
    }
    let mut conversions = Vec::new();
    for (position, (variant, (ty, is_preferred))) in variants.iter().zip(&variant_types).enumerate() {
        let same = || variant_types.iter().enumerate().filter(|(other, (it, _))| it == ty && *other != position);
        // If several variants have the same type, `From` converts values of this type to the JSON variant. If none of
        // these variants is JSON, the enum has no `From` implementation for this type.
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
    let docs =
        Docs::default().text(format!("The request body of {}, with a variant for each media type.", linked(&names.ty)));
    Some(BodyEnumView { docs: docs.or(String::new), ty: enumeration.ty.clone(), variants, conversions })
}

fn describe_variant(representation: &Representation<BodyContent>) -> String {
    let media_type = code(&representation.media_type);
    match content_type_hint(representation) {
        Some(hint) => format!("{media_type}: {hint}."),
        None => format!("{media_type}."),
    }
}

/// Returns the hint that callers must set the header `content-type`, for media types that are not a complete value of
/// this header: ranges such as `image/*`, and multipart types, which need a boundary.
pub(super) fn content_type_hint(representation: &Representation<BodyContent>) -> Option<&'static str> {
    let media_type = &representation.media_type;
    if representation.content != BodyContent::Bytes {
        None
    } else if media_type.contains('*') {
        Some("set the header `content-type` to the actual media type")
    } else if media_type.to_ascii_lowercase().starts_with("multipart/") {
        Some("set the header `content-type` with the boundary of the parts")
    } else {
        None
    }
}

/// Returns the struct of an operation's multipart form. Returns `None` if the request body has no such form, or no
/// other media types.
pub(super) fn form(body: &RequestBody, names: &OperationNames, types: &Types<'_>) -> Option<FormView> {
    let own = names.form.as_ref()?;
    let form: &Multipart = body.representations.iter().find_map(|representation| match &representation.content {
        BodyContent::Multipart(form) => Some(form),
        _ => None,
    })?;
    let docs = Docs::default().of(&form.doc).text(format!("The form that {} sends.", linked(&names.ty)));
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
        let is_argument = part.is_argument();
        let form = if is_argument { quote!(parts) } else { quote!(self.parts) };
        let argument = part_argument(index, part, name, &form, types);
        if is_argument {
            let docs = deprecation::marked(part_docs(part), part.doc.deprecated);
            if !docs.is_empty() {
                argument_docs.push((code(without_raw(name)), docs));
            }
            view.arguments.push(argument.argument);
            view.statements.extend(argument.statements);
            continue;
        }
        view.setters.push(CallSetterView {
            docs: part_docs(part).text(part_location(part)).or(String::new),
            deprecated: deprecation::of(&part.doc),
            name: name.clone(),
            argument: argument.argument,
            statements: argument.statements,
        });
    }
    if form.open {
        view.setters.push(other_part(&quote!(self.parts)));
    }
    view.has_default = view.arguments.is_empty();
    view.new_docs =
        Docs::default().text("Creates a form from its required parts.").listed(argument_docs).or(String::new);
    Some(view)
}

/// Returns the type of an operation's request body.
pub(super) fn body_type(body: Option<&RequestBody>, names: &OperationNames, types: &Types<'_>) -> TokenStream {
    let Some(body) = body else { return quote!(()) };
    let Some(only) = body.only() else {
        return types.type_in_module(names.bodies.as_ref().map_or("", |bodies| &bodies.ty));
    };
    let ty = match &only.content {
        BodyContent::Json(ty) | BodyContent::Text(ty) | BodyContent::JsonLines(ty) => types.render_type(ty),
        BodyContent::Form(..) | BodyContent::Multipart(_) | BodyContent::MultipartOf(_) => {
            return quote!(crate::runtime::Form);
        }
        BodyContent::Bytes => quote!(::bytes::Bytes),
    };
    if body.required { ty } else { quote!(::std::option::Option<#ty>) }
}
