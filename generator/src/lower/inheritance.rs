//! Inheritance: a schema with a `discriminator` and no alternatives of its own, and the schemas that are `allOf` it.
//!
//! Wherever such a schema is used, a value of any schema that inherits from it may come. So it becomes a union: of them, by
//! the values of the discriminator, and of its base: the schema itself, which takes all other values. A schema that inherits
//! from it has its properties.

use std::collections::{HashMap, HashSet};

use crate::ir::{Doc, Origin, Segment, Test, Type, TypeKind, Union, Variant};
use crate::source::Span;
use crate::spec::{self, Schema, SchemaId};

use super::Lowering;
use super::schema::Built;

/// A component that has another for a part.
#[derive(Clone, Copy)]
pub(super) struct Child<'a> {
    name: &'a str,
    node: &'a Schema,
}

/// For each schema, the components that are `allOf` it.
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

    /// The union that a schema is from which others inherit; nothing where none do.
    pub(super) fn inheritance(&mut self, node: &'a Schema, origin: &Origin) -> Option<Built> {
        let [Segment::Component(name)] = origin.0.as_slice() else { return None };
        let (discriminator, is_inherited) = self.hierarchy_discriminator(node)?;
        let discriminator = self.discriminator(discriminator);
        let mut met: HashSet<SchemaId> = HashSet::new();
        let mut arms: Vec<(&'a Schema, Option<&str>, Span)> = Vec::new();
        // A subtype with a discriminator on another property is a union of its own, which its own subtypes belong to.
        let is_own_union = |arm: &'a Schema| {
            arm.id != node.id
                && self.is_parent(arm)
                && self.own_property(arm).is_some_and(|it| it != discriminator.property)
        };
        let mut heirs = self.heirs(node);
        let nested: HashSet<SchemaId> = heirs
            .iter()
            .filter(|heir| is_own_union(heir.node))
            .flat_map(|heir| self.heirs(heir.node))
            .map(|heir| heir.node.id)
            .collect();
        heirs.retain(|heir| !nested.contains(&heir.node.id));
        let names: HashMap<SchemaId, &str> = heirs.iter().map(|heir| (heir.node.id, heir.name)).collect();
        let name_of = |arm: &'a Schema| {
            let known = if arm.id == node.id {
                Some(name.as_str())
            } else {
                names.get(&arm.id).copied()
            };
            known.or_else(|| self.name_of(arm))
        };
        let all = heirs.iter().map(|heir| heir.node).chain([node]).map(|arm| (arm, arm.span));
        // The mapping of an ancestor names schemas that do not inherit from this one.
        let is_below = |arm: &'a Schema| arm.id == node.id || names.contains_key(&arm.id);
        let mapped = discriminator.mapped.iter().copied().filter(|(arm, _)| !is_inherited || is_below(arm));
        for (arm, span) in mapped.chain(all) {
            if met.insert(arm.id) {
                arms.push((arm, name_of(arm), span));
            }
        }
        if arms.iter().all(|(arm, ..)| arm.id == node.id) {
            return None;
        }
        let own_unions: HashSet<SchemaId> =
            arms.iter().filter(|(arm, ..)| is_own_union(arm)).map(|(arm, ..)| arm.id).collect();
        let arms: Vec<(&'a Schema, Option<String>, Option<Test>, Span)> = arms
            .into_iter()
            .map(|(arm, name, span)| {
                let is_base = arm.id == node.id;
                let test = discriminator.test(arm, name);
                // A subtype with heirs of its own is called by its name, not by that of its base.
                let label = name.filter(|_| !is_base).map(str::to_owned);
                (arm, label, if is_base { Some(discriminator.base(test)) } else { test }, span)
            })
            .collect();
        let mut variants = Vec::with_capacity(arms.len());
        for (arm, label, test, span) in arms {
            // A value that the mapping gives to another is no longer this one's.
            let Some(test) = test else { continue };
            let id = match self.definition_of(arm).and_then(|id| self.types.get(id.0)) {
                Some(definition) if self.is_parent(arm) && !own_unions.contains(&arm.id) => {
                    let origin = definition.origin.clone();
                    self.base(arm, &origin)
                }
                _ => self.definition_of(arm)?,
            };
            variants.push(Variant { ty: Type::Named(id), label, doc: Doc::default(), test, span });
        }
        Some(Built::Kind(TypeKind::Union(Union { variants, any_of: false })))
    }

    /// Whether a `$ref` leads to a schema from which others inherit.
    pub(super) fn is_inherited_from(&self, reference: &'a Schema) -> bool {
        self.schema_target(reference).is_some_and(|target| self.is_parent(target))
    }

    /// Whether a schema with a discriminator has others besides itself.
    fn is_parent(&self, node: &'a Schema) -> bool {
        let Some((discriminator, is_inherited)) = self.hierarchy_discriminator(node) else { return false };
        if is_inherited {
            return true;
        }
        self.children.contains_key(&node.id)
            || discriminator.mapping.iter().filter_map(|mapping| mapping.schema).any(|target| target != node.id)
    }

    /// The discriminator of a schema without alternatives, and whether it comes from an ancestor. That of an ancestor counts
    /// where others inherit from the schema.
    fn hierarchy_discriminator(&self, node: &'a Schema) -> Option<(&'a spec::Discriminator, bool)> {
        if has_alternatives(node) {
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
            if !met.insert(ancestor.id) || has_alternatives(ancestor) {
                continue;
            }
            if let Some(discriminator) = self.own_discriminator(ancestor) {
                return Some((discriminator, true));
            }
            waiting.extend(parents(ancestor));
        }
        None
    }

    /// All that inherit from a schema, whatever stands between.
    fn heirs(&self, node: &'a Schema) -> Vec<Child<'a>> {
        let mut heirs: Vec<Child<'a>> = Vec::new();
        let mut met: HashSet<SchemaId> = HashSet::from([node.id]);
        let mut waiting = vec![node];
        while let Some(parent) = waiting.pop() {
            for child in self.children.get(&parent.id).into_iter().flatten() {
                if met.insert(child.node.id) {
                    heirs.push(*child);
                    waiting.push(child.node);
                }
            }
        }
        heirs.sort_by_key(|child| (child.node.span.source, child.node.span.start));
        heirs
    }

    /// Returns the discriminator of a schema, or of one of its inline `allOf` parts.
    fn own_discriminator(&self, node: &'a Schema) -> Option<&'a spec::Discriminator> {
        let parts = node.all_of.iter().map(|part| self.at(*part));
        let mut places = std::iter::once(node).chain(parts);
        places.find_map(|place| place.discriminator.as_deref().filter(|_| !has_alternatives(place)))
    }

    /// The property that the discriminator of a schema reads.
    fn own_property(&self, node: &'a Schema) -> Option<&'a str> {
        self.own_discriminator(node).map(|discriminator| discriminator.property.as_str())
    }
}

fn has_alternatives(schema: &Schema) -> bool {
    schema.variants().next().is_some()
}
