//! `cargo xtask`: development commands, based on the library `clientwright`.
//!
//! Exit codes: 0 for success, 1 for failures, 2 for usage errors. `conformance` exits with 77 if the run was skipped.

mod cargo;
mod codegen;
mod diagnostic_output;
mod faults;
mod minimal_versions;
mod report;
mod subprocess;

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
    /// Write the crates of specs/clients.toml, or report outdated files
    Codegen(codegen::Arguments),
    /// Generate clients and check each of their calls with Prism
    #[command(disable_help_flag = true)]
    Conformance(subprocess::Arguments),
    /// Generate the clients of all documents in a folder, and compile them
    #[command(disable_help_flag = true)]
    Corpus(subprocess::Arguments),
    /// Build the archive of a release: the program, completions, man pages and licences
    #[command(disable_help_flag = true)]
    Dist(subprocess::Arguments),
    /// Print the outcomes of calls to faulty servers, and run a soak test with fault injection
    Faults(faults::Arguments),
    /// Change documents at random, and check the verdicts of `clientwright diff` with the compiler
    #[command(disable_help_flag = true)]
    Semver(subprocess::Arguments),
    /// Compile the runtime and generated crates with the lowest versions of their dependencies
    MinimalVersions,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Conformance(arguments) => subprocess::run("conformance", &[], &arguments),
        // `corpus` measures time and memory of the generator, so it needs a release build.
        Command::Corpus(arguments) => subprocess::run("corpus", &["--release"], &arguments),
        Command::Dist(arguments) => subprocess::run("dist", &[], &arguments),
        Command::Semver(arguments) => subprocess::run("semver", &[], &arguments),
        Command::Faults(arguments) => faults::run(&arguments),
        Command::MinimalVersions => minimal_versions::run().map(|()| ExitCode::SUCCESS),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            // The diagnostics have already been printed.
            if !error.is::<diagnostic_output::Reported>() {
                report::line_to_stderr(&format!("error: {error:#}"));
            }
            ExitCode::FAILURE
        }
    }
}
