//! Renews the certificates in DigiCert ONE Enterprise PKI Manager that expire within 30 days. Also shows how a program
//! tests its use of a client, without a socket. The tests are at the end: `cargo test -p clientwright-tests
//! --examples`.
//!
//! ```console
//! $ export DIGICERT_ONE_API_KEY=…
//! $ export DIGICERT_ONE_HOST=demo.one.digicert.com   # one.digicert.com by default
//! $ cargo run -p clientwright-tests --example mpki_renew_expiring
//! ```

use std::env;
use std::error::Error as StdError;
use std::process::ExitCode;

use pki_clients::digicert_mpki::models::{RenewCertificateRequest, SearchStatus};
use pki_clients::digicert_mpki::{Client, Error};
use pki_clients::runtime::jiff::civil::Date;
use pki_clients::runtime::jiff::{Span, Timestamp, tz::TimeZone};

/// The results for the expiring certificates, by serial number.
#[derive(Debug, Default)]
struct Renewals {
    /// The renewed certificates, and the PEM of their replacements.
    renewed: Vec<(String, String)>,
    /// The certificates that the server refused to renew, and the errors.
    refused: Vec<(String, Error)>,
}

/// Renews every certificate that expires within 30 days.
///
/// If the server refuses to renew a certificate, the remaining certificates are still renewed. Any other error ends the
/// renewal: if a request may have been sent, a person has to check its outcome.
async fn renew_expiring(client: &Client, today: Date) -> Result<Renewals, Error> {
    let certificates = client.certificates();
    let end = today.saturating_add(Span::new().days(30));
    let search = certificates.search().status(SearchStatus::Issued).valid_to(end.to_string()).limit(100);

    // Collect all certificates before renewing any: renewals change the results of the search, so later pages would
    // skip certificates.
    let (mut expiring, mut items) = (Vec::new(), search.items());
    while let Some(certificate) = items.try_next().await? {
        expiring.extend(certificate.serial_number);
    }

    let mut renewals = Renewals::default();
    for serial_number in expiring {
        let body = RenewCertificateRequest::new().with_include_ca_chain(true);
        match certificates.renew(&*serial_number).body(body).send().await {
            Ok(renewed) => renewals.renewed.push((serial_number, renewed.certificate.unwrap_or_default())),
            Err(error) if error.status().is_some_and(|status| status.is_client_error()) => {
                renewals.refused.push((serial_number, error));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(renewals)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(renewals) => {
            for (serial_number, pem) in &renewals.renewed {
                println!("{serial_number} is renewed\n{pem}");
            }
            for (serial_number, error) in &renewals.refused {
                eprintln!("{serial_number}: {error}");
            }
            if renewals.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<Renewals, Box<dyn StdError>> {
    let key = env::var("DIGICERT_ONE_API_KEY").map_err(|_| "DIGICERT_ONE_API_KEY is not set")?;
    let mut builder = Client::builder().api_key(key);
    if let Ok(host) = env::var("DIGICERT_ONE_HOST") {
        builder = builder.host(host);
    }
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    Ok(renew_expiring(&builder.build()?, today).await?)
}

/// A real program would enable the feature `mock` of `pki-clients` in `[dev-dependencies]` only.
#[cfg(test)]
mod tests {
    use pki_clients::digicert_mpki::models::{
        CertificateDetails, CertificatePage, CertificateResponse, ErrorDetail, SingleError,
    };
    use pki_clients::digicert_mpki::operations::certificates::{Renew, Search};
    use pki_clients::runtime::http::StatusCode;
    use pki_clients::runtime::mock::{Fault, Mock};

    use super::*;

    const TODAY: Date = Date::constant(2026, 12, 10);

    fn client(mock: &Mock) -> Client {
        // A credential is required even with a mock, because it is part of the request.
        Client::builder().api_key("test").transport(mock.clone()).build().unwrap()
    }

    fn page<const N: usize>(offset: i64, serial_numbers: [&str; N]) -> CertificatePage {
        let details = |serial_number| CertificateDetails::new().with_serial_number(serial_number);
        CertificatePage::new(3, offset, 100, serial_numbers.map(details))
    }

    fn renewed(pem: &str) -> CertificateResponse {
        CertificateResponse::new().with_certificate(pem)
    }

    #[tokio::test]
    async fn expiring_certificates_are_renewed() {
        let mock = Mock::new();
        mock.on::<Search>().parameter("valid_to", "2027-01-09").reply(page(0, ["01", "02"])).reply(page(2, ["03"]));
        mock.on::<Renew>().reply(renewed("a")).reply(renewed("b")).reply(renewed("c"));

        let renewals = renew_expiring(&client(&mock), TODAY).await.unwrap();

        let expected = [("01", "a"), ("02", "b"), ("03", "c")].map(|(old, new)| (old.to_owned(), new.to_owned()));
        assert_eq!(renewals.renewed, expected);
        assert!(renewals.refused.is_empty());
        let searches = mock.calls::<Search>();
        assert_eq!(searches[0].parameter("status"), Some(SearchStatus::Issued));
        assert_eq!(searches[1].parameter("offset"), Some(2));
        for call in mock.calls::<Renew>() {
            assert_eq!(call.body(), Some(RenewCertificateRequest::new().with_include_ca_chain(true)));
        }
    }

    #[tokio::test]
    async fn refusal_is_recorded_and_others_are_renewed() {
        let mock = Mock::new();
        mock.on::<Search>().reply(page(0, ["01", "02", "03"]));
        let too_early = SingleError::new(ErrorDetail::new().with_message("it is too early"));
        mock.on::<Renew>().parameter("serial_number", "02").reply_status(StatusCode::CONFLICT, &too_early);
        mock.on::<Renew>().reply(renewed("a")).times(2);

        let renewals = renew_expiring(&client(&mock), TODAY).await.unwrap();

        assert_eq!(renewals.renewed.len(), 2);
        let [(serial_number, error)] = &renewals.refused[..] else { panic!("one is refused") };
        assert!(serial_number == "02" && error.to_string().contains("it is too early"), "{error}");
    }

    // The clock is paused, so the delay before the retry of the search takes no time.
    #[tokio::test(start_paused = true)]
    async fn renewal_with_unknown_outcome_is_not_retried() {
        let mock = Mock::new();
        mock.on::<Search>().fault(Fault::Reset).reply(page(0, ["01", "02", "03"]));
        mock.on::<Renew>().fault(Fault::Reset);

        let error = renew_expiring(&client(&mock), TODAY).await.unwrap_err();

        assert!(error.may_have_been_sent());
        assert_eq!((mock.calls::<Search>().len(), mock.calls::<Renew>().len()), (2, 1));
    }
}
