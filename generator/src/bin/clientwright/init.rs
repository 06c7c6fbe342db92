//! `clientwright init`: creates a `clients.toml`.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clientwright::config::{clients_toml, crate_name_from, document};
use clientwright::source::Sources;

use crate::generate::{CLIENTS_TOML, crate_name};
use crate::{USAGE, failed, written};

/// Create a commented `clients.toml` for a document
///
/// The file configures what `clientwright generate` generates. An existing file is never changed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The OpenAPI document in JSON or YAML
    #[arg(value_name = "SPEC")]
    spec: String,

    /// The name of the crate [default: derived from the file name of the document]
    #[arg(long, value_name = "CRATE", value_parser = crate_name)]
    name: Option<String>,

    /// The directory of the crate [default: the name of the crate, beside the new file]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// The file to create
    #[arg(long, value_name = "FILE", default_value = CLIENTS_TOML)]
    config: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    if arguments.spec == "-" {
        failed("`init` needs the path of a file, because `clients.toml` refers to it");
        return USAGE;
    }
    // Report a file that cannot be read now, not in the first run of `generate`.
    if let Err(error) = document(&arguments.spec, &mut Sources::new()) {
        return failed(error);
    }
    let file = &arguments.config;
    let name = arguments.name.clone().unwrap_or_else(|| crate_name_from(&arguments.spec));
    let directory = arguments.out.clone().unwrap_or_else(|| file.with_file_name(&name));
    let text = match clients_toml(file, Path::new(&arguments.spec), &name, &directory) {
        Ok(text) => text,
        Err(error) => return failed(error),
    };
    // `create_new` fails if the file exists, also if it was created in the meantime.
    let file = file.display();
    match File::create_new(&arguments.config).and_then(|mut new| new.write_all(text.as_bytes())) {
        Ok(()) => {
            let option =
                if arguments.config == Path::new(CLIENTS_TOML) { String::new() } else { format!(" --config {file}") };
            written(io::stdout().lock(), &format!("{file} created; run `clientwright generate{option}`\n"))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => failed(format_args!(
            "`{file}` already exists; nothing was written\n\
             help: add a `[[crate]]` to this file, or use `--config` to create another file"
        )),
        Err(error) => failed(format_args!("cannot write `{file}`: {error}")),
    }
}
