//! `clientwright overlay`: applies overlays to a document and prints the result.

use clientwright::config::overlaid_document;
use clientwright::diagnostics::Diagnostics;
use clientwright::source::{Document, Limits, Sources};

use crate::allowed::FileArguments;
use crate::diagnostic_output::{OutputArguments, exit_code};
use crate::limits::LimitArguments;

/// Apply overlays to a document and print the changed document as JSON
///
/// `generate` applies the overlays of `--overlay` and of `clients.toml` itself. This command shows what they change.
/// Overlays follow the OpenAPI Overlay Specification 1.0 or 1.1. The document itself is not checked: use `lint`.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Exit codes: 0 success; 1 errors in an overlay, or an action that matches nothing; 2 usage \
                             error; 70 a bug in clientwright."
)]
pub struct Arguments {
    /// The OpenAPI document in JSON or YAML; `-` reads standard input
    #[arg(value_name = "SPEC")]
    spec: String,

    /// The overlays in JSON or YAML, in the order in which they are applied
    #[arg(value_name = "OVERLAY", required = true)]
    overlays: Vec<String>,

    #[command(flatten)]
    files: FileArguments,

    #[command(flatten)]
    output: OutputArguments,

    #[command(flatten)]
    limits: LimitArguments,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let mut sources = Sources::with_limits(arguments.limits.limits(Limits::default()));
    let api = match overlaid_document(&arguments.spec, &arguments.overlays, arguments.files.reach(), &mut sources) {
        Ok(api) => api,
        Err(error) => return arguments.output.failed(Diagnostics::new(), &sources, error),
    };
    let mut diagnostics = Diagnostics::new();
    let overlays: Vec<_> = api.overlays.iter().filter_map(|path| sources.find(path)).collect();
    let source = sources.find(&api.spec);
    let document =
        source.and_then(|source| Document::read_with_overlays(&sources, source, &overlays, &mut diagnostics));
    let shown = arguments.output.show(&diagnostics, &sources);
    match document.filter(|_| !diagnostics.has_errors()) {
        Some(document) => shown.max(arguments.output.print(&document.root.to_json_pretty())),
        None => shown.max(exit_code(&diagnostics)),
    }
}
