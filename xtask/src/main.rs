//! `cargo xtask`: development commands, thin fronts over the `clientwright` library.
//!
//! Arguments come in; what a command prints and one of three exit codes go out: 0, 1 where it failed or found something, 2 where
//! it was called wrongly.

mod codegen;
mod report;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Development commands of Clientwright.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the crates that specs/clients.toml names, or say what is out of date
    Codegen(codegen::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The findings in a document have been shown already.
            if !error.is::<report::Reported>() {
                report::line_to_stderr(&format!("error: {error:#}"));
            }
            ExitCode::FAILURE
        }
    }
}
