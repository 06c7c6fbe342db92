//! Lints a document: reports content that OpenAPI allows but that is probably unintended.
//!
//! The document must have passed `validate::check`, which reports violations of OpenAPI. Each submodule is a rule:
//! examples that do not match their schemas (`example`), ambiguous paths (`ambiguity`), unused components (`unused`),
//! unmarked secrets (`secret`), unknown formats (`format`), keywords without effect (`keyword`), variants without the
//! discriminator property (`discriminator`) and unions whose variants can only be distinguished by trying each of them
//! (`trial`). [`Levels`] sets the severity of each code.

mod ambiguity;
mod conforms;
mod discriminator;
mod example;
mod fit;
mod format;
mod keyword;
mod levels;
mod pattern;
mod secret;
mod trial;
mod unused;

pub use levels::{Level, Levels, UnknownLevel};
pub(crate) use trial::unions;

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{Document, Entry, Node};
use crate::validate::Kinds;
use crate::validate::object::Kind;
use fit::Matcher;

/// Applies all rules to a document. `kinds` maps its nodes to the kinds of OpenAPI objects, e.g. schema or parameter.
pub(crate) fn rules(document: &Document, kinds: &Kinds, diagnostics: &mut Diagnostics) {
    let mut rules = Rules { document, kinds, matcher: Matcher::new(document), diagnostics };
    rules.visit(&document.root);
    ambiguity::paths(document, rules.diagnostics);
    unused::components(document, rules.diagnostics);
}

/// The state of the rules for one document.
struct Rules<'d, 'o> {
    document: &'d Document,
    kinds: &'o Kinds,
    matcher: Matcher<'d>,
    diagnostics: &'o mut Diagnostics,
}

impl<'d> Rules<'d, '_> {
    /// Applies the rules to a node and its children. Does not resolve `$ref`s, because their targets are visited at
    /// their definition. Recursion is safe, because parsing limits the nesting depth.
    fn visit(&mut self, node: &'d Node) {
        if node.get("$ref").is_none() {
            match self.kinds.of(node) {
                Some(Kind::Parameter) => {
                    self.examples(node, true);
                    self.secret_parameter(node);
                    self.beside_content(node);
                }
                Some(Kind::Header) => {
                    self.examples(node, true);
                    self.beside_content(node);
                }
                Some(Kind::Server) => self.server(node),
                Some(Kind::Schema) => {
                    self.schema_values(node);
                    self.keywords(node);
                    self.pattern(node);
                    self.format(node);
                    self.secret_properties(node);
                    self.secret_format(node);
                    self.discriminator(node);
                }
                _ => {}
            }
        }
        for entry in node.entries() {
            match self.kinds.of(&entry.value) {
                Some(Kind::Operation) => self.operation(entry),
                // OpenAPI 3.0.3, "Media Type Object": examples of media types other than JSON may be strings.
                Some(Kind::MediaType) => self.examples(&entry.value, entry.key.contains("json")),
                _ => {}
            }
            self.visit(&entry.value);
        }
        for element in node.elements() {
            self.visit(element);
        }
    }

    fn operation(&mut self, operation: &'d Entry) {
        self.request_body(operation);
        let id = operation.value.get("operationId");
        if id.is_none_or(|id| id.as_str() == Some("")) {
            let place = id.map_or(operation.key_span, |id| id.span);
            let diagnostic = Diagnostic::warning(Code::OperationId, place, "the operation has no `operationId`");
            self.diagnostics
                .push(diagnostic.help(
                    "add one: without it, the generated name is derived from the path and changes with the path",
                ));
        }
    }

    fn pattern(&mut self, schema: &'d Node) {
        let Some(node) = schema.get("pattern") else { return };
        if let Some(why) = node.as_str().and_then(|text| pattern::read(text).err()) {
            let message = format!("the pattern is not a valid regular expression: {why}");
            self.diagnostics.push(Diagnostic::warning(Code::Pattern, node.span, message));
        }
    }

    /// Returns the node, or the final target if the node is a `$ref`.
    fn resolved(&self, node: &'d Node) -> Option<&'d Node> {
        resolved(self.document, node)
    }
}

/// Returns the node, or the final target if the node is a `$ref`. Returns `None` if the target does not exist.
fn resolved<'d>(document: &'d Document, node: &'d Node) -> Option<&'d Node> {
    let mut node = node;
    // A chain of more than 16 `$ref`s is a cycle, which is already an error.
    for _ in 0..16 {
        let Some(reference) = node.get("$ref") else { return Some(node) };
        node = document.resolve(reference.as_str()?, node.span.source).ok()?;
    }
    None
}

#[cfg(test)]
mod tests;
