//! Views of security schemes: the constants that describe them, and the builder methods that set credentials.

use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{Api, ApiKeyLocation, OAuthFlow, SchemeKind, SecurityScheme};
use crate::name::Names;

use super::deprecation;
use super::docs::Docs;
use super::markdown::code;
use super::package::cell;
use super::types::{ident, literal};

/// A builder method that sets a credential.
#[derive(Debug, Serialize)]
pub(crate) struct CredentialView {
    pub docs: Vec<String>,
    /// The attribute `#[deprecated]`. `None` if the item is not deprecated.
    pub deprecated: Option<String>,
    pub setter: String,
    pub arguments: String,
    pub scheme: String,
    pub credential: String,
}

/// Returns whether the API accepts client certificates.
pub(super) fn has_certificates(api: &Api) -> bool {
    let accepts = |scheme: &SecurityScheme| scheme.kind == SchemeKind::MutualTls || scheme.client_certificate.is_some();
    api.has_client && api.security_schemes.iter().any(accepts)
}

/// Returns the security schemes as constant Rust expressions.
pub(super) fn schemes(api: &Api, names: &Names) -> Vec<String> {
    let schemes = api.security_schemes.iter().zip(&names.schemes).map(|(scheme, setter)| {
        let (name, kind) = (&scheme.name, kind(&scheme.kind));
        let mut info = quote!(crate::runtime::SecurityScheme::new(#name, #setter, crate::runtime::SchemeKind::#kind));
        if let Some(rule) = &scheme.client_certificate {
            let prefix = &rule.host_prefix;
            info = quote!(#info.client_certificate(crate::runtime::ClientCertificateRule::new(#prefix)));
        }
        info.to_string()
    });
    schemes.collect()
}

fn kind(kind: &SchemeKind) -> TokenStream {
    match kind {
        SchemeKind::ApiKey { location, name } => {
            let location = ident(match location {
                ApiKeyLocation::Header => "Header",
                ApiKeyLocation::Query => "Query",
                ApiKeyLocation::Cookie => "Cookie",
            });
            quote!(ApiKey { location: crate::runtime::Location::#location, name: #name })
        }
        SchemeKind::Basic => quote!(Basic),
        SchemeKind::Bearer { .. } => quote!(Bearer),
        SchemeKind::Http { scheme } => quote!(Http { scheme: #scheme }),
        SchemeKind::MutualTls => quote!(MutualTls),
        SchemeKind::OAuth2 { flows, .. } => {
            let token_url = match client_credentials(flows).and_then(|flow| flow.token_url.as_ref()) {
                Some(url) => quote!(::std::option::Option::Some(#url)),
                None => quote!(::std::option::Option::None),
            };
            quote!(OAuth2 { token_url: #token_url })
        }
        SchemeKind::OpenIdConnect { .. } => quote!(OpenIdConnect),
    }
}

fn client_credentials(flows: &[OAuthFlow]) -> Option<&OAuthFlow> {
    flows.iter().find(|flow| flow.name == OAuthFlow::CLIENT_CREDENTIALS)
}

/// Returns the builder methods that set credentials. A security scheme has up to five such methods: for a fixed
/// credential, a bearer token that is sent as an API key, a credential provider, an OAuth2 client and a client
/// certificate. A scheme for mutual TLS has none: every client builder has a method for the certificate.
pub(super) fn setters(api: &Api, names: &Names) -> Vec<CredentialView> {
    let mut views = Vec::new();
    for (index, scheme) in api.security_schemes.iter().enumerate() {
        let mut add = |setter: Option<&String>, docs: Docs, arguments: TokenStream, credential: TokenStream| {
            let Some(setter) = setter else { return };
            views.push(CredentialView {
                docs: docs.or(String::new),
                deprecated: deprecation::attribute(scheme.deprecated, scheme.description.as_deref()),
                setter: setter.clone(),
                arguments: arguments.to_string(),
                scheme: literal(&scheme.name),
                credential: quote!(crate::runtime::Credential::#credential).to_string(),
            });
        };
        let setter = names.schemes.get(index);
        let Some((arguments, credential)) = fixed(&scheme.kind) else { continue };
        let bearer = names.bearers.get(index).and_then(Option::as_ref);
        let docs = match bearer {
            Some(bearer) => fixed_docs(scheme).text(format!("For a bearer token, see `{bearer}`.")),
            None => fixed_docs(scheme),
        };
        add(setter, docs, arguments, credential);
        let reference = setter.map(|setter| format!(" (see `{setter}`)")).unwrap_or_default();
        add(
            bearer,
            Docs::default().text(format!("Sends this token as the credential{reference}, after the prefix `Bearer `.")),
            quote!(token: impl ::std::convert::Into<crate::runtime::Secret>),
            quote!(bearer(token)),
        );
        add(
            names.providers.get(index).and_then(Option::as_ref),
            Docs::default().text(format!(
                "Gets the credential{reference} from this provider when a request needs it, and again when the server \
                 rejects it. A provider can be a closure that returns a future, see \
                 [`CredentialProvider`](crate::runtime::CredentialProvider)."
            )),
            quote!(provider: impl crate::runtime::CredentialProvider),
            quote!(provider(provider)),
        );
        add(
            names.oauth_clients.get(index).and_then(Option::as_ref),
            client_docs(&scheme.kind),
            quote!(client: crate::runtime::ClientCredentials),
            quote!(client_credentials(client)),
        );
        if let Some(rule) = &scheme.client_certificate {
            let what = format!(
                "Authenticates with this TLS client certificate instead of the credential of the security scheme, which \
                 is not sent. The server's host name is prefixed with {}.",
                code(&rule.host_prefix)
            );
            add(
                names.client_certificates.get(index).and_then(Option::as_ref),
                Docs::default().text(what),
                quote!(identity: crate::runtime::ClientIdentity),
                quote!(client_certificate(identity)),
            );
        }
    }
    views
}

/// Returns the arguments of the builder method for a fixed credential, and the expression that creates the `Credential`
/// from them. Returns `None` for mutual TLS.
fn fixed(kind: &SchemeKind) -> Option<(TokenStream, TokenStream)> {
    let secret = quote!(impl ::std::convert::Into<crate::runtime::Secret>);
    Some(match kind {
        SchemeKind::ApiKey { .. } => (quote!(key: #secret), quote!(api_key(key))),
        SchemeKind::Basic => (
            quote!(username: impl ::std::convert::Into<::std::string::String>, password: #secret),
            quote!(basic(username, password)),
        ),
        SchemeKind::Bearer { .. } | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect { .. } => {
            (quote!(token: #secret), quote!(bearer(token)))
        }
        SchemeKind::Http { .. } => (quote!(credentials: #secret), quote!(authorization(credentials))),
        SchemeKind::MutualTls => return None,
    })
}

fn fixed_docs(scheme: &SecurityScheme) -> Docs {
    let what = match &scheme.kind {
        SchemeKind::ApiKey { location, name } => {
            format!("Sends this key in the {} {}.", describe_location(location), code(name))
        }
        SchemeKind::Basic => "Sends this user name and password with HTTP basic authentication.".to_owned(),
        SchemeKind::Bearer { format: None } => "Sends this token with HTTP bearer authentication.".to_owned(),
        SchemeKind::Bearer { format: Some(format) } => {
            format!("Sends this token with HTTP bearer authentication. Its format is {}.", code(format))
        }
        SchemeKind::Http { scheme } => format!(
            "Sends these credentials in the header `Authorization` with the scheme {}. All requests have the same \
             credentials: challenges of the server are ignored.",
            code(scheme)
        ),
        SchemeKind::MutualTls => String::new(),
        SchemeKind::OAuth2 { .. } => "Sends this OAuth2 access token, obtained by any flow.".to_owned(),
        SchemeKind::OpenIdConnect { url } => {
            format!(
                "Sends this OpenID Connect access token. The discovery document of the provider is at {}.",
                code(url)
            )
        }
    };
    let docs = Docs::default().text(what).document_text(scheme.description.as_deref());
    match &scheme.kind {
        SchemeKind::OAuth2 { flows, metadata_url } => {
            let docs = match metadata_url {
                Some(url) => docs.text(format!("The metadata of the authorization server is at {}.", code(url))),
                None => docs,
            };
            flows.iter().fold(docs, flow_docs)
        }
        _ => docs,
    }
}

/// Returns the rows of a table of security schemes: the name of the scheme, the builder methods that set its credential,
/// and its kind.
pub(super) fn rows(api: &Api, names: &Names) -> Vec<String> {
    let row = |(index, scheme): (usize, &SecurityScheme)| {
        let optional = [&names.bearers, &names.providers, &names.oauth_clients, &names.client_certificates];
        let optional = optional.into_iter().filter_map(|setters| setters.get(index)?.as_ref());
        let setters: Vec<String> =
            names.schemes.get(index).into_iter().chain(optional).map(|setter| code(setter)).collect();
        let cells = [code(&scheme.name), setters.join(", "), credential(&scheme.kind)];
        format!("| {} |", cells.map(|text| cell(&text)).join(" | "))
    };
    api.security_schemes.iter().enumerate().map(row).collect()
}

/// Describes the credential of a security scheme.
fn credential(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey { location, name } => {
            format!("API key in the {} {}", describe_location(location), code(name))
        }
        SchemeKind::Basic => "user name and password (HTTP basic authentication)".to_owned(),
        SchemeKind::Bearer { .. } => "bearer token".to_owned(),
        SchemeKind::Http { scheme } => format!("credentials of the scheme {}", code(scheme)),
        SchemeKind::MutualTls => "TLS client certificate".to_owned(),
        SchemeKind::OAuth2 { .. } => "OAuth2 access token".to_owned(),
        SchemeKind::OpenIdConnect { .. } => "OpenID Connect access token".to_owned(),
    }
}

fn describe_location(location: &ApiKeyLocation) -> &'static str {
    match location {
        ApiKeyLocation::Header => "header",
        ApiKeyLocation::Query => "query parameter",
        ApiKeyLocation::Cookie => "cookie",
    }
}

/// Returns the documentation of the security schemes for mutual TLS, for the docs of the client. These schemes have no
/// builder method of their own that could be documented.
pub(super) fn mutual_tls_docs(api: &Api) -> Docs {
    let schemes = api.security_schemes.iter().filter(|scheme| scheme.kind == SchemeKind::MutualTls);
    schemes.fold(Docs::default(), |docs, scheme| {
        let deprecated = if scheme.deprecated { "deprecated " } else { "" };
        let what = format!(
            "The {deprecated}security scheme {} requires a TLS client certificate, set with \
             [`client_identity`](crate::runtime::ClientBuilder::client_identity) of the builder",
            code(&scheme.name)
        );
        docs.labeled(&what, scheme.description.as_deref())
    })
}

/// Adds the URLs of an OAuth2 flow and the list of its scopes to docs.
fn flow_docs(docs: Docs, flow: &OAuthFlow) -> Docs {
    let url = |what: &str, url: &Option<String>| url.as_ref().map(|url| format!("{what} {}", code(url)));
    let urls = [
        url("authorization at", &flow.authorization_url),
        url("device authorization at", &flow.device_authorization_url),
        url("tokens at", &flow.token_url),
        url("refresh at", &flow.refresh_url),
    ];
    let urls: Vec<String> = urls.into_iter().flatten().collect();
    let urls = if urls.is_empty() { "no URLs".to_owned() } else { urls.join(", ") };
    let name = code(&flow.name);
    if flow.scopes.is_empty() || flow.name == OAuthFlow::CLIENT_CREDENTIALS {
        // Omit the scopes of the client credentials flow: the docs of the builder method for an OAuth2 client list
        // them.
        return docs.text(format!("The flow {name}: {urls}."));
    }
    docs.text(format!("The flow {name}: {urls}; its scopes:")).listed(scopes(flow))
}

/// Returns the scopes of a flow with their descriptions.
fn scopes(flow: &OAuthFlow) -> Vec<(String, Docs)> {
    let scope =
        |(name, description): &(String, String)| (code(name), Docs::default().document_summary(Some(description)));
    flow.scopes.iter().map(scope).collect()
}

fn client_docs(kind: &SchemeKind) -> Docs {
    let docs = Docs::default().text(
        "Gets access tokens with the OAuth2 client credentials grant, and caches each until shortly before it expires.",
    );
    let flow = match kind {
        SchemeKind::OAuth2 { flows, .. } => client_credentials(flows),
        _ => None,
    };
    let docs = docs.text(match flow.and_then(|flow| flow.token_url.as_ref()) {
        Some(url) => format!("The token URL is {}, unless `ClientCredentials::token_url` sets another one.", code(url)),
        None => "The API definition has no token URL: set it with `ClientCredentials::token_url`.".to_owned(),
    });
    match flow.map(scopes) {
        Some(scopes) if !scopes.is_empty() => {
            docs.text("Scopes, none of which is requested by default:").listed(scopes)
        }
        _ => docs,
    }
}
