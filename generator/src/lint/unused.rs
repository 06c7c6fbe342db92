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

/// Returns the direct subtypes of each component that has subtypes, see [`Spec::subtypes`].
fn subtypes(spec: &Spec) -> HashMap<PartId, Vec<PartId>> {
    let parts = spec.parts.iter().filter_map(|part| Some((part.component.as_ref()?.name.span, part.id)));
    let parts: HashMap<Span, PartId> = parts.collect();
    let components = spec.definitions.iter();
    let by_schema: HashMap<SchemaId, PartId> =
        components.filter_map(|definition| Some((definition.schema, *parts.get(&definition.span)?))).collect();
    let part = |schema: &SchemaId| by_schema.get(schema).copied();
    let subtypes = spec.subtypes();
    let of_parts = subtypes
        .iter()
        .filter_map(|(schema, of_schema)| Some((part(schema)?, of_schema.iter().filter_map(part).collect())));
    of_parts.collect()
}
