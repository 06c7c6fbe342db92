//! Reads path items. A path item that refers to another path item has the operations of both.

use std::collections::HashSet;

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::source::{Entry, Node};
use crate::spec::resolve::is_reference;
use crate::spec::{CallbackId, Method, Operation, PathItem, Spanned};

use super::fields;
use super::operation::MethodEntry;
use super::{Reader, Uses};

/// The fields of path items for operations whose methods have no fixed field: the field of OpenAPI 3.2, and the
/// extension that preceded it.
pub(super) const METHODS: [&str; 2] = ["additionalOperations", "x-oai-additionalOperations"];

/// A path item, and the path item that it refers to.
struct Merged<'d> {
    own: &'d Node,
    target: Option<&'d Node>,
    /// Whether the document may use `query` and the fields in `METHODS`.
    has_other_methods: bool,
}

impl<'d> Merged<'d> {
    /// Returns the value of a property of the path item, or else of the target.
    fn get(&self, key: &str) -> Option<&'d Node> {
        self.own.get(key).or_else(|| self.target?.get(key))
    }

    /// Returns the methods and their operations: first the methods of the target, in document order.
    fn methods(&self) -> Vec<MethodEntry<'d>> {
        let of_target = self.target.map(Node::entries).unwrap_or_default();
        let is_own = |entry: &&Entry| self.target.is_none_or(|target| target.get(&entry.key).is_none());
        let entries = of_target.iter().chain(self.own.entries().iter().filter(is_own));
        let methods = entries.filter_map(|entry| {
            let method = Method::of_keyword(&entry.key)?;
            let node = self.own.get(&entry.key).unwrap_or(&entry.value);
            Some(MethodEntry { method, entry, node, is_own: self.is_own(node, &entry.key), is_repeated: false })
        });
        let mut methods: Vec<MethodEntry<'d>> =
            methods.filter(|entry| self.has_other_methods || entry.method != Method::Query).collect();
        if self.has_other_methods {
            let others = |item: &'d Node| METHODS.iter().flat_map(|key| fields::entries(item, key));
            for (item, is_own) in self.target.map(|target| (target, false)).into_iter().chain([(self.own, true)]) {
                methods.extend(others(item).map(|entry| {
                    let method = Method::named(&entry.key);
                    MethodEntry { method, entry, node: &entry.value, is_own, is_repeated: false }
                }));
            }
        }
        methods
    }

    fn is_own(&self, operation: &Node, method: &str) -> bool {
        self.own.get(method).is_some_and(|own| std::ptr::eq(own, operation))
    }

    /// Returns the parameters of the path item, followed by the parameters of the target.
    fn parameters(&self) -> impl Iterator<Item = &'d Node> {
        let of_target = self.target.map(|target| fields::elements(target, "parameters")).unwrap_or_default();
        fields::elements(self.own, "parameters").iter().chain(of_target)
    }
}

impl<'d> Reader<'d, '_> {
    /// Reads the operations of `paths`.
    pub(super) fn paths(&mut self) {
        let root = &self.document.root;
        let mut entries = items(root, "paths");
        if self.dialect.is_swagger() {
            entries.extend(items(root, "x-ms-paths"));
        }
        let operations = self.operations_of(entries);
        self.spec.operations = operations;
    }

    /// Reads the operations of `webhooks`.
    pub(super) fn webhooks(&mut self) {
        if self.dialect.has_json_schema() {
            let operations = self.operations_of(items(&self.document.root, "webhooks"));
            self.spec.webhooks = operations;
        }
    }

    fn operations_of(&mut self, entries: Vec<&'d Entry>) -> Vec<Operation> {
        let mut all = Vec::new();
        let (referring, others): (Vec<_>, Vec<_>) =
            entries.iter().copied().partition(|entry| is_reference(&entry.value));
        for item in &others {
            *self.uses.0.entry(&item.value).or_default() += 1;
        }
        // A path whose path item refers to another path item must not repeat the operation IDs of other paths.
        let mut taken: HashSet<&'d str> = HashSet::new();
        if !referring.is_empty() {
            taken.extend(others.iter().flat_map(|entry| operation_ids(&entry.value)));
        }
        for entry in entries {
            let Some(item) = self.merged(entry) else { return all };
            let mut methods = item.methods();
            if let Some(target) = item.target {
                for method in &mut methods {
                    let Some(id) = method.node.get("operationId").and_then(Node::as_str) else { continue };
                    if !method.is_own && taken.contains(id) {
                        method.is_repeated = true;
                        self.repeated_id(entry, &method.method, id);
                    }
                }
                taken.extend(operation_ids(target));
            }
            all.extend(self.operations(entry, &item, methods));
        }
        all
    }

    fn repeated_id(&mut self, path: &Entry, method: &Method, id: &str) {
        let message = format!("this path and another path share the operation {}", quoted(id));
        let called = format!("{} {}", method.as_str(), path.key);
        let diagnostic = Diagnostic::warning(Code::Duplicate, path.key_span, message);
        let help =
            format!("for this path, the operation's name is derived from its method and path: {}", quoted(&called));
        self.diagnostics.push(diagnostic.help(help));
    }

    /// Reads the operations of a callback.
    pub(super) fn read_callback(&mut self, id: CallbackId, node: &'d Node) {
        let mut operations = Vec::new();
        for entry in node.entries().iter().filter(|entry| !fields::is_extension(&entry.key)) {
            let Some(item) = self.merged(entry) else { break };
            let methods = item.methods();
            operations.extend(self.operations(entry, &item, methods));
        }
        if let Some(callback) = self.spec.callbacks.get_mut(id) {
            callback.operations = operations;
        }
    }

    /// Returns the path item of an entry. Reports an error and returns `None` if too many copies are needed, because
    /// the operations of a path item are read once for each reference to it.
    fn merged(&mut self, entry: &'d Entry) -> Option<Merged<'d>> {
        let own = &entry.value;
        let target = if is_reference(own) { self.resolver.resolve(own) } else { None };
        if let Some(target) = target {
            *self.uses.0.entry(target).or_default() += 1;
            if !self.may_copy(target, entry.key_span) {
                return None;
            }
        }
        Some(Merged { own, target, has_other_methods: self.dialect.has_json_schema() })
    }

    fn operations(&mut self, entry: &'d Entry, item: &Merged<'d>, methods: Vec<MethodEntry<'d>>) -> Vec<Operation> {
        let text = |key: &str| item.get(key).and_then(Node::as_str).map(str::to_owned);
        let servers = item.get("servers").map(|servers| super::server::list(servers, self.dialect)).unwrap_or_default();
        let shared: Vec<&'d Node> = item.parameters().collect();
        let path_item = PathItem {
            path: Spanned::new(entry.key.clone(), entry.key_span),
            summary: text("summary"),
            description: text("description"),
            servers,
            parameters: self.parameters(shared.iter().copied()),
            extensions: fields::extensions(item.own, &METHODS),
            span: item.own.span,
        };
        let id = self.spec.path_items.add(|_| path_item);
        methods.into_iter().map(|method| self.operation(&entry.key, id, method, &shared)).collect()
    }
}

/// Returns the path items in a section of the document, such as `paths`.
fn items<'d>(root: &'d Node, section: &str) -> Vec<&'d Entry> {
    fields::entries(root, section).iter().filter(|entry| !fields::is_extension(&entry.key)).collect()
}

/// Returns the IDs of the operations of a path item.
fn operation_ids(item: &Node) -> impl Iterator<Item = &str> {
    let methods = item.entries().iter().filter(|entry| Method::of_keyword(&entry.key).is_some());
    let others = METHODS.iter().flat_map(|key| fields::entries(item, key));
    methods.chain(others).filter_map(|entry| entry.value.get("operationId")?.as_str())
}

impl Uses {
    /// Returns the path items that are used more than once.
    pub(super) fn shared(&self) -> impl Iterator<Item = *const Node> {
        self.0.iter().filter(|(_, count)| **count > 1).map(|(item, _)| *item)
    }
}
