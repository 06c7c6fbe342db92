//! `cargo xtask corpus`: every document of a folder, generated and compiled.
//!
//! ```text
//! folder ──documents──▶ a process a document ──▶ crates ──check──▶ one workspace, compiled at once
//!                              └── what came of it ──▶ a line a document, the totals, the report ◀──┘
//! ```
//!
//! A document that breaks the generator, overflows its stack or never ends has a process to itself, and takes no other along.

mod check;
#[path = "../child.rs"]
mod child;
mod documents;
mod generate;
mod outcome;
#[path = "../progress.rs"]
mod progress;
#[path = "../report.rs"]
mod report;
mod roundtrip;
mod run;
#[path = "../schemas.rs"]
mod schemas;
mod workshop;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Parser;

use outcome::Record;
use progress::Progress;
use workshop::Workshop;

/// Generate the clients of all documents in a folder, and compile them
///
/// A document is a JSON or YAML file with `openapi` or `swagger` at its top; other files are parts of them. The crates go into
/// `target/corpus/crates`, a workspace of which everything can be looked at.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask corpus",
    bin_name = "cargo xtask corpus",
    after_long_help = "Exit codes: 0 all is well; 1 something is not; 2 called wrongly."
)]
struct Arguments {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Take the documents whose path in the folder is like that alone; `*` stands for any characters
    #[arg(long, value_name = "GLOB")]
    only: Option<glob::Pattern>,
    /// Compile the crates and their documentation, each with all its features; a warning counts as a failure
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    modes: Modes,
    /// Write what came of each document, with the messages of the generator and the compiler, into this file
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
    /// Seconds that one document may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120.0)]
    timeout: f64,
    /// Generate the one document that stands in the folder's place, as a crate of this name: what the run starts a
    /// process for
    #[arg(long, hide = true, value_name = "CRATE", requires = "into")]
    as_crate: Option<String>,
    /// The folder for that crate
    #[arg(long, hide = true, value_name = "DIR", requires = "as_crate")]
    into: Option<PathBuf>,
}

/// What is made of each document.
#[derive(Debug, Clone, Copy, clap::Args)]
struct Modes {
    /// Generate all the same where a fault stays where it is, as `clientwright generate --lenient` does
    #[arg(long)]
    lenient: bool,
    /// Build the crates, without features, and take each example that is valid against its schema through the type that was generated for
    /// it: decoded and encoded, it must come back as it was but for members that no schema declares
    #[arg(long)]
    roundtrip: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let (Some(name), Some(into)) = (&arguments.as_crate, &arguments.into) {
        return generate::one(&arguments.folder, name, into, arguments.modes);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let done = runtime.block_on(async {
        tokio::select! {
            done = corpus(&arguments) => done,
            _ = tokio::signal::ctrl_c() => bail!("ended from outside"),
        }
    });
    // What is left of tasks holds processes, which end as their owners are dropped.
    drop(runtime);
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    report::line_to_stderr(&format!("error: {error:#}"));
    ExitCode::FAILURE
}

/// Gives whether all is well.
async fn corpus(arguments: &Arguments) -> Result<bool> {
    let start = Instant::now();
    let limit = Duration::try_from_secs_f64(arguments.timeout).context("this is no time that a document may take")?;
    let documents = documents::find(&arguments.folder, arguments.only.as_ref())?;
    if documents.is_empty() {
        bail!("there is no document in {}", arguments.folder.display());
    }
    let workshop = Workshop::new()?;
    let progress = Progress::new();
    let outcomes = run::generate(documents, &workshop, arguments.modes, limit, &progress).await?;
    let mut record = Record::new(outcomes);
    workshop.set_members(&record.documents, arguments.modes.roundtrip)?;
    if arguments.check {
        check::check(&workshop, &mut record.documents, &progress).await?;
    }
    if arguments.modes.roundtrip {
        let programs = check::build(&workshop, &mut record.documents, &progress).await?;
        run::roundtrip(&programs, &workshop, &mut record.documents, limit, &progress).await;
    }
    record.seconds = start.elapsed().as_secs_f64();
    for line in record.lines() {
        progress.line(&line);
    }
    progress.finish();
    if let Some(path) = &arguments.report {
        let text = serde_json::to_string_pretty(&record).context("the report is no JSON")?;
        std::fs::write(path, text + "\n").with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(record.is_well())
}
