//! Creates the text of a new `clients.toml`.

use std::io;
use std::path::{Component, Path, absolute};

use super::clients::is_portable;
use super::load::lexical;
use super::table::toml_string;
use crate::diagnostics::quoted;

/// The error of [`clients_toml`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InitError {
    /// The current directory cannot be determined.
    #[error("cannot determine the current directory: {0}")]
    CurrentDirectory(#[from] io::Error),
    /// There is no relative path with `/` as the separator.
    #[error("{} cannot be a path in `clients.toml`, because it would not be the same on other machines", quoted(.0))]
    Path(String),
    /// The crate would contain `clients.toml`.
    #[error("{} would contain `clients.toml`; a crate must be generated into another directory", quoted(.0))]
    Directory(String),
}

/// Returns the text of a commented `clients.toml` with one crate of one document. All paths are relative to the current
/// directory.
///
/// - `file`: the path of the new `clients.toml`.
/// - `spec`: the path of the document.
/// - `name`: the name of the crate.
/// - `directory`: the directory of the crate.
///
/// # Errors
/// A path cannot be written in the file, or the directory of the crate contains the file.
pub fn clients_toml(file: &Path, spec: &Path, name: &str, directory: &Path) -> Result<String, InitError> {
    let base = absolute(file)?;
    let base = lexical(base.parent().unwrap_or(&base));
    let spec = relative(&base, spec)?;
    let crate_directory = relative(&base, directory)?;
    if crate_directory.split('/').all(|segment| segment == ".." || segment.is_empty()) {
        return Err(InitError::Directory(directory.display().to_string()));
    }
    Ok(text(&spec, name, &crate_directory))
}

/// Returns a path relative to the absolute directory `base`, with `/` as the separator.
fn relative(base: &Path, path: &Path) -> Result<String, InitError> {
    let invalid = || InitError::Path(path.display().to_string());
    let target = lexical(&absolute(path)?);
    let common = base.components().zip(target.components()).take_while(|(one, other)| one == other).count();
    if common == 0 {
        return Err(invalid());
    }
    let up = base.components().skip(common).map(|_| Some(".."));
    let down = target.components().skip(common).map(|component| match component {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let segments: Option<Vec<&str>> = up.chain(down).collect();
    segments.map(|segments| segments.join("/")).filter(|path| is_portable(path)).ok_or_else(invalid)
}

fn text(spec: &str, name: &str, directory: &str) -> String {
    let (spec, directory) = (toml_string(spec), toml_string(directory));
    format!(
        r#"# The crates that `clientwright generate` generates. Paths are relative to this file. Reference:
# {repository}/blob/main/docs/configuration.md

[[crate]]
name = "{name}"
# The directory of the generated files. Commit these files, and the file clientwright.lock beside this file.
directory = {directory}
version = "0.1.0"
# description = "A client of …"
# license = "MIT OR Apache-2.0"
# repository = "https://git.example/{name}"
# Optional parts of the crate, such as "blocking", "cli", "gzip", "mock" and "tracing".
# features = ["gzip"]
# Turn errors of the document with a local, well-defined workaround into warnings.
# lenient = true

[[crate.api]]
spec = {spec}
# The items of an API without a name are in the crate root. If the crate has several [[crate.api]], each needs a name,
# which becomes its module and its Cargo feature.
# name = "{api}"
# Overlays that correct the document, in the order in which they are applied.
# overlays = ["corrections.yaml"]
# The operations to generate, by tag, path, operationId or webhook. `exclude` leaves operations out.
# include = {{ tags = ["pets"], paths = ["GET /pets/**"] }}
# Rust names of items.
# rename = {{ schemas = {{ PetV2 = "Pet" }}, operations = {{ get_pet_by_id = "get" }} }}
# Types of other crates for formats and schemas.
# types = {{ uuid = "uuid::Uuid", date-time = "chrono::DateTime<chrono::Utc>" }}

# The severity of warnings and notes by code: "allow", "note", "warn" or "error".
# [lint]
# unused-component = "allow"
"#,
        repository = env!("CARGO_PKG_REPOSITORY"),
        api = super::names::api_name_from(name),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::source::Sources;

    fn errors(text: &str) -> Vec<String> {
        let mut diagnostics = Diagnostics::new();
        let source = Sources::new().add("clients.toml", text);
        super::super::clients::parse(text, source, &mut diagnostics);
        diagnostics.sorted().iter().map(|one| one.message.clone()).collect()
    }

    #[test]
    fn created_file_is_valid_with_and_without_comments() {
        let text =
            clients_toml(Path::new("clients.toml"), Path::new("a\u{7f}\"b.yaml"), "zoo", Path::new("zoo")).unwrap();
        assert_eq!(errors(&text), [""; 0]);
        let settings = text.lines().map(|line| match line.strip_prefix("# ") {
            Some(setting) if setting.contains(" = ") || setting.starts_with('[') => setting,
            _ => line,
        });
        let settings: Vec<&str> = settings.collect();
        assert_eq!(errors(&settings.join("\n")), [""; 0]);
        assert!(settings.contains(&"name = \"zoo\"") && settings.contains(&"[lint]"));
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let paths = |file: &str, spec: &str, directory: &str| {
            let text = clients_toml(Path::new(file), Path::new(spec), "zoo", Path::new(directory)).unwrap();
            let value = |key: &str| {
                let (_, rest) = text.split_once(&format!("\n{key} = \"")).unwrap();
                rest.split_once('"').unwrap().0.to_owned()
            };
            (value("spec"), value("directory"))
        };
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(paths("clients.toml", "./a.yaml", "zoo/"), pair("a.yaml", "zoo"));
        assert_eq!(paths("specs/clients.toml", "specs/v1/a.yaml", "zoo"), pair("v1/a.yaml", "../zoo"));
        assert_eq!(paths("/w/specs/clients.toml", "/w/a.yaml", "/w/specs/../zoo"), pair("../a.yaml", "../zoo"));
        for directory in [".", "specs/..", ".."] {
            let error = clients_toml(Path::new("clients.toml"), Path::new("a.yaml"), "zoo", Path::new(directory));
            assert!(matches!(error, Err(InitError::Directory(_))), "{directory}");
        }
        let error = clients_toml(Path::new("clients.toml"), Path::new("a:b.yaml"), "zoo", Path::new("zoo"));
        assert!(matches!(error, Err(InitError::Path(_))));
    }
}
