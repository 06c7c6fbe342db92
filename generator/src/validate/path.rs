//! Paths and their templates.

use std::collections::{HashMap, HashSet};

use super::object::{Kind, Shape};
use super::repair::Repair;
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, quoted};
use crate::source::{Entry, Node, Span};

impl<'d> Walk<'d, '_> {
    /// Checks a property of the paths object: a path and its path item.
    pub(super) fn path(&mut self, entry: &'d Entry, place: Place<'d>) {
        if !entry.key.starts_with('/') {
            let message = format!("the path {} must begin with `/`", quoted(&entry.key));
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message);
            self.repairable(diagnostic, &entry.value, Repair::Rename(format!("/{}", entry.key)), "adds the `/`");
        }
        // A path must not contain a query or fragment, but some documents use them to distinguish operations.
        for (mark, what, assumed) in [
            ('?', "a query", "sends the query with every request"),
            ('#', "a fragment", "uses the fragment to distinguish operations, and does not send it"),
        ] {
            if entry.key.contains(mark) {
                let message = format!("the path {} contains {what}", quoted(&entry.key));
                self.ignorable(Diagnostic::error(Code::InvalidValue, entry.key_span, message), assumed);
            }
        }
        self.value(&Shape::Object(Kind::PathItem), &entry.value, place);
    }

    /// Checks the templates of all paths. Requires that all references have been resolved.
    pub fn check_paths(&mut self) {
        let paths = self.document.root.get("paths").map(Node::entries).unwrap_or_default();
        let mut templates: HashMap<String, Span> = HashMap::new();
        let mut renamed = HashSet::new();
        for entry in paths.iter().filter(|entry| !entry.key.starts_with("x-")) {
            let sent = entry.key.split('#').next().unwrap_or_default();
            let names = match template(sent) {
                Ok(names) => names,
                Err(problem) => {
                    let message = format!("the path {} {problem}", quoted(&entry.key));
                    let diagnostic = Diagnostic::error(Code::PathParameter, entry.key_span, message);
                    self.repairable(diagnostic, &entry.value, Repair::Remove, "ignores the path");
                    continue;
                }
            };
            if let Some(first) = templates.insert(without_names(&entry.key), entry.key_span) {
                let message =
                    format!("the path {} differs from another path only in its parameter names", quoted(&entry.key));
                let mut diagnostic = Diagnostic::error(Code::Duplicate, entry.key_span, message)
                    .label("duplicate")
                    .related(first, "first definition");
                // Swagger 2.0 does not forbid such paths.
                if self.version == Version::V2_0 {
                    diagnostic.severity = Severity::Warning;
                    self.push(diagnostic);
                } else {
                    self.ignorable(diagnostic, "generates the operations of both paths");
                }
            }
            if let Some(item) = self.resolve_node(&entry.value) {
                let names = self.without_expressions(entry, names, item, &mut renamed);
                self.template_parameters(entry, &names, item);
                if self.version == Version::V2_0 {
                    self.body_parameters_v2(item);
                }
            }
        }
    }

    /// Returns the names in a template. Reports URI Template expressions (RFC 6570, section 2.2), and replaces them
    /// with the names of their variables if parameters with these names are defined: `{.colour*}` means `{colour}`, and
    /// the parameter defines the serialization.
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
        declared.extend(self.methods(item).into_iter().flat_map(|operation| self.path_parameters(&operation.value)));
        let is_meant = |name: &str| !declared.contains_key(name) && declared.contains_key(variable(name));
        let plain: Vec<&'d str> = names.iter().map(|name| if is_meant(name) { variable(name) } else { name }).collect();
        let path = with_names(&entry.key, &plain);
        let Some(expression) = names.iter().find(|name| is_meant(name)) else { return names };
        let distinct: HashSet<&str> = plain.iter().copied().collect();
        let is_defined = self.document.root.get("paths").is_some_and(|paths| paths.get(&path).is_some());
        if distinct.len() < plain.len() || is_defined || !renamed.insert(path.clone()) {
            return names;
        }
        let message = format!("the path contains a URI Template expression, {}", quoted(&format!("{{{expression}}}")));
        let help = format!("write {}, and define the serialization in the parameter", quoted(&path));
        let diagnostic = Diagnostic::error(Code::PathParameter, entry.key_span, message).help(help);
        let assumed = format!("treats it as {}", quoted(&path));
        self.repairable(diagnostic, &entry.value, Repair::Rename(path), &assumed);
        plain
    }
}

/// Returns the names in the braces of a path. The error describes the problem with the braces or names, and is used as
/// the end of a message.
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

/// Returns the path with `names` in its braces.
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

/// Returns the variable of a URI Template expression: `id` for `;id*`, `+id` and `id:3`.
fn variable(expression: &str) -> &str {
    let name = expression.trim_start_matches(['+', '#', '.', '/', ';', '?', '&']);
    let name = name.strip_suffix('*').unwrap_or(name);
    match name.split_once(':') {
        Some((name, length)) if !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => name,
    }
}

/// Returns the path with empty braces. Servers cannot distinguish two paths for which the result is equal.
fn without_names(path: &str) -> String {
    with_names(path, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_names_are_extracted() {
        assert_eq!(template("/a/{b}/c{d}:{e}").unwrap(), ["b", "d", "e"]);
        assert!(template("/a").unwrap().is_empty());
        for invalid in ["/{", "/}", "/{a", "/a}", "/{{a}}", "/{}", "/{a}/{a}", "/{a/b}", "/{a}}"] {
            assert!(template(invalid).is_err(), "{invalid}");
        }
        for expression in ["id", ".id", ";id*", "id*", "+id", "id:3"] {
            assert_eq!(variable(expression), "id", "{expression}");
        }
        assert_eq!(variable("id:x"), "id:x");
        assert_eq!(without_names("/a/{b}/c{d}:{e}"), "/a/{}/c{}:{}");
    }
}
