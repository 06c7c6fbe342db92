//! Views of the constant `OperationInfo`, which describes an operation at run time.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{
    BodyContent, Field, Location, Operation, Parameter, Part, PartContent, Representation, ResponseContent, SecretPath,
    SecretStep, StatusPattern, StreamItems, Style, Success, SuccessContent, SuccessVariant, Type,
};
use crate::name::OperationNames;

use super::response::accepted;
use super::server::server;
use super::types::{Types, ident, literal, without_raw};

/// The fields of `OperationInfo`, as Rust expressions. Fields with default values are `None` or empty.
#[derive(Debug, Serialize)]
pub(crate) struct InfoView {
    pub id: String,
    pub method: String,
    /// The method as a string literal, if `http` has no constant for it.
    pub other_method: Option<String>,
    pub path: String,
    pub servers: Vec<String>,
    pub parameters: Vec<String>,
    pub security: Vec<String>,
    pub accept: Option<String>,
    pub body: Option<String>,
    pub other_bodies: Vec<String>,
    pub parts: Vec<String>,
    pub fields: Vec<String>,
    pub success: String,
    pub successes: Vec<String>,
    pub documented_redirects: Option<String>,
    pub idempotent: Option<String>,
    pub request_secrets: Vec<String>,
    pub response_secrets: Vec<String>,
}

/// The methods for which all versions of the crate `http` have constants.
const METHODS: [&str; 8] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];

pub(super) fn info(operation: &Operation, names: &OperationNames, types: &Types<'_>) -> InfoView {
    // The fallback is never used: `other_method` replaces it.
    let method = ident(METHODS.into_iter().find(|known| *known == operation.method).unwrap_or("POST"));
    let other_method = !METHODS.contains(&operation.method.as_str());
    let bodies = operation.body.iter().flat_map(|body| {
        body.representations.iter().map(|representation| body_info(representation, body.required, types).to_string())
    });
    let mut bodies: Vec<String> = bodies.collect();
    let others = bodies.split_off(bodies.len().min(1));
    let contents = || operation.body.iter().flat_map(|body| &body.representations).map(|it| &it.content);
    let parts = contents().find_map(|content| match content {
        BodyContent::Multipart(form) => Some(form.parts.as_slice()),
        _ => None,
    });
    let fields = contents().find_map(|content| match content {
        BodyContent::Form(_, fields) => Some(fields.as_slice()),
        _ => None,
    });
    let accepted = accepted(&operation.success.media_types, &operation.errors);
    InfoView {
        id: literal(operation.id.as_deref().unwrap_or(&format!("{} {}", operation.method, operation.path))),
        method: quote!(::http::Method::#method).to_string(),
        other_method: other_method.then(|| literal(&operation.method)),
        // Fragments are not sent: they only distinguish operations with the same path.
        path: literal(operation.path.split('#').next().unwrap_or_default()),
        servers: operation.servers.iter().map(server).collect(),
        parameters: operation.parameters.iter().map(|parameter| parameter_info(parameter, types).to_string()).collect(),
        security: operation.security.iter().map(|combination| quote!(&[#(#combination),*]).to_string()).collect(),
        accept: (!accepted.is_empty()).then(|| literal(&accepted)),
        body: bodies.pop(),
        other_bodies: others,
        parts: parts.unwrap_or_default().iter().map(|part| part_info(part, types)).collect(),
        fields: fields.unwrap_or_default().iter().map(|field| field_info(field).to_string()).collect(),
        success: success_info(&operation.success).to_string(),
        successes: successes(&operation.success, names),
        documented_redirects: documented_redirects(&operation.success),
        idempotent: operation.idempotent.map(|idempotent| idempotent.to_string()),
        request_secrets: operation.request_secrets.iter().map(secret_path).collect(),
        response_secrets: operation.response_secrets.iter().map(secret_path).collect(),
    }
}

/// Returns the path to a secret value as a Rust expression: an array of property names and of the runtime's wildcards,
/// `*` for any item or property and `**` for any depth.
pub(super) fn secret_path(path: &SecretPath) -> String {
    let any_depth = path.any_depth.then_some("**");
    let steps = path.steps.iter().map(|step| match step {
        SecretStep::Any => "*",
        SecretStep::Property(name) => name,
    });
    let steps = any_depth.into_iter().chain(steps);
    quote!(&[#(#steps),*]).to_string()
}

fn part_info(part: &Part, types: &Types<'_>) -> String {
    let (name, required) = (&part.name, part.required);
    let is_json = match &part.content {
        PartContent::Json(_) => true,
        PartContent::Value(ty) | PartContent::Values(ty) => {
            let ty = ty.unaliased(types.definitions);
            part.delimiters.is_empty()
                && (matches!(ty, Type::AnyObject | Type::Map(_) | Type::Array(_))
                    || ty.object(types.definitions).is_some())
        }
        PartContent::File | PartContent::Files | PartContent::Any => false,
    };
    let mut info = quote!(crate::runtime::PartInfo::new(#name));
    if required {
        info = quote!(#info.required(true));
    }
    if let Some(media_type) = part.content_type.as_deref().or(is_json.then_some("application/json")) {
        info = quote!(#info.content_type(#media_type));
    }
    let headers: Vec<&String> =
        part.headers.iter().filter(|header| header.required).map(|header| &header.name).collect();
    if !headers.is_empty() {
        info = quote!(#info.headers(&[#(#headers),*]));
    }
    if part.content.value().is_some_and(|ty| ty.is_secret(types.definitions)) {
        info = quote!(#info.sensitive(true));
    }
    if let Some(text) = &part.client_value {
        info = quote!(#info.client_value(#text));
    }
    info.to_string()
}

fn field_info(field: &Field) -> TokenStream {
    let (name, explode) = (&field.name, field.explode);
    let info = match field.style {
        Some(style) => {
            let style = ident(style_name(style));
            quote!(crate::runtime::FieldInfo::styled(#name, crate::runtime::Style::#style, #explode))
        }
        None => quote!(crate::runtime::FieldInfo::json(#name)),
    };
    let info = if field.item_styles.is_empty() {
        info
    } else {
        let styles = styles(&field.item_styles);
        quote!(#info.item_styles(#styles))
    };
    if field.allow_reserved { quote!(#info.allow_reserved()) } else { info }
}

/// Returns a list of styles as a Rust expression.
pub(super) fn styles(styles: &[Style]) -> TokenStream {
    let styles = styles.iter().map(|style| ident(style_name(*style)));
    quote!(&[#(crate::runtime::Style::#styles),*])
}

/// Returns the `SuccessInfo` of an operation. If successful responses have different types, returns the `SuccessInfo`
/// of the first variant.
fn success_info(success: &Success) -> TokenStream {
    match &success.content {
        SuccessContent::One { content, optional, .. } => {
            let can_have_body = |status: u16| *content == ResponseContent::Empty || !matches!(status, 204 | 205);
            let documented = success.responses.iter().find_map(|response| match response.status {
                StatusPattern::Exact(status) if can_have_body(status) => Some(status),
                _ => None,
            });
            let info = response_info(content, documented);
            if *optional { quote!(#info.optional()) } else { info }
        }
        SuccessContent::Several(variants) => {
            variants.first().map_or_else(|| response_info(&ResponseContent::Empty, None), variant_info)
        }
    }
}

fn variant_info(variant: &SuccessVariant) -> TokenStream {
    let status = match variant.status {
        StatusPattern::Exact(status) => Some(status),
        StatusPattern::Range(3) => Some(302),
        StatusPattern::Range(_) | StatusPattern::Default => None,
    };
    response_info(&variant.content, status)
}

fn response_info(content: &ResponseContent, status: Option<u16>) -> TokenStream {
    let status = Literal::u16_unsuffixed(status.unwrap_or(200));
    let constructor = match content {
        ResponseContent::Empty => quote!(empty),
        ResponseContent::Json(_) => quote!(json),
        ResponseContent::Text(_) | ResponseContent::TextOrJson(_) => quote!(text),
        ResponseContent::Bytes => quote!(bytes),
        ResponseContent::Stream(StreamItems::Json(_)) => quote!(json_lines),
        ResponseContent::Stream(StreamItems::Results { .. }) => quote!(results),
        ResponseContent::Stream(StreamItems::Parts(_)) => quote!(parts),
        ResponseContent::Stream(StreamItems::JsonEvents(_) | StreamItems::TextEvents | StreamItems::Events(_)) => {
            quote!(events)
        }
    };
    quote!(crate::runtime::SuccessInfo::#constructor(#status))
}

/// Returns the redirect statuses that the operation documents as responses, as a Rust expression. `None` if it
/// documents no redirects.
fn documented_redirects(success: &Success) -> Option<String> {
    let patterns = || success.responses.iter().map(|response| response.status).filter(|status| status.is_redirect());
    let statuses: Vec<Literal> = patterns()
        .filter_map(|pattern| match pattern {
            StatusPattern::Exact(status) => Some(Literal::u16_unsuffixed(status)),
            StatusPattern::Range(_) | StatusPattern::Default => None,
        })
        .collect();
    let redirects = match (patterns().count(), statuses.len()) {
        (0, _) => return None,
        (all, exact) if all == exact => quote!(Only(&[#(#statuses),*])),
        _ => quote!(All),
    };
    Some(quote!(crate::runtime::DocumentedRedirects::#redirects).to_string())
}

/// Returns the `SuccessVariant` of each variant of the output enum, as Rust expressions. Empty if all successful
/// responses have the same type.
fn successes(success: &Success, names: &OperationNames) -> Vec<String> {
    let (SuccessContent::Several(variants), Some(outputs)) = (&success.content, &names.outputs) else {
        return Vec::new();
    };
    let info = |(variant, name): (&SuccessVariant, &String)| {
        let name = without_raw(name);
        let media_type = variant.media_types.first().map_or("", String::as_str);
        let success = variant_info(variant);
        quote!(crate::runtime::SuccessVariant::new(#name, #media_type, #success)).to_string()
    };
    variants.iter().zip(&outputs.variants).map(info).collect()
}

/// Returns a request body as a constant Rust expression.
fn body_info(representation: &Representation<BodyContent>, required: bool, types: &Types<'_>) -> TokenStream {
    let media_type = &representation.media_type;
    let of = |constructor: &str, ty: &Type| {
        let (constructor, ty) = (ident(constructor), types.render_type(ty));
        quote!(#constructor::<#ty>)
    };
    let constructor = match &representation.content {
        BodyContent::Json(ty) => of("json", ty),
        BodyContent::Text(ty) => of("text", ty),
        BodyContent::JsonLines(Type::Array(ty)) => of("json_lines", ty),
        BodyContent::JsonLines(ty) => of("json_lines", ty),
        BodyContent::Form(ty, _) => of("form", ty),
        BodyContent::MultipartOf(ty) => of("multipart_of", ty),
        BodyContent::Multipart(_) => quote!(multipart),
        BodyContent::Bytes => quote!(bytes),
    };
    let info = quote!(crate::runtime::BodyInfo::#constructor(#media_type));
    let info = match &representation.content {
        BodyContent::Multipart(form) if form.open => quote!(#info.open()),
        _ => info,
    };
    if required { quote!(#info.required()) } else { info }
}

/// Returns a parameter as a constant Rust expression. Omits values that equal the defaults of the OpenAPI
/// specification.
fn parameter_info(parameter: &Parameter, types: &Types<'_>) -> TokenStream {
    let (constructor, default_style) = match parameter.location {
        Location::Path => (quote!(path), Style::Simple),
        Location::Query => (quote!(query), Style::Form),
        Location::QueryString => (quote!(query_string), Style::Form),
        Location::Header => (quote!(header), Style::Simple),
        Location::Cookie => (quote!(cookie), Style::Form),
    };
    let name = &parameter.name;
    let mut info = quote!(crate::runtime::ParameterInfo::#constructor(#name));
    if parameter.required && parameter.location != Location::Path {
        info = quote!(#info.required());
    }
    if parameter.style != default_style {
        let style = ident(style_name(parameter.style));
        info = quote!(#info.style(crate::runtime::Style::#style));
    }
    // `explode` is omitted only if both `style` and `explode` have their default values.
    if parameter.explode != (parameter.style == Style::Form) || parameter.style != default_style {
        let explode = parameter.explode;
        info = quote!(#info.explode(#explode));
    }
    if !parameter.item_styles.is_empty() {
        let styles = styles(&parameter.item_styles);
        info = quote!(#info.item_styles(#styles));
    }
    if !parameter.fields.is_empty() {
        let fields = parameter.fields.iter().map(field_info);
        info = quote!(#info.fields(&[#(#fields),*]));
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
    let ty = types.render_type(&parameter.ty);
    quote!(#info.of::<#ty>())
}

fn style_name(style: Style) -> &'static str {
    match style {
        Style::Matrix => "Matrix",
        Style::Label => "Label",
        Style::Form => "Form",
        Style::Simple => "Simple",
        Style::SpaceDelimited => "SpaceDelimited",
        Style::PipeDelimited => "PipeDelimited",
        Style::TabDelimited => "TabDelimited",
        Style::DeepObject => "DeepObject",
        Style::Cookie => "Cookie",
        Style::Json => "Json",
    }
}
