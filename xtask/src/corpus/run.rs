//! All documents, a process each and so many at once as there are cores: documents come in, what came of each goes out.

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
use crate::workshop::Workshop;

/// How much of what a process said before it broke is kept, in characters.
const LAST_WORDS: usize = 2000;

/// Generates every document; gives what came of each, in their order.
pub(crate) async fn generate(
    documents: Vec<Document>,
    workshop: &Workshop,
    modes: Modes,
    limit: Duration,
    progress: &Progress,
) -> Result<Vec<Outcome>> {
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let free = Arc::new(Semaphore::new(workers));
    let program = std::env::current_exe().context("this program does not know where it is")?;
    progress.start("generating", documents.len());
    let mut running = JoinSet::new();
    for (position, document) in documents.into_iter().enumerate() {
        let mut command = Command::new(&program);
        command.arg(&document.path).arg("--as-crate").arg(&document.package);
        command.arg("--into").arg(workshop.folder(&document.package));
        command.args(modes.lenient.then_some("--lenient")).args(modes.roundtrip.then_some("--roundtrip"));
        let free = Arc::clone(&free);
        running.spawn(async move {
            let _turn = free.acquire_owned().await;
            let ended = tokio::time::timeout(limit, child::output(command, None)).await;
            let mut outcome = Outcome::of(&document);
            match ended {
                Err(_) => outcome.verdict = Verdict::TimedOut { seconds: limit.as_secs_f64() },
                Ok(Err(error)) => outcome.verdict = Verdict::Broke { how: format!("{error:#}"), said: String::new() },
                Ok(Ok(output)) => match serde_json::from_slice(&output.stdout) {
                    Ok(generated) if output.status.success() => outcome.set_generated(generated),
                    _ => {
                        let said = last_words(&String::from_utf8_lossy(&output.stderr));
                        outcome.verdict = Verdict::Broke { how: how(output.status), said };
                    }
                },
            }
            (position, outcome)
        });
    }
    let mut outcomes = Vec::with_capacity(running.len());
    while let Some(done) = running.join_next().await {
        outcomes.push(done.context("a task of the run broke")?);
        progress.step();
    }
    outcomes.sort_by_key(|(position, _)| *position);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

/// Runs the programs of the examples, which are there by crate.
pub(crate) async fn roundtrip(
    programs: &BTreeMap<String, PathBuf>,
    workshop: &Workshop,
    documents: &mut [Outcome],
    limit: Duration,
    progress: &Progress,
) {
    progress.start("examples", programs.len());
    for outcome in documents {
        let Some(program) = programs.get(&outcome.package).filter(|_| outcome.verdict == Verdict::Ok) else { continue };
        match roundtrip::run(program, &workshop.folder(&outcome.package), limit).await {
            Ok(done) => outcome.set_roundtrip(done),
            Err(error) => outcome.verdict = Verdict::Broke { how: format!("{error:#}"), said: String::new() },
        }
        progress.step();
    }
}

fn how(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("ended by signal {signal}");
    }
    status.code().map_or_else(|| "ended".to_owned(), |code| format!("exit code {code}"))
}

fn last_words(said: &str) -> String {
    let said = said.trim();
    let skipped = said.chars().count().saturating_sub(LAST_WORDS);
    said.chars().skip(skipped).collect()
}
