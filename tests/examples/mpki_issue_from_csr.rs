//! Creates a key and a certificate signing request, and has DigiCert ONE Enterprise PKI Manager issue the certificate.
//! The key never leaves this machine. If the response is lost, the certificate is searched for before it is requested
//! again.
//!
//! ```console
//! $ export DIGICERT_ONE_API_KEY=…
//! $ export DIGICERT_ONE_HOST=demo.one.digicert.com   # one.digicert.com by default
//! $ export MPKI_PROFILE_ID=36f011b7-…   # a profile of the methods `rest_api` and `third_party_app`
//! $ export MPKI_SEAT_ID=device-17@example.com
//! $ cargo run -p clientwright-tests --example mpki_issue_from_csr -- device-17.example.com
//! ```
//!
//! Writes `device-17.example.com.key` and `device-17.example.com.pem` into the current directory. Existing files are
//! not overwritten.

#[path = "mpki/issue_once.rs"]
mod issue_once;

use std::env;
use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use issue_once::{Criteria, issue_once};
use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::{
    DeliveryFormat, IdDto, IssueCertificateAttributes, IssueCertificateRequest, SeatReference,
};
use rcgen::{CertificateParams, DnType, KeyPair};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let common_name = env::args().nth(1).ok_or("usage: mpki_issue_from_csr COMMON_NAME")?;
    let variable = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
    let mut builder = Client::builder().api_key(variable("DIGICERT_ONE_API_KEY")?);
    if let Ok(host) = env::var("DIGICERT_ONE_HOST") {
        builder = builder.host(host);
    }
    let client = builder.build()?;
    let (profile_id, seat_id) = (variable("MPKI_PROFILE_ID")?, variable("MPKI_SEAT_ID")?);

    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([common_name.clone()])?;
    params.distinguished_name.push(DnType::CommonName, &*common_name);
    let csr = params.serialize_request(&key)?.pem()?;
    // Save the key before sending the request: a certificate without its key is useless.
    write_new(&format!("{common_name}.key"), &key.serialize_pem())?;

    // The certificate profile takes these values from the request, and all others from the CSR.
    let attributes = json!({
        "subject": {"common_name": common_name},
        "extensions": {"san": {"dns_names": [common_name]}},
    });
    let request = IssueCertificateRequest::new()
        .with_profile(IdDto::new(profile_id))
        .with_seat(SeatReference::new().with_seat_id(&*seat_id))
        .with_csr(csr)
        .with_delivery_format(DeliveryFormat::X509)
        .with_attributes(serde_json::from_value::<IssueCertificateAttributes>(attributes)?);
    let criteria = Criteria { seat_id: &seat_id, common_name: &common_name, public_key: key.public_key_raw() };
    let issued = issue_once(&client, request, &criteria, Duration::from_secs(15)).await?;

    let certificate = issued.ok_or("the response contains no certificate")?;
    write_new(&format!("{common_name}.pem"), &certificate)?;
    println!("issued {common_name}");
    Ok(())
}

/// Creates a file that only its owner may read. Fails if it exists.
fn write_new(path: &str, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
    file.write_all(text.as_bytes())
}
