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
use super::budget::RetryBudget;
use super::client::{ApiClient, Service, Shared};
use super::credentials::{Credential, CredentialError, Credentials};
use super::decode_budget::DEFAULT_MAX_RESPONSE_BYTES;
use super::environment::{self, EnvironmentError};
use super::http_transport::{HttpTransport, TransportOptions};
use super::identity::ClientIdentity;
use super::proxy::{Proxy, ProxyRules};
use super::request::{RequestError, header_name, header_value};
use super::retry::RetryPolicy;
use super::secret::Secret;
use super::server::{ServerChoice, ServerError, Servers, Which};
use super::timeouts::Timeouts;
use super::tls::{self, Trust};
use super::transport::{BoxError, Transport};

/// Builds a client.
///
/// Its connections speak HTTP/2 where the server does, else HTTP/1.1; they are shared by all clones of the client, and
/// one that was idle for 30 seconds is not used again, since many load balancers have forgotten it after 60. Those that
/// are waited on are asked for a sign of life: by TCP after 15 seconds, by HTTP/2 after 20.
///
/// Calls need a Tokio runtime with IO and time enabled (`enable_all()`). Without a runtime they return an error of the
/// kind [`Request`](super::ErrorKind::Request), and nothing is sent; in a runtime without IO or time, Tokio itself panics.
/// A client may be used from several runtimes: each has connections of its own, which end with it, so that a runtime that
/// stands still, as one of the kind `current_thread` does outside of `block_on`, never holds up the calls of another one.
/// Code that is not async calls `send_blocking()` (feature `blocking`), which needs no runtime.
pub struct ClientBuilder<S> {
    server: ServerChoice,
    credentials: Vec<(String, Credential)>,
    timeouts: Timeouts,
    user_agent: Option<String>,
    headers: Vec<(String, String)>,
    trust: Trust,
    identity: Option<ClientIdentity>,
    proxy: Proxy,
    resolve: Vec<(String, SocketAddr)>,
    retry: RetryPolicy,
    retry_budget: RetryBudget,
    redirects: bool,
    transport: Option<Arc<dyn Transport>>,
    allow_insecure_http: bool,
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
    /// The proxy given to [`proxy`](ClientBuilder::proxy), or one that the environment names, cannot be used. Its URL is
    /// not shown: it may hold a password.
    #[error(transparent)]
    Proxy(BoxError),
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
            trust: Trust::default(),
            identity: None,
            proxy: Proxy::default(),
            resolve: Vec::new(),
            retry: RetryPolicy::default(),
            retry_budget: RetryBudget::default(),
            redirects: true,
            transport: None,
            allow_insecure_http: false,
            max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES,
            service: PhantomData,
        }
    }

    /// Sends requests to this URL, in the place of the spec's server, its path and its variables. A trailing slash makes
    /// no difference; the paths of operations follow the path of this URL.
    ///
    /// It is for all operations, also those that have servers of their own in the spec, so that a test or a gateway sees
    /// every request; a call that chooses one of its operation's servers goes there nevertheless.
    ///
    /// ```text
    /// let client = Client::builder().base_url("https://gateway.example.com/pki/").build()?;
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.server.base_url = Some(url.into());
        self
    }

    /// Sends requests to the server of the spec with this index, counted from 0. The default is the first. A
    /// [base URL](Self::base_url) counts more, whichever is told later.
    pub fn server(mut self, index: usize) -> Self {
        self.server.server = Which::Index(index);
        self
    }

    /// Sends requests to the server of the spec with this name: its `x-name`, else its description. The documentation of
    /// the client lists them. A [base URL](Self::base_url) counts more, whichever is told later.
    pub fn server_named(mut self, name: impl Into<String>) -> Self {
        self.server.server = Which::Name(name.into());
        self
    }

    /// Sends requests to the server of the spec with this index or name, and to no base URL.
    pub(super) fn server_called(mut self, text: &str) -> Self {
        self.server.base_url = None;
        match text.parse() {
            Ok(index) => self.server(index),
            Err(_) => self.server_named(text),
        }
    }

    /// Sets a variable of the server URL, and of the servers of single operations. The methods of their own that variables
    /// have call this one. A variable that the URL begins with (`{endpoint}/v1`) takes an absolute `http` or `https` URL
    /// without user name, password, query and fragment; any other takes a piece of the URL.
    pub fn server_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.server.variables.push((name.into(), value.into()));
        self
    }

    /// Sets the credential of a security scheme. The methods of their own that schemes have call this one.
    pub fn credential(mut self, scheme: impl Into<String>, credential: Credential) -> Self {
        self.credentials.push((scheme.into(), credential));
        self
    }

    /// Sets what environment variables say: base URL, server variables, root certificates, credentials, and whether
    /// these may go over plain `http`. The client's own `from_env()` lists them. Each counts as set here: what the builder
    /// is told later comes before it, save that a base URL counts more than a server. A variable that is not set changes
    /// nothing.
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

    /// Limits the time of a whole call: all attempts, the waits between them, and reading the response. For a
    /// [streamed](super::StreamedResponse) response, it is the time until the response begins, so that one client serves
    /// both short calls and long streams. A limit that is set for one call by its `timeout()` includes reading the stream.
    ///
    /// By default 60 seconds, in which the time does not count that a body is on its way, to the server or from it: a file
    /// of any size may be sent or read, as long as it moves ([`idle_timeout`](Self::idle_timeout)). A limit that is set
    /// here, or for one call by its `timeout()`, counts that time too, and replaces the default limit of one attempt.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.overall = Some(timeout);
        self
    }

    /// Limits the time in which nothing of a body moves: of a request while it is sent, of a successful response while it
    /// is read, [streamed](super::StreamedResponse) or not. 30 seconds by default.
    ///
    /// Any byte counts, also one that completes no item of a stream: many servers send comments or empty lines to keep a
    /// connection alive. The size of an item is limited by [`max_response_bytes`](Self::max_response_bytes), the time of the
    /// whole stream by the `timeout()` of its call.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.idle = timeout;
        self
    }

    /// Limits the time of one attempt, reading its answer included. By default 30 seconds for requests that are sent
    /// again after a timeout, unless a [`timeout`](Self::timeout) is set for the client or the call; for others the limit
    /// of the whole call is the only one, since giving them up earlier would lose their answer and gain nothing. The default
    /// does not count the time that a body is on its way, as for [`timeout`](Self::timeout).
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

    /// Sends a header with every request, unless the request has one of that name. Errors do not quote its value, except
    /// for common headers such as `Accept`, `If-Match` and `X-Request-Id`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Trusts these root certificates (PEM, one or several) beside those of the platform.
    ///
    /// ```text
    /// let client = Client::builder().root_certificate_pem(std::fs::read("company-ca.pem")?).build()?;
    /// ```
    pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.trust.roots.push(pem.as_ref().to_vec());
        self
    }

    /// Trusts these root certificates (PEM, one or several), and those given to
    /// [`root_certificate_pem`](Self::root_certificate_pem), but not those of the platform.
    pub fn only_root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.trust.only_these = true;
        self.root_certificate_pem(pem)
    }

    /// Shows this certificate to a server that asks for one (mutual TLS), beside the credentials that requests carry.
    /// Where the API takes a certificate in the place of a credential, the builder has `client_certificate()` for that.
    ///
    /// ```text
    /// let identity = ClientIdentity::from_pem_files(["client.pem", "client.key"])?;
    /// let client = Client::builder().basic_auth(username, password).client_identity(identity.clone()).build()?;
    /// ```
    ///
    /// The identity can be [reloaded](ClientIdentity::reload) while the client is in use.
    pub fn client_identity(mut self, identity: ClientIdentity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Takes any certificate from any server: **whoever is on the way can read and change everything**, credentials
    /// included. For a laboratory; a server with a certificate of its own making is trusted by
    /// [`root_certificate_pem`](Self::root_certificate_pem). The client's `Debug` shows that it was called.
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.trust.anybody = true;
        self
    }

    /// Allows credentials over plain `http` to other machines, for operations and token URLs alike: **whoever is on the
    /// way can read them**. It is for networks that encrypt by themselves, such as a service mesh or a VPN. The client's
    /// `Debug` shows that it was called.
    ///
    /// Otherwise a client refuses to send a credential to an `http://` URL whose host is neither a loopback address nor
    /// exactly `localhost`: [`build`](Self::build) fails where the base URL is such a URL, and a call, before anything is
    /// sent, where a server of its operation is. The credentials of all security schemes count, whether they are sent as
    /// a header, in the query or as a cookie. Headers and query parameters that the caller adds are sent as they are.
    pub fn allow_insecure_http(mut self) -> Self {
        self.allow_insecure_http = true;
        self
    }

    /// Sets whether insecure HTTP is allowed.
    pub(super) fn insecure_http(mut self, allowed: bool) -> Self {
        self.allow_insecure_http = allowed;
        self
    }

    /// Sends all requests through this proxy, whatever the environment says: `http://`, `https://`, `socks5://`, or
    /// `socks5h://`, which leaves names to be resolved by the proxy. A user name and a password for the proxy stand in
    /// the URL, percent-encoded, and are shown nowhere.
    ///
    /// By default the proxy is that of the environment: `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, but not for the hosts
    /// that `NO_PROXY` lists. If the value of such a variable cannot be used, [`build`](Self::build) fails; it never falls
    /// back to direct connections. Requests over TLS go through a tunnel (`CONNECT`), so that the proxy sees the name of
    /// the server and nothing else.
    ///
    /// Requests to this machine itself never go through a proxy, neither this one nor one of the environment: those to
    /// `localhost`, `127.0.0.0/8` and `::1`, token requests included. Other names, `api.localhost` for instance, do not
    /// count as this machine, whatever they resolve to.
    ///
    /// ```text
    /// let client = Client::builder().proxy("http://user:password@proxy.example.com:3128").build()?;
    /// ```
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Sets when and how soon failed requests are sent again. The default is [`RetryPolicy::default`]: three attempts.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how many retries all calls of the client may make together. The default is [`RetryBudget::default`]: enough
    /// for a hundred failures in a row.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Whether redirects are followed, as they are by default: at most 10 in a call, and only within the scheme, host and
    /// port of the request, so that credentials never leave them. 301 and 302 are followed for GET and HEAD, 307 and 308
    /// for any method whose body can be sent again; 303 leads to a GET. What is not followed is an error of the kind
    /// [`Status`](super::ErrorKind::Status).
    ///
    /// A redirect that the spec documents as a response of an operation is an outcome of its calls, and not followed
    /// whatever is set here, unless the call itself has `redirects(true)`.
    pub fn redirects(mut self, followed: bool) -> Self {
        self.redirects = followed;
        self
    }

    /// Sends requests through this transport, in the place of the one made of `hyper` and `rustls`. Client
    /// certificates, root certificates, proxies, `resolve` and the limit of time of connections are then its own business.
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

    /// Limits how many bytes of a response body are read into memory, those of errors included. 16 MiB by default. Of a
    /// compressed response, the decoded bytes count. A call
    /// has a limit of its own after its `max_response_bytes()`; a [streamed](super::StreamedResponse) response may have
    /// any size; of a stream of items, each item is limited.
    ///
    /// The limit bounds the memory of the decoded value too, since a few bytes of JSON can become a large value: it may
    /// take 16 bytes for each byte of the body, and in addition 8 bytes for each byte of this limit (at least 64 MiB).
    /// That is 128 MiB and 16 times the body by default. A body that would become more is an error of the kind
    /// [`TooLarge`](super::ErrorKind::TooLarge).
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// There is no server to send to, a value cannot be sent, a proxy cannot be used, TLS cannot be set up, or a credential
    /// would be sent over plain `http` ([`allow_insecure_http`](Self::allow_insecure_http)).
    pub fn build(self) -> Result<S, BuildError> {
        self.build_api_client().map(S::from_api_client)
    }

    /// The same, without the type of the API around it.
    pub(super) fn build_api_client(self) -> Result<ApiClient, BuildError> {
        let servers = Servers::new(S::API, self.server)?;
        let headers = default_headers(S::API, self.user_agent.as_deref(), &self.headers)?;
        let (credentials, in_place) = Credentials::new(S::API, &servers, self.credentials, self.allow_insecure_http)?;
        let identity = match (in_place, self.identity) {
            (Some(in_place), Some(beside)) if !in_place.is_same(&beside) => {
                return Err(CredentialError::TwoCertificates.into());
            }
            (in_place, beside) => in_place.or(beside),
        };
        let transport = match self.transport {
            Some(transport) => transport,
            None => {
                let proxies = ProxyRules::new(&self.proxy, &|name| std::env::var_os(name));
                let proxies = proxies.map_err(|error| BuildError::Proxy(error.into()))?;
                let https = servers.is_https() || credentials.is_fetched_through_tls() || proxies.is_reached_by_tls();
                let tls = tls::client_config(https, &self.trust);
                let tls = tls.map_err(|error| BuildError::Tls(error.into()))?;
                let connect_timeout = self.timeouts.connect;
                Arc::new(HttpTransport::new(TransportOptions {
                    tls,
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
            credentials,
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

/// Shows no credentials and no header values.
impl<S> fmt::Debug for ClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes: Vec<_> = self.credentials.iter().map(|(scheme, _)| scheme).collect();
        let mut shown = f.debug_struct("ClientBuilder");
        shown.field("server", &self.server.server);
        shown.field("credentials", &schemes);
        shown.field("timeouts", &self.timeouts);
        shown.field("retry", &self.retry);
        if self.trust.anybody {
            shown.field("danger_accept_invalid_certificates", &true);
        }
        if self.allow_insecure_http {
            shown.field("allow_insecure_http", &true);
        }
        shown.finish_non_exhaustive()
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
