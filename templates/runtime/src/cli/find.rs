//! Which operation is meant: `METHOD /path/template` or an operation's id comes in, its entry comes out.

use super::entry::{Api, Entry};
use super::stop::Stop;
use super::suggest;

/// The operation of this name.
pub fn operation(api: &'static Api, name: &str) -> Result<&'static Entry, Stop> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_meant = |entry: &&Entry| match words.as_slice() {
        [method, path] => entry.info.method.as_str().eq_ignore_ascii_case(method) && entry.info.path == *path,
        _ => false,
    };
    let is_called = |entry: &&Entry| entry.info.id == name;
    let mut entries = api.operations.iter();
    entries.clone().find(is_meant).or_else(|| entries.find(is_called)).ok_or_else(|| {
        let routes: Vec<String> =
            api.operations.iter().map(|it| format!("{} {}", it.info.method, it.info.path)).collect();
        let names = api.operations.iter().map(|entry| entry.info.id).chain(routes.iter().map(String::as_str));
        let hint = suggest::hint(&words.join(" "), names);
        Stop::usage(format!("{} has no operation `{name}`{hint} (`list` shows them all)", api.info.name))
    })
}
