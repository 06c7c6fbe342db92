//! The option `--allow-outside`, which allows documents to refer to files outside of their directories.

use clientwright::config::Reach;

/// The arguments about referenced files, for all commands that read documents.
#[derive(Debug, clap::Args)]
pub struct FileArguments {
    /// Also read files outside of a document's directory that a `$ref` refers to
    ///
    /// By default, only files in the document's directory and its subdirectories are read. Symbolic links are resolved
    /// before this check. Nothing is ever read over the network.
    #[arg(long)]
    allow_outside: bool,
}

impl FileArguments {
    /// Returns the directories from which referenced files may be read.
    pub fn reach(&self) -> Reach {
        if self.allow_outside { Reach::Anywhere } else { Reach::Directory }
    }
}
