//! Builds the program for a release.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{cargo, report};

/// Returns the target with musl, whose programs run without a C library, if it is installed. Otherwise, returns the
/// target of this machine.
pub(crate) fn default_target() -> Result<String> {
    let version = rustc(&["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let Some(system) = host.strip_suffix("-gnu") else { return Ok(host.to_owned()) };
    let musl = format!("{system}-musl");
    let libraries = rustc(&["--print", "target-libdir", "--target", &musl]);
    if libraries.is_ok_and(|path| Path::new(path.trim_end()).exists()) {
        return Ok(musl);
    }
    report::line_to_stderr(&format!(
        "note: the target {musl} is not installed: the program is built for {host}, and needs glibc\n\
         help: run `rustup target add {musl}`"
    ));
    Ok(host.to_owned())
}

/// Builds the program in release mode without symbols, and returns its path.
pub(crate) fn program(repository: &Path, target: &str) -> Result<PathBuf> {
    let folder = cargo::target_dir(repository);
    let mut build = cargo::command(repository, &folder);
    build.args(["build", "--release", "--locked", "--package", "clientwright", "--bin", "clientwright"]);
    build.args(["--target", target]).current_dir(repository);
    build.env("CARGO_PROFILE_RELEASE_STRIP", "symbols").env("CARGO_ENCODED_RUSTFLAGS", flags(repository));
    ensure!(build.status().context("cannot run cargo")?.success(), "the program does not build");
    Ok(folder.join(target).join("release").join(format!("clientwright{}", std::env::consts::EXE_SUFFIX)))
}

/// Returns the flags that replace the folders of this machine in messages of the program.
fn flags(repository: &Path) -> String {
    let home = std::env::home_dir().unwrap_or_default();
    let cargo_home = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let remap = |folder: &Path, name| format!("--remap-path-prefix={}={name}", folder.display());
    [remap(repository, "/clientwright"), remap(&cargo_home, "/cargo")].join("\u{1f}")
}

fn rustc(arguments: &[&str]) -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(arguments).output().context("cannot run rustc")?;
    ensure!(output.status.success(), "rustc failed:\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
    String::from_utf8(output.stdout).context("the output of rustc is not UTF-8")
}
