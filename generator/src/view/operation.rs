//! Operations as the templates of `operation/` lay them out.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{BodyContent, Location, Operation, Parameter, RequestBody, Type};
use crate::name::{OperationNames, SERVER};

use super::answer::{self, ErrorsView, HeaderView, OutputEnumView, StreamingView};
use super::body::{
    BodyEnumView, FormView, Taken, body_enum, body_taken, body_type, enum_taken, form, other_part, part_docs,
    part_place, part_taken, told_by_header,
};
use super::docs::{Docs, linked};
use super::markdown::code;
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
    /// Whether its method begins another `impl` of the sub-client: one of thousands of methods would be formatted as a whole.
    pub begins_impl: bool,
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
    /// The headers that answers come with.
    pub headers: Vec<HeaderView>,
    /// The type of the body that is sent.
    pub body: String,
    pub body_enum: Option<BodyEnumView>,
    pub form: Option<FormView>,
    pub output: String,
    pub output_enum: Option<OutputEnumView>,
    pub decode: String,
    pub streaming: Option<StreamingView>,
    /// Where the bodies of errors are anything but raw.
    pub errors: Option<ErrorsView>,
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
        begins_impl: false,
        arguments: Vec::new(),
        statements: Vec::new(),
        has_statements: false,
        setters: Vec::new(),
        info: info(operation, names, types),
        headers: answer::headers(operation, names, types),
        body: body_type(operation.body.as_ref(), names, types).to_string(),
        body_enum: operation.body.as_ref().and_then(|body| body_enum(body, names, types)),
        form: operation.body.as_ref().and_then(|body| form(body, names, types)),
        output: answer::output(&operation.success, names, types).to_string(),
        output_enum: answer::output_enum(operation, names, types),
        decode: answer::decode(&operation.success, names).to_string(),
        streaming: answer::streaming(operation, types),
        errors: answer::errors(&operation.errors, types),
        pagination: operation.pagination.as_ref().and_then(|pagination| pagination::view(pagination, operation, types)),
        route: format!("{} {}", operation.method, operation.path),
        call: String::new(),
    };
    for (index, (parameter, name)) in operation.parameters.iter().zip(&names.parameters).enumerate() {
        let demanded = parameter.required && parameter.client_value.is_none();
        let taken = parameter_taken(index, parameter, name, &call_of(demanded), types);
        let words = Docs::default().of(&parameter.doc);
        let place = format!("{} {}.", located(parameter.location), code(&parameter.name));
        view.add(name, taken, demanded, words, place, parameter.doc.deprecated);
    }
    if let Some(body) = &operation.body {
        view.add_body(body, names, types);
    }
    if !operation.servers.is_empty() {
        view.setters.push(server_setter());
    }
    view.has_statements = !view.statements.is_empty();
    let route = code(&view.route);
    view.method_docs = Docs::default()
        .own(first_words(operation))
        .own(format!("{route}, see {}.", linked(&names.ty)))
        .listed(std::mem::take(&mut view.argument_docs))
        .or(String::new);
    let arguments: Vec<&str> = view.arguments.iter().filter_map(|argument| argument.split(" :").next()).collect();
    view.call = format!("client.{accessor}().{}({})", names.method, arguments.join(", "));
    view
}

impl OperationView {
    /// An argument where callers must give it, else a setter: its statements are on [that call](call_of).
    fn add(&mut self, name: &str, taken: Taken, demanded: bool, words: Docs, place: String, deprecated: bool) {
        if !demanded {
            self.setters.push(CallSetterView {
                docs: words.own(place).or(String::new),
                deprecated,
                name: name.to_owned(),
                argument: taken.argument,
                statements: taken.statements,
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

    /// The body: an argument or setter, or one for each part of a form.
    fn add_body(&mut self, body: &RequestBody, names: &OperationNames, types: &Types<'_>) {
        let call = call_of(body.required);
        let taken = match (body.only().map(|only| &only.content), &names.bodies) {
            (Some(BodyContent::Multipart(form)), _) => {
                for (index, (part, name)) in form.parts.iter().zip(&names.parts).enumerate() {
                    let demanded = part.required && part.client_value.is_none();
                    let taken = part_taken(index, part, name, &call_of(demanded), types);
                    self.add(name, taken, demanded, part_docs(part), part_place(part), part.doc.deprecated);
                }
                if form.open {
                    self.setters.push(other_part(&quote!(self.call)));
                }
                return;
            }
            (Some(content), _) => body_taken(content, &names.body, &call, types),
            (None, Some(bodies)) => enum_taken(&bodies.ty, &names.body, &call),
            (None, None) => return,
        };
        let words = Docs::default().foreign(body.description.as_deref());
        let place = if words.is_empty() { "The request's body." } else { "" };
        // Where there are several, each says its own.
        let words = body.only().into_iter().fold(words, |words, only| {
            let told = told_by_header(only).map(|what| format!("It is {}: {what}.", code(&only.media_type)));
            words.own(told.unwrap_or_default()).of(&only.doc)
        });
        self.add(&names.body, taken, body.required, words, place.to_owned(), false);
    }
}

/// The call that a value goes into: of an argument, the one that is being made; of a setter, the one that is there.
fn call_of(demanded: bool) -> TokenStream {
    if demanded { quote!(call) } else { quote!(self.call) }
}

/// The choice of one of the operation's own servers.
fn server_setter() -> CallSetterView {
    let server = ident(SERVER);
    let what = "Sends this call to the operation's own server with this index, counted from 0, whatever \
                [`base_url`](crate::runtime::ClientBuilder::base_url) the client has.";
    CallSetterView {
        docs: Docs::default().own(what).or(String::new),
        deprecated: false,
        name: SERVER.to_owned(),
        argument: "index: usize".to_owned(),
        statements: vec![quote!(self.call.#server(index);).to_string()],
    }
}

fn parameter_taken(index: usize, parameter: &Parameter, name: &str, call: &TokenStream, types: &Types<'_>) -> Taken {
    let (name, index) = (ident(name), Literal::usize_unsuffixed(index));
    let argument = types.argument(&parameter.ty, &name);
    let (taken, value) = (argument.ty, argument.value);
    let set = quote!(#call.set(#index, &#name););
    let statements = if parameter.ty == Type::String {
        vec![quote!(#call.set_text(#index, #value);)]
    } else if argument.converts {
        let spelt = types.render_type(&parameter.ty);
        vec![quote!(let #name: #spelt = #value;), set]
    } else {
        vec![set]
    };
    Taken {
        argument: quote!(#name: #taken).to_string(),
        statements: statements.iter().map(TokenStream::to_string).collect(),
    }
}

fn located(location: Location) -> &'static str {
    match location {
        Location::Path => "Path parameter",
        Location::Query => "Query parameter",
        Location::Header => "Header",
        Location::Cookie => "Cookie",
    }
}
