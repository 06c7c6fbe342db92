//! Tests of the program `pki-clients`, as users run it, with a server on loopback.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wiremock::matchers::{body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// A secret that must never be printed.
const SECRET: &str = "01_hunter2+of/the=tests";

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pki-clients-tested"));
    command.env("API_KEY", SECRET).env("LOGIN", format!(r"KEYEXAMPLE\jsmith:{SECRET}"));
    command
}

/// Returns the parsed spec of an API.
fn spec(api: &str) -> Value {
    let file = format!("{}/../specs/{api}.yaml", env!("CARGO_MANIFEST_DIR"));
    serde_yaml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The result of a run: exit code, standard output, standard error.
struct Ran(i32, String, String);

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ran = Self(output.status.code().unwrap(), text(output.stdout), text(output.stderr));
        assert!(!ran.1.contains(SECRET) && !ran.2.contains(SECRET), "{}\n{}", ran.1, ran.2);
        ran
    }

    /// Parses the response that the run printed. Panics if the run failed.
    #[track_caller]
    fn response(&self) -> Value {
        assert_eq!((self.0, self.2.as_str()), (0, ""), "{}", self.1);
        serde_json::from_str(&self.1).unwrap()
    }
}

fn run(arguments: &[&str]) -> Ran {
    Ran::of(program().args(arguments).output().unwrap())
}

/// Calls an operation of DigiCert ONE Enterprise PKI Manager on a server.
fn call(server: &str, operation: &str, arguments: &[&str]) -> Ran {
    let start = ["digicert-mpki", "call", operation, "--server", server, "--auth", "ApiKey=env:API_KEY", "--no-retry"];
    run(&[&start, arguments].concat())
}

async fn responding(status: u16, body: Value) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(header("x-api-key", SECRET))
        .respond_with(ResponseTemplate::new(status).set_body_json(body))
        .mount(&server)
        .await;
    server
}

async fn the_request(server: &MockServer) -> Request {
    let [request] = server.received_requests().await.unwrap().try_into().unwrap();
    request
}

#[tokio::test]
async fn get_sends_path_and_query_and_prints_response() {
    let server = MockServer::start().await;
    let page = json!({"items": [{"serial_number": "4099AB", "status": "from the future"}], "total": 1, "offset": 0, "limit": 10});
    Mock::given(method("GET"))
        .and(path("/base/mpki/api/v1/certificate-search"))
        .and(query_param("limit", "10"))
        .and(query_param("common_name", "device 17"))
        .and(header("x-api-key", SECRET))
        .respond_with(ResponseTemplate::new(200).set_body_json(&page))
        .mount(&server)
        .await;
    let parameters = ["--param", "query:limit=10", "--param", "common_name=device 17"];
    let base = format!("{}/base", server.uri());
    let ran = call(&base, "GET /mpki/api/v1/certificate-search", &parameters);
    assert_eq!(ran.response(), page);

    let server = responding(200, json!({"serial_number": "40/99", "status": "revoked"})).await;
    let operation = "GET /mpki/api/v1/certificate/{serial_number}";
    let ran = call(&server.uri(), operation, &["--param", "serial_number=40/99"]);
    assert_eq!(ran.response()["status"], "revoked");
    assert_eq!(the_request(&server).await.url.path(), "/mpki/api/v1/certificate/40%2F99");
}

#[tokio::test]
async fn post_sends_json_from_arguments_files_and_standard_input() {
    let seat = json!({"seat_id": "some-seat", "seat_type": {"id": "USER_SEAT"}, "email": "a@example.com"});
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/mpki/api/v1/seat"))
        .and(header("content-type", "application/json;charset=utf-8"))
        .and(body_json(&seat))
        .respond_with(ResponseTemplate::new(201).set_body_json(json!({"email": "a@example.com"})))
        .expect(3)
        .mount(&server)
        .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seat.json");
    std::fs::write(&file, seat.to_string()).unwrap();
    for body in [seat.to_string(), format!("@{}", file.display())] {
        let ran = call(&server.uri(), "createSeat", &["--body", &body]);
        assert_eq!(ran.response(), json!({"email": "a@example.com"}));
    }
    let arguments = ["digicert-mpki", "call", "createSeat", "--server", &server.uri(), "--auth", "ApiKey=env:API_KEY"];
    let mut child =
        program().args(arguments).args(["--body", "@-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(seat.to_string().as_bytes()).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
}

#[tokio::test]
async fn form_sends_file() {
    let server = responding(200, json!({"id": "7", "status": "PENDING"})).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certs.zip");
    std::fs::write(&file, "PK of sorts").unwrap();
    let ran = run(&[
        "digicert_iot",
        "call",
        "POST /iot/api/v1/certificate-import/{enrollment_profile_id}",
        "--param",
        "enrollment_profile_id=IOT_1",
        "--part",
        &format!("file=@{}", file.display()),
        "--server",
        &server.uri(),
        "--auth",
        "ApiKey=env:API_KEY",
    ]);
    assert_eq!(ran.response()["status"], "PENDING");
    let request = the_request(&server).await;
    assert!(request.headers["content-type"].to_str().unwrap().starts_with("multipart/form-data; boundary="));
    let body = String::from_utf8(request.body).unwrap();
    assert!(
        body.contains("name=\"file\"; filename=\"certs.zip\"\r\nContent-Type: application/zip\r\n\r\nPK of sorts\r\n"),
        "{body}"
    );
}

#[tokio::test]
async fn basic_authentication_accepts_domain_user() {
    let server = responding(200, json!({})).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200).set_body_json(json!({}))).mount(&server).await;
    let spec = spec("keyfactor-command");
    let scheme = spec["components"]["securitySchemes"].as_object().unwrap();
    let (scheme, _) = scheme.iter().find(|(_, scheme)| scheme["scheme"] == "basic").unwrap();
    let media = spec["paths"]["/Certificates/Import"]["post"]["requestBody"]["content"].as_object().unwrap();
    let body = media.values().next().unwrap();
    let body = body
        .get("example")
        .or_else(|| body["examples"].as_object()?.values().next()?.get("value"))
        .unwrap()
        .to_string();
    let auth = format!("{scheme}=env:LOGIN");
    let ran = run(&[
        "keyfactor-command",
        "call",
        "importCertificate",
        "--body",
        &body,
        "--auth",
        &auth,
        "--server",
        &server.uri(),
    ]);
    assert_eq!(ran.0, 0, "{}", ran.2);
    let login = STANDARD.encode(format!(r"KEYEXAMPLE\jsmith:{SECRET}"));
    assert_eq!(the_request(&server).await.headers["authorization"], format!("Basic {login}"));
}

#[tokio::test]
async fn api_error_is_decoded() {
    let error = json!({"error": {"code": "not_found", "message": "There is no such certificate."}});
    let server = responding(404, error.clone()).await;
    let Ran(code, output, errors) = call(&server.uri(), "getCertificate", &["--param", "serial_number=7"]);
    assert_eq!((code, output.as_str()), (1, ""), "{errors}");
    let (line, body) = errors.split_once('\n').unwrap();
    assert!(
        line.starts_with("error: getCertificate (GET /mpki/api/v1/certificate/{serial_number}): 404 Not Found"),
        "{line}"
    );
    assert_eq!(serde_json::from_str::<Value>(body).unwrap(), error);
}

#[tokio::test]
async fn key_quoted_by_server_is_masked() {
    let server =
        responding(401, json!({"error": {"status": "denied", "message": format!("{SECRET} is no key")}})).await;
    let Ran(code, _, errors) = call(&server.uri(), "getCertificate", &["--param", "serial_number=7"]);
    assert_eq!(code, 1);
    assert!(errors.contains("*** is no key"), "{errors}");
}

#[tokio::test]
async fn undecodable_response_is_reported_with_its_path() {
    let server = responding(200, json!({"items": [{"serial_number": "1"}, {"serial_number": [7]}], "total": 2})).await;
    let Ran(code, output, errors) = call(&server.uri(), "searchCertificates", &[]);
    assert_eq!((code, output.as_str()), (4, ""), "{errors}");
    assert!(errors.contains("at items[1].serial_number: "), "{errors}");
}

#[test]
fn refused_connection_and_error_response_have_different_exit_codes() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let Ran(code, output, errors) = call(&url, "getCertificate", &["--param", "serial_number=7"]);
    assert_eq!((code, output.as_str(), errors.lines().count()), (3, "", 1), "{errors}");
    assert!(
        errors.starts_with(
            "error: getCertificate (GET /mpki/api/v1/certificate/{serial_number}): the request was not sent"
        ),
        "{errors}"
    );
}

#[tokio::test]
async fn dry_run_prints_command_that_sends_same_request() {
    let server = responding(201, json!({})).await;
    let body = json!({"seat_id": "it's $HOME", "seat_type": {"id": "USER_SEAT"}}).to_string();
    let Ran(code, line, errors) = call(&server.uri(), "createSeat", &["--body", &body, "--dry-run"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(
        line,
        format!(
            "curl --request POST --header 'user-agent: pki-clients/0.1.0' --header 'accept: application/json' --header \
             'content-type: application/json;charset=utf-8' --header 'x-api-key: '\"$API_KEY\" --data-raw \
             '{}' {}/mpki/api/v1/seat\n",
            body.replace('\'', r"'\''"),
            server.uri()
        )
    );
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[test]
fn list_names_every_operation_of_the_specs() {
    for api in ["digicert-iot", "digicert-mpki", "keyfactor-command"] {
        let spec = spec(api);
        let Ran(code, list, _) = run(&[api, "list"]);
        assert_eq!(code, 0);
        let listed: Vec<Vec<&str>> = list.lines().map(|line| line.split_whitespace().take(3).collect()).collect();
        let mut count = 0;
        for (path, methods) in spec["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap().iter().filter(|(_, it)| it["responses"].is_object())
            {
                let id = operation["operationId"].as_str().unwrap();
                assert!(listed.contains(&vec![id, &method.to_uppercase(), path]), "{id}: {list}");
                count += 1;
            }
        }
        assert_eq!(listed.len(), count);
    }
}

#[test]
fn usage_error_sends_nothing() {
    let number = ["--param", "serial_number=7"];
    let usage = |arguments: &[&str]| {
        let Ran(code, output, errors) = run(arguments);
        assert_eq!((code, output.as_str()), (2, ""), "{arguments:?}: {errors}");
        errors
    };
    let call = ["digicert-mpki", "call", "getCertificate"];
    assert!(
        usage(&[&call[..], &number, &["--auth", &format!("ApiKey={SECRET}")]].concat())
            .contains("secrets are not accepted as arguments")
    );
    assert!(usage(&[&call[..], &number, &["--auth", SECRET]].concat()).contains("--auth takes SCHEME=SOURCE"));
    assert!(usage(&[&call[..], &number].concat()).contains("no credential is set: use --auth ApiKey=env:NAME"));
    assert!(usage(&[&call[..], &["--auth", "ApiKey=env:API_KEY"]].concat()).contains("`serial_number` is required"));
    assert!(usage(&[&call[..], &["--param", "serialnumber=7"]].concat()).contains("did you mean `serial_number`?"));
    assert!(usage(&["digicert-mpki", "call", "getCertifcate"]).contains("did you mean `getCertificate`?"));
    assert!(usage(&["digicert", "list"]).contains("digicert-iot"));
}

#[cfg(unix)]
#[test]
fn closed_output_pipe_is_no_error() {
    let mut child =
        program().args(["digicert-mpki", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}
