//! `clientwright diff`: compares two versions of a document.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clientwright::config::{LoadError, VersionsError, configured_versions, regeneration, versions};
use clientwright::diagnostics::{Diagnostics, Style};
use clientwright::diff::{Comparison, OnDiskError, Rust, Wire, diff, diff_on_disk, github, json, markdown, text};
use clientwright::name::LOCK_FILE;
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
///
/// Instead of OLD, the lock file of `--config` can be compared: the old version is then the generated crate on disk, and
/// the effect on running clients is `unknown`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes: 0 success; 1 errors in a document, or a change of the level of --fail-on; \
                             2 usage error; 70 a bug in clientwright.")]
pub struct Arguments {
    /// The old version of the OpenAPI document in JSON or YAML, or a `clientwright.lock`; `-` reads standard input
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
    if Path::new(&arguments.old).file_name().is_some_and(|name| name == LOCK_FILE) {
        return run_on_disk(arguments, output);
    }
    let read = match &arguments.config {
        Some(config) => configured_versions(&arguments.old, &arguments.new, config, reach, limits),
        None => versions(&arguments.old, &arguments.new, reach, limits(Limits::default())),
    };
    let mut versions = match read {
        Ok(versions) => versions,
        Err(error) => return unread(output, error),
    };
    for config in [&mut versions.old, &mut versions.new] {
        config.lenient |= arguments.lenient;
    }
    let progress = Progress::start(&OutputArguments { quiet: false, ..output }, "comparing");
    let compared = diff(&versions.sources, &versions.old, &versions.new);
    drop(progress);
    match compared {
        Ok(comparison) => show(arguments, &comparison),
        Err(diagnostics) => output.show(&diagnostics, &versions.sources).max(exit_code(&diagnostics)),
    }
}

/// Compares the generated crate on disk with a new version of a document.
fn run_on_disk(arguments: &Arguments, output: OutputArguments) -> u8 {
    let failed = |error: &dyn std::fmt::Display| output.failed(Diagnostics::new(), &Sources::new(), error);
    let Some(config) = &arguments.config else {
        let error = "a lock file contains only names; add `--config clients.toml` to compare the crate on disk";
        return failed(&error).max(USAGE);
    };
    if arguments.fail_on == FailOn::Breaking {
        let error = "`--fail-on breaking` needs the old document, not the lock file";
        return failed(&error).max(USAGE);
    }
    let (reach, limits) = (arguments.files.reach(), |limits| arguments.limits.limits(limits));
    let regeneration = match regeneration(&arguments.old, &arguments.new, config, reach, limits) {
        Ok(regeneration) => regeneration,
        Err(error) => return unread(output, error),
    };
    let progress = Progress::start(&OutputArguments { quiet: false, ..output }, "comparing");
    let compared = diff_on_disk(&regeneration.sources, &regeneration.config, &regeneration.root);
    drop(progress);
    match compared {
        Ok(comparison) => show(arguments, &comparison),
        Err(OnDiskError::Documents(diagnostics)) => {
            output.show(&diagnostics, &regeneration.sources).max(exit_code(&diagnostics))
        }
        Err(error) => failed(&error),
    }
}

/// Shows why the documents cannot be compared.
fn unread(output: OutputArguments, error: VersionsError) -> u8 {
    match error {
        VersionsError::Load(LoadError::Invalid { sources, diagnostics }) => {
            output.show(&diagnostics, &sources).max(FAILED)
        }
        VersionsError::Load(error) => output.failed(Diagnostics::new(), &Sources::new(), error),
        error => output.failed(Diagnostics::new(), &Sources::new(), error).max(USAGE),
    }
}

/// Writes a comparison to standard output.
fn show(arguments: &Arguments, comparison: &Comparison) -> u8 {
    let formatted = match arguments.format {
        Format::Text => text(comparison),
        Format::Json => json(comparison),
        Format::Github => github(comparison),
        Format::Markdown => markdown(comparison),
    };
    let shown = written(std::io::stdout().lock(), &formatted);
    shown.max(if arguments.fail_on.fails(comparison) { FAILED } else { 0 })
}
