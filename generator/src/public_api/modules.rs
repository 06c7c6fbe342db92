//! Determines the public path of the items in each module of a crate.

use std::collections::{HashMap, HashSet};

use syn::{Item, UseTree, Visibility};

use super::read::is_hidden;

/// The declarations of the modules of a crate: which modules are public, and which items are re-exported.
#[derive(Debug, Default)]
pub(super) struct Modules {
    /// For each module with submodules: the submodules and re-exports, by the path of the module.
    declared: HashMap<Vec<String>, Declarations>,
}

#[derive(Debug, Default)]
struct Declarations {
    public: HashSet<String>,
    /// The items that are re-exported from a private submodule. `None` for all items (`*`).
    exported: HashMap<String, Option<HashSet<String>>>,
}

/// The public path of a module, and the items in it that callers can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exposure {
    /// The path by which callers name the items.
    pub path: Vec<String>,
    /// The items that callers can name. `None` for all public items.
    only: Option<HashSet<String>>,
}

impl Exposure {
    /// Returns whether callers can name a public item of the module.
    pub fn contains(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(name))
    }
}

/// Returns the path of the module in a file, e.g. `models::seats` for `src/models/seats.rs`. `None` for files that are no
/// modules of the library.
pub(super) fn module_path(file: &str) -> Option<Vec<String>> {
    let path = file.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    match path {
        "lib" => parts.clear(),
        "main" => return None,
        _ if parts.last().is_some_and(|last| last == "mod") => drop(parts.pop()),
        _ => {}
    }
    Some(parts)
}

/// Returns whether a file can declare modules: other files of generated crates declare none.
pub(super) fn declares_modules(file: &str) -> bool {
    file == "src/lib.rs" || file.ends_with("/mod.rs")
}

impl Modules {
    /// Adds the declarations of a module.
    pub fn add(&mut self, module: &[String], items: &[Item]) {
        let mut declarations = Declarations::default();
        for item in items {
            match item {
                Item::Mod(it) if matches!(it.vis, Visibility::Public(_)) && !is_hidden(&it.attrs) => {
                    declarations.public.insert(it.ident.to_string());
                }
                Item::Use(it) if matches!(it.vis, Visibility::Public(_)) && !is_hidden(&it.attrs) => {
                    declarations.export(&it.tree);
                }
                _ => {}
            }
        }
        self.declared.insert(module.to_vec(), declarations);
    }

    /// Returns the public path of a module. `None` if callers can name none of its items.
    pub fn exposure(&self, module: &[String]) -> Option<Exposure> {
        let mut exposure = Exposure { path: Vec::new(), only: None };
        for (depth, name) in module.iter().enumerate() {
            let parent = self.declared.get(module.get(..depth)?)?;
            if parent.public.contains(name) && exposure.only.is_none() {
                exposure.path.push(name.clone());
                continue;
            }
            if let Some(items) = parent.exported.get(name)? {
                exposure.only = Some(match exposure.only {
                    Some(only) => only.intersection(items).cloned().collect(),
                    None => items.clone(),
                });
            }
        }
        Some(exposure)
    }
}

impl Declarations {
    /// Adds a re-export from a submodule: `pub use seats::*`, `pub use self::client::{Client, ClientBuilder}`.
    fn export(&mut self, tree: &UseTree) {
        let UseTree::Path(path) = tree else { return };
        if path.ident == "self" {
            return self.export(&path.tree);
        }
        let exported = self.exported.entry(path.ident.to_string()).or_insert_with(|| Some(HashSet::new()));
        match last_names(&path.tree) {
            Some(names) => exported.iter_mut().for_each(|all| all.extend(names.clone())),
            None => *exported = None,
        }
    }
}

/// Returns the names at the end of the paths of a `use` item. `None` if there is a `*`.
fn last_names(tree: &UseTree) -> Option<HashSet<String>> {
    match tree {
        UseTree::Name(name) => Some(HashSet::from([name.ident.to_string()])),
        UseTree::Rename(rename) => Some(HashSet::from([rename.ident.to_string()])),
        UseTree::Path(path) => last_names(&path.tree),
        UseTree::Group(group) => {
            let names: Option<Vec<_>> = group.items.iter().map(last_names).collect();
            names.map(|names| names.into_iter().flatten().collect())
        }
        UseTree::Glob(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn private_modules_are_omitted_from_paths() {
        let mut modules = Modules::default();
        let mut add = |module: &str, text: &str| modules.add(&path(module), &syn::parse_file(text).unwrap().items);
        add("", "mod client; pub mod models; pub(crate) mod cli; pub use client::{Client, ClientBuilder};");
        add("models", "mod seats; #[doc(hidden)] pub mod hidden; pub use seats::*;");
        let exposure = |module: &str| modules.exposure(&path(module));
        assert_eq!(exposure("models::seats"), Some(Exposure { path: path("models"), only: None }));
        let client = exposure("client").unwrap();
        assert!(client.path.is_empty() && client.contains("Client") && !client.contains("API"));
        assert_eq!(exposure("cli"), None);
        assert_eq!(exposure("models::hidden"), None);
    }

    #[test]
    fn file_is_module() {
        assert_eq!(module_path("src/lib.rs"), Some(Vec::new()));
        assert_eq!(module_path("src/a/mod.rs"), Some(path("a")));
        assert_eq!(module_path("src/a/b.rs"), Some(path("a::b")));
        assert_eq!(module_path("src/main.rs"), None);
        assert_eq!(module_path("Cargo.toml"), None);
    }
}
