//! Compiles the crates of a run, and adds the compiler's messages to their verdicts.
//!
//! `cargo check` and `cargo doc` run once for the whole workspace, so dependencies are built only once. An error in one
//! crate does not hide errors in other crates.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::cargo;
use crate::child::Child;
use crate::outcome::{Outcome, Verdict};
use crate::progress::Progress;
use crate::roundtrip;
use crate::run_folders::RunFolders;

/// The maximum number of compiler messages per crate in the report.
const MAX_MESSAGES: usize = 10;

/// A message of `cargo --message-format json`.
#[derive(Debug, Deserialize)]
struct CargoMessage {
    reason: String,
    manifest_path: Option<String>,
    message: Option<CompilerMessage>,
    target: Option<Target>,
    executable: Option<PathBuf>,
}

/// A diagnostic of the compiler.
#[derive(Debug, Deserialize)]
struct CompilerMessage {
    level: String,
    code: Option<serde::de::IgnoredAny>,
    rendered: Option<String>,
    message: String,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
}

/// The result of compiling one crate.
#[derive(Debug, Default)]
struct Compiled {
    errors: usize,
    warnings: usize,
    messages: Vec<String>,
    /// Whether Cargo built the library.
    has_library: bool,
    /// The path of the program, if Cargo built a program.
    program: Option<PathBuf>,
}

/// Compiles all generated crates with all features, and then their documentation.
pub(crate) async fn check(folders: &RunFolders, documents: &mut [Outcome], progress: &Progress) -> Result<()> {
    let check_arguments = ["check", "--all-features"].as_slice();
    let doc_arguments = ["doc", "--all-features", "--no-deps"].as_slice();
    for (arguments, label) in [(check_arguments, "compiling"), (doc_arguments, "documenting")] {
        let packages: Vec<String> = passing(documents).map(|outcome| outcome.package.clone()).collect();
        progress.start(label, packages.len());
        let compiled = compile(folders, arguments, &packages, progress).await?;
        for outcome in documents.iter_mut().filter(|outcome| outcome.verdict == Verdict::Ok) {
            let result = compiled.get(&outcome.package);
            if !result.is_some_and(|result| result.has_library && result.errors + result.warnings == 0) {
                outcome.verdict = Compiled::verdict(result);
            }
        }
    }
    // Remove the documentation: its pages for thousands of types would fill the disk.
    let pages = folders.build.join("doc");
    if pages.exists() {
        fs::remove_dir_all(&pages).context("cannot remove the documentation")?;
    }
    Ok(())
}

/// Builds the programs that test the examples of the generated crates. Maps each crate to the path of its program.
pub(crate) async fn build(
    folders: &RunFolders,
    documents: &mut [Outcome],
    progress: &Progress,
) -> Result<BTreeMap<String, PathBuf>> {
    let packages: Vec<String> = passing(documents).map(|outcome| roundtrip::package(&outcome.package)).collect();
    progress.start("building", packages.len());
    let mut compiled = compile(folders, &["build"], &packages, progress).await?;
    let mut programs = BTreeMap::new();
    for outcome in documents.iter_mut().filter(|outcome| outcome.verdict == Verdict::Ok) {
        let folder = format!("{}/{}", outcome.package, roundtrip::FOLDER);
        let program = compiled.get_mut(&folder).and_then(|result| result.program.take());
        // Consider the result of the generated crate too: here, it is built without features, and can have warnings
        // that it does not have with features.
        let crate_result = compiled.get(&outcome.package).filter(|result| result.errors + result.warnings > 0);
        match program.filter(|_| crate_result.is_none()) {
            Some(program) => drop(programs.insert(outcome.package.clone(), program)),
            // The crate has errors or warnings, or the program that tests its examples does not compile.
            None => outcome.verdict = Compiled::verdict(crate_result.or_else(|| compiled.get(&folder))),
        }
    }
    Ok(programs)
}

fn passing(documents: &[Outcome]) -> impl Iterator<Item = &Outcome> {
    documents.iter().filter(|outcome| outcome.verdict == Verdict::Ok)
}

/// Runs Cargo for some packages of the workspace. Maps the folder of each compiled crate to its result.
async fn compile(
    folders: &RunFolders,
    arguments: &[&str],
    packages: &[String],
    progress: &Progress,
) -> Result<BTreeMap<String, Compiled>> {
    let mut compiled: BTreeMap<String, Compiled> = BTreeMap::new();
    if packages.is_empty() {
        return Ok(compiled);
    }
    let mut command = Command::from(cargo::command(&folders.repository, &folders.build));
    let log = folders.crates.join("cargo.log");
    command
        .args(arguments)
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .args(["--keep-going", "--message-format", "json"])
        .arg("--manifest-path")
        .arg(folders.crates.join("Cargo.toml"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // The log is only needed if Cargo cannot start the build.
        .stderr(File::create(&log).with_context(|| format!("cannot create {}", log.display()))?);
    let mut child = Child::spawn(command)?;
    let stdout = child.stdout().context("cargo has no standard output")?;
    let mut finished = false;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await.context("cannot read the output of cargo")? {
        let Ok(line) = serde_json::from_str::<CargoMessage>(&line) else { continue };
        finished |= line.reason == "build-finished";
        let Some(folder) = line.manifest_path.as_deref().and_then(|path| folder(path, &folders.crates)) else {
            continue;
        };
        let compiled_crate = compiled.entry(folder).or_default();
        if let Some(target) = line.target.filter(|_| line.reason == "compiler-artifact") {
            let is_program = line.executable.is_some();
            let is_library = target.kind == ["lib"];
            compiled_crate.has_library |= is_library;
            compiled_crate.program = line.executable.or(compiled_crate.program.take());
            // The progress bar counts programs if programs are built, otherwise libraries.
            if is_program || (is_library && !arguments.contains(&"build")) {
                progress.step();
            }
        } else if let Some(message) = line.message {
            compiled_crate.add(message);
        }
    }
    if !finished {
        let log = fs::read_to_string(&log).unwrap_or_default();
        bail!("cargo could not start the build:\n{}", log.trim());
    }
    Ok(compiled)
}

impl Compiled {
    /// Returns the verdict on a crate with errors or warnings. `None` means that Cargo did not compile the crate.
    fn verdict(result: Option<&Self>) -> Verdict {
        let Some(Self { errors, warnings, messages, has_library, .. }) = result else {
            let messages = vec!["the crate was not compiled".to_owned()];
            return Verdict::NotCompiled { errors: 1, warnings: 0, messages };
        };
        // Sort errors first, because they explain why the crate does not compile.
        let mut messages = messages.clone();
        messages.sort_by_key(|message| !message.starts_with("error"));
        messages.truncate(MAX_MESSAGES);
        let errors = if *has_library { *errors } else { (*errors).max(1) };
        Verdict::NotCompiled { errors, warnings: *warnings, messages }
    }

    fn add(&mut self, message: CompilerMessage) {
        // Skip the compiler's summary, e.g. `aborting due to 2 previous errors`, which is reported like a diagnostic.
        let is_summary = message.code.is_none()
            && (message.message.starts_with("aborting due to") || message.message.ends_with(" emitted"));
        match message.level.as_str() {
            _ if is_summary => return,
            "warning" => self.warnings += 1,
            level if level.starts_with("error") => self.errors += 1,
            _ => return,
        }
        self.messages.push(message.rendered.unwrap_or(message.message));
    }
}

/// Returns the folder that contains a manifest, relative to the workspace.
fn folder(manifest: &str, crates: &Path) -> Option<String> {
    let folder = Path::new(manifest).parent()?;
    let name = folder.strip_prefix(crates).ok().or_else(|| {
        // Cargo reports paths with resolved symbolic links.
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
    async fn verdicts_have_messages_of_their_crate() {
        let folder = tempfile::tempdir().unwrap();
        let (crates, build) = (folder.path().join("crates"), folder.path().join("build"));
        let folders = RunFolders { repository: folder.path().to_owned(), crates, build };
        let mut documents = Vec::new();
        for (name, text) in [
            ("fails", "pub fn a() -> u8 { \"\" }\nfn unused() {}\n"),
            ("good", "#![allow(dead_code)]\nfn unused() {}\n"),
            ("warns", "fn unused() {}\n"),
            ("broken-link", "//! As in [nowhere].\n"),
        ] {
            let source = folders.folder(name).join("src");
            fs::create_dir_all(&source).unwrap();
            fs::write(source.join("lib.rs"), text).unwrap();
            let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
            fs::write(folders.folder(name).join("Cargo.toml"), manifest).unwrap();
            let document = Document { name: format!("{name}.yaml"), path: source, package: name.to_owned() };
            documents.push(Outcome::of(&document));
        }
        folders.set_members(&documents, false).unwrap();
        check(&folders, &mut documents, &Progress::new()).await.unwrap();
        let [fails, good, warns, broken_link] = documents.as_slice() else { panic!("{documents:?}") };
        assert_eq!(good.verdict, Verdict::Ok);
        let Verdict::NotCompiled { errors: 1, warnings: 0, messages } = &fails.verdict else { panic!("{fails:?}") };
        assert!(messages[0].starts_with("error[E0308]: mismatched types"), "{messages:?}");
        let Verdict::NotCompiled { errors: 0, warnings: 1, messages } = &warns.verdict else { panic!("{warns:?}") };
        assert!(messages[0].contains("function `unused` is never used"), "{messages:?}");
        let Verdict::NotCompiled { errors: 0, warnings: 1, messages } = &broken_link.verdict else {
            panic!("{broken_link:?}")
        };
        assert!(messages[0].contains("unresolved link to `nowhere`"), "{messages:?}");
    }
}
