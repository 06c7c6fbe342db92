//! Examples of operations for the documentation, which are compiled as doctests.
//!
//! An example calls an operation with its required arguments. An operation has no example if the arguments have no
//! simple values, see [`Values`].

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{
    BodyContent, Multipart, Operation, Parameter, PartContent, Representation, RequestBody, ResponseContent,
    SuccessContent,
};
use crate::name::{GroupNames, OperationNames};

use super::body::needs_custom_part;
use super::example_value::{Hint, Import, Values};
use super::types::{Types, ident};

/// The maximum length of an argument, as tokens separated by spaces. A longer argument becomes a variable.
const MAX_ARGUMENT: usize = 60;

/// The call of an operation, as the statements of an example.
#[derive(Debug)]
pub(crate) struct Example {
    /// The items that the statements use, besides the client.
    imports: BTreeSet<Import>,
    statements: Vec<String>,
    /// The number of required arguments.
    pub arguments: usize,
}

impl Example {
    /// Returns the example of an operation. Returns `None` if a required argument has no simple value.
    pub fn of(operation: &Operation, names: &OperationNames, group: &GroupNames, types: &Types<'_>) -> Option<Self> {
        let mut values = Values::new(types);
        let arguments = arguments(operation, names, group, &mut values)?;
        let count = arguments.len();
        let mut bindings = Vec::new();
        let arguments = arguments.into_iter().map(|Argument { name, value }| match name {
            // A long argument is readable only as a statement of its own.
            Some(name) if value.to_string().len() > MAX_ARGUMENT => {
                let name = ident(name);
                bindings.push(quote!(let #name = #value;));
                quote!(#name)
            }
            _ => value,
        });
        let arguments: Vec<TokenStream> = arguments.collect();
        let (accessor, method) = (ident(&group.accessor), ident(&names.method));
        let call = quote!(client.#accessor().#method(#(#arguments),*));
        let is_stream = operation.success.stream.is_some() && !operation.success.is_whole_or_stream();
        let is_empty = matches!(operation.success.content, SuccessContent::One { content: ResponseContent::Empty, .. });
        let statements = if operation.pagination.is_some() {
            while_items(&quote!(#call.items()))
        } else if is_stream {
            while_items(&quote!(#call.send_items().await?))
        } else if is_empty {
            quote!(#call.send().await?;)
        } else {
            quote! {
                let response = #call.send().await?;
                println!("{response:?}");
            }
        };
        let statements = formatted(quote!(#(#bindings)* #statements))?;
        Some(Self { imports: values.imports(), statements, arguments: count })
    }

    /// Returns the code block of the example. `api` is the path of the API, e.g. `pki_clients::digicert_mpki`. The
    /// lines of `client` create the client; `uses_trait` states whether they call methods of the trait `ClientSettings`.
    pub fn block(example: Option<&Self>, api: &str, client: &[String], uses_trait: bool) -> Vec<String> {
        let library = api.split("::").next().unwrap_or(api);
        let (mut own, mut other) = (vec!["Client"], Vec::new());
        own.extend(uses_trait.then_some("ClientSettings"));
        let mut lines = vec!["```no_run".to_owned()];
        for import in example.iter().flat_map(|example| &example.imports) {
            match import {
                Import::Std(item) => lines.extend([format!("use std::{item};"), String::new()]),
                Import::Api(module) => own.push(module),
                Import::Runtime(item) => other.push(format!("use {library}::runtime::{item};")),
            }
        }
        lines.push(match own.as_slice() {
            [only] => format!("use {api}::{only};"),
            own => format!("use {api}::{{{}}};", own.join(", ")),
        });
        lines.extend(other);
        lines.push(String::new());
        // Items of the document cannot shadow these paths, because examples import only modules and the client.
        lines.push("# async fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
        lines.extend(client.iter().cloned());
        lines.extend(example.map(|example| example.statements.clone()).unwrap_or_default());
        lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
        lines
    }
}

/// A required argument of a method.
struct Argument {
    /// The name of the variable for a long value. `None` for values that are always short.
    name: Option<&'static str>,
    value: TokenStream,
}

impl Argument {
    fn short(value: TokenStream) -> Self {
        Self { name: None, value }
    }
}

/// Returns a loop over a stream of items.
fn while_items(items: &TokenStream) -> TokenStream {
    quote! {
        let mut items = #items;
        while let Some(item) = items.try_next().await? {
            println!("{item:?}");
        }
    }
}

/// Returns the lines of statements.
fn formatted(statements: TokenStream) -> Option<Vec<String>> {
    let file = syn::parse2(quote!(fn example() { #statements })).ok()?;
    let text = prettyplease::unparse(&file);
    let lines: Vec<&str> = text.lines().collect();
    let body = lines.get(1..lines.len().checked_sub(1)?)?;
    Some(body.iter().map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned()).collect())
}

/// Returns the required arguments of the method of an operation, in the order of its view.
fn arguments<'a>(
    operation: &'a Operation,
    names: &OperationNames,
    group: &GroupNames,
    values: &mut Values<'a>,
) -> Option<Vec<Argument>> {
    let mut arguments = Vec::new();
    let required = operation.parameters.iter().zip(&names.parameters).filter(|(parameter, _)| parameter.is_argument());
    let hint = |parameter: &'a Parameter| Hint::new(&parameter.name, &parameter.doc);
    if let Some(own) = &names.required {
        let mut fields = Vec::new();
        for (parameter, name) in required {
            let (value, name) = (values.exact(&parameter.ty, hint(parameter))?, ident(name));
            fields.push(quote!(#name: #value));
        }
        let ty = values.operation_type(group, &own.ty);
        arguments.push(Argument { name: Some("required"), value: quote!(#ty { #(#fields),* }) });
    } else {
        for (parameter, _) in required {
            arguments.push(Argument::short(values.argument(&parameter.ty, hint(parameter))?));
        }
    }
    let Some(body) = &operation.body else { return Some(arguments) };
    let value = match body.only().map(|only| (&only.content, &only.doc)) {
        Some((BodyContent::Multipart(form), _)) => {
            arguments.extend(parts(form, values)?.into_iter().map(Argument::short));
            return Some(arguments);
        }
        Some((content, doc)) if body.required => match content.value() {
            Some(ty) => values.argument(ty, Hint::new("body", doc))?,
            None => values.path("body.bin"),
        },
        None if body.required => body_enum(body, names, group, values)?,
        _ => return Some(arguments),
    };
    arguments.push(Argument { name: Some("body"), value });
    Some(arguments)
}

/// Returns the required parts of a form.
fn parts<'a>(form: &'a Multipart, values: &mut Values<'a>) -> Option<Vec<TokenStream>> {
    let required = form.parts.iter().filter(|part| part.is_argument());
    required
        .map(|part| {
            let hint = Hint::new(&part.name, &part.doc);
            Some(match &part.content {
                PartContent::File => values.path(&hint.file_name()),
                PartContent::Files => {
                    let path = values.path(&hint.file_name());
                    quote!([#path])
                }
                PartContent::Values(_) if needs_custom_part(part) => quote!(["text"]),
                PartContent::Any => quote!("text"),
                PartContent::Value(_) | PartContent::Json(_) if needs_custom_part(part) => quote!("text"),
                PartContent::Values(ty) => values.list_argument(ty, hint)?,
                PartContent::Value(ty) | PartContent::Json(ty) => values.argument(ty, hint)?,
            })
        })
        .collect()
}

/// Returns the first variant of the enum of request bodies that has a simple value.
fn body_enum<'a>(
    body: &'a RequestBody,
    names: &OperationNames,
    group: &GroupNames,
    values: &mut Values<'a>,
) -> Option<TokenStream> {
    let bodies = names.bodies.as_ref()?;
    let mut variants = body.representations.iter().zip(&bodies.variants);
    variants.find_map(|(representation, variant)| {
        let value = values.attempt(|values| body_value(representation, names, group, values))?;
        let (ty, variant) = (values.operation_type(group, &bodies.ty), ident(variant));
        Some(quote!(#ty::#variant(#value)))
    })
}

/// Returns a value of the variant for a representation in the enum of request bodies.
fn body_value<'a>(
    representation: &'a Representation<BodyContent>,
    names: &OperationNames,
    group: &GroupNames,
    values: &mut Values<'a>,
) -> Option<TokenStream> {
    match &representation.content {
        BodyContent::Multipart(form) => {
            let (arguments, ty) = (parts(form, values)?, values.operation_type(group, &names.form.as_ref()?.ty));
            Some(quote!(#ty::new(#(#arguments),*)))
        }
        content => match content.value() {
            Some(ty) => values.exact(ty, Hint::new("body", &representation.doc)),
            None => {
                let path = values.path("body.bin");
                Some(quote!(#path.into()))
            }
        },
    }
}
