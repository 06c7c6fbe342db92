//! Validates the configured names of crates and APIs.

use std::path::Path;

use heck::{ToKebabCase, ToSnakeCase};
use toml::de::DeTable;

use super::Feature;

/// The maximum length of a crate name on crates.io.
const MAX_LENGTH: usize = 64;

/// Names that an API must not have in addition to the names of features: `default` is a feature of Cargo, `runtime` is
/// the module that all APIs share, and a module `main` would be in `src/main.rs`, the file of the program.
const RESERVED: [&str; 3] = ["default", "runtime", "main"];

/// Crates of the Rust distribution. A generated crate with the same name would hide them.
const BUILT_IN: [&str; 5] = ["std", "core", "alloc", "proc_macro", "test"];

/// The directories that Cargo creates next to built programs. A program cannot have the name of such a directory.
const BUILD_DIRECTORIES: [&str; 4] = ["build", "deps", "examples", "incremental"];

/// Returns an error message if a name does not have the form of a crate name.
pub(super) fn crate_name_form_error(name: &str) -> Option<String> {
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Some("a crate name must begin with an ASCII letter".to_owned());
    }
    if let Some(character) = name.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-' && *c != '_') {
        return Some(format!("a crate name consists of ASCII letters, digits, `-` and `_`, not {character:?}"));
    }
    (name.len() > MAX_LENGTH).then(|| format!("a crate name has at most {MAX_LENGTH} characters"))
}

/// Returns an error message if the name of a generated crate is invalid. Returns `None` if it is valid.
pub fn crate_name_error(name: &str) -> Option<String> {
    if let Some(error) = crate_name_form_error(name) {
        return Some(error);
    }
    let identifier = name.replace('-', "_");
    let error = if BUILT_IN.contains(&identifier.as_str()) {
        format!("`{identifier}` is a crate of the Rust distribution")
    } else if BUILD_DIRECTORIES.contains(&name) {
        format!("`{name}` is also the name of a directory in which Cargo stores build output")
    } else if is_dependency(&identifier) {
        format!("`{name}` is a dependency of each generated crate")
    } else if is_keyword(&identifier) {
        format!("`{identifier}` is a Rust keyword")
    } else {
        return None;
    };
    Some(format!("{error}; use another name, such as `{name}-client`"))
}

/// Returns whether generated crates have a dependency of this name. Includes optional dependencies.
///
/// Each generated crate has the dependencies of the runtime, the code that all generated crates share.
fn is_dependency(identifier: &str) -> bool {
    let Ok(manifest) = DeTable::parse(clientwright_runtime::sources::MANIFEST) else { return false };
    let dependencies = manifest.get_ref().get("dependencies").and_then(|table| table.get_ref().as_table());
    dependencies
        .is_some_and(|table| table.keys().any(|name| name.get_ref().replace('-', "_").eq_ignore_ascii_case(identifier)))
}

/// Returns an error message if an API name is invalid. Returns `None` if it is valid.
pub(super) fn api_name_error(name: &str) -> Option<String> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.split('-').all(is_word) {
        return Some(
            "an API name consists of lower-case letters and digits, with `-` between words: `pet-store`".to_owned(),
        );
    }
    if name.len() > MAX_LENGTH {
        return Some(format!("an API name has at most {MAX_LENGTH} characters"));
    }
    let is_feature = Feature::ALWAYS.contains(&name)
        || Feature::ALL.iter().any(|feature| feature.is_cargo_feature() && feature.name() == name);
    if is_feature || RESERVED.contains(&name) {
        return Some(format!("generated crates use the name `{name}` for another module or feature; use another name"));
    }
    let module = name.replace('-', "_");
    is_keyword(&module)
        .then(|| format!("`{name}` cannot be the name of a module: `{module}` is a Rust keyword; use another name"))
}

/// Returns the default name of the crate for a document: the file name without its extension in kebab case, e.g.
/// `pet-store` for `PetStore.yaml`. Adds the prefix `api-` if the name is not a valid crate name.
pub fn crate_name_from(path: &str) -> String {
    let stem = Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let ascii: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let mut name = ascii.to_kebab_case();
    name.truncate(MAX_LENGTH - "api-".len());
    let name = name.trim_end_matches('-');
    match name {
        "" => "api-client".to_owned(),
        name if crate_name_error(name).is_some() => format!("api-{name}"),
        name => name.to_owned(),
    }
}

/// Returns the name of the only API of a crate.
pub(super) fn api_name_from(crate_name: &str) -> String {
    crate_name.replace('_', "-").to_ascii_lowercase()
}

fn is_keyword(name: &str) -> bool {
    // Also check the name in snake case, because generated code uses that form: `SELF` becomes the keyword `self`.
    syn::parse_str::<syn::Ident>(name).is_err()
        || syn::parse_str::<syn::Ident>(&name.to_snake_case()).is_err()
        || name == "gen"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_crate_name_is_rejected() {
        for name in ["pki-clients", "a", "Pet_Store2", "crates-io"] {
            assert_eq!(crate_name_error(name), None, "{name}");
        }
        let long = "x".repeat(65);
        for name in
            ["", "-a", "2d", "a.b", "a b", "straße", "crate", "gen", "async", "std", "proc-macro", "_a", long.as_str()]
        {
            assert!(crate_name_error(name).is_some(), "{name}");
        }
    }

    #[test]
    fn dependency_as_crate_name_is_rejected() {
        let dependencies =
            ["serde", "http", "url", "bytes", "clap", "zip", "serde_json", "serde-json", "p12_keystore", "Serde"];
        for name in dependencies {
            let error = crate_name_error(name).unwrap();
            assert!(error.contains("dependency") && error.contains(&format!("`{name}-client`")), "{error}");
        }
        for name in ["deps", "build", "std", "test", "self", "crate"] {
            assert!(crate_name_error(name).unwrap().ends_with(&format!("such as `{name}-client`")), "{name}");
        }
        // Dev-dependencies of the runtime are not dependencies of generated crates.
        for name in ["wiremock", "rcgen", "serde-client", "dependencies"] {
            assert_eq!(crate_name_error(name), None, "{name}");
        }
    }

    #[test]
    fn runtime_dependency_as_crate_name_is_rejected() {
        let (_, rest) = clientwright_runtime::sources::MANIFEST.split_once("\n[dependencies]\n").unwrap();
        let table = rest.split_once("\n[").unwrap().0;
        let names = table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
        let names: Vec<&str> = names.map(|(name, _)| name).collect();
        assert!(names.len() > 10, "{names:?}");
        for name in names {
            assert!(crate_name_error(name).is_some(), "{name}");
        }
    }

    #[test]
    fn invalid_api_name_is_rejected() {
        for name in ["digicert-iot", "v2", "a-1"] {
            assert_eq!(api_name_error(name), None, "{name}");
        }
        for name in
            ["", "Digicert", "digicert_iot", "a--b", "-a", "a-", "2a", "type", "runtime", "default", "mock", "try"]
        {
            assert!(api_name_error(name).is_some(), "{name}");
        }
    }

    #[test]
    fn crate_name_is_derived_from_file() {
        let names = [
            ("specs/digicert-mpki.yaml", "digicert-mpki"),
            ("PetStore v1.json", "pet-store-v1"),
            ("petstore.openapi.yaml", "petstore-openapi"),
            ("3d.yaml", "api-3d"),
            ("type.yaml", "api-type"),
            ("http.json", "api-http"),
            ("Приклад.yaml", "api-client"),
            ("-", "api-client"),
            ("", "api-client"),
        ];
        for (path, name) in names {
            assert_eq!(crate_name_from(path), name);
        }
        let long = crate_name_from(&"x-y".repeat(100));
        assert_eq!(crate_name_error(&long), None, "{long}");
    }
}
