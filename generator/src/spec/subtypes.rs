//! The subtypes of definitions with a discriminator.

use std::collections::{HashMap, HashSet};

use super::{SchemaId, Spec};

impl Spec {
    /// Returns the direct subtypes of each definition that has a discriminator, and of each of its direct and indirect
    /// subtypes. A direct subtype of a definition is a definition whose `allOf` refers to it. A value of a definition
    /// can be a value of each of its subtypes.
    pub fn subtypes(&self) -> HashMap<SchemaId, Vec<SchemaId>> {
        let defined: HashSet<SchemaId> = self.definitions.iter().map(|definition| definition.schema).collect();
        let mut all: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        for definition in &self.definitions {
            for parent in self.parents(definition.schema).into_iter().filter(|parent| defined.contains(parent)) {
                all.entry(parent).or_default().push(definition.schema);
            }
        }
        let schemas = self.definitions.iter().map(|definition| definition.schema);
        let mut pending: Vec<SchemaId> =
            schemas.filter(|schema| self.schemas[*schema].discriminator.is_some()).collect();
        let mut subtypes = HashMap::new();
        while let Some(schema) = pending.pop() {
            if let Some(of_schema) = all.remove(&schema) {
                pending.extend(&of_schema);
                subtypes.insert(schema, of_schema);
            }
        }
        subtypes
    }

    /// Returns the schemas that the `allOf` of a schema refers to. Since OpenAPI 3.1, a `$ref` with other keywords
    /// beside it is read as an `allOf`.
    fn parents(&self, schema: SchemaId) -> Vec<SchemaId> {
        let mut parents = Vec::new();
        let mut pending = self.schemas[schema].all_of.clone();
        while let Some(part) = pending.pop() {
            match self.chain(part).last() {
                Some(target) if target.id != part => parents.push(target.id),
                _ => pending.extend(&self.schemas[part].all_of),
            }
        }
        parents
    }
}
