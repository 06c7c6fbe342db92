//! Defines scopes of unique names, and resolves collisions in them.

use std::collections::HashMap;

use super::identifier::extended;
use super::lock_file::{Key, Locked};
use crate::source::Span;

/// A scope of unique names. Names that differ only in case count as equal, because they collide in some file systems
/// and confuse readers.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The used names in lower case, with their location in the document. Reserved names have no location.
    taken: HashMap<String, Option<Span>>,
    /// For each name that was numbered, the next number to append. Makes the time to number many equal names linear.
    numbers: HashMap<String, usize>,
    /// The names of the lock file that are reserved for the items with these keys.
    claims: HashMap<Key, String>,
    /// The locations of the claimed names in the lock file.
    claimed_at: HashMap<String, Span>,
}

impl Scope {
    /// Creates a scope in which the names `reserved` cannot be used.
    pub fn with_reserved(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|name| (folded(name), None)).collect(), ..Self::default() }
    }

    /// Returns whether a name is not used yet.
    pub fn is_free(&self, name: &str) -> bool {
        !self.taken.contains_key(&folded(name))
    }

    /// Reserves a name, so that it cannot be used.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(folded(name), None);
    }

    /// Reserves a name of the lock file for the item with this key. Returns `false` if the name is already used.
    pub fn claim(&mut self, key: &Key, locked: &Locked) -> bool {
        let is_free = self.insert(&locked.name);
        if is_free {
            self.claims.insert(key.clone(), locked.name.clone());
            self.claimed_at.extend(locked.span.map(|span| (folded(&locked.name), span)));
        }
        is_free
    }

    /// Gives the name that is reserved for an item to another item. Does nothing if no name is reserved.
    pub fn pass_claim(&mut self, from: &Key, to: Key) {
        if let Some(name) = self.claims.remove(from) {
            self.claims.insert(to, name);
        }
    }

    /// Returns the location of a claimed name in the lock file.
    pub fn claimed_at(&self, name: &str) -> Option<Span> {
        self.claimed_at.get(&folded(name)).copied()
    }

    /// Takes the name that is reserved for the item with this key.
    pub fn take_claimed(&mut self, key: &Key) -> Option<String> {
        self.claims.remove(key)
    }

    /// Takes the first candidate that is free, or else the last candidate with a number appended. Returns the name and
    /// whether it is the first candidate.
    pub fn take(&mut self, candidates: &[String]) -> (String, bool) {
        for (position, candidate) in candidates.iter().enumerate() {
            if self.insert(candidate) {
                return (candidate.clone(), position == 0);
            }
        }
        let last = candidates.last().map_or("name", String::as_str);
        let mut number = self.numbers.get(&folded(last)).copied().unwrap_or(2);
        loop {
            let numbered = extended(last, &number.to_string());
            number += 1;
            if self.insert(&numbered) {
                self.numbers.insert(folded(last), number);
                return (numbered, false);
            }
        }
    }

    /// Sets the location of a used name in the document.
    pub fn set_location(&mut self, name: &str, span: Span) {
        self.taken.insert(folded(name), Some(span));
    }

    /// Returns the location of a used name in the document. Returns `None` for reserved names.
    pub fn location(&self, name: &str) -> Option<Span> {
        self.taken.get(&folded(name)).copied().flatten()
    }

    fn insert(&mut self, name: &str) -> bool {
        let key = folded(name);
        let free = !self.taken.contains_key(&key);
        if free {
            self.taken.insert(key, None);
        }
        free
    }
}

/// Returns the text that names have in common if they count as equal.
pub(super) fn folded(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_first_free_candidate_then_numbers() {
        let mut scope = Scope::with_reserved(&["send"]);
        let candidates = ["send".to_owned(), "send_param".to_owned()];
        assert_eq!(scope.take(&candidates), ("send_param".to_owned(), false));
        assert_eq!(scope.take(&candidates), ("send_param2".to_owned(), false));
        assert_eq!(scope.take(&["Query".to_owned()]), ("Query".to_owned(), true));
        assert_eq!(scope.take(&["QUERY".to_owned()]), ("QUERY2".to_owned(), false));
    }

    #[test]
    fn raw_identifiers_are_reserved_without_their_prefix() {
        let mut scope = Scope::with_reserved(&["r#type"]);
        scope.reserve("r#mod");
        assert!(!scope.is_free("type") && !scope.is_free("mod"));
    }
}
