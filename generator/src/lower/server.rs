//! Servers and their variables.

use openapiv3::Server as ServerSchema;

use crate::ir::{Group, Server, ServerVariable};
use crate::source::Node;

use super::Lowering;
use super::extension;

impl Lowering<'_> {
    /// The servers of the API, and those of its operations, each once.
    pub(super) fn servers(&mut self, groups: &[Group]) -> (Vec<Server>, Vec<Server>) {
        let mut servers = listed(self.root.node, &self.root.value.servers);
        let mut operation_servers: Vec<Server> = Vec::new();
        let operations = || groups.iter().flat_map(|group| &group.operations);
        for server in operations().flat_map(|operation| &operation.servers) {
            if !operation_servers.iter().any(|known| is_same(known, server)) {
                operation_servers.push(server.clone());
            }
        }
        // OpenAPI 3.0.3, "OpenAPI Object": without servers, there is one with the URL `/`.
        let all_have_own = operations().next().is_some() && operations().all(|operation| !operation.servers.is_empty());
        if servers.is_empty() && !all_have_own {
            let url = "/".to_owned();
            servers.push(Server { name: None, url, description: None, variables: Vec::new() });
        }
        (servers, operation_servers)
    }

    /// The servers of an operation where they are not those of the API: its own come before its path's.
    pub(super) fn operation_servers(
        &self,
        path: (&Node, &[ServerSchema]),
        operation: (&Node, &[ServerSchema]),
    ) -> Vec<Server> {
        let own = [operation, path].into_iter().map(|(node, servers)| listed(node, servers));
        let own = own.into_iter().find(|servers| !servers.is_empty()).unwrap_or_default();
        let api = listed(self.root.node, &self.root.value.servers);
        let repeated = own.len() == api.len() && own.iter().zip(&api).all(|(own, api)| is_same(own, api));
        if repeated { Vec::new() } else { own }
    }
}

/// The servers that a node lists.
fn listed(node: &Node, servers: &[ServerSchema]) -> Vec<Server> {
    let nodes = node.get("servers").map(Node::elements).unwrap_or_default();
    nodes.iter().zip(servers).map(|(node, server)| lowered(node, server)).collect()
}

fn lowered(node: &Node, server: &ServerSchema) -> Server {
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
    let said = server.description.as_deref().map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "));
    Server {
        name: extension::string(node, "x-name").or(said).filter(|name| !name.is_empty()),
        url: server.url.clone(),
        description: server.description.clone(),
        variables: variables.collect(),
    }
}

/// Whether both are the same for a caller, wherever they are written.
fn is_same(left: &Server, right: &Server) -> bool {
    let same = |(left, right): (&ServerVariable, &ServerVariable)| {
        left.name == right.name
            && left.default == right.default
            && left.allowed == right.allowed
            && left.required == right.required
    };
    (&left.name, &left.url) == (&right.name, &right.url)
        && left.variables.len() == right.variables.len()
        && left.variables.iter().zip(&right.variables).all(same)
}
