//! `cargo xtask minimal-versions`: compiles the runtime and generated crates with the lowest versions of their
//! dependencies that their manifests allow.
//!
//! Cargo prefers the highest versions, so that no other build notices if generated code needs a later version than its
//! manifest requires.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clientwright::Generator;
use clientwright::config::Config;

use crate::{cargo, report};

/// The manifest that states the versions. The manifests of generated crates are derived from it.
const MANIFEST: &str = "templates/runtime/Cargo.toml";

/// The versions that have been compiled. A test compares them with the manifest, because compiling takes minutes.
const LIST: &str = "xtask/minimal-versions.txt";

/// A document whose crate needs few parts of the runtime.
const SMALL: &str = "tests/fixtures/features/package_root.yaml";

/// The crates in one workspace, so that dependencies are compiled once.
const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"pki-clients\", \"runtime\", \"small\"]\n";

pub(crate) fn run() -> Result<()> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = cargo::target_dir(&repository).join("minimal-versions");
    write_workspace(&repository, &folder)?;
    lock(&repository, &folder)?;
    check(&repository, &folder, &["--workspace", "--all-features"])?;
    check(&repository, &folder, &["--package", "small"])?;
    let versions = versions(&repository, &folder)?;
    let list = repository.join(LIST);
    fs::write(&list, &versions).with_context(|| format!("cannot write {}", list.display()))?;
    report::line(versions.trim_end());
    Ok(())
}

/// Writes copies of the crates outside of the workspaces of the repository, so that they have a `Cargo.lock` of their own.
fn write_workspace(repository: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    copy(&repository.join("generated"), &folder.join("pki-clients"))?;
    copy(&repository.join("templates/runtime"), &folder.join("runtime"))?;
    let spec = repository.join(SMALL).display().to_string();
    Generator::of_crate(Config::of_document("small", spec), folder.join("small")).write()?;
    let manifest = folder.join("Cargo.toml");
    fs::write(&manifest, WORKSPACE).with_context(|| format!("cannot write {}", manifest.display()))
}

/// Copies a directory and everything in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let failed = || format!("cannot copy {} to {}", from.display(), to.display());
    fs::create_dir_all(to).with_context(failed)?;
    for entry in fs::read_dir(from).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &copied)?;
        } else {
            fs::copy(path, copied).with_context(failed)?;
        }
    }
    Ok(())
}

/// Writes the `Cargo.lock` with the lowest version of each dependency.
fn lock(repository: &Path, folder: &Path) -> Result<()> {
    let mut lock = command(repository, folder);
    lock.args(["generate-lockfile", "--quiet", "-Z", "direct-minimal-versions"]);
    // The option is unstable. The variable allows it in stable versions of Cargo.
    let succeeds = lock.env("RUSTC_BOOTSTRAP", "1").status().context("cannot run cargo")?.success();
    ensure!(
        succeeds,
        "the lowest versions in {MANIFEST} contradict each other\n\
         help: raise the version of the dependency above, and copy the file to manifest.toml"
    );
    Ok(())
}

/// Compiles crates with these versions.
fn check(repository: &Path, folder: &Path, arguments: &[&str]) -> Result<()> {
    let mut check = command(repository, folder);
    check.args(["check", "--quiet", "--locked"]).args(arguments);
    ensure!(
        check.status().context("cannot run cargo")?.success(),
        "the crates do not compile with the lowest versions in {MANIFEST}\n\
         help: raise the version of the dependency that lacks an item, and copy the file to manifest.toml"
    );
    Ok(())
}

/// Returns the names and versions of the dependencies of the runtime.
fn versions(repository: &Path, folder: &Path) -> Result<String> {
    let mut tree = command(repository, folder);
    tree.args(["tree", "--locked", "--package", "clientwright-runtime", "--all-features"]);
    tree.args(["--edges", "normal", "--depth", "1", "--prefix", "none"]);
    let output = tree.output().context("cannot run cargo")?;
    ensure!(output.status.success(), "cannot list the dependencies:\n{}", String::from_utf8_lossy(&output.stderr));
    let mut lines: Vec<_> = output.stdout.split(|byte| *byte == b'\n').map(String::from_utf8_lossy).collect();
    lines.retain(|line| !line.is_empty() && !line.starts_with("clientwright-runtime "));
    lines.sort();
    Ok(lines.join("\n") + "\n")
}

fn command(repository: &Path, folder: &Path) -> Command {
    let mut command = cargo::command(repository, &folder.join("build"));
    command.current_dir(folder);
    command
}
