//! Determines the server of a request: a server of the spec, or a base URL set by the caller.
//!
//! As OpenAPI defines, the servers of an operation take precedence over the servers of its path, which take precedence
//! over the servers of the API. A base URL set by the caller, for example of a test server or a gateway, overrides all
//! servers of the spec. Only a call that explicitly selects a server of its operation does not use the base URL.
//!
//! The path of an operation is appended to the path of the base URL, without doubling slashes.

use std::borrow::Cow;
use std::fmt;

use http::Uri;
use http::uri::{Authority, Parts, PathAndQuery, Scheme};
#[cfg(feature = "certificate-hosts")]
use url::Host;
use url::{ParseError, Url};

use super::api::{ApiInfo, ServerInfo};
#[cfg(feature = "credentials")]
use super::loopback::is_loopback;
#[cfg(feature = "server-variables")]
use super::server_variables::{fill, relative};

/// The settings of the client builder that determine the server.
#[derive(Debug, Clone, Default)]
pub struct ServerChoice {
    /// The base URL, if set. It replaces the servers of the spec.
    pub base_url: Option<String>,
    /// The server of the spec to use if no base URL is set.
    pub server: Which,
    /// The values that the caller set for server variables, as pairs of name and value.
    #[cfg(feature = "server-variables")]
    pub variables: Vec<(String, String)>,
}

/// A selection of one of the servers in the spec.
#[derive(Debug, Clone)]
pub enum Which {
    /// The server with this index in the spec, starting at 0.
    Index(usize),
    /// The server with this name.
    Name(String),
}

impl Which {
    /// Parses the index or the name of a server.
    pub fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Name(text.to_owned()), Self::Index)
    }
}

impl Default for Which {
    fn default() -> Self {
        Self::Index(0)
    }
}

/// The reason why the server of a client or call cannot be determined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The spec has no server.
    #[error("the spec has no server: call `base_url()`")]
    NoServer,
    /// The caller selected a server by an index that is out of range.
    #[error("there is no server {index}: the spec has {count}, starting at index 0")]
    NoSuchServer {
        /// The requested index.
        index: usize,
        /// The number of servers in the spec.
        count: usize,
    },
    /// No server of the spec has this name, or several servers have it.
    #[error("the server name `{name}` is unknown or not unique: choose one of {known}")]
    NoSuchName {
        /// The requested name.
        name: String,
        /// A list of the servers in the spec, with index, name and URL.
        known: String,
    },
    /// The server URL of the spec is relative.
    #[error(
        "the server URL of the spec is relative (`{url}`): call `base_url()` with the complete URL, including the path"
    )]
    Relative {
        /// The relative URL.
        url: String,
    },
    /// A server variable without a default is not set.
    #[cfg(feature = "server-variables")]
    #[error(
        "the server `{url}` requires a value for `{name}`: call the builder method of that name, \
         `server_variable(\"{name}\", …)` or `base_url()`"
    )]
    MissingVariable {
        /// The server URL of the spec.
        url: String,
        /// The name of the variable.
        name: String,
    },
    /// The caller set a server variable to a value that the spec does not allow.
    #[cfg(feature = "server-variables")]
    #[error("`{value}` is not allowed for the server variable `{name}`: the spec allows {allowed}")]
    NotAllowed {
        /// The name of the variable.
        name: String,
        /// The value that is not allowed.
        value: String,
        /// The allowed values.
        allowed: String,
    },
    /// The caller set a variable that the selected server does not have.
    #[cfg(feature = "server-variables")]
    #[error("the server `{url}` has no variable `{name}`: {known}")]
    NoSuchVariable {
        /// The server URL of the spec.
        url: String,
        /// The name of the variable.
        name: String,
        /// The variables that may be set, as the end of the message: "it has …".
        known: String,
    },
    /// The URL of the server is invalid.
    #[error("the server URL {message}")]
    Url {
        /// The end of the message, after "the server URL". It does not quote the URL if the URL may contain a password.
        message: String,
    },
}

#[cfg(feature = "server-variables")]
impl ServerError {
    /// Creates an error for a value of a server variable that the spec does not allow, for generated code.
    #[doc(hidden)]
    pub fn not_allowed(name: &str, value: &str, allowed: &[&str]) -> Self {
        let allowed = allowed.iter().map(|allowed| format!("`{allowed}`")).collect::<Vec<_>>().join(", ");
        Self::NotAllowed { name: name.to_owned(), value: value.to_owned(), allowed }
    }
}

/// The base URL and the server variables of a client.
pub struct Servers {
    /// The base URL for all operations that have no servers of their own; `None` if the spec defines servers only for
    /// operations.
    base: Option<BaseUrl>,
    /// Whether the caller set the base URL, which then applies to all operations.
    given: bool,
    #[cfg(feature = "server-variables")]
    variables: Vec<(String, String)>,
    is_https: bool,
}

impl Servers {
    /// Determines the base URL from the settings of the builder, and checks the server variables.
    pub fn new(api: &ApiInfo, choice: ServerChoice) -> Result<Self, ServerError> {
        let given = choice.base_url.is_some();
        let mut servers = Self {
            base: None,
            given,
            #[cfg(feature = "server-variables")]
            variables: choice.variables,
            is_https: false,
        };
        servers.base = match choice.base_url {
            Some(url) => Some(BaseUrl::parse(&url)?),
            None if api.servers.is_empty() && !api.operation_servers.is_empty() => {
                #[cfg(feature = "server-variables")]
                check_names(&servers.variables, api.operation_servers)?;
                None
            }
            None => {
                let (_, server) = find(api.servers, &choice.server)?;
                #[cfg(feature = "server-variables")]
                check_names(&servers.variables, std::iter::once(server).chain(api.operation_servers))?;
                let url = servers.url(server)?;
                if !is_absolute(&url) {
                    return Err(servers.relative(server, url));
                }
                Some(BaseUrl::parse(&url)?)
            }
        };
        let is_plain = |server: &ServerInfo| {
            let url = servers.url(server).unwrap_or_else(|_| server.url.to_owned());
            url.starts_with("http://") || !is_absolute(&url)
        };
        let is_base_https = servers.base.as_ref().is_some_and(BaseUrl::is_https);
        servers.is_https = is_base_https || !api.operation_servers.iter().all(is_plain);
        Ok(servers)
    }

    /// Returns the base URL for a call. `own` are the servers that the spec defines for the operation, `chosen` is the
    /// index in `own` of the server that the caller selected.
    pub fn base(&self, own: &[ServerInfo], chosen: Option<usize>) -> Result<Cow<'_, BaseUrl>, ServerError> {
        let server = match (own.first(), chosen) {
            (_, Some(index)) => Some(find(own, &Which::Index(index))?.1),
            (Some(first), None) if !self.given => Some(first),
            _ => None,
        };
        match server {
            Some(server) => Ok(Cow::Owned(self.resolve(server)?)),
            None => Ok(Cow::Borrowed(self.base.as_ref().ok_or(ServerError::NoServer)?)),
        }
    }

    /// Returns whether the caller set the base URL, which then applies to all operations.
    #[cfg(feature = "credentials")]
    pub fn is_given(&self) -> bool {
        self.given
    }

    /// Returns the base URL if requests to it can be intercepted, i.e. if it uses plain `http` and its host is not this
    /// machine.
    #[cfg(feature = "credentials")]
    pub fn insecure_base(&self) -> Option<&BaseUrl> {
        self.base.as_ref().filter(|base| !base.is_confidential())
    }

    /// Returns whether any request may use `https`, according to the URLs of the servers.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Returns the URL of a server of the spec, with its variables substituted.
    #[cfg(feature = "server-variables")]
    fn url(&self, server: &ServerInfo) -> Result<String, ServerError> {
        fill(server, &self.variables)
    }

    /// Returns the URL of a server of the spec.
    #[cfg(not(feature = "server-variables"))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps)]
    fn url(&self, server: &ServerInfo) -> Result<String, ServerError> {
        Ok(server.url.to_owned())
    }

    /// Returns the error for a server URL that is relative.
    #[cfg(feature = "server-variables")]
    fn relative(&self, server: &ServerInfo, url: String) -> ServerError {
        relative(server, &self.variables, url)
    }

    /// Returns the error for a server URL that is relative.
    #[cfg(not(feature = "server-variables"))]
    #[allow(clippy::unused_self)]
    fn relative(&self, _: &ServerInfo, url: String) -> ServerError {
        ServerError::Relative { url }
    }

    /// Returns the base URL of a server that the spec defines for an operation. A relative URL is resolved against the
    /// base URL of the API.
    fn resolve(&self, server: &ServerInfo) -> Result<BaseUrl, ServerError> {
        let url = self.url(server)?;
        if is_absolute(&url) {
            return BaseUrl::parse(&url);
        }
        let base = self.base.as_ref().ok_or_else(|| self.relative(server, url.clone()))?;
        let message = |reason| ServerError::Url { message: format!("cannot be used: {reason}") };
        BaseUrl::parse(base.resolve(&url).map_err(message)?.as_str())
    }
}

/// Shows only the base URL.
impl fmt::Debug for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.base {
            Some(base) => write!(f, "{base}"),
            None => f.write_str("defined by each operation"),
        }
    }
}

/// Returns whether a URL has a scheme and a host.
pub(super) fn is_absolute(url: &str) -> bool {
    url.contains("://")
}

/// The base URL of a server, to which the paths of operations are appended.
#[derive(Debug, Clone)]
pub struct BaseUrl {
    url: Url,
    scheme: Scheme,
    authority: Authority,
    /// The path of the base URL, without a trailing slash.
    path: String,
}

impl BaseUrl {
    /// Parses a base URL: absolute, with the scheme `http` or `https`, and without user name, password, query and
    /// fragment.
    pub(super) fn parse(text: &str) -> Result<Self, ServerError> {
        let error = |message: String| ServerError::Url { message };
        let url = Url::parse(text.trim()).map_err(|reason| match reason {
            ParseError::RelativeUrlWithoutBase => error("is not absolute: begin it with `https://`".to_owned()),
            reason => error(format!("cannot be used: {reason}")),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(error(format!("has the scheme `{}`, not `http` or `https`", url.scheme())));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(error("contains a user name or password: set credentials on the builder".to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(error("contains a query or fragment, which a base URL must not have".to_owned()));
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

    /// Prepends a prefix to the host name, unless the host name already begins with it or is an IP address.
    #[cfg(feature = "certificate-hosts")]
    pub fn with_host_prefix(&self, prefix: &str) -> Result<Self, ServerError> {
        match self.url.host() {
            Some(Host::Domain(domain)) if !domain.starts_with(prefix) => {
                let mut url = self.url.clone();
                let host = format!("{prefix}{domain}");
                url.set_host(Some(&host)).map_err(|reason| ServerError::Url {
                    message: format!("cannot have the host `{host}`: {reason}"),
                })?;
                Self::of(url)
            }
            _ => Ok(self.clone()),
        }
    }

    /// Returns whether the scheme is `https`.
    fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns whether requests are protected from interception: they use TLS or do not leave this machine.
    #[cfg(feature = "credentials")]
    pub fn is_confidential(&self) -> bool {
        self.is_https() || is_loopback(&self.url)
    }

    /// Returns whether the base URL consists only of scheme and host, without a port and a path.
    #[cfg(feature = "server-variables")]
    pub(super) fn is_bare(&self) -> bool {
        self.path.is_empty() && self.url.port().is_none()
    }

    /// Appends a path, which starts with a slash, to the path of the base URL.
    pub fn join(&self, path: &str) -> String {
        // The additional capacity is for a query, which is appended later.
        let mut joined = String::with_capacity(self.path.len() + path.len() + 128);
        joined.push_str(&self.path);
        joined.push_str(path);
        joined
    }

    /// Resolves a relative reference (RFC 3986) against the base URL. A reference without a leading slash is appended
    /// to the path of the base URL.
    pub fn resolve(&self, reference: &str) -> Result<Url, ParseError> {
        Url::parse(&format!("{self}/"))?.join(reference)
    }

    /// Returns the URI with the scheme and authority of the base URL and this path and query.
    pub fn uri(&self, path_and_query: String) -> Result<Uri, http::Error> {
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::try_from(path_and_query)?);
        Ok(Uri::from_parts(parts)?)
    }
}

/// Shows the complete URL.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

/// Returns the selected server of the spec, with its index.
pub(super) fn find<'a>(servers: &'a [ServerInfo], which: &Which) -> Result<(usize, &'a ServerInfo), ServerError> {
    match which {
        _ if servers.is_empty() => Err(ServerError::NoServer),
        Which::Index(index) => match servers.get(*index) {
            Some(server) => Ok((*index, server)),
            None => Err(ServerError::NoSuchServer { index: *index, count: servers.len() }),
        },
        Which::Name(name) => {
            let mut called = servers.iter().enumerate().filter(|(_, server)| server.name == Some(name.as_str()));
            match (called.next(), called.next()) {
                (Some(server), None) => Ok(server),
                // If several servers have this name, choosing the first one could select the production server instead
                // of a test server.
                _ => Err(ServerError::NoSuchName { name: name.clone(), known: listed(servers) }),
            }
        }
    }
}

/// Lists all servers: "0 `Production` (`https://one.example`), 1 (`https://two.example`)".
fn listed(servers: &[ServerInfo]) -> String {
    let one = |(index, server): (usize, &ServerInfo)| match server.name {
        Some(name) => format!("{index} `{name}` (`{}`)", server.url),
        None => format!("{index} (`{}`)", server.url),
    };
    servers.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
}

/// Checks that each variable set by the caller belongs to one of these servers.
#[cfg(feature = "server-variables")]
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
            let known = if known.is_empty() {
                "it has no variables".to_owned()
            } else {
                format!("it has {}", known.join(", "))
            };
            Err(ServerError::NoSuchVariable { url, name: name.clone(), known })
        }
        None => Ok(()),
    }
}
