//! Reads the references between components.

use std::collections::HashMap;

use indexmap::IndexSet;

use crate::source::{Entry, Node, Span, is_reference};
use crate::spec::resolve::Resolver;
use crate::spec::{Arena, ComponentName, Part, PartId, Spanned};

use super::dialect::Dialect;
use super::{Address, fields};

/// The sections of Swagger 2.0 that define components. In OpenAPI 3, all sections of `components` define components.
const SECTIONS_OF_2_0: [&str; 4] = ["definitions", "parameters", "responses", "securityDefinitions"];

/// The parts of a document (`parts`), and the parts that the rest of the document refers to (`used`).
pub(super) struct Parts {
    pub parts: Arena<Part>,
    pub used: Vec<PartId>,
}

/// Reads the parts of a document.
pub(super) fn parts<'d>(root: &'d Node, resolver: &Resolver<'d>, dialect: Dialect) -> Parts {
    let is_2_0 = dialect.is_swagger();
    let defines = |entry: &&Entry| match is_2_0 {
        true => SECTIONS_OF_2_0.contains(&entry.key.as_str()),
        false => entry.key == "components",
    };
    let (definitions, others): (Vec<&Entry>, Vec<&Entry>) = root.entries().iter().partition(defines);
    let sections = definitions.into_iter().flat_map(|entry| match is_2_0 {
        true => std::slice::from_ref(entry),
        false => entry.value.entries(),
    });
    let mut reader = PartReader::new(root, resolver);
    for section in sections.filter(|section| !fields::is_extension(&section.key)) {
        section.value.entries().iter().for_each(|component| reader.component(section, component));
    }
    reader.components.sort_by_key(|(span, _)| span.start);
    let used = reader.references(others.into_iter().map(Visited::Entry).collect());
    while let Some((id, node)) = reader.pending.pop() {
        let references = reader.references(vec![Visited::Node(node)]);
        if let Some(part) = reader.parts.get_mut(id) {
            part.references = references;
        }
    }
    Parts { parts: reader.parts, used }
}

struct PartReader<'r, 'd> {
    root: &'d Node,
    resolver: &'r Resolver<'d>,
    parts: Arena<Part>,
    /// The parts by the addresses of their nodes.
    known: HashMap<Address, PartId>,
    /// The locations of the components, in document order.
    components: Vec<(Span, PartId)>,
    /// The security schemes and schemas by name.
    schemes: HashMap<&'d str, PartId>,
    schemas: HashMap<&'d str, PartId>,
    /// The parts whose references have not been read yet.
    pending: Vec<(PartId, &'d Node)>,
}

/// A property or a value that is searched for references.
enum Visited<'d> {
    Entry(&'d Entry),
    Node(&'d Node),
}

impl<'r, 'd> PartReader<'r, 'd> {
    fn new(root: &'d Node, resolver: &'r Resolver<'d>) -> Self {
        Self {
            root,
            resolver,
            parts: Arena::default(),
            known: HashMap::new(),
            components: Vec::new(),
            schemes: HashMap::new(),
            schemas: HashMap::new(),
            pending: Vec::new(),
        }
    }

    fn component(&mut self, section: &'d Entry, component: &'d Entry) {
        let name = Spanned::new(component.key.clone(), component.key_span);
        let id = self.add(Some(ComponentName { section: section.key.clone(), name }), &component.value);
        self.components.push((component.value.span, id));
        let named = match section.key.as_str() {
            "securitySchemes" | "securityDefinitions" => &mut self.schemes,
            "schemas" | "definitions" => &mut self.schemas,
            _ => return,
        };
        named.insert(&component.key, id);
    }

    fn add(&mut self, component: Option<ComponentName>, node: &'d Node) -> PartId {
        let id = self.parts.add(|id| Part { id, component, references: Vec::new() });
        self.known.insert(node, id);
        self.pending.push((id, node));
        id
    }

    /// Returns the parts that the visited properties and values refer to.
    fn references(&mut self, mut visited: Vec<Visited<'d>>) -> Vec<PartId> {
        let mut references = IndexSet::new();
        visited.reverse();
        while let Some(next) = visited.pop() {
            let node = match next {
                Visited::Node(node) => node,
                Visited::Entry(entry) => {
                    self.references_of(entry, &mut references);
                    &entry.value
                }
            };
            visited.extend(node.entries().iter().rev().map(Visited::Entry));
            visited.extend(node.elements().iter().rev().map(Visited::Node));
        }
        references.into_iter().collect()
    }

    fn references_of(&mut self, entry: &'d Entry, references: &mut IndexSet<PartId>) {
        match entry.key.as_str() {
            "$ref" | "$dynamicRef" => {
                references.extend(entry.value.as_str().and_then(|text| self.target(text, &entry.value)));
            }
            "security" => {
                for scheme in entry.value.elements().iter().flat_map(Node::entries) {
                    let name = scheme.key.as_str();
                    match self.schemes.get(name) {
                        Some(scheme) => references.extend([*scheme]),
                        // Since 3.2, the key of a requirement can be a reference instead of a name.
                        None => references.extend(self.target(name, &scheme.value)),
                    }
                }
            }
            // The values of `mapping` are references or names of schemas.
            "discriminator" => {
                let values = fields::entries(&entry.value, "mapping").iter().map(|entry| &entry.value);
                for value in values.chain(entry.value.get("defaultMapping")) {
                    let Some(name) = value.as_str() else { continue };
                    references.extend(self.schemas.get(name));
                    if is_reference(name) {
                        references.extend(self.target(name, value));
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns the part that a reference in a node refers to. `None` if the target is not in a part.
    fn target(&mut self, reference: &str, at: &'d Node) -> Option<PartId> {
        let target = self.resolver.find_from(reference, at)?;
        if let Some(known) = self.known.get(&std::ptr::from_ref(target)) {
            return Some(*known);
        }
        // The locations of values from other files and from overlays say nothing about the component.
        if target.span.source != self.root.span.source {
            return Some(self.add(None, target));
        }
        // The reference refers to a value within a component.
        let after = self.components.partition_point(|(span, _)| span.start <= target.span.start);
        let (span, component) = self.components.get(after.checked_sub(1)?)?;
        (target.span.end <= span.end).then_some(*component)
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::Diagnostics;
    use crate::source::{Document, Sources};
    use crate::spec::{PartId, Spec, Version, read};

    fn spec_of(version: Version, text: &str, other: &str) -> Spec {
        let mut sources = Sources::new();
        let source = sources.add("a.yaml", text);
        let other = sources.add("b.yaml", other);
        sources.set_link(source, "b.yaml", Ok(other));
        sources.set_link(other, "a.yaml", Ok(source));
        let mut diagnostics = Diagnostics::new();
        let document = Document::read(&sources, source, &mut diagnostics).unwrap();
        read(&document, version, &mut diagnostics)
    }

    /// Returns the names of parts: those of components, and `-` for values in other files.
    fn names(spec: &Spec, parts: &[PartId]) -> Vec<String> {
        let name =
            |id: &PartId| spec.parts[*id].component.as_ref().map_or("-", |component| &component.name.value).to_owned();
        parts.iter().map(name).collect()
    }

    #[test]
    fn references_between_components_are_read() {
        let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nsecurity: [{Key: []}]\npaths:\n  /a:\n    get:\n      \
                    parameters: [{$ref: '#/components/parameters/P/x'}, {$ref: '#/paths/~1a'}]\ncomponents:\n  \
                    parameters:\n    P: {x: {$ref: 'b.yaml#/X'}}\n  schemas:\n    A: {discriminator: {mapping: {b: B}}}\n    \
                    B: {}\n  securitySchemes: {Key: {type: http}}\n";
        let spec = spec_of(Version::V3_0, text, "X: {$ref: 'a.yaml#/components/schemas/A'}\n");
        let all: Vec<_> = spec.parts.iter().map(|part| (part.id, names(&spec, &part.references))).collect();
        let all: Vec<_> =
            all.iter().map(|(id, references)| (names(&spec, &[*id]).concat(), references.concat())).collect();
        let expected = [("P", "-"), ("A", "B"), ("B", ""), ("Key", ""), ("-", "A")];
        assert_eq!(all, expected.map(|(name, references)| (name.to_owned(), references.to_owned())));
        assert_eq!(names(&spec, &spec.used_parts), ["Key", "P"]);
    }

    #[test]
    fn components_of_swagger_are_read() {
        let text = "swagger: '2.0'\npaths: {/a: {get: {responses: {'200': {schema: {$ref: '#/definitions/A'}}}}}}\n\
                    definitions: {A: {}, B: {}}\nresponses: {R: {}}\n";
        let spec = spec_of(Version::V2_0, text, "");
        let sections = spec.parts.iter().filter_map(|part| part.component.as_ref());
        let sections: Vec<_> =
            sections.map(|component| (component.section.as_str(), component.name.value.as_str())).collect();
        assert_eq!(sections, [("definitions", "A"), ("definitions", "B"), ("responses", "R")]);
        assert_eq!(names(&spec, &spec.used_parts), ["A"]);
    }
}
