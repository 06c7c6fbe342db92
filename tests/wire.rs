//! The generated clients on the wire: each operation of the three APIs against a real HTTP server on loopback, checked
//! against the specs themselves.
//!
//! `exchange` runs an operation through every example and response in its spec; the test of an operation also
//! specifies, in literals, what must be on the wire. `coverage` checks that each operation has such a test.

mod addresses;
pub(crate) mod authority;
mod client_certificate;
mod coverage;
mod credentials;
mod documented;
mod exchange;
mod iot;
mod keyfactor;
mod mpki;
mod requests;
mod secrets;
pub(crate) mod sent;
pub(crate) mod server;
mod time;
mod values;
pub(crate) mod vendor;
