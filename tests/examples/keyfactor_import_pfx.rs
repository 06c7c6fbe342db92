//! Imports a PFX file, a certificate with its private key, into Keyfactor Command.
//!
//! ```console
//! $ export KEYFACTOR_HOST=command.example.com
//! $ export KEYFACTOR_BASE_PATH=KeyfactorAPI      # the default
//! $ export KEYFACTOR_USERNAME='DOMAIN\user' KEYFACTOR_PASSWORD=…   # or KEYFACTOR_TOKEN=…
//! $ export PFX_PASSWORD=…
//! $ cargo run -p clientwright-tests --example keyfactor_import_pfx -- www.example.com.pfx 'Certificate Owners'
//! ```

use std::env;
use std::error::Error;
use std::fs;
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use pki_clients::keyfactor_command::Client;
use pki_clients::keyfactor_command::models::{CertificateImportRequest, ImportStatus};

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
    let mut arguments = env::args().skip(1);
    let path = arguments.next().ok_or("usage: keyfactor_import_pfx FILE.pfx [OWNER_ROLE]")?;
    let client = client()?;

    let file = fs::read(&path).map_err(|error| format!("{path}: {error}"))?;
    let mut request = CertificateImportRequest::new(STANDARD.encode(file)).with_password(variable("PFX_PASSWORD")?);
    if let Some(role) = arguments.next() {
        request = request.with_owner_role_name(role);
    }

    let imported = match client.certificates().import(request).send().await {
        Ok(imported) => imported,
        // Keyfactor Command reports these two errors only by the status.
        Err(error) => match error.status() {
            Some(StatusCode::UNAUTHORIZED) => return Err("the user name, password or token is wrong".into()),
            Some(StatusCode::FORBIDDEN) => return Err("the user lacks the permission /certificates/import/".into()),
            _ => return Err(error.into()),
        },
    };

    println!("thumbprint {}", imported.thumbprint.as_option().map_or("?", String::as_str));
    match imported.import_status {
        // Newer servers return flags, whose meaning is not published; older ones return a string.
        Some(ImportStatus::Flags(flags)) => println!("import status {flags}"),
        Some(ImportStatus::Word(word)) => println!("import status {word}"),
        other => println!("import status unknown: {other:?}"),
    }
    for store in imported.invalid_keystores.into_option().unwrap_or_default() {
        let reason = store.explanation.into_option().unwrap_or_else(|| "no reason given".to_owned());
        println!("not installed into {}: {reason}", store.keystore_id.as_deref().unwrap_or("?"));
    }
    Ok(())
}

/// Creates a client from the environment variables.
fn client() -> Result<Client, Box<dyn Error>> {
    let mut builder = Client::builder().host(variable("KEYFACTOR_HOST")?);
    if let Ok(base_path) = env::var("KEYFACTOR_BASE_PATH") {
        builder = builder.base_path(base_path);
    }
    let builder = match env::var("KEYFACTOR_TOKEN") {
        Ok(token) => builder.bearer_auth(token),
        Err(_) => builder.basic_auth(variable("KEYFACTOR_USERNAME")?, variable("KEYFACTOR_PASSWORD")?),
    };
    Ok(builder.build()?)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set"))
}
