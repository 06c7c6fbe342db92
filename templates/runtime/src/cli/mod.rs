//! The command line program of the crate (feature `cli`): calls any operation by its `operationId` or by method and
//! path.
//!
//! Generated code provides the table of operations ([`Program`], [`Api`], [`Entry`]). [`main`] parses the arguments and
//! makes one call with the library. The decoded response is written to standard output, errors to standard error. Exit
//! codes: 0 success, 1 API error, 2 usage error, 3 no complete response, 4 undecodable response.

mod arguments;
mod auth;
mod call;
mod content;
mod curl;
mod download;
mod dry_run;
mod entry;
mod exit;
mod find;
mod list;
mod output;
mod parameters;
mod suggest;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::sync::Arc;

use super::environment::Lookup;
use super::transport::Transport;

// Which of these functions a generated crate uses depends on its spec.
#[allow(unused_imports)]
pub use entry::{Api, Entry, entry, entry_of_items, entry_or_items};

/// A command line program: its name, version and APIs.
#[derive(Debug)]
pub struct Program {
    /// The name of the crate.
    pub name: &'static str,
    /// The version of the crate.
    pub version: &'static str,
    /// A description of the crate, shown by `--help`.
    pub about: &'static str,
    /// The APIs that the program can call.
    pub apis: Apis,
}

/// The APIs of a program.
#[derive(Debug)]
pub enum Apis {
    /// A single API. The commands are `call` and `list`.
    One(&'static Api),
    /// Several APIs. Each API has a command with its name, which has the subcommands `call` and `list`.
    Named(&'static [&'static Api]),
}

/// The inputs and outputs of the program, which tests replace.
pub(crate) struct Context<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output.
    pub output: &'a mut dyn Write,
    /// Standard error.
    pub errors: &'a mut dyn Write,
    /// Whether standard output is a terminal: binary data is not written to a terminal.
    pub is_terminal: bool,
    /// The environment variables.
    pub environment: Lookup<'a>,
    /// The transport; `None` for the default transport.
    pub transport: Option<Arc<dyn Transport>>,
}

/// Runs the program with the arguments and standard streams of the current process.
pub fn main(program: &Program) -> ExitCode {
    let (mut input, mut output, mut errors) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let is_terminal = std::io::IsTerminal::is_terminal(&output);
    let mut context = Context {
        input: &mut input,
        output: &mut output,
        errors: &mut errors,
        is_terminal,
        environment: &|name| std::env::var_os(name),
        transport: None,
    };
    ExitCode::from(run(program, std::env::args_os(), &mut context))
}

/// Runs the program and returns its exit code.
pub(crate) fn run(program: &Program, arguments: impl IntoIterator<Item = OsString>, context: &mut Context<'_>) -> u8 {
    let result = match arguments::parse(program, arguments) {
        Ok(arguments::Command::Call(api, arguments)) => call::call(api, &arguments, context),
        Ok(arguments::Command::List(apis)) => output::print(context.output, list::list(&apis).as_bytes()),
        Err(error) if error.use_stderr() => {
            // If standard error is closed, the message cannot be shown anywhere.
            let _ = write!(context.errors, "{error}");
            return exit::Exit::Usage as u8;
        }
        // clap reports `--help` and `--version` as errors that belong on standard output.
        Err(error) => output::print(context.output, format!("{}\n", error.to_string().trim_end()).as_bytes()),
    };
    match result {
        Ok(()) => 0,
        Err(error) => {
            error.report(context.errors);
            error.exit as u8
        }
    }
}
