//! From files in memory to files on disk: written, or compared with what is there.

mod file_set;

pub use file_set::FileSet;
