//! Servers: choice, variables, prefixes; never a double slash, never a lost path.

use super::sample::Client;
use crate::runtime::server::{BaseUrl, ServerChoice};
use crate::runtime::{ServerError, Service};

fn resolve(choice: ServerChoice) -> Result<String, ServerError> {
    BaseUrl::resolve(Client::API, &choice).map(|base| base.join("/a/b"))
}

fn base(url: &str) -> Result<String, ServerError> {
    resolve(ServerChoice { base_url: Some(url.to_owned()), ..ServerChoice::default() })
}

fn variables(index: usize, variables: &[(&str, &str)]) -> Result<String, ServerError> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    resolve(ServerChoice { index, variables, ..ServerChoice::default() })
}

#[test]
fn bases_join_without_double_slash_or_lost_prefix() {
    let rows = [
        ("https://h.example", "https://h.example/a/b"),
        ("https://h.example/", "https://h.example/a/b"),
        ("https://h.example//", "https://h.example/a/b"),
        ("http://127.0.0.1:8080/KeyfactorAPI", "http://127.0.0.1:8080/KeyfactorAPI/a/b"),
        ("https://h.example/x/y/", "https://h.example/x/y/a/b"),
        (" https://[::1]:8443/x ", "https://[::1]:8443/x/a/b"),
    ];
    for (url, expected) in rows {
        assert_eq!(base(url).unwrap(), expected, "{url}");
    }
}

#[test]
fn unusable_bases_are_refused() {
    for url in ["h.example", "/x", "ftp://h", "https://u:secret@h", "https://h?x=secret", "https://h#x", "", "https://"]
    {
        let error = base(url).unwrap_err().to_string();
        assert!(!error.contains("secret"), "{url}: {error}");
    }
}

#[test]
fn variables_are_filled_and_checked() {
    assert_eq!(variables(0, &[]).unwrap(), "https://one.example.com/a/b");
    assert_eq!(variables(0, &[("host", "x.example:8443")]).unwrap(), "https://x.example:8443/a/b");
    assert_eq!(variables(0, &[("host", "x"), ("host", "y")]).unwrap(), "https://y/a/b");
    assert_eq!(variables(1, &[("tenant", "t"), ("stage", "v2")]).unwrap(), "https://t.example.com/v2/a/b");

    let missing = variables(1, &[]).unwrap_err().to_string();
    assert!(missing.contains("`tenant`") && missing.contains("server_variable(\"tenant\""), "{missing}");
    let not_allowed = variables(1, &[("tenant", "t"), ("stage", "v3")]).unwrap_err();
    assert!(matches!(&not_allowed, ServerError::NotAllowed { name, .. } if name == "stage"));
    assert!(not_allowed.to_string().contains("`v1`, `v2`"));
    let unknown = variables(0, &[("tenant", "t")]).unwrap_err();
    assert!(matches!(unknown, ServerError::NoSuchVariable { .. }));
    for value in ["", "a b", "user@evil", "https://x", "h?q", "h#f", "h\\x"] {
        assert!(variables(0, &[("host", value)]).is_err(), "{value}");
    }
}

#[test]
fn an_index_or_a_relative_url_is_explained() {
    let error = variables(9, &[]).unwrap_err().to_string();
    assert_eq!(error, "there is no server 9: the spec has 3, counted from 0");
    let error = variables(2, &[]).unwrap_err().to_string();
    assert!(error.contains("`/api/v1`") && error.contains("base_url()"), "{error}");
}

#[test]
fn the_host_prefix_is_put_once_and_never_before_an_address() {
    let rows = [
        ("https://one.example.com/x", "https://clientauth.one.example.com/x/a"),
        ("https://clientauth.one.example.com", "https://clientauth.one.example.com/a"),
        ("https://localhost:8443", "https://clientauth.localhost:8443/a"),
        ("https://127.0.0.1:8443", "https://127.0.0.1:8443/a"),
        ("https://[::1]/", "https://[::1]/a"),
    ];
    for (url, expected) in rows {
        let choice = ServerChoice { base_url: Some(url.to_owned()), ..ServerChoice::default() };
        let base = BaseUrl::resolve(Client::API, &choice).unwrap().with_host_prefix("clientauth.").unwrap();
        assert_eq!(base.join("/a"), expected, "{url}");
    }
}
