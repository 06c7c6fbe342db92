//! What carries values: `content` and its media types, encodings, examples, the headers of a response.

use std::collections::HashMap;

use super::table::Kind;
use super::text::{is_media_type, is_token};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::dialect::mend::Mend;
use crate::source::{Entry, Node, Span};

impl<'d> Walk<'d, '_> {
    /// The keys of a `content` are media types.
    pub(super) fn content(&mut self, owner: &'d Node) {
        let content = owner.get("content").map(Node::entries).unwrap_or_default();
        for entry in content.iter().filter(|entry| !is_media_type(&entry.key)) {
            let message = format!("{} is no media type", quoted(&entry.key));
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message)
                .help("it is one such as `application/json`, or a range of them such as `text/*`");
            self.local(diagnostic, &entry.value, Mend::Remove, "leaves it out");
        }
    }

    pub(super) fn media_type(&mut self, node: &'d Node, place: Place<'d>) {
        self.one_of_two(node, "example", "examples", "a media type object");
        let Some(encoding) = node.as_mapping().and_then(|mapping| mapping.entry("encoding")) else { return };
        let essence = place.key.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !essence.starts_with("multipart/") && essence != "application/x-www-form-urlencoded" {
            let message = format!("`encoding` means nothing to {}", quoted(place.key));
            let diagnostic = Diagnostic::warning(Code::InvalidValue, encoding.key_span, message);
            return self.push(diagnostic.label("has no effect").help("only forms have parts that can be encoded"));
        }
        let Some(properties) = node.get("schema").and_then(|schema| self.only_properties(schema)) else { return };
        for entry in encoding.value.entries() {
            if entry.key.starts_with("x-") || properties.get(&entry.key).is_some() {
                continue;
            }
            let message = format!("the form has no property {}", quoted(&entry.key));
            let mut diagnostic =
                Diagnostic::error(Code::Undefined, entry.key_span, message).related(properties.span, "its properties");
            let names = properties.entries().iter().map(|entry| entry.key.as_str());
            let meant = if self.helps() { nearest(&entry.key, names) } else { None };
            diagnostic.help = meant.map(|name| format!("did you mean {}?", quoted(name)));
            self.local(diagnostic, &entry.value, Mend::Remove, "passes over it");
        }
    }

    /// The properties of a schema where nothing else can add to them.
    fn only_properties(&self, schema: &'d Node) -> Option<&'d Node> {
        let schema = self.resolved(schema)?;
        let more = ["allOf", "oneOf", "anyOf", "additionalProperties", "patternProperties"];
        schema.get("properties").filter(|_| more.iter().all(|keyword| schema.get(keyword).is_none()))
    }

    /// An example is written here, or elsewhere.
    pub(super) fn example(&mut self, node: &'d Node) {
        self.one_of_two(node, "value", "externalValue", "an example object");
    }

    /// Two members that exclude each other; both being there does no harm.
    pub(super) fn one_of_two(&mut self, node: &'d Node, one: &str, other: &str, owner: &str) {
        let entry = |name| node.as_mapping().and_then(|mapping| mapping.entry(name));
        if let (Some(one_entry), Some(other_entry)) = (entry(one), entry(other)) {
            let (first, second) = if one_entry.key_span <= other_entry.key_span {
                (one_entry, other_entry)
            } else {
                (other_entry, one_entry)
            };
            let message = format!("{owner} has both `{one}` and `{other}`");
            let diagnostic = Diagnostic::error(Code::InvalidValue, second.key_span, message)
                .related(first.key_span, format!("`{}` here", first.key))
                .help("one of them has to go");
            self.harmless(diagnostic, "takes both");
        }
    }

    /// A response: its content, and the names of its headers.
    pub(super) fn response_object(&mut self, node: &'d Node) {
        self.content(node);
        self.header_names(node, "a header of a response", "the media types under `content` decide");
    }

    /// What is said of a part of a form: the names of its headers.
    pub(super) fn encoding(&mut self, node: &'d Node) {
        self.header_names(node, "a header of a part", "`contentType` decides");
    }

    fn header_names(&mut self, node: &'d Node, owner: &str, decides: &str) {
        let mut known: HashMap<String, Span> = HashMap::new();
        for entry in node.get("headers").map(Node::entries).unwrap_or_default() {
            self.header_name(entry, owner, decides);
            if let Some(first) = known.insert(entry.key.to_ascii_lowercase(), entry.key_span) {
                let message =
                    format!("the header {} stands twice: case does not tell headers apart", quoted(&entry.key));
                let diagnostic = Diagnostic::error(Code::Duplicate, entry.key_span, message)
                    .label("again here")
                    .related(first, "first here");
                self.local(diagnostic, &entry.value, Mend::Remove, "goes by the first one");
            }
        }
    }

    fn header_name(&mut self, entry: &'d Entry, owner: &str, decides: &str) {
        if entry.key.eq_ignore_ascii_case("content-type") {
            let message = format!("{owner} called `Content-Type` is ignored");
            let diagnostic = Diagnostic::warning(Code::InvalidValue, entry.key_span, message).label("has no effect");
            self.push(diagnostic.help(format!("the specification says so: {decides} this header")));
        } else if !is_token(&entry.key) && !entry.key.starts_with("x-") {
            let message = format!("{} cannot be the name of a header", quoted(&entry.key));
            let diagnostic = Diagnostic::error(Code::InvalidValue, entry.key_span, message);
            self.local(diagnostic, &entry.value, Mend::Remove, "leaves it out");
        }
    }

    /// A header, whose name and place are said already.
    pub(super) fn header(&mut self, node: &'d Node, place: Place<'d>) {
        self.schema_or_content(Kind::Header, node, place);
        self.one_of_two(node, "example", "examples", "a header");
        for name in ["name", "in"] {
            let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry(name)) else { continue };
            let message = format!("a header has no `{name}`: the key that it stands under is its name");
            let diagnostic = Diagnostic::error(Code::UnknownKeyword, entry.key_span, message).help("leave it out");
            self.harmless(diagnostic, "passes over it");
        }
    }
}
