//! Reads the derives and attributes of generated types.

use quote::ToTokens;
use syn::parse::Parser;
use toml::Spanned;

use super::table::{Table, TableReader};
use super::types::absolute;
use crate::customize::{DeriveRule, Pattern};
use crate::diagnostics::quoted;

impl TableReader<'_> {
    /// Reads the derives and attributes. Adds the crates that they need, each with the location of the derive.
    pub(super) fn derive_rules(&mut self, api: Table<'_>, crates: &mut Vec<Spanned<String>>) -> Vec<DeriveRule> {
        let tables = self.tables(api, "derives", "`[[crate.api.derives]]`");
        tables.into_iter().map(|table| self.derive_rule(table, crates)).collect()
    }

    fn derive_rule(&mut self, table: Table<'_>, crates: &mut Vec<Spanned<String>>) -> DeriveRule {
        self.keys(table, &[], &["types", "derives", "attributes"]);
        if !table.has("derives") && !table.has("attributes") {
            self.error(table.head(), "a rule needs one of the keys `derives` and `attributes`");
        }
        let types = match table.has("types") {
            true => self.pattern_list(table, "types"),
            false => Pattern::parse("*").into_iter().collect(),
        };
        let mut derives = Vec::new();
        for text in self.strings(table, "derives").unwrap_or_default() {
            if let Some(name) = standard_trait(text.get_ref()) {
                derives.push(name.to_owned());
                continue;
            }
            match absolute(text.get_ref()) {
                Ok((path, of_path)) => {
                    crates.extend(of_path.into_iter().map(|name| Spanned::new(text.span(), name)));
                    derives.push(path);
                }
                Err(_) => {
                    let message = format!("{} is not a path to a trait that can be derived", quoted(text.get_ref()));
                    let help = "write the complete path, such as `schemars::JsonSchema`".to_owned();
                    self.push(text.span(), message, Some(help));
                }
            }
        }
        let mut attributes = Vec::new();
        for text in self.strings(table, "attributes").unwrap_or_default() {
            match attribute(text.get_ref()) {
                Some(attribute) => attributes.push(attribute),
                None => {
                    let message = format!("{} is not an attribute", quoted(text.get_ref()));
                    let help = "an attribute has the form `#[NAME(…)]`".to_owned();
                    self.push(text.span(), message, Some(help));
                }
            }
        }
        DeriveRule { types, derives, attributes }
    }
}

/// Returns the name of a trait of the standard library that can be derived. `text` is the name or the path of the trait.
fn standard_trait(text: &str) -> Option<&'static str> {
    const TRAITS: [(&str, &str); 6] = [
        ("marker", "Copy"),
        ("cmp", "Eq"),
        ("hash", "Hash"),
        ("cmp", "Ord"),
        ("cmp", "PartialEq"),
        ("cmp", "PartialOrd"),
    ];
    let path: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let path = path.trim_start_matches("::");
    let path = path.strip_prefix("std::").or_else(|| path.strip_prefix("core::")).unwrap_or(path);
    let found = TRAITS.iter().find(|(module, name)| path == *name || path == format!("{module}::{name}"));
    found.map(|(_, name)| *name)
}

/// Returns an outer attribute as Rust code on one line. `None` if the text is not exactly one attribute.
fn attribute(text: &str) -> Option<String> {
    let attributes = syn::Attribute::parse_outer.parse_str(text).ok()?;
    let [attribute] = attributes.as_slice() else { return None };
    // A documentation comment is not written as an attribute.
    text.trim_start().starts_with("#[").then(|| attribute.to_token_stream().to_string())
}

#[cfg(test)]
mod tests {
    use super::super::clients;
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::source::Sources;

    fn parsed(rule: &str) -> (DeriveRule, Vec<String>) {
        let text = format!(
            "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\ndependencies = {{ a = '1' }}\n[[crate.api]]\n\
             spec = 'zoo.yaml'\n[[crate.api.derives]]\n{rule}\n"
        );
        let mut diagnostics = Diagnostics::new();
        let source = Sources::new().add("clients.toml", text.as_str());
        let mut table = clients::parse(&text, source, &mut diagnostics).crates.remove(0);
        let messages = diagnostics.sorted().iter().map(|one| one.message.clone()).collect();
        (table.apis.remove(0).derives.remove(0), messages)
    }

    #[test]
    fn rule_is_read() {
        let (rule, errors) = parsed("derives = ['std::cmp::Ord', 'a::B']\nattributes = ['#[a::b(c = \"d\")]']");
        assert_eq!(errors, [""; 0]);
        assert_eq!(rule.derives, ["Ord", ":: a :: B"]);
        assert_eq!(rule.attributes, ["# [a :: b (c = \"d\")]"]);
        assert!(rule.applies_to("Anything"));
        let (rule, _) = parsed("types = ['Pet*']\nderives = ['Ord']");
        assert!(rule.applies_to("PetName") && !rule.applies_to("Owner"));
    }

    #[test]
    fn invalid_rules_are_errors() {
        for (rule, expected) in [
            ("types = ['A']", "a rule needs one of the keys `derives` and `attributes`"),
            ("derives = ['Display']", "`Display` is not a path to a trait that can be derived"),
            ("derives = ['a::B, C']", "`a::B, C` is not a path to a trait that can be derived"),
            ("derives = ['b::C']", "the crate `b` is not a dependency"),
            ("attributes = ['a']", "`a` is not an attribute"),
            ("attributes = ['#[a] struct B;']", "`#[a] struct B;` is not an attribute"),
            ("attributes = ['/// text']", "`/// text` is not an attribute"),
            ("attributes = ['#![a]']", "`#![a]` is not an attribute"),
        ] {
            assert_eq!(parsed(rule).1, [expected], "{rule}");
        }
    }
}
