//! What a document may make the program read.

use clientwright::config::Reach;

/// The arguments that all commands with documents take.
#[derive(Debug, clap::Args)]
pub struct Allowed {
    /// Read files outside of a document's folder too, where a `$ref` names them
    ///
    /// Else, as by default, a document can have only files of its own folder and the folders in it read, symbolic links
    /// counting for what they lead to. Nothing is ever read over the network.
    #[arg(long)]
    allow_outside: bool,
}

impl Allowed {
    /// From where files may be read.
    pub fn reach(&self) -> Reach {
        if self.allow_outside { Reach::Anywhere } else { Reach::Folder }
    }
}
