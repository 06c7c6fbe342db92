//! Encodes credentials as a header, query parameter or cookie, and checks that they can be sent. Errors never contain
//! the credential itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use super::super::encode::is_cookie_octet;
use super::super::parameter::Location;
use super::super::request::{header_name, query_pair};
use super::super::secret::Secret;
use super::credential::Kind;
use super::scheme::{SchemeKind, SecurityScheme};

/// A credential as sent in a request.
pub struct EncodedCredential {
    /// The header, query parameter or cookie that contains the credential.
    pub place: Place,
    /// The strings that error messages must mask if a server quotes them.
    pub secrets: Vec<Secret>,
}

/// The location of a credential in a request, and the encoded value.
pub enum Place {
    /// A header.
    Header(HeaderName, HeaderValue),
    /// An encoded `name=value` pair of the query.
    Query(Secret),
    /// A `name=value` pair of the `Cookie` header.
    Cookie(Secret),
}

impl Place {
    /// Returns the header.
    pub fn header(&self) -> Option<(&HeaderName, &HeaderValue)> {
        if let Self::Header(name, value) = self { Some((name, value)) } else { None }
    }

    /// Returns the encoded `name=value` pair of the query.
    pub fn query(&self) -> Option<&str> {
        if let Self::Query(pair) = self { Some(pair.expose()) } else { None }
    }

    /// Returns the `name=value` pair of the `Cookie` header.
    pub fn cookie(&self) -> Option<&str> {
        if let Self::Cookie(pair) = self { Some(pair.expose()) } else { None }
    }
}

/// The reason why a credential cannot be sent.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub enum Problem {
    /// The scheme requires another kind of credential.
    #[error("is of a kind that the scheme does not accept")]
    Kind,
    /// The credential is empty or contains characters that cannot be sent.
    #[error("is empty or contains characters that cannot be sent, such as a line break")]
    Characters,
    /// The name of the header or cookie is not allowed.
    #[error("is for a header or cookie whose name is not allowed")]
    Name,
    /// The user name contains a colon, which separates it from the password.
    #[error("has a user name with a colon, which HTTP basic authentication cannot send")]
    Colon,
}

impl EncodedCredential {
    /// Encodes a credential as the security scheme requires.
    pub(super) fn new(scheme: &SecurityScheme, kind: &Kind) -> Result<Self, Problem> {
        match (scheme.kind, kind) {
            (SchemeKind::ApiKey { location, name }, Kind::ApiKey(key)) => api_key(location, name, key),
            // Swagger 2.0 has no scheme for bearer tokens, so its documents define them as API keys.
            (SchemeKind::ApiKey { location: Location::Header, name }, Kind::Bearer(token))
                if name.eq_ignore_ascii_case(AUTHORIZATION.as_str()) =>
            {
                authorization("Bearer", token)
            }
            (SchemeKind::Basic, Kind::Basic { username, password }) => basic(username, password),
            (SchemeKind::Bearer | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect, Kind::Bearer(token)) => {
                authorization("Bearer", token)
            }
            (SchemeKind::Http { scheme }, Kind::Authorization(credentials)) => authorization(scheme, credentials),
            _ => Err(Problem::Kind),
        }
    }

    /// Returns whether both credentials contain the same secret.
    pub fn is_same(&self, other: &Self) -> bool {
        self.secrets == other.secrets
    }
}

fn api_key(location: Location, name: &'static str, key: &Secret) -> Result<EncodedCredential, Problem> {
    let text = Some(key.expose()).filter(|text| !text.is_empty()).ok_or(Problem::Characters)?;
    let place = match location {
        Location::Header => Place::Header(header_name(name).map_err(|_| Problem::Name)?, sensitive(text)?),
        Location::Query => Place::Query(Secret::new(query_pair(name, text))),
        // The name of a cookie is a token, like the name of a header (RFC 6265, section 4.1.1).
        Location::Cookie if name.parse::<HeaderName>().is_err() => return Err(Problem::Name),
        Location::Cookie if text.bytes().all(is_cookie_octet) => Place::Cookie(Secret::new(format!("{name}={text}"))),
        Location::Cookie => return Err(Problem::Characters),
        Location::Path | Location::QueryString => return Err(Problem::Kind),
    };
    Ok(EncodedCredential { place, secrets: vec![key.clone()] })
}

fn basic(username: &str, password: &Secret) -> Result<EncodedCredential, Problem> {
    if username.contains(':') {
        return Err(Problem::Colon);
    }
    if username.chars().chain(password.expose().chars()).any(char::is_control) {
        return Err(Problem::Characters);
    }
    let pair = Secret::new(STANDARD.encode(Secret::new(format!("{username}:{}", password.expose())).expose()));
    let mut credential = authorization("Basic", &pair)?;
    credential.secrets = vec![password.clone(), pair];
    Ok(credential)
}

fn authorization(scheme: &str, credentials: &Secret) -> Result<EncodedCredential, Problem> {
    if credentials.expose().is_empty() {
        return Err(Problem::Characters);
    }
    let value = sensitive(Secret::new(format!("{scheme} {}", credentials.expose())).expose())?;
    Ok(EncodedCredential { place: Place::Header(AUTHORIZATION, value), secrets: vec![credentials.clone()] })
}

/// Creates a header value that is marked as sensitive: HTTP libraries neither log it nor add it to the header
/// compression tables of HTTP/2.
fn sensitive(text: &str) -> Result<HeaderValue, Problem> {
    if text.chars().any(char::is_control) {
        return Err(Problem::Characters);
    }
    let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| Problem::Characters)?;
    value.set_sensitive(true);
    Ok(value)
}
