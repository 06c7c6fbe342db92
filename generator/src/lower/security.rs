//! Lowers security schemes, and splits security requirements whose schemes cannot be combined in one request.

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{ApiKeyLocation, ClientCertificate, Group, OAuthFlow, SchemeKind, SecurityScheme};
use crate::spec;

use super::Lowering;

impl Lowering<'_> {
    /// Lowers the security schemes.
    pub(super) fn security_schemes(&mut self) -> Vec<SecurityScheme> {
        let spec = self.spec;
        let schemes = spec.security_schemes.iter().map(|scheme| SecurityScheme {
            name: scheme.name.value.clone(),
            rust_name: scheme.rust_name.clone(),
            description: scheme.description.clone(),
            deprecated: scheme.deprecated,
            kind: self.scheme_kind(scheme),
            client_certificate: scheme
                .client_certificate
                .as_ref()
                .map(|certificate| ClientCertificate { host_prefix: certificate.host_prefix.clone() }),
            span: scheme.name.span,
        });
        schemes.collect()
    }

    /// Returns how a credential is sent.
    fn scheme_kind(&mut self, scheme: &spec::SecurityScheme) -> SchemeKind {
        match &scheme.kind {
            spec::SchemeKind::ApiKey { location, name } => {
                let location = match location {
                    spec::ApiKeyLocation::Header => ApiKeyLocation::Header,
                    spec::ApiKeyLocation::Query => ApiKeyLocation::Query,
                    spec::ApiKeyLocation::Cookie => ApiKeyLocation::Cookie,
                };
                SchemeKind::ApiKey { location, name: name.clone() }
            }
            spec::SchemeKind::Http { scheme, bearer_format } => match scheme.value.as_str() {
                name if name.eq_ignore_ascii_case("basic") => SchemeKind::Basic,
                name if name.eq_ignore_ascii_case("bearer") => SchemeKind::Bearer { format: bearer_format.clone() },
                name if is_token(name) => SchemeKind::Http { scheme: name.to_owned() },
                name => {
                    let message = format!("{} is not a valid HTTP authentication scheme", quoted(name));
                    let diagnostic = Diagnostic::warning(Code::InvalidValue, scheme.span, message);
                    self.diagnostics.push(
                        diagnostic.help("callers of the client pass the whole value of the `Authorization` header"),
                    );
                    SchemeKind::ApiKey { location: ApiKeyLocation::Header, name: "Authorization".to_owned() }
                }
            },
            spec::SchemeKind::MutualTls => SchemeKind::MutualTls,
            spec::SchemeKind::OAuth2 { flows, metadata_url } => {
                SchemeKind::OAuth2 { flows: flows.iter().map(flow).collect(), metadata_url: metadata_url.clone() }
            }
            spec::SchemeKind::OpenIdConnect { url } => SchemeKind::OpenIdConnect { url: url.clone() },
        }
    }

    /// Reports requirements whose schemes use the same header.
    pub(super) fn check_requirements(&mut self, schemes: &[SecurityScheme]) {
        let spec = self.spec;
        let of_operations = spec.operations.iter().filter_map(|operation| operation.security.as_ref());
        for requirement in std::iter::once(&spec.security).chain(of_operations).flatten() {
            let mut used: Vec<String> = Vec::new();
            for required in &requirement.schemes {
                let scheme = schemes.iter().find(|scheme| scheme.name == required.name.value);
                let Some(header) = scheme.and_then(header) else { continue };
                if used.contains(&header) {
                    let message = format!("two schemes of one security requirement use the header {}", quoted(&header));
                    let diagnostic = Diagnostic::warning(Code::InvalidValue, required.name.span, message);
                    let help =
                        "a request can use only one of them; write two requirements if callers may choose a scheme";
                    self.diagnostics.push(diagnostic.help(help));
                }
                used.push(header);
            }
        }
    }
}

/// The maximum number of requirements that one requirement is split into.
const MAX_COMBINATIONS: usize = 16;

/// Splits each requirement in which several schemes use the same header: each of the resulting requirements contains
/// one of these schemes.
pub(super) fn split_requirements(groups: &mut [Group], schemes: &[SecurityScheme]) {
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        let combinations = std::mem::take(&mut operation.security);
        operation.security =
            combinations.into_iter().flat_map(|combination| with_one_scheme_each(combination, schemes)).collect();
    }
}

/// Returns the combination of schemes that a requirement lists. If some of the schemes use the same header, returns a
/// combination for each of them.
fn with_one_scheme_each(combination: Vec<String>, schemes: &[SecurityScheme]) -> Vec<Vec<String>> {
    let header_of = |name: &String| schemes.iter().find(|scheme| scheme.name == *name).and_then(header);
    let mut choices: Vec<(Option<String>, Vec<String>)> = Vec::new();
    for name in combination {
        let header = header_of(&name);
        match choices.iter_mut().find(|(known, _)| header.is_some() && *known == header) {
            Some((_, choice)) => choice.push(name),
            None => choices.push((header, vec![name])),
        }
    }
    let mut combinations: Vec<Vec<String>> = vec![Vec::new()];
    for (_, choice) in choices {
        let extended = choice.iter().flat_map(|name| {
            combinations.iter().map(move |before| before.iter().chain([name]).cloned().collect::<Vec<String>>())
        });
        combinations = extended.take(MAX_COMBINATIONS).collect();
    }
    combinations
}

fn flow(flow: &spec::Flow) -> OAuthFlow {
    OAuthFlow {
        name: flow.kind.as_str().to_owned(),
        authorization_url: flow.authorization_url.clone(),
        device_authorization_url: flow.device_authorization_url.clone(),
        token_url: flow.token_url.clone(),
        refresh_url: flow.refresh_url.clone(),
        scopes: flow.scopes.clone(),
    }
}

/// Returns the header that contains the credential of a scheme.
fn header(scheme: &SecurityScheme) -> Option<String> {
    match &scheme.kind {
        SchemeKind::ApiKey { location: ApiKeyLocation::Header, name } => Some(name.to_ascii_lowercase()),
        SchemeKind::ApiKey { .. } | SchemeKind::MutualTls => None,
        _ => Some("authorization".to_owned()),
    }
}

/// Returns whether a string is a token, as the name of an authentication scheme must be (RFC 9110).
fn is_token(scheme: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !scheme.is_empty() && scheme.bytes().all(is_token_byte)
}
