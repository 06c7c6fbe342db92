//! Reads security schemes and requirements.

use crate::source::{Entry, Node};
use crate::spec::{
    ApiKeyLocation, ClientCertificate, Flow, FlowKind, RequiredScheme, Requirement, SchemeKind, SecurityScheme, Spanned,
};

use super::{Reader, fields};

impl<'d> Reader<'d, '_> {
    /// Reads the security schemes of the components.
    pub(super) fn security_schemes(&self) -> Vec<SecurityScheme> {
        self.section("securitySchemes").iter().filter_map(|entry| self.security_scheme(entry)).collect()
    }

    fn security_scheme(&self, entry: &'d Entry) -> Option<SecurityScheme> {
        let node = self.resolver.resolve(&entry.value)?;
        Some(SecurityScheme {
            name: Spanned::new(entry.key.clone(), entry.key_span),
            kind: kind(node)?,
            description: fields::string(node, "description"),
            deprecated: fields::is_true(node, "deprecated"),
            rust_name: fields::string(node, "x-rust-name"),
            client_certificate: node
                .get("x-client-certificate")
                .map(|rule| ClientCertificate { host_prefix: fields::string(rule, "host-prefix").unwrap_or_default() }),
            extensions: fields::extensions(node, &["x-rust-name", "x-client-certificate"]),
            span: node.span,
        })
    }
}

fn kind(node: &Node) -> Option<SchemeKind> {
    Some(match node.get("type")?.as_str()? {
        "apiKey" => SchemeKind::ApiKey {
            location: match node.get("in")?.as_str()? {
                "header" => ApiKeyLocation::Header,
                "query" => ApiKeyLocation::Query,
                "cookie" => ApiKeyLocation::Cookie,
                _ => return None,
            },
            name: fields::string(node, "name")?,
        },
        "http" => SchemeKind::Http {
            scheme: fields::spanned(node, "scheme")?,
            bearer_format: fields::string(node, "bearerFormat"),
        },
        "oauth2" => SchemeKind::OAuth2 { flows: flows(node), metadata_url: None },
        "openIdConnect" => SchemeKind::OpenIdConnect { url: fields::string(node, "openIdConnectUrl")? },
        _ => return None,
    })
}

fn flows(scheme: &Node) -> Vec<Flow> {
    let flows = fields::entries(scheme, "flows").iter().filter_map(|entry| {
        let node = &entry.value;
        let scopes = fields::entries(node, "scopes").iter();
        Some(Flow {
            kind: FlowKind::named(&entry.key)?,
            authorization_url: fields::string(node, "authorizationUrl"),
            device_authorization_url: None,
            token_url: fields::string(node, "tokenUrl"),
            refresh_url: fields::string(node, "refreshUrl"),
            scopes: scopes
                .map(|scope| (scope.key.clone(), scope.value.as_str().unwrap_or_default().to_owned()))
                .collect(),
            extensions: fields::extensions(node, &[]),
        })
    });
    flows.collect()
}

/// Reads a list of security requirements.
pub(super) fn requirements(list: &Node) -> Vec<Requirement> {
    let requirement = |node: &Node| {
        let schemes = node.entries().iter().map(|entry| RequiredScheme {
            name: Spanned::new(entry.key.clone(), entry.key_span),
            scopes: entry.value.elements().iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        });
        Requirement { schemes: schemes.collect() }
    };
    list.elements().iter().map(requirement).collect()
}
