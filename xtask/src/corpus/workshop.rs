//! Where a run keeps what it makes: one workspace for all crates, so that what they share is built once.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::outcome::{Outcome, Verdict};
use crate::roundtrip;

/// The folders of a run.
#[derive(Debug)]
pub(crate) struct Workshop {
    /// `target/corpus/crates`: a folder a crate, and the workspace's manifest.
    pub(crate) crates: PathBuf,
    /// `target/corpus/build`: what Cargo makes of them.
    pub(crate) build: PathBuf,
}

impl Workshop {
    pub(crate) fn new() -> Result<Self> {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = xtask.parent().unwrap_or(xtask);
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        let folder = repository.join(target).join("corpus");
        let workshop = Self { crates: folder.join("crates"), build: folder.join("build") };
        fs::create_dir_all(&workshop.crates).context("there is no place for the crates")?;
        // The repository's versions of dependencies: nothing else is fetched.
        fs::copy(repository.join("Cargo.lock"), workshop.crates.join("Cargo.lock"))
            .context("the repository's Cargo.lock cannot be copied")?;
        Ok(workshop)
    }

    /// Where a crate goes.
    pub(crate) fn folder(&self, package: &str) -> PathBuf {
        self.crates.join(package)
    }

    /// Makes the crates that were generated, with the programs of their examples or without, and no other that lies beside
    /// them, the workspace.
    pub(crate) fn set_members(&self, documents: &[Outcome], programs: bool) -> Result<()> {
        let mut members = String::new();
        for package in documents.iter().filter(|outcome| outcome.verdict == Verdict::Ok).map(|outcome| &outcome.package)
        {
            // The name of a crate has nothing that TOML would read another way.
            members.push_str(&format!("    \"{package}\",\n"));
            if programs {
                members.push_str(&format!("    \"{package}/{}\",\n", roundtrip::FOLDER));
            }
        }
        // Nothing of a debugger's is needed, and it is most of what is written.
        let text = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n\n[profile.dev]\ndebug = false\nincremental = false\n"
        );
        fs::write(self.crates.join("Cargo.toml"), text).context("the workspace's manifest cannot be written")
    }
}
