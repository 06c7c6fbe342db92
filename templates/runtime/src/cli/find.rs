//! Lookup of an operation by `METHOD /path/template` or by operation id.

use super::entry::{Api, Entry};
use super::exit::ExitError;
use super::suggest;

/// Returns the operation with this method and path template, or with this operation id.
pub fn operation(api: &'static Api, name: &str) -> Result<&'static Entry, ExitError> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_route = |entry: &&Entry, is_method: fn(&str, &str) -> bool| match words.as_slice() {
        [method, path] => is_method(entry.info.method_name(), method) && entry.info.path == *path,
        _ => false,
    };
    // Methods are case-sensitive. A method in another case is also accepted, but an exact match takes precedence.
    let is_same = |entry: &&Entry| is_route(entry, |known, given| known == given);
    let has_route = |entry: &&Entry| is_route(entry, str::eq_ignore_ascii_case);
    let has_id = |entry: &&Entry| entry.info.id == name;
    let mut entries = api.operations.iter();
    let route = entries.clone().find(is_same).or_else(|| entries.clone().find(has_route));
    route.or_else(|| entries.find(has_id)).ok_or_else(|| {
        let routes: Vec<String> =
            api.operations.iter().map(|it| format!("{} {}", it.info.method_name(), it.info.path)).collect();
        let names = api.operations.iter().map(|entry| entry.info.id).chain(routes.iter().map(String::as_str));
        let hint = suggest::hint(&words.join(" "), names);
        ExitError::usage(format!(
            "{} has no operation `{name}`{hint} (run `list` to see all operations)",
            api.info.name
        ))
    })
}
