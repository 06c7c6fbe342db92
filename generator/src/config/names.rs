//! The names that a person may choose: for a crate and for an API. A name comes in, the reason against it comes out.

use std::path::Path;

use heck::{ToKebabCase, ToSnakeCase};

/// What crates.io takes at most.
const LONGEST: usize = 64;

/// Features that each generated crate has or may have, beside those of its APIs; `default` is Cargo's, `runtime` is the
/// module that all APIs share, and `src/main.rs` is the program.
const RESERVED: [&str; 11] =
    ["default", "runtime", "main", "mock", "tracing", "blocking", "cli", "pkcs12", "x509", "aws-lc-rs", "ring"];

/// Crates that are there without being depended on: a crate of the same name would hide them.
const BUILT_IN: [&str; 5] = ["std", "core", "alloc", "proc_macro", "test"];

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
    if BUILT_IN.contains(&identifier.as_str()) {
        return Some(format!("`{identifier}` is a crate that comes with Rust"));
    }
    is_keyword(&identifier).then(|| format!("`{identifier}` is a keyword of Rust"))
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
