//! Copies take the places of the references that wait for them: small schemas, security schemes, path items.

use std::collections::{HashMap, HashSet};

use super::super::structure::table::METHODS;
use super::super::structure::walk::Id;
use super::id;
use super::plan::{Fate, Plan};
use super::rewrite::{Bodies, Rewritten, forget};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::source::{Document, Entry, Mapping, Node, NodeKind, count, raised_by};

/// Fills the references of the document and of its new components.
pub(super) fn fill<'p>(
    document: &mut Document,
    plan: &Plan,
    rewritten: Rewritten<'p>,
    diagnostics: &mut Diagnostics,
) -> Bodies<'p> {
    let Rewritten { mut bodies, waiting, emptied } = rewritten;
    if waiting.is_empty() {
        return bodies;
    }
    let mut originals = HashMap::new();
    for node in document.trees().chain(bodies.iter().map(|(_, body)| body)).chain(&emptied) {
        collect(node, plan, Fate::Copied, &mut originals);
    }
    let mut copying =
        Copying { plan, waiting: &waiting, originals, left: document.limits.values, replaced: Vec::new() };
    for node in document.trees_mut().chain(bodies.iter_mut().map(|(_, body)| body)) {
        copying.visit(node);
    }
    // Only now are path items complete, which hold some of the others.
    for node in document.trees() {
        collect(node, plan, Fate::Inserted, &mut copying.originals);
    }
    copying.items(document, diagnostics);
    bodies
}

/// The nodes that are to be copied.
fn collect(node: &Node, plan: &Plan, fate: Fate, into: &mut HashMap<Id, Node>) {
    if plan.targets.get(&id(node)) == Some(&fate) {
        into.insert(id(node), node.clone());
    }
    node.entries().iter().for_each(|entry| collect(&entry.value, plan, fate, into));
    node.elements().iter().for_each(|element| collect(element, plan, fate, into));
}

struct Copying<'p> {
    plan: &'p Plan,
    waiting: &'p HashSet<Id>,
    originals: HashMap<Id, Node>,
    /// How many values may still be copied.
    left: usize,
    /// What copies have taken the places of: kept, so that no other node gets the address of a part of it.
    replaced: Vec<Node>,
}

impl Copying<'_> {
    /// Fills the references in a node but those to path items.
    fn visit(&mut self, node: &mut Node) {
        if let Some(original) = self.original(id(node)) {
            self.replaced.push(std::mem::replace(node, original));
            return;
        }
        match &mut node.kind {
            NodeKind::Sequence(elements) => elements.iter_mut().for_each(|element| self.visit(element)),
            NodeKind::Mapping(mapping) => mapping.values_mut().for_each(|value| self.visit(value)),
            _ => {}
        }
    }

    fn original(&self, reference: Id) -> Option<Node> {
        let target = self.plan.leads.get(&reference).filter(|_| self.waiting.contains(&reference))?;
        self.originals.get(target).cloned()
    }

    /// Puts path items into the places that refer to them.
    fn items(&mut self, document: &mut Document, diagnostics: &mut Diagnostics) {
        let most = document.limits.values;
        let Some(paths) = document.root.get("paths") else { return };
        let mut taken: HashSet<String> = HashSet::new();
        for entry in paths.entries().iter().filter(|entry| !self.waiting.contains(&id(&entry.value))) {
            taken.extend(operation_ids(&entry.value).map(|id| id.1.to_owned()));
        }
        let keys: Vec<(String, crate::source::Span)> =
            paths.entries().iter().map(|entry| (entry.key.clone(), entry.key_span)).collect();
        let NodeKind::Mapping(root) = &mut document.root.kind else { return };
        let Some(Node { kind: NodeKind::Mapping(paths), .. }) = root.get_mut("paths") else { return };
        for ((key, key_span), item) in keys.into_iter().zip(paths.values_mut()) {
            let Some(mut original) = self.original(id(item)) else { continue };
            let Some(left) = count(&original, self.left).map(|nodes| self.left - nodes) else {
                let message = format!("the document has more than {most} values after this path is copied");
                diagnostics.push(Diagnostic::error(Code::Limit, key_span, message).help(raised_by("values")));
                return;
            };
            self.left = left;
            let repeated: Vec<(&'static str, String)> = operation_ids(&original)
                .filter(|(_, id)| taken.contains(*id))
                .map(|(method, id)| (method, id.to_owned()))
                .collect();
            for (method, id) in repeated {
                let message = format!("the operation {} is also used by this path", quoted(&id));
                let called = format!("{} {key}", method.to_ascii_uppercase());
                let diagnostic = Diagnostic::warning(Code::Duplicate, key_span, message);
                diagnostics
                    .push(diagnostic.help(format!("here it is named by its method and path: {}", quoted(&called))));
                if let NodeKind::Mapping(members) = &mut original.kind
                    && let Some(operation) = members.get_mut(method)
                {
                    forget(operation, "operationId");
                }
            }
            taken.extend(operation_ids(&original).map(|id| id.1.to_owned()));
            merge(item, original);
        }
    }
}

/// The operations of a path item that have an identifier.
fn operation_ids(item: &Node) -> impl Iterator<Item = (&'static str, &str)> {
    METHODS.into_iter().filter_map(|method| Some((method, item.get(method)?.get("operationId")?.as_str()?)))
}

/// Puts a path item beside what stands beside the reference to it; what is said in both places counts here.
fn merge(item: &mut Node, original: Node) {
    let NodeKind::Mapping(own) = &mut item.kind else { return };
    let mut merged = Mapping::default();
    let own = std::mem::take(own).into_entries().into_iter().filter(|entry| entry.key != "$ref");
    let mut own: Vec<Entry> = own.collect();
    if let NodeKind::Mapping(other) = original.kind {
        for mut entry in other.into_entries() {
            if let Some(at) = own.iter().position(|own| own.key == entry.key) {
                let here = own.remove(at);
                entry.value = match (here.value.kind, entry.value.kind) {
                    // Parameters add up.
                    (NodeKind::Sequence(mut here), NodeKind::Sequence(there)) if entry.key == "parameters" => {
                        here.extend(there);
                        Node {
                            span: here.first().map_or(entry.key_span, |first| first.span),
                            kind: NodeKind::Sequence(here),
                        }
                    }
                    (kind, _) => Node { span: here.value.span, kind },
                };
            }
            let _ = merged.insert(entry.key, entry.key_span, entry.value);
        }
    }
    for entry in own {
        let _ = merged.insert(entry.key, entry.key_span, entry.value);
    }
    item.kind = NodeKind::Mapping(merged);
}
