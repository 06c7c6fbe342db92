//! `cargo xtask conformance`: checks generated clients with Prism, an independent implementation of OpenAPI.
//!
//! ```text
//! document ──generate, build──▶ program ──▶ recording proxy ──▶ Prism, which reads the document independently
//!     └──plan──▶ calls ──────────┘               │
//!                  └─────────── judge ◀──────────┘ arguments, request, response and output
//! ```
//!
//! Prism validates requests against the document, and responds with values from the document. A second validator, based
//! on the `jsonschema` crate, checks every recorded request and response. If Prism refuses a request because of a known
//! error of Prism (`rules`), the second validator decides. Errors are planted in recorded calls (`planted`), to show that
//! the judge counts them as errors of the client.

#[path = "../cargo.rs"]
mod cargo;
#[path = "../child.rs"]
mod child;
mod controls;
#[path = "../diagnostic_output.rs"]
mod diagnostic_output;
mod document;
mod judge;
mod keywords;
mod make;
mod package;
mod plan;
mod planted;
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

use diagnostic_output::Reported;
use package::CrateBuilder;
use prism::Prism;
use progress::Progress;
use record::{DocumentRecord, Record};
use run::Settings;

/// The exit code if Node.js or npm is missing. Automake's test harness defines 77 as "skipped".
const SKIPPED: u8 = 77;

/// Generate clients and check each of their calls with Prism
///
/// Generates and builds a crate for each document, and calls each operation with the crate's program: with the
/// required parameters, with all parameters, with every documented example, and for every documented status.
///
/// Each call is right, a client error, a contradiction of the document (an example that does not match its schema), or
/// left to the second judge, because a known error of Prism concerns it and the second judge found no error. Requires
/// Node.js 18.20 or newer. The first run uses npm to install Prism into `target/conformance`.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask conformance",
    bin_name = "cargo xtask conformance",
    after_long_help = "Exit codes: 0 no client errors; 1 a client error, a control that was not refused, or a document \
                       that could not be checked; 2 usage error; \
                       77 skipped, since Node.js or npm is missing."
)]
struct Arguments {
    /// OpenAPI documents
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<String>,
    /// Turn errors with a local workaround into warnings, as `clientwright generate --lenient` does
    #[arg(long)]
    lenient: bool,
    /// Write every call, with its verdict and reasons, to this file
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
    /// Seed of the generated values
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Time limit per call, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    call_timeout: u64,
    /// Time limit of the whole run, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 60)]
    timeout: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report_error(&error.into()),
    };
    let result = runtime.block_on(run_until_interrupted(&arguments));
    // Dropping the runtime drops its remaining tasks, which terminates their child processes.
    drop(runtime);
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => report_error(&error),
    }
}

fn report_error(error: &anyhow::Error) -> ExitCode {
    // The diagnostics have already been printed.
    if !error.is::<Reported>() {
        report::line_to_stderr(&format!("error: {error:#}"));
    }
    ExitCode::FAILURE
}

/// Runs the command until it completes, is interrupted, or exceeds its time limit. Then terminates its child processes.
async fn run_until_interrupted(arguments: &Arguments) -> Result<u8> {
    let limit = Duration::from_secs(arguments.timeout.saturating_mul(60));
    tokio::select! {
        result = conformance(arguments) => result,
        () = tokio::time::sleep(limit) => bail!("the run exceeded its time limit of {} minutes", arguments.timeout),
        () = interrupted() => bail!("interrupted"),
    }
}

/// Waits for Ctrl-C, SIGTERM or SIGHUP.
async fn interrupted() {
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
    let mut builder = CrateBuilder::new(&repository());
    std::fs::create_dir_all(&builder.folder).with_context(|| format!("cannot create {}", builder.folder.display()))?;
    let Some(prism) = prism::install(&builder.folder.join("prism"), &progress).await? else {
        progress.finish();
        report::line("conformance: skipped: Prism requires Node.js 18.20 or newer and npm; install them");
        return Ok(SKIPPED);
    };
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let settings =
        Settings { call_timeout: Duration::from_secs(arguments.call_timeout), seed: arguments.seed, workers };
    let mut record = Record::default();
    for spec in &arguments.specs {
        let checked = check_document(spec, arguments.lenient, &mut builder, &prism, settings, &progress).await;
        record.documents.push(checked.unwrap_or_else(|error| DocumentRecord {
            spec: spec.clone(),
            failed: Some(format!("{error:#}")),
            operations: 0,
            has_schemas_of_2020: false,
            controls: Vec::new(),
            calls: Vec::new(),
        }));
    }
    let covered = record.documents.iter().flat_map(|document| &document.controls).filter(|control| !control.waived);
    let covered: Vec<_> = covered.map(|control| control.mutation).collect();
    record.own_controls = run::own_controls(&builder.folder, &prism, &covered).await?;
    if record.documents.iter().any(|document| document.has_schemas_of_2020) {
        record.own_controls.extend(keywords::run(&builder.folder, &prism).await?);
    }
    record.count_waived();
    progress.finish();
    if let Some(path) = &arguments.report {
        let text = serde_json::to_string_pretty(&record).context("cannot serialize the report")?;
        std::fs::write(path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    record.lines().iter().for_each(|line| report::line(line));
    report::line(&record.total());
    Ok(u8::from(!record.passed()))
}

/// Generates and builds the client of a document, and checks all of its calls.
async fn check_document(
    spec: &str,
    lenient: bool,
    builder: &mut CrateBuilder,
    prism: &Prism,
    settings: Settings,
    progress: &Progress,
) -> Result<DocumentRecord> {
    let mut sources = clientwright::source::Sources::new();
    let spec_name = clientwright::config::document(spec, &mut sources)?;
    let document = document::read(&sources, &spec_name, lenient)?;
    progress.announce(&format!("{spec}: generating and building its crate"));
    let name = builder.generate(&sources, &spec_name, lenient)?;
    let program = builder.build(&name).await?;
    let record = run::document(spec, &builder.folder, document, &program, prism, settings, progress).await?;
    progress.line(&format!(
        "{spec}: {} client errors in {} calls of {} operations",
        record.count(judge::Decision::ClientError),
        record.calls.len(),
        record.operations
    ));
    Ok(record)
}

/// Returns the path of the repository in which this program was built.
fn repository() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}
