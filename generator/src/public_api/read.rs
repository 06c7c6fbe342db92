//! Reads the public items of generated files.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Fields, FnArg, ImplItem, ItemImpl, Meta, ReceiverKind, ReturnType, Signature, TraitItem, Visibility,
};

use super::modules::{Modules, declares_modules, module_path};
use super::normalize::Paths;
use super::{Item, ItemKey, ItemKind, PublicApi};

impl PublicApi {
    /// Reads the public items of a crate. `files` are the paths and contents of its files. Files for which `is_changed`
    /// returns false are skipped.
    pub fn of_changed<'f>(
        files: impl Iterator<Item = (&'f str, &'f str)> + Clone,
        is_changed: impl Fn(&str, &str) -> bool,
    ) -> syn::Result<Self> {
        let mut modules = Modules::default();
        for (path, text) in files.clone().filter(|(path, _)| declares_modules(path)) {
            if let Some(module) = module_path(path) {
                modules.add(&module, &syn::parse_file(text)?.items);
            }
        }
        let mut api = Self::default();
        for (path, text) in files.filter(|(path, text)| is_changed(path, text)) {
            if path == "Cargo.toml" {
                api.add_features(text);
            }
            if let Some(module) = module_path(path) {
                Reader::new(&modules, &module, &mut api).file(&syn::parse_file(text)?);
            }
        }
        Ok(api)
    }
}

/// The beginning of the paths of the runtime's items.
const RUNTIME: &str = "runtime::";

/// Returns whether documentation hides an item, because only generated code uses it.
pub(super) fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("doc") && list.tokens.to_string() == "hidden",
        _ => false,
    })
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The reader of one file.
struct Reader<'a> {
    /// The public path of the module, with `::` at the end. `None` if callers cannot name its items.
    path: Option<String>,
    exposure: Option<super::modules::Exposure>,
    paths: Paths,
    /// The types in this file that callers cannot name.
    private: HashSet<String>,
    module: String,
    api: &'a mut PublicApi,
}

impl<'a> Reader<'a> {
    fn new(modules: &Modules, module: &[String], api: &'a mut PublicApi) -> Self {
        let joined = |path: &[String]| path.iter().map(|name| format!("{name}::")).collect::<String>();
        let exposure = modules.exposure(module);
        let path = exposure.as_ref().map(|exposure| joined(&exposure.path));
        let (paths, private, module) = (Paths::default(), HashSet::new(), joined(module));
        Self { path, exposure, paths, private, module, api }
    }

    fn file(&mut self, file: &syn::File) {
        for item in &file.items {
            if let syn::Item::Use(it) = item {
                self.paths.import(&it.tree);
            }
        }
        for item in &file.items {
            let (name, visibility, attributes) = match item {
                syn::Item::Struct(it) => (&it.ident, &it.vis, &it.attrs),
                syn::Item::Enum(it) => (&it.ident, &it.vis, &it.attrs),
                syn::Item::Type(it) => (&it.ident, &it.vis, &it.attrs),
                syn::Item::Trait(it) => (&it.ident, &it.vis, &it.attrs),
                _ => continue,
            };
            let name = name.to_string();
            match self.visible(&name, visibility, attributes) {
                Some(path) => self.paths.define(&name, path),
                None => {
                    let path = format!("{}{name}", self.module);
                    self.private.insert(path.clone());
                    self.paths.define(&name, path);
                }
            }
        }
        file.items.iter().for_each(|item| self.item(item));
    }

    /// Returns the public path of an item. `None` if callers cannot name the item.
    fn visible(&self, name: &str, visibility: &Visibility, attributes: &[Attribute]) -> Option<String> {
        let is_exposed = self.exposure.as_ref().is_some_and(|exposure| exposure.contains(name));
        let is_visible = is_exposed && is_public(visibility) && !is_hidden(attributes);
        self.path.as_ref().filter(|_| is_visible).map(|path| format!("{path}{name}"))
    }

    fn item(&mut self, item: &syn::Item) {
        match item {
            syn::Item::Struct(it) => {
                let Some(path) = self.visible(&it.ident.to_string(), &it.vis, &it.attrs) else { return };
                let is_exhaustive =
                    !has(&it.attrs, "non_exhaustive") && it.fields.iter().all(|field| is_public(&field.vis));
                let form = match &it.fields {
                    Fields::Named(_) => "struct",
                    Fields::Unnamed(_) => "tuple struct",
                    Fields::Unit => "unit struct",
                };
                self.declare(&path, format!("{form}{}", self.paths.text(it.generics.to_token_stream())), is_exhaustive);
                self.fields(&path, &it.fields);
                self.derives(&path, &it.attrs);
            }
            syn::Item::Enum(it) => {
                let Some(path) = self.visible(&it.ident.to_string(), &it.vis, &it.attrs) else { return };
                let generics = self.paths.text(it.generics.to_token_stream());
                self.declare(&path, format!("enum{generics}"), !has(&it.attrs, "non_exhaustive"));
                for variant in &it.variants {
                    let text = self.paths.text(variant.fields.to_token_stream());
                    self.member(&path, ItemKind::Variant, variant.ident.to_string(), text);
                }
                self.derives(&path, &it.attrs);
            }
            syn::Item::Type(it) => {
                let Some(path) = self.visible(&it.ident.to_string(), &it.vis, &it.attrs) else { return };
                let text = format!("type = {}", self.paths.text(it.ty.to_token_stream()));
                self.declare(&path, text, false);
            }
            syn::Item::Trait(it) => {
                let Some(path) = self.visible(&it.ident.to_string(), &it.vis, &it.attrs) else { return };
                self.declare(&path, "trait".to_owned(), false);
                for item in &it.items {
                    if let TraitItem::Fn(function) = item {
                        self.function(&path, &function.sig);
                    }
                }
            }
            syn::Item::Fn(it) => {
                let Some(path) = self.visible(&it.sig.ident.to_string(), &it.vis, &it.attrs) else { return };
                let text = self.signature(&it.sig);
                self.declare(&path, text, false);
            }
            syn::Item::Const(it) => {
                let Some(path) = self.visible(&it.ident.to_string(), &it.vis, &it.attrs) else { return };
                let text = format!("const {}", self.paths.text(it.ty.to_token_stream()));
                self.declare(&path, text, false);
            }
            syn::Item::Mod(it) => {
                if let Some(path) = self.visible(&it.ident.to_string(), &it.vis, &it.attrs) {
                    self.declare(&path, "module".to_owned(), false);
                }
            }
            syn::Item::Impl(it) => self.implementation(it),
            syn::Item::Macro(it) => self.macro_call(it),
            _ => {}
        }
    }

    fn fields(&mut self, owner: &str, fields: &Fields) {
        for (index, field) in fields.iter().enumerate() {
            if is_public(&field.vis) && !is_hidden(&field.attrs) {
                let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
                let text = self.paths.text(field.ty.to_token_stream());
                self.member(owner, ItemKind::Field, name, text);
            }
        }
    }

    fn derives(&mut self, owner: &str, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            let Meta::List(list) = &attribute.meta else { continue };
            for part in split(list.tokens.clone()) {
                let name = self.paths.text(part);
                let name = name.rsplit("::").next().unwrap_or(&name).to_owned();
                self.member(owner, ItemKind::Trait, name, String::new());
            }
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let owner = self.paths.text(item.self_ty.to_token_stream());
        let base = owner.split('<').next().unwrap_or(&owner);
        let is_foreign = self.module.starts_with(RUNTIME) && !base.starts_with(RUNTIME);
        if self.private.contains(base) || is_foreign || is_hidden(&item.attrs) {
            return;
        }
        let Some((path, _)) = &item.trait_ else {
            for item in &item.items {
                match item {
                    ImplItem::Fn(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => self.function(&owner, &it.sig),
                    ImplItem::Const(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => {
                        let text = format!("const {}", self.paths.text(it.ty.to_token_stream()));
                        self.member(&owner, ItemKind::Function, it.ident.to_string(), text);
                    }
                    _ => {}
                }
            }
            return;
        };
        let path = self.paths.text(path.to_token_stream());
        // The name of the trait is enough; the arguments in `From<Cat>` are complete.
        let (name, arguments) = path.split_at(path.find('<').unwrap_or(path.len()));
        let name = format!("{}{arguments}", name.rsplit("::").next().unwrap_or(name));
        self.member(&owner, ItemKind::Trait, name, String::new());
        for item in &item.items {
            if let ImplItem::Type(it) = item {
                let text = self.paths.text(it.ty.to_token_stream());
                self.member(&owner, ItemKind::Associated, it.ident.to_string(), text);
            }
        }
    }

    /// Reads a call of a macro of the runtime that implements serialization for its first argument. The traits that
    /// other macros implement have a supertrait, which is implemented without a macro.
    fn macro_call(&mut self, item: &syn::ItemMacro) {
        let Some(name) = item.mac.path.segments.last() else { return };
        if !["object", "string_enum", "integer_enum", "flags"].iter().any(|known| name.ident == known) {
            return;
        }
        let Some(first) = split(item.mac.tokens.clone()).into_iter().next() else { return };
        let owner = self.paths.text(first);
        if item.ident.is_none() && !self.private.contains(&owner) {
            for name in ["Serialize", "Deserialize"] {
                self.member(&owner, ItemKind::Trait, name.to_owned(), String::new());
            }
        }
    }

    fn function(&mut self, owner: &str, signature: &Signature) {
        let text = self.signature(signature);
        self.member(owner, ItemKind::Function, signature.ident.to_string(), text);
    }

    /// Returns a signature without the names of arguments.
    fn signature(&self, signature: &Signature) -> String {
        let arguments = signature.inputs.iter().map(|argument| match argument {
            FnArg::Receiver(receiver) => match &receiver.kind {
                ReceiverKind::Value => "self".to_owned(),
                ReceiverKind::Reference(_, _, None) => "&self".to_owned(),
                ReceiverKind::Reference(..) => "&mut self".to_owned(),
                _ => self.paths.text(receiver.to_token_stream()),
            },
            FnArg::Typed(argument) => self.paths.text(argument.ty.to_token_stream()),
        });
        let arguments = arguments.collect::<Vec<_>>().join(", ");
        let start = match (signature.constness.is_some(), signature.asyncness.is_some()) {
            (true, _) => "const fn",
            (_, true) => "async fn",
            _ => "fn",
        };
        let generics = self.paths.text(signature.generics.to_token_stream());
        let bounds = signature.generics.where_clause.as_ref();
        let bounds = bounds.map(|it| format!(" {}", self.paths.text(it.to_token_stream()))).unwrap_or_default();
        let output = match &signature.output {
            ReturnType::Default => String::new(),
            ReturnType::Type(_, ty) => format!(" -> {}", self.paths.text(ty.to_token_stream())),
        };
        format!("{start}{generics}({arguments}){output}{bounds}")
    }

    fn declare(&mut self, path: &str, text: String, is_exhaustive: bool) {
        let text = if is_exhaustive { format!("{text}, exhaustive") } else { text };
        let key = ItemKey { owner: path.to_owned(), kind: ItemKind::Item, member: String::new() };
        self.insert(key, Item { text, is_exhaustive });
    }

    fn member(&mut self, owner: &str, kind: ItemKind, member: String, text: String) {
        self.insert(ItemKey { owner: owner.to_owned(), kind, member }, Item { text, is_exhaustive: false });
    }

    /// Adds an item. The versions of an item for different Cargo features are one item.
    fn insert(&mut self, key: ItemKey, item: Item) {
        match self.api.items.entry(key) {
            std::collections::btree_map::Entry::Vacant(entry) => drop(entry.insert(item)),
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                if entry.get().text != item.text {
                    entry.get_mut().text.push_str(&format!(" | {}", item.text));
                }
            }
        }
    }
}

/// Splits tokens at commas.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts: Vec<TokenStream> = vec![TokenStream::new()];
    for token in tokens {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            parts.push(TokenStream::new());
        } else if let Some(last) = parts.last_mut() {
            last.extend([token]);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
