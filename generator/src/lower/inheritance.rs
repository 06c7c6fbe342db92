//! Inheritance: a schema with a `discriminator` and no alternatives of its own, and the schemas that are `allOf` it.
//!
//! Wherever such a schema is used, a value of any schema that inherits from it may come. So it becomes a union: of them, by
//! the values of the discriminator, and of its base: the schema itself, which takes all other values. A schema that inherits
//! from it has its properties.

use std::collections::{HashMap, HashSet};

use crate::ir::{Doc, Origin, Segment, Test, Type, TypeKind, Union, Variant};
use crate::source::{Entry, Node, Span};

use super::Lowering;
use super::schema::{Built, Id};

/// A component that has another for a part.
#[derive(Clone, Copy)]
pub(super) struct Child<'a> {
    name: &'a str,
    node: &'a Node,
}

/// For each schema, the components that are `allOf` it.
pub(super) type Children<'a> = HashMap<Id, Vec<Child<'a>>>;

impl<'a> Lowering<'a> {
    pub(super) fn find_children(&mut self, schemas: &'a [Entry]) {
        for entry in schemas {
            for part in entry.value.get("allOf").map(Node::elements).unwrap_or_default() {
                if let Some(parent) = self.schema_target(part) {
                    self.children.entry(parent).or_default().push(Child { name: &entry.key, node: &entry.value });
                }
            }
        }
    }

    /// The union that a schema is from which others inherit; nothing where none do.
    pub(super) fn inheritance(&mut self, node: &'a Node, origin: &Origin) -> Option<Built> {
        let [Segment::Component(name)] = origin.0.as_slice() else { return None };
        let (discriminator, is_inherited) = self.hierarchy_discriminator(node)?;
        let discriminator = self.discriminator(discriminator)?;
        let mut met: HashSet<Id> = HashSet::new();
        let mut arms: Vec<(&'a Node, Option<&str>, Span)> = Vec::new();
        // A subtype with a discriminator on another property is a union of its own, which its own subtypes belong to.
        let is_own_union = |arm: &'a Node| {
            !std::ptr::eq(arm, node)
                && self.is_parent(arm)
                && own_property(arm).is_some_and(|it| it != discriminator.property)
        };
        let mut heirs = self.heirs(node);
        let nested: HashSet<Id> = heirs
            .iter()
            .filter(|heir| is_own_union(heir.node))
            .flat_map(|heir| self.heirs(heir.node))
            .map(|heir| std::ptr::from_ref(heir.node))
            .collect();
        heirs.retain(|heir| !nested.contains(&std::ptr::from_ref(heir.node)));
        let names: HashMap<Id, &str> = heirs.iter().map(|heir| (std::ptr::from_ref(heir.node), heir.name)).collect();
        let name_of = |arm: &'a Node| {
            let known = if std::ptr::eq(arm, node) {
                Some(name.as_str())
            } else {
                names.get(&std::ptr::from_ref(arm)).copied()
            };
            known.or_else(|| self.name_of(arm))
        };
        let all = heirs.iter().map(|heir| heir.node).chain([node]).map(|arm| (arm, arm.span));
        // The mapping of an ancestor names schemas that do not inherit from this one.
        let is_below = |arm: &'a Node| std::ptr::eq(arm, node) || names.contains_key(&std::ptr::from_ref(arm));
        let mapped = discriminator.mapped.iter().copied().filter(|(arm, _)| !is_inherited || is_below(arm));
        for (arm, span) in mapped.chain(all) {
            if met.insert(arm) {
                arms.push((arm, name_of(arm), span));
            }
        }
        if arms.iter().all(|(arm, ..)| std::ptr::eq(*arm, node)) {
            return None;
        }
        let own_unions: HashSet<Id> =
            arms.iter().filter(|(arm, ..)| is_own_union(arm)).map(|(arm, ..)| std::ptr::from_ref(*arm)).collect();
        let arms: Vec<(&'a Node, Option<String>, Option<Test>, Span)> = arms
            .into_iter()
            .map(|(arm, name, span)| {
                let is_base = std::ptr::eq(arm, node);
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
                Some(definition) if self.is_parent(arm) && !own_unions.contains(&std::ptr::from_ref(arm)) => {
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
    pub(super) fn is_inherited_from(&self, reference: &'a Node) -> bool {
        self.schema_target(reference).is_some_and(|target| self.is_parent(target))
    }

    /// Whether a schema with a discriminator has others besides itself.
    fn is_parent(&self, node: &'a Node) -> bool {
        let Some((discriminator, is_inherited)) = self.hierarchy_discriminator(node) else { return false };
        if is_inherited {
            return true;
        }
        let others = discriminator.get("mapping").map(Node::entries).unwrap_or_default();
        self.children.contains_key(&std::ptr::from_ref(node))
            || others.iter().filter_map(|entry| self.mapped(&entry.value)).any(|target| !std::ptr::eq(target, node))
    }

    /// The discriminator of a schema without alternatives, and whether it comes from an ancestor. That of an ancestor counts
    /// where others inherit from the schema.
    fn hierarchy_discriminator(&self, node: &'a Node) -> Option<(&'a Node, bool)> {
        if has_alternatives(node) {
            return None;
        }
        if let Some(own) = own_discriminator(node) {
            return Some((own, false));
        }
        if !self.children.contains_key(&std::ptr::from_ref(node)) {
            return None;
        }
        let parents = |node: &'a Node| {
            let parts = node.get("allOf").map(Node::elements).unwrap_or_default();
            parts.iter().filter_map(|part| self.schema_target(part))
        };
        let mut met: HashSet<Id> = HashSet::from([std::ptr::from_ref(node)]);
        let mut waiting: Vec<&'a Node> = parents(node).collect();
        while let Some(ancestor) = waiting.pop() {
            if !met.insert(ancestor) || has_alternatives(ancestor) {
                continue;
            }
            if let Some(discriminator) = own_discriminator(ancestor) {
                return Some((discriminator, true));
            }
            waiting.extend(parents(ancestor));
        }
        None
    }

    /// All that inherit from a schema, whatever stands between.
    fn heirs(&self, node: &'a Node) -> Vec<Child<'a>> {
        let mut heirs: Vec<Child<'a>> = Vec::new();
        let mut met: HashSet<Id> = HashSet::from([std::ptr::from_ref(node)]);
        let mut waiting = vec![node];
        while let Some(parent) = waiting.pop() {
            for child in self.children.get(&std::ptr::from_ref(parent)).into_iter().flatten() {
                if met.insert(child.node) {
                    heirs.push(*child);
                    waiting.push(child.node);
                }
            }
        }
        heirs.sort_by_key(|child| (child.node.span.source, child.node.span.start));
        heirs
    }
}

/// Returns the discriminator of a schema, or of one of its inline `allOf` parts.
fn own_discriminator(node: &Node) -> Option<&Node> {
    let parts = node.get("allOf").map(Node::elements).unwrap_or_default();
    let mut places = std::iter::once(node).chain(parts);
    places.find_map(|place| place.get("discriminator").filter(|_| !has_alternatives(place)))
}

/// The property that the discriminator of a schema reads.
fn own_property(node: &Node) -> Option<&str> {
    own_discriminator(node)?.get("propertyName")?.as_str()
}

fn has_alternatives(node: &Node) -> bool {
    node.get("oneOf").is_some() || node.get("anyOf").is_some()
}
