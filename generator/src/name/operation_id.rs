//! Shortens the operation IDs that FastAPI generates: the name of a function, followed by the path and the method.

use std::collections::{HashMap, HashSet};

use crate::ir::{Api, Operation};

/// Maps each operation ID that ends with the path and the method of its operation to the rest of the ID: `add_item` for
/// `add_item_items__item_id__post`. Omits IDs whose rest is also the name of another operation.
pub(super) fn short_ids(api: &Api) -> HashMap<&str, &str> {
    let operations = || api.groups.iter().flat_map(|group| &group.operations);
    let mut taken: HashSet<&str> = HashSet::new();
    let mut repeated: HashSet<&str> = HashSet::new();
    for operation in operations() {
        let Some(id) = &operation.id else { continue };
        let name = without_route(id, operation).unwrap_or(id);
        if !taken.insert(name) {
            repeated.insert(name);
        }
    }
    let short = operations().filter_map(|operation| {
        let id = operation.id.as_deref()?;
        Some((id, without_route(id, operation).filter(|short| !repeated.contains(short))?))
    });
    short.collect()
}

/// Returns an operation ID without the path and the method of the operation at its end. `None` if the ID does not end
/// with them. As in FastAPI, all characters of the path except letters, digits and underscores are underscores in the
/// ID.
fn without_route<'a>(id: &'a str, operation: &Operation) -> Option<&'a str> {
    let letter = |letter: char| if letter.is_alphanumeric() || letter == '_' { letter } else { '_' };
    let path: String = operation.path.chars().map(letter).collect();
    let rest = id.strip_suffix(&operation.method.to_lowercase())?.strip_suffix('_')?.strip_suffix(path.as_str())?;
    Some(rest).filter(|rest| rest.chars().any(char::is_alphanumeric))
}
