//! Reports components that no operation uses, directly or through other components.

use std::collections::HashSet;

use super::resolved;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::source::{Document, Entry, Node, SourceId};

/// Reports each component that is not reachable by references from outside of `components`, e.g. from `paths`.
pub(super) fn components(document: &Document, diagnostics: &mut Diagnostics) {
    let Some(components) = document.root.get("components") else { return };
    let mut search = UseSearch { document, visited: HashSet::new(), pending: Vec::new(), schemes: HashSet::new() };
    for entry in document.root.entries().iter().filter(|entry| entry.key != "components") {
        search.pending.push(&entry.value);
        search.requirements(entry);
    }
    search.visit_pending();
    search.subtypes(components);
    for section in components.entries().iter().filter(|section| !section.key.starts_with("x-")) {
        for component in section.value.entries() {
            let used = match section.key.as_str() {
                "securitySchemes" => search.schemes.contains(component.key.as_str()),
                _ => search.visited.contains(&std::ptr::from_ref(&component.value)),
            };
            if !used {
                let message = format!("{} in `{}` is not used", quoted(&component.key), section.key);
                let diagnostic = Diagnostic::warning(Code::UnusedComponent, component.key_span, message);
                diagnostics.push(diagnostic.label("unused"));
            }
        }
    }
}

/// A search for used components.
struct UseSearch<'d> {
    document: &'d Document,
    /// The visited nodes.
    visited: HashSet<*const Node>,
    /// The nodes to visit.
    pending: Vec<&'d Node>,
    /// The names of security schemes in security requirements.
    schemes: HashSet<&'d str>,
}

impl<'d> UseSearch<'d> {
    fn visit_pending(&mut self) {
        while let Some(node) = self.pending.pop() {
            if !self.visited.insert(node) {
                continue;
            }
            if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
                self.use_target(reference, node.span.source);
            }
            let mapping = node.get("discriminator").and_then(|discriminator| discriminator.get("mapping"));
            for target in mapping.map(Node::entries).unwrap_or_default().iter().filter_map(|entry| entry.value.as_str())
            {
                self.use_target(target, node.span.source);
                self.use_target(&format!("#/components/schemas/{target}"), node.span.source);
            }
            for entry in node.entries() {
                self.requirements(entry);
                self.pending.push(&entry.value);
            }
            self.pending.extend(node.elements());
        }
    }

    fn use_target(&mut self, reference: &str, from: SourceId) {
        let Ok(target) = self.document.resolve(reference, from) else { return };
        self.pending.push(target);
        // A reference to a child of a component, e.g. a property of a schema, uses the component too.
        let mut parts = reference.splitn(5, '/');
        if let (Some("#"), Some("components"), Some(section), Some(name)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
            && parts.next().is_some()
            && let Ok(component) = self.document.resolve(&format!("#/components/{section}/{name}"), from)
        {
            self.pending.push(component);
        }
    }

    fn requirements(&mut self, entry: &'d Entry) {
        if entry.key == "security" {
            let names = entry.value.elements().iter().flat_map(Node::entries);
            self.schemes.extend(names.map(|entry| entry.key.as_str()));
        }
    }

    /// Marks subtypes as used: schemas whose `allOf` includes a used schema with a discriminator.
    fn subtypes(&mut self, components: &'d Node) {
        let schemas = components.get("schemas").map(Node::entries).unwrap_or_default();
        let mut subtypes: Vec<(&'d Node, &'d Node)> = Vec::new();
        for schema in schemas {
            for part in schema.value.get("allOf").map(Node::elements).unwrap_or_default() {
                let parent = part.get("$ref").and_then(|_| resolved(self.document, part));
                subtypes.extend(parent.map(|parent| (parent, &schema.value)));
            }
        }
        loop {
            let before = subtypes.len();
            subtypes.retain(|&(parent, subtype)| {
                let inherits =
                    self.visited.contains(&std::ptr::from_ref(parent)) && parent.get("discriminator").is_some();
                if inherits {
                    self.pending.push(subtype);
                }
                !inherits
            });
            if subtypes.len() == before {
                break;
            }
            self.visit_pending();
        }
    }
}
