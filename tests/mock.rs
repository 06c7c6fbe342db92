//! Tests of the mock with the generated clients: each operation returns the mocked value, and the mock records requests
//! with typed bodies. No socket is opened.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use pki_clients::digicert_mpki::models as mpki;
use pki_clients::digicert_mpki::operations::certificates::{Import, Issue, Renew, Revoke, Search};
use pki_clients::digicert_mpki::operations::service_status::Hello;
use pki_clients::digicert_mpki::operations::{profiles, seats};
use pki_clients::digicert_mpki::{Client, ErrorBody};
use pki_clients::runtime::http::{Method, Response, StatusCode};
use pki_clients::runtime::mock::{Fault, Mock};
use pki_clients::runtime::serde_json::{Value, json};
use pki_clients::runtime::{ErrorKind, Operation, Upload};
use pki_clients::{digicert_iot, keyfactor_command};
use serde::de::DeserializeOwned;

fn client(mock: &Mock) -> Client {
    Client::builder().api_key("k").transport(mock.clone()).build().unwrap()
}

fn iot(mock: &Mock) -> digicert_iot::Client {
    digicert_iot::Client::builder().api_key("k").transport(mock.clone()).build().unwrap()
}

fn keyfactor(mock: &Mock) -> keyfactor_command::Client {
    let builder = keyfactor_command::Client::builder().host("command.test").bearer_auth("t");
    builder.transport(mock.clone()).build().unwrap()
}

/// Deserializes a request body, so that tests need not construct it with builder methods.
fn body<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

/// Calls each listed operation with a mock that responds with the given value, and asserts that the call returns this
/// value. Returns the operation IDs.
macro_rules! each {
    ($($module:ident::$tag:ident: $($operation:ident: $call:expr => $value:expr),*;)*) => {{
        let mut ids = BTreeSet::new();
        $($({
            type Called = pki_clients::$module::operations::$tag::$operation;
            let mock = Mock::new();
            mock.on::<Called>().reply($value);
            let call: Called = $call(&mock);
            let given = call.send().await.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(given, $value, "{}", Called::INFO.id);
            assert_eq!(mock.calls::<Called>().len(), 1);
            ids.insert((stringify!($module), Called::INFO.id));
        })*)*
        ids
    }};
}

#[tokio::test]
async fn each_operation_returns_the_mocked_value() {
    let proven = each! {
        digicert_iot::authentication_certificates:
            Assign: |mock| iot(mock).authentication_certificates().assign("p", body(json!({"pem": "x"})))
                => digicert_iot::models::AuthenticationCertificate::new(),
            Get: |mock| iot(mock).authentication_certificates().get("p", "a")
                => digicert_iot::models::AuthenticationCertificate::new();
        digicert_iot::certificate_import:
            ImportCertificates: |mock| iot(mock).certificate_import().import_certificates("p", Upload::bytes("a", "b"))
                => digicert_iot::models::CertificateImportJob::new().with_id("1");
        digicert_mpki::certificates:
            ApproveRecovery: |mock| client(mock).certificates().approve_recovery("1") => (),
            Get: |mock| client(mock).certificates().get("1") => details("1"),
            Import: |mock| client(mock).certificates().import([]) => vec![mpki::CertificateImportResult::new()],
            Issue: |mock| client(mock).certificates().issue(mpki::IssueCertificateRequest::new())
                => mpki::CertificateResponse::new().with_certificate("x"),
            Recover: |mock| client(mock).certificates().recover("1")
                => mpki::RecoveredCertificate::new().with_certificate("MII").with_pkcs12_password("hunter2"),
            Renew: |mock| client(mock).certificates().renew("1") => mpki::CertificateResponse::new().with_serial_number("2"),
            Resume: |mock| client(mock).certificates().resume("1") => (),
            Revoke: |mock| client(mock).certificates().revoke("1", mpki::RevokeCertificateRequest::new()) => (),
            Search: |mock| client(mock).certificates().search()
                => mpki::CertificatePage::new(1, 0, 100, [details("1")]);
        digicert_mpki::enrollments:
            Create: |mock| client(mock).enrollments().create(body(json!({
                "profile": {"id": "p"}, "seat": {"seat_id": "s", "email": "a@b"}, "attributes": {}
            }))) => mpki::EnrollmentResponse::new(),
            GetByCode: |mock| client(mock).enrollments().get_by_code("c", "s") => mpki::EnrollmentResponse::new(),
            Get: |mock| client(mock).enrollments().get("1") => mpki::PublicEnrollmentDetails::new(),
            List: |mock| client(mock).enrollments().list() => vec![mpki::PublicEnrollmentDetails::new()],
            Redeem: |mock| client(mock).enrollments().redeem(mpki::RedeemEnrollmentRequest::new())
                => mpki::CertificateResponse::new();
        digicert_mpki::seats:
            Create: |mock| client(mock).seats().create(mpki::CreateSeatRequest::new())
                => mpki::SeatDetails::new().with_seat_name("a"),
            Delete: |mock| client(mock).seats().delete("s", "USER_SEAT") => None,
            Get: |mock| client(mock).seats().get("s", mpki::SeatTypeId::UserSeat) => mpki::Seat::new(),
            ListTypes: |mock| client(mock).seats().list_types() => vec![mpki::SeatType::new()],
            Update: |mock| client(mock).seats().update("s", mpki::UpdateSeatRequest::new())
                => Some(mpki::SeatDetails::new().with_email("a@b"));
        digicert_mpki::reporting:
            GetAuditLog: |mock| client(mock).reporting().get_audit_log("1") => mpki::AuditLogItem::new(),
            GetEnrollmentCodeReport: |mock| client(mock).reporting().get_enrollment_code_report()
                => mpki::EnrollmentReportPage::new(0, 0, 100, []),
            ListAuditLogs: |mock| client(mock).reporting().list_audit_logs()
                => mpki::AuditLogPage::new(1, 0, 100, [mpki::AuditLogItem::new()]);
        digicert_mpki::service_status:
            GetHealth: |mock| client(mock).service_status().get_health() => mpki::ServiceUp::Up,
            Hello: |mock| client(mock).service_status().hello() => mpki::ServiceGreeting::Hello;
        digicert_mpki::profiles:
            Get: |mock| client(mock).profiles().get("p") => mpki::PublicProfileResponse::new().with_id("p"),
            List: |mock| client(mock).profiles().list()
                => vec![mpki::ProfileListEntry::PublicProfileResponse(mpki::PublicProfileResponse::new().with_id("p"))];
        keyfactor_command::certificates:
            Import: |mock| keyfactor(mock).certificates().import(
                keyfactor_command::models::CertificateImportRequest::new("x")
            ) => keyfactor_command::models::CertificateImportResponse::new();
    };
    let specs = [
        ("digicert_iot", include_str!("../specs/digicert-iot.yaml")),
        ("digicert_mpki", include_str!("../specs/digicert-mpki.yaml")),
        ("keyfactor_command", include_str!("../specs/keyfactor-command.yaml")),
    ];
    let ids = |(module, text): (&'static str, &'static str)| {
        let ids = text.lines().filter_map(|line| line.trim().strip_prefix("operationId: "));
        ids.map(move |id| (module, id))
    };
    assert_eq!(proven, specs.into_iter().flat_map(ids).collect());
}

fn details(serial_number: &str) -> mpki::CertificateDetails {
    mpki::CertificateDetails::new().with_serial_number(serial_number)
}

#[tokio::test]
async fn each_kind_of_body_is_recorded() {
    let mock = Mock::new();
    let (certificates, seats) = (client(&mock).certificates(), client(&mock).seats());
    // The calls below send a required body with a secret, an optional body (set and omitted), an array, and no body.
    mock.on::<Revoke>().reply(());
    let revocation = mpki::RevokeCertificateRequest::new().with_revocation_reason(mpki::RevocationReason::Superseded);
    certificates.revoke("1", revocation.clone()).send().await.unwrap();
    assert_eq!(mock.calls::<Revoke>()[0].body(), revocation);

    mock.on::<Renew>().reply(mpki::CertificateResponse::new()).times(2);
    let renewal = mpki::RenewCertificateRequest::new().with_csr("x");
    certificates.renew("1").send().await.unwrap();
    certificates.renew("1").body(renewal.clone()).send().await.unwrap();
    let bodies: Vec<_> = mock.calls::<Renew>().iter().map(|call| call.body()).collect();
    assert_eq!(bodies, [None, Some(renewal)]);

    mock.on::<Import>().reply(vec![]);
    let items = vec![mpki::CertificateImportItem::new(), mpki::CertificateImportItem::new().with_cert("x")];
    certificates.import(items.clone()).send().await.unwrap();
    assert_eq!(mock.calls::<Import>()[0].body(), items);

    mock.on::<seats::Get>().reply(mpki::Seat::new());
    seats.get("a/b", mpki::SeatTypeId::DeviceSeat).send().await.unwrap();
    let [call] = &mock.calls::<seats::Get>()[..] else { panic!("one call") };
    let () = call.body();
    assert_eq!(call.parameter("seat_type_id"), Some(mpki::SeatTypeId::DeviceSeat));
    assert_eq!(call.parameter::<String>("seat_id").as_deref(), Some("a/b"));

    let secret = keyfactor_command::models::CertificateImportRequest::new("hunter2");
    mock.on::<keyfactor_command::operations::certificates::Import>()
        .reply(keyfactor_command::models::CertificateImportResponse::new());
    keyfactor(&mock).certificates().import(secret.clone()).send().await.unwrap();
    let [call] = &mock.calls::<keyfactor_command::operations::certificates::Import>()[..] else { panic!("one call") };
    assert_eq!(call.body(), secret);
    assert_eq!(
        (call.header("authorization"), call.uri().path()),
        (Some("Bearer t"), "/KeyfactorAPI/Certificates/Import")
    );
    assert!(!format!("{call:?}").contains("hunter2"));
    // Keyfactor Command also has an operation `Import`. Its call is not counted as a call of this `Import`.
    assert_eq!((mock.calls::<Import>().len(), mock.requests().len()), (1, 6));
}

#[tokio::test]
async fn file_is_read_from_disk() {
    type ImportZip = digicert_iot::operations::certificate_import::ImportCertificates;
    let mock = Mock::new();
    mock.on::<ImportZip>().reply(digicert_iot::models::CertificateImportJob::new());
    let file = tempfile::NamedTempFile::with_suffix(".zip").unwrap();
    std::fs::write(file.path(), vec![7; 200_000]).unwrap();
    iot(&mock).certificate_import().import_certificates("p", file.path()).send().await.unwrap();
    let part = mock.calls::<ImportZip>()[0].part("file").unwrap();
    assert_eq!(part.file_name.as_deref(), file.path().file_name().unwrap().to_str());
    assert_eq!((part.bytes.len(), part.bytes[199_999]), (200_000, 7));
}

#[tokio::test]
async fn errors_have_the_documented_type() {
    let mock = Mock::new();
    let error = mpki::SingleError::new(mpki::ErrorDetail::new().with_code("no_access"));
    mock.on::<Issue>().reply_status(StatusCode::FORBIDDEN, &error);
    let call = client(&mock).certificates().issue(mpki::IssueCertificateRequest::new());
    let given = call.send().await.unwrap_err();
    let documented = ErrorBody::ErrorEnvelope(mpki::ErrorEnvelope::SingleError(error));
    assert_eq!((given.status(), given.body()), (Some(StatusCode::FORBIDDEN), Some(&documented)));
}

#[tokio::test(start_paused = true)]
async fn listing_continues_after_an_error() {
    let mock = Mock::new();
    let page = |offset, serial_number| mpki::CertificatePage::new(2, offset, 1, [details(serial_number)]);
    mock.on::<Search>().reply(page(0, "1")).fault(Fault::Reset).times(2).reply(page(1, "2"));
    let mut items = client(&mock).certificates().search().limit(1).items();
    let mut serial_numbers = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        serial_numbers.extend(item.serial_number);
    }
    assert_eq!(serial_numbers, ["1", "2"]);
    let attempts: Vec<_> = mock.calls::<Search>().iter().map(|call| call.attempt()).collect();
    assert_eq!(attempts, [1, 1, 2, 3]);
}

#[tokio::test]
async fn unexpected_request_fails_call_and_test() {
    let mock = Mock::new();
    let client = client(&mock);
    mock.on::<Hello>().reply(mpki::ServiceGreeting::Hello);
    let error = client.profiles().list().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::Transport, 1, false));
    assert!(error.to_string().contains("the mock does not expect listProfiles (GET /mpki/api/v1/profile"), "{error}");
    assert!(error.to_string().contains(": it expects hello (GET "), "{error}");
    drop(client);
    let report = catch_unwind(AssertUnwindSafe(|| drop(mock))).unwrap_err();
    let report = report.downcast_ref::<String>().unwrap();
    assert!(report.contains("does not expect listProfiles") && report.contains("1 more expected"), "{report}");
}

#[tokio::test]
async fn raw_requests_and_raw_responses_work() {
    let mock = Mock::new();
    mock.on_request(Method::GET, "/mpki/api/v2/new").reply_raw(Response::new(Bytes::from_static(b"\xff")));
    let response = client(&mock).request(Method::GET, "mpki/api/v2/new").send().await.unwrap();
    assert_eq!(&response.value[..], b"\xff");
    mock.on::<profiles::List>().reply_raw_with(|_| Response::new("[7]".into()));
    let profiles = client(&mock).profiles().list().send().await.unwrap();
    assert!(matches!(&profiles[..], [mpki::ProfileListEntry::Unknown(_)]), "{profiles:?}");
}
