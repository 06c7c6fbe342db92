//! [`Expectation`]: a builder for an expected call, its conditions and its responses.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use http::header::{HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;

use super::record::RecordedCall;
use super::response::{self, Fault, Reply};
use super::state::{Condition, Entry, Queued, Target};
use super::{Mock, fail};
use crate::runtime::body::Body;
use crate::runtime::operation::Operation;
use crate::runtime::wire_value::WireValue;

/// An expected call and its responses. See the [module](super) for the rules.
pub struct Expectation<'a, O> {
    mock: &'a Mock,
    index: usize,
    target: Target,
    call: PhantomData<fn() -> O>,
}

/// The type parameter of an [`Expectation`] that is defined by method and path instead of an operation.
#[derive(Debug)]
pub enum RawCall {}

impl<'a, O: 'static> Expectation<'a, O> {
    pub(super) fn new(mock: &'a Mock, target: Target, at: &'static Location<'static>) -> Self {
        let mut state = mock.0.lock();
        let index = state.expectations.len();
        state.expectations.push(Entry::new(target.clone(), at));
        Self { mock, index, target, call: PhantomData }
    }

    /// Restricts the expectation to calls for which `holds` returns true.
    #[track_caller]
    pub fn when(self, holds: impl Fn(&RecordedCall<O>) -> bool + Send + Sync + 'static) -> Self {
        let holds = Arc::new(move |request: &_| holds(&RecordedCall::of(request)));
        let condition = Condition::Holds { holds, at: Location::caller() };
        self.change(|entry| entry.conditions.push(condition));
        self
    }

    /// Adds a response with this status and this value as its JSON body, for example a documented error body.
    ///
    /// # Panics
    ///
    /// The value cannot be encoded.
    #[track_caller]
    pub fn reply_status<T: Serialize + ?Sized>(self, status: StatusCode, body: &T) -> Self {
        self.reply_with_result(response::json(status, body))
    }

    /// Adds a response, which is sent unchanged. The body may have any type that converts to a [`Body`], e.g. a string,
    /// bytes or a stream.
    pub fn reply_raw(self, response: Response<impl Into<Body>>) -> Self {
        self.queue(Reply::response(response.map(Into::into)))
    }

    /// Adds a response that `make` creates for each call.
    pub fn reply_raw_with(self, make: impl Fn(&RecordedCall<O>) -> Response<Body> + Send + Sync + 'static) -> Self {
        self.queue(Reply::made(move |request| make(&RecordedCall::of(request))))
    }

    /// Adds a fault, such as a connection reset, which the mock injects instead of a response.
    pub fn fault(self, fault: Fault) -> Self {
        self.queue(Reply::fault(fault))
    }

    /// Adds a header to the response added last. A header with the same name may be added several times.
    ///
    /// # Panics
    ///
    /// No response was added before, or the name or value is not valid in HTTP.
    #[track_caller]
    pub fn header(self, name: &str, value: &str) -> Self {
        let (Ok(header), Ok(text)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) else {
            fail(&format!("the name or value of the header `{}` is not valid in HTTP", name.escape_debug()))
        };
        self.change_last(|last| {
            last.reply.headers.append(header, text);
        });
        self
    }

    /// Sets how many times the response added last is used. If it is used less often, [`verify`](Mock::verify) panics.
    ///
    /// # Panics
    ///
    /// No response was added before.
    #[track_caller]
    pub fn times(self, times: usize) -> Self {
        self.change_last(|last| last.left = Some(times));
        self
    }

    /// Uses the response added last any number of times, including zero. No further response can be added.
    ///
    /// # Panics
    ///
    /// No response was added before.
    #[track_caller]
    pub fn always(self) {
        self.change_last(|last| last.left = None);
    }

    #[track_caller]
    fn reply_with_result(self, response: Result<Response<Body>, String>) -> Self {
        match response {
            Ok(response) => self.queue(Reply::response(response)),
            Err(message) => fail(&message),
        }
    }

    fn queue(self, reply: Reply) -> Self {
        self.change(|entry| entry.replies.push_back(Queued { reply, left: Some(1) }));
        self
    }

    #[track_caller]
    fn change_last(&self, change: impl FnOnce(&mut Queued)) {
        let changed = self.change(|entry| entry.replies.back_mut().map(change));
        if changed.flatten().is_none() {
            fail("there is no response yet: add one first, for example with `reply`")
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        self.mock.0.lock().expectations.get_mut(self.index).map(change)
    }
}

impl<O: Operation> Expectation<'_, O> {
    /// Restricts the expectation to calls with this value of a parameter. `name` is the name in the spec. Values are
    /// compared as JSON, so the type of `value` may differ from the type of the parameter. For other conditions, see
    /// [`when`](Self::when).
    ///
    /// # Panics
    ///
    /// The operation has no parameter with this name, or the value cannot be encoded.
    #[track_caller]
    pub fn parameter(self, name: &str, value: impl Serialize) -> Self {
        let Some(index) = O::INFO.parameters.iter().position(|info| info.name == name) else {
            fail(&no_parameter(O::INFO, name))
        };
        match WireValue::of(&value) {
            Ok(value) => self.change(|entry| entry.conditions.push(Condition::Parameter { index, value })),
            Err(error) => fail(&format!("the value of `{name}` cannot be encoded: {error}")),
        };
        self
    }

    /// Adds a successful response with this value: the first successful response in the spec that matches the value
    /// determines the status and media type. A response without a body is created for `()` and, if the spec allows a
    /// response without a body, for `None`.
    ///
    /// # Panics
    ///
    /// The value cannot be encoded.
    #[track_caller]
    pub fn reply(self, value: O::Output) -> Self
    where
        O::Output: Serialize,
    {
        self.reply_with_result(response::success(O::INFO, &value))
    }

    /// Adds a successful response with the value that `make` returns for each call.
    pub fn reply_with(self, make: impl Fn(&RecordedCall<O>) -> O::Output + Send + Sync + 'static) -> Self
    where
        O::Output: Serialize,
    {
        self.queue(Reply::made(move |request| {
            let value = make(&RecordedCall::of(request));
            response::success(O::INFO, &value).unwrap_or_else(|message| fail(&message))
        }))
    }
}

impl<O> std::fmt::Debug for Expectation<'_, O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Expectation").field("of", &self.target.to_string()).finish_non_exhaustive()
    }
}

/// Returns the message for an unknown parameter name.
pub(super) fn no_parameter(info: &crate::runtime::operation::OperationInfo, name: &str) -> String {
    let known: Vec<_> = info.parameters.iter().map(|info| info.name).collect();
    format!("{} has no parameter `{name}`; it has: {}", info.id, known.join(", "))
}
