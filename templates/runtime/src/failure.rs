//! What went wrong, before it gets the type of an API's errors.
//!
//! In: the call's context and what an attempt came to. Out: a [`Failure`] whose one line of text is complete: made at
//! once, so that no secret has to be kept for later.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

use http::header::LOCATION;
use http::{Method, StatusCode};
use url::Url;

use super::client::ApiClient;
use super::credentials::Used;
use super::decode::DecodeError;
use super::error::ErrorKind;
use super::redact;
use super::request::RequestError;
use super::response::{RawResponse, Response};
use super::secret::Secret;
use super::transport::BoxError;

/// What is known of a call while it is under way.
pub struct Context {
    /// The client.
    pub client: ApiClient,
    /// The operation's id.
    pub operation: &'static str,
    /// The method.
    pub method: Method,
    /// The path template.
    pub path: Cow<'static, str>,
    /// How often the request was given to the transport.
    pub attempts: u32,
    /// Whether any attempt may have reached the server.
    pub sent: bool,
    /// Values of this call that must not be shown.
    pub secrets: Vec<String>,
    /// The credentials of the last attempt.
    pub credentials: Vec<Used>,
}

/// A call that failed.
pub struct Failure {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// The operation's id.
    pub operation: &'static str,
    /// The method.
    pub method: Method,
    /// The path template.
    pub path: Cow<'static, str>,
    /// How often the request was given to the transport.
    pub attempts: u32,
    /// Whether any attempt may have reached the server.
    pub sent: bool,
    /// Whether the rules allow to send it again.
    pub retryable: bool,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    /// The answer, as far as there is one.
    pub response: Option<RawResponse>,
    /// The id that the server gave the request.
    pub request_id: Option<String>,
    /// The cause.
    pub source: Option<BoxError>,
    /// One line for people.
    pub text: String,
}

impl Context {
    /// The context of a call that has not been sent.
    pub fn new(client: ApiClient, operation: &'static str, method: Method, path: Cow<'static, str>) -> Self {
        Self { client, operation, method, path, attempts: 0, sent: false, secrets: Vec::new(), credentials: Vec::new() }
    }

    /// The request cannot be made.
    pub fn not_made(&self, error: RequestError) -> Box<Failure> {
        let kind = match error {
            RequestError::MissingCredential { .. } | RequestError::Credential(_) => ErrorKind::Credential,
            _ => ErrorKind::Request,
        };
        let what = if self.sent { "it could not be sent again" } else { "nothing was sent" };
        let transient = matches!(&error, RequestError::Credential(failure) if failure.is_transient());
        let mut failure = self.failure(kind, what, None, Some(error.into()));
        failure.retryable = transient && !self.sent;
        failure
    }

    /// No credential came within a limit of time.
    pub fn no_credential_in_time(&self, limit: String) -> Box<Failure> {
        let mut failure = self.failure(ErrorKind::Timeout, "waiting for a credential", None, Some(limit.into()));
        failure.retryable = !self.sent;
        failure
    }

    /// The server has refused the credential, and there is no other.
    pub fn not_renewed(&self, refused: Failure, error: RequestError) -> Box<Failure> {
        self.failure(ErrorKind::Credential, "there is no other credential", refused.response, Some(error.into()))
    }

    /// The transport has no answer, or the answer broke off.
    pub fn no_answer(
        &self,
        what: &str,
        timeout: bool,
        response: Option<RawResponse>,
        source: BoxError,
    ) -> Box<Failure> {
        let kind = if timeout { ErrorKind::Timeout } else { ErrorKind::Transport };
        self.failure(kind, what, response, Some(source))
    }

    /// The answer is larger than the client reads.
    pub fn too_large(&self, response: RawResponse, limit: u64) -> Box<Failure> {
        let what = format!("the body of the answer is larger than the limit of {limit} bytes");
        self.failure(ErrorKind::TooLarge, &what, Some(response), None)
    }

    /// The answer has an unsuccessful status.
    pub fn status(&self, response: RawResponse) -> Box<Failure> {
        let what = match response.header(LOCATION.as_str()).filter(|_| response.status().is_redirection()) {
            Some(location) => format!("redirects are not followed; Location: {}", without_query(location)),
            None => String::new(),
        };
        self.failure(ErrorKind::Status, &what, Some(response), None)
    }

    /// The answer is successful, and not what the spec promises.
    pub fn not_decoded(&self, response: RawResponse, error: DecodeError) -> Box<Failure> {
        let error = error.redacted(self.client.api().sensitive_members);
        self.failure(ErrorKind::Decode, "the answer is not what the spec promises", Some(response), Some(error.into()))
    }

    /// A page of a listing is the one before again.
    pub fn repeated<T>(&self, response: Response<T>) -> Box<Failure> {
        let response = RawResponse::new(response.status, response.headers, response.body);
        let what = "the server sent the same page twice: it seems to ignore the offset";
        self.failure(ErrorKind::Paging, what, Some(response), None)
    }

    fn failure(
        &self,
        kind: ErrorKind,
        what: &str,
        response: Option<RawResponse>,
        source: Option<BoxError>,
    ) -> Box<Failure> {
        let api = self.client.api();
        let request_id = api.request_id_header.and_then(|name| response.as_ref()?.header(name)).map(str::to_owned);
        let mut failure = Failure {
            kind,
            operation: self.operation,
            method: self.method.clone(),
            path: self.path.clone(),
            attempts: self.attempts,
            sent: self.sent,
            retryable: false,
            retry_after: None,
            response,
            request_id,
            source,
            text: String::new(),
        };
        failure.text = self.text(&failure, what);
        Box::new(failure)
    }

    /// `operation (METHOD /path): 503 Service Unavailable after 3 attempts, request id X: what: cause: body`
    fn text(&self, failure: &Failure, what: &str) -> String {
        let known = self.client.secrets();
        let shown = self.credentials.iter().flat_map(|used| &used.shown.secrets).chain(&known).map(Secret::expose);
        let secrets: Vec<&str> = self.secrets.iter().map(String::as_str).chain(shown).collect();
        let mut text = format!("{} ({} {})", self.operation, self.method, self.path);
        if let Some(response) = &failure.response {
            text.push_str(": ");
            text.push_str(&status_text(response.status()));
        }
        if self.attempts > 1 {
            text.push_str(&format!(" after {} attempts", self.attempts));
        }
        if let Some(id) = &failure.request_id {
            text.push_str(&format!(", request id {id}"));
        }
        if !what.is_empty() {
            text.push_str(&format!(": {what}"));
        }
        if let Some(source) = &failure.source {
            append_chain(&mut text, source.as_ref());
        }
        text = redact::mask_secrets(redact::line(&text), &secrets);
        // What was read of a body that is too large, or broke off, says less than its cause.
        let shown = matches!(failure.kind, ErrorKind::Status | ErrorKind::Decode);
        if let Some(response) = failure.response.as_ref().filter(|response| shown && !response.body().is_empty()) {
            let content_type = response.header("content-type").unwrap_or_default();
            let sensitive = self.client.api().sensitive_members;
            text.push_str(": ");
            text.push_str(&redact::body(response.body(), content_type, sensitive, &secrets));
        }
        text
    }
}

fn status_text(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// Appends the causes. Some errors repeat their source in their own text; what was said is not said again.
fn append_chain(text: &mut String, error: &(dyn StdError + 'static)) {
    let start = text.len();
    let mut next = Some(error);
    // Bounded, for an error may by mistake be its own source.
    for _ in 0..16 {
        let Some(error) = next else { break };
        let message = error.to_string();
        let said = text.get(start..).is_some_and(|said| said.contains(&message));
        if !message.is_empty() && !said {
            text.push_str(": ");
            text.push_str(&message);
        }
        next = error.source();
    }
}

/// A `Location` as far as it may be shown.
fn without_query(location: &str) -> String {
    match Url::parse(location) {
        Ok(mut url) => {
            url.set_query(None);
            url.set_fragment(None);
            // Fails only for URLs that have no host, and thus no user either.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.into()
        }
        Err(_) => location.split(['?', '#']).next().unwrap_or_default().to_owned(),
    }
}
