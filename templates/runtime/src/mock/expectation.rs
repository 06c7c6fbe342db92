//! What a test says of the calls that it expects.
//!
//! In: conditions and answers, one method each. Out: an entry of the mock's state, complete from the first call on.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use http::header::{HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;

use super::answer::{self, Answer, Fault};
use super::record::RecordedCall;
use super::state::{Condition, Entry, Queued, Target};
use super::{Mock, fail};
use crate::runtime::body::Body;
use crate::runtime::operation::Operation;
use crate::runtime::wire_value::WireValue;

/// Which calls are expected, and what answers them. The [module](super) has the rules.
pub struct Expectation<'a, O> {
    mock: &'a Mock,
    index: usize,
    target: Target,
    call: PhantomData<fn() -> O>,
}

/// What stands for the operation of requests that are expected by method and path.
#[derive(Debug)]
pub enum RawCall {}

impl<'a, O: 'static> Expectation<'a, O> {
    pub(super) fn new(mock: &'a Mock, target: Target, at: &'static Location<'static>) -> Self {
        let mut state = mock.0.lock();
        let index = state.expectations.len();
        state.expectations.push(Entry::new(target.clone(), at));
        Self { mock, index, target, call: PhantomData }
    }

    /// Answers only calls that this holds for.
    #[track_caller]
    pub fn when(self, holds: impl Fn(&RecordedCall<O>) -> bool + Send + Sync + 'static) -> Self {
        let holds = Arc::new(move |request: &_| holds(&RecordedCall::of(request)));
        let condition = Condition::Holds { holds, at: Location::caller() };
        self.change(|entry| entry.conditions.push(condition));
        self
    }

    /// Answers with this status and this value as JSON, as with a documented body of an error.
    ///
    /// # Panics
    ///
    /// The value cannot be encoded.
    #[track_caller]
    pub fn reply_status<T: Serialize + ?Sized>(self, status: StatusCode, body: &T) -> Self {
        self.answered(answer::json(status, body))
    }

    /// Answers with this response, as it is. Its body is anything that makes a [`Body`]: a text, bytes, a file, a
    /// stream.
    pub fn reply_raw(self, response: Response<impl Into<Body>>) -> Self {
        self.queue(Answer::response(response.map(Into::into)))
    }

    /// Answers with the response that this makes of the call.
    pub fn reply_raw_with(self, make: impl Fn(&RecordedCall<O>) -> Response<Body> + Send + Sync + 'static) -> Self {
        self.queue(Answer::made(move |request| make(&RecordedCall::of(request))))
    }

    /// Gives no answer, or a half one.
    pub fn fault(self, fault: Fault) -> Self {
        self.queue(Answer::fault(fault))
    }

    /// Sets a header of the answer added last. Of one name several may be set.
    ///
    /// # Panics
    ///
    /// No answer was added yet, or HTTP does not allow the name or the value.
    #[track_caller]
    pub fn header(self, name: &str, value: &str) -> Self {
        let (Ok(header), Ok(text)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) else {
            fail(&format!("HTTP does not allow the header `{}`", name.escape_debug()))
        };
        self.change_last(|last| {
            last.answer.headers.append(header, text);
        });
        self
    }

    /// Gives the answer added last this many times. Each of them must be asked for.
    ///
    /// # Panics
    ///
    /// No answer was added yet.
    #[track_caller]
    pub fn times(self, times: usize) -> Self {
        self.change_last(|last| last.left = Some(times));
        self
    }

    /// Gives the answer added last any number of times, none included. Nothing can come after it.
    ///
    /// # Panics
    ///
    /// No answer was added yet.
    #[track_caller]
    pub fn always(self) {
        self.change_last(|last| last.left = None);
    }

    #[track_caller]
    fn answered(self, response: Result<Response<Body>, String>) -> Self {
        match response {
            Ok(response) => self.queue(Answer::response(response)),
            Err(message) => fail(&message),
        }
    }

    fn queue(self, answer: Answer) -> Self {
        self.change(|entry| entry.answers.push_back(Queued { answer, left: Some(1) }));
        self
    }

    #[track_caller]
    fn change_last(&self, change: impl FnOnce(&mut Queued)) {
        let changed = self.change(|entry| entry.answers.back_mut().map(change));
        if changed.flatten().is_none() {
            fail("no answer was added yet that this could be said of");
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        self.mock.0.lock().expectations.get_mut(self.index).map(change)
    }
}

impl<O: Operation> Expectation<'_, O> {
    /// Answers only calls whose parameter has this value: `name` is that of the spec, and the value is anything that
    /// is the same as JSON. To ask for more than equality, see [`when`](Self::when).
    ///
    /// # Panics
    ///
    /// The operation has no parameter of that name, or the value cannot be encoded.
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

    /// Answers with this value, in the form of the first success that the spec documents. `()` makes an answer without a
    /// body, and so does `None` where that is documented.
    ///
    /// # Panics
    ///
    /// The value cannot be encoded.
    #[track_caller]
    pub fn reply(self, value: O::Output) -> Self
    where
        O::Output: Serialize,
    {
        self.answered(answer::success(O::INFO, &value))
    }

    /// Answers with the value that this makes of the call.
    pub fn reply_with(self, make: impl Fn(&RecordedCall<O>) -> O::Output + Send + Sync + 'static) -> Self
    where
        O::Output: Serialize,
    {
        self.queue(Answer::made(move |request| {
            let value = make(&RecordedCall::of(request));
            answer::success(O::INFO, &value).unwrap_or_else(|message| fail(&message))
        }))
    }
}

impl<O> std::fmt::Debug for Expectation<'_, O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Expectation").field("of", &self.target.to_string()).finish_non_exhaustive()
    }
}

/// What to say of a parameter that the spec does not have.
pub(super) fn no_parameter(info: &crate::runtime::operation::OperationInfo, name: &str) -> String {
    let known: Vec<_> = info.parameters.iter().map(|info| info.name).collect();
    format!("{} has no parameter `{name}`; it has: {}", info.id, known.join(", "))
}
