//! Which way each type travels and which group uses it first; then `readOnly` and `writeOnly` settle presence.

use crate::ir::{
    Additional, BodyContent, Group, Operation, Presence, ResponseContent, Shape, Type, TypeDef, TypeId, Usage,
};

/// Walks from the operations to every type that they reach.
pub(super) fn settle(types: &mut [TypeDef], groups: &[Group]) {
    for (home, group) in groups.iter().enumerate() {
        for operation in &group.operations {
            reach(types, sent(operation), Usage { request: true, ..Usage::default() }, home);
            reach(types, received(operation), Usage { response: true, ..Usage::default() }, home);
        }
    }
    for definition in types {
        let usage = definition.usage;
        let Shape::Object(object) = &mut definition.shape else { continue };
        for member in &mut object.members {
            // A member that travels one way only is absent on the other.
            if (member.read_only && usage.request) || (member.write_only && usage.response) {
                member.presence = match member.presence {
                    Presence::Required => Presence::Optional,
                    Presence::Nullable => Presence::OptionalNullable,
                    presence => presence,
                };
            }
        }
    }
}

fn sent(operation: &Operation) -> Vec<&Type> {
    let mut types: Vec<&Type> = operation.parameters.iter().map(|parameter| &parameter.ty).collect();
    match operation.body.as_ref().map(|body| &body.content) {
        Some(BodyContent::Json(ty) | BodyContent::Text(ty)) => types.push(ty),
        Some(BodyContent::Multipart(_) | BodyContent::Bytes) | None => {}
    }
    types
}

fn received(operation: &Operation) -> Vec<&Type> {
    let contents =
        std::iter::once(&operation.success.content).chain(operation.errors.iter().map(|error| &error.content));
    contents
        .filter_map(|content| match content {
            ResponseContent::Json(ty) | ResponseContent::Text(ty) => Some(ty),
            ResponseContent::Empty | ResponseContent::Bytes => None,
        })
        .collect()
}

fn reach(types: &mut [TypeDef], from: Vec<&Type>, usage: Usage, home: usize) {
    let mut waiting: Vec<TypeId> = Vec::new();
    for ty in from {
        named(ty, &mut waiting);
    }
    while let Some(id) = waiting.pop() {
        let Some(definition) = types.get_mut(id.0) else { continue };
        definition.home.get_or_insert(home);
        let before = definition.usage;
        definition.usage.request |= usage.request;
        definition.usage.response |= usage.response;
        if definition.usage == before {
            continue;
        }
        match &definition.shape {
            Shape::Alias(ty) | Shape::Wrapper(ty) => named(ty, &mut waiting),
            Shape::Object(object) => {
                object.members.iter().for_each(|member| named(&member.ty, &mut waiting));
                if let Additional::Kept(ty) = &object.additional {
                    named(ty, &mut waiting);
                }
            }
            Shape::Union(union) => union.variants.iter().for_each(|variant| named(&variant.ty, &mut waiting)),
            Shape::StringEnum(_) | Shape::IntegerEnum(_) => {}
        }
    }
}

/// Collects the defined types that `ty` is made of.
fn named(ty: &Type, into: &mut Vec<TypeId>) {
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => named(inner, into),
        Type::Named(id) => into.push(*id),
        _ => {}
    }
}
