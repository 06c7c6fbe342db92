//! Operations as the templates of `operation/` lay them out.

use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{
    BodyContent, ErrorAnswer, Location, Operation, Parameter, RequestBody, ResponseContent, StatusPattern, Success,
    Type,
};
use crate::name::{Names, OperationNames, SERVER};

use super::docs::{Docs, code};
use super::operation_docs::{docs, first_words, summary};
use super::operation_info::{InfoView, info};
use super::pagination::{self, PaginationView};
use super::types::{Types, ident};

/// One operation.
#[derive(Debug, Serialize)]
pub(crate) struct OperationView {
    /// Of the type.
    pub docs: Vec<String>,
    /// Of the method that makes a call.
    pub method_docs: Vec<String>,
    /// The first line of the documentation, for lists.
    pub summary: String,
    pub deprecated: bool,
    pub ty: String,
    pub method: String,
    /// `name: type` of each required argument.
    pub arguments: Vec<String>,
    /// What there is to say of each.
    #[serde(skip)]
    argument_docs: Vec<(String, Docs)>,
    /// What the constructor does with them.
    pub statements: Vec<String>,
    /// Whether the constructor has anything to do.
    pub has_statements: bool,
    pub setters: Vec<CallSetterView>,
    pub info: InfoView,
    /// The type of the body that is sent.
    pub body: String,
    pub output: String,
    pub decode: String,
    /// Whether errors differ by status.
    pub has_error_arms: bool,
    pub error_arms: Vec<ErrorArmView>,
    pub error_otherwise: String,
    pub pagination: Option<PaginationView>,
    /// `GET /pets/{id}`
    pub route: String,
    /// `client.pets().get(id)`, for the README.
    pub call: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct CallSetterView {
    pub docs: Vec<String>,
    pub deprecated: bool,
    pub name: String,
    pub argument: String,
    pub statements: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ErrorArmView {
    pub pattern: String,
    pub value: String,
}

/// A required argument or a setter, before it is known which.
struct Taken {
    argument: String,
    statements: Vec<String>,
}

pub(super) fn operation(
    operation: &Operation,
    names: &OperationNames,
    accessor: &str,
    types: &Types<'_>,
) -> OperationView {
    let mut view = OperationView {
        docs: docs(operation),
        method_docs: Vec::new(),
        argument_docs: Vec::new(),
        summary: summary(operation),
        deprecated: operation.deprecated,
        ty: names.ty.clone(),
        method: names.method.clone(),
        arguments: Vec::new(),
        statements: Vec::new(),
        has_statements: false,
        setters: Vec::new(),
        info: info(operation, types),
        body: body(operation.body.as_ref(), types).to_string(),
        output: output(&operation.success, types).to_string(),
        decode: decode(&operation.success).to_string(),
        has_error_arms: false,
        error_arms: Vec::new(),
        error_otherwise: String::new(),
        pagination: operation.pagination.as_ref().and_then(|pagination| pagination::view(pagination, operation, types)),
        route: format!("{} {}", operation.method, operation.path),
        call: String::new(),
    };
    (view.error_arms, view.error_otherwise) = errors(&operation.errors, types);
    view.has_error_arms = !view.error_arms.is_empty();
    for (index, (parameter, name)) in operation.parameters.iter().zip(&names.parameters).enumerate() {
        let taken = parameter_taken(index, parameter, name, types);
        let words = Docs::default().of(&parameter.doc);
        let place = format!("{} {}.", located(parameter.location), code(&parameter.name));
        let demanded = parameter.required && parameter.client_value.is_none();
        view.add(name, taken, demanded, words, place, parameter.doc.deprecated);
    }
    match operation.body.as_ref().map(|body| (body, &body.content)) {
        Some((body, BodyContent::Json(ty))) => {
            let taken = body_taken(ty, &names.body, types, quote!(json));
            view.add_body(body, &names.body, taken);
        }
        Some((body, BodyContent::Text(ty))) => {
            let taken = body_taken(ty, &names.body, types, quote!(text));
            view.add_body(body, &names.body, taken);
        }
        Some((body, BodyContent::Bytes)) => {
            let (name, argument) = (&names.body, ident(&names.body));
            let taken = Taken {
                argument: quote!(#argument: impl ::std::convert::Into<crate::runtime::Body>).to_string(),
                statements: vec![format!("call.body({name});")],
            };
            view.add_body(body, name, taken);
        }
        Some((_, BodyContent::Multipart(parts))) => {
            for (index, (part, name)) in parts.iter().zip(&names.parts).enumerate() {
                let argument = ident(name);
                let taken = Taken {
                    argument: quote!(#argument: impl ::std::convert::Into<crate::runtime::Upload>).to_string(),
                    statements: vec![format!("call.part({index}, {name}.into());")],
                };
                let words = Docs::default().of(&part.doc);
                let place = format!("The form's part {}.", code(&part.name));
                view.add(name, taken, part.required, words, place, part.doc.deprecated);
            }
        }
        None => {}
    }
    if !operation.servers.is_empty() {
        view.setters.push(server_setter());
    }
    view.has_statements = !view.statements.is_empty();
    let route = code(&view.route);
    view.method_docs = Docs::default()
        .own(first_words(operation))
        .own(format!("{route}, see [`{}`].", names.ty))
        .listed(std::mem::take(&mut view.argument_docs))
        .or(String::new);
    let arguments: Vec<&str> = view.arguments.iter().filter_map(|argument| argument.split(" :").next()).collect();
    view.call = format!("client.{accessor}().{}({})", names.method, arguments.join(", "));
    view
}

impl OperationView {
    /// An argument where callers must give it, else a setter.
    fn add(&mut self, name: &str, taken: Taken, demanded: bool, words: Docs, place: String, deprecated: bool) {
        if !demanded {
            let docs = words.own(place).or(String::new);
            let statements = taken.statements.into_iter();
            self.setters.push(CallSetterView {
                docs,
                deprecated,
                name: name.to_owned(),
                argument: taken.argument,
                statements: statements.map(|statement| statement.replace("call.", "self.call.")).collect(),
            });
            return;
        }
        // An argument cannot be marked in any other way.
        let words = if deprecated { words.own("Deprecated.") } else { words };
        if !words.is_empty() {
            self.argument_docs.push((code(name.strip_prefix("r#").unwrap_or(name)), words));
        }
        self.arguments.push(taken.argument);
        self.statements.extend(taken.statements);
    }

    fn add_body(&mut self, body: &RequestBody, name: &str, taken: Taken) {
        let words = Docs::default().foreign(body.description.as_deref());
        let place = if words.is_empty() { "The request's body." } else { "" };
        self.add(name, taken, body.required, words, place.to_owned(), false);
    }
}

/// The choice of one of the operation's own servers.
fn server_setter() -> CallSetterView {
    let what = "Sends this call to the operation's own server with this index, counted from 0, whatever \
                [`base_url`](crate::runtime::ClientBuilder::base_url) the client has.";
    CallSetterView {
        docs: Docs::default().own(what).or(String::new),
        deprecated: false,
        name: SERVER.to_owned(),
        argument: "index: usize".to_owned(),
        statements: vec![format!("self.call.{SERVER}(index);")],
    }
}

fn parameter_taken(index: usize, parameter: &Parameter, name: &str, types: &Types<'_>) -> Taken {
    let name_ident = ident(name);
    let argument = types.argument(&parameter.ty, &name_ident);
    let (taken, value) = (argument.ty, argument.value);
    let mut statements = Vec::new();
    if argument.converts {
        let spelt = types.spell(&parameter.ty);
        statements.push(quote!(let #name_ident: #spelt = #value;).to_string());
    }
    statements.push(format!("call.set({index}, &{name});"));
    Taken { argument: quote!(#name_ident: #taken).to_string(), statements }
}

fn body_taken(ty: &Type, name: &str, types: &Types<'_>, method: TokenStream) -> Taken {
    let name_ident = ident(name);
    let argument = types.argument(ty, &name_ident);
    let (taken, value) = (argument.ty, argument.value);
    let mut statements = Vec::new();
    if argument.converts {
        let spelt = types.spell(ty);
        statements.push(quote!(let #name_ident: #spelt = #value;).to_string());
    }
    statements.push(format!("call.{method}(&{name});"));
    Taken { argument: quote!(#name_ident: #taken).to_string(), statements }
}

fn located(location: Location) -> &'static str {
    match location {
        Location::Path => "Path parameter",
        Location::Query => "Query parameter",
        Location::Header => "Header",
        Location::Cookie => "Cookie",
    }
}

fn body(body: Option<&RequestBody>, types: &Types<'_>) -> TokenStream {
    let Some(body) = body else { return quote!(()) };
    let ty = match &body.content {
        BodyContent::Json(ty) | BodyContent::Text(ty) => types.spell(ty),
        BodyContent::Multipart(_) => return quote!(crate::runtime::Form),
        BodyContent::Bytes => quote!(::bytes::Bytes),
    };
    if body.required { ty } else { quote!(::std::option::Option<#ty>) }
}

fn output(success: &Success, types: &Types<'_>) -> TokenStream {
    let ty = match &success.content {
        ResponseContent::Empty => return quote!(()),
        ResponseContent::Json(ty) | ResponseContent::Text(ty) => types.spell(ty),
        ResponseContent::Bytes => quote!(::bytes::Bytes),
    };
    if success.optional { quote!(::std::option::Option<#ty>) } else { ty }
}

fn decode(success: &Success) -> TokenStream {
    let function = match (&success.content, success.optional) {
        (ResponseContent::Empty, _) => quote!(empty),
        (ResponseContent::Json(_), false) => quote!(json),
        (ResponseContent::Json(_), true) => quote!(optional_json),
        (ResponseContent::Text(_), false) => quote!(text),
        (ResponseContent::Text(_), true) => quote!(optional_text),
        (ResponseContent::Bytes, false) => quote!(bytes),
        (ResponseContent::Bytes, true) => quote!(optional_bytes),
    };
    quote!(crate::runtime::decode::#function(response))
}

/// The arms of the match on an error's status, and what is left.
fn errors(answers: &[ErrorAnswer], types: &Types<'_>) -> (Vec<ErrorArmView>, String) {
    let root = types.root;
    let raw = quote!(#root::ErrorBody::from(response.body().clone())).to_string();
    let value = |content: &ResponseContent| match content {
        ResponseContent::Empty | ResponseContent::Bytes => raw.clone(),
        ResponseContent::Json(ty) => {
            let variant = ident(types.names.error_variant(ty));
            quote!(crate::runtime::decode::error_json(response, #root::ErrorBody::#variant)).to_string()
        }
        ResponseContent::Text(ty) => {
            let variant = ident(types.names.error_variant(ty));
            quote!(crate::runtime::decode::error_text(response, #root::ErrorBody::#variant)).to_string()
        }
    };
    let otherwise = answers
        .iter()
        .find(|answer| answer.status == StatusPattern::Default)
        .map_or_else(|| raw.clone(), |answer| value(&answer.content));
    let mut arms: Vec<ErrorArmView> = Vec::new();
    let mut ranges = Vec::new();
    for answer in answers {
        let value = value(&answer.content);
        match answer.status {
            StatusPattern::Exact(status) => match arms.iter_mut().find(|arm| arm.value == value) {
                Some(arm) => arm.pattern = format!("{} | {status}", arm.pattern),
                None => arms.push(ErrorArmView { pattern: status.to_string(), value }),
            },
            StatusPattern::Range(hundreds) => {
                ranges.push(ErrorArmView { pattern: format!("{hundreds}00..={hundreds}99"), value })
            }
            StatusPattern::Default => {}
        }
    }
    // Without a range between, what says the same as the rest needs no arm.
    if ranges.is_empty() {
        arms.retain(|arm| arm.value != otherwise);
    }
    arms.extend(ranges);
    (arms, otherwise)
}

impl Names {
    fn error_variant(&self, ty: &Type) -> &str {
        self.errors.iter().find(|(known, _)| known == ty).map_or("Raw", |(_, name)| name)
    }
}
