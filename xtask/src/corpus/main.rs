//! `cargo xtask corpus`: generates and compiles the clients of all documents in a folder.
//!
//! ```text
//! folder ──documents──▶ a process per document ──▶ crates ──check──▶ one workspace, compiled at once
//!                              └── outcome ──▶ a line per document, the totals, the report ◀──┘
//! ```
//!
//! Each document has its own process, so that a panic, a stack overflow or an endless loop does not affect the other
//! documents.

#[path = "../cargo.rs"]
mod cargo;
mod check;
#[path = "../child.rs"]
mod child;
mod compare;
mod documents;
mod generate;
mod html;
mod outcome;
#[path = "../progress.rs"]
mod progress;
#[path = "../report.rs"]
mod report;
mod roundtrip;
mod run;
mod run_folders;
#[path = "../schemas.rs"]
mod schemas;
#[path = "../../../tests/stable_names/mod.rs"]
mod stable_names;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Parser;

use compare::Earlier;
use outcome::Record;
use progress::Progress;
use run_folders::RunFolders;

/// Generate the clients of all documents in a folder, and compile them
///
/// A document is a JSON or YAML file with `openapi` or `swagger` at its top level. The crates are written to the
/// workspace `target/corpus/crates`, and are not deleted after the run.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask corpus",
    bin_name = "cargo xtask corpus",
    after_long_help = "Exit codes: 0 all documents passed; 1 a document failed or an error occurred; 2 usage error."
)]
struct Arguments {
    /// The folder with the documents
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Generate only documents whose path in the folder matches this pattern; `*` matches any characters
    #[arg(long, value_name = "GLOB")]
    only: Option<glob::Pattern>,
    /// Compile the crates with all features, and their documentation; a warning is a failure
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    modes: Modes,
    /// Write the outcome of each document, with all messages of the generator and the compiler, to this file
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
    /// Write the outcomes as an HTML page
    #[arg(long, value_name = "REPORT.html")]
    html: Option<PathBuf>,
    /// Show what has changed in the output of each document since an earlier run, whose `--report` is OLD.json
    #[arg(long, value_name = "OLD.json")]
    compare: Option<PathBuf>,
    /// Time limit per document, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120.0)]
    timeout: f64,
    /// Generate a crate with this name from the single document DIR; used by the process of each document
    #[arg(long, hide = true, value_name = "CRATE", requires = "into")]
    as_crate: Option<String>,
    /// The folder to which `--as-crate` writes the crate
    #[arg(long, hide = true, value_name = "DIR", requires = "as_crate")]
    into: Option<PathBuf>,
}

/// The options that apply to each document.
#[derive(Debug, Clone, Copy, clap::Args)]
struct Modes {
    /// Turn errors with a local workaround into warnings, as `clientwright generate --lenient` does
    #[arg(long)]
    lenient: bool,
    /// Build the crates without features, and decode and encode each valid example with its generated type: the result
    /// must equal the example, except for properties that no schema declares
    #[arg(long)]
    roundtrip: bool,
    /// Check that adding to a document renames nothing: generate each document without random parts, then again with all
    /// parts and the lock file, this many times; a renamed or missing public item is a failure
    #[arg(long, value_name = "ROUNDS", default_value_t = 0)]
    grow: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let (Some(name), Some(into)) = (&arguments.as_crate, &arguments.into) {
        return generate::one(&arguments.folder, name, into, arguments.modes);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report_error(&error.into()),
    };
    let result = runtime.block_on(async {
        tokio::select! {
            result = corpus(&arguments) => result,
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        }
    });
    // Dropping the runtime drops its remaining tasks, which terminates their child processes.
    drop(runtime);
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => report_error(&error),
    }
}

fn report_error(error: &anyhow::Error) -> ExitCode {
    report::line_to_stderr(&format!("error: {error:#}"));
    ExitCode::FAILURE
}

/// Runs the command. Returns whether all documents passed.
async fn corpus(arguments: &Arguments) -> Result<bool> {
    let start = Instant::now();
    let limit = Duration::try_from_secs_f64(arguments.timeout)
        .context("`--timeout` must be a non-negative number of seconds")?;
    let documents = documents::find(&arguments.folder, arguments.only.as_ref())?;
    if documents.is_empty() {
        bail!("no OpenAPI documents in {}", arguments.folder.display());
    }
    let earlier = arguments.compare.as_deref().map(Earlier::read).transpose()?;
    let folders = RunFolders::new()?;
    let progress = Progress::new();
    let outcomes = run::generate(documents, &folders, arguments.modes, limit, &progress).await?;
    let mut record = Record::new(outcomes);
    folders.set_members(&record.documents, arguments.modes.roundtrip)?;
    if arguments.check {
        check::check(&folders, &mut record.documents, &progress).await?;
    }
    if arguments.modes.roundtrip {
        let programs = check::build(&folders, &mut record.documents, &progress).await?;
        run::roundtrip(&programs, &folders, &mut record.documents, limit, &progress).await;
    }
    record.seconds = start.elapsed().as_secs_f64();
    for line in record.lines().into_iter().chain(earlier.iter().flat_map(|earlier| record.changes(earlier))) {
        progress.line(&line);
    }
    progress.finish();
    if let Some(path) = &arguments.report {
        let text = serde_json::to_string_pretty(&record).context("cannot serialize the report")?;
        std::fs::write(path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = &arguments.html {
        let page = html::page(&record, earlier.as_ref());
        std::fs::write(path, page).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(record.passed())
}
