//! The values of discriminators that extensions specify.

use std::collections::HashSet;

use crate::spec::read::Reader;
use crate::spec::resolve::MAX_CHAIN;
use crate::spec::{Mapping, SchemaId};

impl Reader<'_, '_> {
    /// Adds a mapping to the discriminators of all ancestors of each definition with a discriminator value.
    pub(in crate::spec::read) fn discriminator_values(&mut self) {
        let mut added: Vec<(SchemaId, Mapping)> = Vec::new();
        for definition in &self.spec.definitions {
            let schema = &self.spec.schemas[definition.schema];
            let Some(value) = &schema.discriminator_value else { continue };
            for owner in self.discriminator_owners(definition.schema) {
                let mapping =
                    Mapping { value: value.to_string(), schema: Some(definition.schema), span: definition.span };
                added.push((owner, mapping));
            }
        }
        for (owner, mapping) in added {
            let owner = self.spec.schemas.get_mut(owner).and_then(|schema| schema.discriminator.as_deref_mut());
            if let Some(discriminator) = owner
                && !discriminator.mapping.iter().any(|known| known.value == mapping.value)
            {
                discriminator.mapping.push(mapping);
            }
        }
    }

    /// Returns the schemas with a discriminator among a schema and its ancestors.
    fn discriminator_owners(&self, schema: SchemaId) -> Vec<SchemaId> {
        let mut owners = Vec::new();
        let mut known = HashSet::from([schema]);
        let mut waiting = vec![schema];
        // Longer hierarchies do not exist.
        while let Some(id) = waiting.pop().filter(|_| known.len() <= MAX_CHAIN) {
            let schema = &self.spec.schemas[id];
            if schema.discriminator.is_some() {
                owners.push(id);
            }
            let parents = schema.reference.into_iter().chain(schema.all_of.iter().copied());
            waiting.extend(parents.filter(|parent| known.insert(*parent)));
        }
        owners
    }
}
