//! Servers and the variables in their URLs.

use super::walk::Walk;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::dialect::mend::{Mend, object, string};
use crate::source::{Node, NodeKind};

impl<'d> Walk<'d, '_> {
    /// Each variable of a URL is defined.
    pub(super) fn server(&mut self, node: &'d Node) {
        let Some(url) = node.get("url") else { return };
        let text = url.as_str().unwrap_or_default();
        let names = text.split('{').skip(1).filter_map(|piece| piece.split_once('}')).map(|(name, _)| name);
        for name in names {
            let defined = node.get("variables").is_some_and(|variables| variables.get(name).is_some());
            if !defined {
                let message = format!("the URL's variable {} is not defined", quoted(name));
                let help = format!("add {} under `variables`, with its `default`", quoted(name));
                let diagnostic = Diagnostic::error(Code::Undefined, url.span, message).help(help);
                let given = [("default", string(name)), ("x-required", NodeKind::Bool(true))];
                let mend = Mend::Inner("variables", name.to_owned(), object(node.span, given));
                self.local(diagnostic, node, mend, "has the caller give its value");
            }
        }
    }

    /// The default is one of the values, where values are listed.
    pub(super) fn server_variable(&mut self, node: &'d Node) {
        let (Some(values), Some(default)) = (node.get("enum"), node.get("default")) else { return };
        let listed = values.elements().iter().any(|value| value.as_str() == default.as_str());
        if !listed && !values.elements().is_empty() {
            let message = "the default of a server variable is none of its values";
            let diagnostic = Diagnostic::warning(Code::InvalidValue, default.span, message);
            self.push(diagnostic.related(values.span, "the values"));
        }
    }
}
