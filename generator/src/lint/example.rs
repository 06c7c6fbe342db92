//! Checks examples, defaults and enum values against their schemas.

use super::Rules;
use super::fit::Mismatch;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Node, NodeKind};

impl<'d> Rules<'d, '_> {
    /// Checks the `example` and `examples` of a parameter, header or media type. Unless `is_json` is set, string values
    /// are not checked, because the example of another media type, e.g. XML, may be a string in the format of the media
    /// type.
    pub(super) fn examples(&mut self, node: &'d Node, is_json: bool) {
        let Some(schema) = node.get("schema") else { return };
        let examples = node.get("examples").map(Node::entries).unwrap_or_default();
        let values = examples.iter().filter_map(|entry| self.resolved(&entry.value)?.get("value"));
        for value in node.get("example").into_iter().chain(values.collect::<Vec<_>>()) {
            if is_json || !matches!(value.kind, NodeKind::String(_)) {
                let mismatches = self.matcher.mismatches(value, schema, false);
                self.report(mismatches, "the example");
            }
        }
    }

    /// Checks the `example`, `default` and `enum` values of a schema.
    pub(super) fn schema_values(&mut self, schema: &'d Node) {
        if let Some(example) = schema.get("example") {
            let mismatches = self.matcher.mismatches(example, schema, false);
            self.report(mismatches, "the example");
        }
        // Ignore defaults and enum values of the wrong `type`: OpenAPI forbids them, so `validate::check` reports them.
        let checked = schema.get("type").map(|node| node.span);
        let is_unchecked = |mismatch: &Mismatch| Some(mismatch.rule) != checked;
        let default = schema.get("default").map(|default| (default, false, "the default"));
        let values = schema.get("enum").map(Node::elements).unwrap_or_default();
        for (value, listed, what) in
            default.into_iter().chain(values.iter().map(|value| (value, true, "a value of `enum`")))
        {
            let mut mismatches = self.matcher.mismatches(value, schema, listed);
            mismatches.retain(is_unchecked);
            self.report(mismatches, what);
        }
    }

    fn report(&mut self, mismatches: Vec<Mismatch>, what: &str) {
        for mismatch in mismatches {
            let message = format!("{what} does not match its schema: {}", mismatch.reason);
            self.diagnostics
                .push(Diagnostic::warning(Code::Example, mismatch.at, message).related(mismatch.rule, "required here"));
        }
    }
}
