//! `cargo xtask semver`: checks the Rust verdicts of `clientwright diff` with the compiler.
//!
//! ```text
//! document ──mutate──▶ changed document
//!    │ generate             │ generate
//!    ▼                      ▼
//! old crate ──probe──▶ program that uses every public item ──cargo check──▶ compiles with the new crate or not
//! ```
//!
//! If the program does not compile, the verdict must be `major`. Programs are not compiled if the verdict is `major`. If
//! cargo-semver-checks is installed, it judges both crates too.

#[path = "../cargo.rs"]
mod cargo;
mod mutate;
mod probe;
#[path = "../report.rs"]
mod report;
mod semver_checks;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Parser;
use clientwright::config::{Config, Runtime, document};
use clientwright::diagnostics::Diagnostics;
use clientwright::diff::{Comparison, Finding, Rust, diff};
use clientwright::output::{FileSet, Options, Root, lock_file_text, write};
use clientwright::source::Sources;
use semver_checks::SemverChecks;
use serde_json::Value;

/// Change documents at random, and compare the verdicts of `clientwright diff` with those of the compiler
///
/// For each document, a program that uses every public item of its crate is compiled with the crate of the changed
/// document. The crates are written to `target/semver`.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask semver",
    bin_name = "cargo xtask semver",
    after_long_help = "Exit codes: 0 no verdict was too low; 1 a verdict was too low or an error occurred; 2 usage error."
)]
struct Arguments {
    /// The documents
    #[arg(value_name = "SPEC", required = true)]
    documents: Vec<PathBuf>,
    /// The number of changed versions of each document
    #[arg(long, value_name = "N", default_value_t = 10)]
    mutations: u64,
    /// The first seed
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    seed: u64,
    /// Also compile the program if the verdict is `major`, and count how often it compiles
    #[arg(long)]
    all: bool,
    /// List all changes and their verdicts
    #[arg(long)]
    list: bool,
}

/// The number of changed documents.
#[derive(Debug, Default)]
struct Totals {
    /// The number of documents by verdict.
    verdicts: BTreeMap<&'static str, usize>,
    /// The number of documents with errors.
    skipped: usize,
    /// The number of documents with the verdict `major` for which the program compiles nevertheless.
    compiling_major: usize,
    /// The number of verdicts that are too low.
    too_low: usize,
    /// The number of verdicts that cargo-semver-checks has compared.
    compared: usize,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            report::line_to_stderr(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs the command. Returns whether no verdict was too low.
fn run(arguments: &Arguments) -> Result<bool> {
    let start = Instant::now();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent directory")?;
    let mut totals = Totals::default();
    let semver_checks = SemverChecks::find(repository);
    for path in &arguments.documents {
        let checker = Checker::new(path, repository)?;
        if !checker.compiles(&checker.old_files)? {
            bail!("the program of {} does not compile with its own crate", path.display());
        }
        for seed in arguments.seed..arguments.seed + arguments.mutations {
            checker.check(seed, arguments, semver_checks.as_ref(), &mut totals)?;
        }
    }
    let verdicts = totals.verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}"));
    let verdicts = verdicts.collect::<Vec<_>>().join(", ");
    let Totals { skipped, too_low, compiling_major, compared, .. } = totals;
    report::line(&match semver_checks {
        Some(_) => format!("cargo-semver-checks has judged {compared} documents"),
        None => "cargo-semver-checks is not installed".to_owned(),
    });
    if arguments.all {
        report::line(&format!("the program compiles for {compiling_major} documents with the verdict `major`"));
    }
    let seconds = start.elapsed().as_secs();
    report::line(&format!("{verdicts}, {skipped} documents with errors; {too_low} verdicts too low; {seconds} s"));
    Ok(totals.too_low == 0)
}

/// The check of one document.
struct Checker<'a> {
    path: &'a Path,
    repository: &'a Path,
    /// The document in JSON.
    document: Value,
    text: String,
    old_files: FileSet,
    /// The program that uses every public item of the old crate.
    program: String,
}

/// The names of both versions of the document.
const VERSIONS: [&str; 2] = ["old.json", "new.json"];
const PACKAGE: &str = "semver-client";
const LIBRARY: &str = "semver_client";

impl<'a> Checker<'a> {
    fn new(path: &'a Path, repository: &'a Path) -> Result<Self> {
        let mut sources = Sources::new();
        let spec = document(&path.to_string_lossy(), &mut sources)?;
        let config = Config::of_document(PACKAGE, spec);
        let api = config.apis.first().context("the configuration has no API")?;
        let read = clientwright::document(&sources, api, true, &mut Diagnostics::new());
        let text = read.with_context(|| format!("cannot read {}", path.display()))?.root.to_json_text();
        let document: Value = serde_json::from_str(&text).context("cannot convert the document to JSON")?;
        // `Value` may have another order of properties, which is the order of arguments.
        let text = document.to_string();
        let mut checker =
            Self { path, repository, document, text, old_files: FileSet::default(), program: String::new() };
        let sources = checker.sources(&checker.text);
        checker.old_files = clientwright::generate(&sources, &checker.config(VERSIONS[0]))
            .map_err(|errors| anyhow::anyhow!("{}", errors.display(&sources)))?;
        checker.program = probe::program(&checker.old_files, LIBRARY)?;
        Ok(checker)
    }

    fn sources(&self, new: &str) -> Sources {
        let mut sources = Sources::new();
        sources.add(VERSIONS[0], self.text.as_str());
        sources.add(VERSIONS[1], new);
        sources
    }

    fn config(&self, version: &str) -> Config {
        let runtime = Runtime::Path(self.repository.join("templates/runtime").display().to_string());
        Config { lenient: true, runtime, ..Config::of_document(PACKAGE, version) }
    }

    fn check(
        &self,
        seed: u64,
        arguments: &Arguments,
        semver_checks: Option<&SemverChecks>,
        totals: &mut Totals,
    ) -> Result<()> {
        let mut changed = self.document.clone();
        let Some(description) = mutate::mutate(&mut changed, seed) else {
            totals.skipped += 1;
            return Ok(());
        };
        let sources = self.sources(&changed.to_string());
        let [old, new] = VERSIONS.map(|version| self.config(version));
        let Ok(comparison) = diff(&sources, &old, &new) else {
            totals.skipped += 1;
            return Ok(());
        };
        let verdict = comparison.rust();
        *totals.verdicts.entry(verdict.as_str()).or_default() += 1;
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        if arguments.list {
            report::line(&format!("{name}, seed {seed}: {description}: {}", verdict.as_str()));
            report::line(&sentences(&comparison));
        }
        // There is no higher verdict.
        if verdict == Rust::Major && !arguments.all {
            return Ok(());
        }
        let mut locked = sources;
        locked.add_lock_file("old.lock", lock_file_text(&self.old_files.lock_file));
        let files = clientwright::generate(&locked, &new);
        let files = files.map_err(|errors| anyhow::anyhow!("{}", errors.display(&locked)))?;
        let compiles = self.compiles(&files)?;
        if verdict == Rust::Major {
            totals.compiling_major += usize::from(compiles);
            return Ok(());
        }
        let mut needs_major = !compiles;
        if let Some(semver_checks) = semver_checks {
            totals.compared += 1;
            let [old, new] = [("old", &self.old_files), ("crate", &files)].map(|(name, files)| self.write(name, files));
            needs_major |= semver_checks.needs_major(&old?, &new?)?;
        }
        if !needs_major {
            return Ok(());
        }
        totals.too_low += 1;
        report::line(&format!("{name}, seed {seed}: {description}: {}, but must be major", verdict.as_str()));
        report::line(&sentences(&comparison));
        Ok(())
    }

    /// Writes a crate to the folder `name` in `target/semver`. Returns the path of the crate.
    fn write(&self, name: &str, files: &FileSet) -> Result<PathBuf> {
        let folder = cargo::target_dir(self.repository).join("semver").join(name);
        write(&Root::new(&folder), files, Options { force: true })?;
        let manifest = folder.join("Cargo.toml");
        let text = fs::read_to_string(&manifest)?;
        if !text.contains("[workspace]") {
            fs::write(&manifest, format!("{text}\n[workspace]\n"))?;
        }
        fs::copy(self.repository.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(folder)
    }

    /// Returns whether the program compiles with a crate.
    fn compiles(&self, files: &FileSet) -> Result<bool> {
        let target = cargo::target_dir(self.repository);
        let folder = self.write("crate", files)?;
        fs::create_dir_all(folder.join("examples"))?;
        fs::write(folder.join("examples/probe.rs"), &self.program)?;
        let manifest = folder.join("Cargo.toml");
        let mut command = cargo::command(self.repository, &target.join("semver/target"));
        let command = command.args(["check", "--quiet", "--offline", "--example", "probe", "--manifest-path"]);
        let output = command.arg(&manifest).output().context("cannot run cargo")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        fs::write(folder.join("errors.txt"), errors.as_bytes())?;
        if !output.status.success() && errors.contains(&format!("could not compile `{PACKAGE}` (lib)")) {
            bail!("the generated crate does not compile:\n{errors}");
        }
        if !output.status.success() && !errors.contains("could not compile") {
            bail!("cargo failed:\n{errors}");
        }
        Ok(output.status.success())
    }
}

fn sentences(comparison: &Comparison) -> String {
    let line = |it: &Finding| format!("  {}, {}: {}", it.rust.as_str(), it.wire.as_str(), it.sentence());
    comparison.findings.iter().map(line).collect::<Vec<_>>().join("\n")
}
