//! Compares the public API of a crate on disk with that of its newly generated files.

use super::{ApiChange, PublicApi};
use crate::output::{FileSet, Plan};

/// Returns the changes of the public API if the plan is applied. Returns `None` if there is no crate yet, or if a file is
/// not valid Rust.
pub(crate) fn changes_on_disk(plan: &Plan, files: &FileSet) -> Option<Vec<ApiChange>> {
    let previous = plan.previous_sources(files)?;
    let texts = previous.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let old_api = PublicApi::of_changed(texts, |path, text| files.get(path) != Some(text)).ok()?;
    let is_changed = |path: &str, text: &str| previous.get(path).is_none_or(|old| old != text);
    let new_api = PublicApi::of_changed(files.iter(), is_changed).ok()?;
    Some(old_api.changes_to(&new_api))
}
