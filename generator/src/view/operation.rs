//! Views of operations, for the templates in `operation/`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{BodyContent, Location, Operation, Parameter, RequestBody, Type};
use crate::name::{GroupNames, OperationNames, SERVER};

use super::body::{
    ArgumentCode, BodyEnumView, FormView, body_argument, body_enum, body_type, content_type_hint, enum_argument, form,
    other_part, part_argument, part_docs, part_location,
};
use super::deprecation;
use super::docs::{Docs, linked};
use super::example::Example;
use super::markdown::code;
use super::object::{RequiredFieldView, RequiredView};
use super::operation_docs::{self, Links, summary};
use super::operation_info::{InfoView, info};
use super::pagination::{self, PaginationView};
use super::response::{self, ErrorsView, HeaderView, OutputEnumView};
use super::stream::{self, EventsView, StreamingView};
use super::types::{Types, ident, without_raw};

/// The view of an operation: its request type, and the method that creates a request.
#[derive(Debug, Serialize)]
pub(crate) struct OperationView {
    /// The documentation of the request type.
    pub docs: Vec<String>,
    /// The documentation of the method that creates a request.
    pub method_docs: Vec<String>,
    /// The first paragraph of the documentation, for the table of operations in the README.
    pub summary: String,
    /// The attribute `#[deprecated]`. `None` if the item is not deprecated.
    pub deprecated: Option<String>,
    pub ty: String,
    pub method: String,
    /// Whether the method of this operation begins another `impl` block of the sub-client. Formatting a single block
    /// with thousands of methods would use too much memory.
    pub begins_impl: bool,
    /// The required arguments of the method, as `name: type`.
    pub arguments: Vec<String>,
    /// The struct of required parameters, which is the first of `arguments`.
    pub required: Option<RequiredView>,
    /// The documentation of each argument.
    #[serde(skip)]
    argument_docs: Vec<(String, Docs)>,
    /// The statements of the method that add the arguments to the call.
    pub statements: Vec<String>,
    /// Whether `statements` is not empty.
    pub has_statements: bool,
    pub setters: Vec<CallSetterView>,
    pub info: InfoView,
    /// The constants for the documented response headers.
    pub headers: Vec<HeaderView>,
    /// The Rust type of the request body.
    pub body: String,
    pub body_enum: Option<BodyEnumView>,
    pub form: Option<FormView>,
    pub output: String,
    pub output_enum: Option<OutputEnumView>,
    pub decode: String,
    pub streaming: Option<StreamingView>,
    pub events: Option<EventsView>,
    /// The expression that decodes the error that the server reports in an item of a stream.
    pub item_error: Option<String>,
    /// The code that decodes error bodies. `None` if no error body has a Rust type.
    pub errors: Option<ErrorsView>,
    pub pagination: Option<PaginationView>,
    /// The method and path, e.g. `GET /pets/{id}`.
    pub route: String,
    /// The Rust expression that calls the method, for the README, e.g. `client.pets().get(id)`.
    pub call: String,
    /// The call in the example of the method. `None` if a required argument has no simple value.
    #[serde(skip)]
    pub example: Option<Example>,
}

#[derive(Debug, Serialize)]
pub(crate) struct CallSetterView {
    pub docs: Vec<String>,
    /// The attribute `#[deprecated]`. `None` if the item is not deprecated.
    pub deprecated: Option<String>,
    pub name: String,
    pub argument: String,
    pub statements: Vec<String>,
}

/// Returns the view of an operation. `api` is the path of the API in examples, e.g. `pki_clients::digicert_mpki`.
pub(super) fn operation(
    operation: &Operation,
    names: &OperationNames,
    group: &GroupNames,
    types: &Types<'_>,
    api: &str,
) -> OperationView {
    let links = Links { types, group, names };
    let mut view = OperationView {
        docs: operation_docs::request_docs(operation, &links),
        method_docs: Vec::new(),
        argument_docs: Vec::new(),
        summary: summary(operation),
        deprecated: deprecation::attribute(operation.deprecated, operation.description.as_deref()),
        ty: names.ty.clone(),
        method: names.method.clone(),
        begins_impl: false,
        arguments: Vec::new(),
        required: names.required.as_ref().map(|required| RequiredView {
            ty: required.ty.clone(),
            argument: required.argument.clone(),
            docs: format!("The required parameters of {}.", linked(&names.ty)),
            fields: Vec::new(),
        }),
        statements: Vec::new(),
        has_statements: false,
        setters: Vec::new(),
        info: info(operation, names, types),
        headers: response::headers(operation, names, types),
        body: body_type(operation.body.as_ref(), names, types).to_string(),
        body_enum: operation.body.as_ref().and_then(|body| body_enum(body, names, types)),
        form: operation.body.as_ref().and_then(|body| form(body, names, types)),
        output: response::output(&operation.success, names, types).to_string(),
        output_enum: response::output_enum(operation, names, types),
        decode: response::decode(&operation.success, names).to_string(),
        streaming: stream::streaming(operation, names, types),
        events: stream::events(operation, names, types),
        item_error: stream::item_error(operation, types),
        errors: response::errors(&operation.errors, types),
        pagination: operation.pagination.as_ref().and_then(|pagination| pagination::view(pagination, operation, types)),
        route: format!("{} {}", operation.method, operation.path),
        call: String::new(),
        example: Example::of(operation, names, group, types),
    };
    for (index, (parameter, name)) in operation.parameters.iter().zip(&names.parameters).enumerate() {
        let is_argument = parameter.is_argument();
        let docs = Docs::default().of(&parameter.doc);
        let deprecated = deprecation::of(&parameter.doc);
        let location = format!("{} {}.", describe_location(parameter.location), code(&parameter.name));
        if is_argument && let Some(required) = &mut view.required {
            view.statements.push(required_statement(index, parameter, name, &required.argument));
            required.fields.push(RequiredFieldView {
                docs: deprecation::marked(docs, deprecated.is_some()).text(location).or(String::new),
                name: name.clone(),
                ty: types.render_type(&parameter.ty).to_string(),
            });
            continue;
        }
        let argument = parameter_argument(index, parameter, name, &call_of(is_argument), types);
        view.add(name, argument, is_argument, docs, location, deprecated);
    }
    if let Some(required) = &view.required {
        view.arguments.push(format!("{} : {}", required.argument, required.ty));
    }
    if let Some(body) = &operation.body {
        view.add_body(body, names, types);
    }
    if !operation.servers.is_empty() {
        view.setters.push(server_setter());
    }
    view.has_statements = !view.statements.is_empty();
    let client = ["let client = Client::from_env()?;".to_owned()];
    let example = view.example.as_ref().map(|example| Example::block(Some(example), api, &client, false));
    let example = example.unwrap_or_default();
    view.method_docs = operation_docs::docs(operation, &links, std::mem::take(&mut view.argument_docs), example);
    let arguments: Vec<&str> = view.arguments.iter().filter_map(|argument| argument.split(" :").next()).collect();
    view.call = format!("client.{}().{}({})", group.accessor, names.method, arguments.join(", "));
    view
}

impl OperationView {
    /// Estimates the number of lines of the operation: its method, its request type, and the other types that only it
    /// uses.
    pub fn lines(&self) -> usize {
        let setters = self.setters.iter().map(|setter| setter.docs.len() + setter.statements.len() + 4);
        let method = self.method_docs.len() + self.arguments.len() + self.statements.len() + 5;
        let has = [self.body_enum.is_some(), self.form.is_some(), self.output_enum.is_some(), self.events.is_some()];
        let types = has.into_iter().filter(|exists| *exists).count() * 40;
        let required: usize = self.required.iter().map(RequiredView::lines).sum();
        required + method + self.docs.len() + 12 + setters.sum::<usize>() + self.headers.len() * 5 + types
    }

    /// Adds an argument of the method (if `is_argument`) or a setter of the request.
    fn add(
        &mut self,
        name: &str,
        argument: ArgumentCode,
        is_argument: bool,
        docs: Docs,
        location: String,
        deprecated: Option<String>,
    ) {
        if !is_argument {
            self.setters.push(CallSetterView {
                docs: docs.text(location).or(String::new),
                deprecated,
                name: name.to_owned(),
                argument: argument.argument,
                statements: argument.statements,
            });
            return;
        }
        let docs = deprecation::marked(docs, deprecated.is_some());
        if !docs.is_empty() {
            self.argument_docs.push((code(without_raw(name)), docs));
        }
        self.arguments.push(argument.argument);
        self.statements.extend(argument.statements);
    }

    /// Adds an argument or setter for the body. For a form, adds an argument or setter for each part.
    fn add_body(&mut self, body: &RequestBody, names: &OperationNames, types: &Types<'_>) {
        let call = call_of(body.required);
        let argument = match (body.only().map(|only| &only.content), &names.bodies) {
            (Some(BodyContent::Multipart(form)), _) => {
                for (index, (part, name)) in form.parts.iter().zip(&names.parts).enumerate() {
                    let is_argument = part.is_argument();
                    let argument = part_argument(index, part, name, &call_of(is_argument), types);
                    self.add(
                        name,
                        argument,
                        is_argument,
                        part_docs(part),
                        part_location(part),
                        deprecation::of(&part.doc),
                    );
                }
                if form.open {
                    self.setters.push(other_part(&quote!(self.call)));
                }
                return;
            }
            (Some(content), _) => body_argument(content, &names.body, &call, types),
            (None, Some(bodies)) => enum_argument(&bodies.ty, &names.body, &call),
            (None, None) => return,
        };
        let docs = Docs::default().document_text(body.description.as_deref());
        let location = if docs.is_empty() { "The request body." } else { "" };
        // A body with several media types is an enum, whose variants are documented at its definition.
        let docs = body.only().into_iter().fold(docs, |docs, only| {
            let hint = content_type_hint(only).map(|hint| format!("Media type {}: {hint}.", code(&only.media_type)));
            docs.text(hint.unwrap_or_default()).of(&only.doc)
        });
        self.add(&names.body, argument, body.required, docs, location.to_owned(), None);
    }
}

/// Returns the Rust expression for the `Call` to which generated code adds a value: the local variable `call` for an
/// argument of the method, the field `self.call` in a setter.
fn call_of(is_argument: bool) -> TokenStream {
    if is_argument { quote!(call) } else { quote!(self.call) }
}

/// Returns the setter that selects one of the servers of an operation with `servers`.
fn server_setter() -> CallSetterView {
    let server = ident(SERVER);
    let what = "Selects the server of this call by its index in the operation's list of servers, starting at 0. The \
                client's [`base_url`](crate::runtime::ClientBuilder::base_url) is ignored.";
    CallSetterView {
        docs: Docs::default().text(what).or(String::new),
        deprecated: None,
        name: SERVER.to_owned(),
        argument: "index: usize".to_owned(),
        statements: vec![quote!(self.call.#server(index);).to_string()],
    }
}

fn parameter_argument(
    index: usize,
    parameter: &Parameter,
    name: &str,
    call: &TokenStream,
    types: &Types<'_>,
) -> ArgumentCode {
    let (name, index) = (ident(name), Literal::usize_unsuffixed(index));
    let argument = types.argument(&parameter.ty, &name);
    let (argument_ty, value) = (argument.ty, argument.value);
    let set = quote!(#call.set(#index, &#name););
    let statements = if parameter.ty == Type::String {
        vec![quote!(#call.set_text(#index, #value);)]
    } else if argument.converts {
        let target = types.render_type(&parameter.ty);
        vec![quote!(let #name: #target = #value;), set]
    } else {
        vec![set]
    };
    ArgumentCode {
        argument: quote!(#name: #argument_ty).to_string(),
        statements: statements.iter().map(TokenStream::to_string).collect(),
    }
}

/// Returns the statement that adds a field of the struct of required parameters to the call.
fn required_statement(index: usize, parameter: &Parameter, name: &str, argument: &str) -> String {
    let (name, argument, index) = (ident(name), ident(argument), Literal::usize_unsuffixed(index));
    if parameter.ty == Type::String {
        quote!(call.set_text(#index, #argument.#name);).to_string()
    } else {
        quote!(call.set(#index, &#argument.#name);).to_string()
    }
}

pub(super) fn describe_location(location: Location) -> &'static str {
    match location {
        Location::Path => "Path parameter",
        Location::Query => "Query parameter",
        Location::QueryString => "Query string",
        Location::Header => "Header",
        Location::Cookie => "Cookie",
    }
}
