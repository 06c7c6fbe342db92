//! The builder of clients: what all APIs share. Generated code adds a method for each security scheme and server
//! variable.
//!
//! In: settings. Out: a client, or a [`BuildError`] that names the method to call.

use std::fmt;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderMap, HeaderValue, USER_AGENT};

use super::api::ApiInfo;
use super::client::{ApiClient, Service, Shared};
use super::credentials::{Credential, CredentialError, Credentials};
use super::environment::{self, EnvironmentError};
use super::identity::ClientIdentity;
use super::request::{RequestError, header_name, header_value};
use super::reqwest_transport::{ReqwestTransport, TransportOptions};
use super::retry::RetryPolicy;
use super::server::{BaseUrl, ServerChoice, ServerError};
use super::timeouts::Timeouts;
use super::tls;
use super::transport::{BoxError, Transport};

/// The most that is read of an answer, unless the builder is told otherwise.
const MAX_RESPONSE_BYTES: u64 = 64 * 1024 * 1024;

/// Builds a client.
pub struct ClientBuilder<S> {
    server: ServerChoice,
    credentials: Vec<(String, Credential)>,
    timeouts: Timeouts,
    user_agent: Option<String>,
    headers: Vec<(String, String)>,
    roots: Vec<Vec<u8>>,
    resolve: Vec<(String, SocketAddr)>,
    retry: RetryPolicy,
    transport: Option<Arc<dyn Transport>>,
    max_response_bytes: u64,
    service: PhantomData<fn() -> S>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// There is no server to send to.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A credential cannot be used.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// An environment variable cannot be used.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// A default header cannot be sent.
    #[error(transparent)]
    Header(#[from] RequestError),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] BoxError),
    /// The default transport cannot be set up.
    #[error("the HTTP transport cannot be set up")]
    Transport(#[source] BoxError),
}

impl<S: Service> ClientBuilder<S> {
    /// A builder with default settings: the first server of the spec, no credentials.
    pub fn new() -> Self {
        Self {
            server: ServerChoice::default(),
            credentials: Vec::new(),
            timeouts: Timeouts::default(),
            user_agent: None,
            headers: Vec::new(),
            roots: Vec::new(),
            resolve: Vec::new(),
            retry: RetryPolicy::default(),
            transport: None,
            max_response_bytes: MAX_RESPONSE_BYTES,
            service: PhantomData,
        }
    }

    /// Sends requests to this URL, in the place of the spec's server, its path and its variables. A trailing slash makes
    /// no difference; the paths of operations follow the path of this URL.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.server.base_url = Some(url.into());
        self
    }

    /// Sends requests to the server of the spec with this index, counted from 0. The default is the first.
    pub fn server(mut self, index: usize) -> Self {
        self.server.index = index;
        self
    }

    /// Sets a variable of the server URL. The methods of their own that variables have call this one.
    pub fn server_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.server.variables.push((name.into(), value.into()));
        self
    }

    /// Sets the credential of a security scheme. The methods of their own that schemes have call this one.
    pub fn credential(mut self, scheme: impl Into<String>, credential: Credential) -> Self {
        self.credentials.push((scheme.into(), credential));
        self
    }

    /// Sets what environment variables say: base URL, server variables, root certificates, credentials. The client's own
    /// `from_env()` lists them. Each counts as set here: what the builder is told later comes before it. A variable that
    /// is not set changes nothing.
    ///
    /// ```ignore
    /// let client = Client::builder().from_env()?.timeout(Duration::from_secs(20)).build()?;
    /// ```
    ///
    /// # Errors
    ///
    /// A variable is empty or no UTF-8, a file that one names cannot be read, two of them contradict each other, or one
    /// lacks another that goes with it. The value is never shown.
    pub fn from_env(self) -> Result<Self, EnvironmentError> {
        environment::apply(self, &|name| std::env::var_os(name))
    }

    /// Limits the time of a whole call: all attempts, the waits between them, and reading the answer. 60 seconds by
    /// default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.overall = timeout;
        self
    }

    /// Limits the time of one attempt, reading its answer included. By default 30 seconds for requests that are sent
    /// again after a timeout; for others the limit of the whole call is the only one, since giving them up earlier
    /// would lose their answer and gain nothing.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.attempt = Some(timeout);
        self
    }

    /// Limits the time to make a connection: name resolution, TCP and TLS. 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = timeout;
        self
    }

    /// Sets the `User-Agent`; by default it is the name and version of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sends a header with every request, unless the request has one of that name.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Trusts these root certificates (PEM, one or several) beside those of the platform.
    pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.roots.push(pem.as_ref().to_vec());
        self
    }

    /// Sets when and how soon failed requests are sent again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sends requests through this transport, in the place of the one made of `reqwest` and `rustls`. Client
    /// certificates, root certificates, `resolve` and the limit of time of connections are then its own business.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Connects to this address for a host, in the place of what its name resolves to. A port in the URL counts more
    /// than that of the address, and a port of 0 stands for the usual one.
    pub fn resolve(mut self, host: impl Into<String>, address: SocketAddr) -> Self {
        self.resolve.push((host.into(), address));
        self
    }

    /// Limits what is read of an answer into memory, those of errors included. 64 MiB by default.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// There is no server to send to, a value cannot be sent, or TLS cannot be set up.
    pub fn build(self) -> Result<S, BuildError> {
        self.build_api_client().map(S::from_api_client)
    }

    /// The same, without the type of the API around it.
    pub(super) fn build_api_client(self) -> Result<ApiClient, BuildError> {
        let base = BaseUrl::resolve(S::API, &self.server)?;
        let headers = default_headers(S::API, self.user_agent.as_deref(), &self.headers)?;
        let (credentials, identity) = Credentials::new(S::API, &base, self.credentials)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => {
                let connect_timeout = self.timeouts.connect;
                let https = base.is_https() || credentials.is_fetched_through_tls();
                default_transport(https, identity.as_ref(), &self.roots, connect_timeout, self.resolve)?
            }
        };
        let shared = Shared {
            api: S::API,
            base,
            credentials,
            headers,
            timeouts: self.timeouts,
            retry: self.retry,
            max_response_bytes: self.max_response_bytes,
            transport,
        };
        Ok(ApiClient::new(shared))
    }
}

impl<S: Service> Default for ClientBuilder<S> {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows no credentials and no header values.
impl<S> fmt::Debug for ClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes: Vec<_> = self.credentials.iter().map(|(scheme, _)| scheme).collect();
        f.debug_struct("ClientBuilder")
            .field("server", &self.server.index)
            .field("credentials", &schemes)
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

fn default_headers(
    api: &ApiInfo,
    user_agent: Option<&str>,
    given: &[(String, String)],
) -> Result<HeaderMap, RequestError> {
    let mut headers = HeaderMap::new();
    headers.insert(
        USER_AGENT,
        match user_agent {
            Some(user_agent) => header_value(USER_AGENT.as_str(), user_agent)?,
            None => HeaderValue::from_static(api.user_agent),
        },
    );
    for (name, value) in given {
        headers.insert(header_name(name)?, header_value(name, value)?);
    }
    Ok(headers)
}

fn default_transport(
    https: bool,
    identity: Option<&ClientIdentity>,
    roots: &[Vec<u8>],
    connect_timeout: Duration,
    resolve: Vec<(String, SocketAddr)>,
) -> Result<Arc<dyn Transport>, BuildError> {
    let tls_error = |error: tls::TlsError| BuildError::Tls(error.into());
    let mut certificates = Vec::new();
    for pem in roots {
        certificates.extend(tls::certificates(pem).map_err(tls_error)?);
    }
    let tls = tls::client_config(https, certificates, identity).map_err(tls_error)?;
    let options = TransportOptions { tls, connect_timeout, resolve };
    Ok(Arc::new(ReqwestTransport::new(options).map_err(BuildError::Transport)?))
}
