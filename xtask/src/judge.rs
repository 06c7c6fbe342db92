//! `cargo xtask conformance`: builds the judge, which is a program of its own, and hands over to it.
//!
//! It needs a good deal that `codegen` does not: a proxy, a second judge, progress. Cargo builds it on demand.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Args;

/// How `conformance` was called: the judge reads it.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// See `cargo xtask conformance --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["run", "--quiet", "--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .args(["--features", "conformance", "--bin", "xtask-conformance", "--"])
        .args(&arguments.arguments);
    hand_over(command).context("cargo cannot be run")
}

/// Becomes the other program, so that whoever ends this one ends that.
#[cfg(unix)]
fn hand_over(mut command: Command) -> std::io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

#[cfg(not(unix))]
fn hand_over(mut command: Command) -> std::io::Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
