//! Tests with servers with which the TLS handshake fails, or that close the connection right after the handshake.

use std::sync::Arc;
use std::time::Duration;

use pki_clients::runtime::ErrorKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use super::outcome::{NAME, assert_nothing_sent, builder, calls};
use super::server::{Server, read_some};
use crate::wire::authority::Authority;

/// Starts a server that sends these bytes after the first message of the client, and closes the connection.
async fn responding(bytes: &'static [u8]) -> Server {
    Server::of(move |mut stream| async move {
        read_some(&mut stream).await;
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await
}

async fn assert_no_handshake(server: Server, reason: &str) {
    let client = builder(&server, &Authority::new()).build().unwrap();
    assert_nothing_sent(&server, &client, reason).await;
}

#[tokio::test]
async fn server_without_supported_tls_version_is_reported() {
    // The server sends the alert `protocol_version` of TLS 1.0.
    assert_no_handshake(responding(&[21, 3, 1, 0, 2, 2, 70]).await, "the server supports neither TLS 1.2 nor 1.3")
        .await;
    // A `ServerHello` of TLS 1.1, with 32 random bytes, no session, TLS_RSA_WITH_AES_128_CBC_SHA and no compression.
    const HELLO: &[u8] = &{
        let mut hello = [7; 5 + 4 + 38];
        let head = [22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
        let tail = [0, 0, 0x2f, 0];
        let mut at = 0;
        while at < head.len() {
            hello[at] = head[at];
            at += 1;
        }
        at = 0;
        while at < tail.len() {
            hello[hello.len() - tail.len() + at] = tail[at];
            at += 1;
        }
        hello
    };
    assert_no_handshake(responding(HELLO).await, "the server supports neither TLS 1.2 nor 1.3").await;
}

#[tokio::test]
async fn server_that_closes_during_the_handshake_is_reported() {
    let reason = "the server closed the connection during the TLS handshake";
    assert_no_handshake(responding(&[]).await, reason).await;
    // The server closes the connection without reading the data of the client, which resets the connection.
    let resetting = Server::of(|stream| async move { drop(stream) }).await;
    assert_no_handshake(resetting, "the request was not sent").await;
}

#[tokio::test]
async fn server_silent_during_the_handshake_times_out() {
    let silent = Server::of(|stream| async move {
        let _open = stream;
        std::future::pending().await
    })
    .await;
    let client = builder(&silent, &Authority::new()).connect_timeout(Duration::from_millis(50)).build().unwrap();
    for outcome in calls(&client).await {
        let failed = outcome.unwrap_err();
        println!("{}", failed.line);
        assert!(failed.line.contains("no connection was established before the timeout"), "{failed:?}");
        assert_eq!((failed.kind, failed.sent, failed.attempts), (ErrorKind::Timeout, false, 3), "{failed:?}");
    }
    assert_eq!(silent.connections().0, 6);
}

/// The server closes the connection after the handshake, so the outcome of the request is unknown and a POST is not
/// retried.
#[tokio::test]
async fn post_is_not_retried_if_server_closes_after_the_handshake() {
    let authority = Authority::new();
    let acceptor = TlsAcceptor::from(Arc::new(authority.server(NAME)));
    let server = Server::of(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
        }
    })
    .await;
    let client = builder(&server, &authority).build().unwrap();
    let [get, post] = calls(&client).await.map(Result::unwrap_err);
    println!("{}\n{}", get.line, post.line);
    assert_eq!((get.kind, get.sent, get.attempts), (ErrorKind::Transport, true, 3), "{get:?}");
    assert_eq!((post.kind, post.sent, post.attempts), (ErrorKind::Transport, true, 1), "{post:?}");
    assert_eq!(server.connections().0, 4);
}

#[tokio::test]
async fn server_without_tls_is_reported() {
    let http = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    assert_no_handshake(responding(http).await, "the server does not speak TLS on this port").await;
}
