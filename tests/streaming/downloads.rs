//! Tests of responses that are read in chunks or saved to a file. A saved file is complete, or is not created.

use std::fs;
use std::path::Path;
use std::time::Duration;

use pki_clients::digicert_mpki::operations::certificates::Search;
use pki_clients::digicert_mpki::{Client, ErrorBody};
use pki_clients::runtime::{ErrorKind, RetryPolicy};
use pki_clients::{digicert_iot, keyfactor_command};

use super::server::{Exchange, Server};

fn client(server: &Server) -> Client {
    Client::builder()
        .api_key("the-key")
        .base_url(server.url())
        .idle_timeout(Duration::from_millis(300))
        .build()
        .unwrap()
}

fn search(server: &Server) -> Search {
    client(server).certificates().search()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn response_has_status_headers_and_chunks() {
    let server = Server::start(|exchange| {
        exchange.write(b"HTTP/1.1 206 Partial Content\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
        exchange.write(b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n").unwrap();
    });
    let mut response = search(&server).send_streamed().await.unwrap();
    assert_eq!((response.status.as_u16(), response.header("x-a"), response.length()), (206, Some("b"), None));
    let mut body = Vec::new();
    while let Some(chunk) = response.next().await {
        body.extend_from_slice(&chunk.unwrap());
    }
    assert_eq!(body, b"abc");
    assert!(response.next().await.is_none());
}

#[tokio::test]
async fn all_clients_and_requests_by_path_can_stream() {
    let server = Server::start(|exchange| exchange.respond("200 OK", "application/octet-stream", "all of it"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("response");
    let iot = digicert_iot::Client::builder().api_key("key").base_url(server.url()).build().unwrap();
    let response = iot.authentication_certificates().get("device", "id").send_streamed().await.unwrap();
    assert_eq!(response.save(&path).await.unwrap(), 9);
    let keyfactor = keyfactor_command::Client::builder().basic_auth("user", "pass").base_url(server.url());
    let response = keyfactor.build().unwrap().request(http::Method::GET, "/report").send_streamed().await.unwrap();
    assert_eq!(response.length(), Some(9));
    // Saving replaces an existing file.
    fs::write(&path, "something that is longer").unwrap();
    assert_eq!(response.save(&path).await.unwrap(), 9);
    assert_eq!(fs::read_to_string(&path).unwrap(), "all of it");
    assert_eq!(names(folder.path()), ["response"]);
}

#[tokio::test]
async fn request_is_retried_until_the_response_begins() {
    let server = Server::start(|exchange| match exchange.earlier {
        0 => exchange.respond("503 Service Unavailable", "text/plain", "later"),
        // The server closes the connection within the response head.
        1 => exchange.write(b"HTTP/1.1 200 O").unwrap(),
        _ => exchange.respond("200 OK", "text/plain", "at last"),
    });
    let mut response = search(&server).send_streamed().await.unwrap();
    assert_eq!(response.next().await.unwrap().unwrap(), "at last");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn unsuccessful_status_is_a_status_error() {
    const BODY: &str = r#"{"errors":[{"code":"invalid","message":"no such"}]}"#;
    let server = Server::start(|exchange| exchange.respond("400 Bad Request", "application/json", BODY));
    let error = search(&server).send_streamed().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, 400));
    assert!(matches!(error.body(), Some(ErrorBody::ErrorEnvelope(_))), "{:?}", error.body());
}

/// A way in which a server interrupts a response.
type Breakage = fn(&mut Exchange);

const BREAKAGES: [(&str, Breakage); 3] = [
    ("shorter than its length", |exchange| {
        exchange.begin("200 OK", "text/plain", 1000);
        exchange.write(&[b'x'; 999]).unwrap();
    }),
    ("chunks that break off", |exchange| {
        exchange.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n").unwrap();
    }),
    ("a chunk that breaks off", |exchange| {
        exchange.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc").unwrap();
    }),
];

#[tokio::test]
async fn truncated_response_is_an_error_and_leaves_no_file() {
    for (what, breakage) in BREAKAGES {
        let server = Server::start(breakage);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("response");
        fs::write(&path, "the last good one").unwrap();
        let error = search(&server).send_streamed().await.unwrap().save(&path).await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Transport, 200), "{what}: {error}");
        assert_eq!(error.operation(), "searchCertificates");
        assert!(error.to_string().contains("the response was interrupted"), "{what}: {error}");
        assert!(error.may_have_been_sent() && error.is_retryable(), "{what}: {error}");
        assert!(!format!("{error} {error:?}").contains("the-key"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "the last good one");
        assert_eq!((names(folder.path()), server.requests().len()), (vec!["response".to_owned()], 1), "{what}");

        let mut response = search(&server).send_streamed().await.unwrap();
        while response.next().await.unwrap().is_ok() {}
        assert!(response.next().await.is_none(), "{what}: an item follows the error");
    }
}

#[tokio::test]
async fn response_that_stalls_times_out() {
    let server = Server::start(|exchange| {
        exchange.begin("200 OK", "text/plain", 1000);
        exchange.write(b"some").unwrap();
        // Wait until the client disconnects.
        exchange.read(1);
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("response");
    let builder = Client::builder().api_key("key").base_url(server.url()).idle_timeout(Duration::from_millis(300));
    let search = builder.build().unwrap().certificates().search();
    let error = search.send_streamed().await.unwrap().save(&path).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(error.to_string().contains("no body data was received for 300ms, the idle timeout"), "{error}");
    assert_eq!(names(folder.path()), [""; 0]);
}

#[tokio::test]
async fn progressing_response_may_exceed_the_timeout() {
    let server = Server::start(|exchange| {
        exchange.begin("200 OK", "text/plain", 60);
        for _ in 0..60 {
            exchange.write(b"x").unwrap();
            // Sending the body takes 1.2 seconds, longer than each timeout of the client.
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let builder = Client::builder().api_key("key").base_url(server.url()).retry(RetryPolicy::none());
    let short = Duration::from_secs(1);
    let client = builder.timeout(short).attempt_timeout(short).idle_timeout(short).build().unwrap();
    let begun = std::time::Instant::now();
    let mut response = client.certificates().search().send_streamed().await.unwrap();
    while let Some(chunk) = response.next().await {
        chunk.unwrap();
    }
    assert!(begun.elapsed() > short, "the response must take longer than the timeout");
}

#[tokio::test]
async fn response_may_exceed_the_limit_of_bodies_in_memory() {
    let server = Server::start(|exchange| exchange.respond("200 OK", "application/json", &"x".repeat(1000)));
    let builder = Client::builder().api_key("key").base_url(server.url()).max_response_bytes(999);
    let client = builder.build().unwrap();
    let error = client.certificates().search().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let folder = tempfile::tempdir().unwrap();
    let response = client.certificates().search().send_streamed().await.unwrap();
    assert_eq!(response.save(folder.path().join("response")).await.unwrap(), 1000);
}

#[tokio::test]
async fn unwritable_file_is_reported() {
    let server = Server::start(|exchange| exchange.respond("200 OK", "text/plain", "content"));
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    for path in [folder.path().join("nowhere/response"), taken, Path::new("/").to_owned()] {
        let error = search(&server).send_streamed().await.unwrap().save(&path).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::File, false), "{error}");
        assert!(error.to_string().contains("the response cannot be saved as /"), "{error}");
        assert!(error.may_have_been_sent());
    }
    assert_eq!(names(folder.path()), ["taken"]);
}

#[cfg(unix)]
#[tokio::test]
async fn saved_file_is_private_and_keeps_mode_of_replaced_file() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let server = Server::start(|exchange| exchange.respond("200 OK", "text/plain", "content"));
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mode = |name: &str| fs::symlink_metadata(at(name)).unwrap().permissions().mode() & 0o7777;
    let save = async |name: &str| search(&server).send_streamed().await.unwrap().save(at(name)).await.unwrap();

    save("new").await;
    assert_eq!(mode("new"), 0o600);
    for kept in [0o600, 0o640, 0o644, 0o400] {
        fs::write(at("old"), "before").ok();
        fs::set_permissions(at("old"), fs::Permissions::from_mode(kept)).unwrap();
        save("old").await;
        assert_eq!((mode("old"), fs::read_to_string(at("old")).unwrap()), (kept, "content".to_owned()));
    }
    // If the path is a symbolic link, saving replaces the link and does not change its target.
    fs::write(at("target"), "before").unwrap();
    symlink(at("target"), at("link")).unwrap();
    save("link").await;
    assert!(!at("link").is_symlink());
    assert_eq!((mode("link"), fs::read_to_string(at("target")).unwrap()), (0o600, "before".to_owned()));
}

#[cfg(unix)]
#[tokio::test]
async fn file_is_private_while_being_saved() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start(|exchange| {
        exchange.begin("200 OK", "text/plain", 1000);
        exchange.write(b"some").unwrap();
        exchange.read(1);
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("response");
    fs::write(&path, "before").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let mut saving = Box::pin(search(&server).send_streamed().await.unwrap().save(&path));
    while names(folder.path()).len() < 2 {
        tokio::time::timeout(Duration::from_millis(5), &mut saving).await.unwrap_err();
    }
    let partial = names(folder.path()).into_iter().find(|name| name.ends_with(".part")).unwrap();
    assert_eq!(fs::metadata(folder.path().join(partial)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn dropped_download_leaves_no_file() {
    let server = Server::start(|exchange| {
        exchange.begin("200 OK", "text/plain", 1000);
        exchange.write(b"some").unwrap();
        exchange.read(1);
    });
    let folder = tempfile::tempdir().unwrap();
    let response = search(&server).send_streamed().await.unwrap();
    let path = folder.path().join("response");
    let mut saving = Box::pin(response.save(&path));
    // Wait until the temporary file exists.
    while names(folder.path()).is_empty() {
        tokio::time::timeout(Duration::from_millis(5), &mut saving).await.unwrap_err();
    }
    assert!(names(folder.path())[0].starts_with(".response."));
    drop(saving);
    assert_eq!(names(folder.path()), [""; 0]);
}
