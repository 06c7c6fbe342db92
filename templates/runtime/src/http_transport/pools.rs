//! The connections that are kept: one pool for each Tokio runtime, all of them for the present client certificate.
//!
//! A connection is driven by a task of the runtime that made it. If that runtime stands still, as one of the kind
//! `current_thread` does outside of `block_on`, so do its connections; a request from another runtime would wait for
//! them in vain.

use std::sync::{Arc, PoisonError, RwLock, Weak};

use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::client::Resumption;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

use super::super::identity::ClientIdentity;
use super::super::request::RequestError;
use super::super::transport::BoxError;
use super::body::RequestBody;
use super::connector::{Connector, Route};
use super::{IDLE, PING_AFTER, PONG_WITHIN};

/// The most bytes that an HTTP/1.1 connection reads ahead: status line and headers of a response have to fit, and are
/// allowed more than servers send. The default of `hyper`, about 400 KiB, lets a server that sends interim responses
/// (status 1xx) without end keep a worker busy for seconds between two checks of the time limits.
const MAX_HTTP1_BUFFER: usize = 128 * 1024;

/// The connections of one runtime.
pub type Pool = Client<Connector, RequestBody>;

/// The pools of all runtimes that use a client.
pub struct Pools {
    tls: rustls::ClientConfig,
    identity: Option<ClientIdentity>,
    route: Route,
    state: Arc<RwLock<State>>,
}

struct State {
    /// The certificate that the connections show.
    certificate: Option<Arc<CertifiedKey>>,
    connector: Connector,
    /// Nearly always one, so a list is searched fastest.
    pools: Vec<Entry>,
    /// Numbers the entries.
    created: u64,
}

struct Entry {
    runtime: Id,
    number: u64,
    pool: Pool,
    /// Ends the task that watches for the end of the runtime, once the entry is dropped.
    _watched: oneshot::Sender<()>,
}

impl Pools {
    /// Pools without connections.
    pub fn new(tls: rustls::ClientConfig, identity: Option<ClientIdentity>, route: Route) -> Self {
        let certificate = identity.as_ref().map(ClientIdentity::certified_key);
        let connector = connector(&tls, certificate.as_ref(), &route);
        let state = State { certificate, connector, pools: Vec::new(), created: 0 };
        Self { tls, identity, route, state: Arc::new(RwLock::new(state)) }
    }

    /// The pool of the present runtime, whose connections show the certificate that the identity holds now. If that is a
    /// new one, all pools are new: connections that show the old one end with the requests under way on them.
    ///
    /// # Errors
    ///
    /// There is no Tokio runtime.
    pub fn get(&self) -> Result<Pool, BoxError> {
        let runtime = Handle::try_current().map_err(|_| RequestError::NoRuntime)?;
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        if self.is_current(&state)
            && let Some(pool) = state.pool(runtime.id())
        {
            return Ok(pool);
        }
        drop(state);
        Ok(self.create(&runtime))
    }

    fn create(&self, runtime: &Handle) -> Pool {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let mut old = Vec::new();
        // Another request may have been first.
        if !self.is_current(&state) {
            state.certificate = self.identity.as_ref().map(ClientIdentity::certified_key);
            state.connector = connector(&self.tls, state.certificate.as_ref(), &self.route);
            old = std::mem::take(&mut state.pools);
        } else if let Some(pool) = state.pool(runtime.id()) {
            return pool;
        }
        let pool = pool(state.connector.clone());
        state.created = state.created.wrapping_add(1);
        let (watched, dropped) = oneshot::channel();
        let (runtime_id, number) = (runtime.id(), state.created);
        state.pools.push(Entry { runtime: runtime_id, number, pool: pool.clone(), _watched: watched });
        drop(state);
        drop(old);
        // A runtime drops its tasks when it ends, and this one's value with it. Not under the lock: a runtime that is
        // ending drops the task at once.
        let end = EndOfRuntime { number, state: Arc::downgrade(&self.state) };
        runtime.spawn(async move {
            let _end = end;
            let _ = dropped.await;
        });
        pool
    }

    fn is_current(&self, state: &State) -> bool {
        match (&self.identity, &state.certificate) {
            (Some(identity), Some(certificate)) => Arc::ptr_eq(&identity.certified_key(), certificate),
            _ => true,
        }
    }
}

impl State {
    fn pool(&self, runtime: Id) -> Option<Pool> {
        self.pools.iter().find(|entry| entry.runtime == runtime).map(|entry| entry.pool.clone())
    }
}

/// Removes the pool of a runtime when it is dropped: connections do not outlive their runtime, and a later runtime may get
/// the same identifier.
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
        // The connections are dropped without the lock.
        drop(state);
        drop(removed);
    }
}

fn connector(tls: &rustls::ClientConfig, certificate: Option<&Arc<CertifiedKey>>, route: &Route) -> Connector {
    let mut tls = tls.clone();
    if let Some(certificate) = certificate {
        tls.client_auth_cert_resolver = Arc::new(SingleCertAndKey::from(Arc::clone(certificate)));
        // A resumed session shows the certificate that it began with.
        tls.resumption = Resumption::default();
    }
    Connector::new(route.clone(), tls)
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
