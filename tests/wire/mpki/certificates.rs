//! Tests of the operations on certificates: issue, search, renew, revoke, import, recover.

use jiff::civil::date;
use pki_clients::digicert_mpki::models::{
    CertificateDetails, CertificateImportItem, CertificateImportResult, CertificateImportRevocation, CertificateStatus,
    CertificateType, DeliveryFormat, IdDto, ImportedSeat, IssueCertificateRequest, NameDto, NamedReference,
    RecoveredCertificate, RenewCertificateRequest, RevocationReason, RevokeCertificateRequest, SearchSeatTypeId,
    SearchStatus, SeatReference, Validity, ValidityUnit,
};
use pki_clients::digicert_mpki::{Client, ErrorBody};
use serde_json::json;

use crate::wire::exchange::{exchange, exchange_json, request};
use crate::wire::sent::Sent;
use crate::wire::server::{Response, Server};
use crate::wire::vendor::Vendor;

const SERIAL_NUMBER: &str = "4099ABF9C1BB7C02BBE1CDC7836CA9D58A71C2A5";
const THUMBPRINT: &str = "ED9707A73630676168E3D531F622082B422CEEC1955706C1DC75AEEABDB80BCA";

#[tokio::test]
async fn issue_certificate_sends_body_and_decodes_certificate() {
    let body: IssueCertificateRequest = request::<Client, _>("issueCertificate", 0);
    let built = IssueCertificateRequest::new()
        .with_profile(IdDto::new("36f011b7-5fa1-4c6d-83f3-ee59c4d54bb0"))
        .with_seat(SeatReference::new().with_seat_id("some-seat-id@example.com"))
        .with_csr(body.csr.clone().unwrap())
        .with_validity(Validity::new().with_unit(ValidityUnit::Days).with_duration(1))
        .with_delivery_format(DeliveryFormat::X509)
        .with_include_ca_chain(false)
        .with_attributes(body.attributes.clone().unwrap());
    assert_eq!(body, built);
    // In the examples of the spec, `subject` does not match the schema. The value is preserved anyway.
    let attributes = body.attributes.unwrap();
    assert_eq!(attributes.schema, None);
    assert_eq!(attributes.additional_properties["subject"]["common_name"], json!("Ellen Ripley"));

    let expected = Sent::by::<Client>("POST", "/mpki/api/v1/certificate").accept("application/json");
    let call = async |client: Client, body| client.certificates().issue(body).send().await;
    let issued = exchange_json("issueCertificate", expected, call).await;
    assert_eq!(issued[0].serial_number.as_deref(), Some(SERIAL_NUMBER));
    assert_eq!(issued[0].delivery_format, Some(DeliveryFormat::X509));
}

#[tokio::test]
async fn approve_certificate_recovery_accepts_empty_response() {
    let target = "/mpki/api/v1/certificate/escrow/approve/40%2F99%20AB?thumbprint_sha256=ED%2097%2F07";
    // The successful response has no body, so `Accept` allows any media type.
    let expected = Sent::by::<Client>("POST", target).accept("application/json, */*;q=0.5");
    let call = async |client: Client| {
        client.certificates().approve_recovery("40/99 AB").thumbprint_sha256("ED 97/07").send().await
    };
    assert_eq!(exchange("approveCertificateRecovery", expected, call).await, [()]);
}

#[tokio::test]
async fn renew_certificate_sends_body_and_decodes_certificate() {
    let body: RenewCertificateRequest = request::<Client, _>("renewCertificate", 0);
    let built = RenewCertificateRequest::new()
        .with_csr(body.csr.clone().unwrap())
        .with_validity(Validity::new().with_unit(ValidityUnit::Days).with_duration(1))
        .with_delivery_format(DeliveryFormat::X509)
        .with_include_ca_chain(false);
    assert_eq!(body, built);

    let target = format!("/mpki/api/v1/certificate/{SERIAL_NUMBER}/renew?thumbprint_sha256={THUMBPRINT}");
    let expected = Sent::by::<Client>("POST", &target).accept("application/json");
    let call = async |client: Client, body| {
        client.certificates().renew(SERIAL_NUMBER).body(body).thumbprint_sha256(THUMBPRINT).send().await
    };
    let renewed = exchange_json("renewCertificate", expected, call).await;
    assert_eq!(renewed[0].serial_number.as_deref(), Some("48520A70B478D344E9F9A804D8370D0BBEFEC4F0"));
}

#[tokio::test]
async fn optional_body_may_be_omitted() {
    let target = format!("/mpki/api/v1/certificate/{SERIAL_NUMBER}/renew");
    let expected = Sent::by::<Client>("POST", &target).accept("application/json");
    let call = async |client: Client| client.certificates().renew(SERIAL_NUMBER).send().await;
    exchange("renewCertificate", expected, call).await;
}

#[tokio::test]
async fn import_certificates_sends_items_and_decodes_results() {
    let body: Vec<CertificateImportItem> = request::<Client, _>("importCertificates", 0);
    let revocation = CertificateImportRevocation::new()
        .with_revoked(true)
        .with_reason("key_compromise")
        .with_revoke_date("2022-04-21T00:00:00Z");
    let item = CertificateImportItem::new()
        .with_cert_type(CertificateType::X509)
        .with_business_unit_id("9d172259-6e0e-4bec-a9a2-9a147347613c")
        .with_seat_id("some-seat-id@example.com")
        .with_notes("Any note with a maximum of 255 characters")
        .with_group_name("Any group")
        .with_cert(body[0].cert.clone().unwrap())
        .with_revocation(revocation);
    assert_eq!(body, [item]);

    let target = "/mpki/api/v1/certificate-import?trap_seat_duplicate_error=true";
    let expected = Sent::by::<Client>("POST", target).accept("application/json");
    let call = async |client: Client, body: Vec<CertificateImportItem>| {
        client.certificates().import(body).trap_seat_duplicate_error(true).send().await
    };
    let result = CertificateImportResult::new()
        .with_cert_type("x509")
        .with_issuing_ca("CN=USCSS Nostromo, O=Weyland-Yutani, C=US")
        .with_seat(ImportedSeat::new().with_seat_id("Some seat ID").with_type("IMPORTED_SEAT"))
        .with_import_status("SUCCESS")
        .with_business_unit(
            NamedReference::new().with_id("66666666-7777-8888-9999-000000000000").with_name("USCSS Nostromo"),
        )
        .with_cert_status("revoked");
    assert_eq!(exchange_json("importCertificates", expected, call).await, [vec![result]]);
}

#[tokio::test]
async fn search_certificates_sends_all_parameters_and_decodes_page() {
    // Set all search parameters, in another order than in the spec.
    let target = "/mpki/api/v1/certificate-search?account_id=11111111-1111-4111-8111-111111111111\
                  &business_unit_id=22222222-2222-4222-8222-222222222222&business_unit_name=R%26D%20%2B%20M%C3%BCnchen\
                  &profile_id=33333333-3333-4333-8333-333333333333&seat_id=a%2Fb%3Fc%3Dd%23e\
                  &seat_type_id=UNMANAGED_SEAT&valid_from=2019-01-01&valid_to=2029-01-01\
                  &serial_number=4099ABF9C1BB7C02BBE1CDC7836CA9D58A71C2A5&common_name=%E6%9D%B1%E4%BA%AC%20%F0%9F%94%90%25\
                  &aki=AB%3ACD&issuing_ca_id=44444444-4444-4444-8444-444444444444\
                  &issuing_ca_name=CN%3DUSCSS%20Nostromo%2C%20O%3DWeyland-Yutani&issuing_ca_serial_number=0A%3A0B\
                  &status=SUSPENDED&thumbprint=ED9707A73630676168E3D531F622082B422CEEC1955706C1DC75AEEABDB80BCA\
                  &offset=20&limit=10";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| {
        client
            .certificates()
            .search()
            .limit(10)
            .offset(20)
            .thumbprint(THUMBPRINT)
            // This parameter is set twice: the second value is sent.
            .status(SearchStatus::Issued)
            .status(SearchStatus::Suspended)
            .issuing_ca_serial_number("0A:0B")
            .issuing_ca_name("CN=USCSS Nostromo, O=Weyland-Yutani")
            .issuing_ca_id("44444444-4444-4444-8444-444444444444")
            .aki("AB:CD")
            .common_name("東京 🔐%")
            .serial_number(SERIAL_NUMBER)
            .valid_to("2029-01-01")
            .valid_from("2019-01-01")
            .seat_type_id(SearchSeatTypeId::UnmanagedSeat)
            .seat_id("a/b?c=d#e")
            .profile_id("33333333-3333-4333-8333-333333333333")
            .business_unit_name("R&D + München")
            .business_unit_id("22222222-2222-4222-8222-222222222222")
            .account_id("11111111-1111-4111-8111-111111111111")
            .send()
            .await
    };
    let certificate = CertificateDetails::new()
        .with_profile(NameDto::new("e0e635f1-d8b2-4d87-9b4f-4d123b0a5688").with_name("Profile name"))
        .with_seat(SeatReference::new().with_seat_id("some-seat-id@example.com"))
        .with_common_name("Ellen Ripley")
        .with_status(CertificateStatus::Issued)
        .with_serial_number(SERIAL_NUMBER)
        .with_valid_from(date(2019, 1, 1))
        .with_valid_to(date(2029, 1, 1))
        .with_thumbprint(THUMBPRINT);
    let pages = exchange("searchCertificates", expected, call).await;
    assert_eq!((pages[0].total, pages[0].offset, pages[0].limit), (1, 0, 50));
    assert_eq!(pages[0].items, [certificate]);
}

#[tokio::test]
async fn get_certificate_encodes_serial_number_and_decodes_certificate() {
    let target = "/mpki/api/v1/certificate/40%2F99%3FAB%23%20%2B%25%C3%A9";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| client.certificates().get("40/99?AB# +%é").send().await;
    let certificates = exchange("getCertificate", expected, call).await;
    assert_eq!(certificates[0].status, Some(CertificateStatus::Revoked));
    let revocation = certificates[0].revocation.clone().unwrap();
    assert_eq!(revocation.revocation_date.unwrap().date().unwrap(), date(2020, 4, 21));
}

#[tokio::test]
async fn recover_certificate_decodes_certificate_and_password() {
    let target = format!("/mpki/api/v1/certificate/escrow/recover/{SERIAL_NUMBER}?include_chain=true");
    let expected = Sent::by::<Client>("GET", &target).accept("application/json");
    let call = async |client: Client| client.certificates().recover(SERIAL_NUMBER).include_chain(true).send().await;
    let recovered = RecoveredCertificate::new()
        .with_serial_number(SERIAL_NUMBER)
        .with_certificate("MIIKHwIBAzCCCdUGCSqGSIb3DQEHAaCCCcYEggnCMIIJvjCCBCoGCSqGSIb3DQEHBqCCBBswggQXAgEAMIIEEA==")
        .with_pkcs12_password("m2JHh{e)?<vAAHQr");
    assert_eq!(exchange("recoverCertificate", expected, call).await, [recovered]);
}

#[tokio::test]
async fn revoke_certificate_sends_reason_and_accepts_empty_response() {
    let body = RevokeCertificateRequest::new().with_revocation_reason(RevocationReason::CertificateHold);
    assert_eq!(request::<Client, RevokeCertificateRequest>("revokeCertificate", 0), body);

    let target = format!("/mpki/api/v1/certificate/{SERIAL_NUMBER}/revoke?thumbprint_sha256={THUMBPRINT}");
    let expected = Sent::by::<Client>("PUT", &target).accept("application/json, */*;q=0.5");
    let call = async |client: Client, body| {
        client.certificates().revoke(SERIAL_NUMBER, body).thumbprint_sha256(THUMBPRINT).send().await
    };
    assert_eq!(exchange_json("revokeCertificate", expected, call).await, [()]);
}

#[tokio::test]
async fn resume_certificate_accepts_empty_response() {
    let target = format!("/mpki/api/v1/certificate/{SERIAL_NUMBER}/revoke");
    let expected = Sent::by::<Client>("DELETE", &target).accept("application/json, */*;q=0.5");
    let call = async |client: Client| client.certificates().resume(SERIAL_NUMBER).send().await;
    assert_eq!(exchange("resumeCertificate", expected, call).await, [()]);
}

#[tokio::test]
async fn body_of_undocumented_404_is_preserved() {
    let server = Server::responding([Response::new(404).body("text/html", "<h1>Not here</h1>")]).await;
    let error = Client::at(&server.url()).certificates().approve_recovery("40").send().await.unwrap_err();
    assert_eq!(error.body(), Some(&ErrorBody::Raw("<h1>Not here</h1>".into())));
    assert!(error.to_string().ends_with("404 Not Found: <h1>Not here</h1>"), "{error}");
}
