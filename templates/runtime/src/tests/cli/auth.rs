//! Tests of credentials in the command-line program: their sources, and the rejection of secrets in arguments.

use super::{ONE, RunResult, call, run_program, run_with_environment, sample};

fn header(result: &RunResult, name: &str) -> Option<String> {
    result.request().headers().get(name).map(|value| String::from_utf8(value.as_bytes().to_vec()).unwrap())
}

#[test]
fn secret_is_read_from_file_or_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "DOMAIN\\user:pa:ss\r\n").unwrap();
    let basic = format!("Basic=file:{}", file.display());
    let arguments = ["call", "searchCertificates", "--auth", &basic, "--auth", "QueryKey=-"];
    let result = run_program(&ONE, &arguments, "a b\n", vec![]);
    assert_eq!(result.code, 0, "{}", result.errors);
    // The Base64 encoding of `DOMAIN\user:pa:ss`.
    assert_eq!(header(&result, "authorization").as_deref(), Some("Basic RE9NQUlOXHVzZXI6cGE6c3M="));
    assert_eq!(result.request().uri().query(), Some("key=a%20b"));

    let result = run_program(&ONE, &["call", "health", "--auth", "Bearer=-"], "token", vec![]);
    assert_eq!(header(&result, "authorization").as_deref(), Some("Bearer token"));
}

#[test]
fn secret_in_argument_is_rejected() {
    for literal in ["ApiKey=hunter2", "ApiKey=hunter2:x", "ApiKey=", "ApiKey=environment:hunter2"] {
        sample(&["call", "searchCertificates", "--auth", literal], vec![]).assert_usage_error(
            "secrets are not accepted as arguments, because other programs and the shell history can see them: use \
             --auth ApiKey=env:NAME, ApiKey=file:PATH or ApiKey=- (standard input)",
        );
    }
    for nonsense in ["hunter2", "hunter2==", "=hunter2"] {
        sample(&["call", "searchCertificates", "--auth", nonsense], vec![]).assert_usage_error(
            "--auth takes SCHEME=SOURCE; the schemes of sample are ApiKey, Basic, Bearer, QueryKey, CookieKey, \
             OAuth2, Token",
        );
    }
}

#[test]
fn unreadable_credential_is_named() {
    let search =
        |auth: &str, input: &str| run_program(&ONE, &["call", "searchCertificates", "--auth", auth], input, vec![]);
    search("ApiKey=env:CLIENTWRIGHT_NO_SUCH", "")
        .assert_usage_error("--auth ApiKey=env:CLIENTWRIGHT_NO_SUCH: environment variable not found");
    search("ApiKey=env:", "").assert_usage_error("--auth ApiKey=env:NAME needs the name of an environment variable");
    search("ApiKey=file:/nowhere", "").assert_usage_error(
        "the credential of ApiKey cannot be read: `/nowhere`: No such file or directory (os error 2)",
    );
    search("Basic=-", "hunter2").assert_usage_error(
        "--auth Basic: HTTP basic authentication takes `user:password`, but the secret has no colon",
    );
    search("ApiKey=-", "").assert_usage_error(
        "the credential given to `api_key()` is empty or contains characters that cannot be sent, such as a line break",
    );
    search("ApiKey=cert:/nowhere", "").assert_usage_error(
        "the credential of ApiKey cannot be read: /nowhere cannot be read: No such file or directory (os error 2)",
    );
    sample(&["call", "health", "--client-key", "key.pem"], vec![])
        .assert_usage_error("--client-key requires --auth SCHEME=cert:PATH");
}

#[test]
fn missing_credential_names_option() {
    sample(&["call", "searchCertificates"], vec![]).assert_usage_error(
        "searchCertificates (GET /mpki/api/v1/certificate-search): nothing was sent: no credential is set: use --auth \
         ApiKey=env:NAME (or ApiKey=cert:PATH), or --auth Basic=env:NAME with --auth QueryKey=env:NAME; or set the \
         environment variables `SAMPLE_API_KEY` or `SAMPLE_CLIENT_CERTIFICATE_FILE`",
    );
}

#[test]
fn environment_is_used_without_options() {
    let environment =
        [("SAMPLE_API_KEY", "hunter2"), ("SAMPLE_TOKEN", "eyJh"), ("SAMPLE_BASE_URL", "https://e.test/x")];
    let search = ["call", "searchCertificates"];
    let result = run_with_environment(&environment, &ONE, &search, "", vec![]);
    assert_eq!(result.code, 0, "{}", result.errors);
    assert_eq!(header(&result, "x-api-key").as_deref(), Some("hunter2"));
    assert_eq!(result.request().uri().to_string(), "https://e.test/x/mpki/api/v1/certificate-search");

    // Options for credentials and the server override the environment variables.
    let named = [&search[..], &["--auth", "ApiKey=-", "--server", "https://a.test"]].concat();
    let result = run_with_environment(&environment, &ONE, &named, "other", vec![]);
    assert_eq!(header(&result, "x-api-key").as_deref(), Some("other"));
    assert_eq!(result.request().uri().host(), Some("a.test"));
    let result = run_with_environment(&environment, &ONE, &["call", "health", "--auth", "ApiKey=-"], "other", vec![]);
    assert_eq!((result.code, result.requests.len()), (2, 0), "{}", result.errors);

    run_with_environment(&[("SAMPLE_API_KEY", "")], &ONE, &search, "", vec![])
        .assert_usage_error("the environment variable `SAMPLE_API_KEY` is set but empty");
    let help = sample(&["call", "--help"], vec![]);
    assert!(help.output.contains("\n  SAMPLE_API_KEY\n"), "{}", help.output);
}

#[test]
fn dry_run_shows_no_secret_of_environment() {
    let shown = |environment: &[(&str, &str)], operation: &str| {
        let result = run_with_environment(environment, &ONE, &["call", operation, "--dry-run"], "", vec![]);
        assert_eq!((result.code, result.requests.len()), (0, 0), "{}", result.errors);
        assert!(!result.output.contains("hunter2"), "{}", result.output);
        result.output
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
fn secret_quoted_by_server_is_masked() {
    use crate::tests::transport::Reply;
    let quote = Reply::Http(400, &[("content-type", "application/json")], r#"{"error":"no key top-secret here"}"#);
    let result = call("searchCertificates", &[], vec![quote]);
    assert_eq!(result.code, 1);
    assert!(result.errors.contains("no key *** here") && !result.errors.contains("top-secret"), "{}", result.errors);

    let quote = Reply::Http(400, &[], "no code ABCDEF here");
    let result = call("replaceCertificate", &["--param", "enrollmentCode=ABCDEF"], vec![quote]);
    assert!(!result.errors.contains("ABCDEF"), "{}", result.errors);
}

#[test]
fn insecure_http_needs_option_or_variable() {
    let refused = |url: &str| {
        format!(
            "the credential would be sent unencrypted to `{url}`: use `https`, or allow it with \
             `allow_insecure_http()` on the client's builder (for `from_env()`, set `SAMPLE_ALLOW_INSECURE_HTTP=true`) \
             (on the command line: --allow-insecure-http)"
        )
    };
    let server = ["--server", "http://pki.test"];
    call("searchCertificates", &server, vec![]).assert_usage_error(&refused("http://pki.test"));
    let shown = [&server[..], &["--dry-run"]].concat();
    call("searchCertificates", &shown, vec![]).assert_usage_error(&refused("http://pki.test"));
    let own_server = refused("http://eu.reports.example.com");
    call("report", &[], vec![]).assert_usage_error(&format!("report (GET /weekly): nothing was sent: {own_server}"));

    let allowed = [&server[..], &["--allow-insecure-http"]].concat();
    assert_eq!(call("searchCertificates", &allowed, vec![]).request().uri().host(), Some("pki.test"));
    let environment =
        [("SAMPLE_API_KEY", "k"), ("SAMPLE_BASE_URL", "http://pki.test"), ("SAMPLE_ALLOW_INSECURE_HTTP", "true")];
    let result = run_with_environment(&environment, &ONE, &["call", "searchCertificates"], "", vec![]);
    assert_eq!(result.request().uri().host(), Some("pki.test"));
}
