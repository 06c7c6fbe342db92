//! Credentials: which ones an operation takes, and what they add to its request.
//!
//! In: what the builder was given, by scheme, and the requirements of an operation. Out: headers, query pairs, cookies
//! and the prefix of the host; or the builder methods to call where a credential is missing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use super::api::{ApiInfo, SchemeKind, SecurityScheme};
use super::identity::ClientIdentity;
use super::parameter::Location;
use super::request::{RequestError, query_pair};
use super::secret::Secret;

/// The builder method for a client certificate, for messages.
const CERTIFICATE_SETTER: &str = "client_certificate";

/// What a user proves who they are with.
#[derive(Clone)]
pub struct Credential(Kind);

#[derive(Clone)]
enum Kind {
    ApiKey(Secret),
    Basic { username: String, password: Secret },
    Bearer(Secret),
    Certificate(ClientIdentity),
}

impl Credential {
    /// An API key.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self(Kind::ApiKey(key.into()))
    }

    /// A user name and password for HTTP basic authentication.
    pub fn basic(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self(Kind::Basic { username: username.into(), password: password.into() })
    }

    /// A bearer token.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self(Kind::Bearer(token.into()))
    }

    /// A client certificate, in the place of the scheme's own credential.
    pub fn client_certificate(identity: ClientIdentity) -> Self {
        Self(Kind::Certificate(identity))
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::ApiKey(_) => "ApiKey(***)",
            Kind::Basic { .. } => "Basic(***)",
            Kind::Bearer(_) => "Bearer(***)",
            Kind::Certificate(_) => "ClientCertificate(***)",
        })
    }
}

/// Why a credential cannot be used. The credential itself is never part of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// The spec has no such scheme.
    #[error("the spec has no security scheme `{0}`")]
    NoSuchScheme(String),
    /// The scheme takes another kind of credential.
    #[error("the security scheme `{0}` does not take this kind of credential")]
    WrongKind(&'static str),
    /// The credential holds characters that cannot be sent.
    #[error("the credential given to `{0}()` is empty or holds characters that cannot be sent, such as a line break")]
    Characters(&'static str),
    /// The user name holds a colon, which ends it.
    #[error("the user name given to `{0}()` holds a colon, which HTTP basic authentication cannot send")]
    Colon(&'static str),
    /// Two schemes were given different certificates.
    #[error("two different client certificates were given: a connection can show only one")]
    TwoCertificates,
}

/// The credentials of a client, ready to be sent.
pub struct Credentials {
    configured: Vec<Configured>,
}

/// What is configured for one scheme.
struct Configured {
    scheme: &'static SecurityScheme,
    wire: Wire,
    /// Its texts, by which it is recognized where a server quotes it.
    secrets: Vec<Secret>,
}

/// What a credential adds to a request.
enum Wire {
    Header(HeaderName, HeaderValue),
    Query(&'static str, Secret),
    Cookie(&'static str, Secret),
    /// The connection shows it; the request goes to the host with this prefix.
    Certificate(&'static str),
}

/// What the credentials of one request add to it.
#[derive(Default)]
pub struct Authorization {
    /// Headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Query pairs, encoded.
    pub query: Vec<String>,
    /// Cookie pairs, encoded.
    pub cookies: Vec<String>,
    /// What the name of the host begins with.
    pub host_prefix: Option<&'static str>,
}

/// Which credentials a request takes.
#[derive(Debug, Clone, Copy)]
pub enum Requirement {
    /// Any one of these combinations.
    AnyOf(&'static [&'static [&'static str]]),
    /// The first configured one, if any: for requests that the spec does not describe.
    FirstConfigured,
}

impl Credentials {
    /// The credentials that the builder was given, and the one identity among them. For a scheme given twice the last
    /// one counts, save that a certificate always takes the place of the scheme's own credential.
    pub fn new(
        api: &'static ApiInfo,
        given: Vec<(String, Credential)>,
    ) -> Result<(Self, Option<ClientIdentity>), CredentialError> {
        let unknown = given.iter().find(|(name, _)| api.security_scheme(name).is_none());
        if let Some((name, _)) = unknown {
            return Err(CredentialError::NoSuchScheme(name.clone()));
        }
        let mut configured = Vec::new();
        let mut identity: Option<ClientIdentity> = None;
        for scheme in api.security_schemes {
            let own = given.iter().rev().filter(|(name, _)| name == scheme.name).map(|(_, credential)| &credential.0);
            let certificate = own.clone().find_map(|kind| match kind {
                Kind::Certificate(identity) => Some(identity),
                _ => None,
            });
            let entry = match (certificate, own.clone().next()) {
                (Some(certificate), _) => {
                    if identity.as_ref().is_some_and(|identity| !identity.is_same(certificate)) {
                        return Err(CredentialError::TwoCertificates);
                    }
                    identity = Some(certificate.clone());
                    let rule = scheme.client_certificate.ok_or(CredentialError::WrongKind(scheme.name))?;
                    Configured { scheme, wire: Wire::Certificate(rule.host_prefix), secrets: Vec::new() }
                }
                (None, Some(kind)) => configure(scheme, kind)?,
                (None, None) => continue,
            };
            configured.push(entry);
        }
        Ok((Self { configured }, identity))
    }

    /// What the credentials add to a request, or which builder methods would set those that are missing.
    pub async fn authorize(&self, requirement: Requirement, api: &ApiInfo) -> Result<Authorization, RequestError> {
        let mut authorization = Authorization::default();
        for configured in self.select(requirement, api)? {
            match &configured.wire {
                Wire::Header(name, value) => authorization.headers.push((name.clone(), value.clone())),
                Wire::Query(name, key) => authorization.query.push(query_pair(name, key.expose())),
                Wire::Cookie(name, key) => authorization.cookies.push(format!("{name}={}", key.expose())),
                Wire::Certificate(prefix) => authorization.host_prefix = Some(prefix),
            }
        }
        Ok(authorization)
    }

    /// All texts that must not be shown.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.configured.iter().flat_map(|configured| &configured.secrets).map(Secret::expose)
    }

    /// The first combination of which everything is configured. One of nothing ("may be anonymous") comes last, wherever
    /// the spec has it: a credential that is there is meant to be used.
    fn select(&self, requirement: Requirement, api: &ApiInfo) -> Result<Vec<&Configured>, RequestError> {
        let combinations = match requirement {
            Requirement::FirstConfigured => return Ok(self.configured.first().into_iter().collect()),
            Requirement::AnyOf(combinations) => combinations,
        };
        let find = |name: &&str| self.configured.iter().find(|configured| configured.scheme.name == *name);
        let complete = |combination: &&[&str]| combination.iter().map(find).collect::<Option<Vec<_>>>();
        let chosen = combinations.iter().filter(|combination| !combination.is_empty()).find_map(complete);
        let anonymous = combinations.is_empty() || combinations.iter().any(|combination| combination.is_empty());
        match chosen {
            Some(chosen) => Ok(chosen),
            None if anonymous => Ok(Vec::new()),
            None => Err(RequestError::MissingCredential { setters: setters(combinations, api) }),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.configured.iter().map(|configured| configured.scheme.name)).finish()
    }
}

/// The builder methods of each combination: "`a()` or `client_certificate()`, or `b()` and `c()`".
fn setters(combinations: &[&[&str]], api: &ApiInfo) -> String {
    let setter = |name: &&str| match api.security_scheme(name) {
        Some(scheme) if scheme.client_certificate.is_some() => {
            format!("`{}()` or `{CERTIFICATE_SETTER}()`", scheme.setter)
        }
        Some(scheme) => format!("`{}()`", scheme.setter),
        None => format!("`credential(\"{name}\", …)`"),
    };
    let combination = |names: &&[&str]| names.iter().map(setter).collect::<Vec<_>>().join(" and ");
    combinations.iter().map(combination).collect::<Vec<_>>().join(", or ")
}

/// What a scheme's own credential adds to requests.
fn configure(scheme: &'static SecurityScheme, kind: &Kind) -> Result<Configured, CredentialError> {
    let sensitive = |text: &str| {
        let value = Some(text).filter(|text| !text.chars().any(char::is_control)).map(str::as_bytes);
        let value = value.and_then(|bytes| HeaderValue::from_bytes(bytes).ok());
        value.map(|mut value| {
            value.set_sensitive(true);
            value
        })
    };
    let characters = || CredentialError::Characters(scheme.setter);
    let (wire, secrets) = match (scheme.kind, kind) {
        (SchemeKind::ApiKey { location, name }, Kind::ApiKey(key)) if !key.expose().is_empty() => {
            let wire = match location {
                Location::Header => {
                    let name = name.parse().map_err(|_| CredentialError::WrongKind(scheme.name))?;
                    Wire::Header(name, sensitive(key.expose()).ok_or_else(characters)?)
                }
                Location::Query => Wire::Query(name, key.clone()),
                Location::Cookie if key.expose().bytes().all(is_cookie_octet) => Wire::Cookie(name, key.clone()),
                Location::Cookie => return Err(characters()),
                Location::Path => return Err(CredentialError::WrongKind(scheme.name)),
            };
            (wire, vec![key.clone()])
        }
        (SchemeKind::Basic, Kind::Basic { username, password }) => {
            if username.contains(':') {
                return Err(CredentialError::Colon(scheme.setter));
            }
            if username.chars().chain(password.expose().chars()).any(char::is_control) {
                return Err(characters());
            }
            let pair = Secret::new(STANDARD.encode(Secret::new(format!("{username}:{}", password.expose())).expose()));
            let text = Secret::new(format!("Basic {}", pair.expose()));
            let value = sensitive(text.expose()).ok_or_else(characters)?;
            (Wire::Header(AUTHORIZATION, value), vec![password.clone(), pair])
        }
        (SchemeKind::Bearer, Kind::Bearer(token)) if !token.expose().is_empty() => {
            let text = Secret::new(format!("Bearer {}", token.expose()));
            (Wire::Header(AUTHORIZATION, sensitive(text.expose()).ok_or_else(characters)?), vec![token.clone()])
        }
        (SchemeKind::ApiKey { .. }, Kind::ApiKey(_)) | (SchemeKind::Bearer, Kind::Bearer(_)) => {
            return Err(characters());
        }
        _ => return Err(CredentialError::WrongKind(scheme.name)),
    };
    Ok(Configured { scheme, wire, secrets })
}

/// What RFC 6265 allows in the value of a cookie.
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}
