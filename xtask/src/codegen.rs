//! `cargo xtask codegen`: generates the crates of `specs/clients.toml`, and writes them to disk or compares them with
//! the files on disk.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use clientwright::config::{Clients, LoadError, Target, load};
use clientwright::name::{LOCK_FILE, LockFile};
use clientwright::output::{FileSet, Options, Plan, check, lock, lock_file_text, plan, plan_file};
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

/// A generated crate.
struct Generated<'a> {
    target: &'a Target,
    files: FileSet,
    /// The time spent on generating the crate.
    elapsed: Duration,
}

impl Generated<'_> {
    fn planned(self) -> Result<Planned> {
        let start = Instant::now();
        let plan = plan(&self.target.root, &self.files)?;
        let name = self.target.config.package.name.clone();
        Ok(Planned { name, plan, elapsed: self.elapsed + start.elapsed() })
    }
}

/// A generated crate, and the changes that writing the crate would make to the files on disk.
struct Planned {
    name: String,
    plan: Plan,
    /// The time spent on generating the crate and comparing it with the files on disk.
    elapsed: Duration,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let clients = read(&arguments.root)?;
    // Generate and compare all crates before writing any, so that an error in one crate leaves all crates unchanged.
    let generated = clients
        .targets
        .iter()
        .map(|target| generate(&clients.sources, target, arguments))
        .collect::<Result<Vec<_>>>()?;
    // Hold the lock from the comparison until the last file is written.
    let writes = !arguments.check && !arguments.dry_run;
    let _lock = writes.then(|| lock(clients.targets.iter().map(|target| &target.root)));
    let names = LockFile::combined(generated.iter().map(|generated| &generated.files.lock_file));
    let names = plan_file(&clients.directory, LOCK_FILE, lock_file_text(&names))?;
    let changes: String = generated.iter().map(|generated| generated.files.changes.to_string()).collect();
    let planned = generated.into_iter().map(Generated::planned).collect::<Result<Vec<_>>>()?;
    if arguments.check {
        let plans: Vec<Plan> = planned.into_iter().map(|planned| planned.plan).chain([names]).collect();
        return Ok(check(&plans, COMMAND)?);
    }
    let options = Options { force: arguments.force };
    if arguments.dry_run {
        let line = names.to_string();
        if !line.is_empty() {
            report::line(line.trim_end());
        }
        for Planned { name, plan, elapsed } in &planned {
            let outlook = plan.summary();
            report::line(&format!("{plan}{name}: dry run: {outlook} ({:.2} s)", elapsed.as_secs_f64()));
        }
    }
    for plan in planned.iter().map(|planned| &planned.plan).chain([&names]) {
        plan.check_conflicts(options)?;
    }
    if arguments.dry_run {
        report_changes(&changes);
        return Ok(());
    }
    // Write the lock file first: without it, the next run would choose other names than the written files contain.
    names.apply(options)?;
    for Planned { name, plan, elapsed } in &planned {
        let start = Instant::now();
        let written = plan.apply(options)?;
        let elapsed = *elapsed + start.elapsed();
        report::line(&format!("{name}: {written} ({:.2} s)", elapsed.as_secs_f64()));
    }
    report_changes(&changes);
    Ok(())
}

/// Prints the names that were added and removed.
fn report_changes(changes: &str) {
    if !changes.is_empty() {
        report::line(changes.trim_end());
    }
}

fn read(root: &Path) -> Result<Clients> {
    load(&root.join("specs/clients.toml"), root).map_err(|error| match error {
        LoadError::Invalid { sources, diagnostics } => {
            diagnostic_output::show(&diagnostics, &sources);
            Reported.into()
        }
        error => error.into(),
    })
}

fn generate<'a>(sources: &Sources, target: &'a Target, arguments: &Arguments) -> Result<Generated<'a>> {
    let start = Instant::now();
    let files = clientwright::generate(sources, &target.config).map_err(|found| {
        diagnostic_output::show(&found, sources);
        Reported
    })?;
    // A successful check prints nothing.
    if !arguments.check {
        diagnostic_output::show(&files.diagnostics, sources);
    }
    Ok(Generated { target, files, elapsed: start.elapsed() })
}

/// Returns the path of the workspace in which this program was built.
fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}
