//! Reads the table `rename` of an API.

use super::table::{Table, TableReader};
use crate::customize::{Rename, RenamedKind};
use crate::diagnostics::quoted;

impl TableReader<'_> {
    /// Reads the Rust names of items of an API.
    pub(super) fn renames(&mut self, api: Table<'_>) -> Vec<Rename> {
        let Some(table) = self.table(api, "rename", "`rename`") else { return Vec::new() };
        self.keys(table, &[], &RenamedKind::KEYS.map(|(key, _)| key));
        let mut renames = Vec::new();
        for (key, kind) in RenamedKind::KEYS {
            if let Some(names) = self.table(table, key, "the table") {
                self.renames_of(kind, names, &mut renames);
            }
        }
        renames
    }

    fn renames_of(&mut self, kind: RenamedKind, names: Table<'_>, renames: &mut Vec<Rename>) {
        for (item, at, _) in names.entries() {
            let Some(rust_name) = self.string(names, item) else { continue };
            if let Some(corrected) = kind.corrected(rust_name.get_ref()) {
                let message = format!("{} is not a Rust name for this item", quoted(rust_name.get_ref()));
                let case = if kind == RenamedKind::Schema { "CamelCase" } else { "snake_case" };
                let help = match kind.corrected(&corrected) {
                    None => format!("the name must be in {case}: `{corrected}`"),
                    Some(_) => format!("the name must be an identifier in {case} that is not a keyword"),
                };
                self.push(rust_name.span(), message, Some(help));
            }
            let span = Some(self.span(at));
            renames.push(Rename { kind, item: item.to_owned(), rust_name: rust_name.into_inner(), span });
        }
    }
}
