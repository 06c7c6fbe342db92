//! Visits the types that operations, webhooks and other types use, to replace them.

use crate::ir::{
    Additional, BodyContent, Operation, PartContent, PartItem, ResponseContent, StreamItems, SuccessContent, Type,
    TypeKind, Webhook,
};

/// Calls `change` for each type in a definition.
pub(super) fn in_kind(kind: &mut TypeKind, change: &mut impl FnMut(&mut Type)) {
    match kind {
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) | TypeKind::JsonText(ty) => change(ty),
        TypeKind::Tuple(tuple) => tuple.items.iter_mut().chain(&mut tuple.rest).for_each(change),
        TypeKind::KeyedMap(map) => [&mut map.key, &mut map.value].into_iter().for_each(change),
        TypeKind::Object(object) => {
            object.properties.iter_mut().for_each(|property| change(&mut property.ty));
            if let Additional::Kept(ty) = &mut object.additional {
                change(ty);
            }
        }
        TypeKind::Union(union) => union.variants.iter_mut().for_each(|variant| change(&mut variant.ty)),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
    }
}

/// Calls `change` for each type in an operation.
pub(super) fn in_operation(operation: &mut Operation, change: &mut impl FnMut(&mut Type)) {
    operation.parameters.iter_mut().for_each(|parameter| change(&mut parameter.ty));
    for representation in operation.body.iter_mut().flat_map(|body| &mut body.representations) {
        match &mut representation.content {
            BodyContent::Json(ty)
            | BodyContent::Text(ty)
            | BodyContent::JsonLines(ty)
            | BodyContent::Form(ty, _)
            | BodyContent::MultipartOf(ty) => change(ty),
            BodyContent::Multipart(form) => {
                for part in &mut form.parts {
                    match &mut part.content {
                        PartContent::Value(ty) | PartContent::Values(ty) | PartContent::Json(ty) => change(ty),
                        PartContent::File | PartContent::Files | PartContent::Any => {}
                    }
                    part.headers.iter_mut().for_each(|header| change(&mut header.ty));
                }
            }
            BodyContent::Bytes => {}
        }
    }
    let success = &mut operation.success;
    match &mut success.content {
        SuccessContent::One { content, .. } => in_content(content, change),
        SuccessContent::Several(variants) => {
            variants.iter_mut().for_each(|variant| in_content(&mut variant.content, change));
        }
    }
    success.stream.iter_mut().for_each(|stream| in_items(&mut stream.items, change));
    success.headers.iter_mut().for_each(|header| change(&mut header.ty));
    for error in &mut operation.errors {
        error.representations.iter_mut().for_each(|representation| in_content(&mut representation.content, change));
        error.headers.iter_mut().for_each(|header| change(&mut header.ty));
    }
    operation.pagination.iter_mut().for_each(|pagination| change(&mut pagination.item));
}

/// Calls `change` for each type in a webhook.
pub(super) fn in_webhook(webhook: &mut Webhook, change: &mut impl FnMut(&mut Type)) {
    in_content(&mut webhook.payload.content, change);
    webhook.headers.iter_mut().for_each(|header| change(&mut header.ty));
}

fn in_content(content: &mut ResponseContent, change: &mut impl FnMut(&mut Type)) {
    match content {
        ResponseContent::Json(ty) | ResponseContent::Text(ty) | ResponseContent::TextOrJson(ty) => change(ty),
        ResponseContent::Stream(items) => in_items(items, change),
        ResponseContent::Empty | ResponseContent::Bytes => {}
    }
}

fn in_items(items: &mut StreamItems, change: &mut impl FnMut(&mut Type)) {
    match items {
        StreamItems::JsonEvents(ty) | StreamItems::Json(ty) | StreamItems::Parts(PartItem::Json(ty)) => change(ty),
        StreamItems::Events(variants) => variants.iter_mut().filter_map(|it| it.data.as_mut()).for_each(change),
        StreamItems::Results { result, error } => std::iter::once(result).chain(error).for_each(change),
        StreamItems::TextEvents | StreamItems::Parts(PartItem::Text | PartItem::Bytes) => {}
    }
}
