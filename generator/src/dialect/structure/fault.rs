//! What is said of a member that the table does not know, and of a value that is not of its shape: the place comes in, a finding
//! goes out, which leniently says what is assumed.

use super::advice::{NEW_IN_3_1, elsewhere, help, meant, without};
use super::table::{Kind, Others, Shape};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, nearest, quoted};
use crate::dialect::mend::Mend;
use crate::source::{Entry, Node, NodeKind};

/// How the help of what a lenient check assumes begins.
const ASSUMED: &str = "`--lenient` ";

impl<'d> Walk<'d, '_> {
    pub(super) fn unknown(&mut self, kind: Kind, entry: &'d Entry) {
        let object = kind.object();
        if entry.key == "$ref" {
            let message = format!("{} cannot be a `$ref`", object.name);
            let diagnostic = Diagnostic::error(Code::UnknownKeyword, entry.key_span, message);
            let diagnostic = diagnostic.help("write the object here");
            return self.local(diagnostic, &entry.value, Mend::Remove, "ignores it");
        }
        // Reported with the rest of the header.
        if kind == Kind::Header && matches!(entry.key.as_str(), "name" | "in") {
            return;
        }
        let message = format!("{} has no property {}", object.name, quoted(&entry.key));
        let mut diagnostic = Diagnostic::warning(Code::UnknownKeyword, entry.key_span, message).label("has no effect");
        if self.helps() {
            let meant = nearest(&entry.key, object.fields.iter().map(|field| field.name));
            diagnostic.help = meant.map(|name| format!("did you mean `{name}`?"));
        }
        if NEW_IN_3_1.contains(&entry.key.as_str()) {
            diagnostic.help = Some("this needs OpenAPI 3.1".to_owned());
        }
        let of_swagger = entry.key == "schema" && matches!(kind, Kind::Response | Kind::RequestBody);
        if of_swagger {
            diagnostic.help = Some("in OpenAPI 3, it belongs to a media type in `content`".to_owned());
        }
        // What stands there is a part of the API, and would be lost with all that is in it.
        let holds_parts =
            of_swagger || matches!(kind, Kind::OpenApi | Kind::Components | Kind::PathItem | Kind::OAuthFlows);
        if holds_parts || object.others == Others::Nothing {
            diagnostic.severity = Severity::Error;
            return self.harmless(diagnostic, "ignores it");
        }
        self.push(diagnostic);
    }

    pub(super) fn component_name(&mut self, entry: &Entry) {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
        if entry.key.is_empty() || !entry.key.chars().all(allowed) {
            let message = format!("{} is not a valid component name", quoted(&entry.key));
            let help = "component names consist of ASCII letters, digits, `.`, `_` and `-`";
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message).help(help);
            self.harmless(diagnostic, "uses the name unchanged");
        }
    }

    pub(super) fn no_choice(&mut self, choices: &'static [&'static str], text: &str, node: &'d Node, place: Place<'d>) {
        let message = format!("{} cannot be {}", place.shown(), quoted(text));
        let help = match nearest(text, choices.iter().copied()) {
            _ if elsewhere(place.key, text).is_some() => elsewhere(place.key, text).unwrap_or_default().to_owned(),
            Some(choice) if self.helps() => format!("did you mean `{choice}`?"),
            _ => format!("use {}", Shape::Choice(choices).wanted()),
        };
        let diagnostic = Diagnostic::error(Code::InvalidValue, node.span, message).help(help);
        match place.key {
            "type" if choices.contains(&"object") => {
                self.local(diagnostic, node, Mend::Remove, "ignores the type and accepts any JSON value");
            }
            "style" if !place.needed => {
                self.local(diagnostic, node, Mend::Remove, "uses the default style");
            }
            // What they belong to is mended where its members are checked together.
            "in" if choices.contains(&"path") => self.harmless(diagnostic, "ignores the parameter"),
            "in" | "type" => self.harmless(diagnostic, "ignores the scheme"),
            _ => self.push(diagnostic),
        }
    }

    /// Reports a text that is not of the form that its place asks for.
    pub(super) fn no_text(&mut self, shape: &Shape, text: &str, node: &'d Node, place: Place<'d>) {
        let shown = if text.is_empty() { "empty".to_owned() } else { quoted(text) };
        let message = format!("{} is {shown}, which is not {}", place.shown(), shape.wanted());
        self.harmless(Diagnostic::error(Code::InvalidValue, node.span, message), "uses it unchanged");
    }

    /// Reports a value that is not of its shape.
    pub(super) fn wrong_type(&mut self, shape: &Shape, node: &Node, place: Place<'_>) {
        let wanted = shape.wanted();
        let message = match &node.kind {
            NodeKind::Number(number) if matches!(shape, Shape::Count | Shape::Positive) => {
                format!("{} is {}, but must be {wanted}", place.shown(), quoted(&number.text))
            }
            _ => format!("{} is {}, but must be {wanted}", place.shown(), node.kind_name()),
        };
        let mut diagnostic = Diagnostic::error(Code::WrongType, node.span, message);
        if node.kind == NodeKind::Null {
            // Often nothing is written at all, and there is nothing to underline.
            diagnostic.span = Some(if node.span.start == node.span.end { place.span } else { node.span });
            diagnostic = diagnostic.help("remove it if it is empty");
        } else {
            diagnostic.help = help(shape, node, place).map(str::to_owned);
        }
        match meant(shape, node, place) {
            Some((mend, assumed)) => self.local(diagnostic, node, mend, assumed),
            None => self.push(diagnostic),
        }
    }

    /// Reports that an object lacks a member.
    pub(super) fn missing(&mut self, kind: Kind, node: &'d Node, member: &'static str, place: Place<'_>) {
        let message = format!("{} needs `{member}`", kind.name());
        let diagnostic = Diagnostic::error(Code::Missing, place.span, message).label(format!("`{member}` is missing"));
        match without(kind, member, node.span) {
            Some((mend, assumed)) => self.local(diagnostic, node, mend, assumed),
            None => self.push(diagnostic),
        }
    }
}

/// Makes a warning of a fault, which says what is assumed in its place before what to do about it.
pub(super) fn assume(fault: &mut Diagnostic, assumed: &str) {
    fault.severity = Severity::Warning;
    let help = fault.help.take().map(|help| format!("\n{help}")).unwrap_or_default();
    fault.help = Some(format!("{ASSUMED}{assumed}{help}"));
}
