//! Joins a document and the files that it refers to into one tree, for programs that can only read a single file.

use super::document::is_reference;
use super::{Document, Mapping, Node, NodeKind, Pointer, SourceId};

/// The name of the extension that contains the other files. The paths of the files are its property names.
const FILES: &str = "x-files";

impl Document {
    /// Moves the files that the document refers to into the extension `x-files` of the document, and changes all
    /// references accordingly.
    #[must_use]
    pub fn joined(mut self) -> Self {
        if self.files.is_empty() {
            return self;
        }
        let placeholder = null(&self.root);
        let mut trees: Vec<Node> = vec![std::mem::replace(&mut self.root, placeholder)];
        let mut paths = Vec::new();
        for file in self.files.values_mut() {
            if let Some(root) = &mut file.root {
                paths.push(file.path.clone());
                let placeholder = null(root);
                trees.push(std::mem::replace(root, placeholder));
            }
        }
        for tree in &mut trees {
            let source = tree.span.source;
            self.redirect(tree, source);
        }
        let mut trees = trees.into_iter();
        let Some(mut root) = trees.next() else { return self };
        let span = root.span;
        let mut files = Mapping::default();
        for (path, tree) in paths.into_iter().zip(trees) {
            // Paths are unique.
            let _ = files.insert(path, span, tree);
        }
        if let NodeKind::Mapping(mapping) = &mut root.kind {
            let _ = mapping.insert(FILES.to_owned(), span, Node { span, kind: NodeKind::Mapping(files) });
        }
        self.root = root;
        self.files.clear();
        self
    }

    /// Changes the references in a node of the file `from`. The depth of the recursion is bounded, because the reader
    /// limits the nesting of the document.
    fn redirect(&self, node: &mut Node, from: SourceId) {
        match &mut node.kind {
            NodeKind::Sequence(elements) => elements.iter_mut().for_each(|element| self.redirect(element, from)),
            NodeKind::Mapping(mapping) => {
                if let Some(Node { kind: NodeKind::String(text), .. }) = mapping.get_mut("$ref") {
                    *text = self.redirected(text, from);
                }
                // The values of a discriminator's mapping can be references.
                if let Some(Node { kind: NodeKind::Mapping(values), .. }) = mapping.get_mut("mapping") {
                    for value in values.values_mut() {
                        match &mut value.kind {
                            NodeKind::String(text) if is_reference(text) => *text = self.redirected(text, from),
                            _ => {}
                        }
                    }
                }
                mapping.values_mut().for_each(|value| self.redirect(value, from));
            }
            _ => {}
        }
    }

    fn redirected(&self, text: &str, from: SourceId) -> String {
        let Ok(target) = self.named(text, from) else { return text.to_owned() };
        let fragment = text.split_once('#').map_or("", |(_, fragment)| fragment);
        let place = match self.path(target) {
            Some(path) => Pointer::root().child(FILES).child(path).to_string(),
            None => "#".to_owned(),
        };
        format!("{place}{fragment}")
    }
}

fn null(node: &Node) -> Node {
    Node { span: node.span, kind: NodeKind::Null }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::source::Sources;

    #[test]
    fn references_to_files_point_into_x_files() {
        let mut sources = Sources::new();
        let main = sources.add("main.yaml", "a: {$ref: 'b/c.yaml#/x'}\nd: {$ref: '#/a'}\n");
        let other = sources
            .add("b/c.yaml", "x: {$ref: '#/y'}\ny: {$ref: '../main.yaml#/d'}\nz: {mapping: {k: '#/y', l: Name}}\n");
        sources.set_link(main, "b/c.yaml", Ok(other));
        sources.set_link(other, "../main.yaml", Ok(main));
        let document = Document::read(&sources, main, &mut Diagnostics::new()).unwrap().joined();
        assert_eq!(
            document.root.to_json_text(),
            r##"{"a":{"$ref":"#/x-files/b~1c.yaml/x"},"d":{"$ref":"#/a"},"x-files":{"b/c.yaml":{"x":{"$ref":"#/x-files/b~1c.yaml/y"},"y":{"$ref":"#/d"},"z":{"mapping":{"k":"#/x-files/b~1c.yaml/y","l":"Name"}}}}}"##
        );
    }
}
