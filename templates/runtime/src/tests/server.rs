//! Tests of the server URL: selection, variables, host prefixes, and joining with paths.

use super::sample::Client;
use super::transport::Recorder;
use crate::runtime::server::{BaseUrl, ServerChoice, Servers, Which};
use crate::runtime::{ApiInfo, ErrorKind, ServerError, ServerInfo, ServerVariable, Service};

fn resolve(choice: ServerChoice) -> Result<String, ServerError> {
    let servers = Servers::new(Client::API, choice)?;
    servers.base(&[], None).map(|base| uri(&base, "/a/b"))
}

/// Returns the URI of a request to a path.
fn uri(base: &BaseUrl, path: &str) -> String {
    base.uri(base.join(path)).unwrap().to_string()
}

fn base(url: &str) -> Result<String, ServerError> {
    resolve(ServerChoice { base_url: Some(url.to_owned()), ..ServerChoice::default() })
}

fn variables(index: usize, variables: &[(&str, &str)]) -> Result<String, ServerError> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    resolve(ServerChoice { server: Which::Index(index), variables, ..ServerChoice::default() })
}

#[test]
fn base_url_joins_path_without_double_slash() {
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
fn invalid_base_url_is_rejected() {
    for url in ["h.example", "/x", "ftp://h", "https://u:secret@h", "https://h?x=secret", "https://h#x", "", "https://"]
    {
        let error = base(url).unwrap_err().to_string();
        assert!(!error.contains("secret"), "{url}: {error}");
    }
}

#[test]
fn server_variable_is_substituted_and_validated() {
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
fn invalid_index_or_relative_url_is_explained() {
    let error = variables(9, &[]).unwrap_err().to_string();
    assert_eq!(error, "there is no server 9: the spec has 3, starting at index 0");
    let error = variables(2, &[]).unwrap_err().to_string();
    assert!(error.contains("`/api/v1`") && error.contains("base_url()"), "{error}");
}

#[test]
fn host_prefix_is_added_once_and_not_to_ip_address() {
    let rows = [
        ("https://one.example.com/x", "https://clientauth.one.example.com/x/a"),
        ("https://clientauth.one.example.com", "https://clientauth.one.example.com/a"),
        ("https://localhost:8443", "https://clientauth.localhost:8443/a"),
        ("https://127.0.0.1:8443", "https://127.0.0.1:8443/a"),
        ("https://[::1]/", "https://[::1]/a"),
    ];
    for (url, expected) in rows {
        let choice = ServerChoice { base_url: Some(url.to_owned()), ..ServerChoice::default() };
        let servers = Servers::new(Client::API, choice).unwrap();
        assert_eq!(
            uri(&servers.base(&[], None).unwrap().with_host_prefix("clientauth.").unwrap(), "/a"),
            expected,
            "{url}"
        );
    }
}

#[test]
fn base_url_without_scheme_is_rejected() {
    let choice = ServerChoice { base_url: Some("one.example.com".to_owned()), ..ServerChoice::default() };
    assert_eq!(resolve(choice).unwrap_err().to_string(), "the server URL is not absolute: begin it with `https://`");
}

#[test]
fn server_is_selected_by_name() {
    let named = |name: &str| {
        let variables = vec![("tenant".to_owned(), "t".to_owned())];
        resolve(ServerChoice { server: Which::Name(name.to_owned()), variables, ..ServerChoice::default() })
    };
    assert_eq!(named("Tenant").unwrap(), "https://t.example.com/v1/a/b");
    assert_eq!(Client::API.server_index("Tenant").unwrap(), 1);
    assert_eq!(Client::API.server_index("2").unwrap(), 2);
    assert!(Client::API.server_index("3").is_err());
    assert!(matches!(named("Production").unwrap_err(), ServerError::NoSuchVariable { .. }));
    assert_eq!(
        named("tenant").unwrap_err().to_string(),
        "the server name `tenant` is unknown or not unique: choose one of 0 `Production` (`https://{host}`), 1 \
         `Tenant` (`https://{tenant}.example.com/{stage}/`), 2 (`/api/v1`)"
    );
}

const REGION: ServerVariable =
    ServerVariable { name: "region", default: "eu", allowed: &["eu", "us"], required: false };
const UPLOADS: &[ServerInfo] = &[
    ServerInfo { name: None, url: "https://{region}.upload.example.com/", variables: &[REGION] },
    ServerInfo { name: None, url: "/uploads", variables: &[] },
    ServerInfo { name: None, url: "../v2", variables: &[] },
];
const API: ServerInfo = ServerInfo { name: None, url: "https://api.example.com/v1", variables: &[] };

static API_AND_OPERATION_SERVERS: ApiInfo = ApiInfo { servers: &[API], operation_servers: UPLOADS, ..EMPTY };
static ONLY_OPERATION_SERVERS: ApiInfo = ApiInfo { operation_servers: UPLOADS, ..EMPTY };
const EMPTY: ApiInfo = ApiInfo {
    name: "",
    version: "",
    user_agent: "",
    servers: &[],
    operation_servers: &[],
    security_schemes: &[],
    environment: &[],
    request_id_header: None,
    sensitive_properties: &[],
};

fn operation_url(api: &ApiInfo, choice: ServerChoice, chosen: Option<usize>) -> Result<String, ServerError> {
    Servers::new(api, choice)?.base(UPLOADS, chosen).map(|base| uri(&base, "/a"))
}

#[test]
fn operation_uses_its_own_server() {
    let set = |variables: &[(&str, &str)], base_url: Option<&str>| ServerChoice {
        base_url: base_url.map(str::to_owned),
        variables: variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..ServerChoice::default()
    };
    let plain = || set(&[], None);
    assert_eq!(operation_url(&API_AND_OPERATION_SERVERS, plain(), None).unwrap(), "https://eu.upload.example.com/a");
    assert_eq!(
        operation_url(&API_AND_OPERATION_SERVERS, set(&[("region", "us")], None), None).unwrap(),
        "https://us.upload.example.com/a"
    );
    // Relative server URLs of an operation are resolved against the API's server.
    assert_eq!(
        operation_url(&API_AND_OPERATION_SERVERS, plain(), Some(1)).unwrap(),
        "https://api.example.com/uploads/a"
    );
    assert_eq!(operation_url(&API_AND_OPERATION_SERVERS, plain(), Some(2)).unwrap(), "https://api.example.com/v2/a");
    // A base URL replaces every server, unless the call selects one.
    let gateway = || set(&[], Some("http://127.0.0.1:1/x"));
    assert_eq!(operation_url(&API_AND_OPERATION_SERVERS, gateway(), None).unwrap(), "http://127.0.0.1:1/x/a");
    assert_eq!(
        operation_url(&API_AND_OPERATION_SERVERS, gateway(), Some(0)).unwrap(),
        "https://eu.upload.example.com/a"
    );
    assert_eq!(operation_url(&API_AND_OPERATION_SERVERS, gateway(), Some(1)).unwrap(), "http://127.0.0.1:1/uploads/a");
    // Operations without servers use the API's server.
    let servers = Servers::new(&API_AND_OPERATION_SERVERS, plain()).unwrap();
    assert_eq!(uri(&servers.base(&[], None).unwrap(), "/a"), "https://api.example.com/v1/a");
    let prefixed = servers.base(UPLOADS, None).unwrap().with_host_prefix("clientauth.").unwrap();
    assert_eq!(uri(&prefixed, "/a"), "https://clientauth.eu.upload.example.com/a");

    let error = operation_url(&API_AND_OPERATION_SERVERS, set(&[("region", "asia")], None), None).unwrap_err();
    assert!(matches!(error, ServerError::NotAllowed { .. }), "{error}");
    let error = operation_url(&API_AND_OPERATION_SERVERS, set(&[("zone", "eu")], None), None).unwrap_err();
    assert!(matches!(error, ServerError::NoSuchVariable { .. }), "{error}");
    let error = operation_url(&API_AND_OPERATION_SERVERS, plain(), Some(3)).unwrap_err();
    assert!(matches!(error, ServerError::NoSuchServer { index: 3, count: 3 }), "{error}");
}

#[tokio::test]
async fn call_uses_server_of_operation() {
    let recorder = Recorder::default();
    let builder = || Client::builder().api_key("key").allow_insecure_http().transport(recorder.clone());
    let client = builder().build().unwrap();
    client.certificates().report().send().await.unwrap();
    client.certificates().report().server(1).send().await.unwrap();
    client.certificates().search().send().await.unwrap();
    builder().server_variable("region", "us").build().unwrap().certificates().report().send().await.unwrap();
    let gateway = builder().base_url("http://127.0.0.1/x/").build().unwrap();
    gateway.certificates().report().send().await.unwrap();
    gateway.certificates().report().server(0).send().await.unwrap();
    let expected = [
        "http://eu.reports.example.com/weekly",
        "https://one.example.com/reports/weekly",
        "https://one.example.com/mpki/api/v1/certificate-search",
        "http://us.reports.example.com/weekly",
        "http://127.0.0.1/x/weekly",
        "http://eu.reports.example.com/weekly",
    ];
    let requests = recorder.requests();
    assert_eq!(requests.iter().map(|request| request.uri().to_string()).collect::<Vec<_>>(), expected);
    // Credentials are also sent to the servers of operations.
    assert!(requests.iter().all(|request| request.headers().contains_key("x-api-key")));

    let error = client.certificates().report().server(2).send().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Request, false));
    assert!(error.to_string().contains("there is no server 2"), "{error}");
}

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
#[tokio::test]
async fn client_certificate_prefix_applies_to_operation_server() {
    let recorder = Recorder::default();
    let (certificate, key) = super::tls::Authority::new().issue(&["client"], |_| {});
    let identity = crate::runtime::ClientIdentity::from_pem(certificate + &key).unwrap();
    let client = Client::builder().client_certificate(identity).transport(recorder.clone()).build().unwrap();
    client.certificates().report().send().await.unwrap();
    let request = recorder.requests().remove(0);
    assert_eq!(request.uri().to_string(), "http://clientauth.eu.reports.example.com/weekly");
    assert!(!request.headers().contains_key("x-api-key"));
}

#[test]
fn api_without_server_uses_operation_servers() {
    let plain = ServerChoice::default;
    assert_eq!(operation_url(&ONLY_OPERATION_SERVERS, plain(), None).unwrap(), "https://eu.upload.example.com/a");
    let error = operation_url(&ONLY_OPERATION_SERVERS, plain(), Some(1)).unwrap_err();
    assert!(matches!(error, ServerError::Relative { .. }), "{error}");
    let error = Servers::new(&ONLY_OPERATION_SERVERS, plain()).unwrap().base(&[], None).unwrap_err();
    assert!(matches!(error, ServerError::NoServer), "{error}");
    assert!(matches!(Servers::new(&EMPTY, plain()), Err(ServerError::NoServer)));
}

#[test]
fn https_server_of_operation_requires_tls() {
    let is_https = |api, url: Option<&str>| {
        let choice = ServerChoice { base_url: url.map(str::to_owned), ..ServerChoice::default() };
        Servers::new(api, choice).unwrap().is_https()
    };
    assert!(is_https(&API_AND_OPERATION_SERVERS, None));
    assert!(is_https(&API_AND_OPERATION_SERVERS, Some("http://localhost")));
    assert!(!is_https(Client::API, Some("http://localhost")));
    assert!(is_https(Client::API, Some("https://localhost")));
}

const VERSION: ServerVariable = ServerVariable { name: "version", default: "v1", allowed: &[], required: false };

const fn variable(name: &'static str, default: &'static str) -> ServerVariable {
    ServerVariable { name, default, allowed: &[], required: false }
}

static HOSTED: ApiInfo = ApiInfo {
    servers: &[
        ServerInfo { name: None, url: "{endpoint}/v/{version}", variables: &[variable("endpoint", ""), VERSION] },
        ServerInfo { name: None, url: "{endpoint}", variables: &[variable("endpoint", "https://api.example.com/")] },
        ServerInfo {
            name: None,
            url: "{scheme}://api.example.com/{version}",
            variables: &[variable("scheme", "https"), VERSION],
        },
        ServerInfo { name: None, url: "{host}.example.com/v1", variables: &[variable("host", "")] },
        ServerInfo {
            name: None,
            url: "{endpoint}:{port}/{endpoint}",
            variables: &[variable("endpoint", ""), variable("port", "8443")],
        },
        ServerInfo {
            name: None,
            url: "{endpoint}:{port}/v1",
            variables: &[variable("port", "8443"), variable("endpoint", "")],
        },
        ServerInfo {
            name: None,
            url: "{endpoint}{path}",
            variables: &[
                ServerVariable {
                    name: "endpoint",
                    default: "https://eu.example.com",
                    allowed: &["https://eu.example.com", "https://us.example.com"],
                    required: true,
                },
                variable("path", "/v1"),
            ],
        },
        ServerInfo {
            name: None,
            url: "{base}/{tenant}",
            variables: &[variable("base", "/api"), variable("tenant", "t")],
        },
    ],
    ..EMPTY
};

fn hosted_url(index: usize, variables: &[(&str, &str)]) -> Result<String, ServerError> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let choice = ServerChoice { server: Which::Index(index), variables, ..ServerChoice::default() };
    Servers::new(&HOSTED, choice)?.base(&[], None).map(|base| uri(&base, "/a"))
}

#[test]
fn first_server_variable_may_be_absolute_url() {
    for (index, variables, expected) in [
        (0, &[("endpoint", "http://127.0.0.1:8080")][..], "http://127.0.0.1:8080/v/v1/a"),
        (0, &[("endpoint", "https://h.example/")], "https://h.example/v/v1/a"),
        (0, &[("endpoint", "https://[::1]:1/x/y//"), ("version", "v2")], "https://[::1]:1/x/y/v/v2/a"),
        (0, &[("endpoint", "HTTPS://H.example")], "https://h.example/v/v1/a"),
        (1, &[], "https://api.example.com/a"),
        (1, &[("endpoint", "http://h.example/x")], "http://h.example/x/a"),
        (2, &[("scheme", "http")], "http://api.example.com/v1/a"),
        (5, &[("endpoint", "http://h.example")], "http://h.example:8443/v1/a"),
        (5, &[("endpoint", "http://h.example"), ("port", "1")], "http://h.example:1/v1/a"),
        (6, &[("endpoint", "https://us.example.com")], "https://us.example.com/v1/a"),
    ] {
        assert_eq!(hosted_url(index, variables).unwrap(), expected, "{index} {variables:?}");
    }
}

#[test]
fn absolute_url_in_server_variable_is_validated() {
    for value in [
        "https://u:secret@h.example",
        "https://secret@h.example",
        "https://h.example?secret",
        "https://h.example/x#secret",
        "https://h.example\\secret",
        "https://h.example /secret",
        "ftp://secret",
        "file:///secret",
        "https://",
        "https://{version}",
        "//secret.example",
        "secret.example",
        "/secret",
        "",
    ] {
        let error = hosted_url(0, &[("endpoint", value)]).unwrap_err();
        assert!(matches!(error, ServerError::Url { .. }), "{value}: {error}");
        assert!(!error.to_string().contains("secret"), "{value}: {error}");
    }
    for (index, variables) in [
        (0, &[("endpoint", "https://h.example"), ("version", "https://evil.example")][..]),
        (2, &[("scheme", "https://evil.example")]),
        (2, &[("scheme", "https://evil.example:")]),
        (2, &[("scheme", "https://evil.example/")]),
        (3, &[("host", "https://evil")]),
        (3, &[("host", "https://evil.example/x")]),
        (4, &[("endpoint", "https://h.example")]),
        (5, &[("endpoint", "https://h.example:1")]),
        (5, &[("endpoint", "https://h.example/x")]),
        (5, &[("endpoint", "https://h.example/")]),
        (6, &[("endpoint", "https://evil.example")]),
        (6, &[("endpoint", "https://eu.example.com"), ("path", ".evil.example")]),
        (7, &[("base", "/"), ("tenant", "evil.example")]),
        (7, &[("base", "//evil.example")]),
    ] {
        assert!(hosted_url(index, variables).is_err(), "{index} {variables:?}: {:?}", hosted_url(index, variables));
    }
}

#[test]
fn missing_first_server_variable_is_error() {
    let error = hosted_url(0, &[]).unwrap_err();
    assert!(matches!(&error, ServerError::MissingVariable { name, .. } if name == "endpoint"), "{error}");
    let error = hosted_url(0, &[("endpoint", "h.example")]).unwrap_err().to_string();
    assert!(error.contains("`endpoint`") && error.contains("begin it with `https://`"), "{error}");
    assert!(matches!(hosted_url(7, &[]).unwrap_err(), ServerError::Relative { .. }));
}

#[test]
fn operation_server_variable_may_be_absolute_url() {
    const OPERATION_SERVERS: &[ServerInfo] =
        &[ServerInfo { name: None, url: "{endpoint}/v1", variables: &[variable("endpoint", "http://localhost")] }];
    static OPERATION_API: ApiInfo = ApiInfo { operation_servers: OPERATION_SERVERS, ..EMPTY };
    let servers = |value: &str| {
        let variables = vec![("endpoint".to_owned(), value.to_owned())];
        Servers::new(&OPERATION_API, ServerChoice { variables, ..ServerChoice::default() }).unwrap()
    };
    let uri_of = |value: &str| servers(value).base(OPERATION_SERVERS, None).map(|base| uri(&base, "/a"));
    assert_eq!(uri_of("https://h.example").unwrap(), "https://h.example/v1/a");
    assert!(servers("https://h.example").is_https() && !servers("http://h.example").is_https());
    assert!(!servers("http://h.example").base(OPERATION_SERVERS, None).unwrap().is_confidential());
}
