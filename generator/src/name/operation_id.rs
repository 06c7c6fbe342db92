//! Shortens the operation IDs that FastAPI generates: the name of a function, followed by the path and the method.

use crate::ir::Operation;

/// Returns an operation ID without the path and the method of the operation at its end: `add_item` for
/// `add_item_items__item_id__post`. `None` if the ID does not end
/// with them. As in FastAPI, all characters of the path except letters, digits and underscores are underscores in the
/// ID.
pub(super) fn without_route<'a>(id: &'a str, operation: &Operation) -> Option<&'a str> {
    let letter = |letter: char| if letter.is_alphanumeric() || letter == '_' { letter } else { '_' };
    let path: String = operation.path.chars().map(letter).collect();
    let rest = id.strip_suffix(&operation.method.to_lowercase())?.strip_suffix('_')?.strip_suffix(path.as_str())?;
    Some(rest).filter(|rest| rest.chars().any(char::is_alphanumeric))
}
