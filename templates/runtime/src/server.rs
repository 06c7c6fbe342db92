//! Where requests go: a server of the spec, or the base URL that the caller gives.
//!
//! In: the spec's servers and the builder's choice. Out: a base to which paths are appended, without a double slash and
//! without losing a path prefix.

use url::{Host, Url};

use super::api::{ApiInfo, ServerInfo, ServerVariable};

/// What the builder was told about the server.
#[derive(Debug, Clone, Default)]
pub struct ServerChoice {
    /// The whole base URL, in the place of the spec's.
    pub base_url: Option<String>,
    /// Which server of the spec.
    pub index: usize,
    /// Values of its variables.
    pub variables: Vec<(String, String)>,
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
    #[error("the server `{url}` has no variable `{name}`")]
    NoSuchVariable {
        /// The URL of the spec.
        url: String,
        /// The variable.
        name: String,
    },
    /// The URL cannot be used.
    #[error("the server URL {message}")]
    Url {
        /// What is wrong; the URL is left out where it may hold a password.
        message: String,
    },
}

/// A base to which paths are appended.
#[derive(Debug, Clone)]
pub struct BaseUrl {
    url: Url,
    text: String,
}

impl BaseUrl {
    /// The base that the builder's choice leads to.
    pub fn resolve(api: &ApiInfo, choice: &ServerChoice) -> Result<Self, ServerError> {
        if let Some(base_url) = &choice.base_url {
            return Self::parse(base_url);
        }
        if api.servers.is_empty() {
            return Err(ServerError::NoServer);
        }
        let no_such = ServerError::NoSuchServer { index: choice.index, count: api.servers.len() };
        let server = api.servers.get(choice.index).ok_or(no_such)?;
        let url = fill(server, &choice.variables)?;
        if !url.contains("://") {
            return Err(ServerError::Relative { url });
        }
        Self::parse(&url)
    }

    fn parse(text: &str) -> Result<Self, ServerError> {
        let error = |message: String| ServerError::Url { message };
        let url = Url::parse(text.trim()).map_err(|reason| error(format!("cannot be used: {reason}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(error(format!("has the scheme `{}`, not `http` or `https`", url.scheme())));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(error("holds a user name or password: give credentials to the builder".to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(error("has a query or fragment, which a base cannot have".to_owned()));
        }
        Ok(Self::of(url))
    }

    fn of(url: Url) -> Self {
        let text = url.as_str().trim_end_matches('/').to_owned();
        Self { url, text }
    }

    /// The same base on the host with this prefix, unless it has the prefix already or is an IP address.
    pub fn with_host_prefix(&self, prefix: &str) -> Result<Self, ServerError> {
        match self.url.host() {
            Some(Host::Domain(domain)) if !domain.starts_with(prefix) => {
                let mut url = self.url.clone();
                let host = format!("{prefix}{domain}");
                url.set_host(Some(&host))
                    .map_err(|reason| ServerError::Url { message: format!("has no host `{host}`: {reason}") })?;
                Ok(Self::of(url))
            }
            _ => Ok(self.clone()),
        }
    }

    /// Whether the base is reached through TLS.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The URL of a path that starts at the root of the server, whatever path the base itself has.
    pub fn at_root(&self, path: &str) -> String {
        format!("{}{path}", &self.url[..url::Position::BeforePath])
    }

    /// The URL of a path, which starts with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

/// The URL of a server with its variables filled in.
fn fill(server: &ServerInfo, values: &[(String, String)]) -> Result<String, ServerError> {
    let url = server.url.to_owned();
    for (name, _) in values {
        if !server.variables.iter().any(|variable| variable.name == name) {
            return Err(ServerError::NoSuchVariable { url, name: name.clone() });
        }
    }
    server.variables.iter().try_fold(url, |url, variable| {
        let given = values.iter().rev().find(|(name, _)| name == variable.name);
        let value = match given {
            Some((_, value)) => checked(variable, value)?,
            None if variable.required => {
                return Err(ServerError::MissingVariable {
                    url: server.url.to_owned(),
                    name: variable.name.to_owned(),
                });
            }
            None => variable.default,
        };
        Ok(url.replace(&format!("{{{}}}", variable.name), value))
    })
}

fn checked<'a>(variable: &ServerVariable, value: &'a str) -> Result<&'a str, ServerError> {
    if !variable.allowed.is_empty() && !variable.allowed.contains(&value) {
        return Err(ServerError::NotAllowed {
            name: variable.name.to_owned(),
            value: value.to_owned(),
            allowed: variable.allowed.iter().map(|allowed| format!("`{allowed}`")).collect::<Vec<_>>().join(", "),
        });
    }
    // What could turn the host into a user name, or end the path, is a mistake of configuration at best.
    let foreign = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '?' | '#' | '@' | '\\' | '{' | '}');
    if value.is_empty() || value.contains(foreign) || value.contains("://") {
        let message = format!("cannot hold the value of the variable `{}`", variable.name);
        return Err(ServerError::Url { message });
    }
    Ok(value)
}
