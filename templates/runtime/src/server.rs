//! Where requests go: a server of the spec, or the base URL that the caller gives.
//!
//! In: the spec's servers and the builder's choice. Out: a base to which paths are appended, without a double slash and
//! without losing a path prefix.
//!
//! As OpenAPI has it, the servers of an operation come before those of its path, and these before those of the API. The
//! caller comes before all of them: a base URL is where every request goes, as to a test server or a gateway, unless the
//! call itself names one of its operation's servers.

use std::borrow::Cow;
use std::fmt;

use http::Uri;
use http::uri::{Authority, Parts, PathAndQuery, Scheme};
use url::{Host, ParseError, Url};

use super::api::{ApiInfo, ServerInfo};
use super::loopback::is_loopback;
use super::server_variables::{fill, is_absolute, relative};

/// What the builder was told about the server.
#[derive(Debug, Clone, Default)]
pub struct ServerChoice {
    /// The whole base URL, in the place of the spec's.
    pub base_url: Option<String>,
    /// Which server of the spec.
    pub server: Which,
    /// Values of variables.
    pub variables: Vec<(String, String)>,
}

/// A server of the spec.
#[derive(Debug, Clone)]
pub enum Which {
    /// By its place in the spec, counted from 0.
    Index(usize),
    /// By its name.
    Name(String),
}

impl Default for Which {
    fn default() -> Self {
        Self::Index(0)
    }
}

/// Why there is no server to send to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The spec names no server.
    #[error("the spec names no server: call `base_url()`")]
    NoServer,
    /// The spec has fewer servers.
    #[error("there is no server {index}: the spec has {count}, counted from 0")]
    NoSuchServer {
        /// The index asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// No server of the spec, or more than one, has this name.
    #[error("`{name}` is the name of no server, or of several: choose one of {known}")]
    NoSuchName {
        /// The name asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The spec's server URL has no host.
    #[error("the server URL of the spec is relative (`{url}`): call `base_url()` with the whole URL, path included")]
    Relative {
        /// The URL.
        url: String,
    },
    /// A variable without a usable default is not set.
    #[error(
        "the server `{url}` needs a value for `{name}`: call the builder method of that name, or \
         `server_variable(\"{name}\", …)`, or `base_url()`"
    )]
    MissingVariable {
        /// The URL of the spec.
        url: String,
        /// The variable.
        name: String,
    },
    /// A variable has a value that the spec does not allow.
    #[error("`{value}` is not allowed for the server variable `{name}`: the spec allows {allowed}")]
    NotAllowed {
        /// The variable.
        name: String,
        /// Its value.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// The chosen server has no such variable.
    #[error("the server `{url}` has no variable `{name}`: {known}")]
    NoSuchVariable {
        /// The URL of the spec.
        url: String,
        /// The variable.
        name: String,
        /// What it has.
        known: String,
    },
    /// The URL cannot be used.
    #[error("the server URL {message}")]
    Url {
        /// What is wrong; the URL is left out where it may hold a password.
        message: String,
    },
}

/// The servers of a client.
pub struct Servers {
    /// The base of all operations that have no servers of their own; there is none where all have.
    base: Option<BaseUrl>,
    /// Whether the caller has given it, for all operations.
    given: bool,
    variables: Vec<(String, String)>,
    is_https: bool,
}

impl Servers {
    /// The servers that the builder's choice leads to.
    pub fn new(api: &ApiInfo, choice: ServerChoice) -> Result<Self, ServerError> {
        let ServerChoice { base_url, server, variables } = choice;
        let given = base_url.is_some();
        let base = match base_url {
            Some(url) => Some(BaseUrl::parse(&url)?),
            None if api.servers.is_empty() && !api.operation_servers.is_empty() => {
                check_names(&variables, api.operation_servers)?;
                None
            }
            None => {
                let server = find(api.servers, &server)?;
                check_names(&variables, std::iter::once(server).chain(api.operation_servers))?;
                let url = fill(server, &variables)?;
                if !is_absolute(&url) {
                    return Err(relative(server, &variables, url));
                }
                Some(BaseUrl::parse(&url)?)
            }
        };
        let is_plain = |server: &ServerInfo| {
            let url = fill(server, &variables).unwrap_or_else(|_| server.url.to_owned());
            url.starts_with("http://") || !is_absolute(&url)
        };
        let is_https = base.as_ref().is_some_and(BaseUrl::is_https) || !api.operation_servers.iter().all(is_plain);
        Ok(Self { base, given, variables, is_https })
    }

    /// The base of an operation with these servers of its own, of which the call may choose one; `host_prefix` is what
    /// the name of its host begins with.
    pub fn base(
        &self,
        own: &[ServerInfo],
        chosen: Option<usize>,
        host_prefix: Option<&str>,
    ) -> Result<Cow<'_, BaseUrl>, ServerError> {
        let server = match (own.first(), chosen) {
            (_, Some(index)) => Some(find(own, &Which::Index(index))?),
            (Some(first), None) if !self.given => Some(first),
            _ => None,
        };
        let base = match server {
            Some(server) => Cow::Owned(self.resolve(server)?),
            None => Cow::Borrowed(self.base.as_ref().ok_or(ServerError::NoServer)?),
        };
        match host_prefix {
            Some(prefix) => base.with_host_prefix(prefix).map(Cow::Owned),
            None => Ok(base),
        }
    }

    /// Whether the caller has given the base URL, which then is that of all operations.
    pub fn is_given(&self) -> bool {
        self.given
    }

    /// The base, where what is sent to it can be read on the way.
    pub fn insecure_base(&self) -> Option<&BaseUrl> {
        self.base.as_ref().filter(|base| !base.is_confidential())
    }

    /// Whether any request can go through TLS.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The base of an operation's own server. A relative one is resolved against the base of the API.
    fn resolve(&self, server: &ServerInfo) -> Result<BaseUrl, ServerError> {
        let url = fill(server, &self.variables)?;
        if is_absolute(&url) {
            return BaseUrl::parse(&url);
        }
        let base = self.base.as_ref().ok_or_else(|| relative(server, &self.variables, url.clone()))?;
        let message = |reason| ServerError::Url { message: format!("cannot be used: {reason}") };
        BaseUrl::parse(base.resolve(&url).map_err(message)?.as_str())
    }
}

/// Shows the base.
impl fmt::Debug for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.base {
            Some(base) => write!(f, "{base}"),
            None => f.write_str("that of each operation"),
        }
    }
}

/// A base to which paths are appended.
#[derive(Debug, Clone)]
pub struct BaseUrl {
    url: Url,
    scheme: Scheme,
    authority: Authority,
    /// The path, without a slash at its end.
    path: String,
}

impl BaseUrl {
    /// Reads a base: an absolute `http` or `https` URL without user name, password, query and fragment.
    pub(super) fn parse(text: &str) -> Result<Self, ServerError> {
        let error = |message: String| ServerError::Url { message };
        let url = Url::parse(text.trim()).map_err(|reason| match reason {
            ParseError::RelativeUrlWithoutBase => error("is no whole URL: begin it with `https://`".to_owned()),
            reason => error(format!("cannot be used: {reason}")),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(error(format!("has the scheme `{}`, not `http` or `https`", url.scheme())));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(error("holds a user name or password: give credentials to the builder".to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(error("has a query or fragment, which a base cannot have".to_owned()));
        }
        Self::of(url)
    }

    fn of(url: Url) -> Result<Self, ServerError> {
        let unusable = |reason: &dyn fmt::Display| ServerError::Url { message: format!("cannot be used: {reason}") };
        let scheme = Scheme::try_from(url.scheme()).map_err(|reason| unusable(&reason))?;
        let authority = &url[url::Position::BeforeHost..url::Position::BeforePath];
        let authority = Authority::try_from(authority).map_err(|reason| unusable(&reason))?;
        let path = url.path().trim_end_matches('/').to_owned();
        Ok(Self { url, scheme, authority, path })
    }

    /// The same base on the host with this prefix, unless it has the prefix already or is an IP address.
    fn with_host_prefix(&self, prefix: &str) -> Result<Self, ServerError> {
        match self.url.host() {
            Some(Host::Domain(domain)) if !domain.starts_with(prefix) => {
                let mut url = self.url.clone();
                let host = format!("{prefix}{domain}");
                url.set_host(Some(&host))
                    .map_err(|reason| ServerError::Url { message: format!("has no host `{host}`: {reason}") })?;
                Self::of(url)
            }
            _ => Ok(self.clone()),
        }
    }

    /// Whether the base is reached through TLS.
    fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether nobody on the way can read what is sent: it goes through TLS, or stays on this machine.
    pub fn is_confidential(&self) -> bool {
        self.is_https() || is_loopback(&self.url)
    }

    /// Whether it is scheme and host alone, without port and path.
    pub(super) fn is_bare(&self) -> bool {
        self.path.is_empty() && self.url.port().is_none()
    }

    /// The path of the base with this one behind it, which starts with a slash.
    pub fn join(&self, path: &str) -> String {
        // With room for a query.
        let mut joined = String::with_capacity(self.path.len() + path.len() + 128);
        joined.push_str(&self.path);
        joined.push_str(path);
        joined
    }

    /// The URL of a relative reference, which stands behind the base as paths do.
    pub fn resolve(&self, reference: &str) -> Result<Url, ParseError> {
        Url::parse(&format!("{self}/"))?.join(reference)
    }

    /// The URI of a path, with its query, on the server of the base.
    pub fn uri(&self, path_and_query: String) -> Result<Uri, http::Error> {
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::try_from(path_and_query)?);
        Ok(Uri::from_parts(parts)?)
    }
}

/// Shows the whole URL.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

/// The server that is meant.
fn find<'a>(servers: &'a [ServerInfo], which: &Which) -> Result<&'a ServerInfo, ServerError> {
    match which {
        _ if servers.is_empty() => Err(ServerError::NoServer),
        Which::Index(index) => {
            servers.get(*index).ok_or(ServerError::NoSuchServer { index: *index, count: servers.len() })
        }
        Which::Name(name) => {
            let mut called = servers.iter().filter(|server| server.name == Some(name.as_str()));
            match (called.next(), called.next()) {
                (Some(server), None) => Ok(server),
                // To take the first of several could be to take production for a test.
                _ => Err(ServerError::NoSuchName { name: name.clone(), known: listed(servers) }),
            }
        }
    }
}

/// All servers: "0 `Production` (`https://one.example`), 1 (`https://two.example`)".
fn listed(servers: &[ServerInfo]) -> String {
    let one = |(index, server): (usize, &ServerInfo)| match server.name {
        Some(name) => format!("{index} `{name}` (`{}`)", server.url),
        None => format!("{index} (`{}`)", server.url),
    };
    servers.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
}

/// Whether each variable that was set is one of these servers'.
fn check_names<'a>(
    values: &[(String, String)],
    servers: impl IntoIterator<Item = &'a ServerInfo> + Clone,
) -> Result<(), ServerError> {
    let mut variables = values.iter().map(|(name, _)| name);
    let is_known = |name: &str| {
        servers.clone().into_iter().any(|server| server.variables.iter().any(|variable| variable.name == name))
    };
    match variables.find(|name| !is_known(name)) {
        Some(name) => {
            let url = servers.clone().into_iter().next().map_or_else(String::new, |server| server.url.to_owned());
            let known = servers.into_iter().flat_map(|server| server.variables);
            let known: Vec<_> = known.map(|variable| format!("`{}`", variable.name)).collect();
            let known =
                if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
            Err(ServerError::NoSuchVariable { url, name: name.clone(), known })
        }
        None => Ok(()),
    }
}
