//! Reads `include` and `exclude` of an API.

use super::table::{Table, TableReader};
use crate::customize::{Pattern, Patterns, Selection};

impl TableReader<'_> {
    /// Reads the selection of a `[[crate.api]]` table.
    pub(super) fn selection(&mut self, api: Table<'_>) -> Selection {
        let [include, exclude] = [("include", "`include`"), ("exclude", "`exclude`")].map(|(key, name)| {
            let table = self.table(api, key, name)?;
            Some(self.patterns(table, name))
        });
        Selection { include, exclude: exclude.unwrap_or_default() }
    }

    fn patterns(&mut self, table: Table<'_>, name: &str) -> Patterns {
        const KEYS: [&str; 4] = ["tags", "paths", "operations", "webhooks"];
        self.keys(table, &[], &KEYS);
        if !KEYS.iter().any(|key| table.has(key)) {
            self.error(table.head(), format!("{name} needs one of the keys `{}`", KEYS.join("`, `")));
        }
        let [tags, paths, operations, webhooks] = KEYS.map(|key| self.pattern_list(table, key));
        Patterns { tags, paths, operations, webhooks }
    }

    /// Reads an array of patterns.
    pub(super) fn pattern_list(&mut self, table: Table<'_>, key: &str) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for text in self.strings(table, key).unwrap_or_default() {
            match Pattern::parse(text.get_ref()) {
                Ok(pattern) => patterns.push(pattern.at(self.span(text.span()))),
                Err(error) => self.error(text.span(), error.to_string()),
            }
        }
        patterns
    }
}
