//! Tests of HTTP/2: the client uses it if the server supports it, and makes concurrent calls over one connection.

use http::{Method, Version};

use super::outcome::{NAME, assert_each_arrives_once, builder};
use super::server::Server;
use crate::wire::authority::Authority;

async fn server(authority: &Authority, alpn: &[&[u8]]) -> Server {
    let mut config = authority.server(NAME);
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
    Server::start(config).await
}

#[tokio::test]
async fn http_version_is_negotiated() {
    let authority = Authority::new();
    let rows: [(&[&[u8]], Version); 4] = [
        (&[b"h2", b"http/1.1"], Version::HTTP_2),
        (&[b"h2"], Version::HTTP_2),
        (&[b"http/1.1"], Version::HTTP_11),
        // This server does not support ALPN.
        (&[], Version::HTTP_11),
    ];
    for (alpn, version) in rows {
        let server = server(&authority, alpn).await;
        assert_each_arrives_once(&server, &builder(&server, &authority).build().unwrap()).await;
        assert!(server.requests().iter().all(|request| request.version == version), "{alpn:?}");
        // The second call reused the connection of the first.
        assert_eq!(server.connections(), (1, 1));
    }
}

#[tokio::test]
async fn concurrent_calls_share_an_http2_connection() {
    let authority = Authority::new();
    let server = server(&authority, &[b"h2"]).await;
    let client = builder(&server, &authority).build().unwrap();
    client.request(Method::GET, "/x").send().await.unwrap();
    let calls: Vec<_> = (0..16).map(|_| tokio::spawn(client.request(Method::GET, "/x").send())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (17, (1, 1)));
}

#[tokio::test]
async fn head_response_has_a_length_and_no_body() {
    let authority = Authority::new();
    for alpn in [&b"h2"[..], b"http/1.1"] {
        let server = server(&authority, &[alpn]).await;
        let client = builder(&server, &authority).build().unwrap();
        let response = client.request(Method::HEAD, "/x").send().await.unwrap();
        assert_eq!((&response.headers["content-length"], response.body.len()), (&"2".parse().unwrap(), 0));
        assert_eq!(server.requests().len(), 1);
    }
}
