//! Examples: what a document shows of a parameter, a header or a body.

use crate::ir::Example;
use crate::source::{Node, Reference};

use super::Lowering;

impl<'a> Lowering<'a> {
    /// The examples of a parameter, header or media type: `example`, or each of `examples` that has a value.
    pub(super) fn examples(&self, node: &'a Node) -> Vec<Example> {
        let named = node.get("examples").map(Node::entries).unwrap_or_default();
        let named = named.iter().filter_map(|entry| self.example(&entry.value));
        node.get("example").map(Example::of).into_iter().chain(named).collect()
    }

    fn example(&self, node: &'a Node) -> Option<Example> {
        let root: &'a Node = self.root.node;
        let node = match node.get("$ref").and_then(Node::as_str) {
            Some(reference) => Reference::parse(reference).ok()?.resolve(root).ok()?,
            None => node,
        };
        let words = ["summary", "description"].into_iter().filter_map(|key| node.get(key)?.as_str());
        let words: Vec<&str> = words.map(|words| words.trim().trim_end_matches('.')).collect();
        let words = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(": ");
        let words = (!words.is_empty()).then_some(words);
        Some(Example { description: words, ..Example::of(node.get("value")?) })
    }
}
