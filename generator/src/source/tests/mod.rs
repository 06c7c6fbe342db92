//! Tests of the readers through their public API.

mod hostile;
mod json;
mod pointers;
mod yaml;

use super::*;
use crate::diagnostics::{Code, Diagnostics};

/// Reads a source. Returns its tree, its diagnostics and the collection that contains the source.
fn read(path: &str, text: impl Into<Vec<u8>>) -> (Option<Node>, Diagnostics, Sources) {
    let mut sources = Sources::new();
    let source = sources.add(path, text);
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics);
    (document.map(|document| document.root), diagnostics, sources)
}

/// Reads a valid source and returns its tree.
fn tree(path: &str, text: &str) -> Node {
    let (node, diagnostics, sources) = read(path, text);
    assert!(diagnostics.is_empty(), "{}", crate::diagnostics::render(&diagnostics, &sources, &Default::default()));
    node.unwrap()
}

/// Returns the code, the underlined text and the message of the only diagnostic of a source.
fn error(path: &str, text: &str) -> (Code, String, String) {
    let (_, diagnostics, _) = read(path, text);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    let diagnostic = diagnostics.sorted()[0].clone();
    let span = diagnostic.span.unwrap();
    (diagnostic.code, text[span.start..span.end].to_owned(), diagnostic.message)
}

/// Collects keys and scalars in the order of the document, each with the source at its location.
fn collect_scalars<'t>(node: &Node, text: &'t str, out: &mut Vec<(String, &'t str)>) {
    match &node.kind {
        NodeKind::Sequence(elements) => elements.iter().for_each(|element| collect_scalars(element, text, out)),
        NodeKind::Mapping(mapping) => {
            for entry in mapping.entries() {
                out.push((entry.key.clone(), &text[entry.key_span.start..entry.key_span.end]));
                collect_scalars(&entry.value, text, out);
            }
        }
        _ => out.push((node.to_json_text(), &text[node.span.start..node.span.end])),
    }
}
