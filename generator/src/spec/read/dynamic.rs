//! Resolves `$dynamicRef`s. Reads a schema that contains `$dynamicRef`s once for each combination of their targets
//! ("specialises" the schema).
//!
//! The target of a `$dynamicRef` depends on the path of references that was followed to reach it: of the schema
//! resources on this path, the first one with a `$dynamicAnchor` of this name contains the target (JSON Schema 2020-12,
//! section 8.2.3.2). A map from the names of anchors to their targets is called "bindings". Schemas without
//! `$dynamicRef`s are read only once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::source::{Document, Identifiers, Node, ResourceIndex, anchor, has_named_values, is_data};
use crate::spec::resolve::Resolver;
use crate::spec::{Schema, SchemaId};

use super::{Address, Pending, Reader};

/// The bindings that apply at a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Scope {
    /// The index of the bindings that result from the path of references to the location.
    bindings: usize,
    /// The index of the bindings for which the schema is specialised. 0 for a schema that is not specialised.
    pub variant: usize,
}

/// The schema that a reference refers to.
pub(super) enum Target {
    /// A schema that becomes a definition.
    Definition(SchemaId),
    /// A newly specialised schema, which replaces the reference.
    Inline(SchemaId),
}

/// The targets of dynamic anchors, by the name of the anchor.
type Bindings<'d> = BTreeMap<&'d str, &'d Node>;

/// The specialised schemas of a document with `$dynamicRef`s.
pub(super) struct Dynamic<'d> {
    generics: HashMap<Address, Generic<'d>>,
    /// All bindings that occur in the document.
    bindings: Vec<Bindings<'d>>,
    indices: HashMap<Vec<(&'d str, Address)>, usize>,
    specialised: HashMap<(Address, usize), SchemaId>,
    /// The node of the original schema of each specialised schema.
    pub originals: HashMap<SchemaId, &'d Node>,
}

/// A schema that references refer to, and that may depend on dynamic anchors.
struct Generic<'d> {
    resource: Option<ResourceIndex>,
    /// The dynamic anchors on whose targets the schema depends.
    anchors: BTreeSet<&'d str>,
}

impl<'d> Dynamic<'d> {
    /// Finds the schemas that depend on dynamic anchors, in at most `limit` steps. Returns `None` for a document
    /// without `$dynamicRef`s.
    pub fn of(document: &'d Document, resolver: &Resolver<'d>, limit: usize) -> Option<Self> {
        if !resolver.identifiers().has_dynamic_references() {
            return None;
        }
        Some(Self {
            generics: Survey::of(document, resolver).generics(limit),
            bindings: vec![Bindings::new()],
            indices: HashMap::from([(Vec::new(), 0)]),
            specialised: HashMap::new(),
            originals: HashMap::new(),
        })
    }

    fn index(&mut self, bindings: Bindings<'d>) -> usize {
        let key = bindings.iter().map(|(name, node)| (*name, std::ptr::from_ref(*node))).collect();
        let all = &mut self.bindings;
        *self.indices.entry(key).or_insert_with(|| {
            all.push(bindings);
            all.len() - 1
        })
    }

    /// Returns the bindings of a scope. Adds the dynamic anchors of `resource` that the scope does not bind.
    fn with_resource(
        &self,
        scope: Scope,
        identifiers: &Identifiers<'d>,
        resource: Option<ResourceIndex>,
    ) -> Bindings<'d> {
        let mut bindings = self.bindings.get(scope.bindings).cloned().unwrap_or_default();
        for (name, node) in resource.into_iter().flat_map(|resource| identifiers.dynamics(resource)) {
            bindings.entry(name).or_insert(node);
        }
        bindings
    }

    /// Returns the bindings on which a schema depends, except bindings to the dynamic anchors of its own resource.
    fn relevant(&self, bindings: &Bindings<'d>, identifiers: &Identifiers<'d>, target: &'d Node) -> Bindings<'d> {
        let Some(generic) = self.generics.get(&std::ptr::from_ref(target)) else { return Bindings::new() };
        let own = |name: &str| identifiers.dynamic(generic.resource?, name).map(std::ptr::from_ref);
        let relevant = bindings
            .iter()
            .filter(|(name, node)| generic.anchors.contains(*name) && own(name) != Some(std::ptr::from_ref(**node)));
        relevant.map(|(name, node)| (*name, *node)).collect()
    }
}

impl<'d> Reader<'d, '_> {
    /// Sets the scope for reading a schema. Returns the previous scope, which the caller restores afterwards.
    pub(super) fn enter(&mut self, node: &'d Node) -> Scope {
        let scope = self.scope;
        if let Some(dynamic) = &mut self.dynamic
            && let Some(resource) = self.resolver.identifiers().resource_at(node)
        {
            let bindings = dynamic.with_resource(scope, self.resolver.identifiers(), Some(resource));
            self.scope.bindings = dynamic.index(bindings);
        }
        scope
    }

    /// Returns the target of a `$ref`, or of a `$dynamicRef` if `is_dynamic` is set, and the node of the target.
    pub(super) fn follow(&mut self, reference: &'d Node, is_dynamic: bool) -> Option<(Target, &'d Node)> {
        let mut target = self.resolver.find(reference)?;
        let Some(dynamic) = &mut self.dynamic else {
            return Some((Target::Definition(self.referred_schema(target)), target));
        };
        let identifiers = self.resolver.identifiers();
        let bindings = dynamic.with_resource(self.scope, identifiers, identifiers.owner_index(reference));
        if is_dynamic && let Some(name) = dynamic_anchor(reference, target) {
            target = bindings.get(name).copied().unwrap_or(target);
        }
        let relevant = dynamic.relevant(&bindings, identifiers, target);
        if !self.may_add(bindings.len(), reference.span) || relevant.is_empty() {
            return Some((Target::Definition(self.referred_schema(target)), target));
        }
        let dynamic = self.dynamic.as_mut()?;
        let variant = dynamic.index(relevant);
        let key = (std::ptr::from_ref(target), variant);
        if let Some(known) = dynamic.specialised.get(&key) {
            return Some((Target::Definition(*known), target));
        }
        let scope = Scope { bindings: dynamic.index(bindings), variant };
        if !self.may_copy(target, reference.span) {
            return Some((Target::Definition(self.referred_schema(target)), target));
        }
        let id = self.spec.schemas.add(|id| Schema::any(id, target.span));
        if let Some(dynamic) = &mut self.dynamic {
            dynamic.specialised.insert(key, id);
            dynamic.originals.insert(id, target);
        }
        self.pending.push(Pending::Schema(id, target, scope));
        Some((Target::Inline(id), target))
    }
}

/// Returns the anchor in a `$dynamicRef`, if its target has a `$dynamicAnchor` with this name.
fn dynamic_anchor<'d>(reference: &'d Node, target: &Node) -> Option<&'d str> {
    let name = anchor(reference.as_str()?)?;
    (target.get("$dynamicAnchor").and_then(Node::as_str) == Some(name)).then_some(name)
}

/// A survey of the dynamic anchors on which the targets of references depend.
#[derive(Default)]
struct Survey<'d> {
    targets: HashMap<Address, Generic<'d>>,
    /// For each target, the other targets that refer to it or contain it.
    users: HashMap<Address, Vec<Address>>,
}

/// A node to visit.
#[derive(Clone, Copy)]
struct Visit<'d> {
    node: &'d Node,
    /// Whether the keys of the node are names that the author chooses, not keywords.
    has_names: bool,
    resource: Option<ResourceIndex>,
    /// The innermost target that contains the node.
    within: Option<Address>,
}

impl<'d> Survey<'d> {
    fn of(document: &'d Document, resolver: &Resolver<'d>) -> Self {
        let mut survey = Self::default();
        survey.visit(document, resolver, |survey, visit| {
            let targets = ["$ref", "$dynamicRef"].into_iter().filter_map(|key| resolver.find(visit.node.get(key)?));
            for target in targets.chain(visit.node.get("$dynamicAnchor").map(|_| visit.node)) {
                survey.targets.entry(target).or_insert_with(|| Generic { resource: None, anchors: BTreeSet::new() });
            }
        });
        survey.visit(document, resolver, |survey, visit| {
            let Some(within) = visit.within else { return };
            for key in ["$ref", "$dynamicRef"] {
                let Some(reference) = visit.node.get(key) else { continue };
                let Some(target) = resolver.find(reference) else { continue };
                survey.users.entry(target).or_default().push(within);
                if key == "$dynamicRef"
                    && let Some(name) = dynamic_anchor(reference, target)
                    && let Some(generic) = survey.targets.get_mut(&within)
                {
                    generic.anchors.insert(name);
                }
            }
        });
        survey
    }

    /// Visits all nodes that can be schemas.
    fn visit(
        &mut self,
        document: &'d Document,
        resolver: &Resolver<'d>,
        mut visited: impl FnMut(&mut Self, Visit<'d>),
    ) {
        let identifiers = resolver.identifiers();
        let trees = document.trees().map(|node| Visit {
            node,
            has_names: false,
            resource: identifiers.file(node.span.source),
            within: None,
        });
        let mut waiting: Vec<Visit<'d>> = trees.collect();
        while let Some(mut visit) = waiting.pop() {
            let node = visit.node;
            if !visit.has_names {
                visit.resource = identifiers.resource_at(node).or(visit.resource);
                if let Some(target) = self.targets.get_mut(&std::ptr::from_ref(node)) {
                    target.resource = visit.resource;
                    let outer = visit.within.replace(node);
                    self.users.entry(node).or_default().extend(outer);
                }
                visited(self, visit);
            }
            for entry in node.entries() {
                if visit.has_names || !is_data(&entry.key) {
                    let has_names = !visit.has_names && has_named_values(&entry.key);
                    waiting.push(Visit { node: &entry.value, has_names, ..visit });
                }
            }
            waiting.extend(node.elements().iter().map(|node| Visit { node, has_names: false, ..visit }));
        }
    }

    /// Adds the anchors of each target to the targets that refer to it or contain it, in at most `limit` steps.
    fn generics(mut self, limit: usize) -> HashMap<Address, Generic<'d>> {
        let anchors = |(target, generic): (&Address, &Generic<'d>)| -> Vec<(Address, &'d str)> {
            generic.anchors.iter().map(|anchor| (*target, *anchor)).collect()
        };
        let mut waiting: Vec<(Address, &'d str)> = self.targets.iter().flat_map(anchors).collect();
        let mut left = limit;
        while let Some((target, anchor)) = waiting.pop() {
            for user in self.users.get(&target).into_iter().flatten() {
                left = left.saturating_sub(1);
                if left > 0
                    && let Some(generic) = self.targets.get_mut(user)
                    && generic.anchors.insert(anchor)
                {
                    waiting.push((*user, anchor));
                }
            }
        }
        self.targets
    }
}
