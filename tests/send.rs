//! Tests that the public types of a client are `Send` and `'static`, so that programs can move them to other threads.
//!
//! The checks happen at compile time. At run time, the tests only check that no operation is missing.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt::Debug;

use futures_core::Stream;
use pki_clients::runtime::{BuildError, ClientIdentity, Operation, Response, RetryPolicy, Secret, Upload};
use pki_clients::{digicert_iot, digicert_mpki, keyfactor_command};

/// Requires that a value can be moved to another thread.
fn assert_send<T: Send + 'static>(_: T) {}

/// Requires that a type can be used by several threads at the same time.
fn assert_shared<T: Send + Sync + Debug + Clone + 'static>() {}

fn assert_error<E: StdError + Send + Sync + 'static>() {
    // An error has the size of a pointer, so that it does not enlarge the `Result` of a call.
    assert_eq!(size_of::<E>(), size_of::<usize>());
}

fn assert_stream<S: Stream + Debug + Unpin + Send + 'static>(_: S) {}

/// For each operation, defines functions that require the futures of the operation to be `Send`. The functions are
/// never called. Returns the operation IDs.
macro_rules! operations {
    ($($module:ident::$tag:ident: $($operation:ident),*;)*) => {
        [$($({
            type Operation = $module::operations::$tag::$operation;
            let _ = |operation: Operation| assert_send(operation.send());
            let _ = |operation: Operation| assert_send(operation.send_response());
            let _ = |operation: Operation| assert_send(operation.send_streamed());
            assert_shared::<Operation>();
            assert_send::<Option<Response<<Operation as pki_clients::runtime::Operation>::Output>>>(None);
            (stringify!($module), Operation::INFO.id)
        }),*),*]
    };
}

macro_rules! listings {
    ($($tag:ident::$operation:ident),*) => {
        $(
            let _ = |operation: digicert_mpki::operations::$tag::$operation| assert_stream(operation.items());
            let _ = |operation: digicert_mpki::operations::$tag::$operation| assert_stream(operation.pages());
            let _ = |operation: digicert_mpki::operations::$tag::$operation| {
                assert_send(async { operation.items().try_next().await });
            };
            let _ = |operation: digicert_mpki::operations::$tag::$operation| {
                assert_send(async { operation.pages().try_next().await });
            };
        )*
    };
}

#[test]
fn futures_of_each_operation_are_send() {
    let proven: BTreeSet<_> = operations! {
        digicert_iot::authentication_certificates: Assign, Get;
        digicert_iot::certificate_import: ImportCertificates;
        digicert_mpki::certificates: ApproveRecovery, Get, Import, Issue, Recover, Renew, Resume, Revoke, Search;
        digicert_mpki::enrollments: Create, GetByCode, Get, List, Redeem;
        digicert_mpki::seats: Create, Delete, Get, ListTypes, Update;
        digicert_mpki::reporting: GetAuditLog, GetEnrollmentCodeReport, ListAuditLogs;
        digicert_mpki::service_status: GetHealth, Hello;
        digicert_mpki::profiles: Get, List;
        keyfactor_command::certificates: Import;
    }
    .into();
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

#[test]
fn each_listing_is_send() {
    listings!(certificates::Search, reporting::GetEnrollmentCodeReport, reporting::ListAuditLogs);
}

#[test]
fn each_client_and_group_is_send_and_sync() {
    assert_shared::<digicert_iot::Client>();
    assert_shared::<digicert_iot::operations::authentication_certificates::AuthenticationCertificates>();
    assert_shared::<digicert_iot::operations::certificate_import::CertificateImport>();
    assert_shared::<digicert_mpki::Client>();
    assert_shared::<digicert_mpki::operations::certificates::Certificates>();
    assert_shared::<digicert_mpki::operations::enrollments::Enrollments>();
    assert_shared::<digicert_mpki::operations::profiles::Profiles>();
    assert_shared::<digicert_mpki::operations::reporting::Reporting>();
    assert_shared::<digicert_mpki::operations::seats::Seats>();
    assert_shared::<digicert_mpki::operations::service_status::ServiceStatus>();
    assert_shared::<keyfactor_command::Client>();
    assert_shared::<keyfactor_command::operations::certificates::Certificates>();
}

#[test]
fn types_used_with_clients_are_send_and_sync() {
    assert_send(digicert_iot::Client::builder());
    assert_send(digicert_mpki::Client::builder());
    assert_send(keyfactor_command::Client::builder());
    assert_send::<Option<BuildError>>(None);
    assert_shared::<ClientIdentity>();
    assert_shared::<RetryPolicy>();
    assert_shared::<Secret>();
    assert_shared::<Upload>();
}

#[test]
fn request_by_method_and_path_is_send() {
    let _ = |client: digicert_mpki::Client| assert_send(client.request(http::Method::GET, "/").send());
}

#[test]
fn each_error_is_small_send_and_sync() {
    assert_error::<digicert_iot::Error>();
    assert_error::<digicert_mpki::Error>();
    assert_error::<keyfactor_command::Error>();
    assert_shared::<digicert_iot::ErrorBody>();
    assert_shared::<digicert_mpki::ErrorBody>();
    assert_shared::<keyfactor_command::ErrorBody>();
}
