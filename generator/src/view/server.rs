//! Renders servers as constant Rust expressions and as documentation.

use quote::quote;

use crate::ir::{Server, ServerVariable};

use super::docs::Docs;
use super::markdown::{code, escaped};

/// Returns a server as a constant Rust expression.
pub(super) fn server(server: &Server) -> String {
    let variables = server.variables.iter().map(|variable| {
        let ServerVariable { name, default, allowed, required, .. } = variable;
        let mut info = quote!(crate::runtime::ServerVariable::new(#name, #default));
        if !allowed.is_empty() {
            info = quote!(#info.allowed(&[#(#allowed),*]));
        }
        if *required { quote!(#info.required(true)) } else { info }
    });
    let url = &server.url;
    let mut info = quote!(crate::runtime::ServerInfo::new(#url));
    if let Some(name) = &server.name {
        info = quote!(#info.name(#name));
    }
    if !server.variables.is_empty() {
        info = quote!(#info.variables(&[#(#variables),*]));
    }
    info.to_string()
}

/// Returns a line of documentation for each server of an operation, with its index.
pub(super) fn indexed_docs(servers: &[Server]) -> impl Iterator<Item = String> {
    servers.iter().enumerate().map(|(index, server)| format!("{index}{}", docs(server)))
}

/// Returns the documentation of the only server of an API.
pub(super) fn only_docs(server: &Server) -> String {
    format!("Server{}", docs(server))
}

/// Returns the documentation of a variant of the enum of servers.
pub(super) fn variant_docs(server: &Server) -> Vec<String> {
    let name = server.name.as_deref().filter(|name| Some(*name) != server.description.as_deref());
    Docs::default()
        .text(name.map(|name| format!("The server {}.", code(name))).unwrap_or_default())
        .document_text(server.description.as_deref())
        .text(url(server))
        .or(String::new)
}

/// Returns the documentation of a server after the text that identifies it: the name, the URL, the variables and the
/// description.
fn docs(server: &Server) -> String {
    let name = server.name.as_deref().map(|name| format!(" \"{}\"", escaped(name))).unwrap_or_default();
    let description = server.description.as_deref().map(escaped).filter(|text| !text.is_empty());
    let description = description.filter(|text| !name.contains(text));
    let description = description.map(|text| format!(": {text}")).unwrap_or_default();
    format!("{name}: {}{description}", url(server))
}

/// Returns the URL of a server with its variables.
fn url(server: &Server) -> String {
    let variables: Vec<String> = server.variables.iter().map(variable).collect();
    let with = if variables.is_empty() { String::new() } else { format!(", with {}", variables.join(", ")) };
    format!("{}{with}", code(&server.url))
}

fn variable(variable: &ServerVariable) -> String {
    let name = code(&variable.name);
    let allowed: Vec<String> = variable.allowed.iter().map(|value| code(value)).collect();
    match (variable.required, allowed.is_empty()) {
        (true, true) => format!("{name} (required)"),
        (true, false) => format!("{name} (required; one of {})", allowed.join(", ")),
        (false, true) => format!("{name} ({})", code(&variable.default)),
        (false, false) => format!("{name} ({}; one of {})", code(&variable.default), allowed.join(", ")),
    }
}
