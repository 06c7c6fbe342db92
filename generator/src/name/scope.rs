//! One namespace: names that are taken, and what to do about the next one of the same name.

use std::collections::HashMap;

use super::identifier::extended;
use crate::source::Span;

/// The names of one namespace. Names that differ in case alone count as the same: files and readers take them so.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Each with the place in the document that it was taken from, where there is one.
    taken: HashMap<String, Option<Span>>,
    /// The next number to try behind a name: of a thousand names that are one, none tries all numbers again.
    numbers: HashMap<String, usize>,
}

impl Scope {
    pub fn with_reserved(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|name| (name.to_lowercase(), None)).collect(), numbers: HashMap::new() }
    }

    /// Whether nobody has this name yet.
    pub fn is_free(&self, name: &str) -> bool {
        !self.taken.contains_key(&folded(name))
    }

    /// Keeps a name free.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_lowercase(), None);
    }

    /// Takes the first of `candidates` that is free; where none is, the last with a number. Says whether it is the first.
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

    /// Remembers where in the document a name that was taken comes from.
    pub fn held_from(&mut self, name: &str, span: Span) {
        self.taken.insert(folded(name), Some(span));
    }

    /// Where in the document a name comes from; nothing for one that no document may take.
    pub fn holder(&self, name: &str) -> Option<Span> {
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

fn folded(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_first_free_candidate_and_then_numbers() {
        let mut scope = Scope::with_reserved(&["send"]);
        let candidates = ["send".to_owned(), "send_param".to_owned()];
        assert_eq!(scope.take(&candidates), ("send_param".to_owned(), false));
        assert_eq!(scope.take(&candidates), ("send_param2".to_owned(), false));
        assert_eq!(scope.take(&["Query".to_owned()]), ("Query".to_owned(), true));
        assert_eq!(scope.take(&["QUERY".to_owned()]), ("QUERY2".to_owned(), false));
    }
}
