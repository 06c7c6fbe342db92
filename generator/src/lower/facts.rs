//! Determines the default and the minimum of a value from its own schema and from referenced schemas.

use std::collections::HashSet;

use crate::ir::{Facts, Limit};
use crate::spec::{Schema, Value};

use super::Lowering;

/// The maximum number of schemas that are searched for one value.
const MAX_SCHEMAS: usize = 32;

impl<'a> Lowering<'a> {
    /// Returns the default and the minimum that a schema, the target of its reference or a part of its `allOf`
    /// specifies.
    pub(super) fn facts(&self, schema: &'a Schema) -> Facts {
        let mut facts = Facts::default();
        let mut met = HashSet::new();
        let mut waiting = vec![schema];
        while let Some(schema) = waiting.pop() {
            if !met.insert(schema.id) || met.len() > MAX_SCHEMAS {
                continue;
            }
            facts.default = facts.default.or_else(|| schema.default.as_deref().map(Value::to_json_text));
            let minimum = schema.bounds.as_deref().and_then(|bounds| bounds.minimum.as_ref());
            facts.minimum = facts.minimum.or_else(|| minimum.map(Limit::of));
            waiting.extend(schema.all_of.iter().rev().map(|part| self.at(*part)));
            waiting.extend(schema.reference.map(|target| self.at(target)));
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::Diagnostics;
    use crate::ir::PagingStyle;
    use crate::source::{Document, Sources};

    #[test]
    fn first_page_is_default_of_referenced_schema() {
        let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      \
                    x-pagination: {style: page-number, page: page, items: items}\n      \
                    parameters: [{name: page, in: query, schema: {$ref: '#/components/schemas/Page'}}]\n      \
                    responses: {'200': {description: x, content: {application/json: {schema: {type: object, properties: \
                    {items: {type: array, items: {type: string}}}}}}}}\n\
                    components: {schemas: {Page: {type: integer, minimum: 0, default: 0}}}\n";
        let mut sources = Sources::new();
        let source = sources.add("a.yaml", text);
        let mut diagnostics = Diagnostics::new();
        let document = Document::read(&sources, source, &mut diagnostics).unwrap();
        let spec = crate::spec::read(&document, crate::spec::Version::V3_0, &mut diagnostics);
        let api = super::super::lower(&spec, false, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{:?}", diagnostics.sorted());
        let pagination = api.groups[0].operations[0].pagination.as_ref().unwrap();
        assert_eq!(pagination.style, PagingStyle::PageNumber { parameter: 0, first: 0 });
    }
}
