//! Tests of credential providers: their secrets are cached and renewed, and their failures end calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::auth_servers::{Servers, accept_all};
use super::sample::{Client, Error};
use super::transport::Reply::Http;
use crate::runtime::{BoxError, BoxFuture, CredentialProvider, ErrorKind, Lease, Secret};

/// A credential provider that counts its calls.
#[derive(Clone, Default)]
struct Vault {
    calls: Arc<AtomicUsize>,
    term: Option<Duration>,
}

#[derive(Debug, thiserror::Error)]
#[error("the vault is sealed")]
struct Sealed;

impl CredentialProvider for Vault {
    fn lease(&self) -> BoxFuture<'_, Result<Lease, BoxError>> {
        Box::pin(async move {
            let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
            let lease = Lease::new(format!("key-{number}"));
            Ok(match self.term {
                Some(term) => lease.valid_for(term),
                None => lease,
            })
        })
    }
}

fn client_with_provider(servers: &Servers, provider: impl CredentialProvider) -> Client {
    servers.client_with(|builder| builder.api_key_provider(provider))
}

async fn call(client: &Client) -> Result<(), Error> {
    client.request(http::Method::GET, "/things").send().await.map(|_| ())
}

#[tokio::test(start_paused = true)]
async fn provider_is_called_once_and_secret_cached() {
    let (servers, vault) = (Servers::new(|_| unreachable!(), accept_all), Vault::default());
    let client = client_with_provider(&servers, vault.clone());
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    tokio::time::advance(Duration::from_secs(1_000_000)).await;
    call(&client).await.unwrap();
    assert_eq!((vault.calls.load(Ordering::SeqCst), servers.credentials()), (1, vec!["key-1".to_owned(); 65]));
}

#[tokio::test(start_paused = true)]
async fn lease_is_renewed_before_it_ends() {
    let servers = Servers::new(|_| unreachable!(), accept_all);
    let client = client_with_provider(&servers, Vault { term: Some(Duration::from_secs(100)), ..Vault::default() });
    call(&client).await.unwrap();
    tokio::time::advance(Duration::from_secs(89)).await;
    call(&client).await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    call(&client).await.unwrap();
    assert_eq!(servers.credentials(), ["key-1", "key-1", "key-2"]);

    let servers = Servers::new(|_| unreachable!(), accept_all);
    let client = client_with_provider(&servers, Vault { term: Some(Duration::ZERO), ..Vault::default() });
    call(&client).await.unwrap();
    call(&client).await.unwrap();
    assert_eq!(servers.credentials(), ["key-1", "key-2"]);
}

#[tokio::test(start_paused = true)]
async fn refused_secret_is_fetched_again() {
    let accepts_second = |_, shown: &str| Http(if shown == "key-2" { 200 } else { 401 }, &[], "{}");
    let servers = Servers::new(|_| unreachable!(), accepts_second);
    call(&client_with_provider(&servers, Vault::default())).await.unwrap();
    assert_eq!(servers.credentials(), ["key-1", "key-2"]);
}

#[tokio::test(start_paused = true)]
async fn unchanged_secret_is_not_retried() {
    let servers = Servers::new(|_| unreachable!(), |_, _| Http(401, &[], "key hunter2 is unknown"));
    let client = client_with_provider(&servers, || async { Ok("hunter2") });
    let error = call(&client).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), servers.credentials().len()), (401, 1));
    assert!(error.to_string().ends_with("key *** is unknown"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn provider_failure_ends_call_before_sending() {
    let servers = Servers::new(|_| unreachable!(), accept_all);
    let error = call(&client_with_provider(&servers, || async { Err::<Lease, _>(Sealed.into()) })).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), servers.credentials().len()), (ErrorKind::Credential, 0, 0));
    assert_eq!(
        error.to_string(),
        "request (GET /things): nothing was sent: the credential of the security scheme `ApiKey` could not be \
         obtained: the vault is sealed"
    );
    let mut causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
    assert!(causes.any(|cause| cause.is::<Sealed>()));
}

#[tokio::test(start_paused = true)]
async fn provided_secret_is_validated() {
    let servers = Servers::new(|_| unreachable!(), accept_all);
    let characters = "the credential from the credential provider is empty or contains characters that cannot be sent, such as a line break";
    for secret in ["hunter2\r\nx-injected: yes", "", "hunter2\0"] {
        let error = call(&client_with_provider(&servers, move || async move { Ok(secret) })).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credential);
        assert!(error.to_string().ends_with(characters) && !format!("{error:?}").contains("hunter2"), "{error}");
    }
    let error =
        call(&client_with_provider(&servers, || async { Ok(Lease::basic("user", "hunter2")) })).await.unwrap_err();
    assert!(error.to_string().ends_with("is of a kind that the scheme does not accept"), "{error}");
    let basic =
        servers.client_with(|builder| builder.basic_auth_provider(|| async { Ok(Lease::basic("user", "pass")) }));
    call(&basic).await.unwrap();
    assert_eq!(servers.credentials(), ["Basic dXNlcjpwYXNz"]);
    let lease = format!("{:?}", Lease::basic("user", "hunter2"));
    assert!(!lease.contains("hunter2"), "{lease}");
}

#[tokio::test(start_paused = true)]
async fn panicking_provider_does_not_affect_other_calls() {
    let servers = Servers::new(|_| unreachable!(), accept_all);
    let calls = Arc::new(AtomicUsize::new(0));
    let client = client_with_provider(&servers, move || {
        let number = calls.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert!(number > 0, "the first call panics");
            Ok(Secret::new("key"))
        }
    });
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client).await })
        })
        .collect();
    let mut succeeded = Vec::new();
    for task in tasks {
        succeeded.push(task.await.is_ok_and(|result| result.is_ok()));
    }
    assert_eq!(succeeded, [false, true, true, true]);
}

#[tokio::test(start_paused = true)]
async fn hanging_provider_ends_at_call_timeout() {
    let servers = Servers::new(|_| unreachable!(), accept_all);
    let client = client_with_provider(&servers, std::future::pending::<Result<Secret, BoxError>>);
    let call = client.request(http::Method::GET, "/things").timeout(Duration::from_secs(3)).send();
    assert!(call.await.unwrap_err().is_timeout());
}

#[tokio::test(start_paused = true)]
async fn provider_may_return_own_error_type() {
    async fn read() -> Result<String, Sealed> {
        Ok("key".to_owned())
    }
    let servers = Servers::new(|_| unreachable!(), accept_all);
    call(&client_with_provider(&servers, || async { Ok(read().await?) })).await.unwrap();
    assert_eq!(servers.credentials(), ["key"]);
}
