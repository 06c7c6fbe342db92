//! Rules for parameters, headers and items objects of Swagger 2.0.

use std::collections::HashSet;

use super::object::Kind;
use super::repair::{Repair, object, string};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::source::{Entry, Node, NodeKind, Span};

/// The fields of a parameter in `body`.
const BODY_FIELDS: [&str; 5] = ["name", "in", "description", "required", "schema"];

/// The media types of forms.
const FORMS: [&str; 2] = ["multipart/form-data", "application/x-www-form-urlencoded"];

impl<'d> Walk<'d, '_> {
    /// Checks a parameter. A parameter in `body` must have `schema`, and every other parameter must have `type`.
    pub(super) fn parameter_v2(&mut self, node: &'d Node, place: Place<'d>) {
        let Some(location) = node.get("in").and_then(Node::as_str) else { return };
        self.path_parameter_is_required(node, location, place);
        self.parameter_name(node, location);
        match location {
            "body" => self.body_parameter_v2(node, place),
            "path" | "query" | "header" | "formData" => self.other_parameter_v2(node, location, place),
            // An invalid `in` is reported where the field is checked.
            _ => self.repair(node, Repair::Remove),
        }
    }

    fn body_parameter_v2(&mut self, node: &'d Node, place: Place<'d>) {
        if node.get("schema").is_none() {
            let message = "a parameter in `body` needs `schema`";
            let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label("`schema` is missing");
            let any = Repair::Property("schema", object(node.span, []));
            self.repairable(diagnostic, node, any, "uses a type that accepts any JSON value");
        }
        let definition = self.definition(Kind::Parameter);
        for entry in node.entries() {
            // Fields that no parameter has are reported as unknown.
            if !BODY_FIELDS.contains(&entry.key.as_str()) && definition.field(&entry.key).is_some() {
                let help = "define it in `schema`";
                self.not_applicable(entry, "a parameter in `body`", help);
            }
        }
    }

    fn other_parameter_v2(&mut self, node: &'d Node, location: &str, place: Place<'d>) {
        let owner = format!("a parameter in `{location}`");
        let entry = |name| node.as_mapping().and_then(|mapping| mapping.entry(name));
        match (entry("schema"), node.get("type")) {
            (Some(schema), None) => {
                let message = format!("{owner} must have `type`, not `schema`");
                let diagnostic = Diagnostic::error(Code::InvalidValue, schema.key_span, message);
                let help =
                    "move the keywords of the schema into the parameter; only a parameter in `body` has `schema`";
                self.ignorable(diagnostic.help(help), "uses `schema`");
            }
            (Some(schema), Some(_)) => self.not_applicable(schema, &owner, "remove it: `type` defines the value"),
            (None, None) => {
                let diagnostic = Diagnostic::error(Code::Missing, place.span, format!("{owner} needs `type`"));
                let text = Repair::Property("type", string("string"));
                self.repairable(diagnostic.label("`type` is missing"), node, text, "treats it as a string");
            }
            (None, Some(_)) => {}
        }
        if let Some(entry) = entry("allowEmptyValue").filter(|_| !matches!(location, "query" | "formData")) {
            self.not_applicable(entry, &owner, "it applies to parameters in `query` and `formData`");
        }
        if let Some(kind) = node.get("type").filter(|kind| kind.as_str() == Some("file") && location != "formData") {
            let diagnostic = Diagnostic::error(Code::InvalidValue, kind.span, format!("{owner} cannot be a file"));
            let help = "define it in `formData`";
            self.repairable(diagnostic.help(help), kind, Repair::Value(string("string")), "treats it as a string");
        }
        self.typed_value_v2(Kind::Parameter, node, place);
    }

    /// Checks an object with `type`: a parameter that is not in `body`, a header, or an items object.
    pub(super) fn typed_value_v2(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        if node.get("type").and_then(Node::as_str) == Some("array") && node.get("items").is_none() {
            let message = format!("{} with `type: array` needs `items`", self.name_of(kind));
            let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label("`items` is missing");
            let strings = Repair::Property("items", object(node.span, [("type", string("string"))]));
            self.repairable(diagnostic, node, strings, "treats the items as strings");
        }
        let location = node.get("in").and_then(Node::as_str).filter(|_| kind == Kind::Parameter);
        if let Some(format) = node.get("collectionFormat").filter(|format| format.as_str() == Some("multi"))
            && !matches!(location, Some("query" | "formData"))
        {
            let message = "`collectionFormat: multi` only applies to parameters in `query` and `formData`";
            let diagnostic = Diagnostic::error(Code::InvalidValue, format.span, message);
            self.repairable(diagnostic, format, Repair::Remove, "uses `csv`");
        }
        let owner = match kind {
            Kind::Parameter => "parameter",
            Kind::Header => "header",
            _ => "items object",
        };
        self.values_fit(node, owner);
        self.exclusive_bounds(node);
        self.ranges(node);
        if let Some(values) = node.get("enum").filter(|values| is_empty_array(values)) {
            let message = "`enum` is empty: no value is valid";
            let diagnostic = Diagnostic::error(Code::InvalidValue, values.span, message);
            self.repairable(diagnostic, values, Repair::Remove, "ignores it");
        }
    }

    fn not_applicable(&mut self, entry: &'d Entry, owner: &str, help: &str) {
        let message = format!("{} is not a property of {owner}", quoted(&entry.key));
        let diagnostic = Diagnostic::error(Code::UnknownKeyword, entry.key_span, message).label("has no effect");
        self.repairable(diagnostic.help(help), &entry.value, Repair::Remove, "ignores it");
    }

    /// Checks that each operation of a path item has either at most one parameter in `body`, or parameters in
    /// `formData`. Requires that all references have been resolved.
    pub(super) fn body_parameters_v2(&mut self, item: &'d Node) {
        let shared = self.parameters_v2(item);
        for operation in self.methods(item) {
            let own = self.parameters_v2(&operation.value);
            // A parameter of the operation replaces the parameter of the path item with the same location and name.
            let names: HashSet<_> = own.iter().map(|own| (own.location, own.name)).collect();
            let kept = shared.iter().filter(|shared| !names.contains(&(shared.location, shared.name)));
            let all: Vec<Parameter<'d>> = kept.chain(&own).copied().collect();
            self.one_body(&all);
            self.form_media_types(&operation.value, &all);
        }
    }

    fn one_body(&mut self, parameters: &[Parameter<'d>]) {
        let mut bodies = parameters.iter().filter(|parameter| parameter.location == "body");
        let Some(first) = bodies.next() else { return };
        for body in bodies {
            let message = "an operation has more than one parameter in `body`";
            let diagnostic = Diagnostic::error(Code::Duplicate, body.span, message).label("duplicate");
            let diagnostic = diagnostic.related(first.span, "first definition");
            self.repairable(diagnostic, body.element, Repair::Remove, "uses the first one");
        }
        if let Some(form) = parameters.iter().find(|parameter| parameter.location == "formData") {
            let message = "an operation has parameters in `body` and in `formData`";
            let diagnostic = Diagnostic::error(Code::InvalidValue, form.span, message);
            let diagnostic = diagnostic.related(first.span, "in `body`").help("a request has either a body or a form");
            self.repairable(diagnostic, form.element, Repair::Remove, "ignores it");
        }
    }

    /// Checks that the `consumes` of an operation with a file in `formData` contains the media type of a form.
    fn form_media_types(&mut self, operation: &'d Node, parameters: &[Parameter<'d>]) {
        let Some(file) = parameters.iter().find(|parameter| parameter.is_file && parameter.location == "formData")
        else {
            return;
        };
        let Some(consumes) = operation.get("consumes").or_else(|| self.document.root.get("consumes")) else { return };
        let is_form = |text: &str| FORMS.contains(&text.split(';').next().unwrap_or_default().trim());
        if consumes.elements().iter().filter_map(Node::as_str).any(is_form) {
            return;
        }
        let message = "`consumes` lacks the media type of a form, but the operation has a file in `formData`";
        let diagnostic = Diagnostic::error(Code::InvalidValue, consumes.span, message)
            .related(file.span, "the file")
            .help("add `multipart/form-data`");
        self.ignorable(diagnostic, "sends `multipart/form-data`");
    }

    fn parameters_v2(&self, owner: &'d Node) -> Vec<Parameter<'d>> {
        let elements = owner.get("parameters").map(Node::elements).unwrap_or_default();
        let parameters = elements.iter().filter_map(|element| {
            let parameter = self.resolve_node(element)?;
            Some(Parameter {
                location: parameter.get("in")?.as_str()?,
                name: parameter.get("name")?.as_str()?,
                is_file: parameter.get("type").and_then(Node::as_str) == Some("file"),
                span: element.get("in").or_else(|| element.get("$ref")).map_or(element.span, |node| node.span),
                element,
            })
        });
        parameters.collect()
    }
}

/// A parameter in the list of an operation or a path item.
#[derive(Clone, Copy)]
struct Parameter<'d> {
    location: &'d str,
    name: &'d str,
    is_file: bool,
    span: Span,
    /// The item of the list: the parameter or a reference to it.
    element: &'d Node,
}

fn is_empty_array(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Sequence(elements) if elements.is_empty())
}
