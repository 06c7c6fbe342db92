//! Compares the path parameters of operations with the templates of their paths.

use std::collections::{BTreeMap, HashMap};

use super::parameter::location_and_name;
use super::repair::{Repair, object, string};
use super::version::Version;
use super::walk::Walk;
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::source::{Entry, Node, NodeKind, Span};

impl<'d> Walk<'d, '_> {
    /// Checks that every operation of a path defines each name in the template as a parameter, and that the template
    /// contains each path parameter.
    pub(super) fn template_parameters(&mut self, entry: &'d Entry, names: &[&'d str], item: &'d Node) {
        let mut shared = self.path_parameters(item);
        // The parameters next to the `$ref` of a path item belong to the path too.
        if !std::ptr::eq(item, &entry.value) {
            shared.extend(self.path_parameters(&entry.value));
        }
        // The names in the template that some operation does not define, each with the first such operation.
        let mut undeclared: BTreeMap<&str, &'d Entry> = BTreeMap::new();
        // The parameters that are not in the template, by their place in the document, so that a parameter shared by
        // several operations is reported once.
        let mut unused: BTreeMap<Span, (&'d str, &'d Node)> = BTreeMap::new();
        for operation in self.methods(item) {
            let own = self.path_parameters(&operation.value);
            for name in names.iter().filter(|name| !own.contains_key(**name) && !shared.contains_key(**name)) {
                undeclared.entry(name).or_insert(operation);
            }
            unused.extend(not_in_template(own, names));
        }
        // Since 3.1, ignore the parameters of a path item without operations: no request uses them.
        if self.version < Version::V3_1 || !self.methods(item).is_empty() {
            unused.extend(not_in_template(shared, names));
        }

        for (name, operation) in undeclared {
            let message = format!("the path parameter {} is not defined", quoted(&format!("{{{name}}}")));
            let mut diagnostic = Diagnostic::error(Code::PathParameter, entry.key_span, message);
            diagnostic = diagnostic.related(operation.key_span, "has no such parameter");
            let near = nearest(name, unused.values().map(|(name, _)| *name)).filter(|_| self.gives_help());
            diagnostic.help = Some(match near {
                Some(near) => format!("the parameter {} is defined, but not in the path", quoted(near)),
                None => format!("add a parameter {} with `in: path` and `required: true`", quoted(name)),
            });
            let parameter = self.string_parameter(name, entry.key_span);
            let repair = Repair::Element("parameters", parameter);
            self.repairable(diagnostic, item, repair, "adds a string parameter");
        }
        for (span, (name, node)) in unused {
            let message = format!("the parameter {} does not appear in the path", quoted(name));
            let label = format!("no {} here", quoted(&format!("{{{name}}}")));
            let diagnostic = Diagnostic::error(Code::PathParameter, span, message).related(entry.key_span, label);
            self.repairable(diagnostic, node, Repair::Remove, "ignores it");
        }
    }

    /// Returns a required path parameter that is a string.
    fn string_parameter(&self, name: &str, span: Span) -> NodeKind {
        let common = [("name", string(name)), ("in", string("path")), ("required", NodeKind::Bool(true))];
        let value = match self.version {
            Version::V2_0 => ("type", string("string")),
            _ => ("schema", object(span, [("type", string("string"))])),
        };
        object(span, common.into_iter().chain([value]))
    }

    /// Returns the path parameters of a path item or operation by name, each with its location and its item in
    /// `parameters`.
    pub(super) fn path_parameters(&self, owner: &'d Node) -> HashMap<&'d str, (Span, &'d Node)> {
        let elements = owner.get("parameters").map(Node::elements).unwrap_or_default();
        let parameters = elements.iter().filter_map(|element| {
            let (location, name) = location_and_name(self.resolve_node(element)?.as_mapping()?)?;
            let span = element.get("name").map_or(element.span, |name| name.span);
            (location == "path").then_some((name, (span, element)))
        });
        parameters.collect()
    }
}

/// Returns the parameters that are not in the template, each with its location.
fn not_in_template<'d>(
    parameters: HashMap<&'d str, (Span, &'d Node)>,
    names: &[&str],
) -> impl Iterator<Item = (Span, (&'d str, &'d Node))> {
    let unused = parameters.into_iter().filter(|(name, _)| !names.contains(name));
    unused.map(|(name, (span, node))| (span, (name, node)))
}
