//! Tests that the `Debug` output of clients, requests and models contains no secrets, and that errors show no secret,
//! even if the server quotes one.

use std::fmt::Debug;

use pki_clients::digicert_iot::models::{CertificateField, EnrollmentContext, RegisteredValue};
use pki_clients::digicert_mpki::models::{
    CertificateResponse, CreateEnrollmentRequest, EnrollmentSeat, RecoveredCertificate,
};
use pki_clients::keyfactor_command::models::CertificateImportRequest;
use pki_clients::runtime::{ErrorKind, RequestOptions, RetryPolicy, Upload};
use pki_clients::{digicert_iot, digicert_mpki, keyfactor_command};
use serde_json::{Map, json};

use super::authority::Authority;
use super::server::{Response, Server};
use super::vendor::{API_KEY, PASSWORD, Vendor};

/// A sample secret.
const SECRET: &str = "hunter2-hunter2";

fn assert_hides(shown: &impl Debug, secrets: &[&str]) {
    for shown in [format!("{shown:?}"), format!("{shown:#?}")] {
        for secret in secrets {
            assert!(!shown.contains(secret), "{secret} is contained in {shown}");
        }
    }
}

fn assert_error_hides<E: std::error::Error>(error: &E, secrets: &[&str]) {
    assert_hides(error, secrets);
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        let shown = error.to_string();
        assert_eq!(shown.lines().count(), 1, "{shown}");
        for secret in secrets {
            assert!(!shown.contains(secret), "{secret} is contained in {shown}");
        }
        next = error.source();
    }
}

#[test]
fn clients_builders_and_groups_hide_secrets() {
    assert_hides(&digicert_iot::Client::authenticated(), &[API_KEY]);
    assert_hides(&digicert_mpki::Client::authenticated().header("x-other", SECRET), &[API_KEY, SECRET]);
    assert_hides(&keyfactor_command::Client::authenticated().bearer_auth(SECRET), keyfactor_command::Client::SECRETS);
    assert_hides(&keyfactor_command::Client::authenticated().bearer_auth(SECRET), &[SECRET]);

    let client = digicert_mpki::Client::authenticated().header("x-other", SECRET).build().unwrap();
    assert_hides(&client, &[API_KEY, SECRET]);
    assert_hides(&client.certificates(), &[API_KEY, SECRET]);
    assert_hides(&client.certificates().search().items(), &[API_KEY, SECRET]);
    assert_hides(&client.certificates().search().pages(), &[API_KEY, SECRET]);

    let authority = Authority::new();
    let pem = authority.client_pem();
    let key: Vec<_> = pem.lines().take(4).filter(|line| !line.starts_with("-----")).collect();
    assert!(!key.is_empty());
    assert_hides(&authority.client_identity(), &key);
    assert_hides(&digicert_mpki::Client::builder().no_proxy().client_certificate(authority.client_identity()), &key);
}

#[test]
fn requests_and_models_hide_secrets() {
    let client = digicert_mpki::Client::authenticated().build().unwrap();
    let enrollment = CreateEnrollmentRequest::new("1", EnrollmentSeat::new("s", "e@example.com"), Map::new());
    let enrollment = enrollment.with_enrollment_code(SECRET);
    assert_hides(&enrollment, &[SECRET]);
    assert_hides(&client.enrollments().create(enrollment), &[SECRET, API_KEY]);
    assert_hides(&client.enrollments().get_by_code(SECRET, "seat"), &[SECRET]);
    assert_hides(&client.profiles().list().api_token_id(SECRET), &[SECRET]);
    assert_hides(
        &client.seats().list_types().options(RequestOptions::new().header("x-api-key", SECRET).query("key", SECRET)),
        &[SECRET],
    );
    assert_hides(&client.request(http::Method::POST, "/x").header("x-key", SECRET).json(&[SECRET]), &[SECRET]);
    assert_hides(&CertificateResponse::new().with_pkcs12_password(SECRET), &[SECRET]);
    assert_hides(
        &RecoveredCertificate::new().with_certificate(SECRET).with_pkcs12_password(PASSWORD),
        &[SECRET, PASSWORD],
    );

    let import = CertificateImportRequest::new(SECRET).with_password(PASSWORD);
    assert_hides(&import, &[SECRET, PASSWORD]);
    let keyfactor = keyfactor_command::Client::authenticated().base_url("http://localhost").build().unwrap();
    assert_hides(&keyfactor.certificates().import(import), &[SECRET, PASSWORD]);

    assert_hides(&RegisteredValue::new(CertificateField::ChallengePassword, SECRET), &[SECRET]);
    assert_hides(&EnrollmentContext::new().with_authorization(SECRET), &[SECRET]);
    assert_hides(&Upload::bytes("a.zip", SECRET), &[SECRET]);
}

#[tokio::test]
async fn responses_hide_secrets() {
    let recovered = json!({"certificate": SECRET, "pkcs12Password": SECRET});
    let server = Server::responding([Response::new(200).header("set-cookie", SECRET).json(&recovered)]).await;
    let client = digicert_mpki::Client::at(&server.url());
    let response = client.certificates().recover("1").send_response().await.unwrap();
    assert_eq!(response.value.certificate.as_ref().unwrap().expose(), SECRET);
    assert_eq!(response.value.pkcs12_password.as_ref().unwrap().expose(), SECRET);
    assert_hides(&response, &[SECRET, API_KEY]);
}

#[tokio::test]
async fn errors_hide_secrets_quoted_by_the_server() {
    let quoted = |message: String| Response::new(403).json(&json!({"error": {"code": "no", "message": message}}));
    let server = Server::responding([
        quoted(format!("the key {API_KEY} is unknown")),
        quoted(format!("the code {SECRET} is wrong")),
        quoted(format!("no token {SECRET}")),
        Response::new(400).body("text/html", format!("<p>{API_KEY}\r\n</p>")),
        Response::new(400).header("x-echo", API_KEY),
    ]);
    let server = server.await;
    let client = digicert_mpki::Client::at(&server.url());
    let secrets = [API_KEY, SECRET];

    let error = client.service_status().hello().send().await.unwrap_err();
    assert_error_hides(&error, &secrets);
    assert!(error.to_string().contains("the key *** is unknown"), "{error}");
    let error = client.enrollments().get_by_code(SECRET, "seat").send().await.unwrap_err();
    assert_error_hides(&error, &secrets);
    assert_eq!(error.path(), "/mpki/api/v1/enrollment/{enrollmentCode}");
    assert_error_hides(&client.profiles().list().api_token_id(SECRET).send().await.unwrap_err(), &secrets);
    assert_error_hides(&client.service_status().hello().send().await.unwrap_err(), &secrets);
    assert_error_hides(&client.service_status().hello().send().await.unwrap_err(), &secrets);
}

#[tokio::test]
async fn errors_hide_sensitive_properties_at_any_depth() {
    let body = json!({"error": {"message": "x"}, "certificate": SECRET, "request": {"Pkcs12Password": SECRET}});
    let text = format!("rejected: {{\"pkcs12Password\": \"{SECRET}\", \"cut");
    let server =
        Server::responding([Response::new(400).json(&body), Response::new(400).body("text/plain", text)]).await;
    let client = digicert_mpki::Client::at(&server.url());
    for _ in 0..2 {
        assert_error_hides(&client.certificates().recover("1").send().await.unwrap_err(), &[SECRET]);
    }

    let body = json!({"Message": "no", "Request": {"Password": SECRET, "Certificate": SECRET}});
    let basic = keyfactor_command::Client::CREDENTIAL.1;
    let echoed = Response::new(401).body("text/plain", format!("{basic} of {PASSWORD} refused"));
    let server = Server::responding([Response::new(400).json(&body), echoed]).await;
    let client = keyfactor_command::Client::at(&server.url());
    for _ in 0..2 {
        let error = client.certificates().import(CertificateImportRequest::new(SECRET)).send().await.unwrap_err();
        assert_error_hides(&error, &[SECRET]);
        assert_error_hides(&error, keyfactor_command::Client::SECRETS);
    }
}

#[tokio::test]
async fn error_property_named_like_a_secret_is_shown_at_other_paths() {
    let body = json!({
        "errors": [{"field": "asset", "value": "unknown-asset"}],
        "registered_values": [{"certificate_field": "challenge_password", "value": SECRET}],
    });
    let plain = json!({"message": "no", "value": "plain-value", "certificate": "plain-certificate"});
    let server = Server::responding([Response::new(400).json(&body), Response::new(400).json(&plain)]).await;
    let client = digicert_iot::Client::at(&server.url());
    let error = client.authentication_certificates().get("1", "2").send().await.unwrap_err();
    assert_error_hides(&error, &[SECRET]);
    assert!(error.to_string().contains("unknown-asset"), "{error}");
    let client = digicert_mpki::Client::at(&server.url());
    let error = client.certificates().get("1").send().await.unwrap_err();
    assert!(error.to_string().contains("plain-value") && error.to_string().contains("plain-certificate"), "{error}");
}

#[tokio::test]
async fn decode_errors_hide_secrets() {
    // serde quotes unexpected values in its errors. Here, the value is a secret or contains one.
    let responses = [
        json!({"pkcs12Password": {"value": SECRET}}),
        json!({"pkcs12Password": [SECRET]}),
        json!({"pkcs12Password": SECRET, "serial_number": 5}),
        json!({"certificate": [SECRET]}),
    ];
    let server = Server::responding(responses.iter().map(|response| Response::new(200).json(response))).await;
    let client = digicert_mpki::Client::at(&server.url());
    for _ in responses {
        let error = client.certificates().recover("1").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_error_hides(&error, &[SECRET]);
    }
}

#[tokio::test]
async fn connection_errors_hide_secrets() {
    // The socket is bound but does not listen: connections are refused, and no other test can use the port.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let client = digicert_mpki::Client::authenticated().base_url(url).retry(RetryPolicy::none()).build().unwrap();
    let error = client.enrollments().get_by_code(SECRET, SECRET).send().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Transport, false));
    assert_error_hides(&error, &[SECRET, API_KEY]);
}

#[tokio::test]
async fn errors_hide_secrets_escaped_as_json() {
    let password = r#"a"quoted\pass"#;
    let body = json!({"Message": format!("the password {password} is wrong")});
    let server = Server::responding([Response::new(400).json(&body)]).await;
    let client = keyfactor_command::Client::builder().no_proxy().base_url(server.url()).basic_auth("user", password);
    let call = client.build().unwrap().certificates().import(CertificateImportRequest::new("MIIB"));
    assert_error_hides(&call.send().await.unwrap_err(), &[password, "quoted", "pass is"]);
}

#[tokio::test]
async fn errors_hide_secrets_percent_encoded() {
    let code = "se cret/code";
    let html = "<pre>Cannot GET /mpki/api/v1/enrollment/se%20cret%2Fcode</pre>";
    let server = Server::responding([Response::new(404).body("text/html", html)]).await;
    let call = digicert_mpki::Client::at(&server.url()).enrollments().get_by_code(code, "seat");
    assert_error_hides(&call.send().await.unwrap_err(), &[code, "se%20cret", "cret%2Fcode"]);
}
