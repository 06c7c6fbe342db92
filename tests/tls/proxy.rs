//! Tests of requests through a proxy on loopback, configured by the builder or the environment. TLS connections use a
//! tunnel through the proxy; requests over plain HTTP are forwarded by the proxy.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use pki_clients::digicert_mpki::Client;
use pki_clients::keyfactor_command;
use pki_clients::runtime::{ClientCredentials, ErrorKind, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::child_process;
use super::outcome::NAME;
use super::server::{Server, read_some};
use crate::wire::authority::Authority;

/// A proxy that requires a password. It connects all tunnels to the same server, regardless of their target.
struct Proxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

const PASSWORD: &str = "p@ss:word";

impl Proxy {
    /// Starts a proxy that connects tunnels to `server` and responds to plain HTTP requests itself.
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

/// Reads and returns the head of a request.
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
async fn tls_uses_a_tunnel() {
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
        // Both calls use one tunnel. The proxy only sees the host name of the server.
        let [head] = proxy.heads().try_into().unwrap();
        assert!(head.starts_with("CONNECT one.digicert.com:443 HTTP/1.1\r\n"), "{head}");
        assert!(!head.contains("hunter2") && !head.contains("secret-path"), "{head}");
        assert!(!format!("{client:?}").contains("p%40ss"));
    }
}

#[tokio::test]
async fn plain_http_is_forwarded() {
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
async fn plain_http_may_use_an_https_proxy() {
    let authority = Authority::new();
    let server = Server::start(authority.server(NAME)).await;
    let builder =
        Client::builder().base_url("http://pki.example").allow_insecure_http().proxy(server.url(NAME)).api_key("k");
    let client = builder.resolve(NAME, server.address()).root_certificate_pem(authority.pem()).build().unwrap();
    client.request(Method::GET, "/y").send().await.unwrap();
    assert_eq!((server.requests().len(), server.connections()), (1, (1, 1)));
}

#[tokio::test]
async fn refused_proxy_authorization_sends_nothing() {
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

    // For plain HTTP, the client returns the response of the proxy.
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
async fn unreachable_proxy_is_reported() {
    let client = Client::builder().proxy("http://user:wrong-password@127.0.0.1:1").api_key("k").build().unwrap();
    let error = client.request(Method::POST, "/x").send().await.unwrap_err();
    println!("{error}");
    assert!(!error.may_have_been_sent() && !format!("{error} {error:?}").contains("wrong-password"), "{error}");
}

#[tokio::test]
async fn proxy_is_read_from_environment() {
    let client = || Client::builder().base_url("http://pki.example").allow_insecure_http().api_key("k");
    match child_process::role().as_deref() {
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
                child_process::run("tls::proxy::proxy_is_read_from_environment", role, &variables).await
            };
            for (role, no_proxy, heads) in [("proxied", "", 1), ("direct", "", 1), ("proxied", "other.example", 2)] {
                let output = run(role, no_proxy).await;
                assert!(output.status.success(), "{role}: {}", String::from_utf8_lossy(&output.stdout));
                assert_eq!(proxy.heads().len(), heads, "{role}");
            }
            // `pki.example` is in `NO_PROXY`, so the client connects to it directly. This fails, because the host name
            // does not exist.
            assert!(!run("proxied", "pki.example").await.status.success());
            assert_eq!(proxy.heads().len(), 2);
            assert!(proxy.heads().iter().all(|head| head.starts_with("GET http://pki.example/by-environment ")));
        }
    }
}

/// Requests to loopback addresses and `localhost` never use a proxy. Requests to other names use the proxy, even if the
/// names resolve to a loopback address.
#[tokio::test]
async fn loopback_is_never_proxied() {
    let client = |host: &str, port: u16| {
        let builder = Client::builder().base_url(format!("http://{host}:{port}")).allow_insecure_http();
        builder.api_key("k").retry(RetryPolicy::none())
    };
    if let Some(port) = child_process::role() {
        let port = port.parse().unwrap();
        for host in ["127.0.0.1", "localhost"] {
            client(host, port).build().unwrap().request(Method::GET, "/direct").send().await.unwrap();
        }
        let other = client("evil.localhost", port).build().unwrap();
        other.request(Method::GET, "/proxied").send().await.unwrap();
        return;
    }
    let direct = Proxy::start((Ipv4Addr::LOCALHOST, 1).into()).await;
    let proxy = Proxy::start((Ipv4Addr::LOCALHOST, 1).into()).await;
    let port = direct.address.port();
    // Configure the proxy by the builder. `direct` acts as the server, and responds to direct requests with 407,
    // because they have no proxy password.
    for host in ["127.0.0.1", "localhost"] {
        let client = client(host, port).proxy(proxy.url(USER)).build().unwrap();
        let error = client.request(Method::GET, "/direct").send().await.unwrap_err();
        assert_eq!(error.status().unwrap(), 407, "{host}");
    }
    assert!(proxy.heads().is_empty() && direct.heads().iter().all(|head| head.starts_with("GET /direct ")));
    assert!(direct.heads().iter().all(|head| !head.to_ascii_lowercase().contains("proxy-authorization")));
    for host in ["evil.localhost", "localhost.example", "api.example.test"] {
        let client = client(host, port).proxy(proxy.url(USER)).build().unwrap();
        client.request(Method::GET, "/proxied").send().await.unwrap();
    }
    assert_eq!(proxy.heads().len(), 3);
    // Configure the proxy by the environment.
    let server = Server::of(|mut stream| async move {
        read_some(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").await;
    })
    .await;
    let url = proxy.url(USER);
    let port = server.address().port().to_string();
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let before = (proxy.heads().len(), server.connections().0);
        let output = child_process::run("tls::proxy::loopback_is_never_proxied", &port, &[(variable, &url)]).await;
        assert!(output.status.success(), "{variable}: {}", String::from_utf8_lossy(&output.stdout));
        assert_eq!((proxy.heads().len(), server.connections().0), (before.0 + 1, before.1 + 2), "{variable}");
    }
}

/// The client secret is sent directly to a token endpoint on loopback, not through the proxy.
#[tokio::test]
async fn token_request_to_loopback_is_not_proxied() {
    let server = Server::of(|mut stream| async move {
        let request = String::from_utf8(read_some(&mut stream).await).unwrap();
        let body = if request.contains("/token") { r#"{"access_token":"t","token_type":"bearer"}"# } else { "{}" };
        let length = body.len();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        let _ = stream.write_all((head + body).as_bytes()).await;
    })
    .await;
    let proxy = Proxy::start(server.address()).await;
    let port = server.address().port();
    for host in ["localhost", "127.0.0.1"] {
        let credentials = ClientCredentials::new("id", "hunter2").token_url(format!("http://{host}:{port}/token"));
        let builder = keyfactor_command::Client::builder().base_url("http://127.0.0.1:".to_owned() + &port.to_string());
        let builder = builder.bearer_auth_client_credentials(credentials).proxy(proxy.url(USER));
        builder.build().unwrap().request(Method::GET, "/x").send().await.unwrap();
    }
    assert!(proxy.heads().is_empty(), "{:?}", proxy.heads());
    let credentials = ClientCredentials::new("id", "hunter2").token_url("http://evil.localhost/token");
    let builder = keyfactor_command::Client::builder().base_url("https://pki.example");
    builder.bearer_auth_client_credentials(credentials).build().unwrap_err();
}

/// If the proxy in the environment is unusable, the client fails instead of connecting directly.
#[tokio::test]
async fn unusable_proxy_of_environment_is_an_error() {
    if let Some(variable) = child_process::role() {
        let error = Client::builder().api_key("k").build().unwrap_err();
        let mut message = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            message.push_str(&format!(": {error}"));
            source = error.source();
        }
        assert!(message.contains(&format!("`{variable}`")), "{message}");
        assert!(!message.contains("hunter2") && !format!("{error:?}").contains("hunter2"), "{message} {error:?}");
        Client::builder().api_key("k").no_proxy().build().unwrap();
        Client::builder().api_key("k").proxy("http://proxy.example").build().unwrap();
        return;
    }
    let values = [
        "ftp://user:hunter2@proxy.example",
        "http://user:hunter2@",
        "http://user:hunter2@proxy.example:port",
        "socks4://user:hunter2@proxy.example",
        "http://user:hunter2@proxy.example:99999",
        "hunter2 hunter2",
        "http://user:hunter2 @proxy.example\u{7f}",
    ];
    let run = async |variable: &str, variables: &[(&str, &str)]| {
        let output =
            child_process::run("tls::proxy::unusable_proxy_of_environment_is_an_error", variable, variables).await;
        assert!(output.status.success(), "{variables:?}: {}", String::from_utf8_lossy(&output.stdout));
    };
    for value in values {
        run("HTTPS_PROXY", &[("HTTPS_PROXY", value)]).await;
    }
    for variable in ["https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        run(variable, &[(variable, "ftp://user:hunter2@proxy.example")]).await;
    }
    // An empty variable is treated as unset.
    run("ALL_PROXY", &[("HTTPS_PROXY", ""), ("ALL_PROXY", "ftp://user:hunter2@proxy.example")]).await;
}

/// There are two handshakes: with the proxy, and inside the tunnel with the server.
#[tokio::test]
async fn tls_uses_a_tunnel_through_an_https_proxy() {
    let authority = Authority::new();
    let server = Server::start(authority.server(NAME)).await;
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(authority.server("proxy.example")));
    let target = server.address();
    let proxy = Server::of(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            assert!(head.starts_with(b"CONNECT one.digicert.com:443 HTTP/1.1\r\n"));
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            let mut server = TcpStream::connect(target).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut server).await;
        }
    })
    .await;
    let builder = Client::builder().proxy(proxy.url("proxy.example")).resolve("proxy.example", proxy.address());
    let client = builder.root_certificate_pem(authority.pem()).api_key("k").build().unwrap();
    client.request(Method::GET, "/x").send().await.unwrap();
    client.request(Method::POST, "/x").send().await.unwrap();
    assert_eq!((server.requests().len(), proxy.connections().0), (2, 1));
}

/// With `socks5h`, the proxy receives the host name. With `socks5`, it receives the address that the client resolved.
#[tokio::test]
async fn socks_proxy_gets_password_and_name_or_address() {
    let authority = Authority::new();
    let server = Server::start(authority.server(NAME)).await;
    let target = server.address();
    let (asked, mut questions) = tokio::sync::mpsc::unbounded_channel();
    let proxy = Server::of(move |mut stream| {
        let asked = asked.clone();
        async move {
            // RFC 1928, section 3, and RFC 1929, section 2.
            assert_eq!(read_some(&mut stream).await, [5, 1, 2]);
            stream.write_all(&[5, 2]).await.unwrap();
            assert_eq!(read_some(&mut stream).await, [b"\x01\x04user\x09".as_slice(), PASSWORD.as_bytes()].concat());
            stream.write_all(&[1, 0]).await.unwrap();
            asked.send(read_some(&mut stream).await).unwrap();
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
            let mut server = TcpStream::connect(target).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut server).await;
        }
    })
    .await;
    let name = [&[5, 1, 0, 3, 16], NAME.as_bytes(), &443u16.to_be_bytes()].concat();
    let address = [&[5, 1, 0, 1, 192, 0, 2, 7][..], &443u16.to_be_bytes()].concat();
    for (scheme, question) in [("socks5h", name), ("socks5", address)] {
        let builder = Client::builder().proxy(format!("{scheme}://{USER}{}", proxy.address()));
        let builder = builder.resolve(NAME, (Ipv4Addr::new(192, 0, 2, 7), 0).into());
        let client = builder.root_certificate_pem(authority.pem()).api_key("k").build().unwrap();
        client.request(Method::GET, "/x").send().await.unwrap();
        assert_eq!(questions.recv().await.unwrap(), question);
    }
    assert_eq!(server.requests().len(), 2);
}
