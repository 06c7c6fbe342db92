//! Calls that are being built: parameters, a body, and the caller's extra headers and settings.
//!
//! Generated setters store values in slots, one for each parameter. When the call is sent, a `Request` is assembled
//! from the slots, or the first error of a setter is returned. Setting a parameter again replaces its value. Parameters
//! are sent in the order of the spec.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue};
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
use super::streamed::StreamedResponse;
use super::streaming::{ItemStream, Streaming};
use super::telemetry::CallSpan;
use super::wire_value::WireValue;

/// A call of an operation, before it is sent.
// Boxed, because setters and futures move a call many times.
#[derive(Clone)]
pub struct Call(Box<Slots>);

/// The parameters, body and settings of a call.
#[derive(Clone)]
pub struct Slots {
    client: ApiClient,
    info: &'static OperationInfo,
    slots: Vec<Option<WireValue>>,
    pub(super) content: Sent,
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
        let name = self.info.parameters.get(index).map_or("?", |info| info.name);
        let location = self.info.parameters.get(index).map_or(Location::Query, |info| info.location);
        let parameter_error = |message: String| RequestError::Parameter { location, name: name.to_owned(), message };
        match (self.slots.get_mut(index), value) {
            (Some(slot), Ok(value)) => *slot = Some(value),
            (Some(_), Err(error)) => self.fail(parameter_error(format!("cannot be encoded: {error}"))),
            (None, _) => self.fail(parameter_error("is not a parameter of its operation".to_owned())),
        }
    }

    /// Returns the description of the operation.
    pub(super) fn info(&self) -> &'static OperationInfo {
        self.info
    }

    /// Returns the value of the parameter with this index; `None` if the value is not set.
    pub fn slot(&self, index: usize) -> Option<&WireValue> {
        self.slots.get(index).and_then(Option::as_ref)
    }

    /// Selects the server with this index among the servers that the spec defines for the operation.
    pub fn server(&mut self, index: usize) {
        self.extras.server = Some(index);
    }

    /// Sets the timeout of the whole call: all attempts and reading the response, including a streamed response.
    pub fn timeout(&mut self, timeout: Duration) {
        self.extras.timeout = Some(timeout);
    }

    /// Limits the number of bytes of the response body that are read into memory.
    pub fn max_response_bytes(&mut self, limit: u64) {
        self.extras.max_response_bytes = Some(limit);
    }

    /// Sets whether redirects are followed, including redirects that the spec documents as responses of the operation.
    pub fn redirects(&mut self, followed: bool) {
        self.extras.redirects = Some(followed);
    }

    /// Adds a header. It replaces the header of the same name that the client would otherwise send.
    pub fn header(&mut self, name: String, value: String) {
        self.extras.headers.push((name, value));
    }

    /// Adds a query parameter, which is sent after the parameters that the spec defines.
    pub fn query(&mut self, name: String, value: String) {
        self.extras.query.push((name, value));
    }

    /// Sets the retry policy.
    pub fn retry(&mut self, policy: RetryPolicy) {
        self.extras.retry = Some(policy);
    }

    /// Replaces the path and query of the call with the target of a link from a response, without encoding it again.
    pub(super) fn follow(&mut self, target: &str) {
        self.target = Some(target.to_owned());
    }

    /// Sends the call and decodes the response.
    ///
    /// # Errors
    ///
    /// There is no response, its status is not successful, or its body cannot be decoded.
    pub async fn send<O: Operation>(self) -> Result<Response<O::Output>, Error<O::ErrorBody>> {
        self.send_in_context::<O>().await.map(|(response, _)| response)
    }

    /// Does the same as [`send`](Self::send), blocking the caller's thread.
    ///
    /// # Errors
    ///
    /// The same as for [`send`](Self::send), and an error if the current thread cannot make blocking calls.
    #[cfg(feature = "blocking")]
    pub fn send_blocking<O: Operation>(self) -> Result<Response<O::Output>, Error<O::ErrorBody>> {
        match super::blocking::thread() {
            Ok(thread) => thread.wait(self.send::<O>()),
            Err(error) => Err(Error::new(self.context().not_made(error), None)),
        }
    }

    /// Sends the call and decodes the response. Also returns the context of the call, which paging needs to create
    /// errors of its own, e.g. for a repeated page.
    pub(super) async fn send_in_context<O: Operation>(
        self,
    ) -> Result<(Response<O::Output>, Context), Error<O::ErrorBody>> {
        let span = CallSpan::new(Some(self.info), &self.info.method());
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

    /// Sends the call and returns the head of the response; the caller reads the body.
    ///
    /// # Errors
    ///
    /// There is no response, or its status is neither successful nor a redirect that the spec documents as a response
    /// of the operation.
    pub async fn send_streamed<O: Operation>(self) -> Result<StreamedResponse<O::ErrorBody>, Error<O::ErrorBody>> {
        let span = CallSpan::new(Some(self.info), &self.info.method());
        let result = span.around(Box::pin(self.begin::<O>())).await;
        span.end(&result, |response| response.status);
        result
    }

    /// Does the same as [`send_streamed`](Self::send_streamed), blocking the caller's thread.
    ///
    /// # Errors
    ///
    /// The same as for [`send_streamed`](Self::send_streamed), and an error if the current thread cannot make blocking
    /// calls.
    #[cfg(feature = "blocking")]
    pub fn send_streamed_blocking<O: Operation>(self) -> Result<StreamedResponse<O::ErrorBody>, Error<O::ErrorBody>> {
        match super::blocking::thread() {
            Ok(thread) => thread.wait(self.send_streamed::<O>()),
            Err(error) => Err(Error::new(self.context().not_made(error), None)),
        }
    }

    /// Sends the call and returns the items of the response as a stream.
    ///
    /// # Errors
    ///
    /// There is no response, or its status is not successful.
    pub async fn send_items<O: Streaming>(mut self) -> Result<ItemStream<O>, Error<O::ErrorBody>> {
        if !self.sends_header(&ACCEPT) {
            self.header(ACCEPT.to_string(), O::ACCEPT.to_owned());
        }
        if !self.sends_header(&ACCEPT_ENCODING) {
            self.header(ACCEPT_ENCODING.to_string(), content_coding::accepted_for_items());
        }
        let limit = self.response_limit();
        ItemStream::new(self.send_streamed::<O>().await?, limit)
    }

    /// Does the same as [`send_items`](Self::send_items), blocking the caller's thread.
    ///
    /// # Errors
    ///
    /// The same as for [`send_items`](Self::send_items), and an error if the current thread cannot make blocking calls.
    #[cfg(feature = "blocking")]
    pub fn send_items_blocking<O: Streaming>(self) -> Result<ItemStream<O>, Error<O::ErrorBody>> {
        match super::blocking::thread() {
            Ok(thread) => thread.wait(self.send_items::<O>()),
            Err(error) => Err(Error::new(self.context().not_made(error), None)),
        }
    }

    async fn begin<O: Operation>(self) -> Result<StreamedResponse<O::ErrorBody>, Error<O::ErrorBody>> {
        let mut sending = self.sending(Extent::Head).map_err(|failure| Error::new(failure, None))?;
        match sending.perform().await {
            Ok(success) => Ok(StreamedResponse::new(success, sending.into_context())),
            Err(failure) => Err(unsuccessful::<O>(&sending, failure).await),
        }
    }

    /// Returns whether the caller has set this header, as a parameter of the operation or as an extra header.
    fn sends_header(&self, name: &HeaderName) -> bool {
        let parameters = self.info.parameters.iter().zip(&self.slots).filter(|(_, slot)| slot.is_some());
        let parameters = parameters.filter(|(info, _)| info.location == Location::Header).map(|(info, _)| info.name);
        let extras = self.extras.headers.iter().map(|(name, _)| name.as_str());
        parameters.chain(extras).any(|known| known.eq_ignore_ascii_case(name.as_str()))
    }

    /// Records an error of a setter. Only the first error is reported, because later errors may be consequences of it.
    pub(super) fn fail(&mut self, error: RequestError) {
        self.error.get_or_insert(error);
    }

    /// Creates the context of the call, which contains the data for error messages.
    pub(super) fn context(&self) -> Context {
        let mut context =
            Context::new(self.client.clone(), self.info.id, self.info.method(), Cow::Borrowed(self.info.path));
        context.secrets = self.secrets();
        (context.request_secrets, context.response_secrets) = (self.info.request_secrets, self.info.response_secrets);
        if let Some(json) = self.content.json() {
            context.keep_json(json);
        }
        context
    }

    /// Returns the maximum number of bytes that are read of a response, or of each item of a stream.
    pub(super) fn response_limit(&self) -> u64 {
        self.extras.max_response_bytes.unwrap_or(self.client.shared().max_response_bytes)
    }

    pub(super) fn sending(self, extent: Extent) -> Result<Sending, Box<Failure>> {
        Sending::new(self.context(), self.assemble(), extent)
    }

    /// Returns the secret values of parameters, multipart parts and extra headers, which error messages mask.
    pub(super) fn secrets(&self) -> Vec<String> {
        let set = self.info.parameters.iter().zip(&self.slots).filter(|(info, _)| info.sensitive);
        let set = set.filter_map(|(_, slot)| slot.as_ref()).flat_map(strings);
        let parts = self.content.parts.secrets(self.info, self.client.api().sensitive_properties);
        set.chain(self.extras.secrets()).map(str::to_owned).chain(parts).collect()
    }

    /// Returns the secret values in a JSON body, which error messages mask.
    #[cfg(feature = "cli")]
    pub(super) fn body_secrets(&self) -> Vec<String> {
        let body = self.content.json().and_then(Body::as_bytes).map_or(&[][..], |body| body);
        masked_json::secrets(body, &[], self.info.request_secrets)
    }

    fn assemble(mut self) -> Result<Request, RequestError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let (path, mut query) =
            expand_path(self.info.path, self.info.parameters, |index, info| self.value(index, info))?;
        let mut cookies = Vec::new();
        let mut headers = HeaderMap::new();
        for (index, info) in self.info.parameters.iter().enumerate() {
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
        query.extend(self.extras.query_pairs());
        let from_root = self.target.is_some();
        let (path, query) = match self.target.take() {
            Some(target) => match target.split_once('?') {
                Some((path, query)) => (path.to_owned(), vec![query.to_owned()]),
                None => (target, Vec::new()),
            },
            None => (path, query),
        };
        let extra_headers = self.extras.header_map()?;
        let mut body = std::mem::take(&mut self.content).into_body(self.info, &mut headers, &extra_headers)?;
        // If the caller added `Content-Encoding` as an extra header, the body is already encoded.
        if !extra_headers.contains_key(CONTENT_ENCODING) {
            body = content_coding::compress(body, &headers)?;
        }
        Ok(Request {
            info: Some(self.info),
            server: self.extras.server,
            method: self.info.method(),
            path,
            from_root,
            query,
            cookies,
            headers,
            extra_headers,
            body,
            #[cfg(feature = "mock")]
            parameters: self.take_parameters(),
            idempotent: self.info.idempotent,
            timeout: self.extras.timeout,
            retry: self.extras.retry.take(),
            max_response_bytes: self.extras.max_response_bytes,
            redirects: self.extras.redirects,
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
        let slots = std::mem::take(&mut self.slots).into_iter().zip(self.info.parameters);
        let client_value = |info: &ParameterInfo| info.client_value.map(|text| WireValue::String(text.to_owned()));
        super::mock::Parameters(slots.map(|(slot, info)| slot.or_else(|| client_value(info))).collect())
    }
}

impl Deref for Call {
    type Target = Slots;

    fn deref(&self) -> &Slots {
        &self.0
    }
}

impl DerefMut for Call {
    fn deref_mut(&mut self) -> &mut Slots {
        &mut self.0
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
        Ok(Err(error)) => match error.reported_item() {
            Some(item) => {
                let item = RawResponse::new(response.status(), response.headers().clone(), item.clone());
                let body = O::item_error(&item);
                return Err(Error::new(context.reported(item), Some(body)));
            }
            None => context.not_decoded(response, error),
        },
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
        let slots = self.info.parameters.iter().zip(&self.slots);
        let set: Vec<_> = slots.filter(|(_, slot)| slot.is_some()).map(|(info, _)| info.name).collect();
        f.debug_struct("Call")
            .field("operation", &self.info.id)
            .field("parameters", &set)
            .field("parts", &self.content.parts.names(self.info.parts))
            .field("body", &self.content.has_body())
            .finish_non_exhaustive()
    }
}
