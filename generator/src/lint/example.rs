//! Checks examples, defaults and enum values against their schemas.

use super::Rules;
use super::fit::Mismatch;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::NodeKind;
use crate::spec::{Example, Schema, SchemaId, Value};

impl<'s> Rules<'s, '_> {
    /// Checks the `example` and `examples` of a parameter, header or media type. If `is_json` is `false`, examples that
    /// are strings are not checked, because the example of another media type, e.g. XML, may be a string in the format
    /// of that media type.
    pub(super) fn examples(
        &mut self,
        schema: Option<SchemaId>,
        example: Option<&'s Value>,
        examples: &'s [Example],
        is_json: bool,
    ) {
        let Some(schema) = schema else { return };
        for value in example.into_iter().chain(examples.iter().filter_map(|example| example.value.as_ref())) {
            if is_json || !matches!(value.kind, NodeKind::String(_)) {
                let mismatches = self.matcher.mismatches(value, schema, None);
                self.report(mismatches, "the example");
            }
        }
    }

    /// Checks the examples, `default` and `enum` values of a schema.
    pub(super) fn schema_values(&mut self, schema: &'s Schema) {
        for example in &schema.examples {
            let mismatches = self.matcher.mismatches(example, schema.id, None);
            self.report(mismatches, "the example");
        }
        // Ignore defaults and enum values of the wrong `type`: `validate::check` reports them.
        let is_unchecked = |mismatch: &Mismatch| Some(mismatch.rule) != schema.types_span;
        let default = schema.default.as_deref().map(|default| (default, None, "the default"));
        let listed_by = schema.values.as_ref().map(|values| values.span);
        let is_const = schema.values.as_ref().is_some_and(|values| values.is_const);
        let what = if is_const { "the value of `const`" } else { "a value of `enum`" };
        let values = schema.values().iter().map(|value| (value, listed_by, what));
        for (value, listed_by, what) in default.into_iter().chain(values) {
            let mut mismatches = self.matcher.mismatches(value, schema.id, listed_by);
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
