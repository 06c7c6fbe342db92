//! Lowers servers and their variables.

use crate::ir::{Group, Server, ServerVariable};
use crate::spec;

use super::Lowering;

impl Lowering<'_> {
    /// Returns the servers of the API, and the servers of its operations without duplicates.
    pub(super) fn servers(&mut self, groups: &[Group]) -> (Vec<Server>, Vec<Server>) {
        let mut servers = lowered(&self.spec.servers);
        let mut operation_servers: Vec<Server> = Vec::new();
        let operations = || groups.iter().flat_map(|group| &group.operations);
        for server in operations().flat_map(|operation| &operation.servers) {
            if !operation_servers.iter().any(|known| is_same(known, server)) {
                operation_servers.push(server.clone());
            }
        }
        // OpenAPI 3.0.3, "OpenAPI Object": without `servers`, the API has one server with the URL `/`.
        let all_have_own = operations().next().is_some() && operations().all(|operation| !operation.servers.is_empty());
        if servers.is_empty() && !all_have_own {
            let url = "/".to_owned();
            servers.push(Server { name: None, url, description: None, variables: Vec::new() });
        }
        (servers, operation_servers)
    }

    /// Returns the servers of an operation, or else the servers of its path item. Empty if these are the same as the
    /// servers of the API.
    pub(super) fn operation_servers(&self, of_path: &[spec::Server], own: &[spec::Server]) -> Vec<Server> {
        let servers = lowered(if own.is_empty() { of_path } else { own });
        let api = lowered(&self.spec.servers);
        let is_repeated =
            servers.len() == api.len() && servers.iter().zip(&api).all(|(server, api)| is_same(server, api));
        if is_repeated { Vec::new() } else { servers }
    }
}

fn lowered(servers: &[spec::Server]) -> Vec<Server> {
    servers.iter().map(server).collect()
}

fn server(server: &spec::Server) -> Server {
    let variables = server.variables.iter().map(|variable| ServerVariable {
        name: variable.name.clone(),
        rust_name: variable.rust_name.clone(),
        description: variable.description.clone(),
        default: variable.default.clone(),
        allowed: variable.allowed.clone(),
        required: variable.required,
        span: variable.span,
    });
    let description = server.description.as_deref();
    let name = description.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    Server {
        name: server.name.clone().or(name).filter(|name| !name.is_empty()),
        url: server.url.clone(),
        description: server.description.clone(),
        variables: variables.collect(),
    }
}

/// Returns whether two servers are the same to callers. Ignores descriptions and source locations.
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
