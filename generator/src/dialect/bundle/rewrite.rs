//! Every reference is led to its component, and what becomes a component leaves its place: a document and the plan for it
//! come in, the components that were moved go out, with the references that wait for copies.

use std::collections::HashSet;

use super::super::structure::reference::COUNTING;
use super::super::structure::walk::Id;
use super::id;
use super::plan::{Fate, Moved, Plan};
use crate::source::{Document, Entry, Mapping, Node, NodeKind, Span};

/// What was moved, in the order of the plan.
pub(super) type Bodies<'p> = Vec<(&'p Moved, Node)>;

/// Members of a schema that are about its place, not about its type.
const ABOUT_THE_PLACE: [&str; 8] =
    ["title", "description", "deprecated", "default", "example", "externalDocs", "readOnly", "writeOnly"];

/// What came of the references.
pub(super) struct Rewritten<'p> {
    pub bodies: Bodies<'p>,
    /// The references that wait for copies.
    pub waiting: HashSet<Id>,
    /// Objects as they were when they had more than a reference, which has no effect. Other references may lead into
    /// them; and as long as they are kept, no other node gets the address of a part of them.
    pub emptied: Vec<Node>,
}

pub(super) fn rewrite<'p>(document: &mut Document, plan: &'p Plan) -> Rewritten<'p> {
    let mut rewriting = Rewriting { plan, bodies: Vec::new(), waiting: HashSet::new(), emptied: Vec::new() };
    for tree in document.trees_mut() {
        rewriting.visit(tree);
    }
    let Rewriting { mut bodies, waiting, emptied, .. } = rewriting;
    bodies.sort_by_key(|(index, _)| *index);
    let bodies = bodies.into_iter().filter_map(|(index, body)| Some((plan.moved.get(index)?, body)));
    Rewritten { bodies: bodies.collect(), waiting, emptied }
}

struct Rewriting<'p> {
    plan: &'p Plan,
    bodies: Vec<(usize, Node)>,
    waiting: HashSet<Id>,
    emptied: Vec<Node>,
}

impl Rewriting<'_> {
    /// Rewrites what is in a node, then the node itself: parts keep their addresses until they have been looked at.
    fn visit(&mut self, node: &mut Node) {
        let at = id(node);
        match &mut node.kind {
            NodeKind::Sequence(elements) => elements.iter_mut().for_each(|element| self.visit(element)),
            NodeKind::Mapping(mapping) => mapping.values_mut().for_each(|value| self.visit(value)),
            NodeKind::String(_) if self.plan.has_mapped => {}
            // Most nodes are scalars, and nothing becomes of them.
            _ => return,
        }
        if node.get("discriminator").is_some() {
            self.keep_implied_values(node);
        }
        if let Some(target) = self.plan.leads.get(&at) {
            match self.component(*target) {
                Some(moved) => {
                    lead(node, reference(moved));
                    self.empty(node);
                }
                None => {
                    self.waiting.insert(at);
                }
            }
        }
        if let Some(Fate::Component(index)) = self.plan.targets.get(&at)
            && let Some(moved) = self.plan.moved.get(*index)
            && !moved.is_home
        {
            let body = leave(node, moved);
            self.bodies.push((*index, body));
        }
    }

    /// Leaves of a reference what counts.
    fn empty(&mut self, reference: &mut Node) {
        let NodeKind::Mapping(mapping) = &mut reference.kind else { return };
        let counts = |entry: &&Entry| COUNTING.contains(&entry.key.as_str());
        if mapping.entries().iter().all(|entry| counts(&entry)) {
            return;
        }
        let mut left = Mapping::default();
        for entry in mapping.entries().iter().filter(counts) {
            let _ = left.insert(entry.key.clone(), entry.key_span, entry.value.clone());
        }
        let emptied = std::mem::replace(mapping, left);
        self.emptied.push(Node { span: reference.span, kind: NodeKind::Mapping(emptied) });
    }

    fn component(&self, target: Id) -> Option<&Moved> {
        match self.plan.targets.get(&target)? {
            Fate::Component(index) => self.plan.moved.get(*index),
            Fate::Copied | Fate::Inserted => None,
        }
    }

    /// A discriminator without a mapping goes by the names of the schemas: where one gets another name than the document
    /// gives it, the mapping says so.
    fn keep_implied_values(&self, node: &mut Node) {
        let arms = ["oneOf", "anyOf"].into_iter().filter_map(|key| node.get(key)).flat_map(Node::elements);
        let renamed = arms.filter_map(|arm| self.component(*self.plan.leads.get(&id(arm))?));
        let renamed = renamed.filter_map(|moved| Some((moved.called.clone()?, reference(moved))));
        let renamed: Vec<(String, String)> = renamed.collect();
        let NodeKind::Mapping(members) = &mut node.kind else { return };
        let Some(discriminator) = members.get_mut("discriminator") else { return };
        let span = discriminator.span;
        for (called, text) in renamed {
            let Some(mapping) = super::member_mut(discriminator, "mapping", span) else { return };
            let is_mapped = mapping.entries().iter().any(|entry| entry.value.as_str() == Some(&text));
            if let NodeKind::Mapping(values) = &mut mapping.kind
                && !is_mapped
            {
                let _ = values.insert(called, span, Node { span, kind: NodeKind::String(text) });
            }
        }
    }
}

/// The text of a reference to a component.
pub(super) fn reference(moved: &Moved) -> String {
    let key = moved.key.replace('~', "~0").replace('/', "~1").replace('%', "%25");
    format!("#/components/{}/{key}", moved.section)
}

/// Makes a reference lead to where a text says.
fn lead(node: &mut Node, text: String) {
    match &mut node.kind {
        // The value of a discriminator's mapping.
        NodeKind::String(old) => *old = text,
        NodeKind::Mapping(mapping) => {
            if let Some(old) = mapping.get_mut("$ref") {
                old.kind = NodeKind::String(text);
            }
        }
        _ => {}
    }
}

/// Takes a component out of its place, and leaves a reference to it there.
fn leave(node: &mut Node, moved: &Moved) -> Node {
    let span = node.span;
    let mut left = Mapping::default();
    if moved.is_property {
        let about = |key: &str| ABOUT_THE_PLACE.contains(&key) || key.starts_with("x-");
        for entry in node.entries().iter().filter(|entry| about(&entry.key)) {
            let _ = left.insert(entry.key.clone(), entry.key_span, entry.value.clone());
        }
    }
    let refer = refer(span, reference(moved));
    let left = if left.entries().is_empty() {
        refer
    } else {
        let _ = left.insert("allOf".to_owned(), span, Node { span, kind: NodeKind::Sequence(vec![refer]) });
        Node { span, kind: NodeKind::Mapping(left) }
    };
    let mut body = std::mem::replace(node, left);
    if moved.is_property {
        forget(&mut body, "x-rust-name");
    }
    body
}

/// Makes an object's text say nothing; the other members stay at their addresses.
pub(super) fn forget(node: &mut Node, name: &str) {
    if let NodeKind::Mapping(mapping) = &mut node.kind
        && let Some(value) = mapping.get_mut(name)
    {
        value.kind = NodeKind::Null;
    }
}

fn refer(span: Span, text: String) -> Node {
    let mut mapping = Mapping::default();
    let _ = mapping.insert("$ref".to_owned(), span, Node { span, kind: NodeKind::String(text) });
    Node { span, kind: NodeKind::Mapping(mapping) }
}
