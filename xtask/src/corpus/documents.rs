//! Finds the OpenAPI documents in a folder, and assigns a crate name to each.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clientwright::config::crate_name_from;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// An OpenAPI document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    /// The path relative to the folder, with `/` as separator.
    pub(crate) name: String,
    /// The path of the file.
    pub(crate) path: PathBuf,
    /// The name of the document's crate. It does not depend on `--only`.
    pub(crate) package: String,
}

/// Returns the documents in a folder, sorted by path.
pub(crate) fn find(folder: &Path, only: Option<&glob::Pattern>) -> Result<Vec<Document>> {
    let mut names = Vec::new();
    collect(folder, "", &mut names)?;
    names.sort();
    let mut taken = BTreeSet::new();
    let mut documents = Vec::new();
    for name in names {
        let path = folder.join(&name);
        // Unreadable files count as documents, so that the generator reports the error.
        if !is_document(&path).unwrap_or(true) {
            continue;
        }
        let package = package(&name, &mut taken);
        if only.is_none_or(|only| only.matches(&name)) {
            documents.push(Document { name, path, package });
        }
    }
    Ok(documents)
}

fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // Do not follow symbolic links to folders, because they may form a cycle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), &format!("{name}/"), names)?;
        } else if [".json", ".yaml", ".yml"].iter().any(|extension| name.ends_with(extension)) {
            names.push(name);
        }
    }
    Ok(())
}

/// Returns whether a file has the key `openapi` or `swagger` at its top level. If a file is not valid JSON,
/// searches it line by line: it may be YAML, or malformed JSON, in which the key may be indented.
fn is_document(path: &Path) -> std::io::Result<bool> {
    #[derive(Deserialize)]
    struct TopLevel {
        openapi: Option<IgnoredAny>,
        swagger: Option<IgnoredAny>,
    }
    let text = fs::read(path)?;
    if let Ok(TopLevel { openapi, swagger }) = serde_json::from_slice(&text) {
        return Ok(openapi.is_some() || swagger.is_some());
    }
    let text = String::from_utf8_lossy(&text);
    let json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    Ok(text.lines().any(|line| {
        let line = if json { line.trim_start() } else { line.trim_start_matches('\u{feff}') };
        let key = line.trim_start_matches(['"', '\'', '{']);
        let rest = key.strip_prefix("openapi").or_else(|| key.strip_prefix("swagger"));
        rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
    }))
}

/// Returns a crate name for a document. Chooses a name that is not in `taken`, and adds it to `taken`.
fn package(name: &str, taken: &mut BTreeSet<String>) -> String {
    let base = crate_name_from(&name.replace('/', "-"));
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let free = std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(base);
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_have_version_at_top_level() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("b.yaml", "info: {}\nopenapi: 3.0.0\n"),
            ("a/c.json", "{\"info\": {}, \"openapi\": \"3.0.0\"}"),
            ("a-c.json", "{\n  \"swagger\": \"2.0\",\n  oops"),
            ("a/part.yaml", "components:\n  openapi: 3.0.0\n"),
            ("a/part.json", "{\"x\": {\"openapi\": \"3.0.0\"}}"),
            ("read.me", "openapi: 3.0.0\n"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = |only: Option<&str>| {
            let only = only.map(|only| glob::Pattern::new(only).unwrap());
            let found = find(folder.path(), only.as_ref()).unwrap();
            found.into_iter().map(|document| (document.name, document.package)).collect::<Vec<_>>()
        };
        let [first, second, third] = [("a-c.json", "a-c"), ("a/c.json", "a-c-2"), ("b.yaml", "b")]
            .map(|(name, package)| (name.to_owned(), package.to_owned()));
        assert_eq!(found(None), [first, second.clone(), third]);
        assert_eq!(found(Some("a/*")), [second]);
    }
}
