//! Reads servers from `schemes`, `host` and `basePath`.

use crate::source::{Node, Span};
use crate::spec::read::{Reader, fields};
use crate::spec::{Extensions, Server, ServerVariable};

use super::rust_name;

/// Returns the servers of the document. Without a host, the URL of the server is relative to a URL that callers
/// provide.
pub(in crate::spec::read) fn servers<'d>(reader: &Reader<'d, '_>, root: &'d Node) -> Vec<Server> {
    list(reader, root, root)
}

/// Returns the servers of an operation with its own `schemes`. Empty for other operations.
pub(in crate::spec::read) fn operation_servers<'d>(reader: &Reader<'d, '_>, operation: &'d Node) -> Vec<Server> {
    match operation.get("schemes") {
        Some(_) => list(reader, &reader.document.root, operation),
        None => Vec::new(),
    }
}

/// Returns a server for each of the `schemes` of `owner`: HTTPS first, because it is preferred.
fn list<'d>(reader: &Reader<'d, '_>, root: &'d Node, owner: &'d Node) -> Vec<Server> {
    let base = fields::string(root, "basePath").unwrap_or_default();
    let base = base.trim_matches('/');
    let base = if base.is_empty() { String::new() } else { format!("/{base}") };
    let template = root.get("x-ms-parameterized-host");
    let host = match template.and_then(|template| template.get("hostTemplate")) {
        Some(host) => host,
        None => match root.get("host") {
            Some(host) => host,
            None if base.is_empty() => return Vec::new(),
            None => return vec![server(base, Vec::new(), root.get("basePath").map_or(root.span, |base| base.span))],
        },
    };
    let name = host.as_str().unwrap_or_default().trim_end_matches('/');
    let variables = template.map(|template| variables(reader, template)).unwrap_or_default();
    if template.is_some_and(|template| fields::boolean(template, "useSchemePrefix") == Some(false)) {
        return vec![server(format!("{name}{base}"), variables, host.span)];
    }
    // Ignore `ws` and `wss`, which are not HTTP.
    let mut schemes = fields::strings(owner, "schemes");
    schemes.retain(|scheme| matches!(scheme.as_str(), "http" | "https"));
    if schemes.is_empty() {
        schemes.push("https".to_owned());
    }
    schemes.sort_by_key(|scheme| scheme != "https");
    schemes.dedup();
    let servers = schemes.iter().map(|scheme| server(format!("{scheme}://{name}{base}"), variables.clone(), host.span));
    servers.collect()
}

fn server(url: String, variables: Vec<ServerVariable>, span: Span) -> Server {
    Server { url, url_span: span, description: None, name: None, variables, extensions: Extensions::default(), span }
}

/// Returns the variables of `x-ms-parameterized-host`.
fn variables<'d>(reader: &Reader<'d, '_>, template: &'d Node) -> Vec<ServerVariable> {
    let parameters = fields::elements(template, "parameters").iter();
    let variables = parameters.filter_map(|node| {
        let node = reader.resolver.resolve(node)?;
        let name = fields::spanned(node, "name")?;
        let default = fields::string(node, "default");
        Some(ServerVariable {
            name: name.value,
            required: default.is_none(),
            default: default.unwrap_or_default(),
            allowed: fields::strings(node, "enum"),
            description: fields::string(node, "description"),
            rust_name: rust_name(node),
            extensions: Extensions::default(),
            span: name.span,
        })
    });
    variables.collect()
}
