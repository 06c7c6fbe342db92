//! Tests of the only operation of Keyfactor Command: two headers, nullable properties, and states that are integers or
//! strings.

use pki_clients::keyfactor_command::Client;
use pki_clients::keyfactor_command::models::{
    CertificateImportRequest, CertificateImportResponse, FailureType, ImportStatus, ImportStatusFlags, InvalidKeystore,
    JobStatus, JobStatusCode, ManagementStoreType, RequestedWith,
};
use pki_clients::runtime::DateTime;
use serde_json::Value;

use super::exchange::{exchange_json, request};
use super::sent::Sent;

const THUMBPRINT: &str = "F4F6E7CB7A2C9E2B1A5C3D0E8F90A1B2C3D4E5F6";

#[tokio::test]
async fn import_certificate_sends_body_and_decodes_flags_and_words() {
    let documented: CertificateImportRequest = request::<Client, _>("importCertificate", 0);
    let certificate = CertificateImportRequest::new(documented.certificate.clone()).with_metadata([
        ("AppOwnerFirstName", Some("John".to_owned())),
        ("AppOwnerLastName", Some("Smith".to_owned())),
    ]);
    assert_eq!(documented, certificate);
    let documented: CertificateImportRequest = request::<Client, _>("importCertificate", 1);
    let none: [Value; 0] = [];
    let store_type = ManagementStoreType::new()
        .with_store_type_id(2)
        .with_alias("www.example.com")
        .with_overwrite(true)
        .with_properties(none);
    let pkcs12 = CertificateImportRequest::new(documented.certificate.clone())
        .with_password("correct-horse-battery-staple")
        .with_store_ids(["4be14534-55b0-4cd7-9871-536b55b5e973"])
        .with_store_types([store_type])
        .with_schedule("2023-11-19T16:23:01Z".parse::<DateTime>().unwrap())
        .with_owner_role_name("Certificate Owners");
    assert_eq!(documented, pkcs12);

    // Keyfactor Command requires this header, so the client adds it.
    let expected = Sent::by::<Client>("POST", "/Certificates/Import")
        .accept("application/json")
        .header("x-keyfactor-requested-with", "APIClient");
    let call = async |client: Client, body| client.certificates().import(body).send().await;
    let responses = exchange_json("importCertificate", expected, call).await;

    let numbers = CertificateImportResponse::new()
        .with_import_status(ImportStatusFlags::NONE)
        .with_job_status(JobStatusCode::CODE_1)
        .with_invalid_keystores([])
        .with_thumbprint(THUMBPRINT);
    let keystore = InvalidKeystore::new()
        .with_keystore_id("4be14534-55b0-4cd7-9871-536b55b5e973")
        .with_client_machine("web01.example.com")
        .with_store_path("IIS Personal")
        .with_alias("www.example.com")
        .with_reason(FailureType::Word("NotFound".to_owned()))
        .with_explanation("The certificate store does not exist.");
    let words = CertificateImportResponse::new()
        .with_import_status(ImportStatus::Word("CreatedNewWithKey".to_owned()))
        .with_job_status(JobStatus::Word("Success".to_owned()))
        .with_invalid_keystores([keystore])
        .with_thumbprint(THUMBPRINT);
    assert_eq!(responses, [numbers, words]);
}

#[tokio::test]
async fn caller_sets_requested_with_and_api_version_headers() {
    let expected = Sent::by::<Client>("POST", "/Certificates/Import")
        .accept("application/json")
        .header("x-keyfactor-requested-with", "XMLHttpRequest")
        .header("x-keyfactor-api-version", "1.0");
    let call = async |client: Client, body| {
        let import = client.certificates().import(body);
        import.x_keyfactor_requested_with(RequestedWith::XmlHttpRequest).x_keyfactor_api_version("1.0").send().await
    };
    exchange_json("importCertificate", expected, call).await;
}
