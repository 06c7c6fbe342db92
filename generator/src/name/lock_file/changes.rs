//! Lists the names that a run has added and removed, compared with the previous lock file.

use std::collections::BTreeSet;
use std::fmt;

use super::{LockFile, Locked, Section};

/// The maximum number of names that are listed.
const MAX_LISTED: usize = 20;

/// The names that a run has added and removed. Formatted as one line for each name, or as a count if there was no lock
/// file before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// The number of all names.
    total: usize,
    /// Whether there was a lock file with names before.
    has_previous: bool,
    removed: Vec<String>,
    added: Vec<String>,
}

impl Changes {
    /// Compares two versions of a lock file.
    pub fn between(previous: &LockFile, current: &LockFile) -> Self {
        let mut changes = Self { has_previous: !previous.sections.is_empty(), ..Self::default() };
        let titles: BTreeSet<&String> = previous.sections.keys().chain(current.sections.keys()).collect();
        let none = Section::default();
        for title in titles {
            let names = |file: &'_ LockFile| public_names(file.sections.get(title).unwrap_or(&none));
            let (before, after) = (names(previous), names(current));
            let line = |name: &Name| match title.as_str() {
                "" => format!("{} ({})", name.1, name.0),
                title => format!("{} ({}) in {title}", name.1, name.0),
            };
            changes.total += after.len();
            changes.removed.extend(before.difference(&after).map(line));
            changes.added.extend(after.difference(&before).map(line));
        }
        changes
    }

    /// Returns whether names were added or removed.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty()
    }
}

/// The place of a name and the name.
type Name = (String, String);

/// Returns the names of a section, with one place for each. The lock file contains a line for each place of a type.
fn public_names(section: &Section) -> BTreeSet<Name> {
    let name = |(key, locked): (&String, &Locked)| {
        let place = if key.starts_with("type ") { "type" } else { key };
        (place.to_owned(), locked.name.clone())
    };
    section.names.iter().map(name).collect()
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |count: usize| if count == 1 { "1 name".to_owned() } else { format!("{count} names") };
        if self.is_empty() {
            return Ok(());
        }
        if !self.has_previous {
            return writeln!(f, "{} recorded in {}", names(self.total), super::LOCK_FILE);
        }
        // Removed names come first, because they break callers.
        let lines = || self.removed.iter().map(|name| ('-', name)).chain(self.added.iter().map(|name| ('+', name)));
        for (sign, name) in lines().take(MAX_LISTED) {
            writeln!(f, "  {sign} {name}")?;
        }
        let (removed, added) = (self.removed.len(), self.added.len());
        if removed + added > MAX_LISTED {
            writeln!(f, "  … and {} more", removed + added - MAX_LISTED)?;
        }
        writeln!(f, "{} added, {} removed", names(added), names(removed))
    }
}
