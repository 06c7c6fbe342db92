//! Detects URLs of the local machine. Requests to these URLs never cross a network.

use url::{Host, Url};

/// Returns whether the host of a URL is a loopback IP address (`127.0.0.0/8` or `::1`) or exactly `localhost`.
///
/// Other names, including `evil.localhost`, may resolve to any address (RFC 6761, section 6.3, only recommends that
/// resolvers treat them as loopback).
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
