//! `clientwright generate`: generates a crate from a document.

use std::path::PathBuf;
use std::time::Instant;

use clientwright::config::{Config, Feature, Runtime, crate_name_error, crate_name_from, document_within, lock_file};
use clientwright::diagnostics::Diagnostics;
use clientwright::name::LOCK_FILE;
use clientwright::output::{Options, Root, lock_file_text, write};
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
/// The file `clientwright.lock` in the directory records the names of all items. Commit it, so that no name changes when
/// the document grows.
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

    /// Also generate types for schemas that no operation and no webhook uses
    ///
    /// Documents without operations and webhooks always keep all types.
    #[arg(long)]
    unused_schemas: bool,

    /// The optional features of the crate, e.g. `blocking,cli,gzip`
    ///
    /// The crate contains only the code that its API and these features need. `blocking`, `brotli`, `chrono`, `cli`,
    /// `gzip`, `mock`, `pkcs12`, `time`, `tracing`, `x509` and `zstd` become Cargo features of the crate, which its
    /// README describes. `client-certificates`, `polling`, `raw` and `streamed` add code without a Cargo
    /// feature.
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    features: Vec<Feature>,

    /// Depend on the crate `clientwright-runtime` instead of copying it: `version=VERSION`, `git=URL` or `path=DIRECTORY`
    ///
    /// Crates with the same runtime share its types. A relative path begins at the directory of the generated crate.
    #[arg(long, value_name = "SOURCE")]
    runtime: Option<Runtime>,

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
    if let Err(error) = lock_file(&arguments.out, &mut sources) {
        return arguments.output.failed(Diagnostics::new(), &sources, error);
    }
    let config = config(arguments, spec);
    let mut files = match clientwright::generate(&sources, &config) {
        Ok(files) => files,
        Err(diagnostics) => {
            return arguments.output.show(&diagnostics, &sources).max(exit_code(&diagnostics));
        }
    };
    files.insert(LOCK_FILE, lock_file_text(&files.lock_file));
    let root = Root::new(&arguments.out);
    match write(&root, &files, Options { force: arguments.force }) {
        Ok(written) => {
            let shown = arguments.output.show(&files.diagnostics, &sources);
            let took = start.elapsed().as_secs_f64();
            let done = format!("{}: {written} in {} ({took:.2} s)", config.package.name, root.shown());
            let done = format!("{done}\n{}", files.changes);
            let printed = shown.max(arguments.output.print(done.trim_end()));
            workspace::note(&arguments.out).map_or(printed, |note| printed.max(arguments.output.print(&note)))
        }
        Err(error) => arguments.output.failed(files.diagnostics, &sources, error),
    }
}

fn config(arguments: &Arguments, spec: String) -> Config {
    let name = arguments.name.clone().unwrap_or_else(|| crate_name_from(&arguments.spec));
    Config {
        lenient: arguments.lenient,
        unused_schemas: arguments.unused_schemas,
        features: arguments.features.iter().copied().collect(),
        runtime: arguments.runtime.clone().unwrap_or_default(),
        ..Config::of_document(name, spec)
    }
}

fn crate_name(name: &str) -> Result<String, String> {
    crate_name_error(name).map_or_else(|| Ok(name.to_owned()), Err)
}
