//! The program behind the feature `cli`: calls any operation of the crate's APIs, by the names of the spec.
//!
//! In: the process's arguments and the tables of operations ([`Program`], [`Api`], [`Entry`]). Out: one call through the
//! same slots, types and transport as the library's, its decoded answer on standard output, errors on standard error,
//! and an exit code: 0 success, 1 the API's error, 2 usage, 3 no answer, 4 an answer that does not decode.

mod answer;
mod arguments;
mod auth;
mod call;
mod content;
mod curl;
mod download;
mod dry_run;
mod entry;
mod find;
mod list;
mod parameters;
mod stop;
mod suggest;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::sync::Arc;

use super::environment::Lookup;
use super::transport::Transport;

// Some of these are unused where a spec has no such response.
#[allow(unused_imports)]
pub use entry::{Api, Entry, entry, entry_of_items, entry_or_items, raw};

/// A program: what it is called and which APIs it calls.
#[derive(Debug)]
pub struct Program {
    /// The name of the crate.
    pub name: &'static str,
    /// The version of the crate.
    pub version: &'static str,
    /// What the crate is.
    pub about: &'static str,
    /// The APIs.
    pub apis: Apis,
}

/// The APIs of a program.
#[derive(Debug)]
pub enum Apis {
    /// The crate is one API: its commands are the program's.
    One(&'static Api),
    /// Each API has a command of its name.
    Named(&'static [&'static Api]),
}

/// What the program touches beside the network; tests have some of their own.
pub(crate) struct Surroundings<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output.
    pub output: &'a mut dyn Write,
    /// Standard error.
    pub errors: &'a mut dyn Write,
    /// Whether standard output is a terminal, which is no place for bytes.
    pub is_terminal: bool,
    /// The environment variables.
    pub environment: Lookup<'a>,
    /// What carries requests, where it is not the default.
    pub transport: Option<Arc<dyn Transport>>,
}

/// Runs the program for the process it is in.
pub fn main(program: &Program) -> ExitCode {
    let (mut input, mut output, mut errors) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let is_terminal = std::io::IsTerminal::is_terminal(&output);
    let mut surroundings = Surroundings {
        input: &mut input,
        output: &mut output,
        errors: &mut errors,
        is_terminal,
        environment: &|name| std::env::var_os(name),
        transport: None,
    };
    ExitCode::from(run(program, std::env::args_os(), &mut surroundings))
}

/// Runs the program and gives its exit code.
pub(crate) fn run(
    program: &Program,
    arguments: impl IntoIterator<Item = OsString>,
    surroundings: &mut Surroundings<'_>,
) -> u8 {
    let done = match arguments::parse(program, arguments) {
        Ok(arguments::Command::Call(api, arguments)) => call::call(api, &arguments, surroundings),
        Ok(arguments::Command::List(apis)) => answer::print(surroundings.output, list::list(&apis).as_bytes()),
        Err(said) if said.use_stderr() => {
            // A standard error that is closed leaves nobody to tell.
            let _ = write!(surroundings.errors, "{said}");
            return stop::Exit::Usage as u8;
        }
        // Help and version.
        Err(said) => answer::print(surroundings.output, format!("{}\n", said.to_string().trim_end()).as_bytes()),
    };
    match done {
        Ok(()) => 0,
        Err(stop) => {
            stop.report(surroundings.errors);
            stop.exit as u8
        }
    }
}
