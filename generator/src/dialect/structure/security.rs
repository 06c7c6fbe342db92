//! Security schemes and the requirements that name them.

use super::schema::STRINGS;
use super::table::Kind;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::dialect::mend::Mend;
use crate::source::{Entry, Node};

impl<'d> Walk<'d, '_> {
    /// Each type of scheme has members of its own.
    pub(super) fn security_scheme(&mut self, node: &'d Node, place: Place<'d>) {
        let Some(type_name) = node.get("type").and_then(Node::as_str) else { return };
        let required: &[&str] = match type_name {
            "apiKey" => &["name", "in"],
            "http" => &["scheme"],
            "oauth2" => &["flows"],
            "openIdConnect" => &["openIdConnectUrl"],
            _ => return,
        };
        for member in required.iter().filter(|member| node.get(member).is_none()) {
            let message = format!("{} of type `{type_name}` needs `{member}`", Kind::SecurityScheme.name());
            let diagnostic = Diagnostic::error(Code::Missing, place.span, message);
            self.push(diagnostic.label(format!("`{member}` is missing")));
        }
    }

    /// A member of a security requirement: the name of a scheme, and the scopes.
    pub(super) fn security_requirement(&mut self, requirement: &'d Node, entry: &'d Entry, place: Place<'d>) {
        self.value(&STRINGS, &entry.value, place);
        let components = self.document.root.get("components");
        let schemes = components.and_then(|components| components.get("securitySchemes"));
        if schemes.is_some_and(|schemes| schemes.get(&entry.key).is_some()) {
            return;
        }
        let message = format!("no security scheme is called {}", quoted(&entry.key));
        let mut diagnostic = Diagnostic::error(Code::Undefined, entry.key_span, message);
        let names = schemes.map(Node::entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
        let meant = if self.helps() { nearest(&entry.key, names) } else { None };
        diagnostic.help = Some(match meant {
            Some(name) => format!("did you mean {}?", quoted(name)),
            None => "define it under `components/securitySchemes`".to_owned(),
        });
        self.local(diagnostic, requirement, Mend::Remove, "leaves this alternative out: nobody could meet it");
    }
}
