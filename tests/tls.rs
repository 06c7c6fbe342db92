//! TLS between the generated clients and servers on loopback: who trusts whom, what goes wrong before a request is sent,
//! what that means for the request, and the way there through proxies.
//!
//! A server counts what arrives at each level: connections, handshakes, requests. So a test says not only what its caller
//! was told, but that it is true: where nothing "may have been sent", nothing arrived.

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
