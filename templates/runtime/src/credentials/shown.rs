//! A credential as a request shows it.
//!
//! In: a scheme and a credential. Out: the header, query pair or cookie that carries it, checked and encoded; or what is
//! wrong with it, never the credential itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use super::super::api::{SchemeKind, SecurityScheme};
use super::super::parameter::Location;
use super::super::request::{header_name, query_pair};
use super::super::secret::Secret;
use super::credential::Kind;

/// What a credential adds to a request.
pub struct Shown {
    /// Where it travels.
    pub place: Place,
    /// Its texts, by which it is recognized where a server quotes it.
    pub secrets: Vec<Secret>,
}

/// Where a credential travels, and as what.
pub enum Place {
    /// A header.
    Header(HeaderName, HeaderValue),
    /// A pair of the query, encoded.
    Query(Secret),
    /// A pair of the `Cookie` header.
    Cookie(Secret),
}

/// What is wrong with a credential.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub enum Problem {
    /// The scheme takes another kind.
    #[error("is of a kind that the scheme does not take")]
    Kind,
    /// It is empty, or holds what cannot be sent.
    #[error("is empty or holds characters that cannot be sent, such as a line break")]
    Characters,
    /// No header or cookie of this name can carry it.
    #[error("is for a header or cookie that cannot carry a credential")]
    Name,
    /// The user name holds a colon, which ends it.
    #[error("has a user name with a colon, which HTTP basic authentication cannot send")]
    Colon,
}

impl Shown {
    /// The credential as requests show it.
    pub(super) fn new(scheme: &SecurityScheme, kind: &Kind) -> Result<Self, Problem> {
        match (scheme.kind, kind) {
            (SchemeKind::ApiKey { location, name }, Kind::ApiKey(key)) => api_key(location, name, key),
            (SchemeKind::Basic, Kind::Basic { username, password }) => basic(username, password),
            (SchemeKind::Bearer | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect, Kind::Bearer(token)) => {
                authorization("Bearer", token)
            }
            (SchemeKind::Http { scheme }, Kind::Authorization(credentials)) => authorization(scheme, credentials),
            _ => Err(Problem::Kind),
        }
    }

    /// Whether it carries the same secret.
    pub fn is_same(&self, other: &Self) -> bool {
        self.secrets == other.secrets
    }
}

fn api_key(location: Location, name: &'static str, key: &Secret) -> Result<Shown, Problem> {
    let text = Some(key.expose()).filter(|text| !text.is_empty()).ok_or(Problem::Characters)?;
    let place = match location {
        Location::Header => Place::Header(header_name(name).map_err(|_| Problem::Name)?, sensitive(text)?),
        Location::Query => Place::Query(Secret::new(query_pair(name, text))),
        // A cookie's name is a token, as a header's is (RFC 6265, section 4.1.1).
        Location::Cookie if name.parse::<HeaderName>().is_err() => return Err(Problem::Name),
        Location::Cookie if text.bytes().all(is_cookie_octet) => Place::Cookie(Secret::new(format!("{name}={text}"))),
        Location::Cookie => return Err(Problem::Characters),
        Location::Path => return Err(Problem::Kind),
    };
    Ok(Shown { place, secrets: vec![key.clone()] })
}

fn basic(username: &str, password: &Secret) -> Result<Shown, Problem> {
    if username.contains(':') {
        return Err(Problem::Colon);
    }
    if username.chars().chain(password.expose().chars()).any(char::is_control) {
        return Err(Problem::Characters);
    }
    let pair = Secret::new(STANDARD.encode(Secret::new(format!("{username}:{}", password.expose())).expose()));
    let mut shown = authorization("Basic", &pair)?;
    shown.secrets = vec![password.clone(), pair];
    Ok(shown)
}

fn authorization(scheme: &str, credentials: &Secret) -> Result<Shown, Problem> {
    if credentials.expose().is_empty() {
        return Err(Problem::Characters);
    }
    let value = sensitive(Secret::new(format!("{scheme} {}", credentials.expose())).expose())?;
    Ok(Shown { place: Place::Header(AUTHORIZATION, value), secrets: vec![credentials.clone()] })
}

/// A header value that HTTP libraries neither log nor keep in their tables.
fn sensitive(text: &str) -> Result<HeaderValue, Problem> {
    if text.chars().any(char::is_control) {
        return Err(Problem::Characters);
    }
    let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| Problem::Characters)?;
    value.set_sensitive(true);
    Ok(value)
}

/// What RFC 6265 allows in the value of a cookie.
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}
