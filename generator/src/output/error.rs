//! What can go wrong between memory and disk.

use std::fmt;
use std::io;

use super::plan::{InTheWay, Obstacle};

/// Why files were not written or compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The system refused.
    #[error("cannot {action} `{path}`: {reason}")]
    Io {
        /// What was tried: `read`, `write`, …
        action: &'static str,
        /// The file or folder, as shown.
        path: String,
        /// What the system says.
        reason: io::Error,
    },
    /// What should be the crate's folder is something else.
    #[error("`{0}` is not a folder")]
    NotAFolder(String),
    /// Files are in the way that are not ours; nothing was written.
    #[error("{}", refusal(.0))]
    InTheWay(Vec<InTheWay>),
    /// A file of the [`FileSet`](super::FileSet) cannot be at its path, which is a bug of the generator.
    #[error("the generator made a file at `{path}`, {fault}; nothing was written, and this is a bug of clientwright")]
    Path {
        /// The path in question.
        path: String,
        /// What is wrong with it.
        fault: String,
    },
}

pub(super) fn io_error(action: &'static str, path: String, reason: io::Error) -> OutputError {
    OutputError::Io { action, path, reason }
}

fn refusal(found: &[InTheWay]) -> impl fmt::Display {
    let mut text = match found.len() {
        1 => "a file that clientwright did not write is in the way; nothing was written".to_owned(),
        count => format!("{count} files that clientwright did not write are in the way; nothing was written"),
    };
    for one in found {
        text.push_str(&format!("\n  {one}"));
    }
    let them = if found.len() == 1 { "it" } else { "them" };
    text.push_str(&match found.iter().all(|one| one.obstacle.yields_to_force()) {
        true => format!("\nhelp: move {them} away, or repeat the command with `--force` to replace {them}"),
        false => format!("\nhelp: move {them} away; `--force` does not remove folders"),
    });
    text
}

impl fmt::Display for InTheWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)?;
        match self.obstacle {
            Obstacle::File => Ok(()),
            Obstacle::Link => f.write_str("  (a symbolic link)"),
            Obstacle::Folder => f.write_str("  (a folder)"),
            Obstacle::Other => f.write_str("  (neither a file nor a folder)"),
        }
    }
}
