//! Tests of decoding and encoding values: unknown values and the strings of dates are preserved, and absent properties
//! remain absent.

use pki_clients::digicert_iot::models::{CertificateField, FieldValue, RegisteredValue};
use pki_clients::digicert_mpki::models::CertificateStatus;
use pki_clients::keyfactor_command::models::{
    CertificateImportRequest, CertificateImportResponse, FailureType, FailureTypeCode, ImportStatus, ImportStatusFlags,
    JobStatus, JobStatusCode,
};
use pki_clients::runtime::Maybe;
use pki_clients::{digicert_iot, digicert_mpki, keyfactor_command};
use serde::Serialize;
use serde_json::{Value, json};

use super::sent::Content;
use super::server::{Response, Server};
use super::vendor::Vendor;

/// Starts a server that sends this response once. Returns the server and a client of it.
async fn responding_client<V: Vendor>(response: &Value) -> (Server, V) {
    let server = Server::responding([Response::new(200).json(response)]).await;
    let client = V::at(&server.url());
    (server, client)
}

fn encoded(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[tokio::test]
async fn long_ca_chains_are_decoded() {
    let ca = |depth: u32, chain: Option<Value>| {
        let mut ca = json!({"serial_number": depth.to_string(), "root": chain.is_none()});
        if let Some(chain) = chain {
            ca["chain"] = json!([chain]);
        }
        ca
    };
    let chain = (1..10).fold(ca(0, None), |above, depth| ca(depth, Some(above)));
    let profile = json!({"certificate": {"issuer": ca(10, Some(chain))}});
    let (_server, client) = responding_client::<digicert_mpki::Client>(&profile).await;
    let read = client.profiles().get("1").send().await.unwrap();

    assert_eq!(encoded(&read), profile);
    let mut ca = read.certificate.unwrap().issuer.unwrap().chain.unwrap().remove(0);
    while let Some(above) = ca.chain.take() {
        assert_eq!(ca.root, Some(false));
        ca = above.into_iter().next().unwrap();
    }
    assert_eq!((ca.serial_number.as_deref(), ca.root), (Some("0"), Some(true)));
}

#[tokio::test]
async fn unknown_status_is_preserved() {
    let page = json!({"total": 3, "offset": 0, "limit": 3, "items": [
        {"status": "issued"}, {"status": "QUARANTINED / new"}, {"status": "ISSUED"},
    ]});
    let (_server, client) = responding_client::<digicert_mpki::Client>(&page).await;
    let read = client.certificates().search().send().await.unwrap();
    assert_eq!(encoded(&read), page);
    let statuses: Vec<_> = read.items.into_iter().map(|item| item.status.unwrap()).collect();
    assert_eq!(statuses[0], CertificateStatus::Issued);
    assert!(matches!(&statuses[1], CertificateStatus::Unknown(value) if value.as_str() == "QUARANTINED / new"));
    // Values are case-sensitive: the API uses lower case, so a value in upper case is unknown.
    assert_eq!(statuses[2].as_str(), "ISSUED");
    // Converting a documented value creates its variant, not `Unknown`.
    assert_eq!(CertificateStatus::from("issued"), CertificateStatus::Issued);
    assert_eq!(CertificateStatus::from("issued".to_owned()), CertificateStatus::Issued);
}

#[tokio::test]
async fn null_of_non_nullable_property_is_absent() {
    let certificate = json!({"common_name": null, "status": null, "valid_from": null, "seat": null, "revocation": {
        "reason": null, "revocation_date": null,
    }});
    let (_server, client) = responding_client::<digicert_mpki::Client>(&certificate).await;
    let read = client.certificates().get("1").send().await.unwrap();
    assert_eq!((&read.common_name, &read.status, &read.valid_from, &read.seat), (&None, &None, &None, &None));
    assert_eq!(encoded(read), json!({"revocation": {}}));
}

#[tokio::test]
async fn unknown_properties_are_ignored() {
    let certificate = json!({"common_name": "a", "sct_list": [{"log": 1}], "seat": {"seat_id": "s", "x": null}});
    let (_server, client) = responding_client::<digicert_mpki::Client>(&certificate).await;
    let read = client.certificates().get("1").send().await.unwrap();
    assert_eq!(encoded(read), json!({"common_name": "a", "seat": {"seat_id": "s"}}));
}

#[tokio::test]
async fn absent_null_and_value_are_distinct() {
    let request = || CertificateImportRequest::new("MIIB");
    let cases = [
        (request(), json!({"Certificate": "MIIB"})),
        (
            request().with_password_null().with_owner_role_id_null(),
            json!({
                "Certificate": "MIIB", "Password": null, "OwnerRoleId": null,
            }),
        ),
        (
            request().with_password("").with_owner_role_id(0).with_metadata([("a", None), ("b", Some("c".to_owned()))]),
            json!({
                "Certificate": "MIIB", "Password": "", "OwnerRoleId": 0, "Metadata": {"a": null, "b": "c"},
            }),
        ),
        // If a setter is called several times, the last call applies.
        (
            request()
                .with_store_ids(["1"])
                .with_store_ids_null()
                .with_schedule_null()
                .with_schedule(jiff::civil::datetime(2023, 11, 19, 16, 23, 1, 0)),
            json!({
                "Certificate": "MIIB", "StoreIds": null, "Schedule": "2023-11-19T16:23:01",
            }),
        ),
    ];
    for (request, body) in cases {
        let (server, client) = responding_client::<keyfactor_command::Client>(&json!({})).await;
        client.certificates().import(request.clone()).send().await.unwrap();
        assert_eq!(server.sent_once().content, Content::Json(body.clone()));
        assert_eq!(serde_json::from_value::<CertificateImportRequest>(body).unwrap(), request);
    }

    let response = json!({"InvalidKeystores": null, "Thumbprint": "00"});
    let (_server, client) = responding_client::<keyfactor_command::Client>(&response).await;
    let read = client.certificates().import(request()).send().await.unwrap();
    assert_eq!((&read.invalid_keystores, &read.thumbprint), (&Maybe::Null, &Maybe::Value("00".to_owned())));
    assert_eq!(encoded(read), response);
}

/// Decodes a response of Keyfactor Command. Asserts that the value encodes to the same JSON.
async fn imported(response: Value) -> CertificateImportResponse {
    let (_server, client) = responding_client::<keyfactor_command::Client>(&response).await;
    let read = client.certificates().import(CertificateImportRequest::new("MIIB")).send().await.unwrap();
    assert_eq!(encoded(&read), response);
    read
}

#[tokio::test]
async fn flags_combine_and_keep_unknown_bits() {
    let read = imported(json!({"ImportStatus": 3, "JobStatus": 2})).await;
    let Some(ImportStatus::Flags(flags)) = read.import_status else { panic!("{read:?}") };
    assert_eq!(flags, ImportStatusFlags::FLAG_1 | ImportStatusFlags::FLAG_2);
    assert!(flags.contains(ImportStatusFlags::FLAG_1) && flags.contains(ImportStatusFlags::FLAG_2));
    assert!(!flags.contains(ImportStatusFlags::FLAG_4));
    assert_eq!(read.job_status, Some(JobStatus::Code(JobStatusCode::CODE_2)));

    let read = imported(json!({"ImportStatus": 65537, "InvalidKeystores": [{"Reason": 99}]})).await;
    let Some(ImportStatus::Flags(flags)) = read.import_status else { panic!("{read:?}") };
    assert!(flags.contains(ImportStatusFlags::FLAG_1));
    assert_eq!(flags.bits(), 65537);
    assert_eq!(format!("{flags:?}"), "ImportStatusFlags(FLAG_1 | 0x10000)");
    let reason = read.invalid_keystores.into_option().unwrap().remove(0).reason;
    assert_eq!(reason, Some(FailureType::Code(FailureTypeCode::from_bits(99))));
}

#[tokio::test]
async fn import_status_is_read_as_word_or_unknown_value() {
    let read = imported(json!({"ImportStatus": "CreatedNew", "JobStatus": "Success"})).await;
    assert_eq!(read.import_status, Some(ImportStatus::Word("CreatedNew".to_owned())));
    let read = imported(json!({"ImportStatus": {"code": 1}, "JobStatus": [true, 1.5]})).await;
    assert!(matches!(read.import_status, Some(ImportStatus::Unknown(_))), "{read:?}");
}

#[tokio::test]
async fn thumbprint_is_string_though_valid_base64() {
    let thumbprint = "F4F6E7CB7A2C9E2B1A5C3D0E8F90A1B2C3D4E5F6";
    let read = imported(json!({"Thumbprint": thumbprint})).await;
    assert_eq!(read.thumbprint, Maybe::Value(thumbprint.to_owned()));
}

#[tokio::test]
async fn value_of_undocumented_type_is_preserved() {
    let values = json!([{"certificate_field": "subject.serial", "value": {"a": [1, null]}}]);
    let (_server, client) = responding_client::<digicert_iot::Client>(&json!({"registered_values": values})).await;
    let read = client.authentication_certificates().get("1", "2").send().await.unwrap();
    let value = &read.registered_values.as_ref().unwrap()[0];
    assert!(matches!(value.value, Some(FieldValue::Unknown(_))), "{value:?}");
    assert_eq!(encoded(read), json!({"registered_values": values}));
    // An array with one string remains an array, and so does an empty array.
    let none = RegisteredValue::new(CertificateField::SubjectStreetAddress, FieldValue::List(Vec::new()));
    assert_eq!(encoded(none), json!({"certificate_field": "subject.street_address", "value": []}));
}

#[tokio::test]
async fn dates_keep_their_string_and_are_parsed_on_demand() {
    let entry = |timestamp: &str| json!({"timestamp": timestamp});
    // A date that means "never": it exceeds the range of `jiff::Timestamp`, but is a valid date and time.
    let (_server, client) = responding_client::<digicert_mpki::Client>(&entry("9999-12-31T23:59:59Z")).await;
    let never = client.reporting().get_audit_log("1").send().await.unwrap().timestamp.unwrap();
    assert_eq!(never.as_str(), "9999-12-31T23:59:59Z");
    assert!(never.timestamp().is_err());
    assert_eq!(never.civil().unwrap(), jiff::civil::date(9999, 12, 31).at(23, 59, 59, 0));

    // Without an offset, the value is a date and time, but not a timestamp.
    let (_server, client) = responding_client::<digicert_mpki::Client>(&entry("2022-04-21T00:00:00.1234567")).await;
    let local = client.reporting().get_audit_log("1").send().await.unwrap().timestamp.unwrap();
    assert_eq!((local.as_str(), local.has_offset()), ("2022-04-21T00:00:00.1234567", false));
    assert!(local.timestamp().is_err());
    assert_eq!(local.civil().unwrap(), jiff::civil::date(2022, 4, 21).at(0, 0, 0, 123_456_700));

    // With an offset other than UTC, the value is converted to a timestamp.
    let (_server, client) = responding_client::<digicert_mpki::Client>(&entry("2022-02-22T04:56:07.000+02:00")).await;
    let moment = client.reporting().get_audit_log("1").send().await.unwrap().timestamp.unwrap();
    assert_eq!(moment.timestamp().unwrap(), "2022-02-22T02:56:07Z".parse().unwrap());

    // A date property whose value also contains a time, and one whose value is not a date.
    let (_server, client) =
        responding_client::<digicert_mpki::Client>(&json!({"valid_from": "2019-01-01T00:00:00Z", "valid_to": "never"}))
            .await;
    let certificate = client.certificates().get("1").send().await.unwrap();
    assert_eq!(certificate.valid_from.unwrap().as_str(), "2019-01-01T00:00:00Z");
    let never = certificate.valid_to.unwrap();
    assert_eq!(never.as_str(), "never");
    assert!(never.date().is_err());
}
