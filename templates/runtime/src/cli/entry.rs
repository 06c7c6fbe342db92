//! The operations as the program knows them: the library's descriptions, and how each is sent and read.
//!
//! In: `const` calls in generated tables, one for each operation. Out: the description, and one function pointer that
//! turns a filled call into text.

use std::any::{Any, TypeId};

use bytes::Bytes;
use serde::{Serialize, Serializer};

use super::super::api::ApiInfo;
use super::super::builder::{BuildError, ClientBuilder};
use super::super::call::Call;
use super::super::client::{ApiClient, Service};
use super::super::content::BodyKind;
use super::super::error::{Error, ErrorKind};
use super::super::node::Node;
use super::super::operation::{Operation, OperationInfo};
use super::super::response::Response;
use super::super::streaming::{ItemStream, Streaming, WholeOrItems};
use super::super::success;
use super::super::transport::BoxFuture;
use super::super::wire_value::WireValue;
use super::answer::{Answer, Content, Items, OutputFile, Redirect};
use super::call::Settings;
use super::download::download;
use super::stop::{Exit, Stop};

/// An API that a program calls, one `static` in generated code.
#[derive(Debug)]
pub struct Api {
    pub(super) info: &'static ApiInfo,
    pub(super) build: fn(Settings<'_>) -> Result<ApiClient, BuildError>,
    pub(super) operations: &'static [Entry],
}

impl Api {
    /// The API of the client `S`, with these operations.
    pub const fn of<S: Service>(operations: &'static [Entry]) -> Self {
        Self { info: S::API, build: |settings| settings.of(ClientBuilder::<S>::new())?.build_api_client(), operations }
    }
}

/// An operation that a program calls.
#[derive(Debug)]
pub struct Entry {
    pub(super) info: &'static OperationInfo,
    pub(super) summary: &'static str,
    pub(super) gives_bytes: fn() -> bool,
    pub(super) send: fn(Call) -> Outcome,
    /// Sends a call and writes the body of its response to a file as it arrives, at most so many bytes if there is a limit.
    pub(super) save: fn(Call, OutputFile, Option<u64>) -> Outcome,
}

/// What comes of a call.
pub(super) type Outcome = BoxFuture<'static, Result<Answer, Stop>>;

/// The operation `O`, described in a line.
pub const fn entry<O: Operation>(summary: &'static str) -> Entry
where
    O::Output: Serialize,
    O::ErrorBody: Serialize,
{
    Entry {
        info: O::INFO,
        summary,
        gives_bytes: gives_bytes::<O>,
        send: |call| Box::pin(send::<O>(call)),
        save: |call, file, limit| Box::pin(download::<O>(call, file, limit)),
    }
}

/// Whether all that a call gives is bytes: they are not decoded.
fn gives_bytes<O: Operation>() -> bool {
    let output = TypeId::of::<O::Output>();
    let kinds = || O::INFO.successes.iter().filter_map(|variant| variant.success.kind);
    output == TypeId::of::<Bytes>()
        || output == TypeId::of::<Option<Bytes>>()
        || (kinds().next().is_some() && kinds().all(|kind| kind == BodyKind::Bytes))
}

/// The operation `O`, whose response comes item by item, described in a line.
pub const fn entry_of_items<O: Streaming>(summary: &'static str) -> Entry
where
    O::Output: Serialize,
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    Entry { send: |call| Box::pin(send_items::<O>(call)), ..entry::<O>(summary) }
}

/// The operation `O`, whose response comes as a whole or item by item, described in a line. Its media type decides how it
/// is read. `--header 'Accept: …'`, or a parameter of the API, requests the items.
pub const fn entry_or_items<O: Streaming>(summary: &'static str) -> Entry
where
    O::Output: Serialize,
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    Entry { send: |call| Box::pin(send_either::<O>(call)), ..entry::<O>(summary) }
}

async fn send<O: Operation>(call: Call) -> Result<Answer, Stop>
where
    O::Output: Serialize,
    O::ErrorBody: Serialize,
{
    answer::<O>(call.send::<O>().await.map_err(stopped)?)
}

async fn send_items<O: Streaming>(call: Call) -> Result<Answer, Stop>
where
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    Ok(items(Box::new(call.send_items::<O>().await.map_err(stopped)?)))
}

async fn send_either<O: Streaming>(call: Call) -> Result<Answer, Stop>
where
    O::Output: Serialize,
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    match call.send_whole_or_items::<O>().await.map_err(stopped)? {
        WholeOrItems::Whole(response) => answer::<O>(response),
        WholeOrItems::Items(stream) => Ok(items(stream)),
    }
}

fn items<O: Streaming>(stream: Box<ItemStream<O>>) -> Answer
where
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    let redirect = Redirect::of(stream.status(), stream.headers());
    Answer { content: if redirect.is_some() { Content::Nothing } else { Content::Items(stream) }, redirect }
}

impl<O: Streaming> Items for ItemStream<O>
where
    O::Item: Serialize,
    O::ErrorBody: Serialize,
{
    fn next(&mut self) -> BoxFuture<'_, Result<Option<String>, Stop>> {
        Box::pin(async move {
            let item = self.try_next().await.map_err(stopped)?;
            item.map(|item| serde_json::to_string(&item).map_err(unwritable::<O>)).transpose()
        })
    }
}

fn unwritable<O: Operation>(error: serde_json::Error) -> Stop {
    Stop::new(Exit::Decode, format!("{}: the answer cannot be written as JSON: {error}", O::INFO.id))
}

fn answer<O: Operation>(response: Response<O::Output>) -> Result<Answer, Stop>
where
    O::Output: Serialize,
{
    let redirect = Redirect::of(response.status, &response.headers);
    let content = content::<O>(response)?;
    Ok(Answer { content, redirect })
}

fn content<O: Operation>(response: Response<O::Output>) -> Result<Content, Stop>
where
    O::Output: Serialize,
{
    let value: &dyn Any = &response.value;
    if value.is::<()>() || response.body.is_empty() {
        return Ok(Content::Nothing);
    }
    if let Some(bytes) = value.downcast_ref::<Bytes>() {
        return Ok(Content::Bytes(bytes.clone()));
    }
    if let Some(bytes) = value.downcast_ref::<Option<Bytes>>() {
        return Ok(bytes.clone().map_or(Content::Nothing, Content::Bytes));
    }
    if !O::INFO.successes.is_empty() {
        return several::<O>(response);
    }
    // From the value itself, not through `Value`: the members keep their order and 32-bit floats their text.
    serde_json::to_string_pretty(&response.value).map(Content::Json).map_err(unwritable::<O>)
}

/// One of several kinds of answers: its content, not the variant around it.
fn several<O: Operation>(response: Response<O::Output>) -> Result<Content, Stop>
where
    O::Output: Serialize,
{
    let value = WireValue::of(&response.value).map_err(unwritable::<O>)?;
    match success::variant(O::INFO, value) {
        Some((variant, value)) if !matches!(variant.success.kind, None | Some(BodyKind::Bytes)) => {
            serde_json::to_string_pretty(&value).map(Content::Json).map_err(unwritable::<O>)
        }
        // The page that comes with many redirects, and is not documented, only says where they lead.
        Some((variant, _)) if variant.success.kind.is_none() && response.status.is_redirection() => {
            Ok(Content::Nothing)
        }
        _ => Ok(Content::Bytes(response.body)),
    }
}

/// The end that an error makes, with the body that the API documents for it.
pub(super) fn stopped<E: Serialize>(error: Error<E>) -> Stop {
    let mut stop = Stop::of(&error);
    // What did not decode, or broke off, is in the line already as far as it helps.
    let has_body = error.kind() == ErrorKind::Status && error.raw_body().is_some_and(|body| !body.is_empty());
    stop.body = error.body().filter(|_| has_body).and_then(|body| serde_json::to_string_pretty(body).ok());
    stop
}

/// Writes a body that nothing is documented for: as the JSON that it is, else as a text.
///
/// # Errors
///
/// Those of the serializer.
pub fn raw<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    match serde_json::from_slice::<Node>(body) {
        Ok(value) => value.serialize(serializer),
        Err(_) => serializer.serialize_str(&String::from_utf8_lossy(body)),
    }
}
