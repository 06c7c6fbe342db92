//! Tests of `from_env()` in child processes, because a test cannot safely change the environment variables of its own
//! process.

use std::process::Command;

use pki_clients::{digicert_iot, digicert_mpki, keyfactor_command};

use super::server::{Received, Server, json, token};

/// The environment variable that is set in child processes.
const CHILD: &str = "CLIENTWRIGHT_TESTS_ENVIRONMENT";

fn respond(received: &Received) -> super::server::Reply {
    match received.target.as_str() {
        "/token" => token(received.number, 3600),
        _ => json(200, &serde_json::json!({})),
    }
}

/// Runs the test of this name in a child process with these variables, and returns its output.
async fn run_child(test: &str, variables: &[(&'static str, String)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(CHILD, "1");
    child.envs(variables.iter().map(|(name, value)| (*name, value.as_str())));
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    let output_text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{output_text}");
    assert!(output_text.contains("1 passed"), "{output_text}");
    output_text
}

#[tokio::test(flavor = "multi_thread")]
async fn client_is_configured_from_environment() {
    let server = Server::start(respond).await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "from-a-file\n").unwrap();
    let variables = [
        ("DIGICERT_MPKI_BASE_URL", server.url("/mpki-installed")),
        ("DIGICERT_MPKI_API_KEY", "mpki-key".to_owned()),
        ("DIGICERT_MPKI_NOBODY_READS_THIS", String::new()),
        ("DIGICERT_IOT_BASE_URL", server.url("")),
        ("DIGICERT_IOT_API_KEY_FILE", secret.display().to_string()),
        ("KEYFACTOR_COMMAND_BASE_URL", server.url("/KeyfactorAPI")),
        ("KEYFACTOR_COMMAND_CLIENT_ID", "inventory".to_owned()),
        ("KEYFACTOR_COMMAND_CLIENT_SECRET_FILE", secret.display().to_string()),
        ("KEYFACTOR_COMMAND_TOKEN_URL", server.url("/token")),
        ("KEYFACTOR_COMMAND_SCOPE", "read write".to_owned()),
        ("KEYFACTOR_COMMAND_AUDIENCE", "command".to_owned()),
    ];
    run_child("auth::environment::child_calls_each_api", &variables).await;

    let [mpki] = server.received("/mpki-installed/x").try_into().unwrap();
    assert_eq!(mpki.header("x-api-key"), Some("mpki-key"));
    let [iot] = server.received("/x").try_into().unwrap();
    assert_eq!(iot.header("x-api-key"), Some("from-a-file"));
    let [keyfactor] = server.received("/KeyfactorAPI/x").try_into().unwrap();
    assert_eq!(keyfactor.header("authorization"), Some("Bearer token-1"));
    let [token] = server.received("/token").try_into().unwrap();
    assert_eq!(token.body, "grant_type=client_credentials&scope=read+write&audience=command");
    // The Base64 encoding of `inventory:from-a-file`.
    assert_eq!(token.header("authorization"), Some("Basic aW52ZW50b3J5OmZyb20tYS1maWxl"));
}

/// Not a test by itself: runs in the child process.
#[tokio::test]
async fn child_calls_each_api() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    digicert_mpki::Client::from_env().unwrap().request(http::Method::GET, "/x").send().await.unwrap();
    digicert_iot::Client::from_env().unwrap().request(http::Method::GET, "/x").send().await.unwrap();
    keyfactor_command::Client::from_env().unwrap().request(http::Method::GET, "/x").send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn unusable_variable_is_named_in_error() {
    let variables = [("DIGICERT_MPKI_API_KEY", String::new()), ("DIGICERT_IOT_API_KEY", "hunter2\n".to_owned())];
    run_child("auth::environment::child_reports_variable_errors", &variables).await;
}

/// Not a test by itself: runs in the child process.
#[test]
fn child_reports_variable_errors() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let error = digicert_mpki::Client::from_env().unwrap_err();
    assert_eq!(error.to_string(), "the environment variable `DIGICERT_MPKI_API_KEY` is set but empty");
    let error = format!("{:?}", digicert_iot::Client::from_env().unwrap_err());
    assert!(error.contains("api_key") && !error.contains("hunter2"), "{error}");
}
