//! Reading, from the outside: texts in, trees, places and findings out.

mod hostile;
mod json;
mod pointers;
mod yaml;

use super::*;
use crate::diagnostics::{Code, Diagnostics};

/// What a text reads as, and what is found in it.
fn read(path: &str, text: impl Into<Vec<u8>>) -> (Option<Node>, Diagnostics, Sources) {
    let mut sources = Sources::new();
    let source = sources.add(path, text);
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics);
    (document.map(|document| document.root), diagnostics, sources)
}

/// The tree of a text without faults.
fn tree(path: &str, text: &str) -> Node {
    let (node, diagnostics, sources) = read(path, text);
    assert!(diagnostics.is_empty(), "{}", crate::diagnostics::render(&diagnostics, &sources, &Default::default()));
    node.unwrap()
}

/// The one fault of a text: its code, the text that it underlines, and its message.
fn fault(path: &str, text: &str) -> (Code, String, String) {
    let (_, diagnostics, _) = read(path, text);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    let diagnostic = diagnostics.sorted()[0].clone();
    let span = diagnostic.span.unwrap();
    (diagnostic.code, text[span.start..span.end].to_owned(), diagnostic.message)
}

/// Each scalar with the text at its place, in order.
fn places<'t>(node: &Node, text: &'t str, found: &mut Vec<(String, &'t str)>) {
    match &node.kind {
        NodeKind::Sequence(elements) => elements.iter().for_each(|element| places(element, text, found)),
        NodeKind::Mapping(mapping) => {
            for entry in mapping.entries() {
                found.push((entry.key.clone(), &text[entry.key_span.start..entry.key_span.end]));
                places(&entry.value, text, found);
            }
        }
        _ => found.push((node.to_json_text(), &text[node.span.start..node.span.end])),
    }
}
