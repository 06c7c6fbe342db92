//! Compares the output of each document with that of an earlier run: what a change of the generator did.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::outcome::Generated;

/// The report of an earlier run.
#[derive(Debug, Deserialize)]
pub(crate) struct Earlier {
    documents: Vec<EarlierOutcome>,
}

#[derive(Debug, Deserialize)]
struct EarlierOutcome {
    document: String,
    #[serde(default)]
    types: usize,
    #[serde(default)]
    lines: usize,
    #[serde(default)]
    names: Vec<String>,
}

/// The differences between the output of a document in two runs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) lines: i64,
    pub(crate) types: i64,
    /// The items with another name, e.g. `type Pet: Animal instead of Pet`.
    pub(crate) renamed: Vec<String>,
    pub(crate) removed: Vec<String>,
    pub(crate) added: Vec<String>,
}

impl Change {
    /// Returns the change in one line. `None` if nothing has changed.
    pub(crate) fn summary(&self) -> Option<String> {
        let lists = [("renamed", &self.renamed), ("removed", &self.removed), ("added", &self.added)];
        let numbers = [("lines", self.lines), ("types", self.types)];
        let numbers = numbers.into_iter().filter(|(_, by)| *by != 0).map(|(what, by)| format!("{by:+} {what}"));
        let lists = lists.into_iter().filter(|(_, items)| !items.is_empty());
        let parts: Vec<String> = numbers.chain(lists.map(|(what, items)| format!("{} {what}", items.len()))).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl Earlier {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not a report of this command", path.display()))
    }

    /// Returns the differences of a document. `None` if the earlier run does not contain it.
    pub(crate) fn change(&self, document: &str, new: &Generated) -> Option<Change> {
        let old = self.documents.iter().find(|old| old.document == document)?;
        let (old_names, new_names) = (by_key(&old.names), by_key(&new.names));
        let mut change = Change {
            lines: difference(old.lines, new.lines),
            types: difference(old.types, new.types),
            ..Change::default()
        };
        for (key, old) in &old_names {
            match new_names.get(key) {
                Some(new) if new != old => change.renamed.push(format!("{key}: {new} instead of {old}")),
                Some(_) => {}
                None => change.removed.push(format!("{key} = {old}")),
            }
        }
        let added = new_names.iter().filter(|(key, _)| !old_names.contains_key(*key));
        change.added = added.map(|(key, new)| format!("{key} = {new}")).collect();
        Some(change)
    }
}

fn difference(old: usize, new: usize) -> i64 {
    i64::try_from(new).unwrap_or(i64::MAX).saturating_sub(i64::try_from(old).unwrap_or(i64::MAX))
}

/// Returns the names of a lock file by the items that have them.
fn by_key(lines: &[String]) -> BTreeMap<&str, &str> {
    lines.iter().filter_map(|line| line.rsplit_once(" = ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_output_are_found() {
        let old = r#"{"documents": [{"document": "a.yaml", "types": 3, "lines": 10, "names": ["type A = A", "type B = B"]}]}"#;
        let earlier: Earlier = serde_json::from_str(old).unwrap();
        let names = ["type A = Apple", "type C = C"].map(str::to_owned).to_vec();
        let new = Generated { types: 2, lines: 14, names, ..Generated::default() };
        let change = earlier.change("a.yaml", &new).unwrap();
        let expected = Change {
            lines: 4,
            types: -1,
            renamed: vec!["type A: Apple instead of A".to_owned()],
            removed: vec!["type B = B".to_owned()],
            added: vec!["type C = C".to_owned()],
        };
        assert_eq!(change, expected);
        assert_eq!(change.summary().as_deref(), Some("+4 lines, -1 types, 1 renamed, 1 removed, 1 added"));
        assert!(earlier.change("b.yaml", &new).is_none());
        assert_eq!(Change::default().summary(), None);
    }
}
