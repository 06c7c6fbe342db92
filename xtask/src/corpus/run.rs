//! Generates the crates of all documents in separate processes. The number of concurrent processes is the number of
//! cores.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::Modes;
use crate::child;
use crate::documents::Document;
use crate::outcome::{Outcome, Verdict};
use crate::progress::Progress;
use crate::roundtrip;
use crate::run_folders::RunFolders;

/// The maximum number of characters of standard error that the report contains for a crashed process.
const MAX_STDERR: usize = 2000;

/// Generates the crates of all documents. Returns the outcomes in the order of the documents.
pub(crate) async fn generate(
    documents: Vec<Document>,
    folders: &RunFolders,
    modes: Modes,
    limit: Duration,
    progress: &Progress,
) -> Result<Vec<Outcome>> {
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let permits = Arc::new(Semaphore::new(workers));
    let program = std::env::current_exe().context("cannot find the path of this program")?;
    progress.start("generating", documents.len());
    let mut running = JoinSet::new();
    for (position, document) in documents.into_iter().enumerate() {
        let mut command = Command::new(&program);
        command.arg(&document.path).arg("--as-crate").arg(&document.package);
        command.arg("--into").arg(folders.folder(&document.package));
        command.args(modes.lenient.then_some("--lenient")).args(modes.roundtrip.then_some("--roundtrip"));
        command.arg("--grow").arg(modes.grow.to_string());
        let permits = Arc::clone(&permits);
        running.spawn(async move {
            let _permit = permits.acquire_owned().await;
            let result = tokio::time::timeout(limit, child::output(command, None)).await;
            let mut outcome = Outcome::of(&document);
            match result {
                Err(_) => outcome.verdict = Verdict::TimedOut { seconds: limit.as_secs_f64() },
                Ok(Err(error)) => {
                    outcome.verdict = Verdict::Crashed { status: format!("{error:#}"), stderr: String::new() }
                }
                Ok(Ok(output)) => match serde_json::from_slice(&output.stdout) {
                    Ok(generated) if output.status.success() => outcome.set_generated(generated),
                    _ => {
                        let stderr = last_part(&String::from_utf8_lossy(&output.stderr));
                        outcome.verdict = Verdict::Crashed { status: exit_status(output.status), stderr };
                    }
                },
            }
            (position, outcome)
        });
    }
    let mut outcomes = Vec::with_capacity(running.len());
    while let Some(result) = running.join_next().await {
        outcomes.push(result.context("a task failed")?);
        progress.step();
    }
    outcomes.sort_by_key(|(position, _)| *position);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

/// Runs the programs that decode and encode examples. `programs` maps each crate to the path of its program.
pub(crate) async fn roundtrip(
    programs: &BTreeMap<String, PathBuf>,
    folders: &RunFolders,
    documents: &mut [Outcome],
    limit: Duration,
    progress: &Progress,
) {
    progress.start("examples", programs.len());
    for outcome in documents {
        let Some(program) = programs.get(&outcome.package).filter(|_| outcome.verdict == Verdict::Ok) else { continue };
        match roundtrip::run(program, &folders.folder(&outcome.package), limit).await {
            Ok(result) => outcome.set_roundtrip(result),
            Err(error) => outcome.verdict = Verdict::Crashed { status: format!("{error:#}"), stderr: String::new() },
        }
        progress.step();
    }
}

fn exit_status(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("terminated by signal {signal}");
    }
    status.code().map_or_else(|| "terminated".to_owned(), |code| format!("exit code {code}"))
}

fn last_part(stderr: &str) -> String {
    let stderr = stderr.trim();
    let skipped = stderr.chars().count().saturating_sub(MAX_STDERR);
    stderr.chars().skip(skipped).collect()
}
