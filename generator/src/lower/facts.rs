//! Facts about values that do not depend on where their schemas are defined.

use std::collections::HashSet;

use crate::ir::{Facts, Limit};
use crate::spec::{Schema, Value};

use super::Lowering;

/// The maximum number of schemas that are searched.
const MAX_SCHEMAS: usize = 32;

impl<'a> Lowering<'a> {
    /// Returns the default and the minimum that a schema specifies, itself, by reference or in a part of its `allOf`.
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
