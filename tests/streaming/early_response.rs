//! Tests with a server that responds before it has read the request body and then stops reading: the call returns the
//! response instead of a connection error.

use std::fs::File;
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::{Mutex, mpsc};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use pki_clients::digicert_iot::{Client, Error};
use pki_clients::runtime::{Body, BoxError, ErrorKind};

use super::server::{Exchange, Server};

const SIZE: u64 = 64 * 1024 * 1024;

fn client(server: &Server) -> Client {
    Client::builder().api_key("key").base_url(server.url()).build().unwrap()
}

async fn upload(server: &Server) -> Error {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.zip");
    File::create(&path).unwrap().set_len(SIZE).unwrap();
    let error = client(server).certificate_import().import_certificates("IOT_1", path).send().await.unwrap_err();
    assert_eq!((server.requests().len(), error.attempts()), (1, 1));
    error
}

fn refuse(exchange: &mut Exchange) {
    exchange.respond("413 Content Too Large", "application/json", r#"{"errors":[{"code":"too_large"}]}"#);
}

fn is_refusal(error: &Error) -> bool {
    error.kind() == ErrorKind::Status && error.status().unwrap().as_u16() == 413
}

#[tokio::test]
async fn response_before_server_reads_the_rest_is_returned() {
    let server = Server::start(|exchange| {
        refuse(exchange);
        exchange.read(u64::MAX);
    });
    let error = upload(&server).await;
    assert!(is_refusal(&error), "{error}");
}

#[tokio::test]
async fn response_with_connection_close_is_returned() {
    let server = Server::start(|exchange| {
        exchange.read(100_000);
        refuse(exchange);
        exchange.stream().shutdown(Shutdown::Write).unwrap();
        exchange.read(u64::MAX);
    });
    let error = upload(&server).await;
    assert!(is_refusal(&error), "{error}");
}

/// A request body that sends a message for each block that the client reads from it.
struct ReportingBody(mpsc::Sender<()>);

impl Stream for ReportingBody {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let _ = self.0.send(());
        Poll::Ready(Some(Ok(Bytes::from_static(&[0; 64 * 1024]))))
    }
}

/// The response and the end of the connection arrive while the client waits for the server to read the body.
#[tokio::test]
async fn response_before_close_is_returned_while_the_client_waits() {
    let (tell, taken) = mpsc::channel();
    let taken = Mutex::new(taken);
    let server = Server::start(move |exchange| {
        // Wait until the client reads no more blocks.
        while taken.lock().unwrap().recv_timeout(Duration::from_millis(300)).is_ok() {}
        refuse(exchange);
    });
    let body = Body::stream(ReportingBody(tell), Some(1 << 40));
    let error = client(&server).request(http::Method::PUT, "/archive").body(body).send().await.unwrap_err();
    assert!(is_refusal(&error), "{error}");
}

/// While the client is writing, it may notice the end of the connection before it reads the response. The call then
/// fails with an unknown outcome and is not retried.
#[tokio::test]
async fn close_while_the_client_writes_is_not_retried() {
    for _ in 0..20 {
        let server = Server::start(|exchange| {
            exchange.read(100_000);
            refuse(exchange);
        });
        let error = upload(&server).await;
        let is_honest = error.kind() == ErrorKind::Transport && error.may_have_been_sent() && !error.is_retryable();
        assert!(is_refusal(&error) || is_honest, "{error}");
    }
}
