//! Operations, gathered by their first tag.

use std::collections::HashMap;

use openapiv3::{Operation as OperationSchema, PathItem, ReferenceOr};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Group, Location, Operation, Origin, Parameter, Segment};
use crate::source::Node;

use super::Lowering;
use super::doc;
use super::extension;
use super::located::Located;
use super::reference::component_name;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl<'a> Lowering<'a> {
    pub(super) fn groups(&mut self) -> Vec<Group> {
        let mut groups = self.declared_tags();
        let mut position: HashMap<Option<String>, usize> =
            groups.iter().enumerate().map(|(position, group)| (group.tag.clone(), position)).collect();
        let Some(paths) = self.root.node.get("paths") else { return Vec::new() };
        for entry in paths.entries() {
            let Some(item) = self.root.value.paths.paths.get(&entry.key) else { continue };
            let ReferenceOr::Item(item) = item else {
                // None is left in a document in one piece.
                continue;
            };
            let item = Located::new(&entry.value, item);
            for method_entry in entry.value.entries() {
                if !METHODS.contains(&method_entry.key.as_str()) {
                    continue;
                }
                let Some((_, operation)) = item.value.iter().find(|(method, _)| *method == method_entry.key) else {
                    continue;
                };
                let at = Located::new(&method_entry.value, operation);
                let tag = operation.tags.first().cloned();
                let span = method_entry.value.get("tags").map_or(method_entry.key_span, |tags| tags.span);
                let home = *position.entry(tag.clone()).or_insert_with(|| {
                    groups.push(Group { tag, description: None, rust_name: None, operations: Vec::new(), span });
                    groups.len() - 1
                });
                let operation = self.operation(&entry.key, &method_entry.key, item, at);
                if let Some(group) = groups.get_mut(home) {
                    group.operations.push(operation);
                }
            }
        }
        groups.retain(|group| !group.operations.is_empty());
        groups
    }

    fn declared_tags(&mut self) -> Vec<Group> {
        let Some(tags) = self.root.node.get("tags") else { return Vec::new() };
        let declared = tags.elements().iter().zip(&self.root.value.tags);
        declared
            .map(|(node, tag)| Group {
                tag: Some(tag.name.clone()),
                description: doc::description(node),
                rust_name: extension::string(node, "x-rust-name"),
                operations: Vec::new(),
                span: node.get("name").unwrap_or(node).span,
            })
            .collect()
    }

    fn operation(
        &mut self,
        path: &str,
        method: &str,
        item: Located<'a, PathItem>,
        at: Located<'a, OperationSchema>,
    ) -> Operation {
        let method = method.to_ascii_uppercase();
        let id = at.value.operation_id.clone();
        let origin = Origin(vec![Segment::Operation(id.clone().unwrap_or_else(|| format!("{method} {path}"))).cut()]);
        if let Some(callbacks) = at.node.get("callbacks") {
            self.diagnostics.push(
                Diagnostic::warning(Code::Unsupported, callbacks.span, "callbacks are not generated")
                    .help("callbacks are requests from the server: implement them with a server framework"),
            );
        }
        let mut parameters =
            self.parameters((item.node, &item.value.parameters), (at.node, &at.value.parameters), &origin);
        parameters.retain(|parameter| !self.is_in_path(path, parameter));
        let body = at.value.request_body.as_ref().and_then(|body| {
            let node = at.node.get("requestBody").unwrap_or(at.node);
            self.request_body(node, body, &origin)
        });
        let is_listing = at.node.get("x-pagination").is_some();
        let (success, errors) =
            self.responses(at.member("responses", &at.value.responses), &method, is_listing, &origin);
        let pagination = self.pagination(at.node, &parameters, &success);
        let summary = at.value.summary.clone().filter(|words| doc::says_anything(words));
        let description = doc::description(at.node);
        // What is said of the path stands in the place of words that the operation lacks; beside its own, it is the path's.
        let item_words = (item.value.summary.clone(), item.value.description.clone());
        let (summary, of_path) = either(summary, item_words.0);
        let (description, more_of_path) = either(description, item_words.1);
        let path_description: Vec<String> = of_path.into_iter().chain(more_of_path).collect();
        Operation {
            id,
            rust_name: extension::string(at.node, "x-rust-name"),
            method,
            path: path.to_owned(),
            servers: self.operation_servers((item.node, &item.value.servers), (at.node, &at.value.servers)),
            summary,
            description,
            path_description: (!path_description.is_empty()).then(|| path_description.join("\n\n")),
            deprecated: at.value.deprecated,
            other_tags: at.value.tags.iter().skip(1).map(|tag| (tag.clone(), self.tag_words(tag))).collect(),
            parameters,
            body,
            success,
            errors,
            callbacks: at.node.get("callbacks").map(member_names).unwrap_or_default(),
            links: self.links(at.node),
            security: self.requirements(at.node),
            scopes: self.scopes(at.node),
            pagination,
            idempotent: extension::boolean(at.node, "x-idempotent"),
            // Known once all types are.
            request_secrets: Vec::new(),
            response_secrets: Vec::new(),
            span: at.node.get("operationId").map_or(at.span(), |id| id.span),
        }
    }

    /// Whether a path says itself what is sent under the name of a query parameter.
    fn is_in_path(&mut self, path: &str, parameter: &Parameter) -> bool {
        let query = path.split('#').next().and_then(|path| path.split_once('?')).map_or("", |(_, query)| query);
        let mut names = query.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
        let is_there = parameter.location == Location::Query && names.any(|name| name == parameter.name);
        if is_there {
            let message = format!("the path already contains a value for {}", quoted(&parameter.name));
            let diagnostic = Diagnostic::warning(Code::Duplicate, parameter.span, message);
            self.diagnostics.push(diagnostic.label("not generated"));
        }
        is_there
    }

    /// The names of the links of an operation's answers, each once.
    fn links(&self, operation: &Node) -> Vec<String> {
        let components = self.root.node.get("components").and_then(|components| components.get("responses"));
        let mut names: Vec<String> = Vec::new();
        for answer in operation.get("responses").map(Node::entries).unwrap_or_default() {
            let referred = answer.value.get("$ref").and_then(Node::as_str);
            let answer = match referred.and_then(|reference| component_name(reference, "responses")) {
                Some(name) => components.and_then(|components| components.get(&name)),
                None => Some(&answer.value),
            };
            let links = answer.and_then(|answer| answer.get("links")).map(member_names).unwrap_or_default();
            names.extend(links.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
        }
        names
    }

    /// What the document says of a tag.
    fn tag_words(&self, tag: &str) -> Option<String> {
        let tags = self.root.node.get("tags").map(Node::elements).unwrap_or_default();
        let named = tags.iter().find(|node| node.get("name").and_then(Node::as_str) == Some(tag));
        named.and_then(doc::description)
    }

    /// Alternatives of combinations of schemes: the operation's own, else those of the whole document.
    fn requirements(&self, operation: &'a Node) -> Vec<Vec<String>> {
        let names = |requirement: &Node| requirement.entries().iter().map(|entry| entry.key.clone()).collect();
        self.required_of(operation).iter().map(names).collect()
    }

    /// The scopes that they ask for, by scheme.
    fn scopes(&self, operation: &'a Node) -> Vec<(String, Vec<String>)> {
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        for entry in self.required_of(operation).iter().flat_map(Node::entries) {
            let scopes = entry.value.elements().iter().filter_map(Node::as_str).map(str::to_owned);
            let of_scheme = (entry.key.clone(), scopes.collect::<Vec<_>>());
            if !of_scheme.1.is_empty() && !all.contains(&of_scheme) {
                all.push(of_scheme);
            }
        }
        all
    }

    fn required_of(&self, operation: &'a Node) -> &'a [Node] {
        let root: &'a Node = self.root.node;
        operation.get("security").or_else(|| root.get("security")).map(Node::elements).unwrap_or_default()
    }
}

/// The first of two texts, if it is there, and what is left of the second.
fn either(first: Option<String>, second: Option<String>) -> (Option<String>, Option<String>) {
    match first {
        Some(first) => {
            let more = second.filter(|second| *second != first);
            (Some(first), more)
        }
        None => (second, None),
    }
}

fn member_names(node: &Node) -> Vec<String> {
    node.entries().iter().map(|entry| entry.key.clone()).collect()
}
