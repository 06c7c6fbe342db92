//! What callers give an operation to send: the argument of its body or of each part of its form, and the types of bodies
//! that may be one of several.

use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{BodyContent, HeaderDoc, Multipart, Part, PartContent, Representation, RequestBody, Type};
use crate::name::{OTHER_PART, OperationNames};

use super::docs::{Docs, linked};
use super::markdown::code;
use super::operation::CallSetterView;
use super::types::{Types, ident};

/// A required argument or a setter, before it is known which.
pub(super) struct Taken {
    pub argument: String,
    /// Statements on `call`.
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

/// How the one body of an operation is taken.
pub(super) fn body_taken(content: &BodyContent, name: &str, types: &Types<'_>) -> Taken {
    let Some(ty) = content.value() else {
        let argument = ident(name);
        return Taken {
            argument: quote!(#argument: impl ::std::convert::Into<crate::runtime::Body>).to_string(),
            statements: vec![format!("call.body({name});")],
        };
    };
    value_taken(ty, name, types, |name| format!("call.{}(&{name});", setter(content, types)))
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

fn value_taken(ty: &Type, name: &str, types: &Types<'_>, store: impl Fn(&str) -> String) -> Taken {
    let name_ident = ident(name);
    let argument = types.argument(ty, &name_ident);
    let (taken, value) = (argument.ty, argument.value);
    let mut statements = Vec::new();
    if argument.converts {
        let spelt = types.spell(ty);
        statements.push(quote!(let #name_ident: #spelt = #value;).to_string());
    }
    statements.push(store(name));
    Taken { argument: quote!(#name_ident: #taken).to_string(), statements }
}

/// How a body is taken that may be one of several.
pub(super) fn enum_taken(ty: &str, name: &str) -> Taken {
    let (ty, argument) = (ident(ty), ident(name));
    Taken {
        argument: quote!(#argument: impl ::std::convert::Into<#ty>).to_string(),
        statements: vec![format!("{name}.into().store(&mut call);")],
    }
}

/// How a part of a form is taken.
pub(super) fn part_taken(index: usize, part: &Part, name: &str, types: &Types<'_>) -> Taken {
    let argument = ident(name);
    let store = |function: &'static str| {
        move |name: &str| format!("call.part({index}, crate::runtime::Part::{function}(&{name}));")
    };
    let upload = quote!(::std::convert::Into<crate::runtime::Upload>);
    match &part.content {
        PartContent::File => Taken {
            argument: quote!(#argument: impl #upload).to_string(),
            statements: vec![format!("call.part({index}, {name}.into());")],
        },
        PartContent::Files => Taken {
            argument: quote!(#argument: impl ::std::iter::IntoIterator<Item = impl #upload>).to_string(),
            statements: vec![format!(
                "call.parts({index}, {name}.into_iter().map(::std::convert::Into::<crate::runtime::Upload>::into));"
            )],
        },
        // What comes with headers, or whose media type is to be chosen, is a part that the caller makes.
        PartContent::Value(_) | PartContent::Json(_) | PartContent::Any
            if is_made_by_caller(part) || part.content == PartContent::Any =>
        {
            Taken {
                argument: quote!(#argument: impl ::std::convert::Into<crate::runtime::Part>).to_string(),
                statements: vec![format!("call.part({index}, {name});")],
            }
        }
        PartContent::Values(_) if is_made_by_caller(part) => Taken {
            argument: quote!(#argument: impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<crate::runtime::Part>>)
                .to_string(),
            statements: vec![format!("call.parts({index}, {name});")],
        },
        PartContent::Values(ty) => value_taken(&Type::Array(Box::new(ty.clone())), name, types, |name| {
            format!("call.parts({index}, {name}.iter().map(crate::runtime::Part::value));")
        }),
        PartContent::Json(ty) => value_taken(ty, name, types, store("json")),
        PartContent::Value(ty) => value_taken(ty, name, types, store("value")),
        PartContent::Any => Taken { argument: String::new(), statements: Vec::new() },
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
pub(super) fn other_part(call: &str) -> CallSetterView {
    CallSetterView {
        docs: Docs::default().own("Adds a part that the API's description does not name.").or(String::new),
        deprecated: false,
        name: OTHER_PART.to_owned(),
        argument: quote!(name: impl ::std::convert::Into<::std::string::String>, part: impl ::std::convert::Into<crate::runtime::Part>)
            .to_string(),
        statements: vec![format!("{call}.other_part(name, part);")],
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
            (Some(ty), _) => types.spell(ty),
            (None, BodyContent::Multipart(_)) => {
                let form = ident(names.form.as_ref().map_or("", |form| &form.ty));
                quote!(#form)
            }
            (None, _) => quote!(crate::runtime::Body),
        };
        let setter = setter(content, types);
        let value = match content {
            BodyContent::Multipart(_) => "body.parts",
            BodyContent::Bytes => "body",
            _ => "&body",
        };
        variants.push(BodyVariantView {
            docs: Docs::default().own(variant_words(representation)).of(&representation.doc).or(String::new),
            name: name.clone(),
            ty: ty.to_string(),
            statements: vec![format!("call.represent({index});"), format!("call.{setter}({value});")],
        });
        let unaliased = content.value().map_or_else(|| ty.clone(), |ty| types.spell(ty.unaliased(types.definitions)));
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
        let taken = part_taken(index, part, name, types);
        if part.required {
            let words = part_docs(part);
            if !words.is_empty() {
                argument_docs.push((code(name.strip_prefix("r#").unwrap_or(name)), words));
            }
            view.arguments.push(taken.argument);
            view.statements.extend(taken.statements.iter().map(|it| it.replace("call.part", "parts.part")));
            continue;
        }
        view.setters.push(CallSetterView {
            docs: part_docs(part).own(part_place(part)).or(String::new),
            deprecated: part.doc.deprecated,
            name: name.clone(),
            argument: taken.argument,
            statements: taken.statements.iter().map(|it| it.replace("call.part", "self.parts.part")).collect(),
        });
    }
    if form.open {
        view.setters.push(other_part("self.parts"));
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
        BodyContent::Json(ty) | BodyContent::Text(ty) => types.spell(ty),
        BodyContent::Form(..) | BodyContent::Multipart(_) | BodyContent::MultipartOf(_) => {
            return quote!(crate::runtime::Form);
        }
        BodyContent::Bytes => quote!(::bytes::Bytes),
    };
    if body.required { ty } else { quote!(::std::option::Option<#ty>) }
}
