//! Sends token requests and reads the responses (RFC 6749, sections 4.4.2 and 5).
//!
//! A [`TokenError`] contains neither the client secret nor the token, even if the server quotes them.

use std::time::{Duration, SystemTime};

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, USER_AGENT};
use http::{Method, StatusCode, Uri};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::super::body::Body;
use super::super::client::Shared;
use super::super::exchange::{Extent, Outcome, Reading, exchange};
use super::super::limits::{Limit, Limits};
use super::super::loopback::is_loopback;
use super::super::redact;
use super::super::redirect::Outcomes;
use super::super::response::RawResponse;
use super::super::retry::{retry_after, retryable_status};
use super::super::secret::Secret;
use super::super::secret_paths::SecretPath;
use super::super::send::{AttemptInfo, is_final};
use super::super::server::Servers;
use super::super::timeouts::Timeouts;
use super::super::transport::BoxError;
use super::error::CredentialError;
use super::oauth::ClientCredentials;

/// The properties of a token response that are masked in messages.
const SENSITIVE: [SecretPath; 4] =
    [&["**", "access_token"], &["**", "refresh_token"], &["**", "id_token"], &["**", "client_secret"]];

/// The reason why no token was obtained. Error messages of the server are included, with secrets masked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The client secret could not be obtained.
    #[error("the client secret could not be obtained")]
    Secret(#[source] BoxError),
    /// The authorization server refused the request with an error code (RFC 6749, section 5.2).
    #[error("the token endpoint responded with {status}: {error}{}", description_suffix(description))]
    Refused {
        /// The status.
        status: StatusCode,
        /// The error code, such as `invalid_client`.
        error: String,
        /// The server's description of the error.
        description: Option<String>,
    },
    /// The response is unsuccessful and has no error code.
    #[error("the token endpoint responded with {status}: {message}")]
    Status {
        /// The status.
        status: StatusCode,
        /// The beginning of the body, or another description of the response.
        message: String,
    },
    /// The response is successful but contains no token.
    #[error("the token endpoint responded without a token: {0}")]
    NoToken(String),
    /// The token is not a bearer token.
    #[error("the token endpoint issued a token of the type `{0}`, but only `Bearer` is supported")]
    TokenType(String),
    /// There is no response from the token endpoint.
    #[error("the token endpoint could not be reached")]
    Transport(#[source] BoxError),
    /// A timeout was reached before the token endpoint responded.
    #[error("the token endpoint did not respond in time: {0}")]
    TimedOut(String),
}

impl TokenError {
    /// Returns whether another attempt may succeed.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Transport(error) => !is_final(error.as_ref()),
            Self::TimedOut(_) => true,
            Self::Refused { status, .. } | Self::Status { status, .. } => retryable_status(*status, true),
            Self::Secret(_) | Self::NoToken(_) | Self::TokenType(_) => false,
        }
    }
}

fn description_suffix(description: &Option<String>) -> String {
    description.as_ref().map(|description| format!(": {description}")).unwrap_or_default()
}

/// An access token.
pub struct Token {
    /// The value of the token.
    pub secret: Secret,
    /// The lifetime of the token, if specified by the server.
    pub term: Option<Duration>,
}

/// A token endpoint, and the OAuth2 client that requests tokens from it.
pub struct TokenEndpoint {
    uri: Uri,
    client: ClientCredentials,
}

impl TokenEndpoint {
    /// Creates a token endpoint. The token URL is checked and resolved against the base URL. `documented` is the token
    /// URL in the spec.
    pub fn new(
        scheme: &'static str,
        client: ClientCredentials,
        documented: Option<&str>,
        servers: &Servers,
        allow_insecure_http: bool,
    ) -> Result<Self, CredentialError> {
        let error = |message: &str| CredentialError::TokenUrl { scheme, message: message.to_owned() };
        if let Some(name) = client.forbidden_parameter() {
            return Err(CredentialError::TokenParameter { name: name.to_owned() });
        }
        let text = client.configured_token_url().or(documented).map(str::trim).filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| error("is missing: set it with `ClientCredentials::token_url()`"))?;
        let url = match Url::parse(text) {
            // A relative URL is appended to the base URL, like the paths of operations.
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                let base = servers.base(&[], None).map_err(|reason| error(&format!("is relative, and {reason}")))?;
                base.resolve(text)
            }
            url => url,
        };
        let url = url.map_err(|reason| error(&format!("cannot be used: {reason}")))?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(error("must not contain a user name, password or fragment"));
        }
        match url.scheme() {
            "https" => {}
            "http" if allow_insecure_http || client.allows_plain_http() || is_loopback(&url) => {}
            "http" => {
                return Err(error(
                    "uses plain `http`, which would expose the client secret: use `https`, or allow it with \
                     `danger_allow_plain_http()` or `allow_insecure_http()` on the client's builder",
                ));
            }
            _ => return Err(error("must be `https` or `http`")),
        }
        let uri = Uri::try_from(url.as_str()).map_err(|reason| error(&format!("cannot be used: {reason}")))?;
        Ok(Self { uri, client })
    }

    /// Returns whether the token URL is `https`.
    pub fn is_https(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// Returns the client secret; `None` if it is fetched from a provider.
    pub fn fixed_secret(&self) -> Option<&Secret> {
        self.client.fixed_secret()
    }

    /// Requests a token. Failed requests are retried, because token requests can be repeated safely.
    pub async fn fetch(&self, shared: &Shared) -> Result<Token, TokenError> {
        let secret = self.client.secret().await.map_err(TokenError::Secret)?;
        let basic = self.client.basic(&secret);
        let mut attempt = 0u32;
        // The part of the retry budget that the last retry used.
        let mut taken = None;
        loop {
            attempt = attempt.saturating_add(1);
            let limit = shared.timeouts.attempt.unwrap_or(Timeouts::DEFAULT_ATTEMPT);
            let limits = Limits::new(Limit::of_attempt(limit, true), None, shared.timeouts.idle, None);
            let reading =
                Reading { extent: Extent::Whole, max_bytes: shared.max_response_bytes, outcomes: Outcomes::SUCCESSES };
            let request = self.request(shared, &secret, basic.as_ref(), attempt);
            let secrets: Vec<&str> =
                [Some(&secret), basic.as_ref()].into_iter().flatten().map(Secret::expose).collect();
            let (error, asked) = match exchange(shared, request, &limits, reading).await {
                Outcome::Response(response) => match read(&response, &secrets) {
                    Ok(token) => {
                        shared.retry_budget.give_back(taken);
                        return Ok(token);
                    }
                    Err(error) => (error, retry_after(response.headers(), SystemTime::now())),
                },
                Outcome::TooLarge(_) => (TokenError::NoToken("the response is larger than the limit".to_owned()), None),
                Outcome::Broken(_, error) => (TokenError::Transport(error), None),
                Outcome::None(error) => (TokenError::Transport(error.into()), None),
                // Not reached: `Extent::Whole` requests the complete body.
                Outcome::Head(..) => (TokenError::NoToken("the body was not read".to_owned()), None),
                Outcome::NoBody(error) => (TokenError::Transport(error), None),
                Outcome::TimedOut(_, reason) => (TokenError::TimedOut(reason), None),
            };
            if !error.is_transient() || !shared.retry.allows_after(attempt) {
                return Err(error);
            }
            let Ok(wait) = shared.retry.wait(attempt, asked) else { return Err(error) };
            taken = shared.retry_budget.take(matches!(error, TokenError::TimedOut(_)));
            if taken.is_none() {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
        }
    }

    fn request(&self, shared: &Shared, secret: &Secret, basic: Option<&Secret>, attempt: u32) -> http::Request<Body> {
        let form = self.client.form(secret);
        let mut request = http::Request::new(Body::empty());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        // Of the client's default headers, only `User-Agent` is sent, because others may contain secrets for another
        // server.
        headers.extend(shared.headers.get(USER_AGENT).map(|agent| (USER_AGENT, agent.clone())));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(form.len()));
        // Base64 is always a valid header value.
        let value = basic.and_then(|pair| HeaderValue::try_from(format!("Basic {}", pair.expose())).ok());
        if let Some(mut value) = value {
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        request.extensions_mut().insert(AttemptInfo {
            operation: None,
            attempt,
            resends: attempt.saturating_sub(1),
            #[cfg(feature = "mock")]
            parameters: Default::default(),
        });
        *request.body_mut() = Body::bytes(form);
        request
    }
}

/// A response of RFC 6749, section 5.1 or 5.2. Properties whose type differs from the RFC are treated as missing.
#[derive(Deserialize)]
struct TokenResponse {
    #[serde(default)]
    access_token: MaybeString,
    #[serde(default)]
    token_type: MaybeString,
    expires_in: Option<Value>,
    #[serde(default)]
    error: MaybeString,
    #[serde(default)]
    error_description: MaybeString,
}

/// A string, or a value of another type.
#[derive(Deserialize)]
#[serde(untagged)]
enum MaybeString {
    Some(Secret),
    Other(serde::de::IgnoredAny),
}

impl Default for MaybeString {
    fn default() -> Self {
        Self::Other(serde::de::IgnoredAny)
    }
}

impl MaybeString {
    fn get(&self) -> Option<&str> {
        match self {
            Self::Some(text) => Some(text.expose()).filter(|text| !text.is_empty()),
            Self::Other(_) => None,
        }
    }
}

/// Returns the token in the response of a token endpoint, or an error that describes the response.
fn read(response: &RawResponse, secrets: &[&str]) -> Result<Token, TokenError> {
    let status = response.status();
    let token_response = serde_json::from_slice::<TokenResponse>(response.body()).ok();
    let shown = |text: &str| redact::cut(&redact::mask_secrets(redact::line(text), secrets), redact::SHOWN);
    // Some servers send errors with a successful status.
    if let Some(error) = token_response.as_ref().and_then(|body| body.error.get()) {
        let description = token_response.as_ref().and_then(|body| body.error_description.get()).map(shown);
        return Err(TokenError::Refused { status, error: shown(error), description });
    }
    if !status.is_success() {
        let message = match response.header(LOCATION.as_str()).filter(|_| status.is_redirection()) {
            Some(_) => "redirects of token requests are not followed".to_owned(),
            None => redact::body(
                response.body(),
                response.header(CONTENT_TYPE.as_str()).unwrap_or_default(),
                &SENSITIVE,
                secrets,
            ),
        };
        return Err(TokenError::Status { status, message });
    }
    let Some(token_response) = token_response else {
        // The body is not shown, because it may be a token in another format.
        let kind = response.header(CONTENT_TYPE.as_str()).unwrap_or("no content type");
        return Err(TokenError::NoToken(format!("{} bytes of {}, not JSON", response.body().len(), shown(kind))));
    };
    let Some(token) = token_response.access_token.get() else {
        return Err(TokenError::NoToken("there is no `access_token`".to_owned()));
    };
    match token_response.token_type.get() {
        Some(other) if !other.eq_ignore_ascii_case("bearer") => Err(TokenError::TokenType(shown(other))),
        _ => Ok(Token { secret: Secret::new(token), term: token_response.expires_in.as_ref().and_then(term) }),
    }
}

/// Returns the lifetime of a token: seconds, as a number or, from some servers, as a string. Other values are treated
/// as missing; a negative lifetime means that the token has expired.
fn term(expires_in: &Value) -> Option<Duration> {
    let seconds = match expires_in {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse::<f64>().ok()?,
        _ => return None,
    };
    if seconds.is_nan() {
        return None;
    }
    // A lifetime out of range is treated as missing.
    Duration::try_from_secs_f64(seconds.max(0.0)).ok()
}
