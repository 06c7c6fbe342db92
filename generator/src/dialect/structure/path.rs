//! Paths: their templates against the parameters that operations declare.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::parameter::location_and_name;
use super::table::{Kind, Shape};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::dialect::mend::{Mend, object, string};
use crate::source::{Entry, Node, NodeKind, Span};

impl<'d> Walk<'d, '_> {
    /// A member of the paths object.
    pub(super) fn path(&mut self, entry: &'d Entry, place: Place<'d>) {
        if !entry.key.starts_with('/') {
            let message = format!("the path {} must begin with `/`", quoted(&entry.key));
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message);
            self.local(diagnostic, &entry.value, Mend::Rename(format!("/{}", entry.key)), "adds it");
        }
        // The rest of the URL is for parameters to say; some write it here to tell operations apart.
        for (mark, what, assumed) in [
            ('?', "a query", "sends it with every request"),
            ('#', "a fragment", "uses it to distinguish operations, and does not send it"),
        ] {
            if entry.key.contains(mark) {
                let message = format!("the path {} contains {what}", quoted(&entry.key));
                self.harmless(Diagnostic::error(Code::InvalidValue, entry.key_span, message), assumed);
            }
        }
        self.value(&Shape::Object(Kind::PathItem), &entry.value, place);
    }

    /// Checks all paths, now that references are known to lead somewhere.
    pub fn paths(&mut self) {
        let paths = self.document.root.get("paths").map(Node::entries).unwrap_or_default();
        let mut templates: HashMap<String, Span> = HashMap::new();
        let mut renamed = HashSet::new();
        for entry in paths.iter().filter(|entry| !entry.key.starts_with("x-")) {
            let sent = entry.key.split('#').next().unwrap_or_default();
            let names = match template(sent) {
                Ok(names) => names,
                Err(why) => {
                    let message = format!("the path {} {why}", quoted(&entry.key));
                    let diagnostic = Diagnostic::error(Code::PathParameter, entry.key_span, message);
                    self.local(diagnostic, &entry.value, Mend::Remove, "ignores the path");
                    continue;
                }
            };
            if let Some(first) = templates.insert(without_names(&entry.key), entry.key_span) {
                let message =
                    format!("the path {} differs from another path only in its parameter names", quoted(&entry.key));
                let diagnostic = Diagnostic::error(Code::Duplicate, entry.key_span, message).label("duplicate");
                self.harmless(diagnostic.related(first, "first definition"), "generates both");
            }
            if let Some(item) = self.resolved(&entry.value) {
                let names = self.without_expressions(entry, names, item, &mut renamed);
                self.template_parameters(entry, &names, item);
            }
        }
    }

    /// The names of a template, with those of parameters that are declared in the place of expressions of URI templates
    /// (RFC 6570, section 2.2) that hold them: `{.colour*}` means `{colour}`, whose style the parameter says.
    fn without_expressions(
        &mut self,
        entry: &'d Entry,
        names: Vec<&'d str>,
        item: &'d Node,
        renamed: &mut HashSet<String>,
    ) -> Vec<&'d str> {
        if !names.iter().any(|name| variable(name) != *name) {
            return names;
        }
        let mut declared = self.path_parameters(item);
        declared.extend(Self::methods(item).flat_map(|operation| self.path_parameters(&operation.value)));
        let is_meant = |name: &str| !declared.contains_key(name) && declared.contains_key(variable(name));
        let plain: Vec<&'d str> = names.iter().map(|name| if is_meant(name) { variable(name) } else { name }).collect();
        let path = with_names(&entry.key, &plain);
        let Some(expression) = names.iter().find(|name| is_meant(name)) else { return names };
        let distinct: HashSet<&str> = plain.iter().copied().collect();
        let is_written = self.document.root.get("paths").is_some_and(|paths| paths.get(&path).is_some());
        if distinct.len() < plain.len() || is_written || !renamed.insert(path.clone()) {
            return names;
        }
        let message = format!("the path contains a URI Template expression, {}", quoted(&format!("{{{expression}}}")));
        let help = format!("write {}, and define the serialization in the parameter", quoted(&path));
        let diagnostic = Diagnostic::error(Code::PathParameter, entry.key_span, message).help(help);
        let assumed = format!("treats it as {}", quoted(&path));
        self.local(diagnostic, &entry.value, Mend::Rename(path), &assumed);
        plain
    }

    fn template_parameters(&mut self, entry: &'d Entry, names: &[&'d str], item: &'d Node) {
        let mut shared = self.path_parameters(item);
        // What stands beside the `$ref` of a path item is of the path too.
        if !std::ptr::eq(item, &entry.value) {
            shared.extend(self.path_parameters(&entry.value));
        }
        // By name, with the first operation that lacks it.
        let mut undeclared: BTreeMap<&str, &'d Entry> = BTreeMap::new();
        // By place, since one parameter can serve many operations.
        let mut unused: BTreeMap<Span, (&'d str, &'d Node)> = BTreeMap::new();
        for operation in Self::methods(item) {
            let own = self.path_parameters(&operation.value);
            for name in names.iter().filter(|name| !own.contains_key(**name) && !shared.contains_key(**name)) {
                undeclared.entry(name).or_insert(operation);
            }
            unused.extend(without_place(own, names));
        }
        unused.extend(without_place(shared, names));

        for (name, operation) in undeclared {
            let message = format!("the path parameter {} is not defined", quoted(&format!("{{{name}}}")));
            let mut diagnostic = Diagnostic::error(Code::PathParameter, entry.key_span, message);
            diagnostic = diagnostic.related(operation.key_span, "has no such parameter");
            let near = nearest(name, unused.values().map(|(name, _)| *name)).filter(|_| self.helps());
            diagnostic.help = Some(match near {
                Some(near) => format!("the parameter {} is defined, but not in the path", quoted(near)),
                None => format!("add a parameter {} with `in: path` and `required: true`", quoted(name)),
            });
            let text = object(entry.key_span, [("type", string("string"))]);
            let parameter =
                [("name", string(name)), ("in", string("path")), ("required", NodeKind::Bool(true)), ("schema", text)];
            let mend = Mend::Element("parameters", object(entry.key_span, parameter));
            self.local(diagnostic, item, mend, "adds a string parameter");
        }
        for (span, (name, node)) in unused {
            let message = format!("the parameter {} does not appear in the path", quoted(name));
            let label = format!("no {} here", quoted(&format!("{{{name}}}")));
            let diagnostic = Diagnostic::error(Code::PathParameter, span, message).related(entry.key_span, label);
            self.local(diagnostic, node, Mend::Remove, "ignores it");
        }
    }

    /// The path parameters that a path item or an operation declares itself, each with its place in the list.
    fn path_parameters(&self, owner: &'d Node) -> HashMap<&'d str, (Span, &'d Node)> {
        let elements = owner.get("parameters").map(Node::elements).unwrap_or_default();
        let parameters = elements.iter().filter_map(|element| {
            let (location, name) = location_and_name(self.resolved(element)?.as_mapping()?)?;
            let span = element.get("name").map_or(element.span, |name| name.span);
            (location == "path").then_some((name, (span, element)))
        });
        parameters.collect()
    }
}

/// The parameters that no path has a place for, by where they stand.
fn without_place<'d>(
    parameters: HashMap<&'d str, (Span, &'d Node)>,
    names: &[&str],
) -> impl Iterator<Item = (Span, (&'d str, &'d Node))> {
    let unused = parameters.into_iter().filter(|(name, _)| !names.contains(name));
    unused.map(|(name, (span, node))| (span, (name, node)))
}

/// The names in the braces of a path.
fn template(path: &str) -> Result<Vec<&str>, &'static str> {
    let mut names: Vec<&str> = Vec::new();
    let mut pieces = path.split('{');
    if pieces.next().is_some_and(|before| before.contains('}')) {
        return Err("has an unmatched `}`");
    }
    for piece in pieces {
        let Some((name, after)) = piece.split_once('}') else { return Err("has an unclosed `{`") };
        if after.contains('}') {
            return Err("has an unmatched `}`");
        }
        if name.is_empty() {
            return Err("has a parameter without a name");
        }
        if names.contains(&name) {
            return Err("uses the same parameter twice");
        }
        if name.contains('/') {
            return Err("has a `/` in a parameter name");
        }
        names.push(name);
    }
    Ok(names)
}

/// The path with these names in its braces.
fn with_names(path: &str, names: &[&str]) -> String {
    let mut names = names.iter();
    let mut out = String::with_capacity(path.len());
    for (position, piece) in path.split('{').enumerate() {
        match (piece.split_once('}'), position) {
            (Some((_, after)), 1..) => {
                out.extend(["{", names.next().copied().unwrap_or_default(), "}", after]);
            }
            _ => out.push_str(piece),
        }
    }
    out
}

/// The name in an expression of a URI template, without what says how it is expanded: `id` in `{;id*}`, `{+id}`, `{id:3}`.
fn variable(expression: &str) -> &str {
    let name = expression.trim_start_matches(['+', '#', '.', '/', ';', '?', '&']);
    let name = name.strip_suffix('*').unwrap_or(name);
    match name.split_once(':') {
        Some((name, length)) if !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => name,
    }
}

/// Two paths that become equal are one path to a server.
fn without_names(path: &str) -> String {
    with_names(path, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_taken_apart() {
        assert_eq!(template("/a/{b}/c{d}:{e}").unwrap(), ["b", "d", "e"]);
        assert!(template("/a").unwrap().is_empty());
        for wrong in ["/{", "/}", "/{a", "/a}", "/{{a}}", "/{}", "/{a}/{a}", "/{a/b}", "/{a}}"] {
            assert!(template(wrong).is_err(), "{wrong}");
        }
        for expression in ["id", ".id", ";id*", "id*", "+id", "id:3"] {
            assert_eq!(variable(expression), "id", "{expression}");
        }
        assert_eq!(variable("id:x"), "id:x");
        assert_eq!(without_names("/a/{b}/c{d}:{e}"), "/a/{}/c{}:{}");
    }
}
