//! `cargo xtask faults`: runs the fault injection tests and the soak test in release mode, and prints their tables.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Args;

/// The manifest of the workspace that contains the tests.
const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");

/// Arguments of `faults`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Number of calls in the soak test
    #[arg(long, value_name = "CALLS", default_value_t = 100_000)]
    calls: u32,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let table = test(
        "clients",
        &[
            "--",
            "--exact",
            "faults::table::each_fault_has_expected_outcome",
            "faults::hostile::each_hostile_server_takes_bounded_time_and_memory",
            "--nocapture",
        ],
        arguments,
    )?;
    let soak = test("soak", &[], arguments)?;
    Ok(if table && soak { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a test program. Returns whether it succeeded.
fn test(name: &str, options: &[&str], arguments: &Arguments) -> Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["test", "--quiet", "--release", "--manifest-path", MANIFEST]);
    command.args(["--package", "clientwright-tests", "--test", name]).args(options);
    command.env("SOAK_CALLS", arguments.calls.to_string());
    Ok(command.status().context("cannot run cargo")?.success())
}
