//! Token requests (RFC 6749, sections 4.4.2 and 5): where they go, and what their answers say.
//!
//! In: an OAuth2 client and the settings of the API's client. Out: a token and its term, or a [`TokenError`] that holds
//! neither secret nor token, whatever the server quotes.

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

/// Members of an answer that are never shown.
const SENSITIVE: [SecretPath; 4] =
    [&["**", "access_token"], &["**", "refresh_token"], &["**", "id_token"], &["**", "client_secret"]];

/// Why there is no token. What the server says is shown, with secrets masked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The client's secret could not be had.
    #[error("the client secret could not be had")]
    Secret(#[source] BoxError),
    /// The authorization server refuses, in the words of RFC 6749, section 5.2.
    #[error("the token endpoint answered {status}: {error}{}", described(description))]
    Refused {
        /// The status.
        status: StatusCode,
        /// The code, such as `invalid_client`.
        error: String,
        /// What the server says about it.
        description: Option<String>,
    },
    /// The answer is unsuccessful, and not in those words.
    #[error("the token endpoint answered {status}: {message}")]
    Status {
        /// The status.
        status: StatusCode,
        /// The beginning of the body, or what else is known.
        message: String,
    },
    /// The answer is successful and holds no token.
    #[error("the token endpoint answered without a token: {0}")]
    NoToken(String),
    /// The token is none that is simply shown.
    #[error("the token endpoint gave a token of the type `{0}`, and only `Bearer` can be used")]
    TokenType(String),
    /// There is no answer.
    #[error("the token endpoint could not be reached")]
    Transport(#[source] BoxError),
    /// The token endpoint took too long.
    #[error("the token endpoint: {0}")]
    TimedOut(String),
}

impl TokenError {
    /// Whether asking again may do better.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Transport(error) => !is_final(error.as_ref()),
            Self::TimedOut(_) => true,
            Self::Refused { status, .. } | Self::Status { status, .. } => retryable_status(*status, true),
            Self::Secret(_) | Self::NoToken(_) | Self::TokenType(_) => false,
        }
    }
}

fn described(description: &Option<String>) -> String {
    description.as_ref().map(|description| format!(": {description}")).unwrap_or_default()
}

/// A token.
pub struct Token {
    /// The token itself.
    pub secret: Secret,
    /// How long it is good for, where the server says so.
    pub term: Option<Duration>,
}

/// Where and by whom tokens are asked for.
pub struct TokenEndpoint {
    uri: Uri,
    client: ClientCredentials,
}

impl TokenEndpoint {
    /// Checks where tokens are asked for. `described` is the URL that the spec has.
    pub fn new(
        scheme: &'static str,
        client: ClientCredentials,
        described: Option<&str>,
        servers: &Servers,
        allow_insecure_http: bool,
    ) -> Result<Self, CredentialError> {
        let error = |message: &str| CredentialError::TokenUrl { scheme, message: message.to_owned() };
        if let Some(name) = client.forbidden_parameter() {
            return Err(CredentialError::TokenParameter { name: name.to_owned() });
        }
        let text = client.given_token_url().or(described).map(str::trim).filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| error("is not known: set it by `ClientCredentials::token_url()`"))?;
        let url = match Url::parse(text) {
            // Relative: it stands behind the base URL, as paths do.
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                let base =
                    servers.base(&[], None, None).map_err(|reason| error(&format!("is relative, and {reason}")))?;
                base.resolve(text)
            }
            url => url,
        };
        let url = url.map_err(|reason| error(&format!("cannot be used: {reason}")))?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(error("holds a user name, a password or a fragment, which it cannot have"));
        }
        match url.scheme() {
            "https" => {}
            "http" if allow_insecure_http || client.allows_plain_http() || is_loopback(&url) => {}
            "http" => {
                return Err(error(
                    "is plain `http`, where the client secret can be read on the way: use `https`, or allow it by \
                     `danger_allow_plain_http()`, or by `allow_insecure_http()` on the client's builder",
                ));
            }
            _ => return Err(error("is neither `https` nor `http`")),
        }
        let uri = Uri::try_from(url.as_str()).map_err(|reason| error(&format!("cannot be used: {reason}")))?;
        Ok(Self { uri, client })
    }

    /// Whether it is reached through TLS.
    pub fn is_https(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// The client's secret, where it is known before it is asked for.
    pub fn fixed_secret(&self) -> Option<&Secret> {
        self.client.fixed_secret()
    }

    /// Asks for a token, again where that may help: nothing is done twice by it.
    pub async fn fetch(&self, shared: &Shared) -> Result<Token, TokenError> {
        let secret = self.client.secret().await.map_err(TokenError::Secret)?;
        let basic = self.client.basic(&secret);
        let mut attempt = 0u32;
        // What the last retry took of the budget.
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
                Outcome::Answer(response) => match read(&response, &secrets) {
                    Ok(token) => {
                        shared.retry_budget.give_back(taken);
                        return Ok(token);
                    }
                    Err(error) => (error, retry_after(response.headers(), SystemTime::now())),
                },
                Outcome::TooLarge(_) => (TokenError::NoToken("it is larger than the client reads".to_owned()), None),
                Outcome::Broken(_, error) => (TokenError::Transport(error), None),
                Outcome::None(error) => (TokenError::Transport(error.into()), None),
                // Not asked for.
                Outcome::Head(..) => (TokenError::NoToken("its body was not read".to_owned()), None),
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
        // Of the client's own headers no more than who it is: others may be secrets of another server.
        headers.extend(shared.headers.get(USER_AGENT).map(|agent| (USER_AGENT, agent.clone())));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(form.len()));
        // Base64 makes a header value of anything.
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

/// An answer of RFC 6749, section 5.1 or 5.2. What is of another type than there reads as absent.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    access_token: Text,
    #[serde(default)]
    token_type: Text,
    expires_in: Option<Value>,
    #[serde(default)]
    error: Text,
    #[serde(default)]
    error_description: Text,
}

/// A text, or whatever else is there.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Some(Secret),
    Other(serde::de::IgnoredAny),
}

impl Default for Text {
    fn default() -> Self {
        Self::Other(serde::de::IgnoredAny)
    }
}

impl Text {
    fn get(&self) -> Option<&str> {
        match self {
            Self::Some(text) => Some(text.expose()).filter(|text| !text.is_empty()),
            Self::Other(_) => None,
        }
    }
}

/// Reads the answer of a token endpoint.
fn read(response: &RawResponse, secrets: &[&str]) -> Result<Token, TokenError> {
    let status = response.status();
    let answer = serde_json::from_slice::<Answer>(response.body()).ok();
    let shown = |text: &str| redact::cut(&redact::mask_secrets(redact::line(text), secrets), redact::SHOWN);
    // Some servers refuse with a status of success.
    if let Some(error) = answer.as_ref().and_then(|answer| answer.error.get()) {
        let description = answer.as_ref().and_then(|answer| answer.error_description.get()).map(shown);
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
    let Some(answer) = answer else {
        // Nothing of the body: it may be a token in another format.
        let kind = response.header(CONTENT_TYPE.as_str()).unwrap_or("no content type");
        return Err(TokenError::NoToken(format!("{} bytes of {}, not JSON", response.body().len(), shown(kind))));
    };
    let Some(token) = answer.access_token.get() else {
        return Err(TokenError::NoToken("there is no `access_token`".to_owned()));
    };
    match answer.token_type.get() {
        Some(other) if !other.eq_ignore_ascii_case("bearer") => Err(TokenError::TokenType(shown(other))),
        _ => Ok(Token { secret: Secret::new(token), term: answer.expires_in.as_ref().and_then(term) }),
    }
}

/// The term of a token: seconds, as a number or, from some servers, as a text of one. What is neither reads as absent;
/// a term below zero has ended.
fn term(expires_in: &Value) -> Option<Duration> {
    let seconds = match expires_in {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse::<f64>().ok()?,
        _ => return None,
    };
    if seconds.is_nan() {
        return None;
    }
    // A term too long to be counted is none.
    Duration::try_from_secs_f64(seconds.max(0.0)).ok()
}
