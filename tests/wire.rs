//! The generated clients on the wire: each operation of the three APIs against a real HTTP server on loopback, checked
//! against the specs themselves.
//!
//! `exchange` runs an operation through every example and response in its spec; the test of an operation also
//! specifies, in literals, what must be on the wire. `coverage` checks that each operation has such a test.

#[path = "wire/addresses.rs"]
mod addresses;
#[path = "wire/authority.rs"]
mod authority;
#[path = "wire/client_certificate.rs"]
mod client_certificate;
#[path = "wire/coverage.rs"]
mod coverage;
#[path = "wire/credentials.rs"]
mod credentials;
#[path = "wire/documented.rs"]
mod documented;
#[path = "wire/exchange.rs"]
mod exchange;
#[path = "wire/iot.rs"]
mod iot;
#[path = "wire/keyfactor.rs"]
mod keyfactor;
#[path = "wire/mpki.rs"]
mod mpki;
#[path = "wire/requests.rs"]
mod requests;
#[path = "wire/secrets.rs"]
mod secrets;
#[path = "wire/sent.rs"]
mod sent;
#[path = "wire/server.rs"]
mod server;
#[path = "wire/time.rs"]
mod time;
#[path = "wire/values.rs"]
mod values;
#[path = "wire/vendor.rs"]
mod vendor;
