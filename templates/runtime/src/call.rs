//! Calls that are being built: parameters, a body, and the caller's options.
//!
//! Generated setters store encoded values in slots, one for each parameter. When the call is sent, a `Request` is
//! assembled from the slots, or the first error of a setter is returned. Setting a parameter again replaces its value.
//! Parameters are sent in the order of the spec.

use std::borrow::Cow;
use std::fmt;

#[cfg(feature = "streaming")]
use http::header::HeaderName;
use http::header::{CONTENT_ENCODING, HeaderMap};
use serde::Serialize;

#[cfg(feature = "cli")]
use super::body::Body;
use super::client::ApiClient;
use super::content_coding;
use super::error::{Error, ErrorKind};
use super::exchange::Extent;
use super::failure::{Context, Failure};
#[cfg(feature = "cli")]
use super::masked_json;
use super::operation::{Operation, OperationInfo};
use super::options::RequestOptions;
use super::parameter::Location;
use super::representation::Sent;
use super::request::{Request, RequestError, expand_path, header_name};
use super::response::{RawResponse, Response};
use super::send::Sending;
use super::slot::{Encoded, Slot};
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
    slots: Vec<Option<Slot>>,
    content: Sent,
    options: RequestOptions,
    /// The index of the selected server of the operation.
    server: Option<usize>,
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
            options: RequestOptions::default(),
            server: None,
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
        match (self.0.slots.get_mut(index), self.0.info.parameters.get(index)) {
            (Some(slot), Some(info)) => *slot = Some(Slot::new(info, value)),
            _ => self.fail(RequestError::Parameter {
                location: Location::Query,
                name: "?".to_owned(),
                message: "is not a parameter of its operation".to_owned(),
            }),
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

    /// Returns the value of the parameter with this index, before it was encoded; `None` if the value is not set.
    #[cfg(feature = "paging")]
    pub(super) fn value(&self, index: usize) -> Option<&WireValue> {
        self.0.slots.get(index)?.as_ref()?.value()
    }

    /// Selects the server with this index among the servers that the spec defines for the operation.
    pub fn server(&mut self, index: usize) {
        self.0.server = Some(index);
    }

    /// Adds options to those set before.
    pub fn options(&mut self, options: RequestOptions) {
        self.0.options.add(options);
    }

    /// Returns the options of the call, to change them.
    #[cfg(any(feature = "cli", feature = "streaming"))]
    pub(super) fn options_mut(&mut self) -> &mut RequestOptions {
        &mut self.0.options
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
        let extra = self.0.options.headers.iter().map(|(name, _)| name.as_str());
        parameters.chain(extra).any(|known| known.eq_ignore_ascii_case(name.as_str()))
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
        self.0.options.max_response_bytes.unwrap_or(self.0.client.shared().max_response_bytes)
    }

    pub(super) fn sending(self, extent: Extent) -> Result<Sending, Box<Failure>> {
        Sending::new(self.context(), self.assemble(), extent)
    }

    /// Returns the secret values of parameters, multipart parts and options, which error messages mask.
    pub(super) fn secrets(&self) -> Vec<String> {
        let set = self.0.slots.iter().flatten().flat_map(Slot::secrets).map(String::as_str);
        let secrets = set.chain(self.0.options.secrets()).map(str::to_owned);
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
        for (slot, info) in self.0.slots.iter_mut().zip(self.0.info.parameters) {
            if slot.is_none() {
                *slot = Slot::client_value(info);
            }
        }
        #[cfg(feature = "mock")]
        let parameters = self.parameters();
        let slots = std::mem::take(&mut self.0.slots);
        let segment = |index: usize| slots.get(index)?.as_ref()?.segment();
        let (path, mut query) = expand_path(self.0.info.path, self.0.info.parameters, segment)?;
        let mut cookies = Vec::new();
        let mut headers = HeaderMap::new();
        for (info, slot) in self.0.info.parameters.iter().zip(slots) {
            let Some(slot) = slot else {
                if info.required {
                    let name = info.name.to_owned();
                    return Err(RequestError::MissingParameter { location: info.location, name });
                }
                continue;
            };
            match slot.into_encoded()? {
                Encoded::Segment(_) | Encoded::Header(None) => {}
                Encoded::Pairs(pairs) if info.location == Location::Cookie => cookies.extend(pairs),
                Encoded::Pairs(pairs) => query.extend(pairs),
                Encoded::Header(Some(value)) => {
                    headers.insert(header_name(info.name)?, value);
                }
            }
        }
        query.extend(self.0.options.query_pairs());
        let from_root = self.0.target.is_some();
        let (path, query) = match self.0.target.take() {
            Some(target) => match target.split_once('?') {
                Some((path, query)) => (path.to_owned(), vec![query.to_owned()]),
                None => (target, Vec::new()),
            },
            None => (path, query),
        };
        let extra_headers = self.0.options.header_map()?;
        let mut body = std::mem::take(&mut self.0.content).into_body(self.0.info, &mut headers, &extra_headers)?;
        // If the caller added `Content-Encoding` as an extra header, the body is already encoded.
        if !extra_headers.contains_key(CONTENT_ENCODING) {
            body = content_coding::compress(body, &headers)?;
        }
        Ok(Request {
            info: Some(self.0.info),
            server: self.0.server,
            method: self.0.info.method(),
            path,
            from_root,
            query,
            cookies,
            headers,
            extra_headers,
            body,
            #[cfg(feature = "mock")]
            parameters,
            idempotent: self.0.info.idempotent,
            timeout: self.0.options.timeout,
            retry: self.0.options.retry.take(),
            max_response_bytes: self.0.options.max_response_bytes,
            redirects: self.0.options.redirects,
        })
    }

    /// Returns the values of the parameters before they were encoded. Only mocks use them.
    #[cfg(feature = "mock")]
    fn parameters(&self) -> super::mock::Parameters {
        let values = self.0.slots.iter().map(|slot| slot.as_ref()?.value().cloned());
        super::mock::Parameters(values.collect())
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
