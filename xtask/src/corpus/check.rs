//! The crates of a run, compiled in one workspace: crates come in, what the compiler says of each goes into its verdict.
//!
//! `cargo check` and `cargo doc`, for all crates at once: what they depend on is built once, and one that fails hides no other.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::child::Child;
use crate::outcome::{Outcome, Verdict};
use crate::progress::Progress;
use crate::roundtrip;
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
    executable: Option<PathBuf>,
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
    /// The program that came of it.
    program: Option<PathBuf>,
}

/// Compiles every crate that was generated, with all its features, and then what its documentation shows.
pub(crate) async fn check(workshop: &Workshop, documents: &mut [Outcome], progress: &Progress) -> Result<()> {
    let compiling = ["check", "--all-features"].as_slice();
    let documenting = ["doc", "--all-features", "--no-deps"].as_slice();
    for (how, what) in [(compiling, "compiling"), (documenting, "documenting")] {
        let packages: Vec<String> = well(documents).map(|outcome| outcome.package.clone()).collect();
        progress.start(what, packages.len());
        let compiled = compile(workshop, how, &packages, progress).await?;
        for outcome in documents.iter_mut().filter(|outcome| outcome.verdict == Verdict::Ok) {
            let found = compiled.get(&outcome.package);
            if !found.is_some_and(|found| found.done && found.errors + found.warnings == 0) {
                outcome.verdict = Compiled::verdict(found);
            }
        }
    }
    // The pages of thousands of types fill a disk, and what was to be known of them is known.
    let pages = workshop.build.join("doc");
    if pages.exists() {
        fs::remove_dir_all(&pages).context("the pages of the documentation cannot be removed")?;
    }
    Ok(())
}

/// Builds the programs of the examples of every crate that was generated, and gives them by crate.
pub(crate) async fn build(
    workshop: &Workshop,
    documents: &mut [Outcome],
    progress: &Progress,
) -> Result<BTreeMap<String, PathBuf>> {
    let packages: Vec<String> = well(documents).map(|outcome| roundtrip::package(&outcome.package)).collect();
    progress.start("building", packages.len());
    let mut compiled = compile(workshop, &["build"], &packages, progress).await?;
    let mut programs = BTreeMap::new();
    for outcome in documents.iter_mut().filter(|outcome| outcome.verdict == Verdict::Ok) {
        let folder = format!("{}/{}", outcome.package, roundtrip::FOLDER);
        let program = compiled.get_mut(&folder).and_then(|found| found.program.take());
        // Without features, a crate can be warned of what it uses with them.
        let of_crate = compiled.get(&outcome.package).filter(|found| found.errors + found.warnings > 0);
        match program.filter(|_| of_crate.is_none()) {
            Some(program) => drop(programs.insert(outcome.package.clone(), program)),
            // Either the crate does not compile well, or its types are not what the examples want.
            None => outcome.verdict = Compiled::verdict(of_crate.or_else(|| compiled.get(&folder))),
        }
    }
    Ok(programs)
}

fn well(documents: &[Outcome]) -> impl Iterator<Item = &Outcome> {
    documents.iter().filter(|outcome| outcome.verdict == Verdict::Ok)
}

/// Runs Cargo over these packages of the workspace, and sorts what it says by the folders of the crates.
async fn compile(
    workshop: &Workshop,
    how: &[&str],
    packages: &[String],
    progress: &Progress,
) -> Result<BTreeMap<String, Compiled>> {
    let mut compiled: BTreeMap<String, Compiled> = BTreeMap::new();
    if packages.is_empty() {
        return Ok(compiled);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    let log = workshop.crates.join("cargo.log");
    command
        .args(how)
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .args(["--keep-going", "--message-format", "json"])
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
    let mut finished = false;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await.context("cargo's output cannot be read")? {
        let Ok(line) = serde_json::from_str::<Line>(&line) else { continue };
        finished |= line.reason == "build-finished";
        let Some(folder) = line.manifest_path.as_deref().and_then(|path| folder(path, &workshop.crates)) else {
            continue;
        };
        let one = compiled.entry(folder).or_default();
        if let Some(target) = line.target.filter(|_| line.reason == "compiler-artifact") {
            let is_program = line.executable.is_some();
            let is_library = target.kind == ["lib"];
            one.done |= is_library;
            one.program = line.executable.or(one.program.take());
            // What was asked for: the programs where they are built, else the crates.
            if is_program || (is_library && !how.contains(&"build")) {
                progress.step();
            }
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
    /// Why there is no crate, or none without a warning.
    fn verdict(found: Option<&Self>) -> Verdict {
        let Some(Self { errors, warnings, messages, done, .. }) = found else {
            let messages = vec!["the compiler did not come to it".to_owned()];
            return Verdict::NotCompiled { errors: 1, warnings: 0, messages };
        };
        // Errors first: they say why there is no crate.
        let mut messages = messages.clone();
        messages.sort_by_key(|message| !message.starts_with("error"));
        messages.truncate(SHOWN);
        let errors = if *done { *errors } else { (*errors).max(1) };
        Verdict::NotCompiled { errors, warnings: *warnings, messages }
    }

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

/// The folder of the workspace that a manifest stands in.
fn folder(manifest: &str, crates: &Path) -> Option<String> {
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
            ("misleads", "//! As in [nowhere].\n"),
        ] {
            let source = workshop.folder(name).join("src");
            fs::create_dir_all(&source).unwrap();
            fs::write(source.join("lib.rs"), text).unwrap();
            let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
            fs::write(workshop.folder(name).join("Cargo.toml"), manifest).unwrap();
            let document = Document { name: format!("{name}.yaml"), path: source, package: name.to_owned() };
            documents.push(Outcome::of(&document));
        }
        workshop.set_members(&documents, false).unwrap();
        check(&workshop, &mut documents, &Progress::new()).await.unwrap();
        let [fails, good, warns, misleads] = documents.as_slice() else { panic!("{documents:?}") };
        assert_eq!(good.verdict, Verdict::Ok);
        let Verdict::NotCompiled { errors: 1, warnings: 0, messages } = &fails.verdict else { panic!("{fails:?}") };
        assert!(messages[0].starts_with("error[E0308]: mismatched types"), "{messages:?}");
        let Verdict::NotCompiled { errors: 0, warnings: 1, messages } = &warns.verdict else { panic!("{warns:?}") };
        assert!(messages[0].contains("function `unused` is never used"), "{messages:?}");
        let Verdict::NotCompiled { errors: 0, warnings: 1, messages } = &misleads.verdict else {
            panic!("{misleads:?}")
        };
        assert!(messages[0].contains("unresolved link to `nowhere`"), "{messages:?}");
    }
}
