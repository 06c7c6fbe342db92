//! The state that all calls of a client share.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use super::api::ApiInfo;
use super::budget::RetryBudget;
#[cfg(feature = "credentials")]
use super::credentials::Credentials;
use super::request::texts;
use super::retry::RetryPolicy;
use super::sealed::Sealed;
use super::secret::Secret;
use super::server::Servers;
use super::timeouts::Timeouts;
use super::transport::Transport;

/// A client of an API, as created by its builder. Only generated code implements this trait.
pub trait Service: Sealed + Sized {
    /// The static description of the API.
    const API: &'static ApiInfo;

    /// Wraps the shared state in the generated client type.
    #[doc(hidden)]
    fn from_api_client(inner: ApiClient) -> Self;
}

/// The shared state of a client; cheap to clone.
#[derive(Clone)]
pub struct ApiClient(Arc<Shared>);

/// The settings of a client.
pub struct Shared {
    /// The static description of the API.
    pub api: &'static ApiInfo,
    /// The servers that requests are sent to.
    pub servers: Servers,
    /// Whether server certificates are verified.
    pub verifies_servers: bool,
    /// The credentials of all security schemes.
    #[cfg(feature = "credentials")]
    pub credentials: Credentials,
    /// Whether credentials may be sent over plain `http` to other machines.
    #[cfg(feature = "credentials")]
    pub allow_insecure_http: bool,
    /// The headers sent with every request.
    pub headers: HeaderMap,
    /// The timeouts of calls and attempts.
    pub timeouts: Timeouts,
    /// The retry policy.
    pub retry: RetryPolicy,
    /// The retry budget that all calls share.
    pub retry_budget: RetryBudget,
    /// Whether redirects to the same scheme, host and port are followed.
    pub redirects: bool,
    /// The maximum number of bytes of a response body that are read into memory.
    pub max_response_bytes: u64,
    /// The transport that sends requests.
    pub transport: Arc<dyn Transport>,
}

impl ApiClient {
    pub(super) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.0
    }

    /// Returns the static description of the API.
    pub fn api(&self) -> &'static ApiInfo {
        self.0.api
    }

    /// Returns the strings that error messages must mask: credentials and values of default headers.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        let headers = self.0.headers.iter().filter_map(|(name, value)| Some((name, value.to_str().ok()?)));
        let headers = headers.flat_map(|(name, value)| texts(name.as_str(), value)).map(Secret::from);
        #[cfg(feature = "credentials")]
        let headers = self.0.credentials.secrets().into_iter().chain(headers);
        headers.collect()
    }
}

/// Shows the base URL and the security schemes that have credentials, but no secrets.
impl fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ApiClient");
        debug.field("api", &self.0.api.name);
        debug.field("base_url", &self.0.servers);
        #[cfg(feature = "credentials")]
        debug.field("credentials", &self.0.credentials);
        if !self.0.verifies_servers {
            debug.field("danger_accept_invalid_certificates", &true);
        }
        #[cfg(feature = "credentials")]
        if self.0.allow_insecure_http {
            debug.field("allow_insecure_http", &true);
        }
        debug.finish_non_exhaustive()
    }
}
