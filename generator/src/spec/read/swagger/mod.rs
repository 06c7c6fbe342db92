//! Reads the constructs of Swagger 2.0 that differ from OpenAPI 3.
//!
//! Parameters and headers are schemas themselves, bodies are parameters, and media types belong to operations. All of
//! these are converted into the constructs of OpenAPI 3.

mod body;
mod discriminator;
mod form;
mod pagination;
mod parameter;
mod response;
mod schema;
mod security;
mod server;
mod style;

use std::collections::HashMap;

use crate::source::Node;
use crate::spec::{Components, RequestBodyId, ResponseId, Spanned};

use super::{Address, Reader, fields};

pub(super) use pagination::pagination;
pub(super) use security::security_kind;
pub(super) use server::{operation_servers, servers};

/// The extensions of operations for which the model has separate fields.
pub(super) const OF_OPERATIONS: [&str; 5] =
    ["x-rust-name", "x-idempotent", "x-pagination", "x-ms-pageable", "x-ms-long-running-operation"];

/// The extensions of documents for which the model has separate fields.
pub(super) const OF_DOCUMENTS: [&str; 3] = ["x-request-id-header", "x-ms-paths", "x-ms-parameterized-host"];

/// The request bodies and responses that were already read, by their node and the media types of the operation.
#[derive(Default)]
pub(super) struct Known {
    bodies: HashMap<(Address, Vec<String>), RequestBodyId>,
    responses: HashMap<(Address, Vec<String>), ResponseId>,
}

impl<'d> Reader<'d, '_> {
    /// Reads the parameters and responses that the document defines outside of operations.
    pub(super) fn swagger_components(&mut self) -> Components {
        let root = &self.document.root;
        let parameters = fields::entries(root, "parameters").iter();
        let parameters: Vec<_> = parameters.filter(|entry| !fields::is_extension(&entry.key)).collect();
        let bodies = parameters.iter().filter(|entry| location(&entry.value) == Some("body"));
        Components {
            parameters: parameters
                .iter()
                .filter_map(|entry| Some((entry.key.clone(), self.parameter(&entry.value)?)))
                .collect(),
            request_bodies: bodies.map(|entry| (entry.key.clone(), self.shared_body(&entry.value, None))).collect(),
            responses: fields::entries(root, "responses")
                .iter()
                .filter_map(|entry| Some((entry.key.clone(), self.swagger_response(&entry.value, None)?)))
                .collect(),
            ..Components::default()
        }
    }

    /// Returns the media types in `consumes` or `produces` of an operation, or else of the document. An empty list of
    /// an operation replaces the list of the document.
    fn media_types(&mut self, operation: Option<&Node>, key: &str) -> Vec<Spanned<String>> {
        let root = &self.document.root;
        let own = operation.and_then(|operation| operation.get(key));
        let Some(list) = own.or_else(|| root.get(key)) else { return Vec::new() };
        // Each body and response has a copy of the list, so the copies count towards the limit on values.
        let limit = if self.may_add(list.elements().len(), list.span) { usize::MAX } else { 1 };
        list.elements().iter().take(limit).filter_map(fields::spanned_string).collect()
    }
}

/// Returns the location (`in`) of a parameter.
fn location(parameter: &Node) -> Option<&str> {
    parameter.get("in").and_then(Node::as_str)
}

/// Returns media types without their locations.
fn values(media_types: &[Spanned<String>]) -> Vec<String> {
    media_types.iter().map(|media_type| media_type.value.clone()).collect()
}

/// Returns the Rust name that an extension of an object specifies.
fn rust_name(node: &Node) -> Option<String> {
    fields::string(node, "x-rust-name").or_else(|| fields::string(node, "x-ms-client-name"))
}

/// Returns whether an extension marks a value as secret.
fn is_sensitive(node: &Node) -> bool {
    fields::is_true(node, "x-sensitive") || fields::is_true(node, "x-ms-secret")
}
