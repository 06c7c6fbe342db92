//! Tests of uploads of a file that changes: no request contains parts of two versions, and no POST is sent twice.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use pki_clients::digicert_iot::{Client, Error};
use pki_clients::runtime::ErrorKind;
use tokio::sync::oneshot;

use super::server::Server;

/// The two ways to send a file: as a part of a form, or as the complete body.
#[derive(Clone, Copy)]
enum Kind {
    Form,
    Bytes,
}

const KINDS: [Kind; 2] = [Kind::Form, Kind::Bytes];

/// Sends a file with an operation that is not retried after a part of the request has been sent.
async fn send(kind: Kind, server: &Server, path: &Path) -> Result<(), Error> {
    let client = Client::builder().api_key("key").base_url(server.url()).build().unwrap();
    match kind {
        Kind::Form => client.certificate_import().import_certificates("IOT_1", path).send().await.map(drop),
        Kind::Bytes => client.request(http::Method::POST, "/archive").body(path).send().await.map(drop),
    }
}

/// Sends a file to a server that responds with 429, and changes the file before the client retries. Asserts that the
/// call fails after one request.
async fn send_changed_between_attempts(what: &str, change: fn(&Path)) {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive.zip");
        fs::write(&path, "first").unwrap();
        let changed = path.clone();
        let server = Server::start(move |exchange| {
            exchange.read_all();
            if exchange.earlier == 0 {
                change(&changed);
                exchange.respond("429 Too Many Requests", "application/json", "{}");
            } else {
                exchange.respond("200 OK", "application/json", "{}");
            }
        });
        let error = send(kind, &server, &path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Body, "{what}: {error}");
        assert!(error.may_have_been_sent() && !error.is_retryable(), "{what}: {error}");
        assert!(error.to_string().contains("archive.zip cannot be sent"), "{what}: {error}");
        assert_eq!((error.attempts(), server.requests().len()), (1, 1), "{what}: {error}");
    }
}

fn set_modified(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[tokio::test]
async fn file_changed_between_attempts_is_an_error() {
    send_changed_between_attempts("a removed file", |path| fs::remove_file(path).unwrap()).await;
    send_changed_between_attempts("another length", |path| fs::write(path, "the second").unwrap()).await;
    send_changed_between_attempts("another time", |path| {
        fs::write(path, "FIRST").unwrap();
        // Change the modification time explicitly, because the clock of the file system may be too coarse to show the
        // change.
        set_modified(path, SystemTime::now() + Duration::from_secs(5));
    })
    .await;
    send_changed_between_attempts("a directory", |path| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
    })
    .await;
    #[cfg(unix)]
    send_changed_between_attempts("another file of the same length and time", |path| {
        let modified = fs::metadata(path).unwrap().modified().unwrap();
        let other = path.with_extension("new");
        fs::write(&other, "FIRST").unwrap();
        set_modified(&other, modified);
        fs::rename(&other, path).unwrap();
    })
    .await;
}

/// The length and the modification time of the file stay the same. Only the change time (`ctime`) of the inode shows
/// that the content has changed.
#[cfg(unix)]
#[tokio::test]
async fn same_file_with_restored_time_is_a_change() {
    send_changed_between_attempts("another content of the same length and time", |path| {
        let modified = fs::metadata(path).unwrap().modified().unwrap();
        fs::write(path, "FIRST").unwrap();
        set_modified(path, modified);
    })
    .await;
    send_changed_while_sent("another content of the same time", http::Method::POST, |path| {
        use std::io::Write;
        let modified = fs::metadata(path).unwrap().modified().unwrap();
        File::options().write(true).open(path).unwrap().write_all(b"other").unwrap();
        set_modified(path, modified);
    })
    .await;
}

/// A redirect that preserves method and body makes the client send the file again.
#[tokio::test]
async fn file_changed_before_redirect_is_an_error() {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive.zip");
        fs::write(&path, "first").unwrap();
        let changed = path.clone();
        let server = Server::start(move |exchange| {
            exchange.read_all();
            fs::write(&changed, "the second").unwrap();
            let head =
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: /there\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            exchange.write(head.as_bytes()).unwrap();
        });
        let error = send(kind, &server, &path).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Body, 1), "{error}");
        assert!(error.may_have_been_sent() && !error.is_retryable(), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn unchanged_file_is_sent_again() {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive.zip");
        fs::write(&path, "first").unwrap();
        let server = Server::start(move |exchange| {
            let body = exchange.read_all();
            assert!(body.windows(5).any(|window| window == b"first"));
            let status = if exchange.earlier == 0 { "429 Too Many Requests" } else { "200 OK" };
            exchange.respond(status, "application/json", "{}");
        });
        send(kind, &server, &path).await.unwrap();
        assert_eq!(server.requests().len(), 2);
    }
}

/// Sends a file that changes while it is being sent. Asserts that the call fails and that the server does not receive a
/// complete request.
async fn send_changed_while_sent(what: &str, method: http::Method, change: fn(&Path)) {
    const SIZE: u64 = 64 * 1024 * 1024;
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("archive.zip");
    File::create(&path).unwrap().set_len(SIZE).unwrap();
    set_modified(&path, SystemTime::now() - Duration::from_secs(60));
    let changed = path.clone();
    let (tell, report) = oneshot::channel();
    let tell = Mutex::new(Some(tell));
    let server = Server::start(move |exchange| {
        let length = exchange.head.length();
        let mut read = exchange.read(1024 * 1024);
        change(&changed);
        read += exchange.read(length - read);
        tell.lock().unwrap().take().unwrap().send((read, length)).unwrap();
        // Respond. If the client aborted the request, it has disconnected and does not receive this.
        exchange.respond("200 OK", "application/json", "{}");
    });
    let client = Client::builder().api_key("key").base_url(server.url()).build().unwrap();
    let error = client.request(method, "/archive").body(path.as_path()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Body, "{what}: {error}");
    assert!(error.may_have_been_sent() && !error.is_retryable(), "{what}: {error}");
    let (read, length) = report.await.unwrap();
    assert!(read < length, "{what}: the server received all {length} bytes");
    assert_eq!(server.requests().len(), 1, "{what}");
}

#[tokio::test]
async fn file_changed_while_sent_is_an_error() {
    for method in [http::Method::POST, http::Method::PUT] {
        send_changed_while_sent("cut", method.clone(), |path| {
            File::options().write(true).open(path).unwrap().set_len(2 * 1024 * 1024).unwrap();
        })
        .await;
        send_changed_while_sent("written to", method.clone(), |path| {
            use std::io::Write;
            File::options().write(true).open(path).unwrap().write_all(b"other").unwrap();
        })
        .await;
        send_changed_while_sent("grown", method, |path| {
            File::options().write(true).open(path).unwrap().set_len(65 * 1024 * 1024).unwrap();
        })
        .await;
    }
}

#[tokio::test]
async fn missing_file_is_an_error_before_sending() {
    for kind in KINDS {
        let server = Server::start(|exchange| exchange.respond("200 OK", "application/json", "{}"));
        let error = send(kind, &server, Path::new("/nowhere/archive.zip")).await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Request, false));
        assert!(error.to_string().contains("/nowhere/archive.zip cannot be sent"), "{error}");
        assert_eq!(server.requests().len(), 0);
    }
}
