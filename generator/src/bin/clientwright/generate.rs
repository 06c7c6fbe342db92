//! `clientwright generate`: generates the crates of a `clients.toml`, or the crate of one document.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clientwright::codegen::Generated;
use clientwright::config::{Clients, Config, Feature, Layout, LoadError, Runtime};
use clientwright::config::{crate_name_error, crate_name_from, load_within, lock_file, overlaid_document, shell_word};
use clientwright::diagnostics::Diagnostics;
use clientwright::output::{Options, Root};
use clientwright::source::{Limits, Sources};

use crate::allowed::FileArguments;
use crate::diagnostic_output::{OutputArguments, exit_code};
use crate::limits::LimitArguments;
use crate::module::Module;
use crate::progress::Progress;
use crate::{FAILED, USAGE, failed, workspace};

/// The configuration file that is used if there are neither `SPEC` nor `--config`.
pub const CLIENTS_TOML: &str = "clients.toml";

/// Generate the crates of a `clients.toml`, or the crate of one document
///
/// Without SPEC, all crates of the file `clients.toml` in the current directory are generated. `clientwright init`
/// creates this file. With SPEC, one crate is generated into the directory `--out`.
///
/// A crate is self-contained and has no dependency on Clientwright. Running the command again replaces changed files and
/// removes generated files that are no longer needed. Files that you added are kept.
///
/// The file `clientwright.lock` beside `clients.toml`, or in the directory `--out`, records the names of all items.
/// Commit it, so that no name changes when the documents grow.
///
/// Errors in a document are reported with their line and column. Nothing is written if there are errors, or if a file
/// that was not generated is in the way.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes: 0 success; 1 errors, or files are out of date with --check; 2 usage error; \
                             70 a bug in clientwright.")]
pub struct Arguments {
    /// The OpenAPI document in JSON or YAML; `-` reads standard input
    #[arg(value_name = "SPEC", requires = "place")]
    spec: Option<String>,

    /// The directory of the crate; created if it does not exist
    #[arg(long, value_name = "DIR", requires = "spec", group = "place")]
    out: Option<PathBuf>,

    /// Generate a module of an existing crate into this directory, e.g. `src/api`
    ///
    /// The module depends on the runtime, see `--runtime`. The dependencies that the crate does not have are printed.
    #[arg(long, value_name = "DIR", requires = "spec", group = "place")]
    module: Option<PathBuf>,

    /// An overlay that changes the document before code is generated
    ///
    /// Overlays follow the OpenAPI Overlay Specification 1.0 or 1.1. Can be repeated: overlays are applied in order.
    #[arg(long = "overlay", requires = "spec", value_name = "FILE")]
    overlays: Vec<String>,

    /// Generate all crates of this file [default: clients.toml]
    #[arg(long, value_name = "FILE", conflicts_with = "spec")]
    config: Option<PathBuf>,

    /// Write nothing; exit with 1 if files are missing, stale or orphaned
    #[arg(long)]
    check: bool,

    /// Write nothing; print what would change
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,

    /// The name of the crate [default: derived from the file name of the document]
    #[arg(long, requires = "spec", value_name = "CRATE", value_parser = crate_name)]
    name: Option<String>,

    /// Turn errors with a local, well-defined workaround into warnings
    ///
    /// Each warning describes its workaround. Examples: a `$ref` whose target does not exist is treated as a schema
    /// that accepts any JSON value, an undeclared path parameter is treated as a required string, and a duplicate
    /// operationId is ignored. Other errors are still reported as errors.
    #[arg(long, requires = "spec")]
    lenient: bool,

    /// Also generate types for schemas that no operation and no webhook uses
    ///
    /// Documents without operations and webhooks always keep all types.
    #[arg(long, requires = "spec")]
    unused_schemas: bool,

    /// The optional features of the crate, e.g. `blocking,cli,gzip`
    ///
    /// The crate contains only the code that its API and these features need. `blocking`, `brotli`, `chrono`, `cli`,
    /// `gzip`, `mock`, `pkcs12`, `time`, `tracing`, `x509` and `zstd` become Cargo features of the crate, which its
    /// README describes. `client-certificates`, `polling`, `raw` and `streamed` add code without a Cargo
    /// feature.
    #[arg(long, requires = "spec", value_name = "FEATURES", value_delimiter = ',')]
    features: Vec<Feature>,

    /// Depend on `clientwright-runtime` instead of copying it: `version=…`, `git=…` or `path=…`
    ///
    /// Crates with the same runtime share its types. A relative path begins at the directory of the generated crate.
    #[arg(long, requires = "spec", value_name = "SOURCE")]
    runtime: Option<Runtime>,

    /// Also replace files that were not generated
    #[arg(long, conflicts_with = "check")]
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
    let clients = match clients(arguments) {
        Ok(clients) => clients,
        Err(code) => return code,
    };
    let progress = Progress::start(&arguments.output, "generating");
    let generated = clients.generate();
    drop(progress);
    match generated {
        Ok(generated) => finish(arguments, &clients, &generated),
        Err(diagnostics) => arguments.output.show(&diagnostics, &clients.sources).max(exit_code(&diagnostics)),
    }
}

/// Reads the configuration and the documents. Reports errors and returns the exit code if this fails.
fn clients(arguments: &Arguments) -> Result<Clients, u8> {
    if let (Some(spec), Some(out)) = (&arguments.spec, arguments.out.as_ref().or(arguments.module.as_ref())) {
        return clients_of_document(arguments, spec, out);
    }
    let path = arguments.config.as_deref().unwrap_or(Path::new(CLIENTS_TOML));
    if arguments.config.is_none() && !path.exists() {
        failed(format_args!(
            "there is no `{CLIENTS_TOML}` in the current directory\n\
             help: run `clientwright init SPEC` to create it, use `--config` if it is elsewhere, or run `clientwright \
             generate SPEC --out DIR` to generate the crate of one document"
        ));
        return Err(USAGE);
    }
    let limits = |limits| arguments.limits.limits(limits);
    load_within(path, Path::new(""), arguments.files.reach(), limits).map_err(|error| match error {
        LoadError::Invalid { sources, diagnostics } => arguments.output.show(&diagnostics, &sources).max(FAILED),
        error => arguments.output.failed(Diagnostics::new(), &Sources::new(), error),
    })
}

fn clients_of_document(arguments: &Arguments, spec: &str, out: &Path) -> Result<Clients, u8> {
    let mut sources = Sources::with_limits(arguments.limits.limits(Limits::default()));
    let api = overlaid_document(spec, &arguments.overlays, arguments.files.reach(), &mut sources)
        .and_then(|api| lock_file(out, &mut sources).map(|()| api))
        .map_err(|error| arguments.output.failed(Diagnostics::new(), &sources, error))?;
    let mut config = Config {
        lenient: arguments.lenient,
        unused_schemas: arguments.unused_schemas,
        features: arguments.features.iter().copied().collect(),
        runtime: arguments.runtime.clone().unwrap_or_default(),
        ..Config::of_document(arguments.name.clone().unwrap_or_else(|| crate_name_from(spec)), api.spec)
    };
    for one in &mut config.apis {
        one.overlays.clone_from(&api.overlays);
    }
    if let Some(directory) = &arguments.module {
        if config.features.contains(&Feature::Cli) {
            failed("the feature `cli` adds a program, which a module cannot have");
            return Err(USAGE);
        }
        let module = module(directory)?;
        config.package.name = module.library;
        config.module = module.path;
        config.layout = Layout::Module;
        if config.runtime == Runtime::Copied {
            config.runtime = Runtime::Version(env!("CARGO_PKG_VERSION").to_owned());
        }
    }
    Ok(Clients::of_crate(sources, config, Root::new(out)))
}

fn module(directory: &Path) -> Result<Module, u8> {
    Module::find(directory).map_err(|error| {
        failed(format_args!("{error}"));
        USAGE
    })
}

/// Writes or compares the generated files, and reports the result. Returns the exit code.
fn finish(arguments: &Arguments, clients: &Clients, generated: &Generated<'_>) -> u8 {
    let output = &arguments.output;
    let options = Options { force: arguments.force };
    let diagnostics = || generated.diagnostics().clone();
    if !arguments.check && !arguments.dry_run {
        return match generated.write(options) {
            Ok(report) => {
                let crates = clients.targets.iter().filter(|_| arguments.module.is_none());
                let notes = crates.filter_map(|target| workspace::note(target.root.path()));
                let module = arguments.module.as_deref().and_then(|directory| Module::find(directory).ok());
                let steps = module.map(|module| module.steps(generated.dependencies())).filter(|it| !it.is_empty());
                let notes = notes.chain(steps).map(|note| note + "\n");
                let text: String = [report.to_string()].into_iter().chain(notes).collect();
                output.show(generated.diagnostics(), &clients.sources).max(output.print(text.trim_end()))
            }
            Err(error) => output.failed(diagnostics(), &clients.sources, error),
        };
    }
    let plans = match generated.plan() {
        Ok(plans) => plans,
        Err(error) => return output.failed(diagnostics(), &clients.sources, error),
    };
    if arguments.check {
        return match plans.check(&command_line(std::env::args_os())) {
            Ok(()) => output.show_checked(generated.diagnostics(), &clients.sources),
            Err(error) => output.failed(diagnostics(), &clients.sources, error),
        };
    }
    let printed = output.print(plans.to_string().trim_end());
    printed.max(match plans.check_conflicts(options) {
        Ok(()) => output.show(generated.diagnostics(), &clients.sources),
        Err(error) => output.failed(diagnostics(), &clients.sources, error),
    })
}

/// Returns the command that writes the files which `--check` has compared: the same command without `--check`.
fn command_line(arguments: impl Iterator<Item = OsString>) -> String {
    let words = arguments.skip(1).filter(|argument| argument != "--check");
    let words = words.map(|argument| shell_word(&argument.to_string_lossy()));
    ["clientwright".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// Validates the name of a crate.
pub fn crate_name(name: &str) -> Result<String, String> {
    crate_name_error(name).map_or_else(|| Ok(name.to_owned()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line_omits_check_and_quotes_words() {
        let arguments = ["/bin/clientwright", "generate", "--check", "a b's.yaml", "--out", "../zoo"];
        let command = command_line(arguments.into_iter().map(OsString::from));
        assert_eq!(command, r"clientwright generate 'a b'\''s.yaml' --out ../zoo");
    }
}
