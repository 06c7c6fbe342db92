//! Defines the errors of writing and comparing files.

use std::fmt;
use std::io;

use super::plan::{Conflict, Obstacle};

/// The reason why files were not written or compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// An error of the operating system.
    #[error("cannot {action} `{path}`: {reason}")]
    Io {
        /// The attempted action: `read`, `write`, …
        action: &'static str,
        /// The path of the file or directory, as shown to the user.
        path: String,
        /// The error of the operating system.
        reason: io::Error,
    },
    /// The path of the crate exists, but is not a directory.
    #[error("`{0}` is not a directory")]
    NotADirectory(String),
    /// Existing files that the generator did not create have the paths of generated files or of their directories.
    /// Nothing was written.
    #[error("{}", refusal(.0))]
    Conflicts(Vec<Conflict>),
    /// A file of the [`FileSet`](super::FileSet) has an invalid path, which is a bug in the generator.
    #[error("the path of the generated file `{path}` {reason}; nothing was written. This is a bug in clientwright")]
    Path {
        /// The path.
        path: String,
        /// The reason why the path is invalid, as the predicate of a sentence.
        reason: String,
    },
}

pub(super) fn io_error(action: &'static str, path: String, reason: io::Error) -> OutputError {
    OutputError::Io { action, path, reason }
}

/// Returns the error message for conflicts, which lists their paths.
fn refusal(obstacles: &[Conflict]) -> impl fmt::Display {
    let mut text = match obstacles.len() {
        1 => "a file that was not generated is in the way; nothing was written".to_owned(),
        count => format!("{count} files that were not generated are in the way; nothing was written"),
    };
    for one in obstacles {
        text.push_str(&format!("\n  {one}"));
    }
    let them = if obstacles.len() == 1 { "it" } else { "them" };
    text.push_str(&match obstacles.iter().all(|one| one.obstacle.is_replaceable()) {
        true => format!("\nhelp: move {them}, or run the command with `--force` to replace {them}"),
        false => format!("\nhelp: move {them}; `--force` only replaces files and symbolic links"),
    });
    text
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)?;
        match self.obstacle {
            Obstacle::File => Ok(()),
            Obstacle::Link => f.write_str("  (a symbolic link)"),
            Obstacle::Directory => f.write_str("  (a directory)"),
            Obstacle::Other => f.write_str("  (neither a file nor a directory)"),
        }
    }
}
