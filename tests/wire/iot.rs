//! Tests of the operations of DigiCert IoT Trust Manager: a form with a zip archive, and values that are a string or an
//! array of strings.

use std::fs;

use jiff::civil::date;
use pki_clients::digicert_iot::Client;
use pki_clients::digicert_iot::models::{
    AssignAuthenticationCertificateRequest, AuthenticationCertificateStatus, CertificateField, CertificateImportJob,
    EnrollmentContext, EnrollmentProfileReference, FieldValue, ImportEnrollmentMethod, ImportFormat, ImportJobStatus,
    Matcher, RegisteredValue, RegisteredValueDetails,
};
use pki_clients::runtime::{DateTime, Upload};

use super::exchange::{exchange, exchange_json, request};
use super::sent::{Part, Sent};
use super::server::{Response, Server};
use super::vendor::Vendor;

const IMPORT: &str = "/iot/api/v1/certificate-import/IOT_5e0d7a5c%2F9a4b%204c53";

/// Bytes that are invalid UTF-8, and contain text that resembles a boundary.
const ARCHIVE: &[u8] = b"PK\x03\x04\x00\xff\xfe\r\n--\r\n\r\n--boundary--\r\n";

#[tokio::test]
async fn import_certificates_sends_archive_and_decodes_job() {
    let part = Part::file("file", "certificates.xml.zip", "application/zip", ARCHIVE);
    let expected = Sent::by::<Client>("POST", IMPORT).accept("application/json").parts([part]);

    let from_memory = async |client: Client| {
        let archive = Upload::bytes("certificates.xml.zip", ARCHIVE);
        client.certificate_import().import_certificates("IOT_5e0d7a5c/9a4b 4c53", archive).send().await
    };
    let job = CertificateImportJob::new()
        .with_id("67a3957e-0a29-4470-b694-c03ce42ed449")
        .with_random_id("687338079509")
        .with_enrollment_profile(
            EnrollmentProfileReference::new()
                .with_id("IOT_5e0d7a5c-9a4b-4c53-8b55-64a1f2a3e0d9")
                .with_name("Enrollment Profile Cert Import"),
        )
        .with_original_file_name("certificates.xml.zip")
        .with_format(ImportFormat::Xml)
        .with_original_size(1042)
        .with_stored_file_name("certificate-import-687338079509.zip")
        .with_created_at("2020-08-11T20:25:31.943335Z".parse::<DateTime>().unwrap())
        .with_status(ImportJobStatus::Pending)
        .with_enrollment_context(
            EnrollmentContext::new()
                .with_enrollment_method(ImportEnrollmentMethod::CertificateImport)
                .with_ip_address("10.42.1.190")
                .with_authorization("")
                .with_auth_type("BASIC"),
        )
        .with_total_certificates(3)
        .with_failed_certificates(0)
        .with_processing_time(0);
    let jobs = [job];
    assert_eq!(exchange("importCertificates", expected.clone(), from_memory).await, jobs);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("certificates.xml.zip");
    fs::write(&path, ARCHIVE).unwrap();
    let from_disk = async |client: Client| {
        client.certificate_import().import_certificates("IOT_5e0d7a5c/9a4b 4c53", path.as_path()).send().await
    };
    assert_eq!(exchange("importCertificates", expected, from_disk).await, jobs);
}

#[tokio::test]
async fn file_on_disk_is_sent_completely_with_the_given_name() {
    // The file is larger than all buffers.
    let archive: Vec<u8> = (0..3_000_000_u32).map(|index| index.to_le_bytes()[usize::from(index % 3 == 0)]).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.zip");
    fs::write(&path, &archive).unwrap();

    let server = Server::responding([Response::new(500)]).await;
    let upload = Upload::path(&path).file_name("Zertifikate \"München\".zip").content_type("application/x-zip");
    let call = Client::at(&server.url()).certificate_import().import_certificates("IOT_1", upload);
    call.send().await.unwrap_err();

    let part = Part::file("file", "Zertifikate %22München%22.zip", "application/x-zip", archive);
    let target = "/iot/api/v1/certificate-import/IOT_1";
    let expected = Sent::by::<Client>("POST", target).accept("application/json").parts([part]);
    assert!(server.sent_once() == expected, "the received file differs");
}

#[tokio::test]
async fn missing_file_is_an_error_before_sending() {
    let server = Server::responding([]).await;
    let folder = tempfile::tempdir().unwrap();
    let upload = Upload::path(folder.path().join("missing.zip"));
    let error =
        Client::at(&server.url()).certificate_import().import_certificates("IOT_1", upload).send().await.unwrap_err();
    assert!(error.to_string().contains("missing.zip"), "{error}");
    assert_eq!((error.attempts(), error.may_have_been_sent(), server.sent().len()), (0, false, 0));
}

#[tokio::test]
async fn assign_authentication_certificate_sends_body_and_decodes_response() {
    let body: AssignAuthenticationCertificateRequest = request::<Client, _>("assignAuthenticationCertificate", 0);
    let common_name = RegisteredValue::new(CertificateField::SubjectCommonName, "common name registered value");
    let units = FieldValue::List(vec!["Unit 1".to_owned(), "Unit 2".to_owned()]);
    let units = RegisteredValue::new(CertificateField::SubjectOrganizationUnit, units);
    let built = AssignAuthenticationCertificateRequest::new(body.pem.clone())
        .with_start_date(date(2020, 1, 1))
        .with_end_date(date(2021, 1, 1))
        .with_registered_values([common_name.with_matcher(Matcher::Equals), units.with_matcher(Matcher::Equals)]);
    assert_eq!(body, built);

    let target = "/iot/api/v1/enrollment-profile/IOT_%C3%A4%26b/authentication-certificate";
    let expected = Sent::by::<Client>("POST", target).accept("application/json");
    let call = async |client: Client, body| client.authentication_certificates().assign("IOT_ä&b", body).send().await;
    let assigned = exchange_json("assignAuthenticationCertificate", expected, call).await;
    assert_eq!(assigned[0].usage_limit, Some(100));
}

#[tokio::test]
async fn get_authentication_certificate_decodes_values_and_dates() {
    let target = "/iot/api/v1/enrollment-profile/IOT_c1ac3d12-c2cb-46f0-808e-d0110c280c77\
                  /authentication-certificate/a876d305%2B713c";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| {
        let certificates = client.authentication_certificates();
        certificates.get("IOT_c1ac3d12-c2cb-46f0-808e-d0110c280c77", "a876d305+713c").send().await
    };
    let mut certificates = exchange("getAuthenticationCertificate", expected, call).await;

    let certificate = certificates.remove(0);
    assert_eq!(certificate.status, Some(AuthenticationCertificateStatus::Active));
    let values = [
        RegisteredValueDetails::new()
            .with_certificate_field(CertificateField::SubjectCommonName)
            .with_matcher(Matcher::Equals)
            .with_value("common name registered value")
            .with_multiple(false),
        RegisteredValueDetails::new()
            .with_certificate_field(CertificateField::SubjectOrganizationUnit)
            .with_matcher(Matcher::Equals)
            .with_value(FieldValue::List(vec!["Unit 1".to_owned(), "Unit 2".to_owned()]))
            .with_multiple(true),
    ];
    assert_eq!(certificate.registered_values.as_deref(), Some(&values[..]));
    // The response has dates without a time, and times with microseconds.
    assert_eq!(certificate.start_date.unwrap().date().unwrap(), date(2020, 1, 1));
    let created_at = certificate.created_at.unwrap().timestamp().unwrap();
    assert_eq!(created_at.subsec_nanosecond(), 519_512_000);
}
