//! The folders of a run: one workspace for all crates, so that common dependencies are built once.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::outcome::{Outcome, Verdict};
use crate::roundtrip;

/// The folders of a run.
#[derive(Debug)]
pub(crate) struct RunFolders {
    /// `target/corpus/crates`: a folder per crate, and the manifest of the workspace.
    pub(crate) crates: PathBuf,
    /// `target/corpus/build`: Cargo's target directory.
    pub(crate) build: PathBuf,
}

impl RunFolders {
    pub(crate) fn new() -> Result<Self> {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = xtask.parent().unwrap_or(xtask);
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        let folder = repository.join(target).join("corpus");
        let folders = Self { crates: folder.join("crates"), build: folder.join("build") };
        fs::create_dir_all(&folders.crates).with_context(|| format!("cannot create {}", folders.crates.display()))?;
        // The repository's lock file pins the versions of dependencies, so that no others are downloaded.
        fs::copy(repository.join("Cargo.lock"), folders.crates.join("Cargo.lock"))
            .context("cannot copy Cargo.lock of the repository")?;
        Ok(folders)
    }

    /// Returns the folder of a crate.
    pub(crate) fn folder(&self, package: &str) -> PathBuf {
        self.crates.join(package)
    }

    /// Writes the manifest of the workspace: its members are the generated crates and, with `programs`, the programs of
    /// their examples. Crates of earlier runs are excluded.
    pub(crate) fn set_members(&self, documents: &[Outcome], programs: bool) -> Result<()> {
        let mut members = String::new();
        for package in documents.iter().filter(|outcome| outcome.verdict == Verdict::Ok).map(|outcome| &outcome.package)
        {
            // Names of crates need no escaping in TOML.
            members.push_str(&format!("    \"{package}\",\n"));
            if programs {
                members.push_str(&format!("    \"{package}/{}\",\n", roundtrip::FOLDER));
            }
        }
        // Debug information is not needed, and would be most of the output.
        let text = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n\n[profile.dev]\ndebug = false\nincremental = false\n"
        );
        fs::write(self.crates.join("Cargo.toml"), text).context("cannot write the manifest of the workspace")
    }
}
