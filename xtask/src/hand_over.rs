//! `cargo xtask conformance` and `cargo xtask corpus`: builds the separate program and runs it.
//!
//! These programs have many dependencies that `codegen` does not need. Cargo builds them on demand.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Args;

/// Arguments that are passed on to the program.
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
/// Cargo cannot be started.
pub(crate) fn run(name: &str, profile: &[&str], arguments: &Arguments) -> Result<ExitCode> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["run", "--quiet", "--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .args(["--features", name, "--bin", &format!("xtask-{name}")])
        .args(profile)
        .arg("--")
        .args(&arguments.arguments);
    hand_over(command).context("cannot run cargo")
}

/// Replaces this process with the program, so that signals reach it.
#[cfg(unix)]
fn hand_over(mut command: Command) -> std::io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

#[cfg(not(unix))]
fn hand_over(mut command: Command) -> std::io::Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
