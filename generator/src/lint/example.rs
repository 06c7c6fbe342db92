//! Examples and defaults against the schemas that they stand beside.

use super::Rules;
use super::fit::misfit;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Node;

impl<'d> Rules<'d, '_> {
    /// The `example` and `examples` of a parameter, header or media type.
    pub(super) fn examples(&mut self, node: &'d Node) {
        let Some(schema) = node.get("schema") else { return };
        if let Some(example) = node.get("example") {
            self.value(example, schema, "the example");
        }
        for entry in node.get("examples").map(Node::entries).unwrap_or_default() {
            if let Some(value) = self.resolved(&entry.value).and_then(|example| example.get("value")) {
                self.value(value, schema, "the example");
            }
        }
    }

    /// The `example` and `default` of a schema.
    pub(super) fn schema_values(&mut self, schema: &'d Node) {
        if let Some(example) = schema.get("example") {
            self.value(example, schema, "the example");
        }
        if let Some(default) = schema.get("default") {
            self.value(default, schema, "the default");
        }
    }

    fn value(&mut self, value: &'d Node, schema: &'d Node, what: &str) {
        let Some(misfit) = misfit(self.document, value, schema) else { return };
        let message = format!("{what} does not fit its schema: {}", misfit.why);
        self.found.push(Diagnostic::warning(Code::Example, misfit.at, message).related(misfit.rule, "as this asks"));
    }
}
