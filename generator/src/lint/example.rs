//! Examples, defaults and the values of enums against the schemas that they stand beside.

use super::Rules;
use super::fit::Misfit;
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
                let misfits = self.fitting.misfits(value, schema, false);
                self.report(misfits, "the example");
            }
        }
    }

    /// The `example`, `default` and `enum` of a schema.
    pub(super) fn schema_values(&mut self, schema: &'d Node) {
        if let Some(example) = schema.get("example") {
            let misfits = self.fitting.misfits(example, schema, false);
            self.report(misfits, "the example");
        }
        // Of which type these are is checked with all else that OpenAPI asks for.
        let checked = schema.get("type").map(|node| node.span);
        let more = |misfit: &Misfit| Some(misfit.rule) != checked;
        let default = schema.get("default").map(|default| (default, false, "the default"));
        let values = schema.get("enum").map(Node::elements).unwrap_or_default();
        for (value, listed, what) in
            default.into_iter().chain(values.iter().map(|value| (value, true, "a value of `enum`")))
        {
            let mut misfits = self.fitting.misfits(value, schema, listed);
            misfits.retain(more);
            self.report(misfits, what);
        }
    }

    fn report(&mut self, misfits: Vec<Misfit>, what: &str) {
        for misfit in misfits {
            let message = format!("{what} does not fit its schema: {}", misfit.why);
            self.found
                .push(Diagnostic::warning(Code::Example, misfit.at, message).related(misfit.rule, "as this asks"));
        }
    }
}
