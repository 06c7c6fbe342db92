//! Credentials from a provider: when it is asked, and what becomes of calls where it fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::renewal::{Servers, anybody};
use super::sample::{Client, Error};
use super::transport::Answer::Http;
use crate::runtime::{BoxError, BoxFuture, CredentialProvider, ErrorKind, Lease, Secret};

/// A vault that counts how often it is asked.
#[derive(Clone, Default)]
struct Vault {
    asked: Arc<AtomicUsize>,
    term: Option<Duration>,
}

#[derive(Debug, thiserror::Error)]
#[error("the vault is sealed")]
struct Sealed;

impl CredentialProvider for Vault {
    fn lease(&self) -> BoxFuture<'_, Result<Lease, BoxError>> {
        Box::pin(async move {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
            let lease = Lease::new(format!("key-{number}"));
            Ok(match self.term {
                Some(term) => lease.valid_for(term),
                None => lease,
            })
        })
    }
}

fn with(servers: &Servers, provider: impl CredentialProvider) -> Client {
    servers.built(|builder| builder.api_key_provider(provider))
}

async fn call(client: &Client) -> Result<(), Error> {
    client.request(http::Method::GET, "/things").send().await.map(|_| ())
}

#[tokio::test(start_paused = true)]
async fn it_is_asked_once_and_its_secret_kept() {
    let (servers, vault) = (Servers::new(|_| unreachable!(), anybody), Vault::default());
    let client = with(&servers, vault.clone());
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
    assert_eq!((vault.asked.load(Ordering::SeqCst), servers.shown()), (1, vec!["key-1".to_owned(); 65]));
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_before_its_term_ends() {
    let servers = Servers::new(|_| unreachable!(), anybody);
    let client = with(&servers, Vault { term: Some(Duration::from_secs(100)), ..Vault::default() });
    call(&client).await.unwrap();
    tokio::time::advance(Duration::from_secs(89)).await;
    call(&client).await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    call(&client).await.unwrap();
    assert_eq!(servers.shown(), ["key-1", "key-1", "key-2"]);

    let servers = Servers::new(|_| unreachable!(), anybody);
    let client = with(&servers, Vault { term: Some(Duration::ZERO), ..Vault::default() });
    call(&client).await.unwrap();
    call(&client).await.unwrap();
    assert_eq!(servers.shown(), ["key-1", "key-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_secret_is_asked_for_again() {
    let takes_second = |_, shown: &str| Http(if shown == "key-2" { 200 } else { 401 }, &[], "{}");
    let servers = Servers::new(|_| unreachable!(), takes_second);
    call(&with(&servers, Vault::default())).await.unwrap();
    assert_eq!(servers.shown(), ["key-1", "key-2"]);
}

#[tokio::test(start_paused = true)]
async fn the_same_secret_is_not_tried_twice() {
    let servers = Servers::new(|_| unreachable!(), |_, _| Http(401, &[], "key hunter2 is unknown"));
    let client = with(&servers, || async { Ok("hunter2") });
    let error = call(&client).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), servers.shown().len()), (401, 1));
    assert!(error.to_string().ends_with("key *** is unknown"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn its_failure_ends_the_call_before_anything_is_sent() {
    let servers = Servers::new(|_| unreachable!(), anybody);
    let error = call(&with(&servers, || async { Err::<Lease, _>(Sealed.into()) })).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), servers.shown().len()), (ErrorKind::Credential, 0, 0));
    assert_eq!(
        error.to_string(),
        "request (GET /things): nothing was sent: the credential of the security scheme `ApiKey` could not be had: the \
         vault is sealed"
    );
    let mut causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
    assert!(causes.any(|cause| cause.is::<Sealed>()));
}

#[tokio::test(start_paused = true)]
async fn what_it_gives_is_held_to_the_same_rules() {
    let servers = Servers::new(|_| unreachable!(), anybody);
    let characters = "what the provider gave is empty or holds characters that cannot be sent, such as a line break";
    for secret in ["hunter2\r\nx-injected: yes", "", "hunter2\0"] {
        let error = call(&with(&servers, move || async move { Ok(secret) })).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credential);
        assert!(error.to_string().ends_with(characters) && !format!("{error:?}").contains("hunter2"), "{error}");
    }
    let error = call(&with(&servers, || async { Ok(Lease::basic("user", "hunter2")) })).await.unwrap_err();
    assert!(error.to_string().ends_with("is of a kind that the scheme does not take"), "{error}");
    let basic = servers.built(|builder| builder.basic_auth_provider(|| async { Ok(Lease::basic("user", "pass")) }));
    call(&basic).await.unwrap();
    assert_eq!(servers.shown(), ["Basic dXNlcjpwYXNz"]);
    let lease = format!("{:?}", Lease::basic("user", "hunter2"));
    assert!(!lease.contains("hunter2"), "{lease}");
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_harms_no_other_call() {
    let servers = Servers::new(|_| unreachable!(), anybody);
    let asked = Arc::new(AtomicUsize::new(0));
    let client = with(&servers, move || {
        let number = asked.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert!(number > 0, "the first one panics");
            Ok(Secret::new("key"))
        }
    });
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client).await })
        })
        .collect();
    let mut ends = Vec::new();
    for task in tasks {
        ends.push(task.await.is_ok_and(|result| result.is_ok()));
    }
    assert_eq!(ends, [false, true, true, true]);
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_is_held_to_the_limit_of_the_call() {
    let servers = Servers::new(|_| unreachable!(), anybody);
    let client = with(&servers, std::future::pending::<Result<Secret, BoxError>>);
    let call = client.request(http::Method::GET, "/things").timeout(Duration::from_secs(3)).send();
    assert!(call.await.unwrap_err().is_timeout());
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_callers_own_are_taken_over() {
    async fn read() -> Result<String, Sealed> {
        Ok("key".to_owned())
    }
    let servers = Servers::new(|_| unreachable!(), anybody);
    call(&with(&servers, || async { Ok(read().await?) })).await.unwrap();
    assert_eq!(servers.shown(), ["key"]);
}
