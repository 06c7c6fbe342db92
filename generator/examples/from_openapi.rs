//! A program that adds a server to a document with `openapiv3`, and generates a crate from it in memory. The crate is then
//! written to the directory `client`.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use clientwright::config::{Clients, Config};
use clientwright::output::{Options, Root};
use clientwright::source::Sources;
use openapiv3::{OpenAPI, Server};

fn main() -> Result<(), Box<dyn Error>> {
    run(Path::new(""))
}

/// Generates a crate from the document `openapi.json` in a directory.
pub fn run(directory: &Path) -> Result<(), Box<dyn Error>> {
    let mut document: OpenAPI = serde_json::from_reader(File::open(directory.join("openapi.json"))?)?;
    document.servers.push(Server { url: "https://api.example".to_owned(), ..Server::default() });

    let sources = Sources::from_openapi(&document)?;
    let config = Config::of_document("client", Sources::OPENAPI);
    let clients = Clients::of_crate(sources, config, Root::new(directory.join("client")));
    let generated = clients.generate().map_err(|errors| errors.display(&clients.sources).to_string())?;
    print!("{}", generated.write(Options::default())?);
    Ok(())
}
