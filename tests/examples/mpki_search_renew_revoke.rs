//! Replaces certificates in DigiCert ONE Enterprise PKI Manager before they expire: searches the certificates of a
//! common name that expire before a date, renews each, and revokes the replaced certificate.
//!
//! ```console
//! $ export DIGICERT_ONE_API_KEY=…
//! $ export DIGICERT_ONE_HOST=demo.one.digicert.com   # one.digicert.com by default
//! $ cargo run -p clientwright-tests --example mpki_search_renew_revoke -- device-17 2026-12-31
//! ```

use std::env;
use std::error::Error;
use std::process::ExitCode;

use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::{RevocationReason, RevokeCertificateRequest, SearchStatus};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(refused) => {
            eprintln!("{refused} certificates could not be renewed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the number of certificates that the server refused to renew.
async fn run() -> Result<usize, Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(common_name), Some(ends_before)) = (arguments.next(), arguments.next()) else {
        return Err("usage: mpki_search_renew_revoke COMMON_NAME YYYY-MM-DD".into());
    };
    let key = env::var("DIGICERT_ONE_API_KEY").map_err(|_| "DIGICERT_ONE_API_KEY is not set")?;
    let mut builder = Client::builder().api_key(key);
    if let Ok(host) = env::var("DIGICERT_ONE_HOST") {
        builder = builder.host(host);
    }
    let client = builder.build()?;
    let certificates = client.certificates();

    // Collect all certificates before renewing any: renewals change the results of the search, so later pages would
    // skip certificates.
    let search = certificates.search().common_name(common_name).status(SearchStatus::Issued).valid_to(ends_before);
    let (mut expiring, mut items) = (Vec::new(), search.limit(100).items());
    while let Some(certificate) = items.try_next().await? {
        expiring.extend(certificate.serial_number.map(|serial_number| (serial_number, certificate.thumbprint)));
    }

    let mut refused = 0;
    for (serial_number, thumbprint) in expiring {
        let mut renew = certificates.renew(&*serial_number);
        // Serial numbers are unique per CA, not per account.
        if let Some(thumbprint) = &thumbprint {
            renew = renew.thumbprint_sha256(&**thumbprint);
        }
        let renewed = match renew.send().await {
            Ok(renewed) => renewed,
            // The server refused this certificate, for example because it is too early; others may succeed.
            Err(error) if error.status().is_some_and(|status| status.is_client_error()) => {
                eprintln!("{serial_number}: {error}");
                refused += 1;
                continue;
            }
            Err(error) => return Err(error.into()),
        };

        let reason = RevokeCertificateRequest::new().with_revocation_reason(RevocationReason::Superseded);
        let mut revoke = certificates.revoke(&*serial_number, reason);
        if let Some(thumbprint) = &thumbprint {
            revoke = revoke.thumbprint_sha256(&**thumbprint);
        }
        revoke.send().await?;
        println!("{serial_number} is replaced by {}", renewed.serial_number.as_deref().unwrap_or("?"));
        print!("{}", renewed.certificate.unwrap_or_default());
    }
    Ok(refused)
}
