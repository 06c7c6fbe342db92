//! Tests of backpressure: a client stops reading its request body if the server does not read it, and stops reading the
//! response if the caller does not read it.

use std::fs::File;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use pki_clients::digicert_iot;
use pki_clients::digicert_mpki::Client;
use pki_clients::runtime::ErrorKind;
use tokio::sync::oneshot;

use super::server::Server;

/// The maximum number of bytes that the operating system and the client buffer for a connection.
const IN_FLIGHT: u64 = 32 * 1024 * 1024;

const SIZE: u64 = 256 * 1024 * 1024;

#[tokio::test]
async fn server_that_does_not_read_stops_the_upload() {
    let (go_on, gone_on) = mpsc::channel::<()>();
    let (tell, report) = oneshot::channel();
    let ends = Mutex::new(Some((gone_on, tell)));
    let server = Server::start(move |exchange| {
        let (gone_on, tell) = ends.lock().unwrap().take().unwrap();
        // Do not read until the client has disconnected.
        gone_on.recv().unwrap();
        tell.send(exchange.read(u64::MAX)).unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.zip");
    File::create(&path).unwrap().set_len(SIZE).unwrap();
    let builder = digicert_iot::Client::builder().api_key("key").base_url(server.url());
    let client = builder.idle_timeout(Duration::from_millis(500)).build().unwrap();
    let begun = Instant::now();
    let error = client.certificate_import().import_certificates("IOT_1", path).send().await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Timeout, false), "{error}");
    assert!(error.to_string().contains("no body data was sent for 500ms, the idle timeout"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    go_on.send(()).unwrap();
    let taken = report.await.unwrap();
    assert!(taken < IN_FLIGHT, "the client read {taken} bytes ahead");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn caller_that_does_not_read_stops_the_download() {
    let (tell, report) = oneshot::channel();
    let tell = Mutex::new(Some(tell));
    let server = Server::start(move |exchange| {
        exchange.begin("200 OK", "application/octet-stream", SIZE);
        let block = vec![b'x'; 64 * 1024];
        let mut written = 0;
        // If the client stops reading, a write of the server makes no progress and fails after this timeout.
        exchange.stream().set_write_timeout(Some(Duration::from_millis(500))).unwrap();
        let mut tell = tell.lock().unwrap().take();
        while written < SIZE {
            let left = usize::try_from(SIZE - written).unwrap().min(block.len());
            match std::io::Write::write(exchange.stream(), &block[..left]) {
                Ok(count) => written += count as u64,
                Err(error) => {
                    let Some(tell) = tell.take() else { panic!("after {written} bytes: {error}") };
                    tell.send(written).unwrap();
                    exchange.stream().set_write_timeout(None).unwrap();
                }
            }
        }
    });
    let client = Client::builder().api_key("key").base_url(server.url()).build().unwrap();
    let mut response = client.certificates().search().send_streamed().await.unwrap();
    let mut read = response.next().await.unwrap().unwrap().len() as u64;
    let written = report.await.unwrap();
    assert!(written < IN_FLIGHT, "the server wrote {written} unread bytes");
    // The download continues when the caller reads again.
    while let Some(chunk) = response.next().await {
        read += chunk.unwrap().len() as u64;
    }
    assert_eq!(read, SIZE);
}
