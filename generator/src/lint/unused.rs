//! Reports components that no operation uses.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::source::Span;
use crate::spec::{PartId, SchemaId, Spec};

/// Reports each component that cannot be reached from the rest of a document.
pub(super) fn components(spec: &Spec, diagnostics: &mut Diagnostics) {
    let mut reach = Reach { spec, seen: HashSet::new(), waiting: spec.used_parts.clone() };
    reach.follow();
    reach.subtypes();
    for part in spec.parts.iter().filter(|part| !reach.seen.contains(&part.id)) {
        let Some(component) = &part.component else { continue };
        let message = format!("{} in `{}` is not used", quoted(&component.name.value), component.section);
        let diagnostic = Diagnostic::warning(Code::UnusedComponent, component.name.span, message);
        diagnostics.push(diagnostic.label("unused"));
    }
}

struct Reach<'s> {
    spec: &'s Spec,
    seen: HashSet<PartId>,
    waiting: Vec<PartId>,
}

impl Reach<'_> {
    fn follow(&mut self) {
        while let Some(part) = self.waiting.pop() {
            if self.seen.insert(part) {
                self.waiting.extend(&self.spec.parts[part].references);
            }
        }
    }

    /// Marks subtypes as used: schemas whose `allOf` includes a used schema with a discriminator.
    fn subtypes(&mut self) {
        let mut subtypes = self.inheriting();
        loop {
            let before = subtypes.len();
            subtypes.retain(|(parent, subtype)| {
                let is_used = self.seen.contains(parent);
                if is_used {
                    self.waiting.push(*subtype);
                }
                !is_used
            });
            if subtypes.len() == before {
                break;
            }
            self.follow();
        }
    }

    /// Returns each component whose `allOf` includes a component with a discriminator, after that component.
    fn inheriting(&self) -> Vec<(PartId, PartId)> {
        let spec = self.spec;
        let parts = spec.parts.iter().filter_map(|part| Some((part.component.as_ref()?.name.span, part.id)));
        let parts: HashMap<Span, PartId> = parts.collect();
        let definitions = spec.definitions.iter();
        let components = definitions.filter_map(|definition| Some((definition.schema, *parts.get(&definition.span)?)));
        let components: HashMap<SchemaId, PartId> = components.collect();
        let mut inheriting = Vec::new();
        for definition in &spec.definitions {
            let Some(subtype) = components.get(&definition.schema) else { continue };
            for part in &spec.schemas[definition.schema].all_of {
                let Some(parent) = spec.chain(*part).skip(1).last().filter(|parent| parent.discriminator.is_some())
                else {
                    continue;
                };
                inheriting.extend(components.get(&parent.id).map(|parent| (*parent, *subtype)));
            }
        }
        inheriting
    }
}
