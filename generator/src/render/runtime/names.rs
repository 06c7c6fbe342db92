//! The names of the runtime's items: those that generated code uses, and the features that they need.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use syn::{Attribute, ImplItem, Item, UseTree};

use super::modules::ROOT;

/// Returns the names of the runtime's items in the text of a generated file: `Date` for `crate::runtime::Date`, and both
/// `BodyInfo` and `BodyInfo::json` for `crate::runtime::BodyInfo::json`.
pub(in crate::render) fn used(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in text.split("runtime").skip(1) {
        let Some((name, rest)) = next(rest) else { continue };
        if let Some((inner, _)) = next(rest) {
            names.insert(format!("{name}::{inner}"));
        }
        names.insert(name.to_owned());
    }
    names
}

/// Returns the name after `::`, and the text after the name. There may be spaces before the name and around `::`.
fn next(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start().strip_prefix("::")?.trim_start();
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let (name, rest) = text.split_at(text.find(|character| !is_name(character)).unwrap_or(text.len()));
    (!name.is_empty()).then_some((name, rest))
}

/// Returns the feature that each public item of the runtime needs, given the content of its files. Methods and variants
/// of a type are named with the type, the functions of a module with the module. Items that are always available are not
/// included.
pub(super) fn features(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut features = BTreeMap::new();
    for (path, text) in files.iter().filter(|(_, text)| text.contains("feature = ")) {
        let items = syn::parse_file(text).map(|file| file.items).unwrap_or_default();
        if *path == ROOT {
            items.iter().for_each(|item| root_item(item, &mut features));
            continue;
        }
        let module = path.strip_suffix(".rs").unwrap_or(path);
        let module = module.strip_suffix("/mod").unwrap_or(module);
        for item in &items {
            let named: Vec<(&[Attribute], String)> = match item {
                Item::Impl(block) => {
                    let ty = &block.self_ty;
                    let ty = quote!(#ty).to_string();
                    let ty = ty.split_whitespace().next().unwrap_or_default().to_owned();
                    let methods = block.items.iter().filter_map(|item| match item {
                        ImplItem::Fn(method) => Some((&*method.attrs, format!("{ty}::{}", method.sig.ident))),
                        _ => None,
                    });
                    methods.collect()
                }
                Item::Enum(item) => {
                    let variant = |variant: &syn::Variant| format!("{}::{}", item.ident, variant.ident);
                    item.variants.iter().map(|one| (&*one.attrs, variant(one))).collect()
                }
                Item::Fn(item) => vec![(&item.attrs, format!("{module}::{}", item.sig.ident))],
                _ => Vec::new(),
            };
            let conditional =
                named.into_iter().filter_map(|(attributes, name)| Some((name, attributes.iter().find_map(feature)?)));
            features.extend(conditional);
        }
    }
    features
}

/// Adds the names of an item of the root module, if they need a feature.
fn root_item(item: &Item, features: &mut BTreeMap<String, String>) {
    let mut names = Vec::new();
    let attributes = match item {
        Item::Mod(module) => {
            names.push(module.ident.to_string());
            &module.attrs
        }
        Item::Use(import) => {
            leaves(&import.tree, &mut names);
            &import.attrs
        }
        _ => return,
    };
    if let Some(feature) = attributes.iter().find_map(feature) {
        features.extend(names.into_iter().map(|name| (name, feature.clone())));
    }
}

/// Adds the names that a `use` declaration imports.
fn leaves(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(name) => names.push(name.rename.to_string()),
        UseTree::Glob(_) => {}
    }
}

/// Returns the feature of an attribute `#[cfg(feature = "…")]`; the first one of `#[cfg(all(feature = "…", …))]`.
fn feature(attribute: &Attribute) -> Option<String> {
    let condition = attribute.path().is_ident("cfg").then(|| attribute.meta.require_list().ok())??.tokens.to_string();
    let first = condition.strip_prefix("all").unwrap_or(&condition).trim_start_matches([' ', '(']);
    let (name, _) = first.strip_prefix("feature = \"")?.split_once('"')?;
    Some(name.to_owned())
}
