//! Reads servers.

use crate::source::Node;
use crate::spec::{Server, ServerVariable};

use super::dialect::Dialect;
use super::{Reader, fields};

impl<'d> Reader<'d, '_> {
    /// Reads the servers of a document or operation.
    pub(super) fn servers(&self, owner: &'d Node) -> Vec<Server> {
        owner.get("servers").map(|servers| list(servers, self.dialect)).unwrap_or_default()
    }
}

/// Reads a list of servers.
pub(super) fn list(servers: &Node, dialect: Dialect) -> Vec<Server> {
    servers.elements().iter().map(|node| server(node, dialect)).collect()
}

pub(super) fn server(node: &Node, dialect: Dialect) -> Server {
    let variables = fields::entries(node, "variables").iter().map(|entry| {
        let node = &entry.value;
        ServerVariable {
            name: entry.key.clone(),
            default: fields::string(node, "default").unwrap_or_default(),
            allowed: fields::strings(node, "enum"),
            description: fields::string(node, "description"),
            rust_name: fields::string(node, "x-rust-name"),
            required: fields::is_true(node, "x-required"),
            extensions: fields::extensions(node, &["x-rust-name", "x-required"]),
            span: entry.key_span,
        }
    });
    let name = || fields::string(node, "name").filter(|_| dialect.has_json_schema());
    Server {
        url: fields::string(node, "url").unwrap_or_default(),
        url_span: node.get("url").map_or(node.span, |url| url.span),
        description: fields::string(node, "description"),
        name: fields::string(node, "x-name").or_else(name),
        variables: variables.collect(),
        extensions: fields::extensions(node, &["x-name"]),
        span: node.span,
    }
}
