//! The lock file `clientwright.lock`: records the Rust name of each place in a document, so that the name does not
//! change when the document grows.
//!
//! ```text
//! # lock format 1
//!
//! [pki-clients/digicert-mpki]
//! argument GET /seats query:limit = limit
//! field Seat seat_id = seat_id
//! method GET /seats = list
//! type component:Seat = Seat
//! ```
//!
//! A line consists of a [`Key`], i.e. the kind of the name and its place in the document, and the name. The keys of
//! fields and variants begin with the name of their type. Lines are sorted, and independent of each other, so that
//! versions of the file can be merged line by line. Each API of a `clients.toml` has a section; the section of an API in
//! the crate root has the name of the crate. The lock file in the directory of a crate has no sections.
//!
//! The lock file contains no names that the document specifies: `x-rust-name` takes precedence.

mod changes;
mod key;
mod read;

use std::collections::BTreeMap;
use std::fmt;

use crate::config::{Config, Layout};
use crate::source::Span;

pub use changes::Changes;
pub(super) use key::{Key, Kind, escaped};

/// The file name of lock files.
pub const LOCK_FILE: &str = "clientwright.lock";

/// The prefix of the line that contains the version of the format.
const FORMAT: &str = "# lock format ";
const VERSION: &str = "1";

/// The contents of a lock file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LockFile {
    /// The names of each API, by the title of its section. The title is empty for an API in the crate root.
    sections: BTreeMap<String, Section>,
}

/// The names of one API in a [`LockFile`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    names: BTreeMap<String, Locked>,
}

/// A name in a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Locked {
    /// The name, a valid identifier in the case of its kind.
    pub name: String,
    /// The location of the name in the lock file. `None` for a name that was chosen in this run.
    pub span: Option<Span>,
}

impl LockFile {
    /// Combines the lock files of several crates to one file.
    pub fn combined<'a>(files: impl IntoIterator<Item = (&'a Config, &'a Self)>) -> Self {
        let mut sections = BTreeMap::new();
        for (config, file) in files {
            for (title, section) in &file.sections {
                let title = if title.is_empty() { &config.package.name } else { title };
                sections.insert(title.clone(), section.clone());
            }
        }
        Self { sections }
    }

    /// Returns the names of an API. Empty if the file does not contain the API.
    pub(crate) fn section(&self, config: &Config, api: &str) -> &Section {
        static EMPTY: Section = Section { names: BTreeMap::new() };
        let title = title(config, api);
        // The section of an API in the crate root has a title if the lock file is that of a `clients.toml`.
        let combined = title.is_empty().then(|| self.sections.get(&config.package.name)).flatten();
        combined.or_else(|| self.sections.get(&title)).unwrap_or(&EMPTY)
    }

    /// Returns the sections of a crate, with the same titles as in a lock file of this crate alone.
    pub(crate) fn of_crate(&self, config: &Config) -> Self {
        let start = title(config, "");
        let sections = match start.as_str() {
            "" => {
                let section = self.section(config, "").clone();
                (!section.is_empty()).then_some((String::new(), section)).into_iter().collect()
            }
            start => {
                let own = self.sections.iter().filter(|(title, _)| title.starts_with(start));
                own.map(|(title, section)| (title.clone(), section.clone())).collect()
            }
        };
        Self { sections }
    }

    /// Sets the names of an API.
    pub(crate) fn set_section(&mut self, config: &Config, api: &str, section: Section) {
        self.sections.insert(title(config, api), section);
    }
}

/// Returns the title of the section of an API.
fn title(config: &Config, api: &str) -> String {
    match config.layout {
        Layout::Modules => format!("{}/{api}", config.package.name),
        Layout::Root | Layout::Module => String::new(),
    }
}

impl Section {
    /// Returns whether the section contains no names.
    pub(in crate::name) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Returns the name with this key.
    pub(in crate::name) fn get(&self, key: &Key) -> Option<&Locked> {
        self.names.get(key.as_str())
    }

    /// Adds a name, unless the section contains a name with this key.
    pub(in crate::name) fn insert(&mut self, key: Key, name: &str) {
        self.names.entry(key.into_string()).or_insert_with(|| Locked { name: name.to_owned(), span: None });
    }
}

impl fmt::Display for LockFile {
    /// Formats the text of the file, except for the line that marks it as generated.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "# The names in generated code. They stay the same when the document grows. Commit this file.\n\
             # To choose a name anew, delete all lines with this name and kind, and run the generator again.\n\
             {FORMAT}{VERSION}"
        )?;
        for (title, section) in &self.sections {
            writeln!(f)?;
            if !title.is_empty() {
                writeln!(f, "[{title}]")?;
            }
            for (key, locked) in &section.names {
                writeln!(f, "{key} = {}", locked.name)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
