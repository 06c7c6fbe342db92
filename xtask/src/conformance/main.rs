//! `cargo xtask conformance`: generated clients before a judge that we did not write.
//!
//! ```text
//! document ──generate, build──▶ program ──▶ recording proxy ──▶ Prism, which reads the document for itself
//!     └──plan──▶ calls ──────────┘               │
//!                  └─────────── judge ◀──────────┘ what was meant, sent, answered and decoded
//! ```
//!
//! Prism says whether a request is what the document asks for, and answers from it. The second judge, the `jsonschema`
//! crate, reads every recorded request and answer again, and decides alone where Prism is known to err.

#[path = "../child.rs"]
mod child;
mod controls;
mod document;
#[path = "../findings.rs"]
mod findings;
mod judge;
mod make;
mod package;
mod plan;
mod prism;
mod program;
#[path = "../progress.rs"]
mod progress;
mod proxy;
mod record;
#[path = "../report.rs"]
mod report;
mod run;
#[path = "../schemas.rs"]
mod schemas;
mod substitute;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Parser;

use findings::Reported;
use package::Workshop;
use prism::Prism;
use progress::Progress;
use record::{DocumentRecord, Record};
use run::Terms;

/// There is no node: nothing was judged. What test harnesses of other ecosystems take for "skipped".
const SKIPPED: u8 = 77;

/// Generate the clients of documents and judge every call of theirs by Prism
///
/// Each document's crate is generated and built, and each operation is called through its program: with the required
/// parameters, with all, with every documented example, for every documented status. Needs Node.js 18.20 or newer, and npm
/// once, which installs Prism into `target/conformance`.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask conformance",
    bin_name = "cargo xtask conformance",
    after_long_help = "Exit codes: 0 all is right; 1 something is not; 2 called wrongly; 77 skipped, there is no Node.js or npm."
)]
struct Arguments {
    /// OpenAPI documents
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<String>,
    /// Assume what was meant where that is a local matter, and say so
    #[arg(long)]
    lenient: bool,
    /// Write every call, with its verdict and reasons, into this file
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
    /// Make other values
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Seconds that one call may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    call_timeout: u64,
    /// Minutes that the whole run may take
    #[arg(long, value_name = "MINUTES", default_value_t = 60)]
    timeout: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let done = runtime.block_on(watched(&arguments));
    // What is left of tasks holds processes, which end as their owners are dropped.
    drop(runtime);
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    // The findings in a document have been shown already.
    if !error.is::<Reported>() {
        report::line_to_stderr(&format!("error: {error:#}"));
    }
    ExitCode::FAILURE
}

/// The run, which ends early when somebody ends it or its time is up. Dropping it ends its processes.
async fn watched(arguments: &Arguments) -> Result<u8> {
    let limit = Duration::from_secs(arguments.timeout.saturating_mul(60));
    tokio::select! {
        done = conformance(arguments) => done,
        () = tokio::time::sleep(limit) => bail!("the run has not ended after {} minutes", arguments.timeout),
        () = asked_to_end() => bail!("ended from outside"),
    }
}

/// Ctrl-C, or what else asks a process to end.
async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = tokio::signal::ctrl_c().await;
}

async fn conformance(arguments: &Arguments) -> Result<u8> {
    let progress = Progress::new();
    let mut workshop = Workshop::new(&repository());
    std::fs::create_dir_all(&workshop.folder).context("there is no place for what the run makes")?;
    let Some(prism) = prism::install(&workshop.folder.join("prism"), &progress).await? else {
        progress.finish();
        report::line("conformance: skipped: Prism needs Node.js 18.20 or newer and npm, and they are not here");
        return Ok(SKIPPED);
    };
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let terms = Terms { limit: Duration::from_secs(arguments.call_timeout), seed: arguments.seed, workers };
    let mut record = Record::default();
    for spec in &arguments.specs {
        let judged = judged(spec, arguments.lenient, &mut workshop, &prism, terms, &progress).await;
        record.documents.push(judged.unwrap_or_else(|error| DocumentRecord {
            spec: spec.clone(),
            failed: Some(format!("{error:#}")),
            operations: 0,
            controls: Vec::new(),
            calls: Vec::new(),
        }));
    }
    let had = record.documents.iter().flat_map(|document| &document.controls).filter(|control| !control.left);
    let had: Vec<_> = had.map(|control| control.wrong).collect();
    record.own_controls = run::own_controls(&workshop.folder, &prism, &had).await?;
    record.count_left();
    progress.finish();
    if let Some(path) = &arguments.report {
        let text = serde_json::to_string_pretty(&record).context("the report is no JSON")?;
        std::fs::write(path, text + "\n").with_context(|| format!("{} cannot be written", path.display()))?;
    }
    record.lines().iter().for_each(|line| report::line(line));
    report::line(&record.total());
    Ok(u8::from(!record.is_right()))
}

/// One document, from text to verdicts.
async fn judged(
    spec: &str,
    lenient: bool,
    workshop: &mut Workshop,
    prism: &Prism,
    terms: Terms,
    progress: &Progress,
) -> Result<DocumentRecord> {
    let mut sources = clientwright::source::Sources::new();
    let shown = clientwright::config::document(spec, &mut sources)?;
    let document = document::read(&sources, &shown, lenient)?;
    progress.say(&format!("{spec}: generating and building its crate"));
    let name = workshop.generate(&sources, &shown, lenient)?;
    let program = workshop.build(&name).await?;
    let record = run::document(spec, Path::new(spec), document, &program, prism, terms, progress).await?;
    let right = record.calls.iter().filter(|call| call.right).count();
    progress.line(&format!("{spec}: {right} of {} calls right, {} operations", record.calls.len(), record.operations));
    Ok(record)
}

/// The repository that this program was built in.
fn repository() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}
