//! References: where each leads, and whether what is there is what is needed.

use super::fault::assume;
use super::table::{Kind, METHODS};
use super::walk::{Id, Place, Walk, Within};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::dialect::mend::{Mend, object, string};
use crate::source::{Entry, Missing, Node, NotRead, Pointer, RefError, Reference, SourceId, Span};

/// A chain of references that is longer goes in a circle, or is nothing that anybody wrote by hand.
pub(crate) const LONGEST_CHAIN: usize = 64;

/// A reference that was met.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'d> {
    /// What is needed there.
    pub kind: Kind,
    /// The object whose `$ref` it is, or the value of a discriminator's mapping.
    pub node: &'d Node,
    /// Whether it is the latter, or the `operationRef` of a link: no `$ref`.
    pub by_mapping: bool,
    /// Its text.
    pub text: &'d str,
    /// Where it stands.
    pub span: Span,
}

/// What counts in an object that is a reference; `x-rust-name` names what the reference stands in.
pub(in crate::dialect) const COUNTING: [&str; 2] = ["$ref", "x-rust-name"];

/// Where a reference leads.
#[derive(Debug, Clone, Copy)]
pub(in crate::dialect) struct Lead {
    /// What is needed there.
    pub kind: Kind,
    /// Whether it is the value of a discriminator's mapping, not a `$ref`.
    pub by_mapping: bool,
    /// Whether it is spelt as it is to stay: it names no file, and nothing without effect stands beside it.
    pub is_plain: bool,
    /// The node there.
    pub target: Id,
}

impl<'d> Walk<'d, '_> {
    /// Follows every reference; what is reached in no other way is visited now, and its references followed in turn.
    pub fn follow_references(&mut self) {
        // Popped from the end, so that what is reached is followed next; findings are sorted by place anyway.
        while let Some(found) = self.references.pop() {
            if let Ok(source) = self.document.named(found.text, found.span.source) {
                self.enter(source);
            }
            match self.document.resolve(found.text, found.span.source) {
                Ok(target) => self.arrive(found, target),
                Err(error) => {
                    let diagnostic = self.dangling(found, &error);
                    match self.way_through(found, &error) {
                        Some(text) => self.leads_through(found, diagnostic, &text),
                        None => self.leads_nowhere(found, diagnostic),
                    }
                }
            }
        }
    }

    /// Takes over what was found when another file was read, now that it is needed.
    fn enter(&mut self, source: SourceId) {
        if source == self.document.source() || !self.entered.insert(source) {
            return;
        }
        if let Some(found) = self.document.diagnostics_of(source) {
            let mut found = found.clone();
            if self.is_lenient() {
                found.change(|one| {
                    if one.code == Code::DuplicateKey {
                        assume(one, "uses the first one");
                    }
                });
            }
            self.diagnostics.extend(found);
        }
    }

    fn arrive(&mut self, found: Found<'d>, target: &'d Node) {
        let is_near = Reference::document_of(found.text).is_empty();
        let is_plain = is_near && found.node.entries().iter().all(|entry| COUNTING.contains(&entry.key.as_str()));
        self.leads.insert(found.node, Lead { kind: found.kind, by_mapping: found.by_mapping, is_plain, target });
        if !found.by_mapping {
            self.edges.push((found.node, target));
            self.targets.insert(found.node, target);
            self.reference_spans.insert(found.node, (found.span, found.node));
        }
        let actual = self.kinds.get(&std::ptr::from_ref(target)).copied();
        let (what, place) = match actual {
            Some((kind, _)) if kind == found.kind => return,
            Some((kind, place)) => (kind.name(), place),
            None if target.as_mapping().is_none() => (target.kind_name(), target.span),
            None if self.containers.contains(&std::ptr::from_ref(target)) => {
                ("a container of named objects", target.span)
            }
            None => {
                // A place that the specification knows nothing of, such as `#/definitions`: read as what is needed.
                let place =
                    Place { key: found.text, within: Within::Property, span: target.span, needed: true, depth: 0 };
                self.object_or_ref(found.kind, target, place);
                return;
            }
        };
        let message = format!("{} is {what}, but {} is needed here", quoted(found.text), found.kind.name());
        let diagnostic = Diagnostic::error(Code::RefWrongKind, found.span, message)
            .label(format!("not {}", found.kind.name()))
            .related(place, format!("this is {what}"));
        self.leads_nowhere(found, diagnostic);
    }

    /// The reference that is meant where a pointer comes to a `$ref` and goes on as if what that leads to stood there, as
    /// many tools do.
    fn way_through(&self, found: Found<'d>, error: &RefError<'d>) -> Option<String> {
        let mut error = error.clone();
        for _ in 0..LONGEST_CHAIN {
            let RefError::NotFound(missing) = &error else { return None };
            let reference = missing.reached.get("$ref")?.as_str()?;
            let file = match Reference::document_of(reference) {
                "" => Reference::document_of(found.text),
                file if missing.reached.span.source == found.span.source => file,
                _ => return None,
            };
            let begin = reference.split_once('#').map_or("", |(_, pointer)| pointer);
            let rest = Pointer::from_iter(missing.pointer.tokens().iter().skip(missing.depth).cloned()).to_string();
            let text = format!("{file}#{begin}{}", rest.trim_start_matches('#'));
            match self.document.resolve(&text, found.span.source) {
                Ok(_) => return Some(text),
                Err(next) => error = next,
            }
        }
        None
    }

    /// Reports a reference that leads through another one.
    fn leads_through(&mut self, found: Found<'d>, diagnostic: Diagnostic, text: &str) {
        let node = if found.by_mapping { Some(found.node) } else { found.node.get("$ref") };
        let diagnostic = diagnostic
            .label("continues after a `$ref`")
            .help(format!("a JSON Pointer cannot continue after a `$ref`: write {}", quoted(text)));
        self.local(
            diagnostic,
            node.unwrap_or(found.node),
            Mend::Value(string(text)),
            "follows the intermediate `$ref`",
        );
    }

    /// Reports a reference that does not lead to what is needed.
    pub(super) fn leads_nowhere(&mut self, found: Found<'d>, diagnostic: Diagnostic) {
        let node = found.node;
        let (mend, assumed) = match found.kind {
            _ if found.by_mapping => (Mend::Remove, "ignores this value"),
            Kind::Schema => (Mend::Value(object(node.span, [])), "accepts any JSON value"),
            Kind::Response => {
                (Mend::Value(object(node.span, [("description", string(""))])), "uses a response without content")
            }
            Kind::PathItem => (Mend::Value(object(node.span, [])), "uses a path without operations"),
            _ => (Mend::Remove, "ignores it"),
        };
        self.local(diagnostic, node, mend, assumed);
    }

    fn dangling(&self, found: Found<'d>, error: &RefError<'d>) -> Diagnostic {
        match error {
            RefError::Malformed(why) => {
                let message = format!("{} is not a valid reference: {why}", quoted(found.text));
                Diagnostic::error(Code::InvalidValue, found.span, message)
            }
            RefError::NotRead(why) => {
                let code = match why {
                    NotRead::TooLarge(_) | NotRead::TooMany(_) => Code::Limit,
                    _ => Code::RefNotRead,
                };
                let message = format!("{} {why}", quoted(Reference::document_of(found.text)));
                let mut diagnostic = Diagnostic::error(code, found.span, message).label("not read");
                let name = found.text.rsplit(['/', '#']).next().unwrap_or_default();
                // `Pet` alone is mostly meant to be the component of that name.
                diagnostic.help = match self.in_components(found.kind, name) {
                    Some(pointer) if self.helps() => Some(format!("did you mean {}?", quoted(&pointer.to_string()))),
                    _ => why.help().map(str::to_owned),
                };
                diagnostic
            }
            RefError::NotFound(missing) => self.not_found(found, missing),
        }
    }

    fn not_found(&self, found: Found<'d>, missing: &Missing<'d>) -> Diagnostic {
        let last = missing.depth + 1 == missing.pointer.tokens().len();
        let label = if last {
            format!("no such {}", found.kind.bare_name())
        } else {
            let key = missing.pointer.tokens().get(missing.depth).map_or("", String::as_str);
            let before = Pointer::from_iter(missing.pointer.tokens().iter().take(missing.depth).cloned());
            format!("{} has no {}", quoted(&before.to_string()), quoted(key))
        };
        let diagnostic =
            Diagnostic::error(Code::RefNotFound, found.span, format!("{} does not exist", quoted(found.text)))
                .label(label);
        if !self.helps() {
            return diagnostic;
        }
        let meant = missing.suggestion().or_else(|| {
            let name = missing.pointer.tokens().last()?;
            self.in_components(found.kind, name)
        });
        match meant {
            Some(pointer) => diagnostic.help(format!("did you mean {}?", quoted(&pointer.to_string()))),
            None => diagnostic,
        }
    }

    /// The component of that kind and name, for who wrote `Pet` or `#/definitions/Pet`.
    pub(super) fn in_components(&self, kind: Kind, name: &str) -> Option<Pointer> {
        let pointer = Pointer::root().child("components").child(component_section(kind)?).child(name);
        pointer.resolve(&self.document.root).is_ok().then_some(pointer)
    }

    /// What stands for a node: itself, or what its `$ref` leads to in the end; `None` where it leads nowhere.
    pub(super) fn resolved(&self, node: &'d Node) -> Option<&'d Node> {
        let mut node = node;
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = node.get("$ref") else { return Some(node) };
            node = self.document.resolve(reference.as_str()?, node.span.source).ok()?;
        }
        None
    }

    /// The operations of a path item, under their methods.
    pub(super) fn methods(item: &'d Node) -> impl Iterator<Item = &'d Entry> {
        METHODS.into_iter().filter_map(|method| item.as_mapping()?.entry(method))
    }
}

pub(in crate::dialect) fn component_section(kind: Kind) -> Option<&'static str> {
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
        _ => return None,
    })
}
