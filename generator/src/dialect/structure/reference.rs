//! References: where each leads, and whether what is there is what is needed.

use super::table::{Kind, METHODS};
use super::walk::{Place, Walk, Within};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::dialect::mend::{Mend, object, string};
use crate::source::{Entry, Missing, Node, Pointer, RefError, Reference, Span};

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

impl<'d> Walk<'d, '_> {
    /// Follows every reference; what is reached in no other way is visited now, and its references followed in turn.
    pub fn follow_references(&mut self) {
        // Popped from the end, so that what is reached is followed next; findings are sorted by place anyway.
        while let Some(found) = self.references.pop() {
            match self.document.resolve(found.text) {
                Ok(target) => self.arrive(found, target),
                Err(error) => {
                    let diagnostic = self.dangling(found, &error);
                    self.leads_nowhere(found, diagnostic);
                }
            }
        }
    }

    fn arrive(&mut self, found: Found<'d>, target: &'d Node) {
        if !found.by_mapping {
            self.edges.push((found.node, target));
            self.reference_spans.insert(found.node, (found.span, found.node));
        }
        let actual = self.kinds.get(&std::ptr::from_ref(target)).copied();
        let (what, place) = match actual {
            Some((kind, _)) if kind == found.kind => return,
            Some((kind, place)) => (kind.name(), place),
            None if target.as_mapping().is_none() => (target.kind_name(), target.span),
            None => {
                // A place that the specification knows nothing of, such as `#/definitions`: read as what is needed.
                let place =
                    Place { key: found.text, within: Within::Member, span: target.span, needed: true, depth: 0 };
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

    /// Reports a reference that does not lead to what is needed.
    pub(super) fn leads_nowhere(&mut self, found: Found<'d>, diagnostic: Diagnostic) {
        let node = found.node;
        let (mend, assumed) = match found.kind {
            _ if found.by_mapping => (Mend::Remove, "leaves this value out"),
            Kind::Schema => (Mend::Value(object(node.span, [])), "takes any JSON value there"),
            Kind::Response => {
                (Mend::Value(object(node.span, [("description", string(""))])), "takes an answer of no content there")
            }
            Kind::PathItem => (Mend::Value(object(node.span, [])), "takes a path without operations"),
            _ => (Mend::Remove, "leaves it out"),
        };
        self.local(diagnostic, node, mend, assumed);
    }

    fn dangling(&self, found: Found<'d>, error: &RefError<'d>) -> Diagnostic {
        match error {
            RefError::Malformed(why) => {
                let message = format!("{} is no reference: {why}", quoted(found.text));
                Diagnostic::error(Code::InvalidValue, found.span, message)
            }
            RefError::OtherDocument(document) => {
                let message = format!("references to other documents are not followed yet: {}", quoted(document));
                let diagnostic = Diagnostic::error(Code::Unsupported, found.span, message);
                let name = found.text.rsplit(['/', '#']).next().unwrap_or_default();
                match self.in_components(found.kind, name) {
                    Some(pointer) => diagnostic.help(format!("did you mean {}?", quoted(&pointer.to_string()))),
                    None => diagnostic.help("copy what is needed into this document"),
                }
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
            Diagnostic::error(Code::RefNotFound, found.span, format!("nothing at {}", quoted(found.text))).label(label);
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
        // A chain that is longer goes in a circle, or is nothing that anybody wrote by hand.
        for _ in 0..16 {
            let Some(reference) = node.get("$ref") else { return Some(node) };
            node = Reference::parse(reference.as_str()?).ok()?.resolve(&self.document.root).ok()?;
        }
        None
    }

    /// The operations of a path item, under their methods.
    pub(super) fn methods(item: &'d Node) -> impl Iterator<Item = &'d Entry> {
        METHODS.into_iter().filter_map(|method| item.as_mapping()?.entry(method))
    }
}

fn component_section(kind: Kind) -> Option<&'static str> {
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
