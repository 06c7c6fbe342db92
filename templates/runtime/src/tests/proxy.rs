//! Proxies that cannot be used, and what is shown of those that can. What goes through one is in the tests of the
//! generated clients.

use super::sample::Client;

#[test]
fn a_proxy_is_checked_and_its_password_is_not_shown() {
    let builder = |url: &str| Client::builder().base_url("http://localhost").proxy(url);
    for url in ["http://user:secret@proxy:3128", "proxy:3128", "https://proxy", "socks5h://user:secret@proxy"] {
        let client = builder(url).build().unwrap();
        assert!(!format!("{:?} {client:?}", builder(url)).contains("secret"));
    }
    let rows = [
        ("ftp://user:secret@proxy", "the scheme is none of `http`, `https`, `socks5` and `socks5h`"),
        ("http://user:secret@", "empty host"),
        ("http://user:secret@proxy:port", "invalid port number"),
        ("", "empty host"),
    ];
    for (url, reason) in rows {
        let error = builder(url).build().unwrap_err();
        assert_eq!(error.to_string(), "the URL given to `proxy()` cannot be used");
        let shown =
            format!("{:?} {error:?}", std::error::Error::source(&error).unwrap().source().map(ToString::to_string));
        let said = format!("{shown} {}", std::error::Error::source(&error).unwrap());
        assert!(said.contains(reason) && !said.contains("secret"), "{url}: {said}");
    }
}

#[test]
fn danger_shows() {
    let builder = || Client::builder().base_url("https://localhost").danger_accept_invalid_certificates();
    for shown in [format!("{:?}", builder()), format!("{:?}", builder().build().unwrap())] {
        assert!(shown.contains("danger_accept_invalid_certificates: true"), "{shown}");
    }
    assert!(!format!("{:?}", Client::builder()).contains("danger"));
}
