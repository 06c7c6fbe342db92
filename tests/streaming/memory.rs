//! Tests of the memory that a client uses for large bodies. The client runs in a child process, whose peak memory is
//! measured; the server runs in the test.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use pki_clients::digicert_mpki::ErrorBody;
use pki_clients::runtime::StreamedResponse;
use pki_clients::{digicert_iot, digicert_mpki, keyfactor_command};

use super::server::Server;

/// The maximum resident memory of the client process, in bytes. Includes the program and its libraries.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The environment variable that makes this program a client. It contains the task of the client.
const TASK: &str = "STREAMING_TASK";

/// The block that the server writes repeatedly.
const ZEROS: &[u8] = &[0; 256 * 1024];

/// The size in bytes of bodies that take no space on the disk: sparse files, and responses that are not saved.
const SIZE: u64 = 2 * 1024 * 1024 * 1024;

/// The size of the body that is saved to disk, in bytes.
const SAVED: u64 = 256 * 1024 * 1024;

/// Creates a sparse file of [`SIZE`] and returns its path.
fn sparse(folder: &Path) -> String {
    let path = folder.join("large.zip");
    File::create(&path).unwrap().set_len(SIZE).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Not a test by itself: runs a task in the client processes, for which the other tests set [`TASK`].
#[tokio::test(flavor = "current_thread")]
async fn child_transfers_large_body() {
    let Ok(task) = env::var(TASK) else { return };
    match task.split(' ').collect::<Vec<_>>().as_slice() {
        ["multipart", url, path] => {
            let client = digicert_iot::Client::builder().api_key("key").base_url(*url).build().unwrap();
            client.certificate_import().import_certificates("IOT_1", Path::new(path)).send().await.unwrap();
        }
        ["octet-stream", url, path] => {
            let client = keyfactor_command::Client::builder().basic_auth("user", "password").base_url(*url);
            let request = client.build().unwrap().request(http::Method::POST, "/archive").body(Path::new(path));
            request.send().await.unwrap();
        }
        ["read", url, _] => {
            let mut response = download(url).await;
            let mut read = 0;
            while let Some(chunk) = response.next().await {
                read += chunk.unwrap().len() as u64;
            }
            assert_eq!((read, response.length()), (SIZE, Some(SIZE)));
        }
        ["save", url, path] => assert_eq!(download(url).await.save(path).await.unwrap(), SAVED),
        other => panic!("{other:?}"),
    }
    println!("peak={}", peak());
}

async fn download(url: &str) -> StreamedResponse<ErrorBody> {
    let client = digicert_mpki::Client::builder().api_key("key").base_url(url).build().unwrap();
    client.certificates().search().send_streamed().await.unwrap()
}

/// Returns the peak resident memory of this process in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
}

/// Runs a task in a client process, and asserts that its peak memory is within [`LIMIT`].
fn measure(task: &str, size: u64, path: &str, server: &Server) {
    let begun = Instant::now();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "streaming::memory::child_transfers_large_body", "--nocapture"]);
    let output = command.env(TASK, format!("{task} {} {path}", server.url())).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let peak: u64 = text.lines().find_map(|line| line.strip_prefix("peak=")).unwrap().parse().unwrap();
    let (mib, seconds) = (size >> 20, begun.elapsed().as_secs_f64());
    println!("{task}: {mib} MiB in {seconds:.1} s through {:.1} MiB of memory", peak as f64 / f64::from(1 << 20));
    assert!(peak <= LIMIT, "{task} of {mib} MiB took {peak} bytes of memory");
}

#[test]
fn form_from_disk_is_not_held_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = sparse(folder.path());
    let server = Server::start(|exchange| {
        let length = exchange.head.length();
        assert!(length > SIZE && length < SIZE + 1024, "{length}");
        assert_eq!(exchange.read(length), length);
        exchange.respond("200 OK", "application/json", "{}");
    });
    measure("multipart", SIZE, &path, &server);
}

#[test]
fn bytes_from_disk_are_not_held_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = sparse(folder.path());
    let server = Server::start(|exchange| {
        assert_eq!(exchange.head.header("content-type"), Some("application/octet-stream"));
        assert_eq!(exchange.head.length(), SIZE);
        let read = exchange.read_with(SIZE, |block| assert!(*block == ZEROS[..block.len()]));
        assert_eq!(read, SIZE);
        exchange.respond("200 OK", "application/json", "{}");
    });
    measure("octet-stream", SIZE, &path, &server);
}

/// Starts a server that responds with this many zeros.
fn zeros(size: u64) -> Server {
    Server::start(move |exchange| {
        exchange.begin("200 OK", "application/octet-stream", size);
        let mut left = size;
        while left > 0 {
            let block = &ZEROS[..ZEROS.len().min(usize::try_from(left).unwrap())];
            exchange.write(block).unwrap();
            left -= block.len() as u64;
        }
    })
}

#[test]
fn chunks_of_response_are_not_held_in_memory() {
    measure("read", SIZE, "-", &zeros(SIZE));
}

#[test]
fn response_saved_to_disk_is_not_held_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("response").to_str().unwrap().to_owned();
    measure("save", SAVED, &path, &zeros(SAVED));
    assert_eq!(fs::metadata(&path).unwrap().len(), SAVED);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
