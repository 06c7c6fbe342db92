//! Tests of the audit log and the report on enrollment codes. Pagination is tested in `paging`.

use jiff::civil::date;
use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::{
    AuditAction, AuditLogItem, AuditLogReference, AuditResourceType, AuditStatus, EnrollmentStatus,
    ExternalEnrollmentReport, NameDto, NamedReference,
};
use pki_clients::runtime::{DateTime, RequestOptions};

use crate::wire::exchange::exchange;
use crate::wire::sent::Sent;

#[tokio::test]
async fn get_enrollment_code_report_sends_all_parameters_and_decodes_page() {
    let target = "/mpki/api/v1/report/enrollment-code?offset=100&limit=50\
                  &account_id=11111111-1111-4111-8111-111111111111&business_unit_id=22222222-2222-4222-8222-222222222222\
                  &profile_id=33333333-3333-4333-8333-333333333333&seat_id=44444444-4444-4444-8444-444444444444\
                  &admin_id=55555555-5555-4555-8555-555555555555&create_date=2022-02-22&redeem_date=2022-02-23\
                  &reject_date=2022-02-24&reset_date=2022-02-25&expiry_date=2022-02-26";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| {
        client
            .reporting()
            .get_enrollment_code_report()
            .expiry_date(date(2022, 2, 26))
            .reset_date(date(2022, 2, 25))
            .reject_date(date(2022, 2, 24))
            .redeem_date(date(2022, 2, 23))
            .create_date(date(2022, 2, 22))
            .admin_id("55555555-5555-4555-8555-555555555555")
            .seat_id("44444444-4444-4444-8444-444444444444")
            .profile_id("33333333-3333-4333-8333-333333333333")
            .business_unit_id("22222222-2222-4222-8222-222222222222")
            .account_id("11111111-1111-4111-8111-111111111111")
            .limit(50)
            .offset(100)
            .send()
            .await
    };
    let report = ExternalEnrollmentReport::new()
        .with_seat(NameDto::new("216ead6e-b00e-4c7b-8074-e333b96fd254").with_name("some-seat-id@example.com"))
        .with_seat_type("USER_SEAT")
        .with_profile_name("Profile name")
        .with_bu_name("USCSS Nostromo")
        .with_subject("CN=Ellen Ripley")
        .with_enrollment_status(EnrollmentStatus::Redeemed)
        .with_create_date(date(2022, 4, 15))
        .with_expiry_date(date(2022, 4, 25))
        .with_redeem_date(date(2022, 4, 16))
        .with_last_edit_date(date(2022, 4, 15))
        .with_last_edit_admin(NameDto::new("046b6c7f-0b8a-43b9-b35d-6489e6daee91").with_name("Ash"));
    let pages = exchange("getEnrollmentCodeReport", expected, call).await;
    assert_eq!((pages[0].total, pages[0].offset, pages[0].limit), (1, 0, 50));
    assert_eq!(pages[0].items, [report]);
}

#[tokio::test]
async fn list_audit_logs_sends_all_parameters_and_decodes_page() {
    let target = "/mpki/api/v1/audit-log?offset=7&limit=3&account_id=11111111-1111-4111-8111-111111111111\
                  &business_unit_id=22222222-2222-4222-8222-222222222222&admin_id=33333333-3333-4333-8333-333333333333\
                  &resource_id=44444444-4444-4444-8444-444444444444&resource_type=enrollment&resource_type=seat\
                  &status=success&action=create&from=2022-02-22T00%3A00%3A00%2B01%3A00&to=9999-12-31T23%3A59%3A59Z\
                  &data%5Bresource_type%5D=enrollment";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| {
        client
            .reporting()
            .list_audit_logs()
            // Filter by a property in the data of an entry. These properties are arbitrary and not in the spec.
            .options(RequestOptions::new().query("data[resource_type]", "enrollment"))
            .to("9999-12-31T23:59:59Z".parse::<DateTime>().unwrap())
            .from("2022-02-22T00:00:00+01:00".parse::<DateTime>().unwrap())
            .action(AuditAction::Create)
            .status(AuditStatus::Success)
            .resource_type([AuditResourceType::Enrollment, AuditResourceType::Seat])
            .resource_id("44444444-4444-4444-8444-444444444444")
            .admin_id("33333333-3333-4333-8333-333333333333")
            .business_unit_id("22222222-2222-4222-8222-222222222222")
            .account_id("11111111-1111-4111-8111-111111111111")
            .limit(3)
            .offset(7)
            .send()
            .await
    };
    let pages = exchange("listAuditLogs", expected, call).await;
    assert_eq!(pages[0].items[0].action.as_deref(), Some("create"));
}

#[tokio::test]
async fn get_audit_log_decodes_entry() {
    let target = "/mpki/api/v1/audit-log/efcd5341-0fca-4fa3-9bc8-52e63c37e345";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call =
        async |client: Client| client.reporting().get_audit_log("efcd5341-0fca-4fa3-9bc8-52e63c37e345").send().await;
    let entry = AuditLogItem::new()
        .with_id("efcd5341-0fca-4fa3-9bc8-52e63c37e345")
        .with_account(AuditLogReference::new().with_id("3b8b3f4e-6b0d-4f38-9d0c-7b1f1d4f8a60"))
        .with_business_unit(AuditLogReference::new().with_id("57ff4149-16e9-4eef-8ac4-cc105216a736"))
        .with_resource_type("seat")
        .with_resource_id("216ead6e-b00e-4c7b-8074-e333b96fd254")
        .with_action("create")
        .with_user(NamedReference::new().with_id("046b6c7f-0b8a-43b9-b35d-6489e6daee91").with_name("Ash"))
        .with_timestamp("2022-02-22T04:56:07.000+00:00".parse::<DateTime>().unwrap())
        .with_description("Seat created")
        .with_status("success")
        .with_data(r#"{"seat_id":"some-seat-id@example.com"}"#);
    assert_eq!(exchange("getAuditLog", expected, call).await, [entry]);
}
