//! Takes names in scopes: names of the lock file first, then names that other modules derive from the document.

use std::collections::{HashMap, HashSet};

use crate::customize::Rename;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::source::Span;

use super::identifier::valid;
use super::lock_file::{Key, Locked, Section};
use super::scope::{Scope, folded};

/// The maximum number of items with the same key whose names are recorded.
const MAX_NUMBER: usize = 9;

/// An item that needs a name.
pub(super) struct Item<'a> {
    /// The key of the item in the lock file. `None` if the lock file contains no name for the item.
    pub key: Option<Key>,
    /// `x-rust-name`
    pub rust_name: Option<&'a str>,
    /// The names that the rules derive, from the most to the least preferred one.
    pub candidates: Vec<String>,
    /// The source location.
    pub span: Span,
    /// The help text if the most preferred name is already used.
    pub help: &'static str,
}

/// Chooses the names of one API. Keeps the names of the previous lock file, and records all names for the next one.
pub(super) struct Namer<'a> {
    previous: &'a Section,
    recorded: Section,
    /// The names that the configuration sets, with their locations. A name is removed when a conflict was reported.
    renames: HashMap<&'a str, Option<Span>>,
    pub diagnostics: &'a mut Diagnostics,
}

impl<'a> Namer<'a> {
    pub fn new(previous: &'a Section, renames: &'a [Rename], diagnostics: &'a mut Diagnostics) -> Self {
        let renames = renames.iter().map(|rename| (rename.rust_name.as_str(), rename.span)).collect();
        Self { previous, recorded: Section::default(), renames, diagnostics }
    }

    /// Returns the names for the next lock file.
    pub fn take_recorded(&mut self) -> Section {
        std::mem::take(&mut self.recorded)
    }

    /// Returns the names of the previous lock file.
    pub fn all_previous(&self) -> &'a Section {
        self.previous
    }

    /// Returns the name of the previous lock file with this key.
    pub fn previous(&self, key: &Key) -> Option<&'a str> {
        self.previous.get(key).map(|locked| locked.name.as_str())
    }

    /// Reserves the names that the lock file contains for the items of a scope, so that no other item takes them.
    ///
    /// Must be called before the first name is taken, because an item without a name in the lock file can come first in
    /// the document. Must be called once for all items of a scope, because `x-rust-name` of each item takes precedence
    /// over the lock file.
    pub fn claim<'i>(&mut self, scope: &mut Scope, items: impl IntoIterator<Item = (Key, Option<&'i str>)>) {
        let (mut keys, mut explicit) = (Vec::new(), Vec::new());
        for (key, rust_name) in items {
            match rust_name {
                Some(name) => explicit.push(name),
                None => keys.push(key),
            }
        }
        self.claim_except(scope, keys, explicit);
    }

    /// Reserves the names that the lock file contains for these keys, like [`claim`](Self::claim), except for the names
    /// `explicit`, which the document specifies for other items.
    pub fn claim_except<'i>(
        &mut self,
        scope: &mut Scope,
        keys: impl IntoIterator<Item = Key>,
        explicit: impl IntoIterator<Item = &'i str>,
    ) {
        let explicit: HashSet<String> = explicit.into_iter().map(|name| folded(&valid(name))).collect();
        let mut known: HashSet<Key> = HashSet::new();
        for key in keys {
            let Some(key) = unused(key, |key| known.contains(key)) else { continue };
            if let Some(locked) = self.previous.get(&key)
                && !explicit.contains(&folded(&locked.name))
                && !scope.claim(&key, locked)
                && let Some((span, first)) = locked.span.zip(scope.claimed_at(&locked.name))
            {
                let message = format!("the lock file gives the name `{}` to two places", locked.name);
                let warning = Diagnostic::warning(Code::LockFile, span, message).related(first, "the first place");
                let help = "a new name is chosen for this place; delete the line of the place whose name can change";
                self.diagnostics.push(warning.help(help));
            }
            known.insert(key);
        }
    }

    /// Reserves a name that follows from a name in the lock file.
    pub fn claim_derived(&mut self, scope: &mut Scope, key: &Key, name: &str) {
        scope.claim(key, &Locked { name: name.to_owned(), span: None });
    }

    /// Takes and records a name in a scope: `x-rust-name`, the name of the lock file, or the first free candidate. Reports
    /// a note if the preferred name is not free, or an error if the configuration sets it.
    pub fn take(&mut self, scope: &mut Scope, mut item: Item<'_>) -> String {
        let recorded = &self.recorded;
        item.key = item.key.and_then(|key| unused(key, |key| recorded.get(key).is_some()));
        // The document specifies the names in `x-rust-name`.
        let key = item.key.clone().filter(|_| item.rust_name.is_none());
        let name = self.choose(scope, item);
        if let Some(key) = key {
            self.record(key, &name);
        }
        name
    }

    /// Takes a name like [`take`](Self::take), but does not record it.
    pub fn choose(&mut self, scope: &mut Scope, item: Item<'_>) -> String {
        let Item { key, rust_name, candidates, span, help } = item;
        let claimed = key.filter(|_| rust_name.is_none()).and_then(|key| scope.take_claimed(&key));
        if let Some(name) = claimed {
            scope.set_location(&name, span);
            return name;
        }
        let all: Vec<String> = rust_name.map(valid).into_iter().chain(candidates).collect();
        let (taken, is_first) = scope.take(&all);
        if !is_first {
            let wanted = all.first().map_or("", String::as_str);
            let collision = match rust_name.and_then(|name| self.renames.remove(name)) {
                Some(place) => {
                    let message = format!("the name `{wanted}` is already used");
                    Diagnostic::new(Severity::Error, Code::Config, place, message).help("choose another name")
                }
                None => {
                    let message = format!("the name `{wanted}` is already used; the generated name is `{taken}`");
                    Diagnostic::note(Code::NameCollision, span, message).help(help)
                }
            };
            // Reserved names have no location.
            self.diagnostics.push(match scope.location(wanted) {
                Some(first) if first != span => collision.related(first, format!("`{wanted}` is used here")),
                _ => collision,
            });
        }
        scope.set_location(&taken, span);
        taken
    }

    /// Takes and records a name that needs no note: the name of the lock file, or the first free candidate.
    pub fn derive(&mut self, scope: &mut Scope, key: Key, candidates: &[String]) -> String {
        let recorded = &self.recorded;
        let Some(key) = unused(key, |key| recorded.get(key).is_some()) else { return scope.take(candidates).0 };
        let name = scope.take_claimed(&key).unwrap_or_else(|| scope.take(candidates).0);
        self.record(key, &name);
        name
    }

    /// Takes a name like [`derive`](Self::derive), but records it only if it is not the first candidate, which follows
    /// from another recorded name.
    pub fn derive_from(&mut self, scope: &mut Scope, key: Key, candidates: &[String]) -> String {
        let name = scope.take_claimed(&key).unwrap_or_else(|| scope.take(candidates).0);
        if candidates.first() != Some(&name) {
            self.record(key, &name);
        }
        name
    }

    /// Records a name for the next lock file, unless a name with this key was recorded before.
    pub fn record(&mut self, key: Key, name: &str) {
        if key.accepts(name) {
            self.recorded.insert(key, name);
        }
    }
}

/// Returns the key, with a number if other items have the same key. `None` if there are too many of them.
fn unused(key: Key, is_used: impl Fn(&Key) -> bool) -> Option<Key> {
    if !is_used(&key) {
        return Some(key);
    }
    (2..=MAX_NUMBER).map(|number| key.numbered(number)).find(|key| !is_used(key))
}
