//! Reports components that no operation uses, directly or through other components.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::source::Span;
use crate::spec::{PartId, SchemaId, Spec};

/// Reports each component that is not reachable by references from outside of the components, e.g. from `paths`.
pub(super) fn components(spec: &Spec, diagnostics: &mut Diagnostics) {
    let subtypes = subtypes(spec);
    let mut visited: HashSet<PartId> = HashSet::new();
    let mut pending = spec.used_parts.clone();
    while let Some(part) = pending.pop() {
        if visited.insert(part) {
            pending.extend(&spec.parts[part].references);
            pending.extend(subtypes.get(&part).into_iter().flatten());
        }
    }
    for part in spec.parts.iter().filter(|part| !visited.contains(&part.id)) {
        let Some(component) = &part.component else { continue };
        let message = format!("{} in `{}` is not used", quoted(&component.name.value), component.section);
        let diagnostic = Diagnostic::warning(Code::UnusedComponent, component.name.span, message);
        diagnostics.push(diagnostic.label("unused"));
    }
}

/// Returns the direct subtypes of each component that has a discriminator, and of each of its direct and indirect
/// subtypes. A direct subtype of a component is a component whose `allOf` refers to it. A value of a component can be a
/// value of each of its subtypes.
fn subtypes(spec: &Spec) -> HashMap<PartId, Vec<PartId>> {
    let parts = spec.parts.iter().filter_map(|part| Some((part.component.as_ref()?.name.span, part.id)));
    let parts: HashMap<Span, PartId> = parts.collect();
    let components = || {
        let definitions = spec.definitions.iter();
        definitions.filter_map(|definition| Some((definition.schema, *parts.get(&definition.span)?)))
    };
    let by_schema: HashMap<SchemaId, PartId> = components().collect();
    let mut all: HashMap<PartId, Vec<PartId>> = HashMap::new();
    for (schema, subtype) in components() {
        for parent in parents(spec, schema) {
            if let Some(parent) = by_schema.get(&parent) {
                all.entry(*parent).or_default().push(subtype);
            }
        }
    }
    let with_discriminator = components().filter(|(schema, _)| spec.schemas[*schema].discriminator.is_some());
    let mut pending: Vec<PartId> = with_discriminator.map(|(_, part)| part).collect();
    let mut subtypes = HashMap::new();
    while let Some(part) = pending.pop() {
        if let Some(of_part) = all.remove(&part) {
            pending.extend(&of_part);
            subtypes.insert(part, of_part);
        }
    }
    subtypes
}

/// Returns the schemas that the `allOf` of a schema refers to. Since OpenAPI 3.1, a `$ref` with other keywords beside
/// it is read as an `allOf`.
fn parents(spec: &Spec, schema: SchemaId) -> Vec<SchemaId> {
    let mut parents = Vec::new();
    let mut pending = spec.schemas[schema].all_of.clone();
    while let Some(part) = pending.pop() {
        match spec.chain(part).last() {
            Some(target) if target.id != part => parents.push(target.id),
            _ => pending.extend(&spec.schemas[part].all_of),
        }
    }
    parents
}
