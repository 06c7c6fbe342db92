//! The program `clientwright`: an OpenAPI document comes in, a Rust crate goes out, or what is to be said of the document.
//!
//! A thin front over the library. Exit codes: 0; 1 where the document, or the disk, is at fault; 2 where the program was called
//! wrongly; 70 where the fault is ours.

mod allowed;
mod explain;
mod findings;
mod generate;
mod limits;
mod lint;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Formatting allocates and frees millions of tokens on all cores: glibc's allocator takes a quarter of the run time for it.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    Generate(generate::Arguments),
    Lint(lint::Arguments),
    Explain(explain::Arguments),
}

fn main() -> ExitCode {
    panic::set_hook(Box::new(report_panic));
    ExitCode::from(guarded(|| match Arguments::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
    }))
}

fn failed(error: impl Display) -> u8 {
    let _ = writeln!(io::stderr(), "error: {error}");
    FAILED
}

/// Writes a text; gives the exit code of that alone. A closed pipe, as of `| head`, is no failure.
fn written(mut to: impl Write, text: &str) -> u8 {
    match to.write_all(text.as_bytes()).and_then(|()| to.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => failed(format_args!("cannot write: {error}")),
        _ => 0,
    }
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
