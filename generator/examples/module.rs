//! A program that generates the module `api` of the crate in the current directory from `openapi.yaml`. The crate needs
//! the dependencies that `clientwright generate openapi.yaml --module src/api` prints.

use std::error::Error;
use std::path::Path;

use clientwright::Generator;
use clientwright::config::{Config, Layout, Runtime};

fn main() -> Result<(), Box<dyn Error>> {
    run(Path::new(""))
}

/// Generates the module `api` of the crate in a directory.
pub fn run(directory: &Path) -> Result<(), Box<dyn Error>> {
    let spec = directory.join("openapi.yaml").display().to_string();
    let config = Config {
        layout: Layout::Module,
        module: vec!["api".to_owned()],
        runtime: Runtime::Version("0.1".to_owned()),
        ..Config::of_document("my-app", spec)
    };
    print!("{}", Generator::of_crate(config, directory.join("src/api")).write()?);
    Ok(())
}
