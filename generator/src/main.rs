//! The program `clientwright`: an OpenAPI document comes in, a Rust crate goes out.
//!
//! A thin front over the library. Exit codes: 0; 1 where the document, or the disk, is at fault; 2 where the program was called
//! wrongly; 70 where the fault is ours.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};
use clientwright::config::{ApiConfig, Config, Layout, Package, crate_name_fault, crate_name_from, document};
use clientwright::diagnostics::{Diagnostics, Style, render};
use clientwright::output::{Options, Root, write};
use clientwright::source::Sources;

/// The document or the disk is at fault, and the user has been told.
const FAILED: u8 = 1;
/// We are at fault: `EX_SOFTWARE` of sysexits.h.
const OUR_BUG: u8 = 70;

/// Turns OpenAPI documents into Rust client crates.
#[derive(Debug, Parser)]
#[command(name = "clientwright", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(Generate),
}

/// Write the client crate of one document
///
/// The crate is complete in itself: it builds wherever Rust does and needs nothing of Clientwright. Running the command again
/// replaces the files that changed and removes those that are no longer produced; files that you added are left alone.
///
/// Whatever the document holds that cannot be generated is named with its line and column. Then, or where a file
/// that was not generated is in the way, nothing is written.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Exit codes: 0 done; 1 nothing generated, the reason is on standard error; 2 called wrongly; \
                             70 a bug of clientwright."
)]
struct Generate {
    /// The OpenAPI document, JSON or YAML; `-` reads standard input
    #[arg(value_name = "SPEC")]
    spec: String,

    /// The folder that the crate goes into; made if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// The crate's name; else it is made from the name of the document
    #[arg(long, value_name = "CRATE", value_parser = crate_name)]
    name: Option<String>,

    /// Replace files that are in the way and were not generated
    #[arg(long)]
    force: bool,
}

fn main() -> ExitCode {
    panic::set_hook(Box::new(report_panic));
    ExitCode::from(guarded(|| match Arguments::parse().command {
        Command::Generate(arguments) => generate(&arguments),
    }))
}

fn generate(arguments: &Generate) -> u8 {
    let start = Instant::now();
    let (sources, spec) = match document(&arguments.spec) {
        Ok(read) => read,
        Err(error) => return failed(error),
    };
    let config = config(arguments, spec);
    let files = match clientwright::generate(&sources, &config) {
        Ok(files) => files,
        Err(found) => {
            report(&found, &sources);
            return FAILED;
        }
    };
    report(&files.remarks, &sources);
    let root = Root::new(&arguments.out);
    match write(&root, &files, Options { force: arguments.force }) {
        Ok(written) => {
            let took = start.elapsed().as_secs_f64();
            // A closed pipe, as of `| head`, is no failure.
            let _ = writeln!(io::stdout(), "{}: {written} in {} ({took:.2} s)", config.package.name, root.shown());
            0
        }
        Err(error) => failed(error),
    }
}

fn config(arguments: &Generate, spec: String) -> Config {
    let name = arguments.name.clone().unwrap_or_else(|| crate_name_from(&arguments.spec));
    let api = ApiConfig { name: name.replace('_', "-").to_ascii_lowercase(), spec };
    let package = Package { name, version: "0.1.0".to_owned(), description: None, license: None, repository: None };
    Config { package, apis: vec![api], layout: Layout::Root }
}

fn crate_name(name: &str) -> Result<String, String> {
    crate_name_fault(name).map_or_else(|| Ok(name.to_owned()), Err)
}

/// Shows findings on standard error, in colour where a person reads them.
fn report(found: &Diagnostics, sources: &Sources) {
    let color = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = render(found, sources, &Style { color, ..Style::default() });
    let _ = write!(io::stderr(), "{text}");
}

fn failed(error: impl Display) -> u8 {
    let _ = writeln!(io::stderr(), "error: {error}");
    FAILED
}

/// Runs the program; a panic becomes an exit code of its own.
fn guarded(run: impl FnOnce() -> u8) -> u8 {
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or(OUR_BUG)
}

fn report_panic(info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or(payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    let place =
        info.location().map(|location| format!(" ({}:{})", location.file(), location.line())).unwrap_or_default();
    let _ = writeln!(
        io::stderr(),
        "error: this is a bug of clientwright {}, not of your document: {message}{place}\n\
         help: please report it with the document, or the part of it that is needed, at {}/issues",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY"),
    );
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_panic_is_our_bug() {
        assert_eq!(guarded(|| panic!("as if there were a bug")), OUR_BUG);
        assert_eq!(guarded(|| 3), 3);
    }
}
