//! Calls an operation according to its spec: with each request example, with each successful response (which is decoded
//! and encoded again), and with each error.

use std::fmt::Debug;

use http::Method;
use pki_clients::runtime::{Error, ErrorKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use super::sent::Sent;
use super::server::{Response, Server};
use super::spec::{Documented, Operation, Spec};
use super::vendor::Vendor;

impl From<&Documented> for Response {
    fn from(documented: &Documented) -> Self {
        let response = Response::new(documented.status.as_u16());
        match documented.body {
            None => response,
            Some((media_type, example)) if media_type.starts_with("application/json") => {
                response.body(media_type, example.to_string())
            }
            Some((media_type, example)) => response.body(media_type, example.as_str().unwrap()),
        }
    }
}

/// Calls an operation without a JSON body, once for each documented response. Asserts that `expected` is sent. Returns
/// the decoded successful responses, in the order of the spec.
pub async fn exchange<V, T>(id: &str, expected: Sent, call: impl AsyncFn(V) -> Result<T, Error<V::ErrorBody>>) -> Vec<T>
where
    V: Vendor,
    T: Serialize + Debug,
{
    let operation = Spec::of(V::SPEC).operation(id);
    let values = successes(&operation, &expected, &call).await;
    errors(&operation, &expected, &call).await;
    values
}

/// Calls an operation with a JSON body, once for each documented request example and response. Asserts that `expected`,
/// with the body added, is sent. Returns the decoded successful responses.
pub async fn exchange_json<V, B, T>(
    id: &str,
    expected: Sent,
    call: impl AsyncFn(V, B) -> Result<T, Error<V::ErrorBody>>,
) -> Vec<T>
where
    V: Vendor,
    B: Serialize + DeserializeOwned + Clone,
    T: Serialize + Debug,
{
    let operation = Spec::of(V::SPEC).operation(id);
    let mut values = Vec::new();
    for (media_type, example) in operation.requests() {
        let body: B = serde_json::from_value(example.clone()).unwrap();
        assert_eq!(as_json(&body), as_json(example));
        let expected = expected.clone().json(media_type, example.clone());
        let call = async |client| call(client, body.clone()).await;
        values = successes(&operation, &expected, &call).await;
        errors(&operation, &expected, &call).await;
    }
    assert!(!values.is_empty(), "{id} documents no request");
    values
}

/// Returns the request body example with this index, decoded.
pub fn request<V: Vendor, B: DeserializeOwned>(id: &str, index: usize) -> B {
    let (_, example) = Spec::of(V::SPEC).operation(id).requests()[index];
    serde_json::from_value(example.clone()).unwrap()
}

/// Returns a value as JSON, for comparisons. Converts numbers to `f64`, so that 0 and 0.0 are equal as in JSON; `Value`
/// distinguishes them.
pub fn as_json(value: &impl Serialize) -> Value {
    fn unify(value: &mut Value) {
        match value {
            Value::Number(number) => *number = Number::from_f64(number.as_f64().unwrap()).unwrap(),
            Value::Array(items) => items.iter_mut().for_each(unify),
            Value::Object(properties) => properties.values_mut().for_each(unify),
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }
    let mut value = serde_json::to_value(value).unwrap();
    unify(&mut value);
    value
}

async fn successes<V, T>(
    operation: &Operation,
    expected: &Sent,
    call: &impl AsyncFn(V) -> Result<T, Error<V::ErrorBody>>,
) -> Vec<T>
where
    V: Vendor,
    T: Serialize + Debug,
{
    let mut values = Vec::new();
    for documented in operation.successes() {
        let server = Server::responding([(&documented).into()]).await;
        let value = call(V::at(&server.url())).await.unwrap();
        assert_eq!(&server.sent_once(), expected);
        assert_eq!(as_json(&value), as_json(documented.example()));
        values.push(value);
    }
    values
}

async fn errors<V, T>(operation: &Operation, expected: &Sent, call: &impl AsyncFn(V) -> Result<T, Error<V::ErrorBody>>)
where
    V: Vendor,
    T: Debug,
{
    for documented in operation.errors() {
        let server = Server::responding([(&documented).into()]).await;
        let error = call(V::at(&server.url())).await.unwrap_err();
        assert_eq!(&server.sent_once(), expected);
        check::<V>(&error, operation, &documented);
    }
}

fn check<V: Vendor>(error: &Error<V::ErrorBody>, operation: &Operation, documented: &Documented) {
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.status(), Some(documented.status));
    assert_eq!(error.operation(), operation.id());
    assert_eq!(error.method(), Method::from_bytes(operation.method.to_uppercase().as_bytes()).unwrap());
    assert_eq!(error.path(), operation.path);
    assert_eq!(error.attempts(), 1);
    assert!(error.may_have_been_sent() && !error.is_timeout() && !error.is_retryable());

    let body = V::as_documented(error.body().unwrap());
    match documented.body {
        Some((_, example)) => assert_eq!(body.as_ref(), Ok(example)),
        None => assert_eq!(body, Err(bytes::Bytes::new())),
    }

    let shown = error.to_string();
    let start = format!("{} ({} {}): {}", operation.id(), error.method(), operation.path, documented.status);
    assert!(shown.starts_with(&start), "{shown}");
    assert_eq!(shown.lines().count(), 1, "{shown}");
    let debug = format!("{error:?}");
    for secret in V::SECRETS {
        assert!(!shown.contains(secret) && !debug.contains(secret), "{shown}");
    }
    // The error shows the message in the example of the response body, whatever the type of the body.
    let message = documented.example().pointer("/error/message").or_else(|| documented.example().get("message"));
    if let Some(message) = message.and_then(Value::as_str) {
        assert!(shown.contains(message), "{shown}");
    }
}
