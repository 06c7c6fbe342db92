//! The crates of a run, compiled in one workspace: crates come in, what the compiler says of each goes into its verdict.
//!
//! `cargo check` alone, for all crates at once: what they depend on is built once, and one that fails hides no other.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::child::Child;
use crate::outcome::{Outcome, Verdict};
use crate::progress::Progress;
use crate::workshop::Workshop;

/// How many messages of a crate's the report shows.
const SHOWN: usize = 10;

/// A line of Cargo's about what it does.
#[derive(Debug, Deserialize)]
struct Line {
    reason: String,
    manifest_path: Option<String>,
    message: Option<Message>,
    target: Option<Target>,
}

/// What the compiler says.
#[derive(Debug, Deserialize)]
struct Message {
    level: String,
    code: Option<serde::de::IgnoredAny>,
    rendered: Option<String>,
    message: String,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
}

/// What the compiler said of one crate.
#[derive(Debug, Default)]
struct Compiled {
    errors: usize,
    warnings: usize,
    messages: Vec<String>,
    /// Whether its library came of it.
    done: bool,
}

/// Compiles every crate that was generated, with all its features.
pub(crate) async fn check(workshop: &Workshop, documents: &mut [Outcome], progress: &Progress) -> Result<()> {
    let members: Vec<&str> = documents
        .iter()
        .filter(|outcome| outcome.verdict == Verdict::Ok)
        .map(|outcome| outcome.package.as_str())
        .collect();
    if members.is_empty() {
        return Ok(());
    }
    workshop.set_members(members.iter().copied())?;
    progress.start("compiling", members.len());
    let mut compiled = compile(workshop, progress).await?;
    for outcome in documents.iter_mut().filter(|outcome| outcome.verdict == Verdict::Ok) {
        let Compiled { errors, warnings, mut messages, done } = compiled.remove(&outcome.package).unwrap_or_default();
        if errors + warnings == 0 && done {
            continue;
        }
        if errors + warnings == 0 {
            messages.push("the compiler did not come to its end".to_owned());
        }
        // Errors first: they say why there is no crate.
        messages.sort_by_key(|message| !message.starts_with("error"));
        messages.truncate(SHOWN);
        let errors = if done { errors } else { errors.max(1) };
        outcome.verdict = Verdict::NotCompiled { errors, warnings, messages };
    }
    Ok(())
}

/// Runs Cargo, and sorts what it says by crate.
async fn compile(workshop: &Workshop, progress: &Progress) -> Result<BTreeMap<String, Compiled>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    let log = workshop.crates.join("cargo.log");
    command
        .args(["check", "--workspace", "--all-features", "--keep-going", "--message-format", "json"])
        .arg("--manifest-path")
        .arg(workshop.crates.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&workshop.build)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // What it says there is of use only where it cannot begin.
        .stderr(File::create(&log).context("there is no place for what cargo says")?);
    let mut child = Child::spawn(command)?;
    let stdout = child.stdout().context("cargo has no output")?;
    let mut compiled: BTreeMap<String, Compiled> = BTreeMap::new();
    let mut finished = false;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await.context("cargo's output cannot be read")? {
        let Ok(line) = serde_json::from_str::<Line>(&line) else { continue };
        finished |= line.reason == "build-finished";
        let Some(package) = line.manifest_path.as_deref().and_then(|path| package(path, &workshop.crates)) else {
            continue;
        };
        let one = compiled.entry(package).or_default();
        if line.reason == "compiler-artifact" && line.target.is_some_and(|target| target.kind == ["lib"]) {
            one.done = true;
            progress.step();
        } else if let Some(message) = line.message {
            one.add(message);
        }
    }
    if !finished {
        let said = fs::read_to_string(&log).unwrap_or_default();
        bail!("cargo could not begin:\n{}", said.trim());
    }
    Ok(compiled)
}

impl Compiled {
    fn add(&mut self, message: Message) {
        // The compiler ends by counting what it has said, in a message of the same kind.
        let counts = message.code.is_none()
            && (message.message.starts_with("aborting due to") || message.message.ends_with(" emitted"));
        match message.level.as_str() {
            _ if counts => return,
            "warning" => self.warnings += 1,
            level if level.starts_with("error") => self.errors += 1,
            _ => return,
        }
        self.messages.push(message.rendered.unwrap_or(message.message));
    }
}

/// The crate of the workspace whose manifest that is.
fn package(manifest: &str, crates: &Path) -> Option<String> {
    let folder = Path::new(manifest).parent()?;
    let name = folder.strip_prefix(crates).ok().or_else(|| {
        // Cargo shows the folder without the links on its way.
        let crates = crates.canonicalize().ok()?;
        folder.strip_prefix(crates).ok()
    })?;
    Some(name.to_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::Document;

    #[tokio::test]
    async fn each_crate_is_told_what_the_compiler_says_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let workshop = Workshop { crates: folder.path().join("crates"), build: folder.path().join("build") };
        let mut documents = Vec::new();
        for (name, text) in [
            ("fails", "pub fn a() -> u8 { \"\" }\nfn unused() {}\n"),
            ("good", "#![allow(dead_code)]\nfn unused() {}\n"),
            ("warns", "fn unused() {}\n"),
        ] {
            let source = workshop.folder(name).join("src");
            fs::create_dir_all(&source).unwrap();
            fs::write(source.join("lib.rs"), text).unwrap();
            let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
            fs::write(workshop.folder(name).join("Cargo.toml"), manifest).unwrap();
            let document = Document { name: format!("{name}.yaml"), path: source, package: name.to_owned() };
            documents.push(Outcome::of(&document));
        }
        check(&workshop, &mut documents, &Progress::new()).await.unwrap();
        let [fails, good, warns] = documents.as_slice() else { panic!("{documents:?}") };
        assert_eq!(good.verdict, Verdict::Ok);
        let Verdict::NotCompiled { errors: 1, warnings: 0, messages } = &fails.verdict else { panic!("{fails:?}") };
        assert!(messages[0].starts_with("error[E0308]: mismatched types"), "{messages:?}");
        let Verdict::NotCompiled { errors: 0, warnings: 1, messages } = &warns.verdict else { panic!("{warns:?}") };
        assert!(messages[0].contains("function `unused` is never used"), "{messages:?}");
    }
}
