//! Rules for the root of a document, and for the license.

use std::collections::{HashMap, HashSet};

use super::object::Kind;
use super::repair::Repair;
use super::syntax::is_host;
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::source::{Node, NodeKind, Span};

impl<'d> Walk<'d, '_> {
    pub(super) fn root(&mut self, node: &'d Node, place: Place<'d>) {
        self.tags(node);
        match self.version {
            Version::V2_0 => self.address_v2(node),
            Version::V3_0 => {}
            Version::V3_1 | Version::V3_2 => {
                if ["paths", "components", "webhooks"].iter().all(|name| node.get(name).is_none()) {
                    let message = format!("{} needs `paths`, `components` or `webhooks`", self.name_of(Kind::OpenApi));
                    self.push(Diagnostic::error(Code::Missing, place.span, message).label("none is defined"));
                }
                self.tag_parents(node);
                if let Some(dialect) = node.get("jsonSchemaDialect") {
                    self.dialect(dialect);
                }
            }
        }
    }

    /// Checks the address of an API of Swagger 2.0: `host` must not contain a scheme or a path, and `basePath` must
    /// begin with `/`.
    fn address_v2(&mut self, node: &'d Node) {
        if let Some(host) = node.get("host")
            && let Some(text) = host.as_str().filter(|text| !is_host(text))
        {
            let message = format!("{} is not a host", quoted(text));
            let help = "use a name or IP address and an optional port; `schemes` and `basePath` are separate fields";
            let diagnostic = Diagnostic::error(Code::InvalidValue, host.span, message).help(help);
            self.repairable(diagnostic, host, Repair::Remove, "ignores it");
        }
        if let Some(base) = node.get("basePath")
            && let Some(text) = base.as_str().filter(|text| !text.starts_with('/'))
        {
            let message = format!("the base path {} must begin with `/`", quoted(text));
            let diagnostic = Diagnostic::error(Code::InvalidValue, base.span, message);
            let repair = Repair::Value(NodeKind::String(format!("/{text}")));
            self.repairable(diagnostic, base, repair, "adds the `/`");
        }
    }

    /// Reports tags that are defined more than once.
    fn tags(&mut self, root: &'d Node) {
        let mut known: HashMap<&str, Span> = HashMap::new();
        for tag in root.get("tags").map(Node::elements).unwrap_or_default() {
            let Some(name) = tag.get("name") else { continue };
            let Some(text) = name.as_str() else { continue };
            match known.get(text) {
                None => {
                    known.insert(text, name.span);
                }
                Some(first) => {
                    let message = format!("the tag {} is defined twice", quoted(text));
                    let diagnostic = Diagnostic::error(Code::Duplicate, name.span, message)
                        .label("duplicate")
                        .related(*first, "first definition");
                    self.repairable(diagnostic, tag, Repair::Remove, "uses the first one");
                }
            }
        }
    }

    /// Checks that the `parent` of each tag is defined, and that no tag is its own ancestor. OpenAPI 3.2 introduced
    /// `parent`.
    fn tag_parents(&mut self, root: &'d Node) {
        let tags = root.get("tags").map(Node::elements).unwrap_or_default();
        let name = |tag: &'d Node| tag.get("name").and_then(Node::as_str);
        let parents: HashMap<&str, Option<&'d Node>> =
            tags.iter().filter_map(|tag| Some((name(tag)?, tag.get("parent")))).collect();
        // Tags whose ancestors are known not to form a cycle.
        let mut checked: HashSet<&str> = HashSet::new();
        for tag in tags {
            let Some(start) = name(tag) else { continue };
            let mut path = HashSet::new();
            let mut current = start;
            while path.insert(current) && !checked.contains(current) {
                let Some(parent) = parents.get(current).copied().flatten() else { break };
                let Some(text) = parent.as_str() else { break };
                let message = if !parents.contains_key(text) {
                    format!("there is no tag {}", quoted(text))
                } else if path.contains(text) {
                    format!("the tag {} is its own ancestor", quoted(text))
                } else {
                    current = text;
                    continue;
                };
                let mut diagnostic = Diagnostic::error(Code::Undefined, parent.span, message);
                if !parents.contains_key(text) && self.gives_help() {
                    let known = tags.iter().filter_map(name);
                    diagnostic.help = nearest(text, known).map(|known| format!("did you mean {}?", quoted(known)));
                }
                self.repairable(diagnostic, parent, Repair::Remove, "ignores the parent");
                break;
            }
            checked.extend(path);
        }
    }

    /// Reports a license with both `identifier` and `url`.
    pub(super) fn license(&mut self, node: &'d Node) {
        if self.version >= Version::V3_1 {
            self.mutually_exclusive(node, "identifier", "url", "a license");
        }
    }
}
