//! Turns the targets of references into definitions.

use std::collections::HashMap;

use crate::spec::{Definition, Mapping, Schema, SchemaId};

use super::Reader;
use super::definitions::{Decisions, Promoted};

impl Reader<'_, '_> {
    /// Turns targets of references outside of the components into definitions, or copies them to their references, so
    /// that the target of every remaining reference is a definition.
    pub(super) fn define(&mut self) {
        let Decisions { components, targets, promoted, copied } = self.decide();
        let mut moved: HashMap<SchemaId, SchemaId> = HashMap::with_capacity(promoted.len());
        let mut originals: HashMap<SchemaId, String> = HashMap::new();
        for Promoted { schema, named, is_property } in promoted {
            let definition = self.split(schema, is_property);
            moved.insert(schema, definition);
            originals.extend(named.original.map(|name| (definition, name)));
            let span = self.spec.schemas[schema].span;
            self.spec.definitions.push(Definition { name: named.name, schema: definition, path: named.path, span });
        }
        let end = |id: SchemaId| {
            let target = if components.contains(&id) { id } else { targets.get(&id).copied().unwrap_or(id) };
            moved.get(&target).copied().unwrap_or(target)
        };
        for schema in self.spec.schemas.iter_mut() {
            // A reference that `split` creates needs no change: `targets` does not contain it.
            if let Some(target) = targets.get(&schema.id).filter(|_| schema.reference.is_some()) {
                schema.reference = Some(moved.get(target).copied().unwrap_or(*target));
            }
            let Some(discriminator) = schema.discriminator.as_deref_mut() else { continue };
            discriminator.default = discriminator.default.map(end);
            for mapping in &mut discriminator.mapping {
                mapping.schema = mapping.schema.map(end);
            }
        }
        self.keep_implied_values(&originals);
        for (reference, target) in targets.iter().filter(|(_, target)| copied.contains(target)) {
            let copy = Schema { id: *reference, ..self.spec.schemas[*target].clone() };
            if let Some(place) = self.spec.schemas.get_mut(*reference) {
                *place = copy;
            }
        }
    }

    /// Moves a schema into a new definition, and leaves a reference to the definition in its place. If the schema
    /// belongs to a property, the property keeps a copy of the schema's annotations.
    fn split(&mut self, id: SchemaId, is_property: bool) -> SchemaId {
        let span = self.spec.schemas[id].span;
        let definition = self.spec.schemas.add(|id| Schema::any(id, span));
        let Some(place) = self.spec.schemas.get_mut(id) else { return definition };
        let mut moved = std::mem::replace(place, Schema { reference: Some(definition), ..Schema::any(id, span) });
        moved.id = definition;
        if is_property {
            let mut annotated = annotations(&moved, id);
            moved.rust_name = None;
            if annotated != Schema::any(id, span) {
                let reference =
                    self.spec.schemas.add(|id| Schema { reference: Some(definition), ..Schema::any(id, span) });
                annotated.all_of.push(reference);
                if let Some(place) = self.spec.schemas.get_mut(id) {
                    *place = annotated;
                }
            }
        }
        if let Some(place) = self.spec.schemas.get_mut(definition) {
            *place = moved;
        }
        definition
    }

    /// Keeps the discriminator values of renamed schemas. Without a mapping, the value is the name of the schema in the
    /// document. If a definition has another name, adds a mapping from the name in the document.
    fn keep_implied_values(&mut self, originals: &HashMap<SchemaId, String>) {
        if originals.is_empty() {
            return;
        }
        let mut added: Vec<(SchemaId, Vec<(String, SchemaId)>)> = Vec::new();
        for schema in self.spec.schemas.iter().filter(|schema| schema.discriminator.is_some()) {
            let targets = schema.variants().filter_map(|variant| self.spec.schemas[variant].reference);
            let renamed = targets.filter_map(|target| Some((originals.get(&target)?.clone(), target)));
            added.push((schema.id, renamed.collect()));
        }
        for (id, renamed) in added {
            let discriminator = self.spec.schemas.get_mut(id).and_then(|schema| schema.discriminator.as_deref_mut());
            let Some(discriminator) = discriminator else { continue };
            for (value, target) in renamed {
                let mapping = &mut discriminator.mapping;
                if !mapping.iter().any(|known| known.schema == Some(target) || known.value == value) {
                    mapping.push(Mapping { value, schema: Some(target), span: discriminator.span });
                }
            }
        }
    }
}

/// Returns a schema with the annotations and extensions of `schema`, and no other keywords.
fn annotations(schema: &Schema, id: SchemaId) -> Schema {
    Schema {
        title: schema.title.clone(),
        description: schema.description.clone(),
        external_docs: schema.external_docs.clone(),
        deprecated: schema.deprecated,
        read_only: schema.read_only,
        write_only: schema.write_only,
        default: schema.default.clone(),
        examples: schema.examples.clone(),
        rust_name: schema.rust_name.clone(),
        sensitive: schema.sensitive.clone(),
        flags: schema.flags,
        discriminator_value: None,
        extensions: schema.extensions.clone(),
        ..Schema::any(id, schema.span)
    }
}
