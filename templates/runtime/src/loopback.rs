//! Decides whether a URL addresses this machine itself, so that a request to it never crosses a network.

use url::{Host, Url};

/// Whether the host of a URL is an IP loopback address (`127.0.0.0/8` or `::1`) or exactly `localhost`.
///
/// Other names, `evil.localhost` included, may resolve to any address (RFC 6761, section 6.3 only recommends that
/// resolvers treat them as loopback).
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
