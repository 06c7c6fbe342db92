//! Generates the crate of a document, and builds its command-line program.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clientwright::config::{Config, Feature, crate_name_from};
use clientwright::output::{Options, Root, write};
use clientwright::source::Sources;
use tokio::process::Command;

use crate::Reported;
use crate::cargo;
use crate::child;

/// Generates and builds the crates of a run.
#[derive(Debug)]
pub(crate) struct CrateBuilder {
    /// The folder of the crates, `target/conformance`.
    pub(crate) folder: PathBuf,
    /// The repository, whose `Cargo.lock` pins the versions of dependencies.
    repository: PathBuf,
    /// The names of the crates of this run.
    names: BTreeSet<String>,
}

impl CrateBuilder {
    pub(crate) fn new(repository: &Path) -> Self {
        let folder = cargo::target_dir(repository).join("conformance");
        Self { folder, repository: repository.to_owned(), names: BTreeSet::new() }
    }

    /// Generates the crate of a document, and returns its name.
    pub(crate) fn generate(&mut self, sources: &Sources, spec: &str, lenient: bool) -> Result<String> {
        let name = self.name(spec);
        let document = Config::of_document(&name, spec);
        let config = Config { lenient, features: Feature::all(), unused_schemas: true, ..document };
        let files = clientwright::generate(sources, &config).map_err(|found| {
            crate::diagnostic_output::show(&found, sources);
            Reported
        })?;
        let workspace = self.workspace(&name);
        fs::create_dir_all(&workspace).with_context(|| format!("cannot create {}", workspace.display()))?;
        // Each crate has its own workspace, so that an error in one crate does not affect the others. The crates share
        // a target directory and a lock file, so that dependencies are built only once.
        fs::write(workspace.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"crate\"]\n")
            .context("cannot write the manifest of the workspace")?;
        fs::copy(self.repository.join("Cargo.lock"), workspace.join("Cargo.lock"))
            .context("cannot copy Cargo.lock of the repository")?;
        write(&Root::new(workspace.join("crate")), &files, Options { force: true })?;
        Ok(name)
    }

    /// Builds a generated crate with its program, and returns the path of the program.
    pub(crate) async fn build(&self, name: &str) -> Result<PathBuf> {
        let mut command = Command::from(cargo::command(&self.repository, &self.folder.join("build")));
        command
            .args(["build", "--features", "cli", "--bins", "--message-format", "json-render-diagnostics"])
            .arg("--manifest-path")
            .arg(self.workspace(name).join("crate/Cargo.toml"));
        let output = child::output(command, None).await.context("cannot run cargo")?;
        if !output.status.success() {
            bail!("the crate does not build:\n{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let mut programs = messages.lines().filter_map(|line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(PathBuf::from(message.get("executable")?.as_str()?))
        });
        programs.next_back().ok_or_else(|| anyhow!("the crate has no program"))
    }

    fn workspace(&self, name: &str) -> PathBuf {
        self.folder.join("crates").join(name)
    }

    /// Returns a crate name that is unique within this run.
    fn name(&mut self, spec: &str) -> String {
        let name = crate_name_from(spec);
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let unique =
            std::iter::once(name.clone()).chain(numbered).find(|name| !self.names.contains(name)).unwrap_or(name);
        self.names.insert(unique.clone());
        unique
    }
}
