//! Reports unions whose variants can only be distinguished by trying each of them.
//!
//! Unlike the other rules, this rule checks the intermediate representation, because it needs the types of variants.

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::ir::{Api, JsonKind, Test, TypeDef, TypeKind, Variant};

/// Reports each union for which deserialization must try two variants to find the one that a value matches.
pub(crate) fn unions(api: &Api, diagnostics: &mut Diagnostics) {
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
        let message = "the variants of this union can only be distinguished by trying each of them";
        let diagnostic = Diagnostic::note(Code::UnionTrial, definition.span, message)
            .related(first.span, "a value of this variant can match the other variant")
            .related(second.span, "the other variant")
            .help("add a `discriminator`, or give each object a required property whose `enum` has a unique value");
        diagnostics.push(diagnostic);
    }
}

/// Returns the JSON types of the values that deserialization tries to read as this variant. Returns an empty slice if
/// the types include neither `object` nor `array`, because trying a scalar is cheap.
fn tried_kinds(variant: &Variant) -> &[JsonKind] {
    match &variant.test {
        Test::Trial(kinds) if kinds.iter().any(|kind| matches!(kind, JsonKind::Object | JsonKind::Array)) => kinds,
        _ => &[],
    }
}

/// Returns whether deserialization may have to try both variants for the same value. Two objects need no trial if a
/// property that both require has different JSON types.
fn overlap(types: &[TypeDef], first: &Variant, second: &Variant) -> bool {
    let shared = tried_kinds(first).iter().filter(|kind| tried_kinds(second).contains(kind));
    if !shared.into_iter().any(|kind| matches!(kind, JsonKind::Object | JsonKind::Array)) {
        return false;
    }
    let (Some(first), Some(second)) = (first.ty.object(types), second.ty.object(types)) else { return true };
    !first.properties.iter().filter(|property| property.is_required(types)).any(|property| {
        let other = second.properties.iter().find(|other| other.name == property.name && other.is_required(types));
        let kinds = other.and_then(|other| Some((property.ty.json_kinds(types)?, other.ty.json_kinds(types)?)));
        kinds.is_some_and(|(own, other)| own.iter().all(|kind| !other.contains(kind)))
    })
}
