//! `clientwright explain`: a code comes in, what it means and what to do about it goes out.

use std::io::{self, Write};

use clientwright::diagnostics::Code;

/// Say at length what a code means, which stands in brackets before a finding, and what to do about it
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The code, as `ref-not-found`; without one, all of them are listed
    #[arg(value_name = "CODE", value_parser = str::parse::<Code>)]
    code: Option<Code>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let mut out = io::stdout().lock();
    let _ = match arguments.code {
        Some(code) => write!(out, "{code}\n\n{}", code.explanation()),
        None => Code::ALL.iter().try_for_each(|code| writeln!(out, "{code:<18} {}", code.summary())),
    };
    0
}
