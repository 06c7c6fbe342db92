//! Credentials: where they are read from, and that no argument is one.

use super::{ONE, Ran, call, run_program, run_within, sample};

fn header(ran: &Ran, name: &str) -> Option<String> {
    ran.request().headers().get(name).map(|value| String::from_utf8(value.as_bytes().to_vec()).unwrap())
}

#[test]
fn secrets_come_from_files_and_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "DOMAIN\\user:pa:ss\r\n").unwrap();
    let basic = format!("Basic=file:{}", file.display());
    let arguments = ["call", "searchCertificates", "--auth", &basic, "--auth", "QueryKey=-"];
    let ran = run_program(&ONE, &arguments, "a b\n", vec![]);
    assert_eq!(ran.code, 0, "{}", ran.errors);
    // `DOMAIN\user:pa:ss`
    assert_eq!(header(&ran, "authorization").as_deref(), Some("Basic RE9NQUlOXHVzZXI6cGE6c3M="));
    assert_eq!(ran.request().uri().query(), Some("key=a%20b"));

    let ran = run_program(&ONE, &["call", "health", "--auth", "Bearer=-"], "token", vec![]);
    assert_eq!(header(&ran, "authorization").as_deref(), Some("Bearer token"));
}

#[test]
fn secrets_are_no_arguments() {
    for literal in ["ApiKey=hunter2", "ApiKey=hunter2:x", "ApiKey=", "ApiKey=environment:hunter2"] {
        sample(&["call", "searchCertificates", "--auth", literal], vec![]).is_usage(
            "a secret cannot be given as an argument, where other programs and the shell's history see it: use --auth \
             ApiKey=env:NAME, ApiKey=file:PATH or ApiKey=- (standard input)",
        );
    }
    for nonsense in ["hunter2", "hunter2==", "=hunter2"] {
        sample(&["call", "searchCertificates", "--auth", nonsense], vec![]).is_usage(
            "--auth takes SCHEME=SOURCE, and the schemes of sample are: ApiKey, Basic, Bearer, QueryKey, CookieKey, \
             OAuth2, Token",
        );
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let search =
        |auth: &str, input: &str| run_program(&ONE, &["call", "searchCertificates", "--auth", auth], input, vec![]);
    search("ApiKey=env:CLIENTWRIGHT_NO_SUCH", "")
        .is_usage("--auth ApiKey=env:CLIENTWRIGHT_NO_SUCH: environment variable not found");
    search("ApiKey=env:", "").is_usage("--auth ApiKey=env:NAME needs the name of an environment variable");
    search("ApiKey=file:/nowhere", "")
        .is_usage("the credential of ApiKey cannot be read: `/nowhere`: No such file or directory (os error 2)");
    search("Basic=-", "hunter2")
        .is_usage("--auth Basic: HTTP basic authentication takes `user:password`, and there is no colon");
    search("ApiKey=-", "").is_usage(
        "the credential given to `api_key()` is empty or holds characters that cannot be sent, such as a line break",
    );
    search("ApiKey=cert:/nowhere", "").is_usage(
        "the credential of ApiKey cannot be read: /nowhere cannot be read: No such file or directory (os error 2)",
    );
    sample(&["call", "health", "--client-key", "key.pem"], vec![])
        .is_usage("--client-key goes with --auth SCHEME=cert:PATH");
}

#[test]
fn a_missing_credential_is_named_by_its_option() {
    sample(&["call", "searchCertificates"], vec![]).is_usage(
        "searchCertificates (GET /mpki/api/v1/certificate-search): nothing was sent: no credential is given: --auth \
         ApiKey=env:NAME (or ApiKey=cert:PATH), or --auth Basic=env:NAME with --auth QueryKey=env:NAME; or the \
         environment variables `SAMPLE_API_KEY` or `SAMPLE_CLIENT_CERTIFICATE_FILE`",
    );
}

#[test]
fn without_an_option_the_environment_counts() {
    let environment =
        [("SAMPLE_API_KEY", "hunter2"), ("SAMPLE_TOKEN", "eyJh"), ("SAMPLE_BASE_URL", "https://e.test/x")];
    let search = ["call", "searchCertificates"];
    let ran = run_within(&environment, &ONE, &search, "", vec![]);
    assert_eq!(ran.code, 0, "{}", ran.errors);
    assert_eq!(header(&ran, "x-api-key").as_deref(), Some("hunter2"));
    assert_eq!(ran.request().uri().to_string(), "https://e.test/x/mpki/api/v1/certificate-search");

    // Whoever names a credential means no other one, and a server neither.
    let named = [&search[..], &["--auth", "ApiKey=-", "--server", "https://a.test"]].concat();
    let ran = run_within(&environment, &ONE, &named, "other", vec![]);
    assert_eq!(header(&ran, "x-api-key").as_deref(), Some("other"));
    assert_eq!(ran.request().uri().host(), Some("a.test"));
    let ran = run_within(&environment, &ONE, &["call", "health", "--auth", "ApiKey=-"], "other", vec![]);
    assert_eq!((ran.code, ran.requests.len()), (2, 0), "{}", ran.errors);

    run_within(&[("SAMPLE_API_KEY", "")], &ONE, &search, "", vec![])
        .is_usage("the environment variable `SAMPLE_API_KEY` is set and empty");
    let help = sample(&["call", "--help"], vec![]);
    assert!(help.output.contains("\n  SAMPLE_API_KEY\n"), "{}", help.output);
}

#[test]
fn a_request_that_is_shown_takes_no_secret_from_the_environment() {
    let shown = |environment: &[(&str, &str)], operation: &str| {
        let ran = run_within(environment, &ONE, &["call", operation, "--dry-run"], "", vec![]);
        assert_eq!((ran.code, ran.requests.len()), (0, 0), "{}", ran.errors);
        assert!(!ran.output.contains("hunter2"), "{}", ran.output);
        ran.output
    };
    let key = shown(&[("SAMPLE_API_KEY", "hunter2")], "searchCertificates");
    assert!(key.contains(r#"--header 'x-api-key: '"$SAMPLE_API_KEY""#), "{key}");
    let token = shown(&[("SAMPLE_TOKEN", "hunter2")], "health");
    assert!(token.contains(r#"'authorization: Bearer '"$SAMPLE_TOKEN""#), "{token}");
    let client = [("SAMPLE_CLIENT_ID", "id"), ("SAMPLE_CLIENT_SECRET", "hunter2"), ("SAMPLE_TOKEN_URL", "/token")];
    let client = shown(&client, "health");
    assert!(client.contains("'authorization: Bearer ***'"), "{client}");
}

#[test]
fn what_a_server_quotes_is_masked() {
    use crate::tests::transport::Answer;
    let quote = Answer::Http(400, &[("content-type", "application/json")], r#"{"error":"no key top-secret here"}"#);
    let ran = call("searchCertificates", &[], vec![quote]);
    assert_eq!(ran.code, 1);
    assert!(ran.errors.contains("no key *** here") && !ran.errors.contains("top-secret"), "{}", ran.errors);

    let quote = Answer::Http(400, &[], "no code ABCDEF here");
    let ran = call("replaceCertificate", &["--param", "enrollmentCode=ABCDEF"], vec![quote]);
    assert!(!ran.errors.contains("ABCDEF"), "{}", ran.errors);
}

#[test]
fn insecure_http_needs_an_option_or_a_variable() {
    let refused = |url: &str| {
        format!(
            "the credential can be read on the way to `{url}`: use `https`, or allow it by `allow_insecure_http()` on the \
             client's builder (for `from_env()`, set `SAMPLE_ALLOW_INSECURE_HTTP=true`) (here: --allow-insecure-http)"
        )
    };
    let server = ["--server", "http://pki.test"];
    call("searchCertificates", &server, vec![]).is_usage(&refused("http://pki.test"));
    let shown = [&server[..], &["--dry-run"]].concat();
    call("searchCertificates", &shown, vec![]).is_usage(&refused("http://pki.test"));
    let own_server = refused("http://eu.reports.example.com");
    call("report", &[], vec![]).is_usage(&format!("report (GET /weekly): nothing was sent: {own_server}"));

    let allowed = [&server[..], &["--allow-insecure-http"]].concat();
    assert_eq!(call("searchCertificates", &allowed, vec![]).request().uri().host(), Some("pki.test"));
    let environment =
        [("SAMPLE_API_KEY", "k"), ("SAMPLE_BASE_URL", "http://pki.test"), ("SAMPLE_ALLOW_INSECURE_HTTP", "true")];
    let ran = run_within(&environment, &ONE, &["call", "searchCertificates"], "", vec![]);
    assert_eq!(ran.request().uri().host(), Some("pki.test"));
}
