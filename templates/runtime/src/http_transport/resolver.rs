//! Resolves host names: to the addresses set by the builder's `resolve()`, or else with the operating system.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower_service::Service;

/// A resolver of host names.
#[derive(Clone)]
pub struct Resolver {
    /// The addresses that replace name resolution. The keys are lower case host names, as in URLs.
    overrides: Arc<HashMap<String, Vec<SocketAddr>>>,
    system: GaiResolver,
}

impl Resolver {
    /// Creates a resolver with these overrides. An address with port 0 uses the port of the request.
    pub fn new(overrides: Vec<(String, SocketAddr)>) -> Self {
        // If several addresses are set for a name, the last one is used.
        let overrides =
            overrides.into_iter().map(|(host, address)| (host.to_ascii_lowercase(), vec![address])).collect();
        Self { overrides: Arc::new(overrides), system: GaiResolver::new() }
    }
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.system.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        if let Some(addresses) = self.overrides.get(&name.as_str().to_ascii_lowercase()) {
            let addresses = addresses.clone().into_iter();
            return Box::pin(async move { Ok(addresses) });
        }
        let resolving = self.system.call(name);
        Box::pin(async move { Ok(resolving.await?.collect::<Vec<_>>().into_iter()) })
    }
}
