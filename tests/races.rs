//! Test of a keep-alive race: a server closes each connection right after its response, while the client sends the next
//! POST on the connection.

use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::time::Duration;

use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::IssueCertificateRequest;
use pki_clients::runtime::RetryPolicy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

const RACES: usize = 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn post_on_closing_connection_arrives_at_most_once() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut connections = 0;
        while let Ok((stream, _)) = listener.accept().await {
            let (arrived, delay) = (arrived.clone(), connections % 40);
            connections += 1;
            tokio::spawn(async move {
                serve_one(stream, delay, &arrived).await;
            });
        }
    });
    let builder = Client::builder().base_url(format!("http://{address}")).api_key("k");
    // Retries are disabled, so that only the transport could send a request twice.
    let client = builder.retry(RetryPolicy::none()).timeout(Duration::from_secs(20)).build().unwrap();
    let (mut responses, mut unknown) = (0, 0);
    for race in 0..RACES {
        let request = IssueCertificateRequest::new().with_csr(format!("request {race}"));
        match client.certificates().issue(request).send().await {
            Ok(_) => responses += 1,
            Err(error) => {
                assert!(error.may_have_been_sent(), "{error}");
                unknown += 1;
            }
        }
    }
    println!("{responses} responses, {unknown} unknown");
    let mut bodies = HashSet::new();
    while let Ok(body) = arrivals.try_recv() {
        assert!(bodies.insert(body), "a POST arrived twice");
    }
    assert_eq!(responses + unknown, RACES);
    assert!(bodies.len() >= responses, "{} arrived, {responses} responses", bodies.len());
}

/// Reads a request, reports its body to `arrived`, responds, yields to other tasks `delay` times, and closes the
/// connection. Reports nothing if the client closed the connection without a request.
async fn serve_one(mut stream: TcpStream, delay: u32, arrived: &mpsc::UnboundedSender<String>) {
    let (mut read, mut block) = (Vec::new(), [0; 4096]);
    while !read.ends_with(b"}") {
        match stream.read(&mut block).await {
            Ok(length) if length > 0 => read.extend_from_slice(&block[..length]),
            _ => return,
        }
    }
    let text = String::from_utf8(read).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    // Report the request before responding, so that each request with a response has been reported.
    arrived.send(body.to_owned()).unwrap();
    let response =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 22\r\n\r\n{\"serial_number\":\"01\"}";
    // Writing fails if the client has disconnected, which is not an error of the test.
    let _ = stream.write_all(response.as_bytes()).await;
    for _ in 0..delay {
        tokio::task::yield_now().await;
    }
}
