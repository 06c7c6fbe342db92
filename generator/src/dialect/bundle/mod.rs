//! References become references to components: a checked document of any number of files comes in, the same in one tree goes
//! out, in which every `$ref` that is followed leads to a component and stands alone, and which has no path item by `$ref`.
//!
//! What a `$ref` leads to elsewhere becomes a component of its own, and its place refers to it in turn, so that it is one
//! thing and one type however it is reached. So do the schemas within answers, bodies and parameters that many operations
//! refer to. What would be no type of its own, such as a text, is copied instead.
//!
//! Nodes are told apart by their addresses. The document is changed in place, and nothing in it moves but the nodes that
//! become components, whose own parts stay where they are.

mod copy;
mod names;
mod plan;
mod rewrite;

use std::collections::HashMap;

use super::structure::Kinds;
use super::structure::walk::Id;
use crate::diagnostics::Diagnostics;
use crate::ir::{Origin, Segment};
use crate::source::{Document, Mapping, Node, NodeKind, Span};

use plan::Plan;

/// Where the schemas stand in the document that became components.
#[derive(Debug, Default)]
pub struct Origins(HashMap<String, Origin>);

impl Origins {
    /// Where a component stands: among the components, unless it was made one.
    pub(crate) fn of(&self, name: &str) -> Origin {
        self.0.get(name).cloned().unwrap_or_else(|| Origin(vec![Segment::Component(name.to_owned())]))
    }
}

/// Makes one tree of a document that was checked: `kinds` is what the check gave, and the document has not changed since.
pub fn bundle(document: &mut Document, kinds: &Kinds, diagnostics: &mut Diagnostics) -> Origins {
    let plan = Plan::of(document, kinds);
    if plan.is_empty() {
        return Origins::default();
    }
    let rewritten = rewrite::rewrite(document, &plan);
    let components = copy::fill(document, &plan, rewritten, diagnostics);
    for (moved, body) in components {
        add_component(&mut document.root, moved.section, moved.key.clone(), body);
    }
    Origins(plan.into_origins())
}

/// Adds a component whose name is free.
fn add_component(root: &mut Node, section: &str, key: String, body: Node) {
    let span = body.span;
    let components = member_mut(root, "components", span);
    let section = components.and_then(|components| member_mut(components, section, span));
    if let Some(NodeKind::Mapping(mapping)) = section.map(|section| &mut section.kind) {
        let _ = mapping.insert(key, span, body);
    }
}

/// An object's member, which becomes an empty object where there is none.
fn member_mut<'n>(node: &'n mut Node, name: &str, span: Span) -> Option<&'n mut Node> {
    let NodeKind::Mapping(mapping) = &mut node.kind else { return None };
    if mapping.get(name).is_none() {
        let empty = Node { span, kind: NodeKind::Mapping(Mapping::default()) };
        let _ = mapping.insert(name.to_owned(), span, empty);
    }
    mapping.get_mut(name)
}

fn id(node: &Node) -> Id {
    std::ptr::from_ref(node)
}
