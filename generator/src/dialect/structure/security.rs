//! Security schemes and the requirements that name them.

use super::advice::without;
use super::schema::STRINGS;
use super::table::Kind;
use super::text::{is_of_the_client, is_token, shown};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::dialect::mend::Mend;
use crate::source::{Entry, Node, NodeKind};

impl<'d> Walk<'d, '_> {
    /// Each type of scheme has members of its own.
    pub(super) fn security_scheme(&mut self, node: &'d Node, place: Place<'d>) {
        let Some(type_name) = node.get("type").and_then(Node::as_str) else { return };
        let required: &[&str] = match type_name {
            "apiKey" => &["name", "in"],
            "http" => &["scheme"],
            "oauth2" => &["flows"],
            "openIdConnect" => &["openIdConnectUrl"],
            // Reported where the member is checked.
            _ => return self.mend(node, Mend::Remove),
        };
        let name = Kind::SecurityScheme.name();
        for member in required.iter().filter(|member| node.get(member).is_none()) {
            let message = format!("{name} of type `{type_name}` needs `{member}`");
            let diagnostic =
                Diagnostic::error(Code::Missing, place.span, message).label(format!("`{member}` is missing"));
            match without(Kind::SecurityScheme, member, node.span) {
                Some((mend, assumed)) => self.local(diagnostic, node, mend, assumed),
                None => self.push(diagnostic),
            }
        }
        if node.get("in").and_then(Node::as_str).is_some_and(|place| !["query", "header", "cookie"].contains(&place)) {
            self.mend(node, Mend::Remove);
        }
        if type_name == "apiKey" {
            self.key_name(node);
        }
        for entry in node.entries() {
            let owner = match entry.key.as_str() {
                "name" | "in" => "apiKey",
                "scheme" | "bearerFormat" => "http",
                "flows" => "oauth2",
                "openIdConnectUrl" => "openIdConnect",
                _ => continue,
            };
            if owner != type_name {
                let message = format!("{name} of type `{type_name}` has no `{}`", entry.key);
                let diagnostic = Diagnostic::warning(Code::UnknownKeyword, entry.key_span, message);
                self.push(diagnostic.label("has no effect").help(format!("it applies to `type: {owner}`")));
            }
        }
    }

    /// The name of a header or cookie that can carry a key. There is no other place for it, so that no workaround exists.
    fn key_name(&mut self, scheme: &'d Node) {
        let (Some(name), Some(location)) = (scheme.get("name"), scheme.get("in").and_then(Node::as_str)) else {
            return;
        };
        let Some(text) = name.as_str() else { return };
        let message = match location {
            "header" | "cookie" if !is_token(text) => {
                format!("{} is not a valid {location} name", shown(text))
            }
            "query" if text.is_empty() => format!("{} is not a valid query parameter name", shown(text)),
            "header" if is_of_the_client(text) => {
                format!("the header {} cannot contain a key, because it belongs to HTTP", quoted(text))
            }
            _ => return,
        };
        self.push(Diagnostic::error(Code::InvalidValue, name.span, message));
    }

    /// A member of a security requirement: the name of a scheme, and the scopes.
    pub(super) fn security_requirement(&mut self, requirement: &'d Node, entry: &'d Entry, place: Place<'d>) {
        self.value(&STRINGS, &entry.value, place);
        let components = self.document.root.get("components");
        let schemes = components.and_then(|components| components.get("securitySchemes"));
        if let Some(scheme) = schemes.and_then(|schemes| schemes.get(&entry.key)) {
            return self.scopes(scheme, entry);
        }
        let message = format!("there is no security scheme {}", quoted(&entry.key));
        let mut diagnostic = Diagnostic::error(Code::Undefined, entry.key_span, message);
        let names = schemes.map(Node::entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
        let meant = if self.helps() { nearest(&entry.key, names) } else { None };
        diagnostic.help = Some(match meant {
            Some(name) => format!("did you mean {}?", quoted(name)),
            None => "define it in `components/securitySchemes`".to_owned(),
        });
        self.local(diagnostic, requirement, Mend::Remove, "ignores this alternative, because it cannot be satisfied");
    }

    /// Scopes are of the two types of schemes that have some, and of `oauth2` those that its flows declare.
    fn scopes(&mut self, scheme: &'d Node, entry: &'d Entry) {
        let Some(scheme) = self.resolved(scheme) else { return };
        let Some(type_node) = scheme.get("type") else { return };
        match type_node.as_str() {
            Some("oauth2") => {}
            // OpenAPI 3.1 lets the others name roles.
            Some("apiKey" | "http") if !self.is_of_3_1() => {
                if let Some(first) = entry.value.elements().first() {
                    let diagnostic = Diagnostic::error(Code::InvalidValue, first.span, "this scheme has no scopes")
                        .related(type_node.span, "only `oauth2` and `openIdConnect` have scopes")
                        .help("use an empty array");
                    self.local(diagnostic, &entry.value, Mend::Value(NodeKind::Sequence(Vec::new())), "ignores it");
                }
                return;
            }
            _ => return,
        }
        let flows = scheme.get("flows").map(Node::entries).unwrap_or_default();
        let declared = || {
            let flows = flows.iter().filter_map(|flow| flow.value.get("scopes"));
            flows.flat_map(Node::entries).map(|scope| scope.key.as_str())
        };
        for scope in entry.value.elements() {
            let Some(name) = scope.as_str() else { continue };
            if declared().any(|known| known == name) {
                continue;
            }
            let message = format!("no flow of {} defines the scope {}", quoted(&entry.key), quoted(name));
            let mut diagnostic = Diagnostic::warning(Code::Undefined, scope.span, message);
            let meant = if self.helps() { nearest(name, declared()) } else { None };
            diagnostic.help = meant.map(|known| format!("did you mean {}?", quoted(known)));
            self.push(diagnostic);
        }
    }
}
