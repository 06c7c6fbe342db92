//! Names schemas outside of the components that become definitions, and determines the paths from which the names of
//! their types are derived.

use std::collections::HashSet;

use crate::source::{Document, Entry, Node, Pointer};
use crate::spec::{Method, PathStep, SchemaPath, VariantStep};

use super::path_item::METHODS;

/// A step from a node to a value in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'d> {
    Key(&'d str),
    Index(usize),
}

/// The name of a schema that becomes a definition.
pub(super) struct Named {
    /// A name that no other definition has.
    pub name: String,
    pub path: SchemaPath,
    /// The name of the schema in the document, if another definition has this name.
    pub original: Option<String>,
}

/// The names that definitions already have.
pub(super) struct Names<'d> {
    document: &'d Document,
    taken: HashSet<String>,
}

impl<'d> Names<'d> {
    /// Creates the set of the names of component schemas.
    pub fn new(document: &'d Document, schemas: &[Entry]) -> Self {
        Self { document, taken: schemas.iter().map(|entry| letters(&entry.key)).collect() }
    }

    /// Returns a new name for the schema at the end of `steps`, which is a path from the root of its file.
    pub fn add(&mut self, steps: &[Step<'d>], root: &'d Node) -> Named {
        let source = root.span.source;
        let file = self.document.path(source);
        let pointer: Pointer = steps.iter().map(|step| step.text()).collect();
        let place = format!("{}{pointer}", file.unwrap_or_default());
        let stem = file.map(stem).unwrap_or_default();
        let path = path(steps, root, stem);
        // A schema with a name keeps the name if no other definition has it, because discriminators use the name.
        let [PathStep::Component(original)] = path.0.as_slice() else {
            return Named { name: place, path, original: None };
        };
        if self.take(original) {
            return Named { name: original.clone(), path, original: None };
        }
        // Prepend the name of the file, and then the names of its folders, until the name is unique. The schema at the
        // root of a file already has the name of the file.
        let folders = file.unwrap_or_default().split('/').rev().skip(1).filter(|folder| !folder.is_empty());
        let mut name = original.clone();
        for before in std::iter::once(stem).filter(|stem| *stem != original).chain(folders) {
            name = format!("{before}.{name}");
            if self.take(&name) {
                return Named { path: SchemaPath::component(&name), name, original: Some(original.clone()) };
            }
        }
        Named { path: SchemaPath::component(&place), name: place, original: Some(original.clone()) }
    }

    /// Returns a new name for a specialised schema: the name of the original schema with a number, at least `first`.
    pub fn like(&mut self, original: &str, first: usize) -> Named {
        let name = |number: usize| format!("{original} {number}");
        // At least one of these names is free.
        let mut numbers = first..=first + self.taken.len();
        let number = numbers.find(|number| self.take(&name(*number))).unwrap_or(first);
        Named { path: SchemaPath::component(&name(number)), name: name(number), original: None }
    }

    /// Reserves a name. Returns `false` if the name is already taken. Names that differ only in case or punctuation are
    /// the same name, because they would become the same identifier.
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

/// Returns the name of a file without its folders and extensions: `pet` for `schemas/pet.yaml`.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// Returns the path of the schema that the steps `keys` lead to from `root`. `stem` is the name of the file.
fn path<'d>(keys: &[Step<'d>], root: &'d Node, stem: &str) -> SchemaPath {
    let mut steps: Vec<PathStep> = Vec::new();
    let mut node = root;
    let mut rest = keys.iter().copied();
    let mut url_path = None;
    let mut has_other_methods = false;
    while let Some(step) = rest.next() {
        let above = node;
        node = step.into(node).unwrap_or(node);
        let Step::Key(key) = step else {
            steps.push(PathStep::Variant(VariantStep::Position(index(step) + 1)));
            continue;
        };
        let mut next = |node: &mut &'d Node| {
            let step = rest.next()?;
            *node = step.into(node)?;
            Some(step)
        };
        match key {
            "components" if steps.is_empty() => {
                let section = next(&mut node).map(Step::text).unwrap_or_default();
                let Some(name) = next(&mut node).map(Step::text) else { break };
                match section.as_str() {
                    "responses" => steps.extend([PathStep::Component(name), PathStep::Response("2".to_owned())]),
                    "requestBodies" => steps.extend([PathStep::Component(name), PathStep::RequestBody]),
                    "parameters" | "headers" => steps.push(PathStep::Parameter(name)),
                    _ => steps.push(PathStep::Component(name)),
                }
            }
            "schemas" | "definitions" | "$defs" => {
                if let Some(name) = next(&mut node) {
                    steps = vec![PathStep::Component(name.text())];
                }
            }
            "paths" | "webhooks" | "x-ms-paths" if steps.is_empty() => url_path = next(&mut node).map(Step::text),
            "content" => drop(next(&mut node)),
            "schema" => {}
            "items" | "itemSchema" => steps.push(PathStep::Items),
            "additionalProperties" | "unevaluatedProperties" => steps.push(PathStep::Values),
            "patternProperties" => {
                next(&mut node);
                steps.push(PathStep::Values);
            }
            "responses" if is_swagger(root) && std::ptr::eq(above, root) => {
                let Some(name) = next(&mut node).map(Step::text) else { break };
                steps.extend([PathStep::Component(name), PathStep::Response("2".to_owned())]);
            }
            "requestBody" => steps.push(PathStep::RequestBody),
            "properties" | "responses" | "headers" | "parameters" | "allOf" | "oneOf" | "anyOf" => {
                let list = node;
                let Some(step) = next(&mut node) else { break };
                match node.get("in").and_then(Node::as_str).filter(|_| key == "parameters" && is_swagger(root)) {
                    Some("body") => steps.push(PathStep::RequestBody),
                    Some("formData") => {
                        let name = node.get("name").and_then(Node::as_str).unwrap_or_default();
                        steps.extend([PathStep::RequestBody, PathStep::Property(name.to_owned())]);
                    }
                    _ => steps.push(part(key, step, list, node)),
                }
            }
            key if steps.is_empty() && METHODS.contains(&key) => has_other_methods = true,
            method if steps.is_empty() && (has_other_methods || Method::of_keyword(method).is_some()) => {
                let id = node.get("operationId").and_then(Node::as_str).map(str::to_owned);
                let place = url_path.as_deref().unwrap_or(stem);
                let id = id.unwrap_or_else(|| format!("{} {place}", method.to_ascii_uppercase()));
                steps.push(PathStep::Operation(id));
            }
            // The root of the file contains schemas by name.
            name if steps.is_empty() && std::ptr::eq(above, root) => steps.push(PathStep::Component(name.to_owned())),
            name => steps.push(PathStep::Property(name.to_owned())),
        }
    }
    if steps.is_empty() {
        steps.push(PathStep::Component(if stem.is_empty() { "document" } else { stem }.to_owned()));
    }
    SchemaPath(steps)
}

/// Returns whether a file is a document of Swagger 2.0, where parameters and headers are schemas themselves.
fn is_swagger(root: &Node) -> bool {
    root.get("swagger").is_some()
}

fn index(step: Step<'_>) -> usize {
    match step {
        Step::Index(index) => index,
        Step::Key(_) => 0,
    }
}

/// Returns the step to a property or item (`node`) of the value (`list`) of a keyword such as `oneOf`.
fn part(key: &str, step: Step<'_>, list: &Node, node: &Node) -> PathStep {
    let title = || node.get("title").and_then(Node::as_str).map(str::to_owned);
    match key {
        "responses" => PathStep::Response(step.text()),
        "parameters" => {
            let name = node.get("name").and_then(Node::as_str).map(str::to_owned);
            PathStep::Parameter(name.unwrap_or_else(|| step.text()))
        }
        "headers" => PathStep::Parameter(step.text()),
        "allOf" => {
            PathStep::Variant(VariantStep::Title(title().unwrap_or_else(|| format!("part {}", index(step) + 1))))
        }
        "oneOf" | "anyOf" => {
            let kind = |node: &Node| node.get("type").and_then(Node::as_str).map(str::to_owned);
            let alone = |own: &String| list.elements().iter().filter_map(kind).filter(|kind| kind == own).count() == 1;
            PathStep::Variant(match (title(), kind(node).filter(alone)) {
                (Some(title), _) => VariantStep::Title(title),
                (None, Some(kind)) => VariantStep::Kind(kind),
                (None, None) => VariantStep::Position(index(step) + 1),
            })
        }
        _ => PathStep::Property(step.text()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::source::Sources;

    #[test]
    fn json_pointer_becomes_schema_path() {
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
            path(&keys, &document.root, "pets").0
        };
        let component = |name: &str| PathStep::Component(name.to_owned());
        let operation = |name: &str| PathStep::Operation(name.to_owned());
        assert_eq!(place(""), [component("pets")]);
        assert_eq!(place("/Cat"), [component("Cat")]);
        assert_eq!(place("/components/schemas/A"), [component("A")]);
        let b = PathStep::Property("b".to_owned());
        assert_eq!(place("/components/schemas/A/properties/b/items"), [component("A"), b.clone(), PathStep::Items]);
        let variant = |label: VariantStep| [component("A"), b.clone(), PathStep::Items, PathStep::Variant(label)];
        assert_eq!(
            place("/components/schemas/A/properties/b/items/oneOf/0"),
            variant(VariantStep::Kind("object".to_owned()))
        );
        assert_eq!(
            place("/components/schemas/A/properties/b/items/oneOf/1"),
            variant(VariantStep::Title("T".to_owned()))
        );
        let response = [operation("PUT /a"), PathStep::Response("404".to_owned())];
        assert_eq!(place("/paths/~1a/put/responses/404/content/x/schema"), response);
        let kind = [operation("list"), PathStep::Parameter("kind".to_owned())];
        assert_eq!(place("/paths/~1a/get/parameters/0/schema"), kind);
        let response = [component("Gone"), PathStep::Response("2".to_owned())];
        assert_eq!(place("/components/responses/Gone/content/x/schema"), response);
        assert_eq!(stem("a/b/pet.v1.yaml"), "pet");
    }
}
