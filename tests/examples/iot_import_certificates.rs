//! Imports a zip archive of certificates into DigiCert IoT Trust Manager, through an enrollment profile whose method is
//! Certificate Import.
//!
//! ```console
//! $ export DIGICERT_ONE_API_KEY=…
//! $ export DIGICERT_ONE_HOST=demo.one.digicert.com   # one.digicert.com by default
//! $ cargo run -p clientwright-tests --example iot_import_certificates -- IOT_5e0d7a5c-… certificates.zip
//! ```

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use pki_clients::digicert_iot::{self, Client, ErrorBody};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line, with all causes and no secret.
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(profile), Some(archive)) = (arguments.next(), arguments.next()) else {
        return Err("usage: iot_import_certificates PROFILE_ID ARCHIVE.zip".into());
    };
    let key = env::var("DIGICERT_ONE_API_KEY").map_err(|_| "DIGICERT_ONE_API_KEY is not set")?;
    let mut builder = Client::builder().api_key(key);
    if let Ok(host) = env::var("DIGICERT_ONE_HOST") {
        builder = builder.host(host);
    }
    let client = builder.build()?;

    // The archive is read from disk while it is sent, however large it is.
    let import = client.certificate_import().import_certificates(profile, PathBuf::from(archive));
    let job = import.send().await.inspect_err(explain)?;
    println!("job {}: {}", job.id.as_deref().unwrap_or("?"), job.status.map_or("?".to_owned(), |it| it.to_string()));
    if let Some(failed) = job.failed_certificates.filter(|failed| *failed > 0) {
        println!("{failed} of {} certificates could not be imported", job.total_certificates.unwrap_or(failed));
    }
    Ok(())
}

/// What the server says is wrong, one line for each problem.
fn explain(error: &digicert_iot::Error) {
    if let Some(ErrorBody::ErrorList(list)) = error.body() {
        for problem in list.errors.iter().flatten() {
            eprintln!("{}: {}", problem.code.as_deref().unwrap_or("?"), problem.message.as_deref().unwrap_or_default());
        }
    }
    // An import is not repeated by itself: after a lost answer, only the account can tell whether a job has begun.
    if error.status().is_none() && error.may_have_been_sent() {
        eprintln!("the import may have begun all the same: look at the import jobs before you try again");
    }
}
