//! Checks that adding to a document renames nothing: takes random parts out of a document, generates a crate, puts the
//! parts back, generates again with the lock file of the first crate, and compares the public items.

mod items;
mod reduce;

use clientwright::output::{FileSet, lock_file_text};
use serde_json::Value;

/// Returns the public items of a reduced document that are renamed or missing after its removed parts are put back.
/// Returns `None` if the reduced document has errors or no operations. The seed determines which parts are removed.
///
/// `generate` generates a crate from the JSON text of a document and a lock file.
pub fn lost_items(
    document: &Value,
    seed: u64,
    generate: impl Fn(&str, Option<&str>) -> Option<FileSet>,
) -> Option<Vec<String>> {
    let reduced = reduce::reduced(document, seed)?;
    let before = generate(&reduced.to_string(), None)?;
    let after = generate(&document.to_string(), Some(&lock_file_text(&before.lock_file)))?;
    let after = items::public(&after);
    Some(items::public(&before).into_iter().filter(|item| !after.contains(item)).collect())
}
