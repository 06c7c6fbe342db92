//! The three APIs for generic tests: for each, its spec, a client with a credential, and the JSON of typed errors.

use std::fmt::Debug;

use bytes::Bytes;
use pki_clients::runtime::{ClientBuilder, Service};
use pki_clients::{digicert_iot, digicert_mpki, keyfactor_command};
use serde::Serialize;
use serde_json::Value;

/// The API key of the tests.
pub const API_KEY: &str = "01_api-key+of/the=tests";

/// The user name of the tests, in an Active Directory domain.
pub const USERNAME: &str = r"KEYEXAMPLE\jsmith";

/// The password of the tests.
pub const PASSWORD: &str = "pa:ss wörd";

/// An API.
pub trait Vendor: Service + 'static {
    /// The type of the documented error bodies.
    type ErrorBody: Debug + Send + Sync + 'static;

    /// The file of the spec.
    const SPEC: &'static str;

    /// The name and value of the header that contains the credential of the tests.
    const CREDENTIAL: (&'static str, &'static str);

    /// Secrets that must not appear in any error message.
    const SECRETS: &'static [&'static str];

    /// Returns a client builder with the credential of the tests.
    fn authenticated() -> ClientBuilder<Self>;

    /// Returns a typed error body as JSON, or `Err` with the bytes of a raw error body.
    fn as_documented(body: &Self::ErrorBody) -> Result<Value, Bytes>;

    /// Creates a client of the server at this URL.
    fn at(url: &str) -> Self {
        Self::authenticated().base_url(url).build().unwrap()
    }
}

fn encoded(body: &impl Serialize) -> Result<Value, Bytes> {
    Ok(serde_json::to_value(body).unwrap())
}

impl Vendor for digicert_iot::Client {
    type ErrorBody = digicert_iot::ErrorBody;

    const SPEC: &'static str = "digicert-iot.yaml";
    const CREDENTIAL: (&'static str, &'static str) = ("x-api-key", API_KEY);
    const SECRETS: &'static [&'static str] = &[API_KEY];

    fn authenticated() -> ClientBuilder<Self> {
        Self::builder().no_proxy().api_key(API_KEY)
    }

    fn as_documented(body: &Self::ErrorBody) -> Result<Value, Bytes> {
        match body {
            digicert_iot::ErrorBody::ErrorList(body) => encoded(body),
            digicert_iot::ErrorBody::Raw(bytes) => Err(bytes.clone()),
            other => panic!("unexpected: {other:?}"),
        }
    }
}

impl Vendor for digicert_mpki::Client {
    type ErrorBody = digicert_mpki::ErrorBody;

    const SPEC: &'static str = "digicert-mpki.yaml";
    const CREDENTIAL: (&'static str, &'static str) = ("x-api-key", API_KEY);
    const SECRETS: &'static [&'static str] = &[API_KEY];

    fn authenticated() -> ClientBuilder<Self> {
        Self::builder().no_proxy().api_key(API_KEY)
    }

    fn as_documented(body: &Self::ErrorBody) -> Result<Value, Bytes> {
        match body {
            // Reject `Unknown`, which would equal the example although no documented type matches the example.
            digicert_mpki::ErrorBody::ErrorEnvelope(digicert_mpki::models::ErrorEnvelope::Unknown(value)) => {
                panic!("the value has no documented type: {value:?}")
            }
            digicert_mpki::ErrorBody::ServiceDown(digicert_mpki::models::ServiceDown::Unknown(value)) => {
                panic!("the value is not documented: {value:?}")
            }
            digicert_mpki::ErrorBody::ErrorEnvelope(body) => encoded(body),
            digicert_mpki::ErrorBody::ServiceDown(body) => encoded(body),
            digicert_mpki::ErrorBody::Raw(bytes) => Err(bytes.clone()),
            other => panic!("unexpected: {other:?}"),
        }
    }
}

impl Vendor for keyfactor_command::Client {
    type ErrorBody = keyfactor_command::ErrorBody;

    const SPEC: &'static str = "keyfactor-command.yaml";
    // The Base64 encoding of `KEYEXAMPLE\jsmith:pa:ss wörd` in UTF-8.
    const CREDENTIAL: (&'static str, &'static str) =
        ("authorization", "Basic S0VZRVhBTVBMRVxqc21pdGg6cGE6c3Mgd8O2cmQ=");
    const SECRETS: &'static [&'static str] = &[PASSWORD, "S0VZRVhBTVBMRVxqc21pdGg6cGE6c3Mgd8O2cmQ="];

    fn authenticated() -> ClientBuilder<Self> {
        Self::builder().no_proxy().basic_auth(USERNAME, PASSWORD)
    }

    fn as_documented(body: &Self::ErrorBody) -> Result<Value, Bytes> {
        match body {
            keyfactor_command::ErrorBody::Raw(bytes) => Err(bytes.clone()),
            other => panic!("unexpected: {other:?}"),
        }
    }
}
