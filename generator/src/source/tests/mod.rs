//! Tests of the readers through their public API.

mod hostile;
mod json;
mod pointers;
mod yaml;

use super::*;
use crate::diagnostics::{Code, Diagnostics};

/// Reads a text. Returns its tree and its diagnostics.
fn read(path: &str, text: impl Into<Vec<u8>>) -> (Option<Node>, Diagnostics, Sources) {
    let mut sources = Sources::new();
    let source = sources.add(path, text);
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics);
    (document.map(|document| document.root), diagnostics, sources)
}

/// Returns the tree of a valid text.
fn tree(path: &str, text: &str) -> Node {
    let (node, diagnostics, sources) = read(path, text);
    assert!(diagnostics.is_empty(), "{}", crate::diagnostics::render(&diagnostics, &sources, &Default::default()));
    node.unwrap()
}

/// Returns the only diagnostic of a text: its code, the underlined source, and its message.
fn error(path: &str, text: &str) -> (Code, String, String) {
    let (_, diagnostics, _) = read(path, text);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    let diagnostic = diagnostics.sorted()[0].clone();
    let span = diagnostic.span.unwrap();
    (diagnostic.code, text[span.start..span.end].to_owned(), diagnostic.message)
}

/// Collects each scalar with the source at its location, in order.
fn places<'t>(node: &Node, text: &'t str, scalars: &mut Vec<(String, &'t str)>) {
    match &node.kind {
        NodeKind::Sequence(elements) => elements.iter().for_each(|element| places(element, text, scalars)),
        NodeKind::Mapping(mapping) => {
            for entry in mapping.entries() {
                scalars.push((entry.key.clone(), &text[entry.key_span.start..entry.key_span.end]));
                places(&entry.value, text, scalars);
            }
        }
        _ => scalars.push((node.to_json_text(), &text[node.span.start..node.span.end])),
    }
}
