//! What went wrong, before it gets the type of an API's errors.
//!
//! In: the call's context and what an attempt came to. Out: a [`Failure`] whose one line of text is complete: made at
//! once, so that no secret has to be kept for later.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use http::header::LOCATION;
use http::{Method, StatusCode, Uri};
use url::Url;

use super::body::Body;
use super::client::ApiClient;
use super::content_coding::{self, CodingError};
use super::credentials::Used;
use super::decode::DecodeError;
use super::error::ErrorKind;
use super::masked_json;
use super::redact;
use super::redirect::NotFollowed;
use super::request::RequestError;
use super::response::RawResponse;
use super::save::SaveError;
use super::secret::Secret;
use super::secret_paths::SecretPath;
use super::transport::{BoxError, is_timeout};

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
    /// Where the last attempt went; it may hold a credential.
    pub uri: Option<Uri>,
    /// Values of this call that must not be shown.
    pub secrets: Vec<String>,
    /// Where the request body holds secrets.
    pub request_secrets: &'static [SecretPath],
    /// Where the response body holds secrets.
    pub response_secrets: &'static [SecretPath],
    /// The body of the request, where it is JSON that may hold what must not be shown.
    json: Option<Bytes>,
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
    /// Where in the line notes stand: before the body.
    notes_at: usize,
}

impl Failure {
    /// Says in the line why the request was not sent again, where the rules would have allowed it.
    pub fn not_sent_again(&mut self, why: &str) {
        self.text.insert_str(self.notes_at, &format!(" (not sent again: {why})"));
    }
}

impl Context {
    /// The context of a call that has not been sent. Secrets are found by their names, wherever the API has them: the
    /// operation, which knows their paths, is not given.
    pub fn new(client: ApiClient, operation: &'static str, method: Method, path: Cow<'static, str>) -> Self {
        let names = client.api().sensitive_properties;
        Self {
            client,
            operation,
            method,
            path,
            attempts: 0,
            sent: false,
            uri: None,
            secrets: Vec::new(),
            request_secrets: names,
            response_secrets: names,
            json: None,
            credentials: Vec::new(),
        }
    }

    /// Keeps the JSON that is sent, where it may hold secrets: a server may quote them.
    pub fn keep_json(&mut self, body: &Body) {
        if !self.request_secrets.is_empty() {
            self.json = body.as_bytes().cloned();
        }
    }

    /// The request cannot be made.
    pub fn not_made(&self, error: RequestError) -> Box<Failure> {
        let kind = match error {
            RequestError::MissingCredential { .. } | RequestError::Credential(_) => ErrorKind::Credential,
            _ => ErrorKind::Request,
        };
        let what = if self.sent { "not sent again" } else { "nothing was sent" };
        let transient = matches!(&error, RequestError::Credential(failure) if failure.is_transient());
        let mut failure = self.failure(kind, what, None, Some(error.into()));
        failure.retryable = transient && !self.sent;
        failure
    }

    /// The body of a response cannot be read where the caller is.
    pub fn not_read(&self, response: RawResponse, error: RequestError) -> Box<Failure> {
        self.failure(ErrorKind::Request, "the response body cannot be read", Some(response), Some(error.into()))
    }

    /// No credential came within a limit of time.
    pub fn no_credential_in_time(&self, reason: String) -> Box<Failure> {
        let mut failure = self.failure(ErrorKind::Timeout, "", None, Some(reason.into()));
        failure.retryable = !self.sent;
        failure
    }

    /// The server has refused the credential, and there is no other.
    pub fn not_renewed(&self, refused: Failure, error: RequestError) -> Box<Failure> {
        self.failure(ErrorKind::Credential, "there is no other credential", refused.response, Some(error.into()))
    }

    /// The transport has no answer, or the answer broke off.
    pub fn no_response(
        &self,
        what: &str,
        timeout: bool,
        response: Option<RawResponse>,
        source: BoxError,
    ) -> Box<Failure> {
        let kind = if timeout { ErrorKind::Timeout } else { ErrorKind::Transport };
        self.failure(kind, what, response, Some(source))
    }

    /// The response broke off, or its body is not valid in its content coding. The first may be worth another attempt.
    pub fn broken(&self, response: RawResponse, error: BoxError, retry_safe: bool) -> Box<Failure> {
        if error.is::<CodingError>() {
            return self.failure(ErrorKind::Decode, "the response body cannot be decoded", Some(response), Some(error));
        }
        let timeout = is_timeout(error.as_ref());
        let mut failure = self.no_response("the answer broke off", timeout, Some(response), error);
        failure.retryable = retry_safe;
        failure
    }

    /// The body of the request broke off.
    pub fn no_body(&self, source: BoxError) -> Box<Failure> {
        self.failure(ErrorKind::Body, "the body of the request cannot be sent", None, Some(source))
    }

    /// The answer cannot be saved.
    pub fn not_saved(&self, response: RawResponse, source: SaveError) -> Box<Failure> {
        self.failure(ErrorKind::File, "", Some(response), Some(source.into()))
    }

    /// The answer is larger than the client reads.
    pub fn too_large(&self, response: RawResponse, limit: u64) -> Box<Failure> {
        let what = format!(
            "the body of the answer is larger than the limit of {limit} bytes; a higher `max_response_bytes`, of the \
             client or the call, allows more"
        );
        self.failure(ErrorKind::TooLarge, &what, Some(response), None)
    }

    /// The answer has an unsuccessful status; for a redirect with the reason why it is not followed.
    pub fn status(&self, response: RawResponse, not_followed: Option<NotFollowed>) -> Box<Failure> {
        let location = response.header(LOCATION.as_str()).filter(|_| response.status().is_redirection());
        let location = location.filter(|location| !location.is_empty());
        let location = location.map(|location| format!("Location: {}", without_query(location)));
        let reason = not_followed.map(|reason| reason.to_string());
        let what = reason.into_iter().chain(location).collect::<Vec<_>>().join("; ");
        self.failure(ErrorKind::Status, &what, Some(response), None)
    }

    /// The answer is successful, and not what the spec promises.
    pub fn not_decoded(&self, response: RawResponse, error: DecodeError) -> Box<Failure> {
        if error.is_too_large() {
            return self.failure(ErrorKind::TooLarge, "", Some(response), Some(error.into()));
        }
        let error = error.redacted(self.response_secrets);
        self.failure(ErrorKind::Decode, "the answer is not what the spec promises", Some(response), Some(error.into()))
    }

    /// A listing does not go on as listings do.
    pub fn paging(&self, response: Option<RawResponse>, what: &str) -> Box<Failure> {
        self.failure(ErrorKind::Paging, what, response, None)
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
            notes_at: 0,
        };
        self.write_text(&mut failure, what);
        Box::new(failure)
    }

    /// `operation (METHOD /path): 503 Service Unavailable after 3 attempts, request id X: what: cause (note): body`
    fn write_text(&self, failure: &mut Failure, what: &str) {
        let known = self.client.secrets();
        let json = self.json.as_deref().unwrap_or_default();
        let sent = masked_json::secrets(json, &[], self.request_secrets);
        let shown = self.credentials.iter().flat_map(|used| &used.shown.secrets).chain(&known).map(Secret::expose);
        let secrets: Vec<&str> = self.secrets.iter().chain(&sent).map(String::as_str).chain(shown).collect();
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
        let said_from = text.len();
        if !what.is_empty() {
            text.push_str(&format!(": {what}"));
        }
        if let Some(source) = &failure.source {
            append_chain(&mut text, said_from, source.as_ref());
        }
        text = redact::mask_secrets(redact::line(&text), &secrets);
        let notes_at = text.len();
        // What was read of a body that is too large, or broke off, says less than its cause.
        let shown = matches!(failure.kind, ErrorKind::Status | ErrorKind::Decode);
        if let Some(response) = failure.response.as_ref().filter(|_| shown) {
            let content_type = response.header("content-type").unwrap_or_default();
            // An error may repeat the request.
            let paths = [self.response_secrets, self.request_secrets].concat();
            let body = match content_coding::left(response.headers()) {
                Some(coding) => format!("<{} bytes in the content coding {coding}>", response.body().len()),
                None => redact::body(response.body(), content_type, &paths, &secrets),
            };
            if !body.is_empty() {
                text.push_str(": ");
                text.push_str(&body);
            }
        }
        (failure.text, failure.notes_at) = (text, notes_at);
    }
}

fn status_text(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// Appends the causes. Some errors repeat their source in their own text; what was said from here on is not said again.
fn append_chain(text: &mut String, said_from: usize, error: &(dyn StdError + 'static)) {
    let mut next = Some(error);
    // Bounded, for an error may by mistake be its own source.
    for _ in 0..16 {
        let Some(error) = next else { break };
        let message = error.to_string();
        let said = text.get(said_from..).is_some_and(|said| said.contains(&message));
        if !message.is_empty() && !said {
            text.push_str(": ");
            text.push_str(&message);
        }
        next = error.source();
    }
}

/// A `Location` as far as it may be shown.
fn without_query(location: &str) -> String {
    let shown = match Url::parse(location) {
        Ok(mut url) => {
            url.set_query(None);
            url.set_fragment(None);
            // Fails only for URLs that have no host, and thus no user either.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.into()
        }
        // A path, or what no URL is; a user name may stand in either.
        Err(_) => {
            let path = location.split(['?', '#']).next().unwrap_or_default();
            path.rsplit('@').next().unwrap_or_default().to_owned()
        }
    };
    redact::cut(&shown, redact::SHOWN)
}
