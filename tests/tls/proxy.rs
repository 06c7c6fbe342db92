//! Requests through a proxy on loopback: TLS through its tunnel, plain HTTP as it is; by the builder and by the
//! environment.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use pki_clients::digicert_mpki::Client;
use pki_clients::runtime::ErrorKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::again;
use crate::authority::Authority;
use crate::outcome::NAME;
use crate::server::Server;

/// A proxy that leads all requests to one server, whatever they are for, if they know its password.
struct Proxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

const PASSWORD: &str = "p@ss:word";

impl Proxy {
    /// `server` is where tunnels lead; plain requests are answered by the proxy itself.
    async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(proxy(stream, server, Arc::clone(&recorded)));
            }
        });
        Self { address, heads }
    }

    fn url(&self, user: &str) -> String {
        format!("http://{user}{}", self.address)
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn proxy(mut stream: TcpStream, server: SocketAddr, heads: Arc<Mutex<Vec<String>>>) {
    let head = head(&mut stream).await;
    let authorization = format!("proxy-authorization: Basic {}\r\n", STANDARD.encode(format!("user:{PASSWORD}")));
    let is_known = head.to_ascii_lowercase().contains(&authorization.to_ascii_lowercase());
    let is_tunnel = head.starts_with("CONNECT ");
    heads.lock().unwrap().push(head);
    if !is_known {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let _ = stream.write_all(refusal.as_bytes()).await;
    } else if is_tunnel {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut server = TcpStream::connect(server).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut server).await;
    } else {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").await;
    }
}

/// The head of a request, without bodies.
async fn head(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => read.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(read).unwrap()
}

const USER: &str = "user:p%40ss%3Aword@";

#[tokio::test]
async fn tls_goes_through_a_tunnel() {
    let authority = Authority::new();
    for alpn in [&b"h2"[..], b"http/1.1"] {
        let mut config = authority.server(NAME);
        config.alpn_protocols = vec![alpn.to_vec()];
        let server = Server::start(config).await;
        let proxy = Proxy::start(server.address()).await;
        let client = Client::builder().proxy(proxy.url(USER)).root_certificate_pem(authority.pem()).api_key("hunter2");
        let client = client.build().unwrap();
        for method in [Method::GET, Method::POST] {
            client.request(method, "/secret-path").send().await.unwrap();
        }
        assert_eq!(server.requests().len(), 2);
        // One tunnel, and of what goes through it the proxy knows but the name.
        let [head] = proxy.heads().try_into().unwrap();
        assert!(head.starts_with("CONNECT one.digicert.com:443 HTTP/1.1\r\n"), "{head}");
        assert!(!head.contains("hunter2") && !head.contains("secret-path"), "{head}");
        assert!(!format!("{client:?}").contains("p%40ss"));
    }
}

#[tokio::test]
async fn plain_http_is_handed_over() {
    let proxy = Proxy::start((Ipv4Addr::LOCALHOST, 1).into()).await;
    let client = Client::builder()
        .base_url("http://pki.example/x")
        .allow_insecure_http()
        .proxy(proxy.url(USER))
        .api_key("k")
        .build()
        .unwrap();
    client.request(Method::GET, "/y").query("a", "b").send().await.unwrap();
    let [head] = proxy.heads().try_into().unwrap();
    assert!(head.starts_with("GET http://pki.example/x/y?a=b HTTP/1.1\r\n"), "{head}");
}

#[tokio::test]
async fn a_proxy_may_be_reached_through_tls_for_plain_http() {
    let authority = Authority::new();
    let server = Server::start(authority.server(NAME)).await;
    let builder =
        Client::builder().base_url("http://pki.example").allow_insecure_http().proxy(server.url(NAME)).api_key("k");
    let client = builder.resolve(NAME, server.address()).root_certificate_pem(authority.pem()).build().unwrap();
    client.request(Method::GET, "/y").send().await.unwrap();
    assert_eq!((server.requests().len(), server.connections()), (1, (1, 1)));
}

#[tokio::test]
async fn a_proxy_that_refuses_has_sent_nothing() {
    let authority = Authority::new();
    let server = Server::start(authority.server(NAME)).await;
    let proxy = Proxy::start(server.address()).await;
    let client = Client::builder().proxy(proxy.url("user:wrong-password@")).api_key("hunter2").build().unwrap();
    let error = client.request(Method::POST, "/x").send().await.unwrap_err();
    println!("{error}");
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Transport, false), "{error}");
    assert!(error.to_string().contains("proxy authorization required"), "{error}");
    assert!(!format!("{error} {error:?}").contains("wrong-password"));
    assert_eq!(server.connections(), (0, 0));

    // For plain HTTP the proxy's answer is the answer.
    let client = Client::builder()
        .base_url("http://pki.example")
        .allow_insecure_http()
        .proxy(proxy.url(""))
        .api_key("k")
        .build()
        .unwrap();
    let error = client.request(Method::POST, "/x").send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 407);
}

#[tokio::test]
async fn a_proxy_that_is_not_there() {
    let client = Client::builder().proxy("http://user:wrong-password@127.0.0.1:1").api_key("k").build().unwrap();
    let error = client.request(Method::POST, "/x").send().await.unwrap_err();
    println!("{error}");
    assert!(!error.may_have_been_sent() && !format!("{error} {error:?}").contains("wrong-password"), "{error}");
}

#[tokio::test]
async fn the_environment_names_a_proxy() {
    let client = || Client::builder().base_url("http://pki.example").allow_insecure_http().api_key("k");
    match again::role().as_deref() {
        Some("proxied") => {
            client().build().unwrap().request(Method::GET, "/by-environment").send().await.unwrap();
        }
        Some(_) => {
            let direct = client().no_proxy().resolve("pki.example", (Ipv4Addr::LOCALHOST, 1).into());
            let error = direct.build().unwrap().request(Method::GET, "/x").send().await.unwrap_err();
            assert!(!error.may_have_been_sent(), "{error}");
        }
        None => {
            let proxy = Proxy::start((Ipv4Addr::LOCALHOST, 1).into()).await;
            let url = proxy.url(USER);
            let run = async |role, no_proxy| {
                let variables = [("HTTP_PROXY", &*url), ("NO_PROXY", no_proxy)];
                again::run("proxy::the_environment_names_a_proxy", role, &variables).await
            };
            for (role, no_proxy, heads) in [("proxied", "", 1), ("direct", "", 1), ("proxied", "other.example", 2)] {
                let output = run(role, no_proxy).await;
                assert!(output.status.success(), "{role}: {}", String::from_utf8_lossy(&output.stdout));
                assert_eq!(proxy.heads().len(), heads, "{role}");
            }
            // What `NO_PROXY` lists is not asked of the proxy; it is asked of nobody, for the name does not exist.
            assert!(!run("proxied", "pki.example").await.status.success());
            assert_eq!(proxy.heads().len(), 2);
            assert!(proxy.heads().iter().all(|head| head.starts_with("GET http://pki.example/by-environment ")));
        }
    }
}
