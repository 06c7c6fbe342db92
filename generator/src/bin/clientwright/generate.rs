//! `clientwright generate`: a document comes in, a crate goes out.

use std::path::PathBuf;
use std::time::Instant;

use clientwright::config::{ApiConfig, Config, Layout, Package, crate_name_fault, crate_name_from, document_within};
use clientwright::diagnostics::Diagnostics;
use clientwright::output::{Options, Root, write};
use clientwright::source::{Limits, Sources};

use crate::allowed::Allowed;
use crate::findings::{Shown, exit_code};
use crate::limits::Limited;

/// Write the client crate of one document
///
/// The crate is complete in itself: it builds wherever Rust does and needs nothing of Clientwright. Running the command again
/// replaces the files that changed and removes those that are no longer produced; files that you added are left alone.
///
/// Whatever the document holds that cannot be generated is named with its line and column. Then, or where a file
/// that was not generated is in the way, nothing is written.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Exit codes: 0 done; 1 nothing generated, the reason is on standard error; 2 called wrongly; \
                             70 a bug of clientwright."
)]
pub struct Arguments {
    /// The OpenAPI document, JSON or YAML; `-` reads standard input
    #[arg(value_name = "SPEC")]
    spec: String,

    /// The folder that the crate goes into; made if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// The crate's name; else it is made from the name of the document
    #[arg(long, value_name = "CRATE", value_parser = crate_name)]
    name: Option<String>,

    /// Generate all the same where a fault stays where it is, and say what is assumed in its place
    ///
    /// A `$ref` that leads nowhere stands for any JSON value, a path parameter that nobody declared is a text, an operationId
    /// that stands twice counts for the first operation. What has no meaning is rejected still.
    #[arg(long)]
    lenient: bool,

    /// Replace files that are in the way and were not generated
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    allowed: Allowed,

    #[command(flatten)]
    shown: Shown,

    #[command(flatten)]
    limited: Limited,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let start = Instant::now();
    let mut sources = Sources::within(arguments.limited.limits(Limits::default()));
    let spec = match document_within(&arguments.spec, arguments.allowed.reach(), &mut sources) {
        Ok(spec) => spec,
        Err(error) => return arguments.shown.failed(Diagnostics::new(), &sources, error),
    };
    let config = config(arguments, spec);
    let files = match clientwright::generate(&sources, &config) {
        Ok(files) => files,
        Err(found) => {
            return arguments.shown.show(&found, &sources).max(exit_code(&found));
        }
    };
    let root = Root::new(&arguments.out);
    match write(&root, &files, Options { force: arguments.force }) {
        Ok(written) => {
            let shown = arguments.shown.show(&files.remarks, &sources);
            let took = start.elapsed().as_secs_f64();
            let done = format!("{}: {written} in {} ({took:.2} s)", config.package.name, root.shown());
            shown.max(arguments.shown.say(&done))
        }
        Err(error) => arguments.shown.failed(files.remarks, &sources, error),
    }
}

fn config(arguments: &Arguments, spec: String) -> Config {
    let name = arguments.name.clone().unwrap_or_else(|| crate_name_from(&arguments.spec));
    let api = ApiConfig { name: name.replace('_', "-").to_ascii_lowercase(), spec };
    let package = Package { name, version: "0.1.0".to_owned(), description: None, license: None, repository: None };
    Config { package, apis: vec![api], layout: Layout::Root, lenient: arguments.lenient }
}

fn crate_name(name: &str) -> Result<String, String> {
    crate_name_fault(name).map_or_else(|| Ok(name.to_owned()), Err)
}
