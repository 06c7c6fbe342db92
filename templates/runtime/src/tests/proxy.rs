//! Tests of proxy URLs: validation and masking. Calls through a proxy are tested with the generated clients.

use super::sample::Client;

#[test]
fn proxy_url_is_validated_and_password_hidden() {
    let builder = |url: &str| Client::builder().base_url("http://localhost").proxy(url);
    for url in ["http://user:secret@proxy:3128", "proxy:3128", "https://proxy", "socks5h://user:secret@proxy"] {
        let client = builder(url).build().unwrap();
        assert!(!format!("{:?} {client:?}", builder(url)).contains("secret"));
    }
    let rows = [
        ("ftp://user:secret@proxy", "the scheme is not `http`, `https`, `socks5` or `socks5h`"),
        ("http://user:secret@", "empty host"),
        ("http://user:secret@proxy:port", "invalid port number"),
        ("", "empty host"),
    ];
    for (url, reason) in rows {
        let error = builder(url).build().unwrap_err();
        assert_eq!(error.to_string(), "the URL given to `proxy()` cannot be used");
        let shown =
            format!("{:?} {error:?}", std::error::Error::source(&error).unwrap().source().map(ToString::to_string));
        let all = format!("{shown} {}", std::error::Error::source(&error).unwrap());
        assert!(all.contains(reason) && !all.contains("secret"), "{url}: {all}");
    }
}

#[test]
fn debug_shows_disabled_certificate_verification() {
    let builder = || Client::builder().base_url("https://localhost").danger_accept_invalid_certificates();
    for shown in [format!("{:?}", builder()), format!("{:?}", builder().build().unwrap())] {
        assert!(shown.contains("danger_accept_invalid_certificates: true"), "{shown}");
    }
    assert!(!format!("{:?}", Client::builder()).contains("danger"));
}
