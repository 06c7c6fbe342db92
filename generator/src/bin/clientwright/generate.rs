//! `clientwright generate`: generates a crate from a document.

use std::path::PathBuf;
use std::time::Instant;

use clientwright::config::{ApiConfig, Config, Layout, Package, crate_name_error, crate_name_from, document_within};
use clientwright::diagnostics::Diagnostics;
use clientwright::output::{Options, Root, write};
use clientwright::source::{Limits, Sources};

use crate::allowed::FileArguments;
use crate::diagnostic_output::{OutputArguments, exit_code};
use crate::limits::LimitArguments;
use crate::workspace;

/// Generate the client crate of one document
///
/// The crate is self-contained and has no dependency on Clientwright. Running the command again replaces changed files
/// and removes generated files that are no longer needed. Files that you added are kept.
///
/// Errors in the document are reported with their line and column. Nothing is written if there are errors, or if a file
/// that was not generated is in the way.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes: 0 success; 1 nothing generated, see the reported errors; 2 usage error; \
                             70 a bug in clientwright.")]
pub struct Arguments {
    /// The OpenAPI document in JSON or YAML; `-` reads standard input
    #[arg(value_name = "SPEC")]
    spec: String,

    /// The directory of the crate; created if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// The name of the crate [default: derived from the file name of the document]
    #[arg(long, value_name = "CRATE", value_parser = crate_name)]
    name: Option<String>,

    /// Turn errors with a local, well-defined workaround into warnings
    ///
    /// Each warning describes its workaround. Examples: a `$ref` whose target does not exist is treated as a schema
    /// that accepts any JSON value, an undeclared path parameter is treated as a required string, and a duplicate
    /// operationId is ignored. Other errors are still reported as errors.
    #[arg(long)]
    lenient: bool,

    /// Also replace files that were not generated, but have the path of a generated file
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    files: FileArguments,

    #[command(flatten)]
    output: OutputArguments,

    #[command(flatten)]
    limits: LimitArguments,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let start = Instant::now();
    let mut sources = Sources::with_limits(arguments.limits.limits(Limits::default()));
    let spec = match document_within(&arguments.spec, arguments.files.reach(), &mut sources) {
        Ok(spec) => spec,
        Err(error) => return arguments.output.failed(Diagnostics::new(), &sources, error),
    };
    let config = config(arguments, spec);
    let files = match clientwright::generate(&sources, &config) {
        Ok(files) => files,
        Err(diagnostics) => {
            return arguments.output.show(&diagnostics, &sources).max(exit_code(&diagnostics));
        }
    };
    let root = Root::new(&arguments.out);
    match write(&root, &files, Options { force: arguments.force }) {
        Ok(written) => {
            let shown = arguments.output.show(&files.diagnostics, &sources);
            let took = start.elapsed().as_secs_f64();
            let done = format!("{}: {written} in {} ({took:.2} s)", config.package.name, root.shown());
            let printed = shown.max(arguments.output.print(&done));
            workspace::note(&arguments.out).map_or(printed, |note| printed.max(arguments.output.print(&note)))
        }
        Err(error) => arguments.output.failed(files.diagnostics, &sources, error),
    }
}

fn config(arguments: &Arguments, spec: String) -> Config {
    let name = arguments.name.clone().unwrap_or_else(|| crate_name_from(&arguments.spec));
    let api = ApiConfig { name: name.replace('_', "-").to_ascii_lowercase(), spec };
    let package = Package { name, version: "0.1.0".to_owned(), description: None, license: None, repository: None };
    Config { package, apis: vec![api], layout: Layout::Root, lenient: arguments.lenient }
}

fn crate_name(name: &str) -> Result<String, String> {
    crate_name_error(name).map_or_else(|| Ok(name.to_owned()), Err)
}
