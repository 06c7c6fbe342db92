//! One namespace: names that are taken, and what to do about the next one of the same name.

use std::collections::{HashMap, HashSet};

use super::identifier::extended;

/// The names of one namespace. Names that differ in case alone count as the same: files and readers take them so.
#[derive(Debug, Default)]
pub(super) struct Scope {
    taken: HashSet<String>,
    /// The next number to try behind a name: of a thousand names that are one, none tries all numbers again.
    numbers: HashMap<String, usize>,
}

impl Scope {
    pub fn with_reserved(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|name| name.to_lowercase()).collect(), numbers: HashMap::new() }
    }

    /// Whether nobody has this name yet.
    pub fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(&folded(name))
    }

    /// Keeps a name free.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_lowercase());
    }

    /// Takes the first of `candidates` that is free; where none is, the last with a number. Says whether it is the first.
    pub fn take(&mut self, candidates: &[String]) -> (String, bool) {
        for (position, candidate) in candidates.iter().enumerate() {
            if self.taken.insert(folded(candidate)) {
                return (candidate.clone(), position == 0);
            }
        }
        let last = candidates.last().map_or("name", String::as_str);
        let number = self.numbers.entry(folded(last)).or_insert(2);
        loop {
            let numbered = extended(last, &number.to_string());
            *number += 1;
            if self.taken.insert(folded(&numbered)) {
                return (numbered, false);
            }
        }
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
