//! What a document says that is allowed and probably not meant: a checked document comes in, more findings go out.
//!
//! `dialect::check` finds what OpenAPI forbids. The rules here look at the same objects once more: examples that do not
//! fit (`example`), paths that a server may mix up (`ambiguity`), components that nothing uses (`unused`), names that look
//! like secrets (`secret`), formats that nobody knows (`format`), what has no effect where it stands (`keyword`), unions
//! whose variants have to be tried (`trial`). Which of them matter is the reader's choice ([`Levels`]).

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
use crate::dialect::{Kind, Kinds};
use crate::source::{Document, Entry, Node};
use fit::Fitting;

/// Applies every rule to a document whose objects are known.
pub(crate) fn rules(document: &Document, kinds: &Kinds, found: &mut Diagnostics) {
    let mut rules = Rules { document, kinds, fitting: Fitting::new(document), found };
    rules.visit(&document.root);
    ambiguity::paths(document, rules.found);
    unused::components(document, rules.found);
}

/// One run over one document.
struct Rules<'d, 'o> {
    document: &'d Document,
    kinds: &'o Kinds,
    fitting: Fitting<'d>,
    found: &'o mut Diagnostics,
}

impl<'d> Rules<'d, '_> {
    /// Every node once; the readers bound how deep they nest. What stands behind a `$ref` is met where it is itself.
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
                // OpenAPI 3.0.3, "Media Type Object": what is no JSON may be shown as a text.
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
            let diagnostic = Diagnostic::warning(Code::OperationId, place, "an operation has no `operationId`");
            self.found.push(diagnostic.help("give it one: names made of its path change when the path does"));
        }
    }

    fn pattern(&mut self, schema: &'d Node) {
        let Some(node) = schema.get("pattern") else { return };
        if let Some(why) = node.as_str().and_then(|text| pattern::read(text).err()) {
            let message = format!("the pattern is no regular expression: {why}");
            self.found.push(Diagnostic::warning(Code::Pattern, node.span, message));
        }
    }

    /// What stands for a node: itself, or what its `$ref` leads to in the end.
    fn resolved(&self, node: &'d Node) -> Option<&'d Node> {
        resolved(self.document, node)
    }
}

/// What stands for a node: itself, or what its `$ref` leads to in the end; `None` where it leads nowhere.
fn resolved<'d>(document: &'d Document, node: &'d Node) -> Option<&'d Node> {
    let mut node = node;
    // A chain that is longer goes in a circle, which is an error already.
    for _ in 0..16 {
        let Some(reference) = node.get("$ref") else { return Some(node) };
        node = document.resolve(reference.as_str()?, node.span.source).ok()?;
    }
    None
}

#[cfg(test)]
mod tests;
