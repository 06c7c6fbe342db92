//! What the members of a parameter or a header say together, and lists of parameters.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::table::{Kind, Shape};
use super::text::{is_of_the_client, is_token, shown};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::dialect::mend::{Mend, object, string};
use crate::source::{Mapping, Node, NodeKind, Span};

impl<'d> Walk<'d, '_> {
    pub(super) fn parameter(&mut self, node: &'d Node, place: Place<'d>) {
        self.schema_or_content(Kind::Parameter, node, place);
        self.one_of_two(node, "example", "examples", "a parameter");
        let Some(location) = node.get("in").and_then(Node::as_str) else { return };
        if location == "path" && node.get("required").is_none_or(|required| required.as_bool() == Some(false)) {
            let span = node.get("required").map_or(place.span, |required| required.span);
            let diagnostic = Diagnostic::error(Code::PathParameter, span, "a path parameter is not `required`")
                .help("add `required: true`: path parameters cannot be optional");
            self.local(diagnostic, node, Mend::Property("required", NodeKind::Bool(true)), "treats it as required");
        }
        self.name(node, location);
        if location != "query" {
            self.of_the_query(node, location);
        }
        let styles: &'static [&'static str] = match location {
            "path" => &["matrix", "label", "simple"],
            "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            "header" => &["simple"],
            "cookie" => &["form"],
            // Reported where the member is checked.
            _ => return self.mend(node, Mend::Remove),
        };
        let Some(style) = node.get("style") else { return };
        let Some(text) = style.as_str() else { return };
        // An unknown style is reported where its member is checked.
        let is_style =
            ["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"].contains(&text);
        if is_style && !styles.contains(&text) {
            let message = format!("a parameter in `{location}` cannot have the style `{text}`");
            let help = format!("use {}", Shape::Choice(styles).wanted());
            let diagnostic = Diagnostic::error(Code::InvalidValue, style.span, message).help(help);
            return self.local(diagnostic, style, Mend::Remove, "uses the default style of such parameters");
        }
        self.style_fits(node, style, text);
    }

    /// A header's name is one that HTTP allows.
    fn name(&mut self, node: &'d Node, location: &str) {
        let Some(name) = node.get("name") else { return };
        let Some(text) = name.as_str() else { return };
        if text.is_empty() || location == "header" && !is_token(text) {
            let what = if location == "header" { "header" } else { "parameter" };
            let message = format!("{} is not a valid {what} name", shown(text));
            let diagnostic = Diagnostic::error(Code::InvalidValue, name.span, message);
            self.local(diagnostic, node, Mend::Remove, "ignores it");
        } else if location == "header" && is_ours(text) {
            let message = format!("a header parameter named {} is ignored", quoted(text));
            let diagnostic = Diagnostic::warning(Code::InvalidValue, name.span, message).label("has no effect");
            self.push(diagnostic.help(if is_of_the_client(text) {
                "this header belongs to HTTP: the client sets it"
            } else {
                "OpenAPI requires this: media types and security requirements define this header"
            }));
        }
    }

    /// What only a parameter of the query can have.
    fn of_the_query(&mut self, node: &'d Node, location: &str) {
        for member in ["allowEmptyValue", "allowReserved"] {
            let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry(member)) else { continue };
            if entry.value.as_bool() == Some(true) {
                let message = format!("`{member}` does not apply to parameters in `{location}`");
                let diagnostic = Diagnostic::warning(Code::InvalidValue, entry.key_span, message);
                self.push(diagnostic.label("has no effect").help("it applies to parameters in `query` only"));
            }
        }
    }

    /// Three styles say how one type of value is written, and nothing of the others.
    fn style_fits(&mut self, node: &'d Node, style: &'d Node, text: &str) {
        let wanted: &[&str] = match text {
            "deepObject" => &["object"],
            // OpenAPI 3.0.3, "Style Values": arrays; its examples show objects too.
            "spaceDelimited" | "pipeDelimited" => &["array", "object"],
            _ => return,
        };
        let schema = node.get("schema").and_then(|schema| self.resolved(schema));
        let Some(type_node) = schema.and_then(|schema| schema.get("type")) else { return };
        let Some(type_name) = type_node.as_str().filter(|name| !wanted.contains(name)) else { return };
        let message = format!("the style `{text}` is not defined for `type: {type_name}`");
        let diagnostic = Diagnostic::warning(Code::InvalidValue, style.span, message);
        self.push(diagnostic.related(type_node.span, "the type of the values"));
    }

    pub(super) fn schema_or_content(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        let entry = |name| node.as_mapping().and_then(|mapping| mapping.entry(name));
        self.content(node);
        match (entry("schema"), entry("content")) {
            (None, None) => {
                let message = format!("{} needs `schema` or `content`", kind.name());
                let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label("neither is defined");
                let text = object(node.span, [("type", string("string"))]);
                self.local(diagnostic, node, Mend::Property("schema", text), "treats it as a string");
            }
            (Some(schema), Some(content)) => {
                let message = format!("{} has both `schema` and `content`", kind.name());
                let diagnostic = Diagnostic::error(Code::InvalidValue, content.key_span, message)
                    .related(schema.key_span, "`schema` here")
                    .help("remove one of them");
                self.local(diagnostic, &content.value, Mend::Remove, "uses `schema`");
            }
            (None, Some(content)) => {
                if content.value.as_mapping().is_some_and(|content| content.entries().len() != 1) {
                    let message = format!("the `content` of {} must have exactly one media type", kind.name());
                    let diagnostic = Diagnostic::error(Code::InvalidValue, content.key_span, message);
                    self.first_media_type(diagnostic, node, &content.value);
                }
            }
            (Some(_), None) => {}
        }
    }

    /// Of several media types a lenient check keeps the first; of none it makes a text.
    fn first_media_type(&mut self, diagnostic: Diagnostic, node: &'d Node, content: &'d Node) {
        if content.entries().is_empty() {
            self.mend(content, Mend::Remove);
            let text = object(node.span, [("type", string("string"))]);
            return self.local(diagnostic, node, Mend::Property("schema", text), "treats it as a string");
        }
        for entry in content.entries().iter().skip(1) {
            self.mend(&entry.value, Mend::Remove);
        }
        self.harmless(diagnostic, "uses the first one");
    }

    /// A list of parameters has each name once in each location.
    pub(super) fn parameter_list(&mut self, owner: &'d Node) {
        let mut known: HashMap<(&str, String), Span> = HashMap::new();
        for element in owner.get("parameters").map(Node::elements).unwrap_or_default() {
            let Some(parameter) = self.resolved(element).and_then(Node::as_mapping) else { continue };
            let Some((location, name)) = location_and_name(parameter) else { continue };
            // HTTP does not tell the names of headers apart by case.
            let same = if location == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
            // What says that it is the same: its name, or the reference to it.
            let span = element.get("name").or_else(|| element.get("$ref")).map_or(element.span, |node| node.span);
            match known.entry((location, same)) {
                Slot::Vacant(vacant) => {
                    vacant.insert(span);
                }
                Slot::Occupied(first) => {
                    let message = format!("the parameter {} in `{location}` is defined twice", quoted(name));
                    let diagnostic = Diagnostic::error(Code::Duplicate, span, message)
                        .label("duplicate")
                        .related(*first.get(), "first definition");
                    self.local(diagnostic, element, Mend::Remove, "uses the first one");
                }
            }
        }
    }
}

/// Whether a header is the client's own business: by OpenAPI 3.0.3, "Parameter Object", or by HTTP.
pub(crate) fn is_ours(header: &str) -> bool {
    let is_said = ["accept", "content-type", "authorization"].iter().any(|ours| header.eq_ignore_ascii_case(ours));
    is_said || is_of_the_client(header)
}

/// Where a parameter goes, and under which name.
pub(super) fn location_and_name(parameter: &Mapping) -> Option<(&str, &str)> {
    Some((parameter.get("in")?.as_str()?, parameter.get("name")?.as_str()?))
}
