//! `cargo xtask codegen`: generates the crates of `specs/clients.toml`, and writes them to disk or compares them with
//! the files on disk.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use clientwright::config::{Clients, LoadError, load};
use clientwright::diagnostics::Diagnostics;
use clientwright::output::Options;
use clientwright::source::Sources;

use crate::diagnostic_output::{self, Reported};
use crate::report;

/// The command that the error message of `--check` recommends.
const COMMAND: &str = "cargo xtask codegen";

/// Arguments of `codegen`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write nothing; list stale, missing and orphaned files, and fail if the list is not empty
    #[arg(long)]
    check: bool,
    /// Write nothing; print what would change
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// Replace existing files that were not generated
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// The workspace that contains specs/clients.toml; set by tests
    #[arg(long, hide = true, value_name = "DIR", default_value_os_t = workspace())]
    root: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let clients = read(&arguments.root)?;
    let generated = clients.generate().map_err(|diagnostics| reported(&diagnostics, &clients.sources))?;
    // A successful check prints nothing.
    if arguments.check {
        return Ok(generated.plan()?.check(COMMAND)?);
    }
    diagnostic_output::show(generated.diagnostics(), &clients.sources);
    let options = Options { force: arguments.force };
    if arguments.dry_run {
        let plans = generated.plan()?;
        report::line(plans.to_string().trim_end());
        return Ok(plans.check_conflicts(options)?);
    }
    report::line(generated.write(options)?.to_string().trim_end());
    Ok(())
}

fn read(root: &Path) -> Result<Clients> {
    load(&root.join("specs/clients.toml"), root).map_err(|error| match error {
        LoadError::Invalid { sources, diagnostics } => reported(&diagnostics, &sources).into(),
        error => error.into(),
    })
}

fn reported(diagnostics: &Diagnostics, sources: &Sources) -> Reported {
    diagnostic_output::show(diagnostics, sources);
    Reported
}

/// Returns the path of the workspace in which this program was built.
fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}
