//! Reads security definitions.

use crate::source::Node;
use crate::spec::read::{fields, security};
use crate::spec::{ApiKeyLocation, Flow, FlowKind, SchemeKind, Spanned};

/// Returns the type of a security definition.
pub(in crate::spec::read) fn security_kind(node: &Node) -> Option<SchemeKind> {
    let ty = node.get("type")?;
    Some(match ty.as_str()? {
        "basic" => SchemeKind::Http { scheme: Spanned::new("basic".to_owned(), ty.span), bearer_format: None },
        "apiKey" => SchemeKind::ApiKey {
            location: match node.get("in")?.as_str()? {
                "header" => ApiKeyLocation::Header,
                "query" => ApiKeyLocation::Query,
                _ => return None,
            },
            name: fields::string(node, "name")?,
        },
        "oauth2" => SchemeKind::OAuth2 {
            flows: fields::string(node, "flow").and_then(|flow| read_flow(node, &flow)).into_iter().collect(),
            metadata_url: None,
        },
        _ => return None,
    })
}

fn read_flow(node: &Node, name: &str) -> Option<Flow> {
    let mut flow = security::flow(FlowKind::named(name)?, node);
    flow.scopes.retain(|(scope, _)| !fields::is_extension(scope));
    // The extensions belong to the security scheme, not to the flow.
    flow.extensions = crate::spec::Extensions::default();
    Some(flow)
}
