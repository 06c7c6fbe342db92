//! Examples, defaults and the values of enums against the schemas that they stand beside.

use super::Rules;
use super::fit::{Misfit, misfit, misfit_of_listed};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Node, NodeKind};

impl<'d> Rules<'d, '_> {
    /// The `example` and `examples` of a parameter, header or media type. What is no JSON may be shown as a text.
    pub(super) fn examples(&mut self, node: &'d Node, is_json: bool) {
        let Some(schema) = node.get("schema") else { return };
        let examples = node.get("examples").map(Node::entries).unwrap_or_default();
        let values = examples.iter().filter_map(|entry| self.resolved(&entry.value)?.get("value"));
        for value in node.get("example").into_iter().chain(values.collect::<Vec<_>>()) {
            if is_json || !matches!(value.kind, NodeKind::String(_)) {
                self.report(misfit(self.document, value, schema), "the example");
            }
        }
    }

    /// The `example`, `default` and `enum` of a schema.
    pub(super) fn schema_values(&mut self, schema: &'d Node) {
        if let Some(example) = schema.get("example") {
            self.report(misfit(self.document, example, schema), "the example");
        }
        // Of which type these are is checked with all else that OpenAPI asks for.
        let checked = schema.get("type").map(|node| node.span);
        let more = |misfit: &Misfit| Some(misfit.rule) != checked;
        if let Some(default) = schema.get("default") {
            self.report(misfit(self.document, default, schema).filter(more), "the default");
        }
        for value in schema.get("enum").map(Node::elements).unwrap_or_default() {
            let misfit = misfit_of_listed(self.document, value, schema).filter(more);
            self.report(misfit, "a value of `enum`");
        }
    }

    fn report(&mut self, misfit: Option<Misfit>, what: &str) {
        let Some(misfit) = misfit else { return };
        let message = format!("{what} does not fit its schema: {}", misfit.why);
        self.found.push(Diagnostic::warning(Code::Example, misfit.at, message).related(misfit.rule, "as this asks"));
    }
}
