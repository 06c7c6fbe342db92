//! Decides which schemas outside of the components become definitions.
//!
//! These are the targets of references to schemas, and the schemas in objects that several places refer to, such as a
//! shared response. So, one type is generated for each schema, wherever it is used. A small schema that needs no type
//! of its own is copied to each reference instead.

use std::collections::{HashMap, HashSet};

use crate::source::Node;
use crate::spec::resolve::is_reference;
use crate::spec::{Schema, SchemaId};
use crate::validate::MAX_SCHEMA_CHAIN;

use super::names::{Named, Names, Step};
use super::{Address, Reader};

/// The maximum number of JSON values in a schema that is copied to its references.
const MAX_COPIED_VALUES: usize = 32;
/// The maximum total length, in bytes, of the strings in a schema that is copied to its references.
const MAX_COPIED_BYTES: usize = 4096;

/// The keywords for which a schema needs a type of its own in the generated code.
const TYPE_KEYWORDS: [&str; 14] = [
    "enum",
    "properties",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "discriminator",
    "const",
    "prefixItems",
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "if",
    "contentSchema",
];

/// A schema outside of the components that becomes a definition.
pub(super) struct Promoted {
    pub schema: SchemaId,
    pub named: Named,
    /// Whether the schema belongs to a property. In this case, the property keeps the annotations of the schema, such
    /// as its description.
    pub is_property: bool,
}

/// The decisions on the targets of references.
pub(super) struct Decisions {
    /// The schemas of the components.
    pub components: HashSet<SchemaId>,
    /// The final target of each schema that is a reference.
    pub targets: HashMap<SchemaId, SchemaId>,
    /// The schemas that become definitions, in document order.
    pub promoted: Vec<Promoted>,
    /// The schemas that are copied to their references.
    pub copied: HashSet<SchemaId>,
}

impl<'d> Reader<'d, '_> {
    pub(super) fn decide(&self) -> Decisions {
        let components: HashSet<SchemaId> = self.spec.definitions.iter().map(|definition| definition.schema).collect();
        let targets = self.targets(&components);
        // The target of a mapping can be a component that is itself a reference.
        let mapped = self.mapped.iter().filter(|id| !components.contains(id));
        let mapped: HashSet<SchemaId> = mapped.map(|id| *targets.get(id).unwrap_or(id)).collect();
        let wanted = targets.values().chain(&mapped).copied();
        let wanted: HashSet<SchemaId> = wanted.filter(|target| !components.contains(target)).collect();
        let shared: HashSet<Address> = self.referred.iter().copied().chain(self.uses.shared()).collect();
        let decisions = Decisions { components, targets, promoted: Vec::new(), copied: HashSet::new() };
        if wanted.is_empty() && shared.is_empty() {
            return decisions;
        }
        let mut survey = Survey {
            reader: self,
            wanted,
            mapped,
            shared,
            names: Names::new(self.document, self.section("schemas")),
            steps: Vec::new(),
            decisions,
        };
        for tree in self.document.trees() {
            survey.visit(tree, tree, false);
        }
        survey.specialised();
        survey.decisions
    }

    /// Returns the final target of each schema that is a reference. A chain of references ends at the first component.
    fn targets(&self, components: &HashSet<SchemaId>) -> HashMap<SchemaId, SchemaId> {
        let end = |schema: &Schema| {
            let mut target = schema.reference?;
            for _ in 0..MAX_SCHEMA_CHAIN {
                match self.spec.schemas[target].reference {
                    Some(next) if !components.contains(&target) => target = next,
                    _ => break,
                }
            }
            Some((schema.id, target))
        };
        self.spec.schemas.iter().filter_map(end).collect()
    }
}

/// A search of all nodes of a document for the schemas that become definitions.
struct Survey<'r, 'd, 'o> {
    reader: &'r Reader<'d, 'o>,
    /// The targets of references that are not components.
    wanted: HashSet<SchemaId>,
    /// The targets of discriminator mappings, which must be definitions.
    mapped: HashSet<SchemaId>,
    /// The objects that several places refer to.
    shared: HashSet<Address>,
    names: Names<'d>,
    steps: Vec<Step<'d>>,
    decisions: Decisions,
}

impl<'d> Survey<'_, 'd, '_> {
    /// Visits a node and its children. The nesting depth is limited when the document is parsed.
    fn visit(&mut self, node: &'d Node, root: &'d Node, in_shared: bool) {
        if node.as_mapping().is_none() && node.elements().is_empty() {
            return;
        }
        let address = std::ptr::from_ref(node);
        let schema = self.reader.known.schemas.get(&(address, 0)).copied();
        let is_shared = self.shared.contains(&address);
        let mut in_shared_object = in_shared && schema.is_none() || is_shared;
        let refers = match schema {
            Some(id) => self.reader.spec.schemas[id].reference.is_some(),
            None => is_reference(node),
        };
        match schema {
            Some(id) if self.decisions.components.contains(&id) => {}
            _ if refers => in_shared_object = false,
            Some(id) if self.wanted.contains(&id) => {
                let is_small = self.size_without_types(node, 0).is_some_and(Size::is_small);
                if is_small && !self.mapped.contains(&id) {
                    self.decisions.copied.insert(id);
                } else {
                    self.promote(id, root);
                }
            }
            // A parameter or header of Swagger 2.0 is a schema itself.
            Some(id) if (in_shared || is_shared) && self.size_without_types(node, 0).is_none() => {
                self.promote(id, root)
            }
            _ => {}
        }
        for entry in node.entries() {
            self.steps.push(Step::Key(&entry.key));
            self.visit(&entry.value, root, in_shared_object);
            self.steps.pop();
        }
        for (position, element) in node.elements().iter().enumerate() {
            self.steps.push(Step::Index(position));
            self.visit(element, root, in_shared_object);
            self.steps.pop();
        }
    }

    /// Turns each specialised schema (see `dynamic`) into a definition if several places refer to it. Specialised
    /// schemas have no nodes of their own in the document, so `visit` does not find them.
    fn specialised(&mut self) {
        let reader = self.reader;
        let Some(dynamic) = &reader.dynamic else { return };
        let mut shared: Vec<_> = dynamic.originals.iter().filter(|(id, _)| self.wanted.contains(id)).collect();
        shared.sort_by_key(|(id, _)| **id);
        let names = reader.spec.definitions.iter().map(|definition| (definition.schema, definition.name.as_str()));
        let names: HashMap<SchemaId, &str> = if shared.is_empty() { HashMap::new() } else { names.collect() };
        for (position, (schema, original)) in shared.into_iter().enumerate() {
            let original = reader.known.schemas.get(&(std::ptr::from_ref(*original), 0));
            let name = original.and_then(|original| names.get(original).copied());
            let named = self.names.like(name.unwrap_or("specialised"), position + 2);
            self.decisions.promoted.push(Promoted { schema: *schema, named, is_property: false });
        }
    }

    fn promote(&mut self, schema: SchemaId, root: &'d Node) {
        let is_property = self.steps.len() > 1 && self.steps.iter().rev().nth(1) == Some(&Step::Key("properties"));
        let named = self.names.add(&self.steps, root);
        self.decisions.promoted.push(Promoted { schema, named, is_property });
    }

    /// Returns the size of a schema. `None` if the schema or a schema in it needs a type of its own.
    fn size_without_types(&self, node: &Node, depth: usize) -> Option<Size> {
        let schema = self.reader.known.schemas.get(&(std::ptr::from_ref(node), 0));
        if let Some(target) = schema.and_then(|schema| self.decisions.targets.get(schema)) {
            return self.decisions.components.contains(target).then_some(Size { values: 2, bytes: 0 });
        }
        if depth > MAX_COPIED_VALUES || TYPE_KEYWORDS.into_iter().any(|key| node.get(key).is_some()) {
            return None;
        }
        // Since 3.1, a reference with other keywords needs a type of its own, and so does a schema with several types.
        let types = |id: &SchemaId| self.reader.spec.schemas[*id].types;
        if is_reference(node)
            || schema.map(types).is_some_and(|types| !types.is_unspecified() && types.only().is_none())
        {
            return None;
        }
        let mut size = Size::of(node, MAX_COPIED_VALUES);
        for key in ["items", "additionalProperties"] {
            let Some(part) = node.get(key) else { continue };
            match part.as_bool() {
                Some(true) => {}
                Some(false) => return None,
                None => size = size.plus(self.size_without_types(part, depth + 1)?),
            }
        }
        Some(size)
    }
}

/// The size of a schema.
#[derive(Clone, Copy)]
struct Size {
    values: usize,
    bytes: usize,
}

impl Size {
    /// Returns the size of a node. Does not count more values than `limit`.
    fn of(node: &Node, limit: usize) -> Self {
        let mut size = Self { values: 1, bytes: node.as_str().map_or(0, str::len) };
        let parts = node.entries().iter().map(|entry| &entry.value).chain(node.elements());
        for part in parts {
            if size.values > limit {
                break;
            }
            size = size.plus(Self::of(part, limit - size.values));
        }
        size.bytes += node.entries().iter().take(limit).map(|entry| entry.key.len()).sum::<usize>();
        size
    }

    fn plus(self, other: Self) -> Self {
        Self { values: self.values + other.values, bytes: self.bytes + other.bytes }
    }

    fn is_small(self) -> bool {
        self.values <= MAX_COPIED_VALUES && self.bytes <= MAX_COPIED_BYTES
    }
}
