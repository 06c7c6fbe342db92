//! Faults that stay where they are: what a lenient check assumed comes in, the document as if it had been written so goes out.
//!
//! A mend touches one object and invents no name, so that a strict check of the result finds the rest as it was.

use std::collections::HashMap;

use crate::source::{Entry, Mapping, Node, NodeKind, Span};

/// How one node is mended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mend {
    /// The node has this value.
    Value(NodeKind),
    /// The member or element that the node is does not exist.
    Remove,
    /// The member that the node is has this name.
    Rename(String),
    /// The object has this member.
    Property(&'static str, NodeKind),
    /// The list of that name in the object has one element more.
    Element(&'static str, NodeKind),
    /// The object of that name in the object has this member.
    Inner(&'static str, String, NodeKind),
}

/// The mends of a document, by the addresses of its nodes.
#[derive(Debug, Default)]
pub(super) struct Mends(HashMap<*const Node, Vec<Mend>>);

impl Mends {
    /// Mends a node, unless it is mended in the same way already.
    pub fn add(&mut self, node: &Node, mend: Mend) {
        let mends = self.0.entry(node).or_default();
        if !mends.contains(&mend) {
            mends.push(mend);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Applies them to the document that they are for, from the leaves to the root.
    pub fn apply(&self, node: &mut Node) {
        let mends = self.0.get(&std::ptr::from_ref(node));
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
                // The members stay in their places, and thus at their addresses, until all of them have been mended.
                let mut entries = std::mem::take(mapping).into_entries();
                let keys: Vec<Option<String>> = entries.iter().map(|entry| self.key(entry)).collect();
                entries.iter_mut().for_each(|entry| self.apply(&mut entry.value));
                for (Entry { key_span, value, .. }, key) in entries.into_iter().zip(keys) {
                    // Where a renamed member meets one of its new name, the first counts.
                    let _ = key.map(|key| mapping.insert(key, key_span, value));
                }
            }
            _ => {}
        }
        for mend in mends.into_iter().flatten() {
            node.mend(mend);
        }
    }

    /// Whether a member goes, or goes by another name.
    fn moves(&self, node: &Node) -> bool {
        let mends = self.0.get(&std::ptr::from_ref(node)).map(Vec::as_slice).unwrap_or_default();
        mends.iter().any(|mend| matches!(mend, Mend::Remove | Mend::Rename(_)))
    }

    fn removes(&self, node: &Node) -> bool {
        self.0.get(&std::ptr::from_ref(node)).is_some_and(|mends| mends.contains(&Mend::Remove))
    }

    /// The name that a member has from now on, if it exists.
    fn key(&self, entry: &Entry) -> Option<String> {
        let mends = self.0.get(&std::ptr::from_ref(&entry.value)).map(Vec::as_slice).unwrap_or_default();
        mends.iter().try_fold(entry.key.clone(), |key, mend| match mend {
            Mend::Remove => None,
            Mend::Rename(name) => Some(name.clone()),
            _ => Some(key),
        })
    }
}

impl Node {
    /// Mends what a node is; whether and under which name it exists is up to what holds it.
    fn mend(&mut self, mend: &Mend) {
        let span = self.span;
        match mend {
            Mend::Value(kind) => self.kind = kind.clone(),
            Mend::Remove | Mend::Rename(_) => {}
            Mend::Property(name, kind) => self.set(name, span, kind.clone()),
            Mend::Element(name, kind) => {
                let mut elements = self.get(name).map(Node::elements).unwrap_or_default().to_vec();
                elements.push(Node { span, kind: kind.clone() });
                self.set(name, span, NodeKind::Sequence(elements));
            }
            Mend::Inner(name, key, kind) => {
                let object = NodeKind::Mapping(Mapping::default());
                let mut inner = self.get(name).cloned().unwrap_or(Node { span, kind: object });
                inner.set(key, span, kind.clone());
                self.set(name, span, inner.kind);
            }
        }
    }

    /// Sets a member of an object, in the place of one of that name.
    fn set(&mut self, name: &str, span: Span, kind: NodeKind) {
        let NodeKind::Mapping(mapping) = &mut self.kind else { return };
        let entries = std::mem::take(mapping).into_entries();
        for entry in entries.into_iter().filter(|entry| entry.key != name) {
            // The names of an object are unique.
            let _ = mapping.insert(entry.key, entry.key_span, entry.value);
        }
        let _ = mapping.insert(name.to_owned(), span, Node { span, kind });
    }
}

/// An object of these members.
pub(super) fn object(span: Span, members: impl IntoIterator<Item = (&'static str, NodeKind)>) -> NodeKind {
    let mut mapping = Mapping::default();
    for (name, kind) in members {
        let _ = mapping.insert(name.to_owned(), span, Node { span, kind });
    }
    NodeKind::Mapping(mapping)
}

/// A string.
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
    fn each_mend_does_one_thing() {
        let of = |place: fn(&Node) -> &Node, mend: Mend| {
            let mut node = sample();
            let mut mends = Mends::default();
            mends.add(place(&node), mend.clone());
            mends.add(place(&node), mend);
            mends.apply(&mut node);
            node.to_json_text()
        };
        fn root(node: &Node) -> &Node {
            node
        }
        fn first(node: &Node) -> &Node {
            &node.get("list").unwrap().elements()[0]
        }
        assert_eq!(of(first, Mend::Remove), r#"{"list":["3"],"name":"4"}"#);
        assert_eq!(of(|node| node.get("list").unwrap(), Mend::Remove), r#"{"name":"4"}"#);
        let renamed = of(|node| node.get("name").unwrap(), Mend::Rename("other".to_owned()));
        assert_eq!(renamed, r#"{"list":[{"x":"1","y":"2"},"3"],"other":"4"}"#);
        assert_eq!(of(first, Mend::Value(NodeKind::Null)), r#"{"list":[null,"3"],"name":"4"}"#);
        assert_eq!(of(first, Mend::Property("x", NodeKind::Null)), r#"{"list":[{"y":"2","x":null},"3"],"name":"4"}"#);
        assert_eq!(
            of(root, Mend::Element("more", NodeKind::Null)),
            r#"{"list":[{"x":"1","y":"2"},"3"],"name":"4","more":[null]}"#
        );
        let inner = of(first, Mend::Inner("z", "a".to_owned(), NodeKind::Null));
        assert_eq!(inner, r#"{"list":[{"x":"1","y":"2","z":{"a":null}},"3"],"name":"4"}"#);
    }

    #[test]
    fn several_mends_of_one_document() {
        let mut node = sample();
        let mut mends = Mends::default();
        let list = node.get("list").unwrap();
        mends.add(&list.elements()[0], Mend::Remove);
        mends.add(&list.elements()[1], Mend::Value(NodeKind::Bool(true)));
        mends.add(node.get("name").unwrap(), Mend::Rename("n".to_owned()));
        mends.apply(&mut node);
        assert_eq!(node.to_json_text(), r#"{"list":[true],"n":"4"}"#);
    }
}
