//! Resolves references, and checks that their targets exist and are of the right kind.

use std::collections::{HashMap, HashSet};

use super::object::{Kind, METHODS};
use super::repair::{Repair, object, string};
use super::version::Version;
use super::walk::{Id, Place, Walk, Within};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::source::{Duplicate, Entry, Missing, Node, NotRead, Pointer, RefError, Reference, SourceId, Span};

/// The maximum number of references in a chain, in which each reference refers to the next. Longer chains are errors.
pub(crate) const MAX_REFERENCE_CHAIN: usize = 64;

/// A reference that is not resolved yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct PendingReference<'d> {
    /// The expected kind of the target.
    pub kind: Kind,
    /// The object with the `$ref`, or the string that is the reference.
    pub node: &'d Node,
    /// Whether the reference is not a `$ref`, but e.g. a value of a discriminator mapping, an `operationRef` or a
    /// `$dynamicRef`.
    pub by_mapping: bool,
    pub text: &'d str,
    pub span: Span,
    /// The node that contains the reference. The reference is relative to the schema resource of this node.
    pub at: &'d Node,
}

impl<'d> Walk<'d, '_> {
    /// Resolves all references. Visits targets that were not visited before, and resolves their references too.
    pub fn check_references(&mut self) {
        // The order does not matter, because diagnostics are sorted by location.
        while let Some(reference) = self.pending.pop() {
            self.resolve(reference);
        }
    }

    /// Reports the identifiers that more than one schema has.
    pub fn check_identifiers(&mut self) {
        let is_schema = |node: &'d Node| matches!(self.kinds.get(&std::ptr::from_ref(node)), Some((Kind::Schema, _)));
        // A YAML alias repeats a schema together with its identifier.
        let is_alias =
            |one: &Duplicate<'d>| one.first.entries().iter().any(|entry| entry.value.span == one.identifier.span);
        let duplicates = self.identifiers.duplicates().iter().copied();
        let duplicates: Vec<Duplicate<'d>> =
            duplicates.filter(|one| is_schema(one.first) && is_schema(one.second) && !is_alias(one)).collect();
        for Duplicate { identifier, first, .. } in duplicates {
            let name = quoted(identifier.as_str().unwrap_or_default());
            let message = format!("two schemas have the identifier {name}");
            let diagnostic = Diagnostic::warning(Code::Duplicate, identifier.span, message).label("duplicate");
            let diagnostic = diagnostic.related(first.span, "the first schema");
            self.push(diagnostic.help("references refer to the first schema"));
        }
    }

    fn resolve(&mut self, reference: PendingReference<'d>) {
        let PendingReference { text, span, at, .. } = reference;
        if let Some(target) = self.identifiers.find_from(text, at) {
            self.report_file(target.span.source);
            return self.check_target(reference, target);
        }
        if let Ok(source) = self.document.named(text, span.source) {
            self.report_file(source);
        }
        match self.document.resolve(text, span.source) {
            Ok(target) => self.check_target(reference, target),
            Err(error) => {
                let diagnostic = self.resolution_error(reference, &error);
                match self.through_reference(reference, &error) {
                    Some(text) => self.resolved_through(reference, diagnostic, &text),
                    None => self.unresolved(reference, diagnostic),
                }
            }
        }
    }

    /// Reports the diagnostics that were found when another file was read. Called for each file that the document
    /// refers to; ignores repeated calls.
    fn report_file(&mut self, source: SourceId) {
        if source == self.document.source() || !self.entered.insert(source) {
            return;
        }
        if let Some(found) = self.document.diagnostics_of(source) {
            let mut found = found.clone();
            if self.is_lenient() {
                found.change(|one| {
                    if one.code == Code::DuplicateKey {
                        one.assume("uses the first one");
                    }
                });
            }
            self.diagnostics.extend(found);
        }
    }

    /// Checks the kind of the target of a reference. Visits the target if it was not visited before.
    fn check_target(&mut self, reference: PendingReference<'d>, target: &'d Node) {
        let PendingReference { kind, node, by_mapping, text, span, .. } = reference;
        if !by_mapping {
            self.edges.push((node, target));
            self.targets.insert(node, target);
            self.reference_spans.insert(node, (span, node));
        }
        let is_boolean_schema = kind == Kind::Schema && self.version >= Version::V3_1 && target.as_bool().is_some();
        let actual = self.kinds.get(&std::ptr::from_ref(target)).copied();
        let (what, place) = match actual {
            Some((actual, _)) if actual == kind => return,
            Some((actual, place)) => (self.name_of(actual), place),
            None if is_boolean_schema => return,
            None if target.as_mapping().is_none() => (target.kind_name(), target.span),
            None if self.containers.contains(&std::ptr::from_ref(target)) => {
                ("a container of named objects", target.span)
            }
            None => {
                // A place that the specification does not define, such as `#/x-schemas/Pet`.
                let place = Place {
                    key: text,
                    within: Within::Property,
                    owner: None,
                    span: target.span,
                    needed: true,
                    depth: 0,
                };
                return self.object_or_ref(kind, target, place);
            }
        };
        let expected = self.name_of(kind);
        let message = format!("{} is {what}, but {expected} is needed here", quoted(text));
        let diagnostic = Diagnostic::error(Code::RefWrongKind, span, message)
            .label(format!("not {expected}"))
            .related(place, format!("this is {what}"));
        self.unresolved(reference, diagnostic);
    }

    /// Returns the intended reference if the JSON Pointer of a reference continues after a `$ref`, as if the target of
    /// that `$ref` were in its place. Many tools accept such pointers.
    fn through_reference(&self, reference: PendingReference<'d>, error: &RefError<'d>) -> Option<String> {
        let mut error = error.clone();
        for _ in 0..MAX_REFERENCE_CHAIN {
            let RefError::NotFound(missing) = &error else { return None };
            let next = missing.reached.get("$ref")?.as_str()?;
            let file = match Reference::document_of(next) {
                "" => Reference::document_of(reference.text),
                file if self.document.containing(missing.reached.span.source)
                    == self.document.containing(reference.span.source) =>
                {
                    file
                }
                _ => return None,
            };
            let begin = next.split_once('#').map_or("", |(_, pointer)| pointer);
            let rest = Pointer::from_iter(missing.pointer.tokens().iter().skip(missing.depth).cloned()).to_string();
            let text = format!("{file}#{begin}{}", rest.trim_start_matches('#'));
            match self.document.resolve(&text, reference.span.source) {
                Ok(_) => return Some(text),
                Err(next) => error = next,
            }
        }
        None
    }

    /// Reports a reference whose JSON Pointer continues after a `$ref`. `text` is the correct reference.
    fn resolved_through(&mut self, reference: PendingReference<'d>, diagnostic: Diagnostic, text: &str) {
        let node = if reference.by_mapping { Some(reference.node) } else { reference.node.get("$ref") };
        let diagnostic = diagnostic
            .label("continues after a `$ref`")
            .help(format!("a JSON Pointer cannot continue after a `$ref`: write {}", quoted(text)));
        self.repairable(
            diagnostic,
            node.unwrap_or(reference.node),
            Repair::Value(string(text)),
            "follows the intermediate `$ref`",
        );
    }

    /// Reports a reference without a usable target.
    pub(super) fn unresolved(&mut self, reference: PendingReference<'d>, diagnostic: Diagnostic) {
        let node = reference.node;
        let (repair, assumed) = match reference.kind {
            _ if reference.by_mapping => (Repair::Remove, "ignores this value"),
            Kind::Schema => (Repair::Value(object(node.span, [])), "uses a type that accepts any JSON value"),
            Kind::Response => {
                (Repair::Value(object(node.span, [("description", string(""))])), "uses a response without content")
            }
            Kind::PathItem => (Repair::Value(object(node.span, [])), "uses a path without operations"),
            _ => (Repair::Remove, "ignores this reference"),
        };
        self.repairable(diagnostic, node, repair, assumed);
    }

    fn resolution_error(&self, reference: PendingReference<'d>, error: &RefError<'d>) -> Diagnostic {
        let PendingReference { kind, text, span, at, .. } = reference;
        match error {
            RefError::NotRead(_) if self.identifiers.has_resource(text, at) => {
                Diagnostic::error(Code::RefNotFound, span, format!("{} does not exist", quoted(text)))
            }
            RefError::Malformed(_) if self.version >= Version::V3_1 && self.is_anchor(text) => {
                let message = format!("there is no schema with the anchor {}", quoted(text));
                Diagnostic::error(Code::RefNotFound, span, message)
            }
            RefError::Malformed(why) => {
                let message = format!("{} is not a valid reference: {why}", quoted(text));
                Diagnostic::error(Code::InvalidValue, span, message)
            }
            RefError::NotRead(why) => {
                let code = match why {
                    NotRead::TooLarge(_) | NotRead::TooMany(_) => Code::Limit,
                    _ => Code::RefNotRead,
                };
                let message = format!("{} {why}", quoted(Reference::document_of(text)));
                let mut diagnostic = Diagnostic::error(code, span, message).label("not read");
                let name = text.rsplit(['/', '#']).next().unwrap_or_default();
                // `Pet` alone usually refers to the component with that name.
                diagnostic.help = match self.in_components(kind, name) {
                    Some(pointer) if self.gives_help() => {
                        Some(format!("did you mean {}?", quoted(&pointer.to_string())))
                    }
                    _ => why.help().map(str::to_owned),
                };
                diagnostic
            }
            RefError::NotFound(missing) => self.not_found(reference, missing),
        }
    }

    fn is_anchor(&self, text: &str) -> bool {
        text.split_once('#').is_some_and(|(_, fragment)| super::syntax::is_anchor(fragment))
    }

    fn not_found(&self, reference: PendingReference<'d>, missing: &Missing<'d>) -> Diagnostic {
        let last = missing.depth + 1 == missing.pointer.tokens().len();
        let label = if last {
            format!("no such {}", self.definition(reference.kind).bare_name())
        } else {
            let key = missing.pointer.tokens().get(missing.depth).map_or("", String::as_str);
            let before = Pointer::from_iter(missing.pointer.tokens().iter().take(missing.depth).cloned());
            format!("{} has no {}", quoted(&before.to_string()), quoted(key))
        };
        let message = format!("{} does not exist", quoted(reference.text));
        let diagnostic = Diagnostic::error(Code::RefNotFound, reference.span, message).label(label);
        if !self.gives_help() {
            return diagnostic;
        }
        let meant = missing.suggestion().or_else(|| {
            let name = missing.pointer.tokens().last()?;
            self.in_components(reference.kind, name)
        });
        match meant {
            Some(pointer) => diagnostic.help(format!("did you mean {}?", quoted(&pointer.to_string()))),
            None => diagnostic,
        }
    }

    /// Returns the JSON Pointer to the component of this kind with this name, e.g. to suggest it for the reference
    /// `Pet` or `#/definitions/Pet`. `None` if there is no such component.
    pub(super) fn in_components(&self, kind: Kind, name: &str) -> Option<Pointer> {
        let pointer = self.section(kind)?.child(name);
        pointer.resolve(&self.document.root).is_ok().then_some(pointer)
    }

    /// Returns the components of a kind.
    pub(super) fn components(&self, kind: Kind) -> &'d [Entry] {
        let section = self.section(kind).and_then(|pointer| pointer.resolve(&self.document.root).ok());
        section.map(Node::entries).unwrap_or_default()
    }

    /// Returns the JSON Pointer to the object that contains the components of a kind.
    fn section(&self, kind: Kind) -> Option<Pointer> {
        if self.version > Version::V2_0 {
            return Some(Pointer::root().child("components").child(component_section(kind)?));
        }
        Some(Pointer::root().child(match kind {
            Kind::Schema => "definitions",
            Kind::Parameter => "parameters",
            Kind::Response => "responses",
            Kind::SecurityScheme => "securityDefinitions",
            _ => return None,
        }))
    }

    /// Returns the node, or the final target of its `$ref`. `None` if a target does not exist, or if the chain of
    /// references is too long.
    pub(super) fn resolve_node(&self, node: &'d Node) -> Option<&'d Node> {
        let mut node = node;
        for _ in 0..MAX_REFERENCE_CHAIN {
            let Some(reference) = node.get("$ref") else { return Some(node) };
            node = match self.targets.get(&std::ptr::from_ref(node)) {
                Some(target) => target,
                None => {
                    let found = self.identifiers.find(reference);
                    found.or_else(|| self.document.resolve(reference.as_str()?, node.span.source).ok())?
                }
            };
        }
        None
    }

    /// Reports the first reference that begins a chain of more than `MAX_REFERENCE_CHAIN` references. Ignores
    /// references to schemas, which `check_expanded_size` checks. The document must not have cycles.
    pub(super) fn check_chains(&mut self) {
        let schemas: HashSet<Id> = self.schemas.iter().map(|schema| std::ptr::from_ref(*schema)).collect();
        let next = |id: Id| self.targets.get(&id).map(|target| std::ptr::from_ref(*target));
        let mut lengths: HashMap<Id, usize> = HashMap::new();
        let mut first: Option<Span> = None;
        for (&start, &(span, _)) in &self.reference_spans {
            if schemas.contains(&start) {
                continue;
            }
            let mut chain = vec![start];
            let mut end = next(start);
            while let Some(id) = end.filter(|id| !lengths.contains_key(id)) {
                chain.push(id);
                end = next(id);
            }
            let mut length = end.and_then(|id| lengths.get(&id)).copied().unwrap_or_default();
            for id in chain.into_iter().rev() {
                length += 1;
                lengths.insert(id, length);
            }
            // `length` includes the last object of the chain, which is not a reference.
            if length > MAX_REFERENCE_CHAIN + 1 {
                first = Some(first.map_or(span, |first| first.min(span)));
            }
        }
        if let Some(span) = first {
            let message = format!("a chain of more than {MAX_REFERENCE_CHAIN} references starts here");
            self.push(Diagnostic::error(Code::Limit, span, message));
        }
    }

    /// Returns the operations of a path item. The key of each entry is the method.
    pub(super) fn methods(&self, item: &'d Node) -> Vec<&'d Entry> {
        let of_version: &[&str] = if self.version >= Version::V3_1 { &["query"] } else { &[] };
        let fields = METHODS.iter().chain(of_version).filter_map(|method| item.as_mapping()?.entry(method));
        let more = item.get("additionalOperations").filter(|_| self.version >= Version::V3_1);
        fields.chain(more.map(Node::entries).unwrap_or_default()).collect()
    }
}

/// Returns the name of the section of `components` for a kind of object.
pub(crate) fn component_section(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Schema => "schemas",
        Kind::Response => "responses",
        Kind::Parameter => "parameters",
        Kind::Example => "examples",
        Kind::RequestBody => "requestBodies",
        Kind::Header => "headers",
        Kind::SecurityScheme => "securitySchemes",
        Kind::Link => "links",
        Kind::Callback => "callbacks",
        Kind::PathItem => "pathItems",
        Kind::MediaType => "mediaTypes",
        _ => return None,
    })
}
