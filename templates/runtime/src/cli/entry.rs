//! The table of operations that the program can call.
//!
//! Generated code contains an [`Entry`] per operation, created by [`entry`], [`entry_of_items`] or [`entry_or_items`].
//! An entry has the functions that send the call and convert its response to output.

use std::any::{Any, TypeId};

use bytes::Bytes;
use serde::Serialize;

use super::super::api::ApiInfo;
use super::super::builder::{BuildError, ClientBuilder};
use super::super::call::Call;
use super::super::client::{ApiClient, Service};
use super::super::content::BodyKind;
use super::super::error::{Error, ErrorKind};
use super::super::operation::{Operation, OperationInfo};
use super::super::response::Response;
use super::super::streaming::{ItemStream, Streaming, WholeOrItems};
use super::super::success;
use super::super::transport::BoxFuture;
use super::super::wire_value::WireValue;
use super::call::Settings;
use super::download::download;
use super::exit::{Exit, ExitError};
use super::output::{Content, Items, Output, OutputFile, Redirect};

/// An API that the program can call. Generated code defines a `static` per API.
#[derive(Debug)]
pub struct Api {
    pub(super) info: &'static ApiInfo,
    pub(super) build: fn(Settings<'_>) -> Result<ApiClient, BuildError>,
    pub(super) operations: &'static [Entry],
}

impl Api {
    /// Creates the API of the client `S` with the given operations.
    pub const fn of<S: Service>(operations: &'static [Entry]) -> Self {
        Self { info: S::API, build: |settings| settings.of(ClientBuilder::<S>::new())?.build_api_client(), operations }
    }
}

/// An operation that the program can call.
#[derive(Debug)]
pub struct Entry {
    pub(super) info: &'static OperationInfo,
    pub(super) summary: &'static str,
    pub(super) returns_bytes: fn() -> bool,
    pub(super) send: fn(Call) -> Outcome,
    /// Sends the call and writes the response body to a file as it arrives. The last argument is the maximum size of
    /// the body in bytes.
    pub(super) save: fn(Call, OutputFile, Option<u64>) -> Outcome,
}

/// The future that sends a call and returns its output.
pub(super) type Outcome = BoxFuture<'static, Result<Output, ExitError>>;

/// Creates the entry of the operation `O`.
pub const fn entry<O: Operation>(summary: &'static str) -> Entry
where
    O::Output: Serialize,
    O::ErrorBody: Serialize,
{
    Entry {
        info: O::INFO,
        summary,
        returns_bytes: returns_bytes::<O>,
        send: |call| Box::pin(send::<O>(call)),
        save: |call, file, limit| Box::pin(download::<O>(call, file, limit)),
    }
}

/// Returns whether all successful responses of `O` are binary data.
fn returns_bytes<O: Operation>() -> bool {
    let output = TypeId::of::<O::Output>();
    let kinds = || O::INFO.successes.iter().filter_map(|variant| variant.success.kind);
    output == TypeId::of::<Bytes>()
        || output == TypeId::of::<Option<Bytes>>()
        || (kinds().next().is_some() && kinds().all(|kind| kind == BodyKind::Bytes))
}

/// Creates the entry of the operation `O`, whose response is a stream of items.
pub const fn entry_of_items<O: Streaming>(summary: &'static str) -> Entry
where
    O::Output: Serialize,
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    Entry { send: |call| Box::pin(send_items::<O>(call)), ..entry::<O>(summary) }
}

/// Creates the entry of the operation `O`, whose response is either a single value or a stream of items, depending on
/// its media type. To request a stream, the user sets `--header 'Accept: …'` or a parameter of the API.
pub const fn entry_or_items<O: Streaming>(summary: &'static str) -> Entry
where
    O::Output: Serialize,
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    Entry { send: |call| Box::pin(send_either::<O>(call)), ..entry::<O>(summary) }
}

async fn send<O: Operation>(call: Call) -> Result<Output, ExitError>
where
    O::Output: Serialize,
    O::ErrorBody: Serialize,
{
    output::<O>(call.send::<O>().await.map_err(exit_error)?)
}

async fn send_items<O: Streaming>(call: Call) -> Result<Output, ExitError>
where
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    Ok(items(Box::new(call.send_items::<O>().await.map_err(exit_error)?)))
}

async fn send_either<O: Streaming>(call: Call) -> Result<Output, ExitError>
where
    O::Output: Serialize,
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    match call.send_whole_or_items::<O>().await.map_err(exit_error)? {
        WholeOrItems::Whole(response) => output::<O>(response),
        WholeOrItems::Items(stream) => Ok(items(stream)),
    }
}

fn items<O: Streaming>(stream: Box<ItemStream<O>>) -> Output
where
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    let redirect = Redirect::of(stream.status(), stream.headers());
    Output { content: if redirect.is_some() { Content::Empty } else { Content::Items(stream) }, redirect }
}

impl<O: Streaming> Items for ItemStream<O>
where
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    fn next(&mut self) -> BoxFuture<'_, Result<Option<String>, ExitError>> {
        Box::pin(async move {
            let item = self.try_next().await.map_err(exit_error)?;
            item.map(|item| serde_json::to_string(&item).map_err(not_json::<O>)).transpose()
        })
    }
}

fn not_json<O: Operation>(error: serde_json::Error) -> ExitError {
    ExitError::new(Exit::Decode, format!("{}: the response cannot be written as JSON: {error}", O::INFO.id))
}

fn output<O: Operation>(response: Response<O::Output>) -> Result<Output, ExitError>
where
    O::Output: Serialize,
{
    let redirect = Redirect::of(response.status, &response.headers);
    let content = content::<O>(response)?;
    Ok(Output { content, redirect })
}

fn content<O: Operation>(response: Response<O::Output>) -> Result<Content, ExitError>
where
    O::Output: Serialize,
{
    let value: &dyn Any = &response.value;
    if value.is::<()>() || response.body.is_empty() {
        return Ok(Content::Empty);
    }
    if let Some(bytes) = value.downcast_ref::<Bytes>() {
        return Ok(Content::Bytes(bytes.clone()));
    }
    if let Some(bytes) = value.downcast_ref::<Option<Bytes>>() {
        return Ok(bytes.clone().map_or(Content::Empty, Content::Bytes));
    }
    if !O::INFO.successes.is_empty() {
        return variant_content::<O>(response);
    }
    // Not converted to `serde_json::Value`, which would change the order of properties and the digits of 32-bit floats.
    serde_json::to_string_pretty(&response.value).map(Content::Json).map_err(not_json::<O>)
}

/// Returns the content of an output enum without the variant name. The variants are the documented responses.
fn variant_content<O: Operation>(response: Response<O::Output>) -> Result<Content, ExitError>
where
    O::Output: Serialize,
{
    let value = WireValue::of(&response.value).map_err(not_json::<O>)?;
    match success::variant(O::INFO, value) {
        Some((variant, value)) if !matches!(variant.success.kind, None | Some(BodyKind::Bytes)) => {
            serde_json::to_string_pretty(&value).map(Content::Json).map_err(not_json::<O>)
        }
        // An undocumented body of a redirect usually repeats the location, so it is not written.
        Some((variant, _)) if variant.success.kind.is_none() && response.status.is_redirection() => Ok(Content::Empty),
        _ => Ok(Content::Bytes(response.body)),
    }
}

/// Converts the error of a call, including the body of an error response.
pub(super) fn exit_error<E: Serialize>(error: Error<E>) -> ExitError {
    let mut exit_error = ExitError::of(&error);
    // For incomplete or undecodable bodies, the message contains an excerpt.
    let is_documented = matches!(error.kind(), ErrorKind::Status | ErrorKind::Stream);
    let has_body = is_documented && error.raw_body().is_some_and(|body| !body.is_empty());
    exit_error.body = error.body().filter(|_| has_body).and_then(|body| serde_json::to_string_pretty(body).ok());
    exit_error
}
