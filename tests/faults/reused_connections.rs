//! Tests with idle connections that the server closes before the client reuses them: no POST is sent twice.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::IssueCertificateRequest;
use pki_clients::runtime::{ErrorKind, RetryPolicy};

use super::responses::{certificate, ok};
use super::server::{Request, Server, Step};

fn client(address: impl std::fmt::Display) -> Client {
    let builder = Client::builder().base_url(format!("http://{address}")).api_key("key-of-the-tests");
    // Retries are disabled, so that only the transport could send a request twice.
    builder.retry(RetryPolicy::none()).timeout(Duration::from_secs(10)).build().unwrap()
}

#[tokio::test]
async fn connection_known_to_be_closed_is_not_reused() {
    let server = Server::start(|_: &Request| [ok("01"), vec![Step::Close]].concat()).await;
    let client = client(server.address());
    for round in 1..=20 {
        client.certificates().issue(IssueCertificateRequest::new()).send().await.unwrap();
        // The connection has ended on both sides, so the client knows that it is closed.
        server.wait_for_ended_connections(round).await;
        assert_eq!((server.requests(), server.connections()), (round, round));
    }
}

/// The single-threaded runtime of the client is blocked while the server closes the connection. So the client sends the
/// next POST on a connection before it notices that the connection is closed.
#[tokio::test]
async fn post_on_connection_closed_unnoticed_arrives_at_most_once() {
    const ROUNDS: usize = 50;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (arrived, arrivals) = mpsc::channel();
    let (closed, close) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if let Some(body) = serve_one(&mut stream) {
                arrived.send(body).unwrap();
            }
            drop(stream);
            closed.send(()).unwrap();
        }
    });
    let client = client(address);
    let (mut responses, mut unknown) = (0, 0);
    for round in 0..ROUNDS {
        let request = IssueCertificateRequest::new().with_csr(format!("request {round}"));
        match client.certificates().issue(request).send().await {
            // The server closes the connection after the response. Waiting for this blocks the thread, so that the
            // tasks of the client do not run.
            Ok(_) => {
                responses += 1;
                close.recv().unwrap();
            }
            Err(error) => {
                assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Transport, true), "{error}");
                unknown += 1;
            }
        }
    }
    let arrivals: Vec<String> = arrivals.try_iter().collect();
    let distinct: HashSet<_> = arrivals.iter().collect();
    assert_eq!(arrivals.len(), distinct.len(), "{arrivals:?}");
    assert_eq!((responses + unknown, arrivals.len()), (ROUNDS, responses));
}

/// Reads a request and responds. Returns the request body, or `None` if the client closed the connection without a
/// request.
fn serve_one(stream: &mut TcpStream) -> Option<String> {
    let (mut read, mut block) = (String::new(), [0; 4096]);
    while !read.contains("\r\n\r\n") || !read.ends_with('}') {
        let length = stream.read(&mut block).unwrap_or(0);
        if length == 0 {
            return None;
        }
        read.push_str(std::str::from_utf8(&block[..length]).unwrap());
    }
    let body = certificate("01");
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    read.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
}
