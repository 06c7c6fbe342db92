//! Lists the certificates of a common name in DigiCert ONE Enterprise PKI Manager with the blocking API: a listing is
//! an iterator, and each call blocks until its response arrives.
//!
//! ```console
//! $ export DIGICERT_ONE_API_KEY=…
//! $ export DIGICERT_ONE_HOST=demo.one.digicert.com   # one.digicert.com by default
//! $ cargo run -p clientwright-tests --example blocking_list_certificates -- device-17
//! ```

use std::env;
use std::error::Error;
use std::process::ExitCode;

use pki_clients::digicert_mpki::Client;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let common_name = env::args().nth(1).ok_or("usage: blocking_list_certificates COMMON_NAME")?;
    let key = env::var("DIGICERT_ONE_API_KEY").map_err(|_| "DIGICERT_ONE_API_KEY is not set")?;
    let mut builder = Client::builder().api_key(key);
    if let Ok(host) = env::var("DIGICERT_ONE_HOST") {
        builder = builder.host(host);
    }
    let client = builder.build()?;

    for item in client.certificates().search().common_name(common_name).limit(100).items().blocking() {
        let Some(serial_number) = item?.serial_number else { continue };
        let certificate = client.certificates().get(&*serial_number).send_blocking()?;
        let end = certificate.valid_to.map(|end| end.to_string()).unwrap_or_default();
        println!("{serial_number}  {end}  {}", certificate.common_name.unwrap_or_default());
    }
    Ok(())
}
