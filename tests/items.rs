//! Selects items of a Rust file, so that a snapshot shows only what its fixture is about.
//!
//! | selector | items |
//! |---|---|
//! | `Pet` | the definition of `Pet`, or the macro call that lists its properties or values |
//! | `impl Pet` | the inherent implementations of `Pet` |
//! | `fn Pet` | the signatures of the functions of `Pet`, and the first line of their documentation |
//! | `Pet::new` | one function of an inherent implementation of `Pet` |
//! | `Serialize for Pet` | the implementation of a trait |
//! | `Pet::INFO` | one constant of the implementation of a trait for `Pet` |
//! | `//!` | the documentation of the file |
//! | `//! Features` | the section with this heading in the documentation of the file |
//! | `#!` | the attributes of the file |

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{ImplItem, Item, ItemImpl, Type};

/// Returns the selected items in the order of the file, or an error with a selector that matches no item.
pub fn select(text: &str, selectors: &[String]) -> Result<String, String> {
    let file = syn::parse_file(text).map_err(|error| error.to_string())?;
    let source: Vec<&str> = text.lines().collect();
    let mut unmatched: BTreeSet<&str> = selectors.iter().map(String::as_str).collect();
    let mut selects = |name: &str| {
        unmatched.remove(name);
        selectors.iter().any(|selector| selector == name)
    };
    let mut shown = Vec::new();
    if selects("//!") {
        shown.push(source.iter().copied().filter(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n"));
    }
    for (heading, section) in sections(&source) {
        if selects(&format!("//! {heading}")) {
            shown.push(section.join("\n"));
        }
    }
    if selects("#!") {
        shown.extend(
            file.attrs.iter().filter(|attribute| !attribute.path().is_ident("doc")).map(|it| lines(&source, it)),
        );
    }
    for item in &file.items {
        if names(item).iter().any(|name| selects(name)) {
            shown.push(lines(&source, item));
        } else if let Item::Impl(block) = item {
            if block.trait_.is_none() && selects(&format!("fn {}", type_name(&block.self_ty))) {
                let signatures: Vec<String> = block.items.iter().filter_map(|part| signature(&source, part)).collect();
                shown.push(format!("{} {{\n{}\n}}", header(block), signatures.join("\n")));
            }
            let parts = block.items.iter().filter(|part| {
                let name = match part {
                    ImplItem::Fn(function) if block.trait_.is_none() => &function.sig.ident,
                    ImplItem::Const(constant) if block.trait_.is_some() => &constant.ident,
                    _ => return false,
                };
                selects(&format!("{}::{name}", type_name(&block.self_ty)))
            });
            let parts: Vec<String> = parts.map(|part| lines(&source, part)).collect();
            if !parts.is_empty() {
                shown.push(format!("{} {{\n{}\n}}", header(block), parts.join("\n\n")));
            }
        }
    }
    match unmatched.first() {
        Some(selector) => Err(format!("no item `{selector}`")),
        None => Ok(shown.join("\n\n") + "\n"),
    }
}

/// Returns the first line of the documentation and the signature of a public function.
fn signature(source: &[&str], part: &ImplItem) -> Option<String> {
    let ImplItem::Fn(function) = part else { return None };
    let public = matches!(function.vis, syn::Visibility::Public(_));
    let documentation = lines(source, function).lines().next().unwrap_or_default().to_owned();
    let text = lines(source, &function.sig);
    let end = text.rfind(" {").unwrap_or(text.len());
    public.then(|| format!("{documentation}\n{};", &text[..end]))
}

/// Returns the sections of the documentation of a file: the heading and the lines, beginning with the heading.
fn sections<'a>(source: &[&'a str]) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut in_code = false;
    for line in source.iter().filter(|line| line.starts_with("//!")) {
        in_code ^= line.starts_with("//! ```");
        match (line.strip_prefix("//! # "), sections.last_mut()) {
            (Some(heading), _) if !in_code => sections.push((heading, vec![line])),
            (_, Some((_, section))) => section.push(line),
            _ => {}
        }
    }
    sections
}

/// Removes the sections `# Examples` from the documentation in a Rust file.
pub fn without_examples(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let (mut in_examples, mut in_code) = (false, false);
    for line in text.lines() {
        let documentation = line.trim_start();
        let documentation = documentation.strip_prefix("///").or_else(|| documentation.strip_prefix("//!"));
        match documentation.map(str::trim) {
            Some(line) if line.starts_with("```") => in_code = !in_code,
            Some(line) if line.starts_with("# ") && !in_code => in_examples = line == "# Examples",
            Some(_) => {}
            None => (in_examples, in_code) = (false, false),
        }
        if in_examples && documentation == Some(" # Examples") {
            // The empty line before the heading, which separates it from the previous section.
            kept.pop_if(|line| matches!(line.trim_start(), "///" | "//!"));
        }
        if !in_examples {
            kept.push(line);
        }
    }
    kept.join("\n") + "\n"
}

/// Returns the selectors that match an item.
fn names(item: &Item) -> Vec<String> {
    match item {
        Item::Const(item) => vec![item.ident.to_string()],
        Item::Enum(item) => vec![item.ident.to_string()],
        Item::Fn(item) => vec![item.sig.ident.to_string()],
        Item::Impl(item) if item.trait_.is_none() => vec![header(item)],
        Item::Impl(item) => header(item).strip_prefix("impl ").map(str::to_owned).into_iter().collect(),
        Item::Macro(item) => {
            // The first argument is a path whose last segment is the name.
            let tokens = item.mac.tokens.clone().into_iter().map(|token| token.to_string());
            tokens.take_while(|token| token != ",").last().into_iter().collect()
        }
        Item::Mod(item) => vec![item.ident.to_string()],
        Item::Static(item) => vec![item.ident.to_string()],
        Item::Struct(item) => vec![item.ident.to_string()],
        Item::Type(item) => vec![item.ident.to_string()],
        _ => Vec::new(),
    }
}

/// Returns the first line of an implementation with short paths, e.g. `impl Serialize for Pet`.
fn header(item: &ItemImpl) -> String {
    let name = type_name(&item.self_ty);
    match &item.trait_ {
        Some((path, _)) => {
            let name_of_trait = path.segments.last().map(|segment| segment.to_token_stream().to_string());
            let name_of_trait = name_of_trait.unwrap_or_default().replace(' ', "").replace("<'de>", "");
            format!("impl {name_of_trait} for {name}")
        }
        None => format!("impl {name}"),
    }
}

/// Returns the last path segment of a type.
fn type_name(self_type: &Type) -> String {
    let name = match self_type {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.to_token_stream().to_string()),
        _ => None,
    };
    name.unwrap_or_else(|| self_type.to_token_stream().to_string()).replace(' ', "")
}

/// Returns the lines of an item, with its documentation and attributes.
fn lines(source: &[&str], item: &impl Spanned) -> String {
    let span = item.span();
    source[span.start().line - 1..span.end().line].join("\n")
}
