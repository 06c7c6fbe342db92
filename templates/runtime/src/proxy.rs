//! Proxy configuration, from the builder or the environment.
//!
//! [`ProxyRules`] select the proxy for each URL. The URL of a proxy may contain a password, so it is never shown.
//! Requests to this machine ([`is_loopback`]) never use a proxy.

use std::ffi::OsString;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use super::loopback::is_loopback;
use super::secret::Secret;

/// The proxy setting of a client.
#[derive(Debug, Clone, Default)]
pub enum Proxy {
    /// The proxies set in environment variables, e.g. `HTTPS_PROXY`.
    #[default]
    Environment,
    /// No proxy, regardless of the environment.
    None,
    /// The proxy with this URL, for all requests.
    Url(Secret),
}

/// A proxy configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The URL given to the builder cannot be used.
    #[error("the URL given to `proxy()` cannot be used")]
    Setting(#[source] UnusableProxy),
    /// The value of an environment variable cannot be used.
    #[error("the proxy in the environment variable `{variable}` cannot be used (to ignore it, call `no_proxy()`)")]
    Variable {
        /// The name of the variable.
        variable: &'static str,
        /// The reason.
        source: UnusableProxy,
    },
}

/// The reason why a proxy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UnusableProxy {
    /// The value is not a URL.
    #[error("the URL is malformed")]
    Url(#[source] url::ParseError),
    /// The value is not UTF-8.
    #[error("the value is not UTF-8")]
    NotUtf8,
    /// The scheme of the URL is not supported.
    #[error("the scheme is not `http`, `https`, `socks5` or `socks5h`")]
    Scheme,
    /// The URL has no host.
    #[error("the URL has no host")]
    NoHost,
    /// The URL contains characters that must be percent-encoded.
    #[error("the URL contains characters that must be percent-encoded")]
    Characters,
}

/// The environment variables for the proxy for `http` URLs; the first non-empty one is used.
const FOR_HTTP: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The environment variables for the proxy for `https` URLs; the first non-empty one is used.
const FOR_HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The environment variables for hosts that are reached without a proxy; the first non-empty one is used.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The environment variable that identifies a CGI program (RFC 3875, section 4.1.12). For such a program, `HTTP_PROXY`
/// is ignored, because it contains the header `Proxy` of the incoming request.
const CGI: &str = "REQUEST_METHOD";

/// The rules that select the proxy for each URL.
#[derive(Debug, Default)]
pub struct ProxyRules {
    /// The proxies; `None` if there is no proxy.
    matcher: Option<Matcher>,
    is_reached_by_tls: bool,
}

impl ProxyRules {
    /// Creates the rules from a setting; `variable` returns the value of an environment variable.
    ///
    /// # Errors
    ///
    /// The URL of a proxy is invalid. There is no fallback to a direct connection, since the proxy may have been
    /// configured to prevent direct connections.
    pub fn new(proxy: &Proxy, variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, ProxyError> {
        match proxy {
            Proxy::None => Ok(Self::default()),
            Proxy::Url(url) => {
                let url = checked(url.expose()).map_err(ProxyError::Setting)?;
                Ok(Self { is_reached_by_tls: is_https(&url), matcher: Some(Matcher::builder().all(url).build()) })
            }
            Proxy::Environment => Self::of_environment(variable),
        }
    }

    fn of_environment(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, ProxyError> {
        let is_cgi = variable(CGI).is_some();
        let named = |names: [&'static str; 4]| {
            let names = names.into_iter().filter(|name| !(is_cgi && *name == "HTTP_PROXY"));
            let mut set = names.filter_map(|name| Some((name, variable(name).filter(|value| !value.is_empty())?)));
            let Some((name, value)) = set.next() else { return Ok(None) };
            let url = value.to_str().ok_or(UnusableProxy::NotUtf8).and_then(checked);
            url.map(Some).map_err(|source| ProxyError::Variable { variable: name, source })
        };
        let (http, https) = (named(FOR_HTTP)?, named(FOR_HTTPS)?);
        if http.is_none() && https.is_none() {
            return Ok(Self::default());
        }
        let mut exceptions = EXCEPTIONS.into_iter().filter_map(|name| Some((name, variable(name)?)));
        let exceptions = match exceptions.find(|(_, value)| !value.is_empty()) {
            Some((name, value)) => value
                .into_string()
                .map_err(|_| ProxyError::Variable { variable: name, source: UnusableProxy::NotUtf8 })?,
            None => String::new(),
        };
        let is_reached_by_tls = [&http, &https].into_iter().flatten().any(|url| is_https(url));
        let matcher = Matcher::builder().http(http.unwrap_or_default()).https(https.unwrap_or_default()).no(exceptions);
        Ok(Self { matcher: Some(matcher.build()), is_reached_by_tls })
    }

    /// Returns whether the URL of any of the proxies has the scheme `https`, so that connections to this proxy use TLS.
    pub fn is_reached_by_tls(&self) -> bool {
        self.is_reached_by_tls
    }

    /// Returns the proxy for a URL, or `None` for a direct connection.
    pub fn intercept(&self, uri: &Uri) -> Option<Intercept> {
        let intercept = self.matcher.as_ref()?.intercept(uri)?;
        // Requests to this machine must not reach a proxy on another machine.
        let url = Url::parse(&format!("{}://{}", uri.scheme_str()?, uri.authority()?));
        if url.is_ok_and(|url| is_loopback(&url)) { None } else { Some(intercept) }
    }

    /// Returns the value of `Proxy-Authorization` for a request to an `http` URL, which the proxy forwards without a
    /// tunnel.
    pub fn credentials_of_forwarding_proxy(&self, uri: &Uri) -> Option<HeaderValue> {
        self.intercept(uri)?.basic_auth().cloned()
    }
}

fn is_https(checked: &str) -> bool {
    checked.starts_with("https://")
}

/// Checks the URL of a proxy and returns it with a lowercase scheme; the default scheme is `http`.
fn checked(url: &str) -> Result<String, UnusableProxy> {
    let (scheme, rest) = url.trim().split_once("://").unwrap_or(("http", url.trim()));
    let full_url = format!("{}://{rest}", scheme.to_ascii_lowercase());
    let parsed = Url::parse(&full_url).map_err(UnusableProxy::Url)?;
    if !matches!(parsed.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(UnusableProxy::Scheme);
    }
    if parsed.host_str().is_none_or(str::is_empty) {
        return Err(UnusableProxy::NoHost);
    }
    // `Matcher` silently ignores a proxy that it cannot parse.
    let matcher = Matcher::builder().all(full_url.clone()).build();
    let is_usable = matcher.intercept(&Uri::from_static("https://host.invalid")).is_some();
    if is_usable { Ok(full_url) } else { Err(UnusableProxy::Characters) }
}
