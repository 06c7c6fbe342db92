//! Tests of the operations on enrollments: properties with two types, secret codes, and a list without pagination.

use jiff::civil::date;
use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::{
    CreateEnrollmentRequest, EnrolledSeat, EnrollmentReference, EnrollmentReferenceId, EnrollmentResponse,
    EnrollmentSearchStatus, EnrollmentSeat, IdDto, NameDto, PublicEnrollmentDetails, RedeemEnrollmentRequest,
};
use serde_json::{Map, Value, json};

use crate::wire::exchange::{exchange, exchange_json, request};
use crate::wire::sent::Sent;

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn created() -> EnrollmentResponse {
    EnrollmentResponse::new()
        .with_seat_id("some-seat-id@example.com")
        .with_profile_id("eb387733-ca74-4020-b432-9868ad8f1756")
        .with_profile_name("Profile1")
        .with_enrollment_code("662641677")
        .with_creation_date_time("2022-03-30T11:34:25.834361")
        .with_expiry_date_time("2022-11-09T11:34:25.704781")
        .with_status("created")
        .with_number_of_bad_attempts(0.0)
}

#[tokio::test]
async fn create_enrollment_sends_either_profile_type_and_decodes_enrollment() {
    let seat = EnrollmentSeat::new("some-seat-id@example.com", "enrollment-email@example.com");
    let attributes = object(json!({"subject": {"common_name": "Ellen Ripley"}}));
    // Send the profile as an ID and as an object. Both are documented.
    let minimal = CreateEnrollmentRequest::new("eb387733-ca74-4020-b432-9868ad8f1756", seat.clone(), attributes);
    assert_eq!(request::<Client, CreateEnrollmentRequest>("createEnrollment", 1), minimal);
    let documented: CreateEnrollmentRequest = request::<Client, _>("createEnrollment", 0);
    let profile = IdDto::new("eb387733-ca74-4020-b432-9868ad8f1756");
    let complete = CreateEnrollmentRequest::new(profile, seat, documented.attributes.clone())
        .with_enrollment_code("662641677")
        .with_expiry_date("2022-12-11 23:00:00");
    assert_eq!(documented, complete);

    let expected = Sent::by::<Client>("POST", "/mpki/api/v1/enrollment").accept("application/json");
    let call = async |client: Client, body| client.enrollments().create(body).send().await;
    assert_eq!(exchange_json("createEnrollment", expected, call).await, [created()]);
}

#[tokio::test]
async fn redeem_enrollment_sends_body_and_decodes_certificate() {
    let body: RedeemEnrollmentRequest = request::<Client, _>("redeemEnrollment", 0);
    assert_eq!(body.seat, Some(EnrollmentReference::new().with_id("some-seat-id@example.com")));
    assert_eq!(body.enrollment_code, Some("662641677".into()));
    // The schema defines `id` as an object, but the examples contain a string. The type allows both.
    let nested = EnrollmentReference::new().with_id(IdDto::new("1"));
    assert_eq!(nested.id, Some(EnrollmentReferenceId::IdDto(IdDto::new("1"))));
    assert_eq!(serde_json::to_value(nested).unwrap(), json!({"id": {"id": "1"}}));

    let expected = Sent::by::<Client>("POST", "/mpki/api/v1/enrollment/redeem").accept("application/json");
    let call = async |client: Client, body| client.enrollments().redeem(body).send().await;
    let issued = exchange_json("redeemEnrollment", expected, call).await;
    assert_eq!(issued[0].serial_number.as_deref(), Some("48520A70B478D344E9F9A804D8370D0BBEFEC4F0"));
}

#[tokio::test]
async fn list_enrollments_sends_all_parameters_and_decodes_enrollments() {
    // Set all search parameters, in another order than in the spec.
    let target = "/mpki/api/v1/enrollment-details/?account_id=11111111-1111-4111-8111-111111111111\
                  &business_unit_id=22222222-2222-4222-8222-222222222222&profile_id=33333333-3333-4333-8333-333333333333\
                  &seat_id=44444444-4444-4444-8444-444444444444&seat_identifier=R%26D%20%2F%20M%C3%BCnchen\
                  &seat_name=O%27Neil%20%2B%20S%C3%B8n&email=a%2Bb%40example.com&statuses=CREATED&statuses=PENDING\
                  &statuses=NEW%20%26%20UNKNOWN&created_at_from=2022-01-01&created_at_to=2022-12-31\
                  &expires_at_from=2023-01-01&expires_at_to=2023-12-31";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| {
        client
            .enrollments()
            .list()
            .expires_at_to(date(2023, 12, 31))
            .expires_at_from(date(2023, 1, 1))
            .created_at_to(date(2022, 12, 31))
            .created_at_from(date(2022, 1, 1))
            .statuses([EnrollmentSearchStatus::Redeem])
            .statuses([
                EnrollmentSearchStatus::Created,
                EnrollmentSearchStatus::Pending,
                EnrollmentSearchStatus::from("NEW & UNKNOWN"),
            ])
            .email("a+b@example.com")
            .seat_name("O'Neil + Søn")
            .seat_identifier("R&D / München")
            .seat_id("44444444-4444-4444-8444-444444444444")
            .profile_id("33333333-3333-4333-8333-333333333333")
            .business_unit_id("22222222-2222-4222-8222-222222222222")
            .account_id("11111111-1111-4111-8111-111111111111")
            .send()
            .await
    };
    let enrollment = PublicEnrollmentDetails::new()
        .with_id("d6743d9a-fb67-4a64-a33e-8a3229d28cc4")
        .with_status("created")
        .with_email("email@example.com")
        .with_created_at("2020-10-30T11:34:25.834361")
        .with_expires_at("2020-11-09T11:34:25.704781")
        .with_profile(NameDto::new("33333333-4444-5555-6666-777777777777").with_name("Profile name"))
        .with_seat(EnrolledSeat::new().with_seat_id("some-seat-id@example.com").with_seat_type("USER_SEAT"));
    assert_eq!(exchange("listEnrollments", expected, call).await, [vec![enrollment]]);
}

#[tokio::test]
async fn get_enrollment_by_code_encodes_code_and_decodes_enrollment() {
    let target = "/mpki/api/v1/enrollment/662%2F641%20677%3F?seat_id=some-seat-id%40example.com";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| {
        client.enrollments().get_by_code("662/641 677?", "some-seat-id@example.com").send().await
    };
    assert_eq!(exchange("getEnrollmentByCode", expected, call).await, [created()]);
}

#[tokio::test]
async fn get_enrollment_decodes_business_unit() {
    let target = "/mpki/api/v1/enrollment-details/d6743d9a-fb67-4a64-a33e-8a3229d28cc4";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| client.enrollments().get("d6743d9a-fb67-4a64-a33e-8a3229d28cc4").send().await;
    let enrollments = exchange("getEnrollment", expected, call).await;
    assert_eq!(
        enrollments[0].business_unit,
        Some(NameDto::new("66666666-7777-8888-9999-000000000000").with_name("USCSS Nostromo"))
    );
    assert_eq!(enrollments[0].approved_by_current_user, Some(true));
}
