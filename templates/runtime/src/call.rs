//! Calls that are being built: parameters, a body, and the caller's extra headers and settings.
//!
//! Generated setters store values in slots, one for each parameter. When the call is sent, a `Request` is assembled
//! from the slots, or the first error of a setter is returned. Setting a parameter again replaces its value. Parameters
//! are sent in the order of the spec.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

#[cfg(feature = "streaming")]
use http::header::HeaderName;
use http::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};
use serde::Serialize;

#[cfg(feature = "cli")]
use super::body::Body;
use super::client::ApiClient;
use super::content_coding;
use super::encode;
use super::error::{Error, ErrorKind};
use super::exchange::Extent;
use super::failure::{Context, Failure};
#[cfg(feature = "cli")]
use super::masked_json;
use super::operation::{Operation, OperationInfo};
use super::parameter::{Location, ParameterInfo};
use super::representation::Sent;
use super::request::{Extras, Request, RequestError, expand_path};
use super::response::{RawResponse, Response};
use super::retry::RetryPolicy;
use super::send::Sending;
use super::telemetry::CallSpan;
use super::wire_value::WireValue;

/// A call of an operation, before it is sent.
// Boxed, because setters and futures move a call many times.
#[derive(Clone)]
pub struct Call(Box<Slots>);

/// The parameters, body and settings of a call.
#[derive(Clone)]
struct Slots {
    client: ApiClient,
    info: &'static OperationInfo,
    slots: Vec<Option<WireValue>>,
    content: Sent,
    extras: Extras,
    /// The path and query of a link to the next page, which replace the path and query of the operation.
    target: Option<String>,
    error: Option<RequestError>,
}

impl Call {
    /// Creates an empty call of the operation `O`.
    pub fn new<O: Operation>(client: &ApiClient) -> Self {
        Self::of(client, O::INFO)
    }

    /// Creates an empty call of this operation.
    pub(super) fn of(client: &ApiClient, info: &'static OperationInfo) -> Self {
        Self(Box::new(Slots {
            client: client.clone(),
            info,
            slots: vec![None; info.parameters.len()],
            content: Sent::default(),
            extras: Extras::default(),
            target: None,
            error: None,
        }))
    }

    /// Stores the value of a parameter. `index` is the index of the parameter in [`OperationInfo::parameters`].
    pub fn set<T: Serialize + ?Sized>(&mut self, index: usize, value: &T) {
        self.store(index, WireValue::of(value));
    }

    /// Stores the value of a string parameter. `index` is the index of the parameter in [`OperationInfo::parameters`].
    pub fn set_text(&mut self, index: usize, value: String) {
        self.store(index, Ok(WireValue::String(value)));
    }

    fn store(&mut self, index: usize, value: Result<WireValue, serde_json::Error>) {
        let name = self.0.info.parameters.get(index).map_or("?", |info| info.name);
        let location = self.0.info.parameters.get(index).map_or(Location::Query, |info| info.location);
        let parameter_error = |message: String| RequestError::Parameter { location, name: name.to_owned(), message };
        match (self.0.slots.get_mut(index), value) {
            (Some(slot), Ok(value)) => *slot = Some(value),
            (Some(_), Err(error)) => self.fail(parameter_error(format!("cannot be encoded: {error}"))),
            (None, _) => self.fail(parameter_error("is not a parameter of its operation".to_owned())),
        }
    }

    /// Returns the description of the operation.
    #[cfg(any(feature = "forms", feature = "streamed"))]
    pub(super) fn info(&self) -> &'static OperationInfo {
        self.0.info
    }

    /// Returns the body.
    #[cfg(any(feature = "cli", feature = "mock", feature = "streaming"))]
    pub(super) fn content(&self) -> &Sent {
        &self.0.content
    }

    /// Returns the body, to set it.
    pub(super) fn content_mut(&mut self) -> &mut Sent {
        &mut self.0.content
    }

    /// Returns the value of the parameter with this index; `None` if the value is not set.
    pub fn slot(&self, index: usize) -> Option<&WireValue> {
        self.0.slots.get(index).and_then(Option::as_ref)
    }

    /// Selects the server with this index among the servers that the spec defines for the operation.
    pub fn server(&mut self, index: usize) {
        self.0.extras.server = Some(index);
    }

    /// Sets the timeout of the whole call: all attempts and reading the response, including a streamed response.
    pub fn timeout(&mut self, timeout: Duration) {
        self.0.extras.timeout = Some(timeout);
    }

    /// Limits the number of bytes of the response body that are read into memory.
    pub fn max_response_bytes(&mut self, limit: u64) {
        self.0.extras.max_response_bytes = Some(limit);
    }

    /// Sets whether redirects are followed, including redirects that the spec documents as responses of the operation.
    pub fn redirects(&mut self, followed: bool) {
        self.0.extras.redirects = Some(followed);
    }

    /// Adds a header. It replaces the header of the same name that the client would otherwise send.
    pub fn header(&mut self, name: String, value: String) {
        self.0.extras.headers.push((name, value));
    }

    /// Adds a query parameter, which is sent after the parameters that the spec defines.
    pub fn query(&mut self, name: String, value: String) {
        self.0.extras.query.push((name, value));
    }

    /// Sets the retry policy.
    pub fn retry(&mut self, policy: RetryPolicy) {
        self.0.extras.retry = Some(policy);
    }

    /// Replaces the path and query of the call with the target of a link from a response, without encoding it again.
    #[cfg(feature = "paging")]
    pub(super) fn follow(&mut self, target: &str) {
        self.0.target = Some(target.to_owned());
    }

    /// Sends the call and decodes the response.
    ///
    /// # Errors
    ///
    /// There is no response, its status is not successful, or its body cannot be decoded.
    pub async fn send<O: Operation>(self) -> Result<Response<O::Output>, Error<O::ErrorBody>> {
        self.send_in_context::<O>().await.map(|(response, _)| response)
    }

    /// Sends the call and decodes the response. Also returns the context of the call, which paging needs to create
    /// errors of its own, e.g. for a repeated page.
    pub(super) async fn send_in_context<O: Operation>(
        self,
    ) -> Result<(Response<O::Output>, Context), Error<O::ErrorBody>> {
        let span = CallSpan::new(Some(self.0.info), &self.0.info.method());
        // Boxed to keep the futures that contain this one small, because futures are moved.
        let result = span.around(Box::pin(self.read::<O>())).await;
        span.end(&result, |(response, _)| response.status);
        result
    }

    async fn read<O: Operation>(self) -> Result<(Response<O::Output>, Context), Error<O::ErrorBody>> {
        let mut sending = self.sending(Extent::Whole).map_err(|failure| Error::new(failure, None))?;
        let response = match sending.perform().await {
            Ok(success) => success.response,
            Err(failure) => return Err(unsuccessful::<O>(&sending, failure).await),
        };
        decoded::<O>(sending, response).await
    }

    /// Returns whether the caller has set this header, as a parameter of the operation or as an extra header.
    #[cfg(feature = "streaming")]
    pub(super) fn sends_header(&self, name: &HeaderName) -> bool {
        let parameters = self.0.info.parameters.iter().zip(&self.0.slots).filter(|(_, slot)| slot.is_some());
        let parameters = parameters.filter(|(info, _)| info.location == Location::Header).map(|(info, _)| info.name);
        let extras = self.0.extras.headers.iter().map(|(name, _)| name.as_str());
        parameters.chain(extras).any(|known| known.eq_ignore_ascii_case(name.as_str()))
    }

    /// Records an error of a setter. Only the first error is reported, because later errors may be consequences of it.
    pub(super) fn fail(&mut self, error: RequestError) {
        self.0.error.get_or_insert(error);
    }

    /// Creates the context of the call, which contains the data for error messages.
    pub(super) fn context(&self) -> Context {
        let mut context =
            Context::new(self.0.client.clone(), self.0.info.id, self.0.info.method(), Cow::Borrowed(self.0.info.path));
        context.secrets = self.secrets();
        (context.request_secrets, context.response_secrets) =
            (self.0.info.request_secrets, self.0.info.response_secrets);
        if let Some(json) = self.0.content.json() {
            context.keep_json(json);
        }
        context
    }

    /// Returns the maximum number of bytes that are read of a response, or of each item of a stream.
    #[cfg(feature = "streaming")]
    pub(super) fn response_limit(&self) -> u64 {
        self.0.extras.max_response_bytes.unwrap_or(self.0.client.shared().max_response_bytes)
    }

    pub(super) fn sending(self, extent: Extent) -> Result<Sending, Box<Failure>> {
        Sending::new(self.context(), self.assemble(), extent)
    }

    /// Returns the secret values of parameters, multipart parts and extra headers, which error messages mask.
    pub(super) fn secrets(&self) -> Vec<String> {
        let set = self.0.info.parameters.iter().zip(&self.0.slots).filter(|(info, _)| info.sensitive);
        let set = set.filter_map(|(_, slot)| slot.as_ref()).flat_map(strings);
        let secrets = set.chain(self.0.extras.secrets()).map(str::to_owned);
        #[cfg(feature = "multipart")]
        let secrets =
            secrets.chain(self.0.content.parts.secrets(self.0.info, self.0.client.api().sensitive_properties));
        secrets.collect()
    }

    /// Returns the secret values in a JSON body, which error messages mask.
    #[cfg(feature = "cli")]
    pub(super) fn body_secrets(&self) -> Vec<String> {
        let body = self.0.content.json().and_then(Body::as_bytes).map_or(&[][..], |body| body);
        masked_json::secrets(body, &[], self.0.info.request_secrets)
    }

    fn assemble(mut self) -> Result<Request, RequestError> {
        if let Some(error) = self.0.error.take() {
            return Err(error);
        }
        let (path, mut query) =
            expand_path(self.0.info.path, self.0.info.parameters, |index, info| self.value(index, info))?;
        let mut cookies = Vec::new();
        let mut headers = HeaderMap::new();
        for (index, info) in self.0.info.parameters.iter().enumerate() {
            let Some(value) = self.value(index, info) else {
                if info.required {
                    let name = info.name.to_owned();
                    return Err(RequestError::MissingParameter { location: info.location, name });
                }
                continue;
            };
            match info.location {
                Location::Path => {}
                Location::Query => encode::query(info, &value, &mut query)?,
                Location::QueryString => encode::query_string(info, &value, &mut query)?,
                Location::Cookie => encode::cookie(info, &value, &mut cookies)?,
                Location::Header => {
                    if let Some(text) = encode::header(info, &value)? {
                        insert_header(&mut headers, info, &text)?;
                    }
                }
            }
        }
        query.extend(self.0.extras.query_pairs());
        let from_root = self.0.target.is_some();
        let (path, query) = match self.0.target.take() {
            Some(target) => match target.split_once('?') {
                Some((path, query)) => (path.to_owned(), vec![query.to_owned()]),
                None => (target, Vec::new()),
            },
            None => (path, query),
        };
        let extra_headers = self.0.extras.header_map()?;
        let mut body = std::mem::take(&mut self.0.content).into_body(self.0.info, &mut headers, &extra_headers)?;
        // If the caller added `Content-Encoding` as an extra header, the body is already encoded.
        if !extra_headers.contains_key(CONTENT_ENCODING) {
            body = content_coding::compress(body, &headers)?;
        }
        Ok(Request {
            info: Some(self.0.info),
            server: self.0.extras.server,
            method: self.0.info.method(),
            path,
            from_root,
            query,
            cookies,
            headers,
            extra_headers,
            body,
            #[cfg(feature = "mock")]
            parameters: self.take_parameters(),
            idempotent: self.0.info.idempotent,
            timeout: self.0.extras.timeout,
            retry: self.0.extras.retry.take(),
            max_response_bytes: self.0.extras.max_response_bytes,
            redirects: self.0.extras.redirects,
        })
    }

    /// Returns the value to send for a parameter: the value that the caller has set, or else the constant value that
    /// the spec prescribes, if any.
    fn value<'a>(&'a self, index: usize, info: &ParameterInfo) -> Option<Cow<'a, WireValue>> {
        let client_value = || info.client_value.map(|text| Cow::Owned(WireValue::String(text.to_owned())));
        self.slot(index).map(Cow::Borrowed).or_else(client_value)
    }

    /// Moves the unencoded values of the parameters out of the call. Only mocks use them.
    #[cfg(feature = "mock")]
    fn take_parameters(&mut self) -> super::mock::Parameters {
        let slots = std::mem::take(&mut self.0.slots).into_iter().zip(self.0.info.parameters);
        let client_value = |info: &ParameterInfo| info.client_value.map(|text| WireValue::String(text.to_owned()));
        super::mock::Parameters(slots.map(|(slot, info)| slot.or_else(|| client_value(info))).collect())
    }
}

/// Converts the failure of a call into an error, and decodes the body of the error response, if there is one.
pub(super) async fn unsuccessful<O: Operation>(sending: &Sending, failure: Box<Failure>) -> Error<O::ErrorBody> {
    let body = match &failure.response {
        // The spec documents error bodies by status, so the body of an interrupted response is not decoded.
        Some(response) if failure.kind == ErrorKind::Status => {
            let decoded = sending.decode(response, O::decode_error).await;
            // If decoding timed out, the status is the more useful error.
            Some(decoded.unwrap_or_else(|_| O::ErrorBody::from(response.body().clone())))
        }
        Some(response) => Some(O::ErrorBody::from(response.body().clone())),
        None => None,
    };
    Error::new(failure, body)
}

/// Decodes a successful response. Also returns the context of the call, which paging needs to create errors of its own,
/// e.g. for a repeated page.
pub(super) async fn decoded<O: Operation>(
    sending: Sending,
    response: RawResponse,
) -> Result<(Response<O::Output>, Context), Error<O::ErrorBody>> {
    let decoded = sending.decode(&response, O::decode).await;
    let context = sending.into_context();
    let body = response.body().clone();
    let failure = match decoded {
        Ok(Ok(value)) => return Ok((response.with_value(value), context)),
        #[cfg(feature = "streaming")]
        Ok(Err(error)) if error.reported_item().is_some() => {
            let item = error.into_reported_item();
            let item = RawResponse::new(response.status(), response.headers().clone(), item);
            let body = O::item_error(&item);
            return Err(Error::new(context.reported(item), Some(body)));
        }
        Ok(Err(error)) => context.not_decoded(response, error),
        Err(reason) => context.no_response("", true, Some(response), reason.into()),
    };
    Err(Error::new(failure, Some(O::ErrorBody::from(body))))
}

/// Returns the strings of a secret value: the value itself if it is a string, or the strings in an array.
fn strings(value: &WireValue) -> impl Iterator<Item = &str> {
    value.as_str().into_iter().chain(value.items().iter().filter_map(WireValue::as_str))
}

fn insert_header(headers: &mut HeaderMap, info: &ParameterInfo, text: &str) -> Result<(), RequestError> {
    // `encode::header` has checked the characters of `text`.
    let invalid =
        |_| RequestError::Header { name: info.name.to_owned(), message: "contains an invalid character".to_owned() };
    let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(invalid)?;
    value.set_sensitive(info.sensitive);
    headers.insert(super::request::header_name(info.name)?, value);
    Ok(())
}

/// Shows the operation and the names of the values that are set, but no values.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots = self.0.info.parameters.iter().zip(&self.0.slots);
        let set: Vec<_> = slots.filter(|(_, slot)| slot.is_some()).map(|(info, _)| info.name).collect();
        let mut debug = f.debug_struct("Call");
        debug.field("operation", &self.0.info.id).field("parameters", &set);
        #[cfg(feature = "multipart")]
        debug.field("parts", &self.0.content.parts.names(self.0.info.parts));
        debug.field("body", &self.0.content.has_body()).finish_non_exhaustive()
    }
}
