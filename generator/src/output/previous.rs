//! Finds the files of a crate as they are on disk before a [`Plan`] is applied.

use std::collections::BTreeMap;
use std::fs;

use super::FileSet;
use super::plan::{Action, Plan};

impl Plan {
    /// Returns the Rust files and the manifest on disk by path. `files` are the generated files that the plan writes. Returns `None` if there
    /// is no crate yet. Files that cannot be read are omitted.
    pub fn previous_sources(&self, files: &FileSet) -> Option<BTreeMap<String, String>> {
        let is_source = |path: &str| path.ends_with(".rs") || path == "Cargo.toml";
        let unchanged = files.iter().filter(|(path, _)| is_source(path));
        let mut previous: BTreeMap<String, String> =
            unchanged.map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        for change in self.changes.iter().filter(|change| is_source(&change.path)) {
            let text = match &change.action {
                Action::Create { .. } | Action::Remove { temporary: true } => None,
                Action::Replace { on_disk, .. } => on_disk.clone(),
                Action::Remove { temporary: false } => fs::read_to_string(self.root.join(&change.path)).ok(),
            };
            match text {
                Some(text) => drop(previous.insert(change.path.clone(), text)),
                None => drop(previous.remove(&change.path)),
            }
        }
        previous.contains_key("src/lib.rs").then_some(previous)
    }
}
