//! The walk over a document by the table: each member against its shape.

use std::collections::{HashMap, HashSet};

use super::advice::without;
use super::fault::assume;
use super::operation::Operations;
use super::reference::{Found, Lead};
use super::table::{Kind, Others, Shape};
use super::text::{is_email, is_url};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::dialect::mend::{Mend, Mends};
use crate::source::{Document, Entry, Limits, Node, NodeKind, SourceId, Span};

/// Beyond so many findings no more help is looked for: a did-you-mean takes time, and nobody reads it.
const HELPED: usize = 100;

/// A node's identity: its address. The tree is borrowed and does not move meanwhile.
pub(in crate::dialect) type Id = *const Node;

/// One run over one document.
pub(super) struct Walk<'d, 'o> {
    pub(super) document: &'d Document,
    pub(super) diagnostics: &'o mut Diagnostics,
    /// What each object is that has been visited, and each `$ref` to one; and where it is introduced.
    pub(super) kinds: HashMap<Id, (Kind, Span)>,
    /// The references that are still to be followed.
    pub(super) references: Vec<Found<'d>>,
    /// From what must not contain itself to what it contains: from a `$ref` to its target, from a schema to its `allOf`.
    pub(super) edges: Vec<(Id, Id)>,
    /// Each reference, and where its `$ref` stands.
    pub(super) reference_spans: HashMap<Id, (Span, &'d Node)>,
    /// What holds objects by name or in a list: no object of its own.
    pub(super) containers: HashSet<Id>,
    /// Each reference, and where it leads.
    pub(super) targets: HashMap<Id, &'d Node>,
    /// The schemas, those included that are references.
    pub(super) schemas: Vec<&'d Node>,
    /// Where each reference leads that leads somewhere.
    pub(super) leads: HashMap<Id, Lead>,
    /// The other files that a reference has led into.
    pub(super) entered: HashSet<SourceId>,
    pub(super) operations: Operations<'d>,
    strictness: Strictness,
    /// What is assumed in the place of faults, where the check is lenient.
    pub(super) mends: Mends,
}

/// What becomes of a fault that stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// It is an error.
    Strict,
    /// It is a warning that says what is assumed in its place.
    Lenient,
}

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'d> {
    /// The key that it stands under, itself or the array that it is in.
    pub key: &'d str,
    pub within: Within,
    /// What to underline where the value lacks something.
    pub span: Span,
    /// Whether what it stands in means nothing without it.
    pub needed: bool,
    pub depth: usize,
}

/// How a value belongs to its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Document,
    Property,
    Element,
}

impl<'d> Place<'d> {
    fn member(&self, entry: &'d Entry) -> Self {
        let (key, span) = (entry.key.as_str(), entry.key_span);
        Self { key, within: Within::Property, span, needed: false, depth: self.depth + 1 }
    }

    fn element(&self, node: &Node) -> Self {
        Self { key: self.key, within: Within::Element, span: node.span, needed: false, depth: self.depth + 1 }
    }

    pub(super) fn shown(&self) -> String {
        match self.within {
            Within::Document => "the document".to_owned(),
            Within::Property => quoted(self.key),
            Within::Element => format!("an item of {}", quoted(self.key)),
        }
    }
}

impl<'d, 'o> Walk<'d, 'o> {
    pub fn new(document: &'d Document, diagnostics: &'o mut Diagnostics, strictness: Strictness) -> Self {
        Self {
            document,
            diagnostics,
            kinds: HashMap::new(),
            references: Vec::new(),
            edges: Vec::new(),
            reference_spans: HashMap::new(),
            containers: HashSet::new(),
            targets: HashMap::new(),
            schemas: Vec::new(),
            leads: HashMap::new(),
            entered: HashSet::new(),
            operations: Operations::default(),
            strictness,
            mends: Mends::default(),
        }
    }

    /// All of the check.
    pub fn run(&mut self) {
        self.document();
        self.check_amount();
        self.follow_references();
        let circular = self.find_cycles();
        self.weigh(circular);
        self.paths();
        self.links();
    }

    /// Reports a fault that stays where it is; a lenient check says what it assumes in its place, and mends the node.
    pub(super) fn local(&mut self, diagnostic: Diagnostic, node: &Node, mend: Mend, assumed: &str) {
        self.mend(node, mend);
        self.harmless(diagnostic, assumed);
    }

    /// Mends a node where the check is lenient.
    pub(super) fn mend(&mut self, node: &Node, mend: Mend) {
        if self.is_lenient() {
            self.mends.add(node, mend);
        }
    }

    /// Reports a fault that a lenient check may pass over as it is.
    pub(super) fn harmless(&mut self, mut diagnostic: Diagnostic, assumed: &str) {
        if self.is_lenient() {
            assume(&mut diagnostic, assumed);
        }
        self.push(diagnostic);
    }

    pub(super) fn is_lenient(&self) -> bool {
        self.strictness == Strictness::Lenient
    }

    /// Visits everything that can be reached from the root without following references.
    pub fn document(&mut self) {
        let root = &self.document.root;
        let beginning = Span { end: root.span.end.min(root.span.start + 1), ..root.span };
        let place = Place { key: "", within: Within::Document, span: beginning, needed: true, depth: 0 };
        self.object(Kind::OpenApi, root, place);
    }

    /// Checks a value against its shape; what it contains too.
    pub fn value(&mut self, shape: &Shape, node: &'d Node, place: Place<'d>) {
        if place.depth > Limits::MAX_DEPTH {
            let message = format!("values are nested more than {} levels deep", Limits::MAX_DEPTH);
            self.push(Diagnostic::error(Code::Limit, node.span, message));
            return;
        }
        match (shape, &node.kind) {
            (Shape::Any, _)
            | (Shape::String, NodeKind::String(_))
            | (Shape::Boolean | Shape::BooleanOrSchema, NodeKind::Bool(_))
            | (Shape::Number, NodeKind::Number(_)) => {}
            (Shape::Count, NodeKind::Number(number)) => {
                if !number.is_integer() || number.text.starts_with('-') {
                    self.wrong_type(shape, node, place);
                }
            }
            (Shape::Positive, NodeKind::Number(number)) => {
                if number.text.parse::<f64>().is_ok_and(|number| number <= 0.0) {
                    self.wrong_type(shape, node, place);
                }
            }
            (Shape::Url, NodeKind::String(text)) => {
                if !is_url(text) {
                    self.no_text(shape, text, node, place);
                }
            }
            (Shape::Email, NodeKind::String(text)) => {
                if !is_email(text) {
                    self.no_text(shape, text, node, place);
                }
            }
            (Shape::Choice(choices), NodeKind::String(text)) => {
                if !choices.contains(&text.as_str()) {
                    self.no_choice(choices, text, node, place);
                }
            }
            (Shape::Object(kind), NodeKind::Mapping(_)) => self.object(*kind, node, place),
            (Shape::OrRef(kind), NodeKind::Mapping(_)) => self.object_or_ref(*kind, node, place),
            (Shape::BooleanOrSchema, NodeKind::Mapping(_)) => self.object_or_ref(Kind::Schema, node, place),
            (Shape::List(shape), NodeKind::Sequence(elements)) => {
                for element in elements {
                    self.value(shape, element, place.element(element));
                }
            }
            (Shape::Map(shape), NodeKind::Mapping(mapping)) => {
                self.containers.insert(node);
                for entry in mapping.entries() {
                    self.value(shape, &entry.value, place.member(entry));
                }
            }
            (Shape::Components(shape), NodeKind::Mapping(mapping)) => {
                self.containers.insert(node);
                for entry in mapping.entries() {
                    self.component_name(entry);
                    self.value(shape, &entry.value, place.member(entry));
                }
            }
            _ => self.wrong_type(shape, node, place),
        }
    }

    /// Checks an object where a `$ref` may stand for it.
    pub fn object_or_ref(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        let Some(reference) = node.as_mapping().and_then(|mapping| mapping.entry("$ref")) else {
            return self.object(kind, node, place);
        };
        self.kinds.insert(node, (kind, place.span));
        if kind == Kind::Schema {
            self.schemas.push(node);
        }
        if let Some(name) = node.as_mapping().and_then(|mapping| mapping.entry("x-rust-name")) {
            // It names what the reference stands in, and so has an effect.
            self.extension(node, kind, name, place.member(name));
        }
        self.reference(kind, node, reference);
        let siblings: Vec<_> = node.entries().iter().filter(|entry| entry.key != "$ref").collect();
        if let Some(first) = siblings.first() {
            let names: Vec<_> = siblings.iter().take(5).map(|entry| quoted(&entry.key)).collect();
            let and_more = if siblings.len() > names.len() { " and more" } else { "" };
            let verb = if names.len() == 1 { "has" } else { "have" };
            let message = format!("{}{and_more} next to a `$ref` {verb} no effect", names.join(", "));
            let help = if kind == Kind::Schema {
                "write `allOf` with the `$ref` as its only item, and keep this next to `allOf`"
            } else {
                "move it to the target of the `$ref`"
            };
            self.push(Diagnostic::warning(Code::RefSiblings, first.key_span, message).help(help));
        }
    }

    pub(super) fn reference(&mut self, kind: Kind, node: &'d Node, entry: &'d Entry) {
        match entry.value.as_str() {
            Some(text) => self.references.push(Found { kind, node, by_mapping: false, text, span: entry.value.span }),
            None => {
                let span = entry.value.span;
                let message = format!("`$ref` is {}, but must be a string", entry.value.kind_name());
                let found = Found { kind, node, by_mapping: false, text: "", span };
                self.leads_nowhere(found, Diagnostic::error(Code::WrongType, span, message));
            }
        }
    }

    /// Checks an object of a known kind, that stands there itself.
    pub fn object(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        self.kinds.insert(node, (kind, place.span));
        let object = kind.object();
        for entry in node.entries() {
            match object.field(&entry.key) {
                Some(field) => {
                    let needed = field.required && without(kind, field.name, node.span).is_none();
                    let inner = Place { needed, ..place.member(entry) };
                    self.value(&field.shape, &entry.value, inner);
                }
                None => self.other(kind, node, entry, place),
            }
        }
        for field in object.fields.iter().filter(|field| field.required && node.get(field.name).is_none()) {
            self.missing(kind, node, field.name, place);
        }
        match kind {
            Kind::OpenApi => self.tags(node),
            Kind::PathItem => self.path_item(node),
            Kind::Operation => self.operation(node),
            Kind::Parameter => self.parameter(node, place),
            Kind::Header => self.header(node, place),
            Kind::RequestBody => self.content(node),
            Kind::MediaType => self.media_type(node, place),
            Kind::Encoding => self.encoding(node),
            Kind::Example => self.example(node),
            Kind::Responses => self.responses(node, place),
            Kind::Response => self.response_object(node),
            Kind::Schema => self.schema(node, place),
            Kind::SecurityScheme => self.security_scheme(node, place),
            Kind::Pagination => self.pagination(node, place),
            Kind::Server => self.server(node),
            Kind::ServerVariable => self.server_variable(node, place),
            Kind::Link => self.link(node, place),
            _ => {}
        }
    }

    fn other(&mut self, kind: Kind, node: &'d Node, entry: &'d Entry, place: Place<'d>) {
        let object = kind.object();
        let inner = place.member(entry);
        let extension = entry.key.starts_with("x-");
        match object.others {
            Others::Requirements => self.security_requirement(node, entry, inner),
            Others::Nothing => self.unknown(kind, entry),
            _ if extension => self.extension(node, kind, entry, inner),
            // Among members of any name it would be taken for one of them.
            _ if entry.key == "$ref" => self.unknown(kind, entry),
            Others::Extensions => self.unknown(kind, entry),
            Others::Paths => self.path(entry, inner),
            Others::Responses => self.response(entry, inner),
            Others::Callbacks => self.value(&Shape::Object(Kind::PathItem), &entry.value, inner),
        }
    }

    /// Whether the document was written in OpenAPI 3.1 or later, which forbids some things that 3.0 allows.
    pub(super) fn is_of_3_1(&self) -> bool {
        let version = self.document.root.get("openapi").and_then(Node::as_str).unwrap_or_default();
        version.starts_with("3.") && !version.starts_with("3.0")
    }

    /// Whether it is worth while to look for help.
    pub(super) fn helps(&self) -> bool {
        self.diagnostics.len() < HELPED
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
