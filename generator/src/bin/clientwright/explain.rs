//! `clientwright explain`: prints the explanation of a diagnostic code.

use std::io;

use clientwright::diagnostics::Code;

use crate::written;

/// Explain a diagnostic code and how to fix the problem
///
/// The code is the name in brackets at the beginning of a diagnostic: `error[ref-not-found]`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The code, such as `ref-not-found`; if omitted, all codes are listed
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
