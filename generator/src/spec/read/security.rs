//! Reads security schemes and requirements.

use crate::source::{Entry, Node};
use crate::spec::{
    ApiKeyLocation, ClientCertificate, Flow, FlowKind, RequiredScheme, Requirement, SchemeKind, SecurityScheme, Spanned,
};

use super::{Reader, fields, swagger};

impl<'d> Reader<'d, '_> {
    /// Reads the security schemes of the components, which Swagger 2.0 calls security definitions.
    pub(super) fn security_schemes(&self) -> Vec<SecurityScheme> {
        self.section("securitySchemes").iter().filter_map(|entry| self.security_scheme(entry)).collect()
    }

    fn security_scheme(&self, entry: &'d Entry) -> Option<SecurityScheme> {
        let node = self.resolver.resolve(&entry.value)?;
        Some(SecurityScheme {
            name: Spanned::new(entry.key.clone(), entry.key_span),
            kind: if self.dialect.is_swagger() { swagger::security_kind(node)? } else { kind(node)? },
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
        "mutualTLS" => SchemeKind::MutualTls,
        "oauth2" => SchemeKind::OAuth2 { flows: flows(node), metadata_url: fields::string(node, "oauth2MetadataUrl") },
        "openIdConnect" => SchemeKind::OpenIdConnect { url: fields::string(node, "openIdConnectUrl")? },
        _ => return None,
    })
}

fn flows(scheme: &Node) -> Vec<Flow> {
    let flows = fields::entries(scheme, "flows").iter().filter_map(|entry| {
        let node = &entry.value;
        Some(flow(FlowKind::named(&entry.key)?, node))
    });
    flows.collect()
}

/// Reads a flow. In Swagger 2.0, `node` is the security scheme itself.
pub(super) fn flow(kind: FlowKind, node: &Node) -> Flow {
    let scopes = fields::entries(node, "scopes").iter();
    Flow {
        kind,
        authorization_url: fields::string(node, "authorizationUrl"),
        device_authorization_url: fields::string(node, "deviceAuthorizationUrl"),
        token_url: fields::string(node, "tokenUrl"),
        refresh_url: fields::string(node, "refreshUrl"),
        scopes: scopes.map(|scope| (scope.key.clone(), scope.value.as_str().unwrap_or_default().to_owned())).collect(),
        extensions: fields::extensions(node, &[]),
    }
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
