//! Imports certificates into DigiCert IoT Trust Manager, through an enrollment profile whose method is Certificate
//! Import.
//!
//! The files may be PEM, DER or PKCS#7. The program packs their certificates into the zip archive that the import
//! expects: as one PEM file per certificate, or with `--xml` as one XML file. An existing archive (`.zip`) is sent
//! unchanged.
//!
//! ```console
//! $ export DIGICERT_ONE_API_KEY=…
//! $ export DIGICERT_ONE_HOST=demo.one.digicert.com   # one.digicert.com by default
//! $ cargo run -p clientwright-tests --example iot_import_certificates -- IOT_5e0d7a5c-… one.pem two.p7b
//! $ cargo run -p clientwright-tests --example iot_import_certificates -- IOT_5e0d7a5c-… --xml one.pem two.p7b
//! $ cargo run -p clientwright-tests --example iot_import_certificates -- IOT_5e0d7a5c-… certificates.zip
//! ```

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use pki_clients::digicert_iot::{self, Client, ErrorBody};
use pki_clients::runtime::Upload;
use pki_clients::runtime::x509::{Certificates, ImportArchive};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The message of the error is one line. It contains all causes and no secrets.
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let Some(profile) = arguments.next() else {
        return Err("usage: iot_import_certificates PROFILE_ID ARCHIVE.zip | [--xml] FILE…".into());
    };
    let upload = upload(arguments.collect())?;
    let key = env::var("DIGICERT_ONE_API_KEY").map_err(|_| "DIGICERT_ONE_API_KEY is not set")?;
    let mut builder = Client::builder().api_key(key);
    if let Ok(host) = env::var("DIGICERT_ONE_HOST") {
        builder = builder.host(host);
    }
    let client = builder.build()?;

    let import = client.certificate_import().import_certificates(profile, upload);
    let job = import.send().await.inspect_err(explain)?;
    println!("job {}: {}", job.id.as_deref().unwrap_or("?"), job.status.map_or("?".to_owned(), |it| it.to_string()));
    if let Some(failed) = job.failed_certificates.filter(|failed| *failed > 0) {
        println!("{failed} of {} certificates could not be imported", job.total_certificates.unwrap_or(failed));
    }
    Ok(())
}

/// Packs certificates into an archive, or returns an existing archive unchanged.
fn upload(mut files: Vec<String>) -> Result<Upload, Box<dyn Error>> {
    if let [archive] = &files[..]
        && archive.ends_with(".zip")
    {
        // The archive is streamed from disk, so it may have any size.
        return Ok(PathBuf::from(archive).into());
    }
    let is_xml = files.first().is_some_and(|first| first == "--xml");
    let mut certificates = Vec::new();
    for file in files.drain(usize::from(is_xml)..) {
        // If the file is invalid, the error contains the number of the PEM block or the byte offset.
        let parsed = fs::read(&file).map_err(Box::from).and_then(|content| Ok(Certificates::parse(content)?));
        certificates.extend(parsed.map_err(|error: Box<dyn Error>| format!("{file}: {error}"))?);
    }
    let archive = if is_xml { ImportArchive::xml(certificates)? } else { ImportArchive::pem_files(certificates)? };
    Ok(archive.into())
}

/// Prints each problem that the server reports on a line of its own.
fn explain(error: &digicert_iot::Error) {
    if let Some(ErrorBody::ErrorList(list)) = error.body() {
        for problem in list.errors.iter().flatten() {
            eprintln!("{}: {}", problem.code.as_deref().unwrap_or("?"), problem.message.as_deref().unwrap_or_default());
        }
    }
    // An import is never retried automatically: after a lost response, only the account shows whether a job was
    // started.
    if error.status().is_none() && error.may_have_been_sent() {
        eprintln!("the import may have started nevertheless: check the import jobs before you try again");
    }
}
