//! The folders of a run. All crates are in one workspace, so that their common dependencies are built only once.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cargo;
use crate::outcome::{Outcome, Verdict};
use crate::roundtrip;

/// The folders of a run.
#[derive(Debug)]
pub(crate) struct RunFolders {
    /// The repository.
    pub(crate) repository: PathBuf,
    /// The workspace `target/corpus/crates`: its manifest, and a folder for each crate.
    pub(crate) crates: PathBuf,
    /// Programs and documentation of the crates, `target/corpus/build`.
    pub(crate) build: PathBuf,
}

impl RunFolders {
    pub(crate) fn new() -> Result<Self> {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = xtask.parent().unwrap_or(xtask);
        let folder = cargo::target_dir(repository).join("corpus");
        let (crates, build) = (folder.join("crates"), folder.join("build"));
        let folders = Self { repository: repository.to_owned(), crates, build };
        fs::create_dir_all(&folders.crates).with_context(|| format!("cannot create {}", folders.crates.display()))?;
        // Use the versions of the repository's lock file, so that Cargo downloads no other versions of dependencies.
        fs::copy(repository.join("Cargo.lock"), folders.crates.join("Cargo.lock"))
            .context("cannot copy Cargo.lock of the repository")?;
        Ok(folders)
    }

    /// Returns the folder of a crate.
    pub(crate) fn folder(&self, package: &str) -> PathBuf {
        self.crates.join(package)
    }

    /// Writes the manifest of the workspace. Its members are the generated crates of this run. If `programs` is set,
    /// the programs that test their examples are members too.
    pub(crate) fn set_members(&self, documents: &[Outcome], programs: bool) -> Result<()> {
        let mut members = String::new();
        for package in documents.iter().filter(|outcome| outcome.verdict == Verdict::Ok).map(|outcome| &outcome.package)
        {
            // Crate names need no escaping in TOML.
            members.push_str(&format!("    \"{package}\",\n"));
            if programs {
                members.push_str(&format!("    \"{package}/{}\",\n", roundtrip::FOLDER));
            }
        }
        let text = format!("[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n");
        fs::write(self.crates.join("Cargo.toml"), text).context("cannot write the manifest of the workspace")
    }
}
