//! Unions whose variants only a trial tells apart.
//!
//! This rule needs types, which are known once the document is lowered; so it reads the intermediate representation.

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::ir::{Api, JsonKind, Test, TypeDef, TypeKind, Variant};

/// Notes each union that needs trials.
pub(crate) fn unions(api: &Api, found: &mut Diagnostics) {
    for definition in &api.types {
        let TypeKind::Union(union) = &definition.kind else { continue };
        let tried: Vec<&Variant> = union.variants.iter().filter(|variant| !tried_kinds(variant).is_empty()).collect();
        let pairs = tried.iter().enumerate().flat_map(|(index, first)| {
            let behind = tried.get(index + 1..).unwrap_or_default();
            behind.iter().map(move |second| (*first, *second))
        });
        let Some((first, second)) = pairs.into_iter().find(|(first, second)| overlap(&api.types, first, second)) else {
            continue;
        };
        let message = "nothing tells the variants of this union apart but trying them";
        let diagnostic = Diagnostic::note(Code::UnionTrial, definition.span, message)
            .related(first.span, "a value of this variant may be one of the other too")
            .related(second.span, "the other variant")
            .help(
                "add a `discriminator`, or give each object a required property whose `enum` is a value that no other \
                 variant has",
            );
        found.push(diagnostic);
    }
}

/// The JSON types of which values are tried for a variant, and that can be large: to try a string or number costs nothing.
fn tried_kinds(variant: &Variant) -> &[JsonKind] {
    match &variant.test {
        Test::Trial(kinds) if kinds.iter().any(|kind| matches!(kind, JsonKind::Object | JsonKind::Array)) => kinds,
        _ => &[],
    }
}

/// Whether a value may have to be tried for both variants: no property that both require tells them apart by its type.
fn overlap(types: &[TypeDef], first: &Variant, second: &Variant) -> bool {
    let shared = tried_kinds(first).iter().filter(|kind| tried_kinds(second).contains(kind));
    if !shared.into_iter().any(|kind| matches!(kind, JsonKind::Object | JsonKind::Array)) {
        return false;
    }
    let (Some(first), Some(second)) = (first.ty.object(types), second.ty.object(types)) else { return true };
    !first.properties.iter().filter(|member| member.is_required(types)).any(|member| {
        let other = second.properties.iter().find(|other| other.name == member.name && other.is_required(types));
        let kinds = other.and_then(|other| Some((member.ty.json_kinds(types)?, other.ty.json_kinds(types)?)));
        kinds.is_some_and(|(own, other)| own.iter().all(|kind| !other.contains(kind)))
    })
}
