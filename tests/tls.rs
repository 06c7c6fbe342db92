//! TLS between the generated clients and servers on loopback: trust, failures before a request is sent and what they
//! mean for the request, and proxies.
//!
//! A server counts connections, handshakes and requests. So a test checks not only what the caller was told, but also
//! that it is true: if nothing "may have been sent", nothing arrived.

#[path = "tls/again.rs"]
mod again;
#[path = "tls/alerting.rs"]
mod alerting;
#[path = "tls/alerts.rs"]
mod alerts;
#[path = "wire/authority.rs"]
mod authority;
#[path = "tls/client_certificates.rs"]
mod client_certificates;
#[path = "tls/handshakes.rs"]
mod handshakes;
#[path = "tls/http2.rs"]
mod http2;
#[path = "tls/outcome.rs"]
mod outcome;
#[path = "tls/proxy.rs"]
mod proxy;
#[path = "tls/replaced.rs"]
mod replaced;
#[path = "tls/server.rs"]
mod server;
#[path = "tls/trust.rs"]
mod trust;
