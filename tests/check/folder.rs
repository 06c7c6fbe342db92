//! A folder to write generated files into, and what is in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clientwright::output::{self, Action, FileSet, MARKER, Options, OutputError, Plan, Root, Written};
use tempfile::TempDir;

/// A folder that is gone when the test is over; the crate goes into `generated` inside it.
pub(crate) struct Folder {
    outer: TempDir,
    pub(crate) root: Root,
}

impl Folder {
    /// A folder with nothing in it, and no `generated` yet.
    pub(crate) fn empty() -> Self {
        let outer = tempfile::tempdir().unwrap();
        let root = Root::new(outer.path().join("generated")).shown_as("generated");
        Self { outer, root }
    }

    /// A folder that holds these files.
    pub(crate) fn with(files: &FileSet) -> Self {
        let folder = Self::empty();
        folder.write(files).unwrap();
        folder
    }

    /// What lies beside `generated`.
    #[cfg(unix)]
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.outer.path().join(name)
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root.path().join(file)
    }

    /// Writes a file past the generator.
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

    /// The report of a check; empty if all is up to date.
    pub(crate) fn check(&self, files: &FileSet) -> String {
        match output::check(&[self.plan(files)], "cargo xtask codegen") {
            Ok(()) => String::new(),
            Err(report) => report.to_string(),
        }
    }

    /// `stale src/lib.rs`, for each file that a check names.
    pub(crate) fn named(&self, files: &FileSet) -> Vec<String> {
        let word = |action: &Action| match action {
            Action::Create { .. } => "missing",
            Action::Replace { .. } => "stale",
            Action::Remove { .. } => "orphan",
        };
        self.plan(files).changes().iter().map(|change| format!("{} {}", word(&change.action), change.path)).collect()
    }

    /// Every file and folder in it, with its bytes.
    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let mut contents = BTreeMap::new();
        if self.root.path().exists() {
            collect(self.root.path(), self.root.path(), &mut contents);
        }
        contents
    }

    /// Makes every file in it as old as this, to see later which were touched.
    pub(crate) fn age(&self) -> SystemTime {
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

/// Files with exactly these texts.
pub(crate) fn files(files: &[(&str, &str)]) -> FileSet {
    let mut set = FileSet::default();
    for (path, text) in files {
        set.insert(*path, *text);
    }
    set
}

/// A text as the generator would make it, with the marker.
pub(crate) fn marked(text: &str) -> String {
    format!("// {MARKER}. Do not edit.\n{text}")
}

/// A small crate. The README carries no marker: only the manifest says that it is ours.
pub(crate) fn small_crate() -> FileSet {
    files(&[
        ("Cargo.toml", &format!("# {MARKER}\n[package]\nname = \"pets\"\n")),
        ("README.md", "# Pets\n"),
        ("src/lib.rs", &marked("pub mod pets;\n")),
        ("src/pets/mod.rs", &marked("pub struct Pet;\n")),
    ])
}

/// The same crate after the document has changed: a file is new, one is gone with its folder, one is different.
pub(crate) fn next_crate() -> FileSet {
    files(&[
        ("Cargo.toml", &format!("# {MARKER}\n[package]\nname = \"pets\"\n")),
        ("README.md", "# Pets and owners\n"),
        ("src/lib.rs", &marked("pub mod owners;\n")),
        ("src/owners.rs", &marked("pub struct Owner;\n")),
    ])
}
