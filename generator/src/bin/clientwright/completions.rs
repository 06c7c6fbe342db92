//! `clientwright completions`: prints the completion script of a shell.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{Arguments as Program, written};

/// Print the completion script for a shell
///
/// Save the script where the shell finds it, and start a new shell. For bash, save it as
/// `~/.local/share/bash-completion/completions/clientwright`; for fish, as
/// `~/.config/fish/completions/clientwright.fish`; for zsh, as `_clientwright` in a directory of `$fpath`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Program::command(), "clientwright", &mut script);
    written(io::stdout().lock(), &String::from_utf8_lossy(&script))
}
