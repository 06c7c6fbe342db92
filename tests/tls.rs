//! Tests of TLS between the generated clients and servers on loopback: trusted certificates, client certificates,
//! failing handshakes, alerts, and proxies.
//!
//! The servers count connections, handshakes and requests. So a test can check that the error is correct, e.g. that no
//! request arrived if `Error::may_have_been_sent` returns `false`.

mod alert_server;
mod alerts;
mod certificate_replacement;
mod child_process;
mod client_certificates;
mod handshakes;
mod http2;
mod outcome;
mod proxy;
mod server;
mod trust;
