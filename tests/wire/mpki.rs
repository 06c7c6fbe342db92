//! Tests of the operations of DigiCert ONE Enterprise PKI Manager, with a module for each group of operations.

#[path = "mpki/certificates.rs"]
mod certificates;
#[path = "mpki/enrollments.rs"]
mod enrollments;
#[path = "mpki/profiles.rs"]
mod profiles;
#[path = "mpki/reporting.rs"]
mod reporting;
#[path = "mpki/seats.rs"]
mod seats;
#[path = "mpki/service_status.rs"]
mod service_status;
