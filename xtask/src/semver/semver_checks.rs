//! Runs [cargo-semver-checks](https://github.com/obi1kenobi/cargo-semver-checks), which judges two versions of a crate
//! independently.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cargo;

/// The program, if it is installed.
#[derive(Debug)]
pub(crate) struct SemverChecks {
    repository: PathBuf,
}

impl SemverChecks {
    /// Returns `None` if the program is not installed.
    pub(crate) fn find(repository: &Path) -> Option<Self> {
        let repository = repository.to_owned();
        let mut command = cargo::command(&repository, &cargo::target_dir(&repository));
        let output = command.args(["semver-checks", "--version"]).output().ok()?;
        output.status.success().then_some(Self { repository })
    }

    /// Returns whether a major version is needed, because a program that uses the old crate may not compile with the new
    /// one.
    pub(crate) fn needs_major(&self, old: &Path, new: &Path) -> Result<bool> {
        let target = cargo::target_dir(&self.repository).join("semver/checks");
        let mut command = cargo::command(&self.repository, &target);
        // With this type, only changes that need a major version are failures.
        command.args(["semver-checks", "--release-type", "minor", "--baseline-root"]).arg(old);
        command.arg("--manifest-path").arg(new.join("Cargo.toml"));
        let output = command.output().context("cannot run cargo-semver-checks")?;
        if output.status.success() {
            return Ok(false);
        }
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        if text.contains("requires new major version") {
            return Ok(true);
        }
        bail!("cargo-semver-checks failed:\n{text}")
    }
}
