//! Servers: choice, variables, prefixes; never a double slash, never a lost path.

use super::sample::Client;
use super::transport::Recorder;
use crate::runtime::server::{BaseUrl, ServerChoice, Servers, Which};
use crate::runtime::{ApiInfo, ErrorKind, ServerError, ServerInfo, ServerVariable, Service};

fn resolve(choice: ServerChoice) -> Result<String, ServerError> {
    let servers = Servers::new(Client::API, choice)?;
    servers.base(&[], None, None).map(|base| uri(&base, "/a/b"))
}

/// Where the request of a path goes.
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
        let servers = Servers::new(Client::API, choice).unwrap();
        assert_eq!(uri(&servers.base(&[], None, Some("clientauth.")).unwrap(), "/a"), expected, "{url}");
    }
}

#[test]
fn a_base_url_is_a_whole_one() {
    let choice = ServerChoice { base_url: Some("one.example.com".to_owned()), ..ServerChoice::default() };
    assert_eq!(resolve(choice).unwrap_err().to_string(), "the server URL is no whole URL: begin it with `https://`");
}

#[test]
fn a_server_is_found_by_its_name() {
    let named = |name: &str| {
        let variables = vec![("tenant".to_owned(), "t".to_owned())];
        resolve(ServerChoice { server: Which::Name(name.to_owned()), variables, ..ServerChoice::default() })
    };
    assert_eq!(named("Tenant").unwrap(), "https://t.example.com/v1/a/b");
    assert!(matches!(named("Production").unwrap_err(), ServerError::NoSuchVariable { .. }));
    assert_eq!(
        named("tenant").unwrap_err().to_string(),
        "`tenant` is the name of no server, or of several: choose one of 0 `Production` (`https://{host}`), 1 `Tenant` \
         (`https://{tenant}.example.com/{stage}/`), 2 (`/api/v1`)"
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

static BOTH: ApiInfo = ApiInfo { servers: &[API], operation_servers: UPLOADS, ..EMPTY };
static ONLY_OF_OPERATIONS: ApiInfo = ApiInfo { operation_servers: UPLOADS, ..EMPTY };
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

fn of_operation(api: &ApiInfo, choice: ServerChoice, chosen: Option<usize>) -> Result<String, ServerError> {
    Servers::new(api, choice)?.base(UPLOADS, chosen, None).map(|base| uri(&base, "/a"))
}

#[test]
fn an_operation_goes_to_its_own_server() {
    let set = |variables: &[(&str, &str)], base_url: Option<&str>| ServerChoice {
        base_url: base_url.map(str::to_owned),
        variables: variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..ServerChoice::default()
    };
    let plain = || set(&[], None);
    assert_eq!(of_operation(&BOTH, plain(), None).unwrap(), "https://eu.upload.example.com/a");
    assert_eq!(of_operation(&BOTH, set(&[("region", "us")], None), None).unwrap(), "https://us.upload.example.com/a");
    // Relative ones begin where the API is.
    assert_eq!(of_operation(&BOTH, plain(), Some(1)).unwrap(), "https://api.example.com/uploads/a");
    assert_eq!(of_operation(&BOTH, plain(), Some(2)).unwrap(), "https://api.example.com/v2/a");
    // A base URL is for all, but for the call that says otherwise.
    let gateway = || set(&[], Some("http://127.0.0.1:1/x"));
    assert_eq!(of_operation(&BOTH, gateway(), None).unwrap(), "http://127.0.0.1:1/x/a");
    assert_eq!(of_operation(&BOTH, gateway(), Some(0)).unwrap(), "https://eu.upload.example.com/a");
    assert_eq!(of_operation(&BOTH, gateway(), Some(1)).unwrap(), "http://127.0.0.1:1/uploads/a");
    // Others go to the API.
    let servers = Servers::new(&BOTH, plain()).unwrap();
    assert_eq!(uri(&servers.base(&[], None, None).unwrap(), "/a"), "https://api.example.com/v1/a");
    let prefixed = servers.base(UPLOADS, None, Some("clientauth.")).unwrap();
    assert_eq!(uri(&prefixed, "/a"), "https://clientauth.eu.upload.example.com/a");

    let error = of_operation(&BOTH, set(&[("region", "asia")], None), None).unwrap_err();
    assert!(matches!(error, ServerError::NotAllowed { .. }), "{error}");
    let error = of_operation(&BOTH, set(&[("zone", "eu")], None), None).unwrap_err();
    assert!(matches!(error, ServerError::NoSuchVariable { .. }), "{error}");
    let error = of_operation(&BOTH, plain(), Some(3)).unwrap_err();
    assert!(matches!(error, ServerError::NoSuchServer { index: 3, count: 3 }), "{error}");
}

#[tokio::test]
async fn calls_go_where_their_operation_is_served() {
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
    // The credentials are for its servers too: the spec says so.
    assert!(requests.iter().all(|request| request.headers().contains_key("x-api-key")));

    let error = client.certificates().report().server(2).send().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Request, false));
    assert!(error.to_string().contains("there is no server 2"), "{error}");
}

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
#[tokio::test]
async fn the_prefix_for_a_client_certificate_is_put_before_an_operations_own_host() {
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
fn an_api_may_have_no_server_beside_those_of_its_operations() {
    let plain = ServerChoice::default;
    assert_eq!(of_operation(&ONLY_OF_OPERATIONS, plain(), None).unwrap(), "https://eu.upload.example.com/a");
    let error = of_operation(&ONLY_OF_OPERATIONS, plain(), Some(1)).unwrap_err();
    assert!(matches!(error, ServerError::Relative { .. }), "{error}");
    let error = Servers::new(&ONLY_OF_OPERATIONS, plain()).unwrap().base(&[], None, None).unwrap_err();
    assert!(matches!(error, ServerError::NoServer), "{error}");
    assert!(matches!(Servers::new(&EMPTY, plain()), Err(ServerError::NoServer)));
}

#[test]
fn tls_is_needed_where_any_request_may_go_through_it() {
    let is_https = |api, url: Option<&str>| {
        let choice = ServerChoice { base_url: url.map(str::to_owned), ..ServerChoice::default() };
        Servers::new(api, choice).unwrap().is_https()
    };
    assert!(is_https(&BOTH, None));
    assert!(is_https(&BOTH, Some("http://localhost")));
    assert!(!is_https(Client::API, Some("http://localhost")));
    assert!(is_https(Client::API, Some("https://localhost")));
}

const VERSION: ServerVariable = ServerVariable { name: "version", default: "v1", allowed: &[], required: false };

const fn first(name: &'static str, default: &'static str) -> ServerVariable {
    ServerVariable { name, default, allowed: &[], required: false }
}

static HOSTED: ApiInfo = ApiInfo {
    servers: &[
        ServerInfo { name: None, url: "{endpoint}/v/{version}", variables: &[first("endpoint", ""), VERSION] },
        ServerInfo { name: None, url: "{endpoint}", variables: &[first("endpoint", "https://api.example.com/")] },
        ServerInfo {
            name: None,
            url: "{scheme}://api.example.com/{version}",
            variables: &[first("scheme", "https"), VERSION],
        },
        ServerInfo { name: None, url: "{host}.example.com/v1", variables: &[first("host", "")] },
        ServerInfo {
            name: None,
            url: "{endpoint}:{port}/{endpoint}",
            variables: &[first("endpoint", ""), first("port", "8443")],
        },
        ServerInfo {
            name: None,
            url: "{endpoint}:{port}/v1",
            variables: &[first("port", "8443"), first("endpoint", "")],
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
                first("path", "/v1"),
            ],
        },
        ServerInfo { name: None, url: "{base}/{tenant}", variables: &[first("base", "/api"), first("tenant", "t")] },
    ],
    ..EMPTY
};

fn hosted(index: usize, variables: &[(&str, &str)]) -> Result<String, ServerError> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let choice = ServerChoice { server: Which::Index(index), variables, ..ServerChoice::default() };
    Servers::new(&HOSTED, choice)?.base(&[], None, None).map(|base| uri(&base, "/a"))
}

#[test]
fn first_variable_of_a_url_may_be_an_absolute_url() {
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
        assert_eq!(hosted(index, variables).unwrap(), expected, "{index} {variables:?}");
    }
}

#[test]
fn absolute_url_of_a_variable_changes_nothing_else() {
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
        let error = hosted(0, &[("endpoint", value)]).unwrap_err();
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
        assert!(hosted(index, variables).is_err(), "{index} {variables:?}: {:?}", hosted(index, variables));
    }
}

#[test]
fn missing_first_variable_is_asked_for() {
    let error = hosted(0, &[]).unwrap_err();
    assert!(matches!(&error, ServerError::MissingVariable { name, .. } if name == "endpoint"), "{error}");
    let error = hosted(0, &[("endpoint", "h.example")]).unwrap_err().to_string();
    assert!(error.contains("`endpoint`") && error.contains("begin it with `https://`"), "{error}");
    assert!(matches!(hosted(7, &[]).unwrap_err(), ServerError::Relative { .. }));
}

#[test]
fn server_of_an_operation_may_begin_with_an_absolute_url() {
    const OWN: &[ServerInfo] =
        &[ServerInfo { name: None, url: "{endpoint}/v1", variables: &[first("endpoint", "http://localhost")] }];
    static API_OF_OWN: ApiInfo = ApiInfo { operation_servers: OWN, ..EMPTY };
    let servers = |value: &str| {
        let variables = vec![("endpoint".to_owned(), value.to_owned())];
        Servers::new(&API_OF_OWN, ServerChoice { variables, ..ServerChoice::default() }).unwrap()
    };
    let uri_of = |value: &str| servers(value).base(OWN, None, None).map(|base| uri(&base, "/a"));
    assert_eq!(uri_of("https://h.example").unwrap(), "https://h.example/v1/a");
    assert!(servers("https://h.example").is_https() && !servers("http://h.example").is_https());
    assert!(!servers("http://h.example").base(OWN, None, None).unwrap().is_confidential());
}
