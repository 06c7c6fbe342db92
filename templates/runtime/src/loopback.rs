//! Whether a URL leads to this machine: what is sent there crosses no network.

use url::{Host, Url};

/// Whether the host of a URL is an IP loopback address or exactly `localhost`. Names below `localhost` do not count:
/// nothing keeps a resolver from giving them any address.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
