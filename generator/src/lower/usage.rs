//! Determines whether types are used in requests or responses, and which operation uses them first, or whether a webhook
//! does. Applies `readOnly` and `writeOnly`.

use std::collections::HashSet;

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::ir::{
    Additional, Api, BodyContent, Group, Home, Operation, Presence, Representation, SuccessContent, Type, TypeDef,
    TypeId, TypeKind, Usage, Webhook, Webhooks,
};

/// Sets the usage of all types that operations and webhooks use, and the presence of read-only and write-only
/// properties.
pub(super) fn determine(types: &mut [TypeDef], groups: &[Group], webhooks: &Webhooks) {
    let response = Usage { response: true, ..Usage::default() };
    for (position, group) in groups.iter().enumerate() {
        for (index, operation) in group.operations.iter().enumerate() {
            let home = Home::Operation { group: position, operation: index };
            reach(types, sent(operation, |_| true), Usage { request: true, ..Usage::default() }, home);
            reach(types, received(operation), response, home);
        }
    }
    for webhook in &webhooks.list {
        // Payloads of webhooks are received, like responses.
        reach(types, received_by(webhook), response, Home::Webhooks);
    }
    leave_out_forms(types);
    for definition in types {
        let usage = definition.usage;
        let TypeKind::Object(object) = &mut definition.kind else { continue };
        for property in &mut object.properties {
            // A read-only property is absent in requests, a write-only property in responses.
            if (property.read_only && usage.request) || (property.write_only && usage.response) {
                property.presence = match property.presence {
                    Presence::Required => Presence::Optional,
                    Presence::Nullable => Presence::OptionalNullable,
                    presence => presence,
                };
            }
        }
    }
}

/// Leaves out the types that neither operations nor webhooks use, and reports the number of their schemas. A document
/// without operations and webhooks keeps all types.
pub fn leave_out_unused(api: &mut Api, diagnostics: &mut Diagnostics) {
    if api.groups.iter().all(|group| group.operations.is_empty()) && api.webhooks.list.is_empty() {
        return;
    }
    let mut components = Vec::new();
    for definition in api.types.iter_mut().filter(|definition| definition.home.is_none() && !definition.is_left_out) {
        definition.is_left_out = true;
        if definition.origin.component().is_some() {
            components.push(definition.span);
        }
    }
    let Some(first) = components.iter().copied().min_by_key(|span| (span.source, span.start)) else { return };
    let message = match components.len() {
        1 => "no type is generated for this schema, because no operation uses it".to_owned(),
        count => {
            format!("no types are generated for {count} schemas that no operation uses; this is the first of them")
        }
    };
    let help = "to generate them, pass `--unused-schemas`, or set `unused-schemas = true` in `clients.toml`";
    diagnostics.push(Diagnostic::note(Code::UnusedComponent, first, message).help(help));
}

/// Returns the types that an operation sends: the types of its parameters, and of the bodies that `is_meant` selects.
pub(super) fn sent(operation: &Operation, is_meant: impl Fn(&Representation<BodyContent>) -> bool) -> Vec<&Type> {
    let mut types: Vec<&Type> = operation.parameters.iter().map(|parameter| &parameter.ty).collect();
    let bodies = operation.body.iter().flat_map(|body| &body.representations);
    for representation in bodies.filter(|representation| is_meant(representation)) {
        match &representation.content {
            BodyContent::Multipart(form) => types.extend(form.parts.iter().filter_map(|part| part.content.value())),
            content => types.extend(content.value()),
        }
    }
    types
}

/// Returns the types that an operation receives.
pub(super) fn received(operation: &Operation) -> Vec<&Type> {
    let success = &operation.success;
    let mut contents = match &success.content {
        SuccessContent::One { content, .. } => content.types(),
        SuccessContent::Several(variants) => variants.iter().flat_map(|variant| variant.content.types()).collect(),
    };
    contents.extend(success.stream.iter().flat_map(|stream| stream.items.types()));
    let errors = operation.errors.iter().flat_map(|error| &error.representations);
    contents.extend(errors.flat_map(|representation| representation.content.types()));
    let mut types: Vec<&Type> = contents.into_iter().map(|(_, ty)| ty).collect();
    types.extend(operation.headers().into_iter().map(|header| &header.ty));
    types
}

/// Returns the types that an operation sends or receives.
pub(crate) fn used(operation: &Operation) -> Vec<&Type> {
    let mut types = sent(operation, |_| true);
    types.extend(received(operation));
    types
}

/// Returns the named types among `from`, and those that they use directly or through other types.
pub(crate) fn reachable<'a>(types: &[TypeDef], from: impl IntoIterator<Item = &'a Type>) -> HashSet<TypeId> {
    let mut waiting = Vec::new();
    for ty in from {
        named(ty, &mut waiting);
    }
    let mut reached = HashSet::new();
    while let Some(id) = waiting.pop() {
        if let Some(definition) = types.get(id.0).filter(|_| reached.insert(id)) {
            inner(&definition.kind, &mut waiting);
        }
    }
    reached
}

/// Returns the types of the payload and of the headers of a webhook.
pub(crate) fn received_by(webhook: &Webhook) -> Vec<&Type> {
    webhook.payload.content.value().into_iter().chain(webhook.headers.iter().map(|header| &header.ty)).collect()
}

/// Leaves out the types of forms, except for those that other generated types use: callers pass the parts of a form
/// separately.
fn leave_out_forms(types: &mut [TypeDef]) {
    let is_kept = |usage: Usage| !usage.form || usage.request || usage.response;
    let mut waiting = Vec::new();
    for definition in types.iter().filter(|definition| is_kept(definition.usage)) {
        inner(&definition.kind, &mut waiting);
    }
    while let Some(id) = waiting.pop() {
        let Some(definition) = types.get_mut(id.0).filter(|definition| !is_kept(definition.usage)) else { continue };
        definition.usage.form = false;
        inner(&definition.kind, &mut waiting);
    }
    for definition in types {
        definition.is_left_out = !is_kept(definition.usage);
    }
}

fn reach(types: &mut [TypeDef], from: Vec<&Type>, usage: Usage, home: Home) {
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
        inner(&definition.kind, &mut waiting);
    }
}

/// Collects the named types in a definition.
pub(super) fn inner(shape: &TypeKind, into: &mut Vec<TypeId>) {
    match shape {
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) | TypeKind::JsonText(ty) => named(ty, into),
        TypeKind::Tuple(tuple) => tuple.types().for_each(|ty| named(ty, into)),
        TypeKind::KeyedMap(map) => [&map.key, &map.value].into_iter().for_each(|ty| named(ty, into)),
        TypeKind::Object(object) => {
            object.properties.iter().for_each(|property| named(&property.ty, into));
            if let Additional::Kept(ty) = &object.additional {
                named(ty, into);
            }
        }
        TypeKind::Union(union) => union.variants.iter().for_each(|variant| named(&variant.ty, into)),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
    }
}

/// Collects the named types in a type.
pub(super) fn named(ty: &Type, into: &mut Vec<TypeId>) {
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => named(inner, into),
        Type::Named(id) => into.push(*id),
        _ => {}
    }
}
