//! Where a node stands that becomes a component: its way from the root of its file comes in, a key among the components goes
//! out, and the place that its type is named by.

use std::collections::HashSet;

use super::super::structure::table::METHODS;
use crate::ir::{Origin, Segment, VariantLabel};
use crate::source::{Document, Node, Pointer};

/// A step from a node to a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'d> {
    Key(&'d str),
    Index(usize),
}

/// A name for what becomes a component.
pub(super) struct Named {
    pub key: String,
    pub origin: Option<Origin>,
    /// What the document calls it, where that is not the key.
    pub called: Option<String>,
}

/// The names that are given.
pub(super) struct Names<'d> {
    document: &'d Document,
    taken: HashSet<String>,
}

impl<'d> Names<'d> {
    pub fn new(document: &'d Document) -> Self {
        let components = document.root.get("components");
        let schemas = components.and_then(|components| components.get("schemas")).map(Node::entries);
        let taken = schemas.unwrap_or_default().iter().map(|entry| letters(&entry.key)).collect();
        Self { document, taken }
    }

    /// Names what stands at the end of a way.
    pub fn of(&mut self, way: &[Step<'d>], root: &'d Node, is_schema: bool) -> Named {
        let source = root.span.source;
        let path = self.document.path(source);
        let pointer: Pointer = way.iter().map(|step| step.text()).collect();
        let place = format!("{}{pointer}", path.unwrap_or_default());
        if !is_schema {
            return Named { key: place, origin: None, called: None };
        }
        let stem = path.map(stem).unwrap_or_default();
        let origin = origin(way, root, stem);
        // A schema that has a name of its own keeps it, as far as it is free: discriminators go by it.
        let [Segment::Component(name)] = origin.0.as_slice() else {
            return Named { key: place, origin: Some(origin), called: None };
        };
        let name = name.clone();
        if self.take(&name) {
            return Named { key: name, origin: None, called: None };
        }
        // What is called by its file already has its folders before it, anything else has its file too.
        let folders = path.unwrap_or_default().split('/').rev().skip(1).filter(|folder| !folder.is_empty());
        let mut key = name.clone();
        for before in std::iter::once(stem).filter(|stem| *stem != name).chain(folders) {
            key = format!("{before}.{key}");
            if self.take(&key) {
                return Named { key, origin: None, called: Some(name) };
            }
        }
        Named { key: place, origin: None, called: Some(name) }
    }

    /// Takes a name, unless it is taken: Rust tells names apart by their letters alone.
    fn take(&mut self, name: &str) -> bool {
        self.taken.insert(letters(name))
    }
}

fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Step<'_> {
    fn text(self) -> String {
        match self {
            Self::Key(key) => key.to_owned(),
            Self::Index(index) => index.to_string(),
        }
    }

    fn into(self, node: &Node) -> Option<&Node> {
        match self {
            Self::Key(key) => node.get(key),
            Self::Index(index) => node.elements().get(index),
        }
    }
}

/// `pet` of `schemas/pet.yaml`
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// The place at the end of a way, in the steps that lowering would take to it; `stem` stands for a file as a whole.
fn origin<'d>(way: &[Step<'d>], root: &'d Node, stem: &str) -> Origin {
    let mut segments: Vec<Segment> = Vec::new();
    let mut node = root;
    let mut rest = way.iter().copied();
    let mut path = None;
    while let Some(step) = rest.next() {
        let above = node;
        node = step.into(node).unwrap_or(node);
        let Step::Key(key) = step else {
            segments.push(Segment::Variant(VariantLabel::Position(index(step) + 1)));
            continue;
        };
        let mut next = |node: &mut &'d Node| {
            let step = rest.next()?;
            *node = step.into(node)?;
            Some(step)
        };
        match key {
            "components" if segments.is_empty() => {
                let section = next(&mut node).map(Step::text).unwrap_or_default();
                let Some(name) = next(&mut node).map(Step::text) else { break };
                match section.as_str() {
                    "responses" => segments.extend([Segment::Component(name), Segment::Response("2".to_owned())]),
                    "requestBodies" => segments.extend([Segment::Component(name), Segment::RequestBody]),
                    "parameters" | "headers" => segments.push(Segment::Parameter(name)),
                    _ => segments.push(Segment::Component(name)),
                }
            }
            "schemas" | "definitions" | "$defs" => {
                if let Some(name) = next(&mut node) {
                    segments = vec![Segment::Component(name.text())];
                }
            }
            "paths" if segments.is_empty() => path = next(&mut node).map(Step::text),
            "content" => drop(next(&mut node)),
            "schema" => {}
            "items" => segments.push(Segment::Items),
            "additionalProperties" => segments.push(Segment::Values),
            "requestBody" => segments.push(Segment::RequestBody),
            "properties" | "responses" | "headers" | "parameters" | "allOf" | "oneOf" | "anyOf" => {
                let list = node;
                let Some(step) = next(&mut node) else { break };
                segments.push(part(key, step, list, node));
            }
            method if segments.is_empty() && METHODS.contains(&method) => {
                let id = node.get("operationId").and_then(Node::as_str).map(str::to_owned);
                let place = path.as_deref().unwrap_or(stem);
                let id = id.unwrap_or_else(|| format!("{} {place}", method.to_ascii_uppercase()));
                segments.push(Segment::Operation(id));
            }
            // A fragment in which somebody keeps schemas under their names.
            name if segments.is_empty() && std::ptr::eq(above, root) => {
                segments.push(Segment::Component(name.to_owned()))
            }
            name => segments.push(Segment::Property(name.to_owned())),
        }
    }
    if segments.is_empty() {
        segments.push(Segment::Component(if stem.is_empty() { "document" } else { stem }.to_owned()));
    }
    Origin(segments)
}

fn index(step: Step<'_>) -> usize {
    match step {
        Step::Index(index) => index,
        Step::Key(_) => 0,
    }
}

/// The step to a member or element of what stands under a key of the specification.
fn part(key: &str, step: Step<'_>, list: &Node, node: &Node) -> Segment {
    let title = || node.get("title").and_then(Node::as_str).map(str::to_owned);
    match key {
        "responses" => Segment::Response(step.text()),
        "parameters" => {
            let name = node.get("name").and_then(Node::as_str).map(str::to_owned);
            Segment::Parameter(name.unwrap_or_else(|| step.text()))
        }
        "headers" => Segment::Parameter(step.text()),
        "allOf" => {
            Segment::Variant(VariantLabel::Title(title().unwrap_or_else(|| format!("part {}", index(step) + 1))))
        }
        "oneOf" | "anyOf" => {
            let kind = |node: &Node| node.get("type").and_then(Node::as_str).map(str::to_owned);
            let alone = |own: &String| list.elements().iter().filter_map(kind).filter(|kind| kind == own).count() == 1;
            Segment::Variant(match (title(), kind(node).filter(alone)) {
                (Some(title), _) => VariantLabel::Title(title),
                (None, Some(kind)) => VariantLabel::Kind(kind),
                (None, None) => VariantLabel::Position(index(step) + 1),
            })
        }
        _ => Segment::Property(step.text()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::source::Sources;

    #[test]
    fn places_are_named_as_lowering_names_them() {
        let text = "paths:\n  /a:\n    get:\n      operationId: list\n      parameters: [{name: kind}]\n    put: {responses: {'404': {content: {x: {schema: {}}}}}}\n\
                    components:\n  responses: {Gone: {content: {x: {schema: {}}}}}\n  schemas:\n    A: {properties: {b: {items: {oneOf: [{type: object}, {title: T}]}}}}\n";
        let mut sources = Sources::new();
        let source = sources.add("a.yaml", text);
        let document = Document::read(&sources, source, &mut Diagnostics::new()).unwrap();
        let place = |pointer: &str| {
            let keys = pointer.split('/').skip(1).map(|key| match key.parse() {
                Ok(index) if !pointer.contains("responses/") => Step::Index(index),
                _ => Step::Key(key),
            });
            let keys: Vec<Step<'_>> =
                keys.map(|step| if step == Step::Key("~1a") { Step::Key("/a") } else { step }).collect();
            origin(&keys, &document.root, "pets").0
        };
        let component = |name: &str| Segment::Component(name.to_owned());
        let operation = |name: &str| Segment::Operation(name.to_owned());
        assert_eq!(place(""), [component("pets")]);
        assert_eq!(place("/Cat"), [component("Cat")]);
        assert_eq!(place("/components/schemas/A"), [component("A")]);
        let b = Segment::Property("b".to_owned());
        assert_eq!(place("/components/schemas/A/properties/b/items"), [component("A"), b.clone(), Segment::Items]);
        let arm = |arm: VariantLabel| [component("A"), b.clone(), Segment::Items, Segment::Variant(arm)];
        assert_eq!(
            place("/components/schemas/A/properties/b/items/oneOf/0"),
            arm(VariantLabel::Kind("object".to_owned()))
        );
        assert_eq!(place("/components/schemas/A/properties/b/items/oneOf/1"), arm(VariantLabel::Title("T".to_owned())));
        let answer = [operation("PUT /a"), Segment::Response("404".to_owned())];
        assert_eq!(place("/paths/~1a/put/responses/404/content/x/schema"), answer);
        let kind = [operation("list"), Segment::Parameter("kind".to_owned())];
        assert_eq!(place("/paths/~1a/get/parameters/0/schema"), kind);
        let answer = [component("Gone"), Segment::Response("2".to_owned())];
        assert_eq!(place("/components/responses/Gone/content/x/schema"), answer);
        assert_eq!(stem("a/b/pet.v1.yaml"), "pet");
    }
}
