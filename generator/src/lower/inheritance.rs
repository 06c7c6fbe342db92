//! Lowers hierarchies: schemas with a `discriminator` and without `oneOf` or `anyOf`, and the schemas that include them
//! with `allOf`.
//!
//! A value of such a parent can be a value of any subtype. The parent therefore becomes a union. The discriminator
//! selects the variant of a subtype; all other values belong to the base variant, which has the properties of the
//! parent. Subtypes have the properties of the parent too.

use std::collections::{HashMap, HashSet};

use crate::ir::{Doc, Origin, Test, Type, TypeKind, Union, Variant};
use crate::source::Span;
use crate::spec::{self, Schema, SchemaId};

use super::Lowering;
use super::schema::Built;

/// A definition that includes another one with `allOf`.
#[derive(Clone, Copy)]
pub(super) struct Child<'a> {
    name: &'a str,
    node: &'a Schema,
}

/// For each schema, the definitions that include it with `allOf`.
pub(super) type Children<'a> = HashMap<SchemaId, Vec<Child<'a>>>;

impl<'a> Lowering<'a> {
    pub(super) fn find_children(&mut self) {
        let spec = self.spec;
        for definition in &spec.definitions {
            let node = self.at(definition.schema);
            for part in &node.all_of {
                if let Some(parent) = self.at(*part).reference {
                    self.children.entry(parent).or_default().push(Child { name: &definition.name, node });
                }
            }
        }
    }

    /// Returns the union of a parent and its subtypes. `None` if the schema has no subtypes.
    pub(super) fn inheritance(&mut self, node: &'a Schema, origin: &Origin) -> Option<Built> {
        let name = origin.component()?;
        let (discriminator, is_inherited) = self.hierarchy_discriminator(node)?;
        let discriminator = self.discriminator(discriminator);
        let mut met: HashSet<SchemaId> = HashSet::new();
        let mut schemas: Vec<(&'a Schema, Option<&str>, Span)> = Vec::new();
        // A subtype with a discriminator on another property is a separate union, which contains its own subtypes.
        let is_own_union = |schema: &'a Schema| {
            schema.id != node.id
                && self.is_parent(schema)
                && self.own_property(schema).is_some_and(|it| it != discriminator.property)
        };
        let mut subtypes = self.subtypes(node);
        let nested: HashSet<SchemaId> = subtypes
            .iter()
            .filter(|subtype| is_own_union(subtype.node))
            .flat_map(|subtype| self.subtypes(subtype.node))
            .map(|subtype| subtype.node.id)
            .collect();
        subtypes.retain(|subtype| !nested.contains(&subtype.node.id));
        let names: HashMap<SchemaId, &str> = subtypes.iter().map(|subtype| (subtype.node.id, subtype.name)).collect();
        let name_of = |schema: &'a Schema| {
            let known = if schema.id == node.id { Some(name) } else { names.get(&schema.id).copied() };
            known.or_else(|| self.name_of(schema))
        };
        let all = subtypes.iter().map(|subtype| subtype.node).chain([node]).map(|schema| (schema, schema.span));
        // The mapping of an ancestor can contain schemas that are not subtypes of this schema.
        let is_below = |schema: &'a Schema| schema.id == node.id || names.contains_key(&schema.id);
        let mapped = discriminator.mapped.iter().copied().filter(|(schema, _)| !is_inherited || is_below(schema));
        for (schema, span) in mapped.chain(all) {
            if met.insert(schema.id) {
                schemas.push((schema, name_of(schema), span));
            }
        }
        if schemas.iter().all(|(schema, ..)| schema.id == node.id) {
            return None;
        }
        let own_unions: HashSet<SchemaId> =
            schemas.iter().filter(|(schema, ..)| is_own_union(schema)).map(|(schema, ..)| schema.id).collect();
        let schemas: Vec<(&'a Schema, Option<String>, Option<Test>, Span)> = schemas
            .into_iter()
            .map(|(schema, name, span)| {
                let is_base = schema.id == node.id;
                let test = discriminator.test(schema, name);
                // A subtype with its own subtypes is labeled with its own name, not with the name of its base type.
                let label = name.filter(|_| !is_base).map(str::to_owned);
                (schema, label, if is_base { Some(discriminator.base(test)) } else { test }, span)
            })
            .collect();
        let mut variants = Vec::with_capacity(schemas.len());
        for (schema, label, test, span) in schemas {
            // No value selects a schema without a test: the mapping assigns its name to another schema.
            let Some(test) = test else { continue };
            let id = match self.definition_of(schema).and_then(|id| self.types.get(id.0)) {
                Some(definition) if self.is_parent(schema) && !own_unions.contains(&schema.id) => {
                    let origin = definition.origin.clone();
                    self.base(schema, &origin)
                }
                _ => self.definition_of(schema)?,
            };
            variants.push(Variant { ty: Type::Named(id), label, doc: Doc::default(), test, span });
        }
        Some(Built::Kind(TypeKind::Union(Union { variants, any_of: false })))
    }

    /// Returns whether the target of a reference has subtypes.
    pub(super) fn is_inherited_from(&self, reference: &'a Schema) -> bool {
        self.schema_target(reference).is_some_and(|target| self.is_parent(target))
    }

    /// Returns whether a schema has a discriminator and subtypes.
    fn is_parent(&self, node: &'a Schema) -> bool {
        let Some((discriminator, is_inherited)) = self.hierarchy_discriminator(node) else { return false };
        if is_inherited {
            return true;
        }
        self.children.contains_key(&node.id)
            || discriminator.mapping.iter().filter_map(|mapping| mapping.schema).any(|target| target != node.id)
    }

    /// Returns the discriminator of a schema without variants, and whether it comes from an ancestor. The discriminator
    /// of an ancestor applies only if the schema has subtypes.
    fn hierarchy_discriminator(&self, node: &'a Schema) -> Option<(&'a spec::Discriminator, bool)> {
        if has_variants(node) {
            return None;
        }
        if let Some(own) = self.own_discriminator(node) {
            return Some((own, false));
        }
        if !self.children.contains_key(&node.id) {
            return None;
        }
        let parents = |node: &'a Schema| node.all_of.iter().filter_map(|part| self.schema_target(self.at(*part)));
        let mut met: HashSet<SchemaId> = HashSet::from([node.id]);
        let mut waiting: Vec<&'a Schema> = parents(node).collect();
        while let Some(ancestor) = waiting.pop() {
            if !met.insert(ancestor.id) || has_variants(ancestor) {
                continue;
            }
            if let Some(discriminator) = self.own_discriminator(ancestor) {
                return Some((discriminator, true));
            }
            waiting.extend(parents(ancestor));
        }
        None
    }

    /// Returns all direct and indirect subtypes of a schema.
    fn subtypes(&self, node: &'a Schema) -> Vec<Child<'a>> {
        let mut subtypes: Vec<Child<'a>> = Vec::new();
        let mut met: HashSet<SchemaId> = HashSet::from([node.id]);
        let mut waiting = vec![node];
        while let Some(parent) = waiting.pop() {
            for child in self.children.get(&parent.id).into_iter().flatten() {
                if met.insert(child.node.id) {
                    subtypes.push(*child);
                    waiting.push(child.node);
                }
            }
        }
        subtypes.sort_by_key(|child| (child.node.span.source, child.node.span.start));
        subtypes
    }

    /// Returns the discriminator of a schema, or of one of its inline `allOf` parts.
    fn own_discriminator(&self, node: &'a Schema) -> Option<&'a spec::Discriminator> {
        let parts = node.all_of.iter().map(|part| self.at(*part));
        let mut places = std::iter::once(node).chain(parts);
        places.find_map(|place| place.discriminator.as_deref().filter(|_| !has_variants(place)))
    }

    /// Returns the name of the discriminator property of a schema.
    fn own_property(&self, node: &'a Schema) -> Option<&'a str> {
        self.own_discriminator(node).map(|discriminator| discriminator.property.as_str())
    }
}

fn has_variants(schema: &Schema) -> bool {
    schema.variants().next().is_some()
}
