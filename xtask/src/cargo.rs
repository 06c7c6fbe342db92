//! Runs Cargo for generated crates.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns Cargo's target directory for the repository.
pub(crate) fn target_dir(repository: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    repository.join(target)
}

/// Returns a Cargo command that writes programs and documentation to `output`. Intermediate files are shared with the
/// repository: the profile in `.cargo/config.toml` is the same, so dependencies that are compiled already are not compiled
/// again. Versions of Cargo before 1.91 ignore `CARGO_BUILD_BUILD_DIR`; with them, `output` also contains the intermediate
/// files.
pub(crate) fn command(repository: &Path, output: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .env("CARGO_TARGET_DIR", output)
        .env("CARGO_BUILD_BUILD_DIR", target_dir(repository))
        .env("CARGO_INCREMENTAL", "0");
    // `cargo run` sets variables of the package of xtask. The build script of `ring` runs again when one of them changes,
    // and everything that depends on `ring` would be compiled again.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_")) {
            command.env_remove(name);
        }
    }
    command
}
