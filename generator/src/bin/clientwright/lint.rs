//! `clientwright lint`: documents come in, all that is to be said of them goes out.

use std::path::PathBuf;

use clientwright::Levels;
use clientwright::config::{document_within, lint_settings};
use clientwright::diagnostics::{Diagnostics, Severity};
use clientwright::source::{Limits, Sources};

use crate::FAILED;
use crate::allowed::Allowed;
use crate::findings::{Shown, exit_code};
use crate::limits::Limited;

/// Check documents, and say beside their faults what is allowed and probably not meant
///
/// Examples that do not fit their schemas, components that nothing uses, paths that a server may mix up, secrets that
/// are not marked as such, names that will collide, keywords that are misspelt, and whatever `generate` would say.
/// Writes nothing.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes: 0 no errors; 1 errors, or warnings with --deny-warnings; 2 called wrongly; \
                             70 a bug of clientwright.")]
pub struct Arguments {
    /// The OpenAPI documents, JSON or YAML; `-` reads standard input
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<String>,

    /// A `clients.toml`, whose table `[lint]` says how bad each code is: `allow`, `note`, `warn` or `error`; its `[limits]`
    /// hold too
    ///
    /// It need not name any crate. Levels change warnings and notes: what `generate` rejects a document for stays an error.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Exit with 1 where there are warnings
    #[arg(long)]
    deny_warnings: bool,

    #[command(flatten)]
    allowed: Allowed,

    #[command(flatten)]
    shown: Shown,

    #[command(flatten)]
    limited: Limited,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let (levels, limits) = match &arguments.config {
        None => (Levels::default(), Limits::default()),
        Some(path) => match lint_settings(path) {
            Ok(settings) => settings,
            Err(fault) => {
                let (sources, found) = *fault;
                return arguments.shown.show(&found, &sources).max(FAILED);
            }
        },
    };
    let mut sources = Sources::within(arguments.limited.limits(limits));
    let mut specs = Vec::new();
    for path in &arguments.specs {
        match document_within(path, arguments.allowed.reach(), &mut sources) {
            Ok(spec) => specs.push(spec),
            Err(error) => return arguments.shown.failed(Diagnostics::new(), &sources, error),
        }
    }
    let mut found = Diagnostics::new();
    for spec in &specs {
        found.extend(clientwright::lint(&sources, spec));
    }
    levels.apply(&mut found);
    let shown = arguments.shown.show(&found, &sources).max(arguments.shown.say(&summary(specs.len(), &found)));
    let verdict = if found.has_errors() {
        exit_code(&found)
    } else if arguments.deny_warnings && found.count(Severity::Warning) > 0 {
        FAILED
    } else {
        0
    };
    verdict.max(shown)
}

/// `3 documents: 1 error, 2 warnings`
fn summary(documents: usize, found: &Diagnostics) -> String {
    let counted = |count: usize, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let counts = severities.map(|severity| (found.count(severity), severity.as_str()));
    let counts: Vec<_> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, name)| counted(count, name)).collect();
    let result = if counts.is_empty() { "nothing found".to_owned() } else { counts.join(", ") };
    format!("{}: {result}", counted(documents, "document"))
}
