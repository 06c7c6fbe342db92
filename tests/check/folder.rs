//! A temporary folder for generated files, and sample crates.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clientwright::output::{self, Action, FileSet, MARKER, Options, OutputError, Plan, Root, Written};
use tempfile::TempDir;

/// A temporary folder, which is deleted when the test ends. The crate is written to the subfolder `generated`.
pub(crate) struct Folder {
    outer: TempDir,
    pub(crate) root: Root,
}

impl Folder {
    /// Creates a folder in which `generated` does not exist yet.
    pub(crate) fn empty() -> Self {
        let outer = tempfile::tempdir().unwrap();
        let root = Root::new(outer.path().join("generated")).shown_as("generated");
        Self { outer, root }
    }

    /// Creates a folder, and writes these files to `generated`.
    pub(crate) fn with(files: &FileSet) -> Self {
        let folder = Self::empty();
        folder.write(files).unwrap();
        folder
    }

    /// Returns a path next to `generated`.
    #[cfg(unix)]
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.outer.path().join(name)
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root.path().join(file)
    }

    /// Writes a file directly, like a user or another program.
    pub(crate) fn put(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub(crate) fn plan(&self, files: &FileSet) -> Plan {
        output::plan(&self.root, files).unwrap()
    }

    pub(crate) fn write(&self, files: &FileSet) -> Result<Written, OutputError> {
        output::write(&self.root, files, Options::default())
    }

    pub(crate) fn force(&self, files: &FileSet) -> Result<Written, OutputError> {
        output::write(&self.root, files, Options { force: true })
    }

    /// Returns the report of a check, which is empty if all files are up to date.
    pub(crate) fn check(&self, files: &FileSet) -> String {
        match output::check(&[self.plan(files)], "cargo xtask codegen") {
            Ok(()) => String::new(),
            Err(report) => report.to_string(),
        }
    }

    /// Returns a line such as `stale src/lib.rs` for each file in the report of a check.
    pub(crate) fn reported(&self, files: &FileSet) -> Vec<String> {
        let word = |action: &Action| match action {
            Action::Create { .. } => "missing",
            Action::Replace { .. } => "stale",
            Action::Remove { .. } => "orphan",
        };
        self.plan(files).changes().iter().map(|change| format!("{} {}", word(&change.action), change.path)).collect()
    }

    /// Returns the contents of all files by path. Folders have a path with a trailing slash, and no contents.
    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let mut contents = BTreeMap::new();
        if self.root.path().exists() {
            collect(self.root.path(), self.root.path(), &mut contents);
        }
        contents
    }

    /// Sets an old modification time for all files and returns it, so that tests can see later which files were
    /// written.
    pub(crate) fn set_old(&self) -> SystemTime {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        for file in self.contents().keys().filter(|path| !path.ends_with('/')) {
            fs::File::options().append(true).open(self.path(file)).unwrap().set_modified(time).unwrap();
        }
        time
    }

    pub(crate) fn modified(&self, file: &str) -> SystemTime {
        fs::metadata(self.path(file)).unwrap().modified().unwrap()
    }
}

fn collect(root: &Path, folder: &Path, contents: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() && !path.is_symlink() {
            contents.insert(format!("{name}/"), Vec::new());
            collect(root, &path, contents);
        } else {
            contents.insert(name, fs::read(&path).unwrap_or_default());
        }
    }
}

/// Creates a file set from pairs of path and contents.
pub(crate) fn files(files: &[(&str, &str)]) -> FileSet {
    let mut set = FileSet::default();
    for (path, text) in files {
        set.insert(*path, *text);
    }
    set
}

/// Returns the contents of a Rust file: a comment with the generator's marker, and then `text`.
pub(crate) fn marked(text: &str) -> String {
    format!("// {MARKER}. Do not edit.\n{text}")
}

/// Creates a small crate. The README has no marker, so only the manifest shows that it was generated.
pub(crate) fn small_crate() -> FileSet {
    files(&[
        ("Cargo.toml", &format!("# {MARKER}\n[package]\nname = \"pets\"\n")),
        ("README.md", "# Pets\n"),
        ("src/lib.rs", &marked("pub mod pets;\n")),
        ("src/pets/mod.rs", &marked("pub struct Pet;\n")),
    ])
}

/// Creates the next version of [`small_crate`]: with one new file, one removed file and its folder, and two changed
/// files.
pub(crate) fn next_crate() -> FileSet {
    files(&[
        ("Cargo.toml", &format!("# {MARKER}\n[package]\nname = \"pets\"\n")),
        ("README.md", "# Pets and owners\n"),
        ("src/lib.rs", &marked("pub mod owners;\n")),
        ("src/owners.rs", &marked("pub struct Owner;\n")),
    ])
}
