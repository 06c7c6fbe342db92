//! Lists the public items of a generated crate.

use std::collections::BTreeSet;

use clientwright::output::FileSet;
use syn::{Fields, ImplItem, Item, Type, Visibility};

/// Returns the public items of a crate with their kinds: e.g. `field models::Pet::name`.
///
/// Items of private modules count as items of the module around them, because generated modules re-export them.
pub fn public(files: &FileSet) -> BTreeSet<String> {
    let mut public = Public { files, items: BTreeSet::new() };
    public.file("src/lib.rs", "src/", "");
    public.items
}

struct Public<'a> {
    files: &'a FileSet,
    items: BTreeSet<String>,
}

impl Public<'_> {
    /// Adds the items of a file. `directory` contains the files of its modules, and `path` is the path of its items.
    fn file(&mut self, file: &str, directory: &str, path: &str) {
        let parsed = self.files.get(file).and_then(|text| syn::parse_file(text).ok());
        self.items(&parsed.map(|file| file.items).unwrap_or_default(), directory, path);
    }

    fn items(&mut self, items: &[Item], directory: &str, path: &str) {
        for item in items {
            match item {
                // The runtime does not depend on the document.
                Item::Mod(module) if module.ident == "runtime" => {}
                Item::Mod(module) => {
                    let name = module.ident.to_string();
                    let file = name.strip_prefix("r#").unwrap_or(&name);
                    let inner = if is_public(&module.vis) { format!("{path}{name}::") } else { path.to_owned() };
                    if is_public(&module.vis) {
                        self.add("module", path, &name);
                    }
                    let inside = format!("{directory}{file}/");
                    match &module.content {
                        Some((_, items)) => self.items(items, &inside, &inner),
                        None if self.files.get(&format!("{directory}{file}.rs")).is_some() => {
                            self.file(&format!("{directory}{file}.rs"), &inside, &inner);
                        }
                        None => self.file(&format!("{inside}mod.rs"), &inside, &inner),
                    }
                }
                Item::Struct(item) if is_public(&item.vis) => {
                    self.add("type", path, &item.ident);
                    if let Fields::Named(fields) = &item.fields {
                        for field in fields.named.iter().filter(|field| is_public(&field.vis)) {
                            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                            self.add("field", &format!("{path}{}::", item.ident), name);
                        }
                    }
                }
                Item::Enum(item) if is_public(&item.vis) => {
                    self.add("type", path, &item.ident);
                    for variant in &item.variants {
                        self.add("variant", &format!("{path}{}::", item.ident), &variant.ident);
                    }
                }
                // A map becomes a struct if its schema gets properties.
                Item::Type(item) if is_public(&item.vis) => self.add("type", path, &item.ident),
                Item::Trait(item) if is_public(&item.vis) => self.add("trait", path, &item.ident),
                Item::Const(item) if is_public(&item.vis) => self.add("constant", path, &item.ident),
                Item::Fn(item) if is_public(&item.vis) => self.add("function", path, &item.sig.ident),
                Item::Impl(block) if block.trait_.is_none() => {
                    let Type::Path(of) = &*block.self_ty else { continue };
                    let Some(of) = of.path.segments.last().map(|segment| segment.ident.to_string()) else { continue };
                    let path = format!("{path}{of}::");
                    for item in &block.items {
                        match item {
                            ImplItem::Fn(item) if is_public(&item.vis) => self.add("function", &path, &item.sig.ident),
                            ImplItem::Const(item) if is_public(&item.vis) => self.add("constant", &path, &item.ident),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, kind: &str, path: &str, name: impl ToString) {
        self.items.insert(format!("{kind} {path}{}", name.to_string()));
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}
