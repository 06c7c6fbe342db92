//! Reads the discriminator values that extensions of schemas specify.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::spec::read::Reader;
use crate::spec::{Mapping, SchemaId};

impl Reader<'_, '_> {
    /// For each definition with a discriminator value, adds a mapping to its own discriminator and to the
    /// discriminators of all its ancestors.
    pub(in crate::spec::read) fn discriminator_values(&mut self) {
        let values = self.spec.definitions.iter().filter_map(|definition| {
            let value = self.spec.schemas[definition.schema].discriminator_value.as_ref()?;
            Some(Mapping { value: value.to_string(), schema: Some(definition.schema), span: definition.span })
        });
        let values: Vec<Mapping> = values.collect();
        let mut added: IndexMap<SchemaId, Vec<Mapping>> = IndexMap::new();
        for mapping in values {
            let Some(schema) = mapping.schema else { continue };
            let (owners, visited) = self.discriminator_owners(schema);
            if !self.may_add(visited, mapping.span) {
                return;
            }
            for owner in owners {
                added.entry(owner).or_default().push(mapping.clone());
            }
        }
        for (owner, mappings) in added {
            let owner = self.spec.schemas.get_mut(owner).and_then(|schema| schema.discriminator.as_deref_mut());
            let Some(discriminator) = owner else { continue };
            let mut known: HashSet<String> =
                discriminator.mapping.iter().map(|mapping| mapping.value.clone()).collect();
            discriminator.mapping.extend(mappings.into_iter().filter(|mapping| known.insert(mapping.value.clone())));
        }
    }

    /// Returns the schemas with a discriminator among a schema and its ancestors, and the number of schemas visited.
    fn discriminator_owners(&self, schema: SchemaId) -> (Vec<SchemaId>, usize) {
        let mut owners = Vec::new();
        let mut known = HashSet::from([schema]);
        let mut waiting = vec![schema];
        while let Some(id) = waiting.pop() {
            let schema = &self.spec.schemas[id];
            if schema.discriminator.is_some() {
                owners.push(id);
            }
            let parents = schema.reference.into_iter().chain(schema.all_of.iter().copied());
            waiting.extend(parents.filter(|parent| known.insert(*parent)));
        }
        (owners, known.len())
    }
}
