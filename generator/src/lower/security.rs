//! Security schemes, and whether the schemes of a requirement can be shown together.

use openapiv3::{APIKeyLocation, SecurityScheme as SchemeSchema};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{ApiKeyLocation, ClientCertificate, Group, OAuthFlow, SchemeKind, SecurityScheme};
use crate::source::Node;

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
                    (SchemeKind::Bearer { format: extension::string(at.node, "bearerFormat") }, description)
                }
                SchemeSchema::HTTP { scheme, description, .. } if !is_token(scheme) => {
                    let place = at.node.get("scheme").unwrap_or(at.node).span;
                    let message = format!("{} is not a valid HTTP authentication scheme", quoted(scheme));
                    let diagnostic = Diagnostic::warning(Code::InvalidValue, place, message);
                    self.diagnostics.push(diagnostic.help("callers pass the value of the `Authorization` header"));
                    let name = "Authorization".to_owned();
                    (SchemeKind::ApiKey { location: ApiKeyLocation::Header, name }, description)
                }
                SchemeSchema::HTTP { scheme, description, .. } => {
                    (SchemeKind::Http { scheme: scheme.clone() }, description)
                }
                SchemeSchema::OAuth2 { description, .. } => (SchemeKind::OAuth2 { flows: flows(at.node) }, description),
                SchemeSchema::OpenIDConnect { open_id_connect_url, description, .. } => {
                    (SchemeKind::OpenIdConnect { url: open_id_connect_url.clone() }, description)
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

    /// Names the combinations of schemes that want one header for themselves.
    pub(super) fn check_requirements(&mut self, schemes: &[SecurityScheme]) {
        let root = self.root.node;
        let items = root.get("paths").map(Node::entries).unwrap_or_default();
        // Whatever else stands in a path item has no `security`.
        let operations = items.iter().flat_map(|item| item.value.entries()).map(|entry| &entry.value);
        for requirement in
            std::iter::once(root).chain(operations).filter_map(|node| node.get("security")).flat_map(Node::elements)
        {
            let mut taken: Vec<String> = Vec::new();
            for entry in requirement.entries() {
                let Some(header) = schemes.iter().find(|scheme| scheme.name == entry.key).and_then(header) else {
                    continue;
                };
                if taken.contains(&header) {
                    let message = format!("two schemes of one security requirement use the header {}", quoted(&header));
                    let diagnostic = Diagnostic::warning(Code::InvalidValue, entry.key_span, message);
                    let help = "a request can send only one of them; define them as alternatives if that is intended";
                    self.diagnostics.push(diagnostic.help(help));
                }
                taken.push(header);
            }
        }
    }
}

/// More alternatives than this are not made of one requirement.
const ALTERNATIVES: usize = 16;

/// Makes alternatives of the combinations whose schemes want one header for themselves.
pub(super) fn settle_requirements(groups: &mut [Group], schemes: &[SecurityScheme]) {
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        let combinations = std::mem::take(&mut operation.security);
        operation.security =
            combinations.into_iter().flat_map(|combination| without_rivals(combination, schemes)).collect();
    }
}

/// The combination, or one for each scheme that fills a header which others would fill too.
fn without_rivals(combination: Vec<String>, schemes: &[SecurityScheme]) -> Vec<Vec<String>> {
    let header_of = |name: &String| schemes.iter().find(|scheme| scheme.name == *name).and_then(header);
    let mut choices: Vec<(Option<String>, Vec<String>)> = Vec::new();
    for name in combination {
        let header = header_of(&name);
        match choices.iter_mut().find(|(known, _)| header.is_some() && *known == header) {
            Some((_, rivals)) => rivals.push(name),
            None => choices.push((header, vec![name])),
        }
    }
    let mut alternatives: Vec<Vec<String>> = vec![Vec::new()];
    for (_, rivals) in choices {
        let extended = rivals.iter().flat_map(|rival| {
            alternatives.iter().map(move |before| before.iter().chain([rival]).cloned().collect::<Vec<String>>())
        });
        alternatives = extended.take(ALTERNATIVES).collect();
    }
    alternatives
}

/// The ways to a token, in the order of the document.
fn flows(scheme: &Node) -> Vec<OAuthFlow> {
    let entries = scheme.get("flows").map(Node::entries).unwrap_or_default();
    let flows = entries.iter().filter(|entry| !entry.key.starts_with("x-")).map(|entry| {
        let text = |key: &str| entry.value.get(key).and_then(Node::as_str).map(str::to_owned);
        let scopes = entry.value.get("scopes").map(Node::entries).unwrap_or_default();
        let words = |scope: &Node| scope.as_str().unwrap_or_default().to_owned();
        OAuthFlow {
            name: entry.key.clone(),
            authorization_url: text("authorizationUrl"),
            token_url: text("tokenUrl"),
            refresh_url: text("refreshUrl"),
            scopes: scopes.iter().map(|scope| (scope.key.clone(), words(&scope.value))).collect(),
        }
    });
    flows.collect()
}

/// The header that a scheme fills.
fn header(scheme: &SecurityScheme) -> Option<String> {
    match &scheme.kind {
        SchemeKind::ApiKey { location: ApiKeyLocation::Header, name } => Some(name.to_ascii_lowercase()),
        SchemeKind::ApiKey { .. } => None,
        _ => Some("authorization".to_owned()),
    }
}

/// What RFC 9110 allows as the name of a scheme.
fn is_token(scheme: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !scheme.is_empty() && scheme.bytes().all(is_token_byte)
}
