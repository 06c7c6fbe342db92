//! Reads path items. One that refers to another has the operations of both.

use std::collections::HashSet;

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::source::{Entry, Node, count, raised_by};
use crate::spec::resolve::is_reference;
use crate::spec::{CallbackId, Method, Operation, PathItem, Spanned};

use super::fields;
use super::operation::MethodEntry;
use super::{Reader, Uses};

/// A path item and the one that it refers to.
struct Merged<'d> {
    own: &'d Node,
    target: Option<&'d Node>,
}

impl<'d> Merged<'d> {
    /// Returns the value of a property: its own, or else that of the target.
    fn get(&self, key: &str) -> Option<&'d Node> {
        self.own.get(key).or_else(|| self.target?.get(key))
    }

    /// Returns the methods: first those of the target, in its order.
    fn methods(&self) -> Vec<MethodEntry<'d>> {
        let of_target = self.target.map(Node::entries).unwrap_or_default();
        let is_own = |entry: &&Entry| self.target.is_none_or(|target| target.get(&entry.key).is_none());
        let entries = of_target.iter().chain(self.own.entries().iter().filter(is_own));
        let methods = entries.filter_map(|entry| {
            let (_, method) = Method::OF_3_0.into_iter().find(|(key, _)| *key == entry.key)?;
            let node = self.own.get(&entry.key).unwrap_or(&entry.value);
            Some(MethodEntry { method, entry, node, is_repeated: false })
        });
        methods.collect()
    }

    /// Returns the parameters of both.
    fn parameters(&self) -> impl Iterator<Item = &'d Node> {
        let of_target = self.target.map(|target| fields::elements(target, "parameters")).unwrap_or_default();
        fields::elements(self.own, "parameters").iter().chain(of_target)
    }
}

impl<'d> Reader<'d, '_> {
    /// Reads the operations of `paths`.
    pub(super) fn paths(&mut self) {
        let entries = fields::entries(&self.document.root, "paths").iter();
        let entries: Vec<&'d Entry> = entries.filter(|entry| !fields::is_extension(&entry.key)).collect();
        let (referring, others): (Vec<_>, Vec<_>) =
            entries.iter().copied().partition(|entry| is_reference(&entry.value));
        for item in &others {
            *self.uses.0.entry(&item.value).or_default() += 1;
        }
        // A path that refers to another one must not repeat its operation IDs.
        let mut taken: HashSet<&'d str> = HashSet::new();
        if !referring.is_empty() {
            taken.extend(others.iter().flat_map(|entry| operation_ids(&entry.value)));
        }
        for entry in entries {
            let Some(item) = self.merged(entry) else { return };
            let mut methods = item.methods();
            if let Some(target) = item.target {
                for method in &mut methods {
                    let Some(id) = method.node.get("operationId").and_then(Node::as_str) else { continue };
                    let is_of_target = item.own.get(&method.entry.key).is_none();
                    if is_of_target && taken.contains(id) {
                        method.is_repeated = true;
                        self.repeated_id(entry, &method.method, id);
                    }
                }
                taken.extend(operation_ids(target));
            }
            let operations = self.operations(entry, &item, methods);
            self.spec.operations.extend(operations);
        }
    }

    fn repeated_id(&mut self, path: &Entry, method: &Method, id: &str) {
        let message = format!("the operation {} is also used by this path", quoted(id));
        let called = format!("{} {}", method.as_str(), path.key);
        let diagnostic = Diagnostic::warning(Code::Duplicate, path.key_span, message);
        let help = format!("here it is named by its method and path: {}", quoted(&called));
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

    /// Returns the path item of an entry. Returns `None` after reporting that too many copies are needed: the operations
    /// of a path item are read once for each reference to it.
    fn merged(&mut self, entry: &'d Entry) -> Option<Merged<'d>> {
        let own = &entry.value;
        let target = if is_reference(own) { self.resolver.resolve(own) } else { None };
        if let Some(target) = target {
            *self.uses.0.entry(target).or_default() += 1;
            let Some(values) = count(target, self.copies_left) else {
                let most = self.document.limits.values;
                let message = format!("the document has more than {most} values after this path is copied");
                let diagnostic = Diagnostic::error(Code::Limit, entry.key_span, message);
                self.diagnostics.push(diagnostic.help(raised_by("values")));
                return None;
            };
            self.copies_left -= values;
        }
        Some(Merged { own, target })
    }

    fn operations(&mut self, entry: &'d Entry, item: &Merged<'d>, methods: Vec<MethodEntry<'d>>) -> Vec<Operation> {
        let text = |key: &str| item.get(key).and_then(Node::as_str).map(str::to_owned);
        let servers = item.get("servers").map(super::server::list).unwrap_or_default();
        let path_item = PathItem {
            path: Spanned::new(entry.key.clone(), entry.key_span),
            summary: text("summary"),
            description: text("description"),
            servers,
            parameters: self.parameters(item.parameters()),
            extensions: fields::extensions(item.own, &[]),
            span: item.own.span,
        };
        let id = self.spec.path_items.add(|_| path_item);
        methods.into_iter().map(|method| self.operation(&entry.key, id, method)).collect()
    }
}

/// Returns the IDs of the operations of a path item.
fn operation_ids(item: &Node) -> impl Iterator<Item = &str> {
    Method::OF_3_0.into_iter().filter_map(|(method, _)| item.get(method)?.get("operationId")?.as_str())
}

impl Uses {
    /// Returns the path items that are used more than once.
    pub(super) fn shared(&self) -> impl Iterator<Item = *const Node> {
        self.0.iter().filter(|(_, count)| **count > 1).map(|(item, _)| *item)
    }
}
