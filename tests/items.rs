//! Selects items of a Rust file, so that a snapshot shows only what its fixture is about.
//!
//! | selector | items |
//! |---|---|
//! | `Pet` | the definition of `Pet`, or the macro call that lists its properties or values |
//! | `impl Pet` | the inherent implementations of `Pet` |
//! | `Pet::new` | one function of an inherent implementation of `Pet` |
//! | `Serialize for Pet` | the implementation of a trait |
//! | `//!` | the documentation of the file |

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
    for item in &file.items {
        if names(item).iter().any(|name| selects(name)) {
            shown.push(lines(&source, item));
        } else if let Item::Impl(block) = item
            && block.trait_.is_none()
        {
            let functions = block.items.iter().filter(|function| {
                matches!(function, ImplItem::Fn(function)
                    if selects(&format!("{}::{}", type_name(&block.self_ty), function.sig.ident)))
            });
            let functions: Vec<String> = functions.map(|function| lines(&source, function)).collect();
            if !functions.is_empty() {
                shown.push(format!("{} {{\n{}\n}}", header(block), functions.join("\n\n")));
            }
        }
    }
    match unmatched.first() {
        Some(selector) => Err(format!("no item `{selector}`")),
        None => Ok(shown.join("\n\n") + "\n"),
    }
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
