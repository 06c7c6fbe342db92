//! Writes a program that uses every public item of a generated crate.
//!
//! The program is independent of `clientwright::public_api`, whose changes it checks: it repeats the declarations of the
//! crate, and the compiler decides whether they still match.

use anyhow::{Context, Result};
use clientwright::output::FileSet;
use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Fields, FnArg, ImplItem, Item, ItemImpl, ItemUse, Meta, Signature, Type, Visibility};

/// Returns the program for a crate.
pub(crate) fn program(files: &FileSet, library: &str) -> Result<String> {
    let mut modules = TokenStream::new();
    let mut number = 0_usize;
    for (path, text) in files.iter() {
        let Some(module) = path.strip_prefix("src/").and_then(|path| path.strip_suffix(".rs")) else { continue };
        if module == "main" || module == "cli" || module.starts_with("runtime/") {
            continue;
        }
        let file = syn::parse_file(text).with_context(|| format!("cannot parse {path}"))?;
        let uses = file.items.iter().filter_map(|item| match item {
            Item::Use(it) => Some(it),
            _ => None,
        });
        let is_list = |it: &&ItemUse| matches!(it.vis, Visibility::Inherited);
        let uses: Vec<TokenStream> = uses.filter(is_list).map(ToTokens::to_token_stream).collect();
        let parent = public_module(files, module)?;
        let name = format_ident!("module_{number}");
        number += 1;
        let mut body = TokenStream::new();
        let mut items = Items { body: &mut body, number: 0 };
        file.items.iter().for_each(|item| items.item(item));
        modules.extend(quote! {
            mod #name {
                #[allow(unused_imports)]
                use #parent::*;
                #(#[allow(unused_imports)] #uses)*
                #body
            }
        });
    }
    let library = format_ident!("{library}");
    let program = renamed(modules, &library.to_string());
    Ok(format!("#![allow(warnings)]\n{program}\nfn main() {{}}\n"))
}

/// Returns the path of the public module that exports the items of a module.
fn public_module(files: &FileSet, module: &str) -> Result<TokenStream> {
    let mut path = quote!(crate);
    let mut folder = String::new();
    for name in module.split('/').filter(|name| *name != "mod" && *name != "lib") {
        let parents = if folder.is_empty() {
            vec!["src/lib.rs".to_owned()]
        } else {
            vec![format!("src/{folder}/mod.rs"), format!("src/{folder}.rs")]
        };
        let text = parents.iter().find_map(|path| files.get(path)).context("a module has no parent")?;
        let is_public = syn::parse_file(text)?.items.iter().any(|item| match item {
            Item::Mod(it) => it.ident == name && matches!(it.vis, Visibility::Public(_)),
            _ => false,
        });
        if !is_public {
            break;
        }
        let ident: TokenStream = name.parse().ok().context("a module has no name")?;
        path = quote!(#path::#ident);
        folder = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    }
    Ok(path)
}

/// Replaces the path `crate` by the name of the crate.
fn renamed(tokens: TokenStream, library: &str) -> TokenStream {
    let replaced = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) if ident == "crate" => TokenTree::Ident(proc_macro2::Ident::new(library, ident.span())),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), renamed(group.stream(), library));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other,
    });
    replaced.collect()
}

/// Adds a lifetime to each reference, which bounds need.
fn with_lifetimes(tokens: TokenStream) -> TokenStream {
    let replaced = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Punct(it) if it.as_char() == '&' => quote!(&'static),
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), with_lifetimes(group.stream()))).into()
        }
        other => other.into(),
    });
    replaced.collect()
}

/// The functions of the program that use the items of a module.
struct Items<'b> {
    body: &'b mut TokenStream,
    number: usize,
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_hidden(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("doc") && list.tokens.to_string() == "hidden",
        _ => false,
    })
}

impl Items<'_> {
    fn add(&mut self, item: TokenStream) {
        self.body.extend(item);
    }

    fn name(&mut self, prefix: &str) -> syn::Ident {
        self.number += 1;
        format_ident!("{prefix}{}", self.number)
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Struct(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => {
                let ty = &it.ident;
                for (index, field) in it.fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
                    let member = syn::Member::from(index);
                    let member = field.ident.clone().map_or(member, syn::Member::Named);
                    let (name, field) = (self.name("field"), &field.ty);
                    self.add(quote!(fn #name(value: #ty) { let _: #field = value.#member; }));
                }
                self.derives(ty, &it.attrs);
            }
            Item::Enum(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => {
                let ty = &it.ident;
                for variant in &it.variants {
                    let (name, ident) = (self.name("variant"), &variant.ident);
                    match &variant.fields {
                        Fields::Unit => self.add(quote!(fn #name() -> #ty { #ty::#ident })),
                        Fields::Unnamed(fields) => {
                            let types: Vec<_> = fields.unnamed.iter().map(|field| &field.ty).collect();
                            let names: Vec<_> = (0..types.len()).map(|at| format_ident!("value{at}")).collect();
                            self.add(quote!(fn #name(#(#names: #types),*) -> #ty { #ty::#ident(#(#names),*) }));
                        }
                        Fields::Named(_) => {}
                    }
                }
                if !it.attrs.iter().any(|attribute| attribute.path().is_ident("non_exhaustive")) {
                    let (name, variants) = (self.name("exhaustive"), it.variants.iter().map(|variant| &variant.ident));
                    self.add(quote!(fn #name(value: #ty) { match value { #(#ty::#variants { .. } => {})* } }));
                }
                self.derives(ty, &it.attrs);
            }
            Item::Type(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => {
                let (name, alias, ty) = (self.name("alias"), &it.ident, &it.ty);
                self.add(quote!(fn #name(value: #alias) -> #ty { value }));
            }
            Item::Impl(it) if !is_hidden(&it.attrs) => self.implementation(it),
            Item::Macro(it) => {
                let mut tokens = it.mac.tokens.clone().into_iter();
                let ty: TokenStream = tokens
                    .by_ref()
                    .take_while(|token| !matches!(token, TokenTree::Punct(it) if it.as_char() == ','))
                    .collect();
                let name = it.mac.path.segments.last().map(|it| it.ident.to_string()).unwrap_or_default();
                if ["object", "string_enum", "integer_enum", "flags"].contains(&name.as_str()) {
                    let name = self.name("serde");
                    self.add(quote! {
                        fn #name() {
                            fn is<T: ::serde::Serialize + ::serde::de::DeserializeOwned>() {}
                            is::<#ty>();
                        }
                    });
                }
            }
            _ => {}
        }
    }

    fn derives(&mut self, ty: &syn::Ident, attributes: &[syn::Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            let Meta::List(list) = &attribute.meta else { continue };
            let tokens = list.tokens.to_string();
            for part in tokens.split(',') {
                let last = part.rsplit("::").next().unwrap_or(part).trim();
                let path = match last {
                    "Debug" => "::std::fmt::Debug",
                    "Hash" => "::std::hash::Hash",
                    "Serialize" => "::serde::Serialize",
                    other => other,
                };
                let Ok(path) = path.parse::<TokenStream>() else { continue };
                let name = self.name("derive");
                self.add(quote!(fn #name() { fn is<T: #path>() {} is::<#ty>(); }));
            }
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let ty = &item.self_ty;
        if let Some((path, _)) = &item.trait_ {
            if path.segments.last().is_some_and(|it| it.ident == "Sealed") || !item.generics.params.is_empty() {
                return;
            }
            let (name, bound) = (self.name("implements"), with_lifetimes(path.to_token_stream()));
            self.add(quote!(fn #name() { fn is<T: #bound>() {} is::<#ty>(); }));
            for item in &item.items {
                if let ImplItem::Type(it) = item {
                    let (name, ident, value) = (self.name("associated"), &it.ident, &it.ty);
                    self.add(quote!(fn #name(value: <#ty as #bound>::#ident) -> #value { value }));
                }
            }
            return;
        }
        for item in &item.items {
            match item {
                ImplItem::Fn(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => self.function(ty, &it.sig),
                ImplItem::Const(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => {
                    let (name, ident, value) = (self.name("Constant"), &it.ident, &it.ty);
                    self.add(quote! {
                        trait #name: Sized + 'static { const PROBE: #value; }
                        impl #name for #ty { const PROBE: #value = <#ty>::#ident; }
                    });
                }
                _ => {}
            }
        }
    }

    /// Adds a trait whose method has the signature of a function and calls it. In the trait, `Self` is the type.
    fn function(&mut self, ty: &Type, signature: &Signature) {
        let name = self.name("Calls");
        let mut declared = signature.clone();
        declared.constness = None;
        declared.ident = format_ident!("probe");
        let mut arguments = Vec::new();
        for (at, argument) in declared.inputs.iter_mut().enumerate() {
            match argument {
                FnArg::Receiver(receiver) => {
                    receiver.mutability = None;
                    arguments.push(quote!(self));
                }
                FnArg::Typed(argument) => {
                    let ident = format_ident!("argument{at}");
                    *argument.pat = syn::parse_quote!(#ident);
                    arguments.push(quote!(#ident));
                }
            }
        }
        let ident = &signature.ident;
        let wait = signature.asyncness.map(|_| quote!(.await));
        self.add(quote! {
            trait #name: Sized { #declared; }
            impl #name for #ty { #declared { <#ty>::#ident(#(#arguments),*) #wait } }
        });
    }
}
