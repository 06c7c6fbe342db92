//! The client builder with the settings that all APIs have in common. Generated code adds a method for each security
//! scheme and server variable.

use std::fmt;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderMap, HeaderValue, USER_AGENT};

use super::api::ApiInfo;
use super::budget::RetryBudget;
use super::client::{ApiClient, Service, Shared};
#[cfg(feature = "client-certificates")]
use super::credentials::Certificates;
#[cfg(feature = "credentials")]
use super::credentials::{Credential, CredentialError, Credentials};
use super::decode_budget::DEFAULT_MAX_RESPONSE_BYTES;
use super::environment::{self, EnvironmentError};
use super::http_transport::{HttpTransport, TransportOptions};
#[cfg(feature = "client-certificates")]
use super::identity::ClientIdentity;
use super::proxy::{Proxy, ProxyRules};
use super::request::{RequestError, header_name, header_value};
use super::retry::RetryPolicy;
use super::secret::Secret;
use super::server::{ServerChoice, ServerError, Servers, Which};
use super::timeouts::Timeouts;
use super::tls::{self, Trust};
use super::transport::{BoxError, Transport};

/// The builder of a client.
///
/// Connections use HTTP/2 if the server supports it, otherwise HTTP/1.1. All clones of a client share its connections.
/// A connection that was idle for 30 seconds is not reused, because many load balancers drop connections after 60
/// seconds. Connections in use are checked after a time without data: with TCP keepalive after 15 seconds, and with an
/// HTTP/2 `PING` after 20 seconds.
///
/// Calls require a Tokio runtime with IO and time enabled (`enable_all()`). Without a runtime they fail with an error
/// of the kind [`Request`](super::ErrorKind::Request) before anything is sent; in a runtime without IO or time, Tokio
/// panics. A client may be used from several runtimes. Each runtime has its own connections, which are closed when the
/// runtime is dropped. A runtime that is not being polled (such as a `current_thread` runtime outside of `block_on`)
/// therefore never delays calls on another runtime. Code that is not async uses `send_blocking()` (feature `blocking`),
/// which needs no runtime.
#[must_use = "a builder does nothing until it builds a client"]
pub struct ClientBuilder<S> {
    server: ServerChoice,
    #[cfg(feature = "credentials")]
    credentials: Vec<(String, Credential)>,
    timeouts: Timeouts,
    user_agent: Option<String>,
    headers: Vec<(String, String)>,
    trust: Trust,
    #[cfg(feature = "client-certificates")]
    identity: Option<ClientIdentity>,
    proxy: Proxy,
    resolve: Vec<(String, SocketAddr)>,
    retry: RetryPolicy,
    retry_budget: RetryBudget,
    redirects: bool,
    transport: Option<Arc<dyn Transport>>,
    #[cfg(feature = "credentials")]
    allow_insecure_http: bool,
    max_response_bytes: u64,
    service: PhantomData<fn() -> S>,
}

/// The reason why a client cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The server to send requests to cannot be determined, e.g. because the spec has no server.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A credential cannot be used, e.g. because it contains a line break.
    #[cfg(feature = "credentials")]
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// An environment variable cannot be used, e.g. because it is empty.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// A default header cannot be sent, because its name or value is invalid.
    #[error(transparent)]
    Header(#[from] RequestError),
    /// TLS cannot be set up, e.g. because a root certificate is invalid.
    #[error("TLS cannot be set up")]
    Tls(#[source] BoxError),
    /// The proxy set by [`proxy`](ClientBuilder::proxy) or by the environment cannot be used. The message does not
    /// contain the proxy URL, which may contain a password.
    #[error(transparent)]
    Proxy(BoxError),
}

impl<S: Service> ClientBuilder<S> {
    /// Creates a builder with default settings: the first server of the spec, no credentials.
    pub fn new() -> Self {
        Self {
            server: ServerChoice::default(),
            #[cfg(feature = "credentials")]
            credentials: Vec::new(),
            timeouts: Timeouts::default(),
            user_agent: None,
            headers: Vec::new(),
            trust: Trust::default(),
            #[cfg(feature = "client-certificates")]
            identity: None,
            proxy: Proxy::default(),
            resolve: Vec::new(),
            retry: RetryPolicy::default(),
            retry_budget: RetryBudget::default(),
            redirects: true,
            transport: None,
            #[cfg(feature = "credentials")]
            allow_insecure_http: false,
            max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES,
            service: PhantomData,
        }
    }

    /// Sends requests to this URL, which replaces the spec's server URL including its path and variables. A trailing
    /// slash makes no difference; the paths of operations are appended to the path of this URL.
    ///
    /// The base URL applies to all operations, including those for which the spec defines other servers, so that a test
    /// server or gateway receives their requests. The only exception is a call that selects one of its operation's
    /// servers with `server()`.
    ///
    /// ```text
    /// let client = Client::builder().base_url("https://gateway.example.com/pki/").build()?;
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.server.base_url = Some(url.into());
        self
    }

    /// Sends requests to the server of the spec with this index, starting at 0. If the spec has several servers, the
    /// generated method `server` calls this method. The default is the first server. A [base URL](Self::base_url) takes
    /// precedence, regardless of the order of the calls.
    pub fn server_index(mut self, index: usize) -> Self {
        self.server.server = Which::Index(index);
        self
    }

    /// Sends requests to the server of the spec with this index or name, and removes any base URL.
    pub(super) fn server_by_index_or_name(mut self, text: &str) -> Self {
        self.server.base_url = None;
        self.server.server = Which::parse(text);
        self
    }

    /// Sets a variable of the server URLs, including those of individual operations. The generated method of each
    /// variable calls this method. A variable at the beginning of the URL (`{endpoint}/v1`) takes an absolute `http` or
    /// `https` URL without user name, password, query and fragment; any other variable takes a part of the URL, such as
    /// `eu-west`.
    #[cfg(feature = "server-variables")]
    pub fn server_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.server.variables.push((name.into(), value.into()));
        self
    }

    /// Sets the credential of the security scheme with this name. The generated method of each scheme calls this
    /// method.
    #[cfg(feature = "credentials")]
    pub fn credential(mut self, scheme: impl Into<String>, credential: Credential) -> Self {
        self.credentials.push((scheme.into(), credential));
        self
    }

    /// Applies environment variables: base URL, server variables, root certificates, credentials, and whether
    /// credentials may be sent over plain `http`. The documentation of the generated client's `from_env()` lists the
    /// variables. Later calls on the builder override them, but a base URL always takes precedence over a server.
    /// Variables that are not set change nothing.
    ///
    /// ```ignore
    /// let client = Client::builder().from_env()?.timeout(Duration::from_secs(20)).build()?;
    /// ```
    ///
    /// # Errors
    ///
    /// A variable is empty or not UTF-8, a file that a variable names cannot be read, two variables contradict each
    /// other, or a variable requires another one that is not set. The error never contains the value.
    pub fn from_env(self) -> Result<Self, EnvironmentError> {
        environment::apply(self, &|name| std::env::var_os(name))
    }

    /// Sets the timeout of a whole call: all attempts, the delays between them, and reading the response. For a
    /// streamed response, the timeout applies only until the response begins, so that one client can be used for both
    /// short calls and long streams. A timeout that a single call sets with
    /// [`RequestOptions::timeout`](super::RequestOptions::timeout) includes reading the stream.
    ///
    /// The default is 60 seconds, not counting the time in which a body is being sent or received: files of any size
    /// can be transferred as long as data flows ([`idle_timeout`](Self::idle_timeout)). A timeout that is set with this
    /// method, or for a single call, counts the time of transfers too, and disables the default timeout of attempts.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.overall = Some(timeout);
        self
    }

    /// Sets the maximum time without progress while a request body is being sent, or while the body of a successful
    /// response, streamed or not, is being read. The default is 30 seconds.
    ///
    /// Every byte counts as progress, even if it completes no item of a stream: many servers send comments or empty
    /// lines to keep a connection alive. The size of an item is limited by
    /// [`max_response_bytes`](Self::max_response_bytes), the time of the whole stream by
    /// [`RequestOptions::timeout`](super::RequestOptions::timeout).
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.idle = timeout;
        self
    }

    /// Sets the timeout of one attempt, including reading the response. The default is 30 seconds for requests that are
    /// retried after a timeout, unless a [`timeout`](Self::timeout) is set for the client or the call. Other requests
    /// have only the timeout of the whole call, because aborting them earlier would lose the response without a retry.
    /// The default does not count the time in which a body is transferred, as for [`timeout`](Self::timeout).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.attempt = Some(timeout);
        self
    }

    /// Sets the timeout for establishing a connection: name resolution, TCP and TLS. The default is 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = timeout;
        self
    }

    /// Sets the `User-Agent`. The default is the name and version of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sends a header with every request that does not set a header of the same name. Error messages mask the value,
    /// but not the values of common headers such as `Accept`, `If-Match` and `X-Request-Id`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Trusts these root certificates (PEM, one or more) in addition to the root certificates of the platform.
    ///
    /// ```text
    /// let client = Client::builder().root_certificate_pem(std::fs::read("company-ca.pem")?).build()?;
    /// ```
    pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.trust.roots.push(pem.as_ref().to_vec());
        self
    }

    /// Trusts only these root certificates (PEM, one or more) and the certificates given to
    /// [`root_certificate_pem`](Self::root_certificate_pem), instead of the root certificates of the platform.
    pub fn only_root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.trust.only_these = true;
        self.root_certificate_pem(pem)
    }

    /// Presents this certificate to servers that request a certificate (mutual TLS), in addition to the credentials of
    /// requests. The certificate is the credential of security schemes of the type `mutualTLS`. If the API accepts a
    /// certificate instead of another credential, use the builder's `client_certificate()`.
    ///
    /// ```text
    /// let identity = ClientIdentity::from_pem_files(["client.pem", "client.key"])?;
    /// let client = Client::builder().basic_auth(username, password).client_identity(identity.clone()).build()?;
    /// ```
    ///
    /// The identity can be [reloaded](ClientIdentity::reload) while the client is in use.
    #[cfg(feature = "client-certificates")]
    pub fn client_identity(mut self, identity: ClientIdentity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Disables certificate verification: **connections can be intercepted and modified**, and credentials stolen. For
    /// experiments only; to trust a server with a self-signed certificate, use
    /// [`root_certificate_pem`](Self::root_certificate_pem). The client's `Debug` output shows this setting.
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.trust.anybody = true;
        self
    }

    /// Allows credentials to be sent over plain `http` to other machines, for operations and token URLs:
    /// **anyone on the network path can read them**. Intended for networks that provide encryption, such as a service
    /// mesh or a VPN. The client's `Debug` output shows this setting.
    ///
    /// By default, a client does not send a credential to an `http://` URL unless the host is a loopback address or
    /// `localhost`: [`build`](Self::build) fails if the base URL is such a URL. A call fails before anything is sent if
    /// the spec defines a server with such a URL for the operation, and the call uses this server. These rules apply to
    /// the credentials of all security schemes, whether they are sent as a header, query parameter or cookie. Headers
    /// and query parameters that the caller adds to a request are not checked.
    #[cfg(feature = "credentials")]
    pub fn allow_insecure_http(mut self) -> Self {
        self.allow_insecure_http = true;
        self
    }

    /// Sets whether credentials may be sent over plain `http`.
    #[cfg(feature = "credentials")]
    pub(super) fn insecure_http(mut self, allowed: bool) -> Self {
        self.allow_insecure_http = allowed;
        self
    }

    /// Sends all requests through this proxy, regardless of the environment: `http://`, `https://`, `socks5://`, or
    /// `socks5h://`, where the proxy resolves host names. The URL may contain a percent-encoded user name and password,
    /// which error messages never show.
    ///
    /// By default the proxy of the environment is used: `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, except for the
    /// hosts listed in `NO_PROXY`. If one of these variables has an invalid value, [`build`](Self::build) fails; there
    /// is no fallback to direct connections. Requests over TLS use a tunnel (`CONNECT`), so that the proxy sees only
    /// the name of the server.
    ///
    /// Requests to the local machine (`localhost`, `127.0.0.0/8` and `::1`), including OAuth2 token requests, never use
    /// a proxy, whether it is set with this method or in the environment. Other names, such as `api.localhost`, do not
    /// count as the local machine, even if they resolve to a loopback address.
    ///
    /// ```text
    /// let client = Client::builder().proxy("http://user:password@proxy.example.com:3128").build()?;
    /// ```
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// Disables proxies: the environment variables for proxies are ignored.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Sets the retry policy. The default is [`RetryPolicy::default`]: up to three attempts.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the budget that all calls of the client share for retries. The default is [`RetryBudget::default`]: enough
    /// for a hundred consecutive failures.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Sets whether redirects are followed. By default, a call follows up to 10 redirects to URLs with the scheme, host
    /// and port of the request, so that credentials are never sent to another server. 301 and 302 are followed for GET,
    /// HEAD and QUERY, 307 and 308 for any method whose body can be sent again; 303 is followed with a GET. A redirect
    /// that is not followed is an error of the kind [`Status`](super::ErrorKind::Status).
    ///
    /// If the spec documents a redirect as a response of an operation, the call returns the redirect as its response,
    /// regardless of this setting. To follow the redirect, set `redirects(true)` on the call.
    pub fn redirects(mut self, followed: bool) -> Self {
        self.redirects = followed;
        self
    }

    /// Sends requests through this transport instead of the default one, which uses `hyper` and `rustls`. The builder's
    /// settings for client certificates, root certificates, proxies, `resolve` and `connect_timeout` then have no
    /// effect.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Connects to `address` for requests to `host`, instead of resolving the host name. A port in the URL takes
    /// precedence over the port of the address; port 0 means the default port.
    pub fn resolve(mut self, host: impl Into<String>, address: SocketAddr) -> Self {
        self.resolve.push((host.into(), address));
        self
    }

    /// Limits the number of bytes of a response body that are read into memory, including the bodies of errors. The
    /// default is 16 MiB. For a compressed response, the decoded bytes count.
    /// [`RequestOptions::max_response_bytes`](super::RequestOptions::max_response_bytes) overrides this limit for a call.
    /// A streamed response may have any size; in a stream of items, the limit applies to each item.
    ///
    /// The limit also bounds the memory of the decoded value, because a few bytes of JSON can become a large value. The
    /// value may take 16 bytes for each byte of the body, plus 8 bytes for each byte of this limit (at least 64 MiB).
    /// By default, that is 128 MiB plus 16 times the body. If the value would take more memory, the call fails with an
    /// error of the kind [`TooLarge`](super::ErrorKind::TooLarge).
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// The server cannot be determined, a default header or the `User-Agent` has characters that cannot be sent, a
    /// credential does not fit its security scheme, the proxy cannot be used, TLS cannot be set up, or a credential
    /// would be sent over plain `http`, which `allow_insecure_http()` permits.
    pub fn build(self) -> Result<S, BuildError> {
        self.build_api_client().map(S::from_api_client)
    }

    /// Builds the client state that the generated client type wraps.
    pub(super) fn build_api_client(self) -> Result<ApiClient, BuildError> {
        let servers = Servers::new(S::API, self.server)?;
        let headers = default_headers(S::API, self.user_agent.as_deref(), &self.headers)?;
        #[cfg(feature = "client-certificates")]
        let mut certificates = Certificates::new(self.identity);
        #[cfg(feature = "credentials")]
        let credentials = Credentials::new(
            S::API,
            &servers,
            self.credentials,
            #[cfg(feature = "client-certificates")]
            &mut certificates,
            self.allow_insecure_http,
        )?;
        #[cfg(feature = "client-certificates")]
        let identity = certificates.presented()?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => {
                let proxies = ProxyRules::new(&self.proxy, &|name| std::env::var_os(name));
                let proxies = proxies.map_err(|error| BuildError::Proxy(error.into()))?;
                let https = servers.is_https() || proxies.is_reached_by_tls();
                #[cfg(feature = "credentials")]
                let https = https || credentials.is_fetched_through_tls();
                let tls = tls::client_config(https, &self.trust);
                let tls = tls.map_err(|error| BuildError::Tls(error.into()))?;
                let connect_timeout = self.timeouts.connect;
                Arc::new(HttpTransport::new(TransportOptions {
                    tls,
                    #[cfg(feature = "client-certificates")]
                    identity,
                    connect_timeout,
                    proxies,
                    resolve: self.resolve,
                }))
            }
        };
        let shared = Shared {
            api: S::API,
            servers,
            verifies_servers: !self.trust.anybody,
            #[cfg(feature = "credentials")]
            credentials,
            #[cfg(feature = "credentials")]
            allow_insecure_http: self.allow_insecure_http,
            headers,
            timeouts: self.timeouts,
            retry: self.retry,
            retry_budget: self.retry_budget,
            redirects: self.redirects,
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

/// Shows the names of the security schemes with credentials, but no credentials and no header values.
impl<S> fmt::Debug for ClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ClientBuilder");
        debug.field("server", &self.server.server);
        #[cfg(feature = "credentials")]
        debug.field("credentials", &self.credentials.iter().map(|(scheme, _)| scheme).collect::<Vec<_>>());
        debug.field("timeouts", &self.timeouts);
        debug.field("retry", &self.retry);
        if self.trust.anybody {
            debug.field("danger_accept_invalid_certificates", &true);
        }
        #[cfg(feature = "credentials")]
        if self.allow_insecure_http {
            debug.field("allow_insecure_http", &true);
        }
        debug.finish_non_exhaustive()
    }
}

fn default_headers(
    api: &ApiInfo,
    user_agent: Option<&str>,
    custom: &[(String, String)],
) -> Result<HeaderMap, RequestError> {
    let mut headers = HeaderMap::new();
    headers.insert(
        USER_AGENT,
        match user_agent {
            Some(user_agent) => header_value(USER_AGENT.as_str(), user_agent)?,
            None => HeaderValue::from_static(api.user_agent),
        },
    );
    for (name, value) in custom {
        headers.insert(header_name(name)?, header_value(name, value)?);
    }
    Ok(headers)
}
