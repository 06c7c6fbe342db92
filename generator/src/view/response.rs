//! Views of responses: the output type of an operation, and the code that decodes successful responses and error
//! bodies.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{
    ErrorResponse, HeaderDoc, Operation, ResponseContent, StatusPattern, Style, Success, SuccessContent,
    SuccessVariant, Type,
};
use crate::name::{Names, OperationNames};

use super::deprecation;
use super::docs::{Docs, linked};
use super::markdown::code;
use super::status::status_line;
use super::stream::item_type;
use super::types::{Types, ident, literal, without_raw};

/// The enum of an operation's successful responses. It has a variant for each combination of status and media type.
#[derive(Debug, Serialize)]
pub(crate) struct OutputEnumView {
    docs: Vec<String>,
    ty: String,
    variants: Vec<OutputVariantView>,
}

#[derive(Debug, Serialize)]
struct OutputVariantView {
    docs: Vec<String>,
    /// The declaration: `Name(Type)`, or `Name` for a response without a body.
    declaration: String,
    /// The branch for the variant in the `Debug` implementation.
    debug: String,
}

/// A constant for a documented response header.
#[derive(Debug, Serialize)]
pub(crate) struct HeaderView {
    docs: Vec<String>,
    /// The attribute `#[deprecated]`. `None` if the item is not deprecated.
    deprecated: Option<String>,
    name: String,
    ty: String,
    /// The name of the header, as a string literal.
    wire: String,
    /// The call that sets the separators of arrays. Empty for the default, a comma.
    separated_by: String,
}

impl HeaderView {
    /// Returns the constant `name` for a header.
    pub fn of(header: &HeaderDoc, name: &str, docs: Docs, types: &Types<'_>) -> Self {
        Self {
            docs: docs.or(String::new),
            deprecated: deprecation::of(&header.doc),
            name: name.to_owned(),
            ty: types.render_type(&header.ty).to_string(),
            wire: literal(&header.name),
            separated_by: separated_by(&header.delimiters),
        }
    }
}

/// The code that decodes error bodies.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorsView {
    /// The match arms for statuses whose bodies are not decoded with the expression `otherwise`.
    statuses: Vec<ErrorStatusView>,
    otherwise: String,
}

#[derive(Debug, Serialize)]
struct ErrorStatusView {
    pattern: String,
    value: String,
}

/// Returns the output type of an operation.
pub(super) fn output(success: &Success, names: &OperationNames, types: &Types<'_>) -> TokenStream {
    match &success.content {
        SuccessContent::One { content, optional, .. } => {
            let ty = rust_type(content, names, types);
            if *optional { quote!(::std::option::Option<#ty>) } else { ty }
        }
        SuccessContent::Several(_) => types.type_in_module(names.outputs.as_ref().map_or("", |outputs| &outputs.ty)),
    }
}

fn rust_type(content: &ResponseContent, names: &OperationNames, types: &Types<'_>) -> TokenStream {
    match content {
        ResponseContent::Empty => quote!(()),
        ResponseContent::Json(ty) | ResponseContent::Text(ty) | ResponseContent::TextOrJson(ty) => {
            types.render_type(ty)
        }
        ResponseContent::Bytes => quote!(::bytes::Bytes),
        ResponseContent::Stream(items) => {
            let item = item_type(items, names, types);
            quote!(::std::vec::Vec<#item>)
        }
    }
}

/// Returns the expression that decodes a successful response.
pub(super) fn decode(success: &Success, names: &OperationNames) -> TokenStream {
    match &success.content {
        SuccessContent::One { content, optional, bodiless } => {
            let reader = reader(content, *optional);
            let is_value =
                matches!(content, ResponseContent::Json(_) | ResponseContent::Text(_) | ResponseContent::TextOrJson(_));
            if bodiless.is_empty() || !is_value {
                return reader;
            }
            let bodiless = bodiless.iter().map(|status| Literal::u16_unsuffixed(*status));
            // For statuses documented without a body, ignore decoding errors, so that an unexpected body is not an
            // error.
            quote!(match response.status().as_u16() {
                #(#bodiless)|* => ::std::result::Result::Ok(#reader.unwrap_or_default()),
                _ => #reader,
            })
        }
        SuccessContent::Several(variants) => {
            let names = names.outputs.as_ref().map(|outputs| outputs.variants.as_slice()).unwrap_or_default();
            decode_variants(variants, names)
        }
    }
}

fn reader(content: &ResponseContent, optional: bool) -> TokenStream {
    let function = match (content, optional) {
        (ResponseContent::Stream(_), _) => return quote!(crate::runtime::streaming::decode_items::<Self>(response)),
        (ResponseContent::Empty, _) => quote!(empty),
        (ResponseContent::Json(_), false) => quote!(json),
        (ResponseContent::Json(_), true) => quote!(optional_json),
        (ResponseContent::Text(_), false) => quote!(text),
        (ResponseContent::Text(_), true) => quote!(optional_text),
        (ResponseContent::TextOrJson(_), false) => quote!(json_or_text),
        (ResponseContent::TextOrJson(_), true) => quote!(optional_json_or_text),
        (ResponseContent::Bytes, false) => quote!(bytes),
        (ResponseContent::Bytes, true) => quote!(optional_bytes),
    };
    quote!(crate::runtime::decode::#function(response))
}

/// Returns a `match` expression that decodes each documented status. If a status has several media types, its arm
/// matches on the media type.
fn decode_variants(variants: &[SuccessVariant], names: &[String]) -> TokenStream {
    let raw = quote!(::std::result::Result::Ok(Self::Output::Raw(response.body().clone())));
    let mut statuses: Vec<StatusPattern> = Vec::new();
    for variant in variants {
        if !statuses.contains(&variant.status) {
            statuses.push(variant.status);
        }
    }
    let mut arms = Vec::new();
    let mut otherwise = raw.clone();
    let read = |variant: &SuccessVariant, name: &String| {
        let name = ident(name);
        match &variant.content {
            ResponseContent::Empty => quote!(::std::result::Result::Ok(Self::Output::#name)),
            content => {
                let reader = reader(content, false);
                let read = quote!(#reader.map(Self::Output::#name));
                // Accept an empty body of a redirect, even if the document defines a body: redirects often have none.
                let may_lack_body = variant.status.is_redirect() && *content != ResponseContent::Bytes;
                if may_lack_body { quote!(if response.body().is_empty() { #raw } else { #read }) } else { read }
            }
        }
    };
    for status in statuses {
        let of_status: Vec<_> = variants.iter().zip(names).filter(|(variant, _)| variant.status == status).collect();
        let value = match of_status.as_slice() {
            [(variant, name)] => read(variant, name),
            several => {
                let media = several.iter().map(|(variant, name)| (variant.media_types.as_slice(), read(variant, name)));
                match_media_type(media.collect(), &raw)
            }
        };
        match status {
            StatusPattern::Exact(status) => {
                let status = Literal::u16_unsuffixed(status);
                arms.push(quote!(#status => #value));
            }
            StatusPattern::Range(3) => arms.push(quote!(300..=399 => #value)),
            // This code only decodes successes, so `2XX` and `default` cover all remaining statuses.
            StatusPattern::Range(_) | StatusPattern::Default => otherwise = value,
        }
    }
    if arms.is_empty() {
        return otherwise;
    }
    quote!(match response.status().as_u16() { #(#arms,)* _ => #otherwise, })
}

/// Returns a `match` expression on the media type of the response.
fn match_media_type(cases: Vec<(&[String], TokenStream)>, otherwise: &TokenStream) -> TokenStream {
    let known: Vec<&String> = cases.iter().flat_map(|(media_types, _)| media_types.iter()).collect();
    let mut position = 0;
    let mut arms = Vec::new();
    for (media_types, value) in &cases {
        let positions = media_types.iter().map(|_| {
            position += 1;
            Literal::usize_unsuffixed(position - 1)
        });
        let positions: Vec<Literal> = positions.collect();
        if !positions.is_empty() {
            arms.push(quote!(::std::option::Option::Some(#(#positions)|*) => #value));
        }
    }
    quote!(match crate::runtime::decode::media_type(response, &[#(#known),*]) { #(#arms,)* _ => #otherwise, })
}

/// Returns the enum of an operation's successful responses, if they have different types.
pub(super) fn output_enum(operation: &Operation, names: &OperationNames, types: &Types<'_>) -> Option<OutputEnumView> {
    let (SuccessContent::Several(variants), Some(outputs)) = (&operation.success.content, &names.outputs) else {
        return None;
    };
    let view = |(variant, name): (&SuccessVariant, &String)| {
        let media_types: Vec<String> = variant.media_types.iter().map(|it| code(it)).collect();
        let status = match variant.status {
            StatusPattern::Exact(status) => code(&status_line(status)),
            StatusPattern::Range(3) => "`3XX`".to_owned(),
            StatusPattern::Range(_) | StatusPattern::Default => "Any other successful status".to_owned(),
        };
        let label = if media_types.is_empty() { status } else { format!("{status}, {}", media_types.join(" or ")) };
        let ty = rust_type(&variant.content, names, types);
        let (declaration, debug) = enum_variant(name, &variant.content, &ty);
        OutputVariantView {
            docs: Docs::default().labeled(&label, variant.description.as_deref()).or(String::new),
            declaration,
            debug,
        }
    };
    Some(OutputEnumView {
        docs: Docs::default().text(format!("The output of {}.", linked(&names.ty))).or(String::new),
        ty: outputs.ty.clone(),
        variants: variants.iter().zip(&outputs.variants).map(view).collect(),
    })
}

/// Returns the declaration of an enum variant for received content, and the branch for the variant in the `Debug`
/// implementation.
pub(super) fn enum_variant(name: &str, content: &ResponseContent, ty: &TokenStream) -> (String, String) {
    let debug_name = without_raw(name);
    let name = ident(name);
    let declaration = match content {
        ResponseContent::Empty => quote!(#name),
        _ => quote!(#name(#ty)),
    };
    let debug = match content {
        ResponseContent::Empty => quote!(Self::#name => f.write_str(#debug_name)),
        ResponseContent::Bytes => quote! {
            Self::#name(bytes) =>
                f.debug_tuple(#debug_name).field(&::std::format_args!("{} bytes", bytes.len())).finish()
        },
        _ => quote!(Self::#name(body) => f.debug_tuple(#debug_name).field(body).finish()),
    };
    (declaration.to_string(), debug.to_string())
}

/// Returns the `Accept` header of an operation. It lists the media types of successful responses, then the media types
/// of documented error bodies, because servers may apply the header to errors too (RFC 9110, section 12.5.1). Empty if
/// no media type is documented.
pub(super) fn accepted(successes: &[String], errors: &[ErrorResponse]) -> String {
    let mut accepted: Vec<&str> = successes.iter().map(String::as_str).collect();
    let accepts_all = accepted.iter().any(|media_type| matches!(*media_type, "*/*" | "*"));
    for representation in errors.iter().flat_map(|error| &error.representations).filter(|_| !accepts_all) {
        let media_type = match (&representation.content, representation.media_type.contains('*')) {
            (_, false) => representation.media_type.as_str(),
            // For a range such as `*/*` with a JSON schema, request JSON. Skip other ranges, because they name no media
            // type to request.
            (ResponseContent::Json(_), true) => "application/json",
            (_, true) => continue,
        };
        if !accepted.iter().any(|known| known.eq_ignore_ascii_case(media_type)) {
            accepted.push(media_type);
        }
    }
    // A successful response without a documented body may still have a body of any media type.
    if successes.is_empty() && !accepted.is_empty() {
        accepted.push("*/*;q=0.5");
    }
    accepted.join(", ")
}

/// Returns the constants for the response headers of an operation.
pub(super) fn headers(operation: &Operation, names: &OperationNames, types: &Types<'_>) -> Vec<HeaderView> {
    let headers = operation.headers().into_iter().zip(&names.headers);
    headers
        .map(|(header, name)| {
            let what = format!("The header {} of {}.", code(&header.name), responses_with(operation, header));
            HeaderView::of(header, name, Docs::default().of(&header.doc).text(what), types)
        })
        .collect()
}

/// Returns the call that sets the separators of arrays in a header.
fn separated_by(styles: &[Style]) -> String {
    let separator = |style: &Style| match style {
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        Style::TabDelimited => '\t',
        _ => ',',
    };
    let separators = styles.iter().map(separator);
    if styles.is_empty() { String::new() } else { quote!(.separated_by(&[#(#separators),*])).to_string() }
}

/// Describes which responses of an operation have a header.
fn responses_with(operation: &Operation, header: &HeaderDoc) -> &'static str {
    let has = |headers: &[HeaderDoc]| headers.iter().any(|other| other.name.eq_ignore_ascii_case(&header.name));
    match (has(&operation.success.headers), header.required) {
        (true, true) if operation.success.responses.len() == 1 => "every successful response",
        (true, _) => "a response",
        (false, _) => "an error response",
    }
}

/// Returns the code that decodes error bodies. Returns `None` if all error bodies are raw bytes.
pub(super) fn errors(errors: &[ErrorResponse], types: &Types<'_>) -> Option<ErrorsView> {
    let root = types.root;
    let raw = quote!(#root::ErrorBody::from(response.body().clone()));
    let value = |content: &ResponseContent| match content {
        ResponseContent::Empty | ResponseContent::Bytes | ResponseContent::Stream(_) => raw.clone(),
        ResponseContent::Json(ty) => {
            let variant = ident(types.names.error_variant(ty));
            quote!(crate::runtime::decode::error_json(response, #root::ErrorBody::#variant))
        }
        ResponseContent::Text(ty) => {
            let variant = ident(types.names.error_variant(ty));
            quote!(crate::runtime::decode::error_text(response, #root::ErrorBody::#variant))
        }
        ResponseContent::TextOrJson(ty) => {
            let variant = ident(types.names.error_variant(ty));
            quote!(crate::runtime::decode::error_json_or_text(response, #root::ErrorBody::#variant))
        }
    };
    let decoded = |error: &ErrorResponse| {
        let mut cases: Vec<(Vec<String>, &ResponseContent)> = Vec::new();
        for representation in &error.representations {
            match cases.iter_mut().find(|(_, content)| **content == representation.content) {
                Some((media_types, _)) => media_types.push(representation.media_type.clone()),
                None => cases.push((vec![representation.media_type.clone()], &representation.content)),
            }
        }
        match cases.as_slice() {
            [] => raw.to_string(),
            [(_, only)] => value(only).to_string(),
            several => {
                let cases = several.iter().map(|(media_types, content)| (media_types.as_slice(), value(content)));
                match_media_type(cases.collect(), &raw).to_string()
            }
        }
    };
    let otherwise =
        errors.iter().find(|error| error.status == StatusPattern::Default).map_or_else(|| raw.to_string(), decoded);
    let mut statuses: Vec<ErrorStatusView> = Vec::new();
    let mut ranges = Vec::new();
    for error in errors {
        let value = decoded(error);
        match error.status {
            StatusPattern::Exact(status) => match statuses.iter_mut().find(|known| known.value == value) {
                Some(known) => known.pattern = format!("{} | {status}", known.pattern),
                None => statuses.push(ErrorStatusView { pattern: status.to_string(), value }),
            },
            StatusPattern::Range(hundreds) => {
                ranges.push(ErrorStatusView { pattern: format!("{hundreds}00..={hundreds}99"), value })
            }
            StatusPattern::Default => {}
        }
    }
    // An arm equal to the fallback is redundant, unless a range such as `4XX` would match its status instead.
    if ranges.is_empty() {
        statuses.retain(|status| status.value != otherwise);
    }
    statuses.extend(ranges);
    let is_raw = statuses.is_empty() && otherwise == raw.to_string();
    (!is_raw).then_some(ErrorsView { statuses, otherwise })
}

impl Names {
    pub(super) fn error_variant(&self, ty: &Type) -> &str {
        self.errors.iter().find(|(known, _)| known == ty).map_or("Raw", |(_, name)| name)
    }
}
