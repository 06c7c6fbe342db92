//! `clientwright explain`: a code comes in, what it means and what to do about it goes out.

use std::io;

use clientwright::diagnostics::Code;

use crate::written;

/// Say at length what a code means, which stands in brackets before a finding, and what to do about it
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The code, as `ref-not-found`; without one, all of them are listed
    #[arg(value_name = "CODE", value_parser = str::parse::<Code>)]
    code: Option<Code>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let text = match arguments.code {
        Some(code) => format!("{code}\n\n{}", code.explanation()),
        None => Code::ALL.iter().map(|code| format!("{code:<18} {}\n", code.summary())).collect(),
    };
    written(io::stdout().lock(), &text)
}
