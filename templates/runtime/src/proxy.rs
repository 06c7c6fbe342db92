//! The proxy that requests go through.
//!
//! In: what the builder was told. Out: what `reqwest` takes. The URL of a proxy may hold a password, so it is shown
//! nowhere.

use url::Url;

use super::secret::Secret;

/// Which proxy there is.
#[derive(Debug, Clone, Default)]
pub enum Proxy {
    /// That of the environment, if any.
    #[default]
    Environment,
    /// None, whatever the environment says.
    None,
    /// This one, for all requests.
    Url(Secret),
}

/// Why a proxy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The text is no URL.
    #[error("the URL is malformed")]
    Url(#[source] url::ParseError),
    /// The proxy is of a kind that is not supported.
    #[error("the scheme is none of `http`, `https`, `socks5` and `socks5h`")]
    Scheme,
    /// There is no host in the URL.
    #[error("the URL has no host")]
    NoHost,
    /// The proxy is refused by `reqwest`.
    #[error("it is refused")]
    Refused,
}

impl Proxy {
    /// Whether the proxy itself is, or may be, reached through TLS.
    pub fn is_reached_through_tls(&self) -> bool {
        let is_https = |url: &str| url.trim().get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
        match self {
            // Those that hold for plain HTTP, in the places where `reqwest` looks.
            Self::Environment => {
                let names = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
                names.iter().any(|name| std::env::var(name).is_ok_and(|url| is_https(&url)))
            }
            Self::None => false,
            Self::Url(url) => is_https(url.expose()),
        }
    }

    /// Tells `reqwest`.
    pub fn configure(&self, builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, ProxyError> {
        match self {
            Self::Environment => Ok(builder),
            Self::None => Ok(builder.no_proxy()),
            Self::Url(url) => {
                let url = checked(url)?;
                // Its words may quote the URL.
                Ok(builder.proxy(reqwest::Proxy::all(url.expose()).map_err(|_| ProxyError::Refused)?))
            }
        }
    }
}

/// The URL, with the scheme that it may have been given without.
fn checked(url: &Secret) -> Result<Secret, ProxyError> {
    let text = url.expose().trim();
    let whole = Secret::new(if text.contains("://") { text.to_owned() } else { format!("http://{text}") });
    let parsed = Url::parse(whole.expose()).map_err(ProxyError::Url)?;
    if !matches!(parsed.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(ProxyError::Scheme);
    }
    if parsed.host_str().is_none_or(str::is_empty) { Err(ProxyError::NoHost) } else { Ok(whole) }
}
