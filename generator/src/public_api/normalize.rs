//! Converts types and declarations to text in which each path is complete, so that equal types have equal text.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::UseTree;

/// The names of the standard prelude. Generated code writes the complete paths if a type of the crate has the same name.
const PRELUDE: [&str; 20] = [
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Display",
    "Eq",
    "From",
    "Hash",
    "Into",
    "Iterator",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "String",
    "ToString",
    "Vec",
];

/// The complete paths of the names in a file.
#[derive(Debug, Default)]
pub(super) struct Paths {
    paths: HashMap<String, String>,
}

impl Paths {
    /// Adds the names that a `use` item imports.
    pub fn import(&mut self, tree: &UseTree) {
        self.import_below(tree, "");
    }

    fn import_below(&mut self, tree: &UseTree, parent: &str) {
        match tree {
            UseTree::Path(path) => self.import_below(&path.tree, &format!("{parent}{}::", path.ident)),
            UseTree::Name(name) if name.ident != "self" => {
                self.define(&name.ident.to_string(), format!("{parent}{}", name.ident));
            }
            UseTree::Name(_) => {
                let module = parent.trim_end_matches("::");
                let name = module.rsplit("::").next().unwrap_or(module).to_owned();
                self.define(&name, module.to_owned());
            }
            UseTree::Rename(rename) => self.define(&rename.rename.to_string(), format!("{parent}{}", rename.ident)),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import_below(tree, parent)),
            UseTree::Glob(_) => {}
        }
    }

    /// Adds a name with its complete path.
    pub fn define(&mut self, name: &str, path: String) {
        self.paths.insert(name.to_owned(), path);
    }

    /// Returns the normalized text of tokens.
    pub fn text(&self, tokens: TokenStream) -> String {
        let mut text = String::new();
        self.write(tokens, &mut text);
        text
    }

    fn write(&self, tokens: TokenStream, text: &mut String) {
        let mut tokens = tokens.into_iter().peekable();
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens.by_ref() {
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(ident) if colons == 2 && path.last().is_some_and(|last| !is_keyword(last)) => {
                    path.push(ident.to_string());
                }
                other => {
                    self.end(&mut path, text);
                    match (colons, other) {
                        // The leading `::` of a path, which is the same path without it.
                        (2, TokenTree::Ident(_)) | (0, _) => {}
                        (2, _) => text.push_str("::"),
                        _ => text.push(':'),
                    }
                    match other {
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        TokenTree::Group(group) => {
                            let (open, close) = match group.delimiter() {
                                proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                                proc_macro2::Delimiter::Brace => ("{", "}"),
                                proc_macro2::Delimiter::Bracket => ("[", "]"),
                                proc_macro2::Delimiter::None => ("", ""),
                            };
                            text.push_str(open);
                            self.write(group.stream(), text);
                            text.push_str(close);
                        }
                        TokenTree::Punct(punct) => text.push(punct.as_char()),
                        TokenTree::Literal(literal) => text.push_str(&literal.to_string()),
                    }
                }
            }
            colons = 0;
        }
        self.end(&mut path, text);
    }

    /// Writes a complete path.
    fn end(&self, path: &mut Vec<String>, text: &mut String) {
        let Some(first) = path.first() else { return };
        if text.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '_' | '>' | ')' | ']' | ',')) {
            text.push(' ');
        }
        let complete = self.paths.get(first).map_or(first.as_str(), String::as_str);
        let complete =
            [complete].into_iter().chain(path.iter().skip(1).map(String::as_str)).collect::<Vec<_>>().join("::");
        let last = complete.rsplit("::").next().unwrap_or(&complete);
        let is_standard = ["std::", "core::", "alloc::"].iter().any(|start| complete.starts_with(start));
        let short = if is_standard && PRELUDE.contains(&last) { last } else { complete.as_str() };
        text.push_str(short.strip_prefix("crate::").unwrap_or(short));
        path.clear();
    }
}

/// Returns whether a path cannot begin with a word, so that `::` after it begins a path.
fn is_keyword(word: &str) -> bool {
    matches!(word, "impl" | "dyn" | "mut" | "const" | "as" | "for" | "where")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths() -> Paths {
        let mut paths = Paths::default();
        let file: syn::File = syn::parse_quote! {
            use crate::models::{Pet, seats};
            use std::fmt;
        };
        for item in &file.items {
            if let syn::Item::Use(it) = item {
                paths.import(&it.tree);
            }
        }
        paths
    }

    #[test]
    fn equal_types_have_equal_text() {
        let text = |tokens: &str| paths().text(tokens.parse().unwrap());
        for (one, other) in [
            ("Option<Pet>", "::std::option::Option<crate::models::Pet>"),
            ("Vec < String >", "::std::vec::Vec<::std::string::String>"),
            ("seats::Get", "crate::models::seats::Get"),
            ("fmt::Error", "::std::fmt::Error"),
            ("impl Into<Pet>", "impl ::std::convert::Into<crate::models::Pet>"),
            ("&'a mut Pet", "&'a mut crate::models::Pet"),
        ] {
            assert_eq!(text(one), text(other));
        }
        assert_eq!(text("Option<Pet>"), "Option<models::Pet>");
        assert_ne!(text("Pet"), text("other::Pet"));
        assert_ne!(text("std::io::Error"), text("std::fmt::Error"));
        assert_eq!(text("(i64, &'static str)"), "(i64,&'static str)");
    }
}
