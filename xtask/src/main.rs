//! `cargo xtask`: development commands, thin fronts over the `clientwright` library.
//!
//! Arguments come in; what a command prints and an exit code go out: 0, 1 where it failed or found something, 2 where it was
//! called wrongly; `conformance` has 77 beside them, for a run that was skipped.

mod codegen;
mod faults;
mod findings;
mod hand_over;
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
    /// Generate the clients of documents and judge every call of theirs by Prism
    #[command(disable_help_flag = true)]
    Conformance(hand_over::Arguments),
    /// Generate the clients of all documents in a folder, and compile them
    #[command(disable_help_flag = true)]
    Corpus(hand_over::Arguments),
    /// Print what callers get from a server at fault, and soak a client in faults
    Faults(faults::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Conformance(arguments) => hand_over::run("conformance", &[], &arguments),
        // What it measures is a program as its users have it.
        Command::Corpus(arguments) => hand_over::run("corpus", &["--release"], &arguments),
        Command::Faults(arguments) => faults::run(&arguments),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            // The findings in a document have been shown already.
            if !error.is::<findings::Reported>() {
                report::line_to_stderr(&format!("error: {error:#}"));
            }
            ExitCode::FAILURE
        }
    }
}
