//! The program `clientwright`, the command line of the library: generates Rust crates from OpenAPI documents, and
//! checks documents.
//!
//! Exit codes: 0 success; 1 errors in the document, the configuration or the file system; 2 usage error; 70 a bug in
//! `clientwright`.

mod allowed;
mod completions;
mod diagnostic_output;
mod diff;
mod explain;
mod generate;
mod init;
mod limits;
mod lint;
mod man;
mod module;
mod overlay;
mod progress;
mod workspace;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;

use clap::{ArgAction, Parser, Subcommand};

/// The allocator mimalloc, which is faster than the one of glibc: formatting allocates and frees millions of tokens on
/// all cores, which takes a quarter of the run time with glibc.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit code after errors in the document, the configuration or the file system were reported.
const FAILED: u8 = 1;
/// The exit code for usage errors, which clap also uses.
const USAGE: u8 = 2;
/// The exit code for a bug in `clientwright`: `EX_SOFTWARE` of sysexits.h.
const OUR_BUG: u8 = 70;

/// Generates Rust client crates from documents of OpenAPI 3 and Swagger 2.0.
#[derive(Debug, Parser)]
#[command(name = "clientwright", version, disable_help_flag = true)]
struct Arguments {
    /// Print help; `clientwright help COMMAND` prints more
    // With clap's default, `--help` prints the complete help, which does not fit on one screen.
    #[arg(long, short, global = true, display_order = 1000, action = ArgAction::HelpShort)]
    help: Option<bool>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(generate::Arguments),
    Init(init::Arguments),
    Lint(lint::Arguments),
    Diff(diff::Arguments),
    Overlay(overlay::Arguments),
    Explain(explain::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

fn main() -> ExitCode {
    panic::set_hook(Box::new(report_panic));
    ExitCode::from(guarded(|| match Arguments::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Overlay(arguments) => overlay::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }))
}

/// Writes an error to standard error. Returns the exit code `FAILED`.
fn failed(error: impl Display) -> u8 {
    let _ = writeln!(io::stderr(), "error: {error}");
    FAILED
}

/// Writes text to a stream. Returns 0, or the exit code `FAILED` if writing fails. A closed pipe, as with `| head`, is
/// not an error.
fn written(mut to: impl Write, text: &str) -> u8 {
    match to.write_all(text.as_bytes()).and_then(|()| to.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => failed(format_args!("cannot write: {error}")),
        _ => 0,
    }
}

/// Runs the closure and returns its exit code. Returns `OUR_BUG` if the closure panics.
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
    let location =
        info.location().map(|location| format!(" ({}:{})", location.file(), location.line())).unwrap_or_default();
    let _ = writeln!(
        io::stderr(),
        "error: this is a bug in clientwright {}, not in your document: {message}{location}\n\
         help: please report it at {}/issues, with the document or the part of it that reproduces the error",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY"),
    );
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn panic_has_own_exit_code() {
        assert_eq!(guarded(|| panic!("simulated bug")), OUR_BUG);
        assert_eq!(guarded(|| 3), 3);
    }
}
