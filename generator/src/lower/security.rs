//! Security schemes.

use openapiv3::{APIKeyLocation, SecurityScheme as SchemeSchema};

use crate::ir::{ApiKeyLocation, ClientCertificate, SchemeKind, SecurityScheme};

use super::Lowering;
use super::extension;
use super::reference::Section;

const SCHEMES: Section<SchemeSchema> =
    Section { name: "securitySchemes", members: |components| &components.security_schemes };

impl Lowering<'_> {
    pub(super) fn security_schemes(&mut self) -> Vec<SecurityScheme> {
        let Some(section) = self.root.node.get("components").and_then(|node| node.get("securitySchemes")) else {
            return Vec::new();
        };
        let mut schemes = Vec::new();
        for entry in section.entries() {
            let Some(components) = self.root.value.components.as_ref() else { continue };
            let Some(scheme) = components.security_schemes.get(&entry.key) else { continue };
            let Some(at) = self.resolve(&entry.value, scheme, &SCHEMES) else { continue };
            let (kind, description) = match at.value {
                SchemeSchema::APIKey { location, name, description, .. } => {
                    let location = match location {
                        APIKeyLocation::Header => ApiKeyLocation::Header,
                        APIKeyLocation::Query => ApiKeyLocation::Query,
                        APIKeyLocation::Cookie => ApiKeyLocation::Cookie,
                    };
                    (SchemeKind::ApiKey { location, name: name.clone() }, description)
                }
                SchemeSchema::HTTP { scheme, description, .. } if scheme.eq_ignore_ascii_case("basic") => {
                    (SchemeKind::Basic, description)
                }
                SchemeSchema::HTTP { scheme, description, .. } if scheme.eq_ignore_ascii_case("bearer") => {
                    (SchemeKind::Bearer, description)
                }
                SchemeSchema::HTTP { scheme, .. } => {
                    let place = at.node.get("scheme").unwrap_or(at.node).span;
                    self.unsupported(place, format!("HTTP authentication of the scheme `{scheme}`"));
                    continue;
                }
                SchemeSchema::OAuth2 { .. } | SchemeSchema::OpenIDConnect { .. } => {
                    let kind = at.node.get("type").unwrap_or(at.node);
                    let name = kind.as_str().unwrap_or_default();
                    self.unsupported(kind.span, format!("a security scheme of the type `{name}`"));
                    continue;
                }
            };
            schemes.push(SecurityScheme {
                name: entry.key.clone(),
                rust_name: extension::string(at.node, "x-rust-name"),
                description: description.clone(),
                kind,
                client_certificate: at.node.get("x-client-certificate").map(|rule| ClientCertificate {
                    host_prefix: extension::string(rule, "host-prefix").unwrap_or_default(),
                }),
                span: entry.key_span,
            });
        }
        schemes
    }
}
