//! Tests of the requests and responses of the generated clients. Each operation of the three APIs is called on an HTTP
//! server on loopback, and its requests and responses are compared with the spec.
//!
//! `exchange` calls an operation with each example and response in its spec. The test of an operation also specifies
//! the expected request explicitly. `coverage` checks that each operation has such a test.

mod addresses;
pub(crate) mod authority;
mod client_certificate;
mod coverage;
mod credentials;
mod exchange;
mod iot;
mod keyfactor;
mod mpki;
mod requests;
mod secrets;
pub(crate) mod sent;
pub(crate) mod server;
mod spec;
mod time;
mod values;
pub(crate) mod vendor;
