//! `clientwright diff`: compares two versions of a document.

use std::path::PathBuf;

use clap::ValueEnum;
use clientwright::config::{LoadError, VersionsError, configured_versions, versions};
use clientwright::diagnostics::{Diagnostics, Style};
use clientwright::diff::{Comparison, Rust, Wire, diff, github, json, markdown, text};
use clientwright::source::{Limits, Sources};

use crate::allowed::FileArguments;
use crate::diagnostic_output::{self, Color, OutputArguments, exit_code};
use crate::limits::LimitArguments;
use crate::progress::Progress;
use crate::{FAILED, USAGE, written};

/// Compare two versions of a document
///
/// Lists each change with two verdicts. The first one is the version bump that the generated crate needs: `major` if
/// callers may no longer compile, `minor`, `patch` or `none`. The second one is the effect on running clients, which were
/// generated from OLD: `breaking`, `compatible`, `note` for additions that they do not use, or `none`.
///
/// The meaning of the documents is compared, not their text. Warnings about the documents are not shown: use `lint`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes: 0 success; 1 errors in a document, or a change of the level of --fail-on; \
                             2 usage error; 70 a bug in clientwright.")]
pub struct Arguments {
    /// The old version of the OpenAPI document in JSON or YAML; `-` reads standard input
    #[arg(value_name = "OLD")]
    old: String,

    /// The new version of the document
    #[arg(value_name = "NEW")]
    new: String,

    /// A `clients.toml` with the settings and overlays of the API
    ///
    /// The API is the one whose document is NEW or OLD, or the only one. Names come from the lock file beside the
    /// `clients.toml`. By default, the crate has no optional features.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Exit with 1 if there is such a change
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Never)]
    fail_on: FailOn,

    /// Output format of the changes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Turn errors with a local, well-defined workaround into warnings
    #[arg(long, conflicts_with = "config")]
    lenient: bool,

    #[command(flatten)]
    files: FileArguments,

    #[command(flatten)]
    limits: LimitArguments,
}

/// The output format of changes, on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line for each change
    Text,
    /// One JSON object
    ///
    /// The object has the verdicts `rust` and `wire` of all changes, and `findings`, an array. A finding has `item`,
    /// `change`, `subject`, `detail`, `rust`, `wire`, `old` and `new`. `old` and `new` are null, or have `file`, `line` and
    /// `column`. Later versions may add properties, but do not remove or change existing ones.
    Json,
    /// GitHub Actions annotations, one for each change
    Github,
    /// Sections of a changelog entry
    Markdown,
}

/// The changes that fail the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// No change
    Never,
    /// A change that breaks running clients
    Breaking,
    /// A change that needs a major version of the crate
    Major,
    /// A change that needs a minor or major version of the crate
    Minor,
    /// Any change
    Any,
}

impl FailOn {
    fn fails(self, comparison: &Comparison) -> bool {
        match self {
            Self::Never => false,
            Self::Breaking => comparison.wire() == Wire::Breaking,
            Self::Major => comparison.rust() == Rust::Major,
            Self::Minor => comparison.rust() >= Rust::Minor,
            Self::Any => !comparison.findings.is_empty(),
        }
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let output = OutputArguments {
        format: diagnostic_output::Format::Text,
        limit: Style::default().limit,
        all: false,
        quiet: true,
        color: Color::Auto,
    };
    let reach = arguments.files.reach();
    let limits = |limits| arguments.limits.limits(limits);
    let read = match &arguments.config {
        Some(config) => configured_versions(&arguments.old, &arguments.new, config, reach, limits),
        None => versions(&arguments.old, &arguments.new, reach, limits(Limits::default())),
    };
    let mut versions = match read {
        Ok(versions) => versions,
        Err(VersionsError::Load(LoadError::Invalid { sources, diagnostics })) => {
            return output.show(&diagnostics, &sources).max(FAILED);
        }
        Err(error @ VersionsError::NoApi { .. }) => {
            return output.failed(Diagnostics::new(), &Sources::new(), error).max(USAGE);
        }
        Err(error) => return output.failed(Diagnostics::new(), &Sources::new(), error),
    };
    for config in [&mut versions.old, &mut versions.new] {
        config.lenient |= arguments.lenient;
    }
    let progress = Progress::start(&OutputArguments { quiet: false, ..output }, "comparing");
    let compared = diff(&versions.sources, &versions.old, &versions.new);
    drop(progress);
    let comparison = match compared {
        Ok(comparison) => comparison,
        Err(diagnostics) => return output.show(&diagnostics, &versions.sources).max(exit_code(&diagnostics)),
    };
    let formatted = match arguments.format {
        Format::Text => text(&comparison),
        Format::Json => json(&comparison),
        Format::Github => github(&comparison),
        Format::Markdown => markdown(&comparison),
    };
    let shown = written(std::io::stdout().lock(), &formatted);
    shown.max(if arguments.fail_on.fails(&comparison) { FAILED } else { 0 })
}
