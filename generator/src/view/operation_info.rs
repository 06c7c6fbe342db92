//! The static description of an operation: the table that carries through retries, errors and the program.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{
    BodyContent, Location, Operation, Parameter, RequestBody, ResponseContent, StatusPattern, Style, Success,
};

use super::server::server;
use super::types::{Types, ident, literal};

/// The static description of an operation; every member is a Rust expression.
#[derive(Debug, Serialize)]
pub(crate) struct InfoView {
    pub id: String,
    pub method: String,
    pub path: String,
    pub servers: Vec<String>,
    pub parameters: Vec<String>,
    pub security: Vec<String>,
    pub accept: String,
    pub body: String,
    pub parts: Vec<String>,
    pub success: String,
    pub idempotent: String,
}

pub(super) fn info(operation: &Operation, types: &Types<'_>) -> InfoView {
    let method = ident(&operation.method);
    let body = match &operation.body {
        Some(body) => {
            let info = body_info(body, types);
            quote!(::std::option::Option::Some(#info))
        }
        None => quote!(::std::option::Option::None),
    };
    let parts = match operation.body.as_ref().map(|body| &body.content) {
        Some(BodyContent::Multipart(parts)) => parts
            .iter()
            .map(|part| {
                let (name, required) = (&part.name, part.required);
                let content_type = match &part.content_type {
                    Some(media_type) => quote!(::std::option::Option::Some(#media_type)),
                    None => quote!(::std::option::Option::None),
                };
                quote!(crate::runtime::PartInfo { name: #name, required: #required, content_type: #content_type })
                    .to_string()
            })
            .collect(),
        _ => Vec::new(),
    };
    let idempotent = match operation.idempotent {
        Some(idempotent) => quote!(::std::option::Option::Some(#idempotent)),
        None => quote!(::std::option::Option::None),
    };
    InfoView {
        id: literal(operation.id.as_deref().unwrap_or(&format!("{} {}", operation.method, operation.path))),
        method: quote!(::http::Method::#method).to_string(),
        // No fragment is ever sent: it only tells operations apart.
        path: literal(operation.path.split('#').next().unwrap_or_default()),
        servers: operation.servers.iter().map(server).collect(),
        parameters: operation.parameters.iter().map(|parameter| parameter_info(parameter, types).to_string()).collect(),
        security: operation.security.iter().map(|combination| quote!(&[#(#combination),*]).to_string()).collect(),
        accept: literal(&operation.success.media_types.join(", ")),
        body: body.to_string(),
        parts,
        success: success_info(&operation.success).to_string(),
        idempotent: idempotent.to_string(),
    }
}

/// The answer that means success as a constant expression.
fn success_info(success: &Success) -> TokenStream {
    let carries = |status: u16| success.content == ResponseContent::Empty || !matches!(status, 204 | 205);
    let documented = success.statuses.iter().find_map(|status| match status {
        StatusPattern::Exact(status) if carries(*status) => Some(*status),
        _ => None,
    });
    let status = Literal::u16_unsuffixed(documented.unwrap_or(200));
    let constructor = match &success.content {
        ResponseContent::Empty => quote!(empty),
        ResponseContent::Json(_) => quote!(json),
        ResponseContent::Text(_) => quote!(text),
        ResponseContent::Bytes => quote!(bytes),
    };
    let info = quote!(crate::runtime::SuccessInfo::#constructor(#status));
    if success.optional { quote!(#info.optional()) } else { info }
}

/// The body as a constant expression.
fn body_info(body: &RequestBody, types: &Types<'_>) -> TokenStream {
    let media_type = &body.media_type;
    let constructor = match &body.content {
        BodyContent::Json(ty) => {
            let ty = types.spell(ty);
            quote!(json::<#ty>)
        }
        BodyContent::Text(ty) => {
            let ty = types.spell(ty);
            quote!(text::<#ty>)
        }
        BodyContent::Multipart(_) => quote!(multipart),
        BodyContent::Bytes => quote!(bytes),
    };
    let info = quote!(crate::runtime::BodyInfo::#constructor(#media_type));
    if body.required { quote!(#info.required()) } else { info }
}

/// The parameter as a constant expression; what is as the specification's defaults have it is not said.
fn parameter_info(parameter: &Parameter, types: &Types<'_>) -> TokenStream {
    let (constructor, default_style) = match parameter.location {
        Location::Path => (quote!(path), Style::Simple),
        Location::Query => (quote!(query), Style::Form),
        Location::Header => (quote!(header), Style::Simple),
        Location::Cookie => (quote!(cookie), Style::Form),
    };
    let name = &parameter.name;
    let mut info = quote!(crate::runtime::ParameterInfo::#constructor(#name));
    if parameter.required && parameter.location != Location::Path {
        info = quote!(#info.required());
    }
    if parameter.style != default_style {
        let style = ident(match parameter.style {
            Style::Matrix => "Matrix",
            Style::Label => "Label",
            Style::Form => "Form",
            Style::Simple => "Simple",
            Style::SpaceDelimited => "SpaceDelimited",
            Style::PipeDelimited => "PipeDelimited",
            Style::DeepObject => "DeepObject",
            Style::Json => "Json",
        });
        info = quote!(#info.style(crate::runtime::Style::#style));
    }
    // Said wherever it could differ from the style's default.
    if parameter.explode != (parameter.style == Style::Form) || parameter.style != default_style {
        let explode = parameter.explode;
        info = quote!(#info.explode(#explode));
    }
    if parameter.allow_reserved {
        info = quote!(#info.allow_reserved());
    }
    if parameter.sensitive {
        info = quote!(#info.sensitive());
    }
    if let Some(value) = &parameter.client_value {
        info = quote!(#info.client_value(#value));
    }
    let ty = types.spell(&parameter.ty);
    quote!(#info.of::<#ty>())
}
