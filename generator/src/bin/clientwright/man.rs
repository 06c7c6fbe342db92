//! `clientwright man`: writes the man pages.

use std::fs;
use std::path::PathBuf;

use clap::CommandFactory;

use crate::{Arguments as Program, failed};

/// Write the man pages of the program and of each command
///
/// Existing pages are replaced. `man clientwright` finds the pages in `~/.local/share/man/man1`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The directory of the pages, created if it does not exist
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let directory = &arguments.directory;
    match fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(Program::command(), directory)) {
        Ok(()) => 0,
        Err(error) => failed(format_args!("cannot write to `{}`: {error}", directory.display())),
    }
}
