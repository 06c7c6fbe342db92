//! What the members of a parameter or a header say together, and lists of parameters.

use std::collections::HashMap;

use super::table::Kind;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::dialect::mend::{Mend, object, string};
use crate::source::{Mapping, Node, NodeKind};

impl<'d> Walk<'d, '_> {
    pub(super) fn parameter(&mut self, node: &'d Node, place: Place<'d>) {
        self.schema_or_content(Kind::Parameter, node, place);
        let location = node.get("in").and_then(Node::as_str);
        if location == Some("path") && node.get("required").is_none_or(|required| required.as_bool() == Some(false)) {
            let span = node.get("required").map_or(place.span, |required| required.span);
            let diagnostic = Diagnostic::error(Code::PathParameter, span, "a path parameter is not `required`")
                .help("add `required: true`: a path has no holes");
            self.local(diagnostic, node, Mend::Member("required", NodeKind::Bool(true)), "takes it for required");
        }
        let styles: &[&str] = match location {
            Some("path") => &["matrix", "label", "simple"],
            Some("query") => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            Some("header") => &["simple"],
            Some("cookie") => &["form"],
            _ => return,
        };
        let Some(style) = node.get("style") else { return };
        let Some(text) = style.as_str() else { return };
        let location = location.unwrap_or_default();
        let known = super::table::Shape::Choice(styles).wanted();
        // An unknown style is reported where its member is checked.
        let is_style =
            ["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"].contains(&text);
        if is_style && !styles.contains(&text) {
            let message = format!("a parameter in `{location}` cannot have the style `{text}`");
            let diagnostic = Diagnostic::error(Code::InvalidValue, style.span, message).help(format!("it is {known}"));
            self.local(diagnostic, style, Mend::Remove, "takes the style that such parameters have by default");
        }
    }

    pub(super) fn header(&mut self, node: &'d Node, place: Place<'d>) {
        self.schema_or_content(Kind::Header, node, place);
    }

    fn schema_or_content(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        let entry = |name| node.as_mapping().and_then(|mapping| mapping.entry(name));
        match (entry("schema"), entry("content")) {
            (None, None) => {
                let message = format!("{} needs `schema` or `content`", kind.name());
                let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label("has neither");
                let text = object(node.span, [("type", string("string"))]);
                self.local(diagnostic, node, Mend::Member("schema", text), "takes it for a text");
            }
            (Some(schema), Some(content)) => {
                let message = format!("{} has both `schema` and `content`", kind.name());
                let diagnostic = Diagnostic::error(Code::InvalidValue, content.key_span, message)
                    .related(schema.key_span, "`schema` here")
                    .help("one of them has to go");
                self.local(diagnostic, &content.value, Mend::Remove, "goes by `schema`");
            }
            (None, Some(content)) => {
                if let Some((_, more)) = content.value.entries().split_first() {
                    for other in more {
                        let message = format!("the `content` of {} has more than one media type", kind.name());
                        let diagnostic = Diagnostic::error(Code::InvalidValue, other.key_span, message);
                        self.local(diagnostic, &other.value, Mend::Remove, "goes by the first one");
                    }
                } else if content.value.as_mapping().is_some() {
                    let message = format!("the `content` of {} has no media type", kind.name());
                    let diagnostic = Diagnostic::error(Code::InvalidValue, content.key_span, message);
                    let text = object(node.span, [("type", string("string"))]);
                    self.local(diagnostic, node, Mend::Member("schema", text), "takes it for a text");
                }
            }
            (Some(_), None) => {}
        }
    }

    /// A list of parameters has each name once in each location.
    pub(super) fn parameter_list(&mut self, owner: &'d Node) {
        let mut known: HashMap<(&str, String), &Node> = HashMap::new();
        for element in owner.get("parameters").map(Node::elements).unwrap_or_default() {
            let Some(parameter) = self.resolved(element).and_then(Node::as_mapping) else { continue };
            let Some((location, name)) = location_and_name(parameter) else { continue };
            // HTTP does not tell the names of headers apart by case.
            let same = if location == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
            match known.entry((location, same)) {
                std::collections::hash_map::Entry::Vacant(vacant) => {
                    vacant.insert(element);
                }
                std::collections::hash_map::Entry::Occupied(first) => {
                    let message = format!("the parameter {} in `{location}` stands twice in this list", quoted(name));
                    let diagnostic = Diagnostic::error(Code::Duplicate, element.span, message)
                        .label("again here")
                        .related(first.get().span, "first here");
                    self.local(diagnostic, element, Mend::Remove, "goes by the first one");
                }
            }
        }
    }
}

/// Where a parameter goes, and under which name.
pub(super) fn location_and_name(parameter: &Mapping) -> Option<(&str, &str)> {
    Some((parameter.get("in")?.as_str()?, parameter.get("name")?.as_str()?))
}
