//! Parameters and headers: rules about several fields, and lists of parameters.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::object::{Kind, Shape};
use super::repair::{Repair, object, string};
use super::syntax::{is_set_by_client, is_token, shown};
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, quoted};
use crate::source::{Mapping, Node, NodeKind, Span};

impl<'d> Walk<'d, '_> {
    pub(super) fn parameter(&mut self, node: &'d Node, place: Place<'d>) {
        self.schema_or_content(Kind::Parameter, node, place);
        self.mutually_exclusive(node, "example", "examples", "a parameter");
        let Some(location) = node.get("in").and_then(Node::as_str) else { return };
        self.path_parameter_is_required(node, location, place);
        self.parameter_name(node, location);
        if location == "querystring"
            && let Some(place) = node.get("in")
        {
            self.later("`in: querystring`", place.span);
        }
        if location != "query" {
            self.query_only(node, location);
        }
        let styles: &'static [&'static str] = match location {
            "path" => &["matrix", "label", "simple"],
            "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            "header" => &["simple"],
            "cookie" if self.version >= Version::V3_1 => {
                if let Some(style) = node.get("style").filter(|style| style.as_str() == Some("cookie")) {
                    self.later("`style: cookie`", style.span);
                }
                &["form", "cookie"]
            }
            "cookie" => &["form"],
            "querystring" if self.version >= Version::V3_1 => return self.querystring(node),
            // An invalid `in` is reported where the field is checked.
            _ => return self.repair(node, Repair::Remove),
        };
        self.without_content(node);
        let Some(style) = node.get("style") else { return };
        let Some(text) = style.as_str() else { return };
        // An unknown style is reported where the field is checked.
        let is_style = ["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"]
            .contains(&text)
            || text == "cookie" && self.version >= Version::V3_1;
        if is_style && !styles.contains(&text) {
            let message = format!("a parameter in `{location}` cannot have the style `{text}`");
            let help = format!("use {}", Shape::Choice(styles).expected());
            let diagnostic = Diagnostic::error(Code::InvalidValue, style.span, message).help(help);
            return self.repairable(diagnostic, style, Repair::Remove, "uses the default style for this location");
        }
        self.style_fits(node, style, text);
    }

    /// Checks that a path parameter has `required: true`.
    pub(super) fn path_parameter_is_required(&mut self, node: &'d Node, location: &str, place: Place<'d>) {
        if location != "path" || node.get("required").is_some_and(|required| required.as_bool() != Some(false)) {
            return;
        }
        let span = node.get("required").map_or(place.span, |required| required.span);
        let message = "a path parameter is not `required`";
        let help = "add `required: true`: path parameters cannot be optional";
        // The JSON Schema of OpenAPI 3.1 enforces `required: true` only for parameters with `schema`.
        if self.version >= Version::V3_1 && node.get("required").is_none() && node.get("schema").is_none() {
            self.repair(node, Repair::Property("required", NodeKind::Bool(true)));
            return self.push(Diagnostic::warning(Code::Missing, span, message).help(help));
        }
        let diagnostic = Diagnostic::error(Code::PathParameter, span, message).help(help);
        self.repairable(diagnostic, node, Repair::Property("required", NodeKind::Bool(true)), "treats it as required");
    }

    /// Checks that the name of a parameter is not empty, and that the name of a header parameter is a token that
    /// neither OpenAPI nor HTTP reserves.
    pub(super) fn parameter_name(&mut self, node: &'d Node, location: &str) {
        let Some(name) = node.get("name") else { return };
        let Some(text) = name.as_str() else { return };
        if text.is_empty() || location == "header" && !is_token(text) {
            let what = if location == "header" { "header" } else { "parameter" };
            let message = format!("{} is not a valid {what} name", shown(text));
            let diagnostic = Diagnostic::error(Code::InvalidValue, name.span, message);
            return self.repairable(diagnostic, node, Repair::Remove, "ignores the parameter");
        }
        // Swagger 2.0 does not reserve names of headers.
        let is_ignored = match self.version {
            Version::V2_0 => is_set_by_client(text),
            _ => is_ignored_header(text),
        };
        if location == "header" && is_ignored {
            let message = format!("a header parameter named {} is ignored", quoted(text));
            let diagnostic = Diagnostic::warning(Code::InvalidValue, name.span, message).label("has no effect");
            let help = match text.to_ascii_lowercase().as_str() {
                "content-type" => "OpenAPI requires that it is ignored: the media type of the request body defines it",
                "accept" => "OpenAPI requires that it is ignored: the media types of the responses define it",
                "authorization" => "OpenAPI requires that it is ignored: the security requirements define it",
                _ => "the HTTP client sets this header itself",
            };
            self.push(diagnostic.help(help));
        }
    }

    /// Reports `allowEmptyValue` and `allowReserved` of a parameter to which they do not apply. Both apply to query
    /// parameters. Since 3.2, `allowReserved` also applies to path parameters, and to cookie parameters without
    /// `style: cookie`.
    fn query_only(&mut self, node: &'d Node, location: &str) {
        for field in ["allowEmptyValue", "allowReserved"] {
            let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry(field)) else { continue };
            let is_cookie_style = node.get("style").and_then(Node::as_str) == Some("cookie");
            if self.version == Version::V3_2
                && field == "allowReserved"
                && (location == "path" || location == "cookie" && !is_cookie_style)
            {
                continue;
            }
            let message = format!("`{field}` does not apply to parameters in `{location}`");
            let mut diagnostic = Diagnostic::warning(Code::InvalidValue, entry.key_span, message)
                .label("has no effect")
                .help("it applies only to parameters in `query`");
            // OpenAPI 3.1 forbids the field. OpenAPI 3.0 does not, but defines no effect for it.
            if self.version >= Version::V3_1 {
                diagnostic.severity = Severity::Error;
                self.repairable(diagnostic, &entry.value, Repair::Remove, "ignores it");
            } else if entry.value.as_bool() == Some(true) {
                self.push(diagnostic);
            }
        }
    }

    /// Checks that a parameter in `querystring`, whose value is the whole query string, has no `schema`.
    fn querystring(&mut self, node: &'d Node) {
        let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry("schema")) else {
            return self.without_content(node);
        };
        let message = "a parameter in `querystring` must have `content`, not `schema`";
        let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message);
        let help = "use a media type such as `application/x-www-form-urlencoded`";
        self.repairable(diagnostic.help(help), node, Repair::Remove, "ignores the parameter");
    }

    /// Reports `style`, `explode` and `allowReserved` of a parameter with `content`: they apply only to `schema`.
    /// OpenAPI 3.0 does not forbid them.
    fn without_content(&mut self, node: &'d Node) {
        if self.version < Version::V3_1 || node.get("content").is_none() || node.get("schema").is_some() {
            return;
        }
        for field in ["style", "explode", "allowReserved"] {
            let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry(field)) else { continue };
            let message = format!("`{field}` does not apply to `content`");
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message).label("has no effect");
            let help = "it applies to `schema`; the media type defines the serialization of `content`";
            self.repairable(diagnostic.help(help), &entry.value, Repair::Remove, "ignores it");
        }
    }

    /// Reports a style that is not defined for the type of the schema, such as `deepObject` for a string.
    fn style_fits(&mut self, node: &'d Node, style: &'d Node, text: &str) {
        let expected: &[&str] = match text {
            "deepObject" => &["object"],
            // OpenAPI 3.0.3, "Style Values", defines both for arrays, and its examples also show objects.
            "spaceDelimited" | "pipeDelimited" => &["array", "object"],
            _ => return,
        };
        let schema = node.get("schema").and_then(|schema| self.resolve_node(schema));
        let Some(type_node) = schema.and_then(|schema| schema.get("type")) else { return };
        let Some(type_name) = type_node.as_str().filter(|name| !expected.contains(name)) else { return };
        let message = format!("the style `{text}` is not defined for `type: {type_name}`");
        let diagnostic = Diagnostic::warning(Code::InvalidValue, style.span, message);
        self.push(diagnostic.related(type_node.span, "the type of the values"));
    }

    pub(super) fn schema_or_content(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        let entry = |name| node.as_mapping().and_then(|mapping| mapping.entry(name));
        self.content(node);
        match (entry("schema"), entry("content")) {
            (None, None) => {
                let message = format!("{} needs `schema` or `content`", self.name_of(kind));
                let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label("neither is defined");
                let text = object(node.span, [("type", string("string"))]);
                self.repairable(diagnostic, node, Repair::Property("schema", text), "treats it as a string");
            }
            (Some(schema), Some(content)) => {
                let message = format!("{} has both `schema` and `content`", self.name_of(kind));
                let diagnostic = Diagnostic::error(Code::InvalidValue, content.key_span, message)
                    .related(schema.key_span, "`schema` here")
                    .help("remove one of them");
                self.repairable(diagnostic, &content.value, Repair::Remove, "uses `schema`");
            }
            (None, Some(content)) => {
                if content.value.as_mapping().is_some_and(|content| content.entries().len() != 1) {
                    let message = format!("the `content` of {} must have exactly one media type", self.name_of(kind));
                    let diagnostic = Diagnostic::error(Code::InvalidValue, content.key_span, message);
                    self.first_media_type(diagnostic, node, &content.value);
                }
            }
            (Some(_), None) => {}
        }
    }

    /// Reports a `content` that does not have exactly one media type. Lenient mode keeps the first media type. If
    /// `content` is empty, lenient mode assumes a string.
    fn first_media_type(&mut self, diagnostic: Diagnostic, node: &'d Node, content: &'d Node) {
        if content.entries().is_empty() {
            self.repair(content, Repair::Remove);
            let text = object(node.span, [("type", string("string"))]);
            return self.repairable(diagnostic, node, Repair::Property("schema", text), "treats it as a string");
        }
        for entry in content.entries().iter().skip(1) {
            self.repair(&entry.value, Repair::Remove);
        }
        self.ignorable(diagnostic, "uses the first one");
    }

    /// Checks that a list of parameters has each combination of location and name only once, and at most one parameter
    /// in `querystring`.
    pub(super) fn parameter_list(&mut self, owner: &'d Node) {
        let mut known: HashMap<(&str, String), Span> = HashMap::new();
        let mut whole: Option<Span> = None;
        for element in owner.get("parameters").map(Node::elements).unwrap_or_default() {
            let Some(parameter) = self.resolve_node(element).and_then(Node::as_mapping) else { continue };
            let Some((location, name)) = location_and_name(parameter) else { continue };
            // The names of headers are case-insensitive.
            let same = if location == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
            // The location to report: the name, or the reference to the parameter.
            let span = element.get("name").or_else(|| element.get("$ref")).map_or(element.span, |node| node.span);
            // At most one parameter can be the whole query string.
            if location == "querystring"
                && self.version >= Version::V3_1
                && let Some(first) = whole.replace(span)
            {
                let message = "an operation has several parameters in `querystring`";
                let diagnostic = Diagnostic::error(Code::Duplicate, span, message).label("duplicate");
                let diagnostic = diagnostic.related(first, "first definition");
                self.repairable(diagnostic, element, Repair::Remove, "uses the first one");
                continue;
            }
            match known.entry((location, same)) {
                Slot::Vacant(vacant) => {
                    vacant.insert(span);
                }
                Slot::Occupied(first) => {
                    let message = format!("the parameter {} in `{location}` is defined twice", quoted(name));
                    let diagnostic = Diagnostic::error(Code::Duplicate, span, message)
                        .label("duplicate")
                        .related(*first.get(), "first definition");
                    self.repairable(diagnostic, element, Repair::Remove, "uses the first one");
                }
            }
        }
        let query = known.iter().filter(|((location, _), _)| *location == "query").map(|(_, span)| *span).min();
        if let (Some(whole), Some(query)) = (whole, query) {
            let message = "an operation cannot have parameters in both `querystring` and `query`";
            self.push(Diagnostic::error(Code::InvalidValue, whole, message).related(query, "in `query`"));
        }
    }
}

/// Returns whether a header parameter with this name is ignored: OpenAPI 3.0.3, "Parameter Object", requires it, or
/// only the HTTP client sets the header.
pub(crate) fn is_ignored_header(header: &str) -> bool {
    let reserved = ["accept", "content-type", "authorization"];
    reserved.iter().any(|name| header.eq_ignore_ascii_case(name)) || is_set_by_client(header)
}

/// Returns the location (`in`) and the name of a parameter. `None` if one of them is missing.
pub(super) fn location_and_name(parameter: &Mapping) -> Option<(&str, &str)> {
    Some((parameter.get("in")?.as_str()?, parameter.get("name")?.as_str()?))
}
