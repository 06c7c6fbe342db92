//! Servers and the variables in their URLs.

use super::text::is_url;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, nearest, quoted};
use crate::dialect::mend::{Mend, object, string};
use crate::source::{Node, NodeKind};

impl<'d> Walk<'d, '_> {
    /// A server's URL is one, and each variable of it is defined.
    pub(super) fn server(&mut self, node: &'d Node) {
        let Some(url) = node.get("url") else { return };
        let Some(text) = url.as_str() else { return };
        let Some(names) = variables(text) else {
            let message = format!("the braces of {} do not match", quoted(text));
            let diagnostic = Diagnostic::error(Code::InvalidValue, url.span, message);
            return self.local(diagnostic, node, Mend::Remove, "leaves the server out");
        };
        if !is_url(text) {
            let message = format!("{} is not a URL", quoted(text));
            self.harmless(Diagnostic::error(Code::InvalidValue, url.span, message), "takes it as it is");
        }
        let variables = node.get("variables");
        for name in names {
            if variables.is_some_and(|variables| variables.get(name).is_some()) {
                continue;
            }
            let message = format!("the URL's variable {} is not defined", quoted(name));
            let known = variables.map(Node::entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
            let help = match nearest(name, known).filter(|_| self.helps()) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => format!("add {} under `variables`, with its `default`", quoted(name)),
            };
            let diagnostic = Diagnostic::error(Code::Undefined, url.span, message).help(help);
            let given = [("default", string(name)), ("x-required", NodeKind::Bool(true))];
            let mend = Mend::Inner("variables", name.to_owned(), object(node.span, given));
            self.local(diagnostic, node, mend, "has the caller give its value");
        }
    }

    /// The default is one of the values, where values are listed.
    pub(super) fn server_variable(&mut self, node: &'d Node, place: Place<'d>) {
        if node.get("default").is_none() {
            // The caller is asked for a value; without one there would be no view of it.
            self.mend(node, Mend::Member("default", string(place.key)));
        }
        let Some(values) = node.get("enum") else { return };
        let fault = if values.elements().is_empty() {
            let message = "the `enum` of a server variable has no values";
            Some(Diagnostic::warning(Code::InvalidValue, values.span, message).label("none could be sent"))
        } else {
            let default = node.get("default").filter(|default| {
                default.as_str().is_some() && !values.elements().iter().any(|value| value.as_str() == default.as_str())
            });
            default.map(|default| {
                let message = "the default of a server variable is none of its values";
                let known = values.elements().iter().filter_map(Node::as_str);
                let near = nearest(default.as_str().unwrap_or_default(), known);
                let mut diagnostic = Diagnostic::warning(Code::InvalidValue, default.span, message);
                diagnostic.help = near.map(|near| format!("did you mean {}?", quoted(near)));
                diagnostic.related(values.span, "the values")
            })
        };
        let Some(mut fault) = fault else { return };
        // OpenAPI 3.0 says that it should not be, 3.1 that it must not.
        if self.is_of_3_1() {
            fault.severity = Severity::Error;
            return self.harmless(fault, "takes it as it is");
        }
        self.push(fault);
    }
}

/// The names in the braces of a URL; nothing where they do not match.
fn variables(url: &str) -> Option<Vec<&str>> {
    let mut pieces = url.split('{');
    let before = pieces.next().is_some_and(|before| !before.contains('}'));
    let names: Option<Vec<&str>> = pieces
        .map(|piece| piece.split_once('}').filter(|(_, after)| !after.contains('}')).map(|(name, _)| name))
        .collect();
    names.filter(|_| before)
}
