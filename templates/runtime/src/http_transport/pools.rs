//! Stores open connections: one pool for each Tokio runtime. All connections present the current client certificate.
//!
//! A connection is driven by a task of the runtime that created it. If that runtime is not being polled (such as a
//! `current_thread` runtime outside of `block_on`), its connections make no progress, and a request of another runtime
//! on such a connection would wait forever.

use std::sync::{Arc, PoisonError, RwLock, Weak};

use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
#[cfg(feature = "client-certificates")]
use rustls::client::Resumption;
#[cfg(feature = "client-certificates")]
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

#[cfg(feature = "client-certificates")]
use super::super::identity::ClientIdentity;
use super::super::request::RequestError;
use super::super::transport::BoxError;
use super::body::RequestBody;
use super::connector::{Connector, Route};
use super::{IDLE, PING_AFTER, PONG_WITHIN};

/// The maximum number of bytes that an HTTP/1.1 connection buffers. The status line and headers of a response must fit
/// into the buffer; those of real servers are shorter. With `hyper`'s default, about 400 KiB, a server that endlessly
/// sends interim responses (1xx) would keep a thread busy for seconds between two checks of the timeouts.
const MAX_HTTP1_BUFFER: usize = 128 * 1024;

/// The connection pool of one Tokio runtime.
pub type Pool = Client<Connector, RequestBody>;

/// The connection pools of a client, one for each Tokio runtime that uses the client.
pub struct Pools {
    #[cfg(feature = "client-certificates")]
    identity: Identity,
    state: Arc<RwLock<State>>,
}

/// The client certificate, and the settings from which connectors are created.
#[cfg(feature = "client-certificates")]
struct Identity {
    identity: Option<ClientIdentity>,
    tls: rustls::ClientConfig,
    route: Route,
}

struct State {
    /// The certificate that the connections present.
    #[cfg(feature = "client-certificates")]
    certificate: Option<Arc<CertifiedKey>>,
    connector: Connector,
    /// The pools; a `Vec`, because there is almost always only one.
    pools: Vec<Entry>,
    /// The number of entries created so far.
    created: u64,
}

struct Entry {
    runtime: Id,
    number: u64,
    pool: Pool,
    /// Dropping this sender with the entry ends the task that watches for the end of the runtime.
    _watched: oneshot::Sender<()>,
}

impl Pools {
    /// Creates pools without connections.
    pub fn new(
        tls: rustls::ClientConfig,
        #[cfg(feature = "client-certificates")] identity: Option<ClientIdentity>,
        route: Route,
    ) -> Self {
        #[cfg(feature = "client-certificates")]
        let identity = Identity { identity, tls, route };
        #[cfg(feature = "client-certificates")]
        let (certificate, connector) = identity.connector();
        #[cfg(not(feature = "client-certificates"))]
        let connector = Connector::new(route, tls);
        let state = State {
            #[cfg(feature = "client-certificates")]
            certificate,
            connector,
            pools: Vec::new(),
            created: 0,
        };
        Self {
            #[cfg(feature = "client-certificates")]
            identity,
            state: Arc::new(RwLock::new(state)),
        }
    }

    /// Returns the pool of the current runtime, whose connections present the current certificate of the identity. If
    /// the certificate has changed, all pools are replaced; connections with the old certificate end after their
    /// current requests.
    ///
    /// # Errors
    ///
    /// There is no Tokio runtime.
    pub fn get(&self) -> Result<Pool, BoxError> {
        let runtime = Handle::try_current().map_err(|_| RequestError::NoRuntime)?;
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let pool = state.pool(runtime.id());
        #[cfg(feature = "client-certificates")]
        let pool = pool.filter(|_| self.identity.is_current(&state));
        if let Some(pool) = pool {
            return Ok(pool);
        }
        drop(state);
        Ok(self.create(&runtime))
    }

    fn create(&self, runtime: &Handle) -> Pool {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        // Another request may have replaced the pools or created this pool in the meantime.
        #[cfg(feature = "client-certificates")]
        let old = self.identity.replace(&mut state);
        if let Some(pool) = state.pool(runtime.id()) {
            return pool;
        }
        let pool = pool(state.connector.clone());
        state.created = state.created.wrapping_add(1);
        let (watched, dropped) = oneshot::channel();
        let (runtime_id, number) = (runtime.id(), state.created);
        state.pools.push(Entry { runtime: runtime_id, number, pool: pool.clone(), _watched: watched });
        drop(state);
        #[cfg(feature = "client-certificates")]
        drop(old);
        // When a runtime ends, it drops its tasks. Dropping this task drops `end`, which locks the state and removes
        // the pool. The lock must not be held here, because a runtime that is shutting down drops the task immediately.
        let end = EndOfRuntime { number, state: Arc::downgrade(&self.state) };
        runtime.spawn(async move {
            let _end = end;
            let _ = dropped.await;
        });
        pool
    }
}

#[cfg(feature = "client-certificates")]
impl Identity {
    fn is_current(&self, state: &State) -> bool {
        match (&self.identity, &state.certificate) {
            (Some(identity), Some(certificate)) => Arc::ptr_eq(&identity.certified_key(), certificate),
            _ => true,
        }
    }

    /// Removes all pools if their connections present another certificate, and returns them. They must be dropped after
    /// the lock was released.
    fn replace(&self, state: &mut State) -> Vec<Entry> {
        if self.is_current(state) {
            return Vec::new();
        }
        (state.certificate, state.connector) = self.connector();
        std::mem::take(&mut state.pools)
    }

    /// Returns the current certificate, and a connector whose connections present it.
    fn connector(&self) -> (Option<Arc<CertifiedKey>>, Connector) {
        let certificate = self.identity.as_ref().map(ClientIdentity::certified_key);
        let mut tls = self.tls.clone();
        if let Some(certificate) = &certificate {
            tls.client_auth_cert_resolver = Arc::new(SingleCertAndKey::from(Arc::clone(certificate)));
            // A resumed session would present the certificate of its first handshake, so each certificate has a new
            // session cache.
            tls.resumption = Resumption::default();
        }
        (certificate, Connector::new(self.route.clone(), tls))
    }
}

impl State {
    fn pool(&self, runtime: Id) -> Option<Pool> {
        self.pools.iter().find(|entry| entry.runtime == runtime).map(|entry| entry.pool.clone())
    }
}

/// A guard that removes the pool of a runtime when dropped. Connections do not outlive their runtime, and a later
/// runtime may have the same identifier.
struct EndOfRuntime {
    number: u64,
    state: Weak<RwLock<State>>,
}

impl Drop for EndOfRuntime {
    fn drop(&mut self) {
        let Some(state) = self.state.upgrade() else { return };
        let mut state = state.write().unwrap_or_else(PoisonError::into_inner);
        let index = state.pools.iter().position(|entry| entry.number == self.number);
        let removed = index.map(|index| state.pools.swap_remove(index));
        // The connections are dropped after the lock was released.
        drop(state);
        drop(removed);
    }
}

fn pool(connector: Connector) -> Pool {
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .http1_max_buf_size(MAX_HTTP1_BUFFER)
        .http2_keep_alive_interval(PING_AFTER)
        .http2_keep_alive_timeout(PONG_WITHIN)
        .build(connector)
}
