//! Servers and the variables in their URLs.

use url::Url;

use super::repair::{Repair, object, string};
use super::syntax::is_url;
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, nearest, quoted};
use crate::source::{Entry, Node, NodeKind};

impl<'d> Walk<'d, '_> {
    /// Checks that the URL of a server is valid, and that each variable in the URL is defined.
    pub(super) fn server(&mut self, node: &'d Node) {
        let Some(url) = node.get("url") else { return };
        let Some(text) = url.as_str() else { return };
        let Some(names) = variables(text) else {
            let message = format!("the URL {} has unbalanced braces", quoted(text));
            let diagnostic = Diagnostic::error(Code::InvalidValue, url.span, message);
            return self.repairable(diagnostic, node, Repair::Remove, "ignores the server");
        };
        let variables = node.get("variables");
        let usable = self.base(node, url, text);
        if usable && !is_url(text) {
            let message = format!("{} is not a URL", quoted(text));
            self.ignorable(Diagnostic::error(Code::InvalidValue, url.span, message), "uses the URL unchanged");
        }
        for name in names {
            if variables.is_some_and(|variables| variables.get(name).is_some()) {
                continue;
            }
            let message = format!("the server variable {} is not defined", quoted(name));
            let known = variables.map(Node::entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
            let help = match nearest(name, known).filter(|_| self.gives_help()) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => format!("add {} to `variables`, with a `default`", quoted(name)),
            };
            let diagnostic = Diagnostic::error(Code::Undefined, url.span, message).help(help);
            let given = [("default", string(name)), ("x-required", NodeKind::Bool(true))];
            let repair = Repair::Inner("variables", name.to_owned(), object(node.span, given));
            self.repairable(diagnostic, node, repair, "requires callers to pass its value");
        }
    }

    /// Checks that paths can be appended to the URL: the URL must have no query, fragment or user name, and its scheme
    /// must be HTTP or HTTPS. Returns `false` if the server cannot be used.
    fn base(&mut self, server: &'d Node, url: &'d Node, text: &str) -> bool {
        let mut kept = text.to_owned();
        if let (Some(at), what) = after_path(text) {
            let message = format!("the server URL contains {what}");
            let diagnostic = Diagnostic::error(Code::InvalidValue, url.span, message)
                .help("paths are appended to this URL: remove this part, and define parameters of a query as query parameters");
            self.ignorable(diagnostic, "ignores this part of the URL");
            kept.truncate(at);
        }
        if let Some((before, behind)) = without_user(&kept) {
            let message = "the server URL contains a user name or a password";
            let diagnostic = Diagnostic::error(Code::InvalidValue, url.span, message)
                .help("define a security scheme for credentials");
            self.ignorable(diagnostic, "ignores this part of the URL");
            kept = format!("{before}{behind}");
        }
        if kept != text {
            self.repair(url, Repair::Value(string(&kept)));
        }
        let Some(filled) = self.with_defaults(server, &kept).filter(|filled| filled.contains("://")) else {
            return true;
        };
        let diagnostic = match Url::parse(filled.trim()) {
            Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => return true,
            Ok(parsed) => {
                let message = format!("the server uses {} instead of HTTP", quoted(parsed.scheme()));
                Diagnostic::error(Code::Unsupported, url.span, message)
            }
            Err(reason) => {
                let message = format!("the server URL is invalid: {reason}");
                Diagnostic::error(Code::InvalidValue, url.span, message)
            }
        };
        self.repairable(diagnostic, server, Repair::Remove, "ignores the server");
        false
    }

    /// Returns the URL with the default values of its variables. `None` if a variable has `x-required: true`, or has no
    /// valid default. Reports invalid defaults.
    fn with_defaults(&mut self, server: &'d Node, url: &str) -> Option<String> {
        let mut filled = url.to_owned();
        for Entry { key, value: variable, .. } in server.get("variables").map(Node::entries).unwrap_or_default() {
            let place = format!("{{{key}}}");
            if !filled.contains(&place) || variable.get("x-required").and_then(Node::as_bool) == Some(true) {
                continue;
            }
            let Some(default) = variable.get("default") else { continue };
            let Some(text) = default.as_str() else { continue };
            if text.contains(['?', '#', '@', '{', '}']) {
                let message =
                    format!("the default of a server variable is not valid in the path of a URL: {}", quoted(text));
                let diagnostic = Diagnostic::error(Code::InvalidValue, default.span, message);
                self.repairable(
                    diagnostic,
                    variable,
                    Repair::Property("x-required", NodeKind::Bool(true)),
                    "requires callers to pass its value",
                );
                continue;
            }
            filled = filled.replace(&place, text);
        }
        (!filled.contains('{')).then_some(filled)
    }

    /// Checks that `enum` is not empty, and that `default` is one of its values.
    pub(super) fn server_variable(&mut self, node: &'d Node, place: Place<'d>) {
        if node.get("default").is_none() {
            // A strict check requires a `default`. The value that is set here is never used, because callers must pass
            // a value (`x-required`).
            self.repair(node, Repair::Property("default", string(place.key)));
        }
        let Some(values) = node.get("enum") else { return };
        let diagnostic = if values.elements().is_empty() {
            let message = "the `enum` of a server variable is empty";
            Some(Diagnostic::warning(Code::InvalidValue, values.span, message).label("no value is valid"))
        } else {
            let default = node.get("default").filter(|default| {
                default.as_str().is_some() && !values.elements().iter().any(|value| value.as_str() == default.as_str())
            });
            default.map(|default| {
                let message = "the `default` of a server variable is not a value of its `enum`";
                let known = values.elements().iter().filter_map(Node::as_str);
                let near = nearest(default.as_str().unwrap_or_default(), known);
                let mut diagnostic = Diagnostic::warning(Code::InvalidValue, default.span, message);
                diagnostic.help = near.map(|near| format!("did you mean {}?", quoted(near)));
                diagnostic.related(values.span, "the `enum`")
            })
        };
        let Some(mut diagnostic) = diagnostic else { return };
        // OpenAPI 3.0 discourages an empty `enum` and a `default` that is not in the `enum`. OpenAPI 3.1 forbids both.
        if self.version >= Version::V3_1 {
            diagnostic.severity = Severity::Error;
            return self.ignorable(diagnostic, "uses the `default` unchanged");
        }
        self.push(diagnostic);
    }
}

/// Returns the position at which a query or fragment begins outside of braces, and its name for messages.
fn after_path(url: &str) -> (Option<usize>, &'static str) {
    let mut depth = 0_usize;
    let mark = |(at, letter): (usize, char)| {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '?' | '#' if depth == 0 => return Some((at, letter)),
            _ => {}
        }
        None
    };
    match url.char_indices().find_map(mark) {
        None => (None, ""),
        Some((at, '#')) => (Some(at), "a fragment"),
        Some((at, _)) if url.get(at..).is_some_and(|query| query.contains('#')) => (Some(at), "a query and a fragment"),
        Some((at, _)) => (Some(at), "a query"),
    }
}

/// Returns the parts of a URL before and after its user name and password, if it has them.
fn without_user(url: &str) -> Option<(&str, &str)> {
    let start = url.find("://")? + 3;
    let authority = url.get(start..)?.split(['/', '\\']).next()?;
    let at = start + authority.rfind('@')?;
    Some((url.get(..start)?, url.get(at + 1..)?))
}

/// Returns the names in the braces of a URL. `None` if the braces are unbalanced.
fn variables(url: &str) -> Option<Vec<&str>> {
    let mut pieces = url.split('{');
    let before = pieces.next().is_some_and(|before| !before.contains('}'));
    let names: Option<Vec<&str>> = pieces
        .map(|piece| piece.split_once('}').filter(|(_, after)| !after.contains('}')).map(|(name, _)| name))
        .collect();
    names.filter(|_| before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_fragment_and_user_are_found() {
        assert_eq!(after_path("https://a/b"), (None, ""));
        assert_eq!(after_path("https://a/{b?#}/c?d#e"), (Some(17), "a query and a fragment"));
        assert_eq!(after_path("/a#b?c"), (Some(2), "a fragment"));
        assert_eq!(after_path("?"), (Some(0), "a query"));
        assert_eq!(without_user("https://a:b@c@d/e@f"), Some(("https://", "d/e@f")));
        for other in ["https://a/b@c", "/a@b", "a@b", "https://"] {
            assert_eq!(without_user(other), None, "{other}");
        }
    }
}
