//! `cargo xtask conformance`, `corpus`, `dist` and `semver`: builds and runs the program that implements the command.
//!
//! Each of these commands is a separate program, because it has many dependencies that `codegen` does not need. Cargo
//! builds the program on demand.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Args;

/// The arguments for the program.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// See `--help` of the command
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

/// Builds the program `xtask-NAME`, which requires the feature `NAME`, and runs it.
///
/// # Errors
///
/// Returns an error if Cargo cannot be started.
pub(crate) fn run(name: &str, profile: &[&str], arguments: &Arguments) -> Result<ExitCode> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["run", "--quiet", "--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .args(["--features", name, "--bin", &format!("xtask-{name}")])
        .args(profile)
        .arg("--")
        .args(&arguments.arguments);
    replace_process(command).context("cannot run cargo")
}

/// Replaces this process with the program, so that the program receives signals.
#[cfg(unix)]
fn replace_process(mut command: Command) -> std::io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

#[cfg(not(unix))]
fn replace_process(mut command: Command) -> std::io::Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
