//! Failed calls, before they are converted to the typed error of the operation.
//!
//! The one-line message of a [`Failure`] is built when the failure is created, so that a failure does not store the
//! secrets that must be masked.

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
#[cfg(feature = "credentials")]
use super::credentials::Used;
use super::decode::DecodeError;
use super::error::ErrorKind;
use super::masked_json;
use super::redact;
use super::redirect::NotFollowed;
use super::request::RequestError;
use super::response::RawResponse;
#[cfg(feature = "streamed")]
use super::save::SaveError;
use super::secret::Secret;
use super::secret_paths::SecretPath;
use super::transport::{BoxError, is_timeout};

/// The state of a call in progress, from which failures are created.
pub struct Context {
    /// The client that makes the call.
    pub client: ApiClient,
    /// The operation ID.
    pub operation: &'static str,
    /// The HTTP method of the request.
    pub method: Method,
    /// The path template of the operation, as in the spec.
    pub path: Cow<'static, str>,
    /// The number of times that the request was passed to the transport.
    pub attempts: u32,
    /// Whether any attempt may have reached the server.
    pub sent: bool,
    /// The URL of the last attempt, which may contain a credential in its query.
    pub uri: Option<Uri>,
    /// The secret values of this call, which messages mask.
    pub secrets: Vec<String>,
    /// The paths of secrets in the request body.
    pub request_secrets: &'static [SecretPath],
    /// The paths of secrets in the response body.
    pub response_secrets: &'static [SecretPath],
    /// The body of the request, if it is JSON that may contain secrets.
    json: Option<Bytes>,
    /// The credentials of the last attempt.
    #[cfg(feature = "credentials")]
    pub credentials: Vec<Used>,
}

/// A call that failed.
pub struct Failure {
    /// The kind of the failure.
    pub kind: ErrorKind,
    /// The operation ID.
    pub operation: &'static str,
    /// The HTTP method of the request.
    pub method: Method,
    /// The path template of the operation, as in the spec.
    pub path: Cow<'static, str>,
    /// The number of times that the request was passed to the transport.
    pub attempts: u32,
    /// Whether any attempt may have reached the server.
    pub sent: bool,
    /// Whether the retry rules allow another attempt.
    pub retryable: bool,
    /// The time that the server asks clients to wait before the next request.
    pub retry_after: Option<Duration>,
    /// The response, or the part of it that was received.
    pub response: Option<RawResponse>,
    /// The request ID, from the response header that contains it according to the spec.
    pub request_id: Option<String>,
    /// The cause of the failure.
    pub source: Option<BoxError>,
    /// The one-line message.
    pub message: String,
    /// The index in the message at which notes are inserted: before the response body.
    notes_at: usize,
}

impl Failure {
    /// Adds to the message why the request was not sent again although the retry rules would have allowed it.
    pub fn not_sent_again(&mut self, why: &str) {
        self.message.insert_str(self.notes_at, &format!(" (not sent again: {why})"));
    }
}

impl Context {
    /// Creates the context of a call that has not been sent. Error messages mask the secret properties of all
    /// operations of the API; the caller can replace these properties with those of one operation.
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
            #[cfg(feature = "credentials")]
            credentials: Vec::new(),
        }
    }

    /// Stores the JSON body of the request if it may contain secrets, because the server may quote these secrets in its
    /// response.
    pub fn keep_json(&mut self, body: &Body) {
        if !self.request_secrets.is_empty() {
            self.json = body.as_bytes().cloned();
        }
    }

    /// Returns the failure of a call whose request cannot be created, for the first or for a further attempt.
    pub fn not_made(&self, error: RequestError) -> Box<Failure> {
        let kind = ErrorKind::Request;
        #[cfg(feature = "credentials")]
        let kind = match error {
            RequestError::MissingCredential { .. } | RequestError::Credential(_) => ErrorKind::Credential,
            _ => kind,
        };
        let summary = if self.sent { "not sent again" } else { "nothing was sent" };
        #[cfg(feature = "credentials")]
        if matches!(&error, RequestError::Credential(failure) if failure.is_transient()) {
            let mut failure = self.failure(kind, summary, None, Some(error.into()));
            failure.retryable = !self.sent;
            return failure;
        }
        self.failure(kind, summary, None, Some(error.into()))
    }

    /// Returns the failure of a call whose response body cannot be read in the current thread or runtime.
    #[cfg(feature = "streamed")]
    pub fn not_read(&self, response: RawResponse, error: RequestError) -> Box<Failure> {
        self.failure(ErrorKind::Request, "the response body cannot be read", Some(response), Some(error.into()))
    }

    /// Returns the failure of a call whose credential was not available before the timeout.
    #[cfg(feature = "credentials")]
    pub fn no_credential_in_time(&self, reason: String) -> Box<Failure> {
        let mut failure = self.failure(ErrorKind::Timeout, "", None, Some(reason.into()));
        failure.retryable = !self.sent;
        failure
    }

    /// Returns the failure of a call whose credential was refused by the server and could not be fetched again.
    #[cfg(feature = "credentials")]
    pub fn not_renewed(&self, refused: Failure, error: RequestError) -> Box<Failure> {
        self.failure(
            ErrorKind::Credential,
            "the credential was refused and could not be replaced",
            refused.response,
            Some(error.into()),
        )
    }

    /// Returns the failure of a call without a complete response.
    pub fn no_response(
        &self,
        summary: &str,
        timeout: bool,
        response: Option<RawResponse>,
        source: BoxError,
    ) -> Box<Failure> {
        let kind = if timeout { ErrorKind::Timeout } else { ErrorKind::Transport };
        self.failure(kind, summary, response, Some(source))
    }

    /// Returns the failure of a call whose response was interrupted, or whose response body has an invalid content
    /// coding. `retry_safe`: whether the call may be retried after an interrupted response.
    pub fn broken(&self, response: RawResponse, error: BoxError, retry_safe: bool) -> Box<Failure> {
        if error.is::<CodingError>() {
            return self.failure(ErrorKind::Decode, "the response body cannot be decoded", Some(response), Some(error));
        }
        let timeout = is_timeout(error.as_ref());
        let mut failure = self.no_response("the response was interrupted", timeout, Some(response), error);
        failure.retryable = retry_safe;
        failure
    }

    /// Returns the failure of a call whose request body could not be read.
    pub fn no_body(&self, source: BoxError) -> Box<Failure> {
        self.failure(ErrorKind::Body, "the body of the request cannot be sent", None, Some(source))
    }

    /// Returns the failure of a call whose response could not be saved to a file.
    #[cfg(feature = "streamed")]
    pub fn not_saved(&self, response: RawResponse, source: SaveError) -> Box<Failure> {
        self.failure(ErrorKind::File, "", Some(response), Some(source.into()))
    }

    /// Returns the failure of a call whose response body is larger than the limit.
    pub fn too_large(&self, response: RawResponse, limit: u64) -> Box<Failure> {
        let summary = format!(
            "the response body is larger than the limit of {limit} bytes; increase `max_response_bytes` of the client \
             or the call"
        );
        self.failure(ErrorKind::TooLarge, &summary, Some(response), None)
    }

    /// Returns the failure of a call whose response has an unsuccessful status. `not_followed` is the reason why a
    /// redirect was not followed.
    pub fn status(&self, response: RawResponse, not_followed: Option<NotFollowed>) -> Box<Failure> {
        let location = response.header(LOCATION.as_str()).filter(|_| response.status().is_redirection());
        let location = location.filter(|location| !location.is_empty());
        let location = location.map(|location| format!("Location: {}", without_query(location)));
        let reason = not_followed.map(|reason| reason.to_string());
        let summary = reason.into_iter().chain(location).collect::<Vec<_>>().join("; ");
        self.failure(ErrorKind::Status, &summary, Some(response), None)
    }

    /// Returns the failure of a call whose successful response does not match the spec.
    pub fn not_decoded(&self, response: RawResponse, error: DecodeError) -> Box<Failure> {
        if error.is_too_large() {
            return self.failure(ErrorKind::TooLarge, "", Some(response), Some(error.into()));
        }
        let error = error.redacted(self.response_secrets);
        self.failure(ErrorKind::Decode, "the response does not match the spec", Some(response), Some(error.into()))
    }

    /// Returns the failure of a call whose response is a stream in which the server reports an error. The body of
    /// `response` is the item that contains the error.
    #[cfg(feature = "streaming")]
    pub fn reported(&self, response: RawResponse) -> Box<Failure> {
        self.failure(ErrorKind::Stream, "the server reports an error in the stream", Some(response), None)
    }

    /// Returns the failure of a call whose paginated listing is inconsistent.
    #[cfg(feature = "paging")]
    pub fn paging(&self, response: Option<RawResponse>, summary: &str) -> Box<Failure> {
        self.failure(ErrorKind::Paging, summary, response, None)
    }

    fn failure(
        &self,
        kind: ErrorKind,
        summary: &str,
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
            message: String::new(),
            notes_at: 0,
        };
        self.write_message(&mut failure, summary);
        Box::new(failure)
    }

    /// Builds the message, e.g. `listPets (GET /pets): 503 Service Unavailable after 3 attempts, request id X: summary:
    /// cause: body`.
    fn write_message(&self, failure: &mut Failure, summary: &str) {
        let known = self.client.secrets();
        let json = self.json.as_deref().unwrap_or_default();
        let sent = masked_json::secrets(json, &[], self.request_secrets);
        let shown = known.iter();
        #[cfg(feature = "credentials")]
        let shown = self.credentials.iter().flat_map(|used| &used.credential.secrets).chain(shown);
        let shown = shown.map(Secret::expose);
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
        let details_at = text.len();
        if !summary.is_empty() {
            text.push_str(&format!(": {summary}"));
        }
        if let Some(source) = &failure.source {
            append_chain(&mut text, details_at, source.as_ref());
        }
        text = redact::mask_secrets(redact::line(&text), &secrets);
        let notes_at = text.len();
        // The incomplete body of an interrupted or too large response is not shown: it is less useful than the cause.
        let shown = matches!(failure.kind, ErrorKind::Status | ErrorKind::Decode | ErrorKind::Stream);
        if let Some(response) = failure.response.as_ref().filter(|_| shown) {
            let content_type = response.header("content-type").unwrap_or_default();
            // Error bodies may repeat parts of the request, so the secrets of the request are masked too.
            let paths = [self.response_secrets, self.request_secrets].concat();
            let body = match content_coding::remaining(response.headers()) {
                Some(coding) => format!("<{} bytes in the content coding {coding}>", response.body().len()),
                None => redact::body(response.body(), content_type, &paths, &secrets),
            };
            if !body.is_empty() {
                text.push_str(": ");
                text.push_str(&body);
            }
        }
        (failure.message, failure.notes_at) = (text, notes_at);
    }
}

fn status_text(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// Appends the messages of an error and its sources. Skips messages that the text already contains after `details_at`,
/// because some error messages include the message of their source.
fn append_chain(text: &mut String, details_at: usize, error: &(dyn StdError + 'static)) {
    let mut next = Some(error);
    // Limited to 16 errors, because a faulty error type may be its own source.
    for _ in 0..16 {
        let Some(error) = next else { break };
        let message = error.to_string();
        let is_repeated = text.get(details_at..).is_some_and(|details| details.contains(&message));
        if !message.is_empty() && !is_repeated {
            text.push_str(": ");
            text.push_str(&message);
        }
        next = error.source();
    }
}

/// Returns the value of `Location` without user name, password, query and fragment, which may contain secrets.
fn without_query(location: &str) -> String {
    let shown = match Url::parse(location) {
        Ok(mut url) => {
            url.set_query(None);
            url.set_fragment(None);
            // This fails only for URLs without a host, which cannot contain a user name.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.into()
        }
        // A relative reference or an invalid URL; either may contain a user name.
        Err(_) => {
            let path = location.split(['?', '#']).next().unwrap_or_default();
            path.rsplit('@').next().unwrap_or_default().to_owned()
        }
    };
    redact::cut(&shown, redact::SHOWN)
}
