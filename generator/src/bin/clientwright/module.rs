//! `clientwright generate --module`: the place of a module in an existing crate, and the dependencies that it needs.

use std::fs;
use std::path::{Component, Path, PathBuf, absolute};

use toml::de::DeTable;

/// A module of an existing crate.
#[derive(Debug, PartialEq, Eq)]
pub struct Module {
    /// The name of the library or program, as a Rust identifier.
    pub library: String,
    /// The path of the module in its crate: `["vendor", "api"]` for `src/vendor/api`.
    pub path: Vec<String>,
    /// The manifest of the crate.
    manifest: PathBuf,
}

impl Module {
    /// Finds the crate of a directory. Returns an error message if the directory is not in the folder `src` of a crate.
    pub fn find(directory: &Path) -> Result<Self, String> {
        let shown = directory.display();
        let directory = absolute(directory).map_err(|error| format!("`{shown}`: {error}"))?;
        let package = directory.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file());
        let Some(package) = package else {
            return Err(format!("`{shown}` is not in a crate: no directory that contains it has a `Cargo.toml`"));
        };
        let manifest = package.join("Cargo.toml");
        let within = directory.strip_prefix(package.join("src")).unwrap_or(Path::new(""));
        let names = within.components().map(|component| match component {
            Component::Normal(name) => name.to_str().filter(|name| syn::parse_str::<syn::Ident>(name).is_ok()),
            _ => None,
        });
        let path: Option<Vec<String>> = names.map(|name| name.map(str::to_owned)).collect();
        let Some(path) = path.filter(|path| !path.is_empty()) else {
            return Err(format!(
                "`{shown}` cannot be a module: it must be in `{}`, and its path must consist of Rust identifiers",
                package.join("src").display()
            ));
        };
        let text = fs::read_to_string(&manifest).map_err(|error| format!("`{}`: {error}", manifest.display()))?;
        let library = library(&text).ok_or_else(|| format!("`{}` has no package name", manifest.display()))?;
        Ok(Self { library, path, manifest })
    }

    /// Returns the text that tells which of the dependencies the manifest of the crate does not have yet, and how to
    /// declare the module. Empty if there is nothing to do.
    pub fn steps(&self, dependencies: &[String]) -> String {
        let text = fs::read_to_string(&self.manifest).unwrap_or_default();
        let root = DeTable::parse(&text).ok();
        let table = root.as_ref().and_then(|root| root.get_ref().get("dependencies")?.get_ref().as_table());
        let has = |line: &String| {
            let name = line.split_once(" = ").map_or("", |(name, _)| name);
            table.is_some_and(|table| table.get(name).is_some())
        };
        let missing: Vec<&str> = dependencies.iter().filter(|line| !has(line)).map(String::as_str).collect();
        if missing.is_empty() {
            return String::new();
        }
        let (module, parent) = match self.path.as_slice() {
            [module] => (module, "the root of the crate".to_owned()),
            [parents @ .., module] => (module, format!("the module `{}`", parents.join("::"))),
            [] => return String::new(),
        };
        format!(
            "\nAdd these dependencies to `{}`:\n\n[dependencies]\n{}\n\nand `pub mod {module};` to {parent}.",
            self.manifest.display(),
            missing.join("\n")
        )
    }
}

/// Returns the name of the library of a package, or else of its program.
fn library(manifest: &str) -> Option<String> {
    let root = DeTable::parse(manifest).ok()?;
    let name = |table: &str| root.get_ref().get(table)?.get_ref().as_table()?.get("name")?.get_ref().as_str();
    name("lib").or_else(|| name("package")).map(|name| name.replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crate_and_path_of_module_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("my-app");
        fs::create_dir_all(package.join("src")).unwrap();
        fs::write(package.join("Cargo.toml"), "[package]\nname = \"my-app\"\n[dependencies]\nhttp = \"1\"\n").unwrap();
        let module = Module::find(&package.join("src/vendor/api")).unwrap();
        assert_eq!((module.library.as_str(), module.path.join("::")), ("my_app", "vendor::api".to_owned()));
        let steps = module.steps(&["http = \"1\"".to_owned(), "serde = \"1\"".to_owned()]);
        assert!(steps.contains("[dependencies]\nserde = \"1\"\n\n"), "{steps}");
        assert!(steps.ends_with("and `pub mod api;` to the module `vendor`."), "{steps}");
        assert_eq!(module.steps(&["http = \"1\"".to_owned()]), "");
        for (directory, expected) in
            [("src", "cannot be a module"), ("api", "cannot be a module"), ("src/a-b", "cannot be a module")]
        {
            let error = Module::find(&package.join(directory)).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
