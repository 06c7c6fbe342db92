//! The names that a person may choose: for a crate and for an API. A name comes in, the reason against it comes out.

use std::path::Path;

use heck::{ToKebabCase, ToSnakeCase};
use toml::de::DeTable;

/// What crates.io takes at most.
const LONGEST: usize = 64;

/// Features that each generated crate has or may have, beside those of its APIs; `default` is Cargo's, `runtime` is the
/// module that all APIs share, and `src/main.rs` is the program.
const RESERVED: [&str; 14] = [
    "default",
    "runtime",
    "main",
    "mock",
    "tracing",
    "blocking",
    "cli",
    "pkcs12",
    "x509",
    "aws-lc-rs",
    "ring",
    "gzip",
    "brotli",
    "zstd",
];

/// Crates that are there without being depended on: a crate of the same name would hide them.
const BUILT_IN: [&str; 5] = ["std", "core", "alloc", "proc_macro", "test"];

/// Folders that Cargo creates beside the programs it builds: a program cannot have such a name.
const BUILD_FOLDERS: [&str; 4] = ["build", "deps", "examples", "incremental"];

/// The manifest of the runtime, whose dependencies each generated crate has.
const RUNTIME_MANIFEST: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../templates/runtime/Cargo.toml"));

/// Why a crate cannot be called so; `None` if it can.
pub fn crate_name_fault(name: &str) -> Option<String> {
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Some("a crate's name begins with a letter from a to z".to_owned());
    }
    if let Some(character) = name.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-' && *c != '_') {
        return Some(format!("a crate's name has letters, digits, `-` and `_`, and not {character:?}"));
    }
    if name.len() > LONGEST {
        return Some(format!("a crate's name has at most {LONGEST} characters"));
    }
    let identifier = name.replace('-', "_");
    let fault = if BUILT_IN.contains(&identifier.as_str()) {
        format!("`{identifier}` is a crate that comes with Rust")
    } else if BUILD_FOLDERS.contains(&name) {
        format!("`{name}` is a folder of Cargo's, where the program of the crate would be built")
    } else if is_dependency(&identifier) {
        format!("`{name}` is a dependency of each generated crate")
    } else if is_keyword(&identifier) {
        format!("`{identifier}` is a keyword of Rust")
    } else {
        return None;
    };
    Some(format!("{fault}; use another name, such as `{name}-client`"))
}

/// Whether a generated crate depends on a crate that Rust code calls so, with any of its features.
fn is_dependency(identifier: &str) -> bool {
    let Ok(manifest) = DeTable::parse(RUNTIME_MANIFEST) else { return false };
    let dependencies = manifest.get_ref().get("dependencies").and_then(|table| table.get_ref().as_table());
    dependencies
        .is_some_and(|table| table.keys().any(|name| name.get_ref().replace('-', "_").eq_ignore_ascii_case(identifier)))
}

/// Why an API cannot be called so; `None` if it can.
pub(super) fn api_name_fault(name: &str) -> Option<String> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.split('-').all(is_word) {
        return Some(
            "an API's name is of words of small letters and digits with `-` between them, like `pet-store`".to_owned(),
        );
    }
    if name.len() > LONGEST {
        return Some(format!("an API's name has at most {LONGEST} characters"));
    }
    if RESERVED.contains(&name) {
        return Some(format!("`{name}` has another meaning in each generated crate"));
    }
    let module = name.replace('-', "_");
    is_keyword(&module).then(|| format!("the module would be called `{module}`, a keyword of Rust"))
}

/// The name for a crate that is made of this file, where nothing better is known: its stem in kebab case.
pub fn crate_name_from(path: &str) -> String {
    let stem = Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let ascii: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let mut name = ascii.to_kebab_case();
    name.truncate(LONGEST - "api-".len());
    let name = name.trim_end_matches('-');
    match name {
        "" => "api-client".to_owned(),
        name if crate_name_fault(name).is_some() => format!("api-{name}"),
        name => name.to_owned(),
    }
}

fn is_keyword(name: &str) -> bool {
    // `Self` and `self` among them, in whatever case: the identifier is the name in snake case.
    syn::parse_str::<syn::Ident>(name).is_err()
        || syn::parse_str::<syn::Ident>(&name.to_snake_case()).is_err()
        || name == "gen"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crate_names() {
        for name in ["pki-clients", "a", "Pet_Store2", "crates-io"] {
            assert_eq!(crate_name_fault(name), None, "{name}");
        }
        let long = "x".repeat(65);
        for name in
            ["", "-a", "2d", "a.b", "a b", "straße", "crate", "gen", "async", "std", "proc-macro", "_a", long.as_str()]
        {
            assert!(crate_name_fault(name).is_some(), "{name}");
        }
    }

    #[test]
    fn crate_name_of_dependency_is_refused() {
        let dependencies =
            ["serde", "http", "url", "bytes", "clap", "zip", "serde_json", "serde-json", "p12_keystore", "Serde"];
        for name in dependencies {
            let fault = crate_name_fault(name).unwrap();
            assert!(fault.contains("dependency") && fault.contains(&format!("`{name}-client`")), "{fault}");
        }
        for name in ["deps", "build", "std", "test", "self", "crate"] {
            assert!(crate_name_fault(name).unwrap().ends_with(&format!("such as `{name}-client`")), "{name}");
        }
        // What only the runtime's own tests need is no dependency of a generated crate.
        for name in ["wiremock", "rcgen", "serde-client", "dependencies"] {
            assert_eq!(crate_name_fault(name), None, "{name}");
        }
    }

    #[test]
    fn each_dependency_of_the_runtime_is_refused() {
        let (_, behind) = RUNTIME_MANIFEST.split_once("\n[dependencies]\n").unwrap();
        let table = behind.split_once("\n[").unwrap().0;
        let names = table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
        let names: Vec<&str> = names.map(|(name, _)| name).collect();
        assert!(names.len() > 10, "{names:?}");
        for name in names {
            assert!(crate_name_fault(name).is_some(), "{name}");
        }
    }

    #[test]
    fn api_names() {
        for name in ["digicert-iot", "v2", "a-1"] {
            assert_eq!(api_name_fault(name), None, "{name}");
        }
        for name in
            ["", "Digicert", "digicert_iot", "a--b", "-a", "a-", "2a", "type", "runtime", "default", "mock", "try"]
        {
            assert!(api_name_fault(name).is_some(), "{name}");
        }
    }

    #[test]
    fn names_from_files() {
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
        assert_eq!(crate_name_fault(&long), None, "{long}");
    }
}
