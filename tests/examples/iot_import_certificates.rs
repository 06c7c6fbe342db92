//! Imports certificates into DigiCert IoT Trust Manager, through an enrollment profile whose method is Certificate Import.
//!
//! The files may be PEM, DER or PKCS#7: the archive that the import wants is made of them, of one PEM file for each
//! certificate, or with `--xml` of one XML file. An archive that is there already, a `.zip`, is sent as it is.
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
            // One line, with all causes and no secret.
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

/// The archive, made of certificates or as it is.
fn upload(mut files: Vec<String>) -> Result<Upload, Box<dyn Error>> {
    if let [archive] = &files[..]
        && archive.ends_with(".zip")
    {
        // Read from disk while it is sent, however large it is.
        return Ok(PathBuf::from(archive).into());
    }
    let is_xml = files.first().is_some_and(|first| first == "--xml");
    let mut certificates = Vec::new();
    for file in files.drain(usize::from(is_xml)..) {
        // Where it goes wrong, the error says in which PEM block or at which byte.
        let found = fs::read(&file).map_err(Box::from).and_then(|content| Ok(Certificates::parse(content)?));
        certificates.extend(found.map_err(|error: Box<dyn Error>| format!("{file}: {error}"))?);
    }
    let archive = if is_xml { ImportArchive::xml(certificates)? } else { ImportArchive::pem_files(certificates)? };
    Ok(archive.into())
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
