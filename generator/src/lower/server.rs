//! Servers and their variables.

use crate::ir::{Server, ServerVariable};
use crate::source::Node;

use super::Lowering;
use super::extension;

impl Lowering<'_> {
    pub(super) fn servers(&mut self) -> Vec<Server> {
        let nodes = self.root.node.get("servers").map(Node::elements).unwrap_or_default();
        let mut servers = Vec::new();
        for (node, server) in nodes.iter().zip(&self.root.value.servers) {
            let variables = node.get("variables").map(Node::entries).unwrap_or_default();
            let variables = variables.iter().filter_map(|entry| {
                let variable = server.variables.as_ref()?.get(&entry.key)?;
                Some(ServerVariable {
                    name: entry.key.clone(),
                    rust_name: extension::string(&entry.value, "x-rust-name"),
                    description: variable.description.clone(),
                    default: variable.default.clone(),
                    allowed: variable.enumeration.clone(),
                    required: extension::is_true(&entry.value, "x-required"),
                    span: entry.key_span,
                })
            });
            servers.push(Server {
                url: server.url.clone(),
                description: server.description.clone(),
                variables: variables.collect(),
            });
        }
        // OpenAPI 3.0.3, "OpenAPI Object": without servers, there is one with the URL `/`.
        if servers.is_empty() {
            servers.push(Server { url: "/".to_owned(), description: None, variables: Vec::new() });
        }
        servers
    }
}
