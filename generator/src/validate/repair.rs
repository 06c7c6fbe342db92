//! The workarounds of lenient mode, and how they are applied to a document.
//!
//! A repair changes one value only, so a strict check of the repaired document still reports all other errors.

use std::collections::HashMap;

use crate::source::{Entry, Mapping, Node, NodeKind, Span};

/// A change of one node.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Repair {
    /// Replaces the value of the node.
    Value(NodeKind),
    /// Removes the node from the object or array that contains it.
    Remove,
    /// Renames the property whose value is the node.
    Rename(String),
    /// Sets a property of the node, which is an object.
    Property(&'static str, NodeKind),
    /// Appends an item to the array in the property with this name. Creates the array if it is missing.
    Element(&'static str, NodeKind),
    /// Sets a property of an inner object: the name of the property that contains the inner object, then the name and
    /// the value of the property to set. Creates the inner object if it is missing.
    Inner(&'static str, String, NodeKind),
}

/// The repairs of a document, by the addresses of its nodes.
#[derive(Debug, Default)]
pub(super) struct Repairs(HashMap<*const Node, Vec<Repair>>);

impl Repairs {
    /// Adds a repair of a node. Ignores duplicates.
    pub fn add(&mut self, node: &Node, repair: Repair) {
        let repairs = self.0.entry(node).or_default();
        if !repairs.contains(&repair) {
            repairs.push(repair);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Applies the repairs to a node and to all nodes in it, from the leaves to the root. The node must belong to the
    /// document for which the repairs were collected.
    pub fn apply(&self, node: &mut Node) {
        let repairs = self.0.get(&std::ptr::from_ref(node));
        match &mut node.kind {
            NodeKind::Sequence(elements) => {
                let kept: Vec<bool> = elements.iter().map(|element| !self.removes(element)).collect();
                elements.iter_mut().for_each(|element| self.apply(element));
                let mut kept = kept.into_iter();
                elements.retain(|_| kept.next().unwrap_or(true));
            }
            NodeKind::Mapping(mapping) if !mapping.entries().iter().any(|entry| self.moves(&entry.value)) => {
                mapping.values_mut().for_each(|value| self.apply(value));
            }
            NodeKind::Mapping(mapping) => {
                // The values keep their addresses until all of them are repaired.
                let mut entries = std::mem::take(mapping).into_entries();
                let keys: Vec<Option<String>> = entries.iter().map(|entry| self.key(entry)).collect();
                entries.iter_mut().for_each(|entry| self.apply(&mut entry.value));
                for (Entry { key_span, value, .. }, key) in entries.into_iter().zip(keys) {
                    // If the object already has a property with the new name, the first of the two is kept.
                    let _ = key.map(|key| mapping.insert(key, key_span, value));
                }
            }
            _ => {}
        }
        for repair in repairs.into_iter().flatten() {
            node.repair(repair);
        }
    }

    /// Returns whether the property with this value is removed or renamed.
    fn moves(&self, node: &Node) -> bool {
        let repairs = self.0.get(&std::ptr::from_ref(node)).map(Vec::as_slice).unwrap_or_default();
        repairs.iter().any(|repair| matches!(repair, Repair::Remove | Repair::Rename(_)))
    }

    fn removes(&self, node: &Node) -> bool {
        self.0.get(&std::ptr::from_ref(node)).is_some_and(|repairs| repairs.contains(&Repair::Remove))
    }

    /// Returns the name that a property has after the repairs. `None` if the property is removed.
    fn key(&self, entry: &Entry) -> Option<String> {
        let repairs = self.0.get(&std::ptr::from_ref(&entry.value)).map(Vec::as_slice).unwrap_or_default();
        repairs.iter().try_fold(entry.key.clone(), |key, repair| match repair {
            Repair::Remove => None,
            Repair::Rename(name) => Some(name.clone()),
            _ => Some(key),
        })
    }
}

impl Node {
    /// Applies a repair that changes the value of the node. Ignores removals and renamings, which the repair of the
    /// containing object or array applies.
    fn repair(&mut self, repair: &Repair) {
        let span = self.span;
        match repair {
            Repair::Value(kind) => self.kind = kind.clone(),
            Repair::Remove | Repair::Rename(_) => {}
            Repair::Property(name, kind) => self.set(name, span, kind.clone()),
            Repair::Element(name, kind) => {
                let mut elements = self.get(name).map(Node::elements).unwrap_or_default().to_vec();
                elements.push(Node { span, kind: kind.clone() });
                self.set(name, span, NodeKind::Sequence(elements));
            }
            Repair::Inner(name, key, kind) => {
                let object = NodeKind::Mapping(Mapping::default());
                let mut inner = self.get(name).cloned().unwrap_or(Node { span, kind: object });
                inner.set(key, span, kind.clone());
                self.set(name, span, inner.kind);
            }
        }
    }

    /// Sets a property of an object. Replaces an existing property with the same name.
    fn set(&mut self, name: &str, span: Span, kind: NodeKind) {
        let NodeKind::Mapping(mapping) = &mut self.kind else { return };
        let entries = std::mem::take(mapping).into_entries();
        for entry in entries.into_iter().filter(|entry| entry.key != name) {
            // The keys of an object are unique.
            let _ = mapping.insert(entry.key, entry.key_span, entry.value);
        }
        let _ = mapping.insert(name.to_owned(), span, Node { span, kind });
    }
}

/// Returns an object with these properties.
pub(super) fn object(span: Span, properties: impl IntoIterator<Item = (&'static str, NodeKind)>) -> NodeKind {
    let mut mapping = Mapping::default();
    for (name, kind) in properties {
        let _ = mapping.insert(name.to_owned(), span, Node { span, kind });
    }
    NodeKind::Mapping(mapping)
}

/// Returns a string value.
pub(super) fn string(text: &str) -> NodeKind {
    NodeKind::String(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    const SPAN: Span = Span { source: SourceId(0), start: 0, end: 0 };

    fn sample() -> Node {
        let inner = object(SPAN, [("x", string("1")), ("y", string("2"))]);
        let list = NodeKind::Sequence(vec![Node { span: SPAN, kind: inner }, Node { span: SPAN, kind: string("3") }]);
        Node { span: SPAN, kind: object(SPAN, [("list", list), ("name", string("4"))]) }
    }

    #[test]
    fn repairs_change_one_node() {
        let of = |place: fn(&Node) -> &Node, repair: Repair| {
            let mut node = sample();
            let mut repairs = Repairs::default();
            repairs.add(place(&node), repair.clone());
            repairs.add(place(&node), repair);
            repairs.apply(&mut node);
            node.to_json_text()
        };
        fn root(node: &Node) -> &Node {
            node
        }
        fn first(node: &Node) -> &Node {
            &node.get("list").unwrap().elements()[0]
        }
        assert_eq!(of(first, Repair::Remove), r#"{"list":["3"],"name":"4"}"#);
        assert_eq!(of(|node| node.get("list").unwrap(), Repair::Remove), r#"{"name":"4"}"#);
        let renamed = of(|node| node.get("name").unwrap(), Repair::Rename("other".to_owned()));
        assert_eq!(renamed, r#"{"list":[{"x":"1","y":"2"},"3"],"other":"4"}"#);
        assert_eq!(of(first, Repair::Value(NodeKind::Null)), r#"{"list":[null,"3"],"name":"4"}"#);
        assert_eq!(of(first, Repair::Property("x", NodeKind::Null)), r#"{"list":[{"y":"2","x":null},"3"],"name":"4"}"#);
        assert_eq!(
            of(root, Repair::Element("more", NodeKind::Null)),
            r#"{"list":[{"x":"1","y":"2"},"3"],"name":"4","more":[null]}"#
        );
        let inner = of(first, Repair::Inner("z", "a".to_owned(), NodeKind::Null));
        assert_eq!(inner, r#"{"list":[{"x":"1","y":"2","z":{"a":null}},"3"],"name":"4"}"#);
    }

    #[test]
    fn repairs_of_one_document_are_applied_together() {
        let mut node = sample();
        let mut repairs = Repairs::default();
        let list = node.get("list").unwrap();
        repairs.add(&list.elements()[0], Repair::Remove);
        repairs.add(&list.elements()[1], Repair::Value(NodeKind::Bool(true)));
        repairs.add(node.get("name").unwrap(), Repair::Rename("n".to_owned()));
        repairs.apply(&mut node);
        assert_eq!(node.to_json_text(), r#"{"list":[true],"n":"4"}"#);
    }
}
