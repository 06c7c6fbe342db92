//! Security schemes, and the requirements that refer to them.

use super::assumption::without;
use super::object::{Kind, Shape};
use super::reference::PendingReference;
use super::repair::Repair;
use super::schema::STRINGS;
use super::syntax::{is_set_by_client, is_token, shown};
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, nearest, quoted};
use crate::source::{Entry, Node, NodeKind};

/// The fields of security schemes, each with the type of scheme that it applies to.
const APPLIES_TO: [(&str, &str); 11] = [
    ("name", "apiKey"),
    ("in", "apiKey"),
    ("scheme", "http"),
    ("bearerFormat", "http"),
    ("flows", "oauth2"),
    ("oauth2MetadataUrl", "oauth2"),
    ("openIdConnectUrl", "openIdConnect"),
    // Swagger 2.0
    ("flow", "oauth2"),
    ("scopes", "oauth2"),
    ("authorizationUrl", "oauth2"),
    ("tokenUrl", "oauth2"),
];

impl<'d> Walk<'d, '_> {
    /// Checks that a security scheme has the fields that its type requires, and no fields of other types.
    pub(super) fn security_scheme(&mut self, node: &'d Node, place: Place<'d>) {
        let Some(type_name) = node.get("type").and_then(Node::as_str) else { return };
        let required: &[&'static str] = match (type_name, self.version) {
            ("apiKey", _) => &["name", "in"],
            ("basic", Version::V2_0) => &[],
            ("oauth2", Version::V2_0) => &["flow"],
            ("oauth2", _) => &["flows"],
            ("http", Version::V3_0 | Version::V3_1 | Version::V3_2) => &["scheme"],
            ("openIdConnect", Version::V3_0 | Version::V3_1 | Version::V3_2) => &["openIdConnectUrl"],
            ("mutualTLS", Version::V3_1 | Version::V3_2) => &[],
            // An invalid `type` is reported where the field is checked.
            _ => return self.repair(node, Repair::Remove),
        };
        self.required_of_scheme(node, place, &format!("of type `{type_name}`"), required);
        if self.version == Version::V2_0 && type_name == "oauth2" {
            self.flow_v2(node, place);
        }
        let locations: &[&str] =
            if self.version == Version::V2_0 { &["query", "header"] } else { &["query", "header", "cookie"] };
        if node.get("in").and_then(Node::as_str).is_some_and(|place| !locations.contains(&place)) {
            self.repair(node, Repair::Remove);
        }
        if type_name == "apiKey" {
            self.key_name(node);
        }
        for entry in node.entries() {
            let Some((_, owner)) = APPLIES_TO.into_iter().find(|(field, _)| *field == entry.key) else { continue };
            // Fields that the version does not define are reported as unknown.
            let is_known = self.definition(Kind::SecurityScheme).field(&entry.key).is_some();
            if is_known && owner != type_name {
                let scheme = format!("of type `{type_name}`");
                self.not_of_scheme(entry, &scheme, format!("it applies to `type: {owner}`"));
            }
        }
        let scheme = node.get("scheme").and_then(Node::as_str).filter(|_| self.version >= Version::V3_1);
        if let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry("bearerFormat"))
            && let Some(scheme) = scheme.filter(|scheme| !scheme.eq_ignore_ascii_case("bearer"))
        {
            let of = format!("with the scheme {}", quoted(scheme));
            self.not_of_scheme(entry, &of, "it applies to `scheme: bearer`".to_owned());
        }
    }

    fn required_of_scheme(&mut self, node: &'d Node, place: Place<'d>, of: &str, required: &[&'static str]) {
        let name = self.name_of(Kind::SecurityScheme);
        for field in required.iter().filter(|field| node.get(field).is_none()) {
            let message = format!("{name} {of} needs `{field}`");
            let diagnostic =
                Diagnostic::error(Code::Missing, place.span, message).label(format!("`{field}` is missing"));
            match without(self.version, Kind::SecurityScheme, field, node.span) {
                Some((repair, assumed)) => self.repairable(diagnostic, node, repair, assumed),
                None => self.push(diagnostic),
            }
        }
    }

    /// Reports a field that does not apply to a security scheme. `of` describes the scheme, e.g. "of type `http`".
    fn not_of_scheme(&mut self, entry: &'d Entry, of: &str, help: String) {
        let message = format!("`{}` does not apply to {} {of}", entry.key, self.name_of(Kind::SecurityScheme));
        let mut diagnostic =
            Diagnostic::warning(Code::UnknownKeyword, entry.key_span, message).label("has no effect").help(help);
        // OpenAPI 3.0 does not forbid such a field, but defines no effect for it.
        if self.version == Version::V3_0 {
            return self.push(diagnostic);
        }
        diagnostic.severity = Severity::Error;
        self.ignorable(diagnostic, "ignores it");
    }

    /// Checks that an OAuth scheme of Swagger 2.0 has `scopes`, and exactly the URLs that its flow needs.
    fn flow_v2(&mut self, node: &'d Node, place: Place<'d>) {
        let Some(flow) = node.get("flow").and_then(Node::as_str) else { return };
        let urls: &[&'static str] = match flow {
            "implicit" => &["authorizationUrl"],
            "password" | "application" => &["tokenUrl"],
            "accessCode" => &["authorizationUrl", "tokenUrl"],
            // An invalid `flow` is reported where the field is checked.
            _ => return self.repair(node, Repair::Remove),
        };
        let of = format!("with the flow `{flow}`");
        self.required_of_scheme(node, place, &of, urls);
        // The text of the specification requires `scopes`, but its JSON Schema does not, and many documents omit the
        // field.
        if node.get("scopes").is_none() {
            let message = format!("{} of type `oauth2` needs `scopes`", self.name_of(Kind::SecurityScheme));
            let diagnostic = Diagnostic::warning(Code::Missing, place.span, message);
            self.push(
                diagnostic.label("`scopes` is missing").help("add `scopes: {}` if the security scheme has no scopes"),
            );
        }
        for url in ["authorizationUrl", "tokenUrl"].into_iter().filter(|url| !urls.contains(url)) {
            if let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry(url)) {
                self.not_of_scheme(
                    entry,
                    &of,
                    format!("the flow `{flow}` has only {}", Shape::Choice(urls).expected()),
                );
            }
        }
    }

    /// Checks that the `name` of an API key is the name of a header, cookie or query parameter that can contain the
    /// key. An invalid name has no workaround.
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
            "header" if is_set_by_client(text) => {
                format!("the header {} cannot contain an API key, because the HTTP client sets it", quoted(text))
            }
            _ => return,
        };
        self.push(Diagnostic::error(Code::InvalidValue, name.span, message));
    }

    /// Checks a property of a security requirement: the name of a security scheme, and the scopes.
    pub(super) fn security_requirement(&mut self, requirement: &'d Node, entry: &'d Entry, place: Place<'d>) {
        let scopes = if self.version == Version::V2_0 { Shape::Set(&Shape::String) } else { STRINGS };
        self.value(&scopes, &entry.value, place);
        let schemes = self.components(Kind::SecurityScheme);
        if let Some(scheme) = self.in_components(Kind::SecurityScheme, &entry.key)
            && let Ok(scheme) = scheme.resolve(&self.document.root)
        {
            return self.scopes(scheme, entry);
        }
        // Since 3.2, the key can also be the URI of a security scheme.
        if self.version >= Version::V3_1 && entry.key.contains(['#', '/']) {
            self.pending.push(PendingReference {
                kind: Kind::SecurityScheme,
                node: &entry.value,
                by_mapping: true,
                text: &entry.key,
                span: entry.key_span,
                at: &entry.value,
            });
            return;
        }
        let message = format!("there is no security scheme {}", quoted(&entry.key));
        let mut diagnostic = Diagnostic::error(Code::Undefined, entry.key_span, message);
        let names = schemes.iter().map(|entry| entry.key.as_str());
        let meant = if self.gives_help() { nearest(&entry.key, names) } else { None };
        let section = if self.version == Version::V2_0 { "securityDefinitions" } else { "components/securitySchemes" };
        diagnostic.help = Some(match meant {
            Some(name) => format!("did you mean {}?", quoted(name)),
            None => format!("define it in `{section}`"),
        });
        self.repairable(
            diagnostic,
            requirement,
            Repair::Remove,
            "ignores this security requirement, because it cannot be satisfied",
        );
    }

    /// Checks the scopes of a security requirement. Before 3.1, only schemes of the types `oauth2` and `openIdConnect`
    /// have scopes. The flows of an `oauth2` scheme define its scopes.
    fn scopes(&mut self, scheme: &'d Node, entry: &'d Entry) {
        let Some(scheme) = self.resolve_node(scheme) else { return };
        let Some(type_node) = scheme.get("type") else { return };
        match type_node.as_str() {
            Some("oauth2") => {}
            // Since OpenAPI 3.1, requirements of other types of schemes can list roles.
            Some("apiKey" | "http" | "basic") if self.version < Version::V3_1 => {
                let have_scopes = match self.version {
                    Version::V2_0 => "only `oauth2` has scopes",
                    _ => "only `oauth2` and `openIdConnect` have scopes",
                };
                if let Some(first) = entry.value.elements().first() {
                    let diagnostic =
                        Diagnostic::error(Code::InvalidValue, first.span, "this type of security scheme has no scopes")
                            .related(type_node.span, have_scopes)
                            .help("use an empty array");
                    self.repairable(
                        diagnostic,
                        &entry.value,
                        Repair::Value(NodeKind::Sequence(Vec::new())),
                        "ignores the scopes",
                    );
                }
                return;
            }
            _ => return,
        }
        let flows = scheme.get("flows").map(Node::entries).unwrap_or_default();
        // Swagger 2.0 defines the scopes in the scheme itself.
        let own = scheme.get("scopes").filter(|_| self.version == Version::V2_0);
        let declared = || {
            let scopes = flows.iter().filter_map(|flow| flow.value.get("scopes")).chain(own);
            scopes.flat_map(Node::entries).map(|scope| scope.key.as_str())
        };
        for scope in entry.value.elements() {
            let Some(name) = scope.as_str() else { continue };
            if declared().any(|known| known == name) {
                continue;
            }
            let owner = if self.version == Version::V2_0 { "" } else { "no flow of " };
            let verb = if self.version == Version::V2_0 { "does not define" } else { "defines" };
            let message = format!("{owner}{} {verb} the scope {}", quoted(&entry.key), quoted(name));
            let mut diagnostic = Diagnostic::warning(Code::Undefined, scope.span, message);
            let meant = if self.gives_help() { nearest(name, declared()) } else { None };
            diagnostic.help = meant.map(|known| format!("did you mean {}?", quoted(known)));
            self.push(diagnostic);
        }
    }
}
