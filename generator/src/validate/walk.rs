//! Visits each object of a document and compares it with the table for the document's version of OpenAPI.

use std::collections::{HashMap, HashSet};

use super::assumption::without;
use super::object::{Kind, Object, OtherFields, Shape};
use super::objects;
use super::operation::Operations;
use super::reference::PendingReference;
use super::repair::{Repair, Repairs};
use super::syntax::{is_anchor, is_email, is_media_type, is_url};
use super::version::{self, LaterUse, Version};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::source::{Document, Entry, Identifiers, Limits, Node, NodeKind, SourceId, Span};

/// The maximum number of diagnostics with a suggestion ("did you mean …?"). Later diagnostics have none, because
/// computing a suggestion takes time.
const MAX_WITH_HELP: usize = 100;

/// The identity of a node: its address. The tree is borrowed, so nodes do not move.
pub(crate) type Id = *const Node;

/// A check of one document.
pub(super) struct Walk<'d, 'o> {
    pub(super) document: &'d Document,
    pub(super) version: Version,
    pub(super) diagnostics: &'o mut Diagnostics,
    /// The kind of each visited object and `$ref`, with its location.
    pub(super) kinds: HashMap<Id, (Kind, Span)>,
    /// The references that are not resolved yet.
    pub(super) pending: Vec<PendingReference<'d>>,
    /// The edges of the graph that must not have cycles: from a `$ref` to its target, and from a schema to each item of
    /// its `allOf`.
    pub(super) edges: Vec<(Id, Id)>,
    /// Each object with a `$ref`, by its address, with the location of the reference.
    pub(super) reference_spans: HashMap<Id, (Span, &'d Node)>,
    /// The objects whose keys are names that the author chooses, such as `components/schemas`.
    pub(super) containers: HashSet<Id>,
    /// The target of each `$ref`.
    pub(super) targets: HashMap<Id, &'d Node>,
    /// All visited schemas, including `$ref`s to schemas.
    pub(super) schemas: Vec<&'d Node>,
    /// The schemas with `$id`, `$anchor` or `$dynamicAnchor`.
    pub(super) identifiers: Identifiers<'d>,
    /// The other files that references refer to and whose diagnostics were already reported.
    pub(super) entered: HashSet<SourceId>,
    pub(super) operations: Operations<'d>,
    /// The uses of constructs of later versions.
    pub(super) later: Vec<LaterUse>,
    mode: Mode,
    /// The repairs that lenient mode applies after the check.
    pub(super) repairs: Repairs,
}

/// The treatment of errors that have a local workaround.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Reports them as errors.
    Strict,
    /// Reports them as warnings that describe the workaround.
    Lenient,
}

/// The place of a value in the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'d> {
    /// The key of the value, or of the array that contains it.
    pub key: &'d str,
    pub within: Within,
    /// The kind of object whose field the value is.
    pub owner: Option<Kind>,
    /// The location for diagnostics about something that the value lacks, such as a required field.
    pub span: Span,
    /// Whether the containing object is meaningless without the value.
    pub needed: bool,
    pub depth: usize,
}

/// The relation of a value to the key in its `Place`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Document,
    Property,
    Element,
}

impl<'d> Place<'d> {
    fn property(&self, entry: &'d Entry) -> Self {
        let (key, span) = (entry.key.as_str(), entry.key_span);
        Self { key, within: Within::Property, owner: None, span, needed: false, depth: self.depth + 1 }
    }

    fn element(&self, node: &Node) -> Self {
        let span = node.span;
        Self { within: Within::Element, owner: None, span, needed: false, depth: self.depth + 1, ..*self }
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
    pub fn new(document: &'d Document, version: Version, diagnostics: &'o mut Diagnostics, mode: Mode) -> Self {
        Self {
            document,
            version,
            diagnostics,
            kinds: HashMap::new(),
            pending: Vec::new(),
            edges: Vec::new(),
            reference_spans: HashMap::new(),
            containers: HashSet::new(),
            targets: HashMap::new(),
            schemas: Vec::new(),
            identifiers: if version >= Version::V3_1 { Identifiers::of(document) } else { Identifiers::none(document) },
            entered: HashSet::new(),
            operations: Operations::default(),
            later: Vec::new(),
            mode,
            repairs: Repairs::default(),
        }
    }

    /// Runs all checks.
    pub fn run(&mut self) {
        self.document();
        self.check_object_count();
        self.check_references();
        self.check_identifiers();
        let circular = self.check_cycles();
        if !circular {
            self.check_chains();
        }
        self.check_expanded_size(circular);
        self.check_paths();
        self.check_links();
    }

    /// Visits everything that can be reached from the root without resolving references.
    fn document(&mut self) {
        let root = &self.document.root;
        let place = Place {
            key: "",
            within: Within::Document,
            owner: None,
            span: version::first_byte(root.span),
            needed: true,
            depth: 0,
        };
        self.object(Kind::OpenApi, root, place);
    }

    /// Checks that a value has this shape, and checks everything in the value.
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
            (
                Shape::Url | Shape::Email | Shape::MediaType | Shape::SchemaUri | Shape::Anchor,
                NodeKind::String(text),
            ) => {
                let is_valid = match shape {
                    Shape::Email => is_email(text),
                    Shape::MediaType => is_media_type(text),
                    Shape::SchemaUri => is_url(text) && !text.trim_end_matches('#').contains('#'),
                    Shape::Anchor => is_anchor(text),
                    _ => is_url(text),
                };
                if !is_valid {
                    self.invalid_string(shape, text, node, place);
                }
            }
            (Shape::Choice(choices) | Shape::Types(choices), NodeKind::String(text)) => {
                if !choices.contains(&text.as_str()) {
                    self.invalid_choice(choices, text, node, place);
                }
            }
            (Shape::Types(choices), NodeKind::Sequence(types)) => self.types(choices, node, types, place),
            (Shape::Object(kind), NodeKind::Mapping(_)) => self.object(*kind, node, place),
            (Shape::OrRef(kind), NodeKind::Mapping(_)) => self.object_or_ref(*kind, node, place),
            (Shape::BooleanOrSchema | Shape::SchemaOrList | Shape::SchemaOrStrings, NodeKind::Mapping(_)) => {
                self.object_or_ref(Kind::Schema, node, place);
            }
            (Shape::List(shape), NodeKind::Sequence(elements)) => self.elements(shape, elements, place),
            (Shape::Set(shape), NodeKind::Sequence(elements)) => {
                self.elements(shape, elements, place);
                self.unique(elements, place);
            }
            (Shape::SchemaOrList, NodeKind::Sequence(elements)) => {
                self.elements(&Shape::OrRef(Kind::Schema), elements, place);
            }
            (Shape::SchemaOrStrings, NodeKind::Sequence(elements)) => self.elements(&Shape::String, elements, place),
            (Shape::SchemaOrStrings, NodeKind::Bool(_)) => {}
            (Shape::Map(shape), NodeKind::Mapping(mapping)) => {
                self.containers.insert(node);
                for entry in mapping.entries() {
                    self.value(shape, &entry.value, place.property(entry));
                }
            }
            (Shape::Components(shape), NodeKind::Mapping(mapping)) => {
                self.containers.insert(node);
                for entry in mapping.entries() {
                    self.component_name(entry);
                    self.value(shape, &entry.value, place.property(entry));
                }
            }
            _ => self.wrong_type(shape, node, place),
        }
    }

    fn elements(&mut self, shape: &Shape, elements: &'d [Node], place: Place<'d>) {
        for element in elements {
            self.value(shape, element, place.element(element));
        }
    }

    /// Checks an array of types, which must not be empty or contain duplicates.
    fn types(&mut self, choices: &'static [&'static str], node: &'d Node, types: &'d [Node], place: Place<'d>) {
        if types.is_empty() {
            let diagnostic = Diagnostic::error(Code::InvalidValue, node.span, "`type` is empty: no value is valid");
            return self.repairable(diagnostic, node, Repair::Remove, "ignores it");
        }
        self.elements(&Shape::Choice(choices), types, place);
        self.unique(types, place);
    }

    /// Reports duplicate items of an array.
    fn unique(&mut self, elements: &'d [Node], place: Place<'d>) {
        let mut known: HashMap<String, Span> = HashMap::new();
        for element in elements {
            let text = element.to_json_text();
            match known.get(&text) {
                None => {
                    known.insert(text, element.span);
                }
                Some(first) => {
                    let value = element.as_str().map_or_else(|| quoted(&text), quoted);
                    let message = format!("{value} is listed twice in {}", quoted(place.key));
                    let diagnostic = Diagnostic::error(Code::Duplicate, element.span, message)
                        .label("duplicate")
                        .related(*first, "first definition");
                    self.repairable(diagnostic, element, Repair::Remove, "ignores it");
                }
            }
        }
    }

    /// Checks an object where a `$ref` is allowed.
    pub fn object_or_ref(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        let Some(reference) = node.as_mapping().and_then(|mapping| mapping.entry("$ref")) else {
            return self.object(kind, node, place);
        };
        // A `$ref` is a keyword like any other since JSON Schema 2019-09.
        if kind == Kind::Schema && self.version >= Version::V3_1 {
            return self.object(kind, node, place);
        }
        self.kinds.insert(node, (kind, place.span));
        match kind {
            Kind::Schema => self.schemas.push(node),
            Kind::MediaType => self.later("a `$ref` to a media type", reference.key_span),
            _ => {}
        }
        if let Some(name) = node.as_mapping().and_then(|mapping| mapping.entry("x-rust-name")) {
            // `x-rust-name` names the field or type that contains the reference.
            self.extension(node, kind, name, place.property(name));
        }
        self.reference(kind, node, reference);
        self.siblings(kind, node, place);
    }

    /// Checks the fields next to a `$ref`, and reports those that have no effect.
    fn siblings(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        let is_allowed = |name: &str| {
            self.version >= Version::V3_1
                && matches!(name, "summary" | "description")
                && self.definition(kind).field(name).is_some()
        };
        let siblings: Vec<_> = node.entries().iter().filter(|entry| entry.key != "$ref").collect();
        let (allowed, ignored): (Vec<_>, Vec<_>) = siblings.into_iter().partition(|entry| is_allowed(&entry.key));
        for entry in allowed {
            self.value(&Shape::String, &entry.value, place.property(entry));
        }
        if let Some(first) = ignored.first() {
            let names: Vec<_> = ignored.iter().take(5).map(|entry| quoted(&entry.key)).collect();
            let and_more = if ignored.len() > names.len() { " and more" } else { "" };
            let verb = if names.len() == 1 { "has" } else { "have" };
            let message = format!("{}{and_more} next to a `$ref` {verb} no effect", names.join(", "));
            let help = if kind == Kind::Schema {
                "move the `$ref` into an `allOf` as its only item, and keep the other keywords next to the `allOf`"
            } else {
                "move it to the target of the `$ref`"
            };
            self.push(Diagnostic::warning(Code::RefSiblings, first.key_span, message).help(help));
        }
    }

    pub(super) fn reference(&mut self, kind: Kind, node: &'d Node, entry: &'d Entry) {
        let span = entry.value.span;
        let text = entry.value.as_str();
        let at = &entry.value;
        let reference = PendingReference { kind, node, by_mapping: false, text: text.unwrap_or_default(), span, at };
        if text.is_some() {
            self.pending.push(reference);
        } else {
            let message = format!("`$ref` is {}, but must be a string", entry.value.kind_name());
            self.unresolved(reference, Diagnostic::error(Code::WrongType, span, message));
        }
    }

    /// Checks an object of a known kind that is not a reference.
    pub fn object(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        self.kinds.insert(node, (kind, place.span));
        let definition = self.definition(kind);
        for entry in node.entries() {
            match definition.field(&entry.key) {
                Some(field) => {
                    if field.since.is_some_and(|since| since > self.version) {
                        self.later(format!("`{}`", field.name), entry.key_span);
                    }
                    let needed = field.required && without(self.version, kind, field.name, node.span).is_none();
                    let inner = Place { needed, owner: Some(kind), ..place.property(entry) };
                    self.value(&field.shape, &entry.value, inner);
                }
                None => self.other_field(kind, node, entry, place),
            }
        }
        for field in definition.fields.iter().filter(|field| field.required && node.get(field.name).is_none()) {
            self.missing(kind, node, field.name, place);
        }
        self.together(kind, node, place);
    }

    /// Checks the fields of an object that depend on each other.
    fn together(&mut self, kind: Kind, node: &'d Node, place: Place<'d>) {
        match kind {
            Kind::OpenApi => self.root(node, place),
            Kind::License => self.license(node),
            Kind::PathItem => self.path_item(node),
            Kind::Operation => self.operation(node),
            Kind::Parameter if self.version == Version::V2_0 => self.parameter_v2(node, place),
            Kind::Header | Kind::Items if self.version == Version::V2_0 => self.typed_value_v2(kind, node, place),
            Kind::Parameter => self.parameter(node, place),
            Kind::Header => self.header(node, place),
            Kind::RequestBody => self.content(node),
            Kind::MediaType => self.media_type(node, place),
            Kind::Encoding => self.encoding(node),
            Kind::Example => self.example(node),
            Kind::Responses => self.responses(node, place),
            Kind::Response => self.response_object(node, place),
            Kind::Schema => self.schema(node, place),
            Kind::SecurityScheme => self.security_scheme(node, place),
            Kind::Pagination => self.pagination(node, place),
            Kind::Server => self.server(node),
            Kind::ServerVariable => self.server_variable(node, place),
            Kind::Link => self.link(node, place),
            _ => {}
        }
    }

    fn other_field(&mut self, kind: Kind, node: &'d Node, entry: &'d Entry, place: Place<'d>) {
        let inner = Place { owner: Some(kind), ..place.property(entry) };
        let extension = entry.key.starts_with("x-");
        match self.definition(kind).others {
            OtherFields::Requirements => self.security_requirement(node, entry, inner),
            OtherFields::Nothing => self.unknown(kind, entry),
            _ if extension => self.extension(node, kind, entry, inner),
            // Without this case, `$ref` would be taken for a path, a status code or an expression.
            _ if entry.key == "$ref" => self.unknown(kind, entry),
            OtherFields::Extensions => self.unknown(kind, entry),
            OtherFields::Paths => self.path(entry, inner),
            OtherFields::Responses => self.response(entry, inner),
            OtherFields::Callbacks => self.value(&Shape::Object(Kind::PathItem), &entry.value, inner),
        }
    }

    /// Records a use of a construct of OpenAPI 3.2, if the document declares OpenAPI 3.1.
    pub(super) fn later(&mut self, what: impl Into<String>, span: Span) {
        if self.version == Version::V3_1 {
            self.later.push(LaterUse { what: what.into(), span });
        }
    }

    /// Returns the definition of a kind of object in the version of the document.
    pub(super) fn definition(&self, kind: Kind) -> &'static Object {
        objects::of(self.version, kind)
    }

    /// Returns the name of a kind of object in the version of the document, with its article.
    pub(super) fn name_of(&self, kind: Kind) -> &'static str {
        self.definition(kind).name
    }

    /// Reports an error that has a workaround. In lenient mode, reports a warning that describes the workaround
    /// (`assumed`) instead, and repairs the node.
    pub(super) fn repairable(&mut self, diagnostic: Diagnostic, node: &Node, repair: Repair, assumed: &str) {
        self.repair(node, repair);
        self.ignorable(diagnostic, assumed);
    }

    /// Repairs a node in lenient mode.
    pub(super) fn repair(&mut self, node: &Node, repair: Repair) {
        if self.is_lenient() {
            self.repairs.add(node, repair);
        }
    }

    /// Reports an error that lenient mode turns into a warning without repairing the document.
    pub(super) fn ignorable(&mut self, mut diagnostic: Diagnostic, assumed: &str) {
        if self.is_lenient() {
            diagnostic.assume(assumed);
        }
        self.push(diagnostic);
    }

    pub(super) fn is_lenient(&self) -> bool {
        self.mode == Mode::Lenient
    }

    /// Returns whether suggestions are still computed (see `MAX_WITH_HELP`).
    pub(super) fn gives_help(&self) -> bool {
        self.diagnostics.len() < MAX_WITH_HELP
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
