//! TLS between the generated clients and servers on loopback: trust, failures before a request is sent and what they
//! mean for the request, and proxies.
//!
//! A server counts connections, handshakes and requests. So a test checks not only what the caller was told, but also
//! that it is true: if nothing "may have been sent", nothing arrived.

mod again;
mod alerting;
mod alerts;
mod client_certificates;
mod handshakes;
mod http2;
mod outcome;
mod proxy;
mod replaced;
mod server;
mod trust;
