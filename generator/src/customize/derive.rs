//! Derives and attributes of generated types.

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, quoted};

use super::Pattern;

/// Derives and attributes in addition to those of the generator, for the structs and enums whose names match a pattern.
/// Aliases have neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeriveRule {
    /// Patterns for the Rust names of types.
    pub types: Vec<Pattern>,
    /// The derived traits as Rust code, with absolute paths: `::schemars::JsonSchema`. The traits of the standard
    /// library are names: `PartialOrd`.
    pub derives: Vec<String>,
    /// Attributes as Rust code: `#[cfg_attr(feature = "x", y)]`.
    pub attributes: Vec<String>,
}

impl DeriveRule {
    /// Returns whether the rule applies to a type.
    pub(crate) fn applies_to(&self, name: &str) -> bool {
        self.types.iter().any(|pattern| pattern.matches_name(name))
    }
}

/// Reports the patterns that match none of the names of the generated types.
pub(crate) fn check_derive_rules<'a>(
    rules: &[DeriveRule],
    names: impl Iterator<Item = &'a str> + Clone,
    diagnostics: &mut Diagnostics,
) {
    for pattern in rules.iter().flat_map(|rule| &rule.types) {
        if !names.clone().any(|name| pattern.matches_name(name)) {
            let message = format!("no generated struct or enum has the name {}", quoted(pattern.as_str()));
            let mut diagnostic = Diagnostic::new(Severity::Error, Code::Config, pattern.span, message);
            let near = crate::diagnostics::nearest(pattern.as_str(), names.clone());
            diagnostic.help = near.map(|near| format!("did you mean {}?", quoted(near)));
            diagnostics.push(diagnostic);
        }
    }
}
