//! The files of the runtime that remain after the conditions on features are resolved.

use std::collections::BTreeMap;

use super::conditions::File;
use super::predicate::State;

/// The file of the root module, which declares all other modules.
pub(super) const ROOT: &str = "mod.rs";

/// The files of the runtime by their paths, with the conditions in them.
pub(super) type Files<'a> = BTreeMap<&'a str, File<'a>>;

/// Parses files, given their paths and content.
pub(super) fn parse<'a>(all: &[(&'a str, &'a str)]) -> Files<'a> {
    all.iter().map(|(path, text)| (*path, File::parse(text))).collect()
}

/// Returns the root module and all modules that are declared in a returned file.
pub(super) fn files<'a>(all: &Files<'a>, state: &State<'_>) -> Vec<(&'a str, String)> {
    let mut files = Vec::new();
    let mut waiting = vec![ROOT.to_owned()];
    while let Some(path) = waiting.pop() {
        let Some((path, file)) = all.get_key_value(path.as_str()) else { continue };
        let text = file.resolve(state);
        let folder = path.strip_suffix(ROOT).map_or_else(|| path.replace(".rs", "/"), str::to_owned);
        for (module, file) in declared(&text) {
            match file {
                Some(file) => waiting.push(format!("{folder}{file}")),
                None => waiting.extend([format!("{folder}{module}.rs"), format!("{folder}{module}/{ROOT}")]),
            }
        }
        files.push((*path, text));
    }
    files
}

/// Returns the modules that a file declares, with the file that an attribute `#[path = "…"]` names.
fn declared(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let previous = [""].into_iter().chain(text.lines());
    text.lines().zip(previous).filter_map(|(line, previous)| {
        let (visibility, module) = line.strip_suffix(';')?.rsplit_once("mod ")?;
        let is_visibility = visibility.is_empty() || visibility.starts_with("pub") && visibility.ends_with(' ');
        let file = previous.strip_prefix("#[path = \"").and_then(|rest| rest.strip_suffix("\"]"));
        is_visibility.then_some((module, file))
    })
}
