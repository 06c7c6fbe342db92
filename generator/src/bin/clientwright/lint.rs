//! `clientwright lint`: checks documents and reports all diagnostics.

use std::path::PathBuf;

use clientwright::Levels;
use clientwright::config::{lint_settings, overlaid_document};
use clientwright::diagnostics::{Diagnostics, Severity};
use clientwright::source::{Limits, Sources};

use crate::allowed::FileArguments;
use crate::diagnostic_output::{OutputArguments, exit_code};
use crate::limits::LimitArguments;
use crate::progress::Progress;
use crate::{FAILED, USAGE, failed};

/// Check documents for errors and for valid but probably unintended constructs
///
/// Reports all diagnostics of `generate`, and examples that do not match their schemas, unused components, ambiguous
/// paths, unmarked secrets, name collisions, misspelled keywords, and keywords of other versions of OpenAPI. Writes no
/// files.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes: 0 no errors; 1 errors, or warnings with --deny-warnings; 2 usage error; \
                             70 a bug in clientwright.")]
pub struct Arguments {
    /// The OpenAPI documents in JSON or YAML; `-` reads standard input
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<String>,

    /// An overlay that changes the document before it is checked
    ///
    /// Can be repeated. Requires that there is only one SPEC.
    #[arg(long = "overlay", value_name = "FILE")]
    overlays: Vec<String>,

    /// A `clients.toml` with severities (`[lint]`) and limits (`[limits]`)
    ///
    /// The `[lint]` table sets the severity of each diagnostic code: `allow`, `note`, `warn` or `error`. It applies to
    /// warnings and notes; errors remain errors. The file needs no `[[crate]]` table.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Exit with 1 if there are warnings
    #[arg(long)]
    deny_warnings: bool,

    #[command(flatten)]
    files: FileArguments,

    #[command(flatten)]
    output: OutputArguments,

    #[command(flatten)]
    limits: LimitArguments,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let (levels, limits) = match &arguments.config {
        None => (Levels::default(), Limits::default()),
        Some(path) => match lint_settings(path) {
            Ok(settings) => settings,
            Err(error) => {
                let (sources, diagnostics) = *error;
                return arguments.output.show(&diagnostics, &sources).max(FAILED);
            }
        },
    };
    if arguments.specs.len() > 1 && !arguments.overlays.is_empty() {
        failed("`--overlay` applies to one document, but there are several");
        return USAGE;
    }
    let mut sources = Sources::with_limits(arguments.limits.limits(limits));
    let mut specs = Vec::new();
    for path in &arguments.specs {
        match overlaid_document(path, &arguments.overlays, arguments.files.reach(), &mut sources) {
            Ok(spec) => specs.push(spec),
            Err(error) => return arguments.output.failed(Diagnostics::new(), &sources, error),
        }
    }
    let progress = Progress::start(&arguments.output, "checking");
    let mut diagnostics = Diagnostics::new();
    for spec in &specs {
        diagnostics.extend(clientwright::lint(&sources, spec));
    }
    drop(progress);
    levels.apply(&mut diagnostics);
    let shown =
        arguments.output.show(&diagnostics, &sources).max(arguments.output.print(&summary(specs.len(), &diagnostics)));
    let code = if diagnostics.has_errors() {
        exit_code(&diagnostics)
    } else if arguments.deny_warnings && diagnostics.count(Severity::Warning) > 0 {
        FAILED
    } else {
        0
    };
    code.max(shown)
}

/// Returns the summary of a run, e.g. `3 documents: 1 error, 2 warnings`.
fn summary(documents: usize, diagnostics: &Diagnostics) -> String {
    let counted = |count: usize, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let counts = severities.map(|severity| (diagnostics.count(severity), severity.as_str()));
    let counts: Vec<_> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, name)| counted(count, name)).collect();
    let result = if counts.is_empty() { "no problems".to_owned() } else { counts.join(", ") };
    format!("{}: {result}", counted(documents, "document"))
}
