//! Removes titles that only repeat a name. Pydantic and FastAPI write such titles, e.g. `Item Id` for the property
//! `item_id`.

use crate::ir::{BodyContent, Doc, Group, HeaderDoc, Operation, Segment, TypeDef, TypeKind, Webhooks};

/// Removes the titles of types, properties, parameters, headers and bodies that only repeat the name of the titled
/// item.
pub(super) fn remove_repeated(types: &mut [TypeDef], groups: &mut [Group], webhooks: &mut Webhooks) {
    for definition in types {
        match definition.origin.0.as_slice() {
            [.., Segment::Component(name) | Segment::Property(name) | Segment::Parameter(name)] => {
                remove(&mut definition.doc, name);
            }
            [Segment::Operation(id), Segment::Response(_)] => remove(&mut definition.doc, &response_title(id)),
            _ => {}
        }
        if let TypeKind::Object(object) = &mut definition.kind {
            for property in &mut object.properties {
                remove(&mut property.doc, &property.name);
            }
        }
    }
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        remove_from_operation(operation);
    }
    for webhook in &mut webhooks.list {
        remove_from_headers(&mut webhook.headers);
    }
}

fn remove_from_operation(operation: &mut Operation) {
    for parameter in &mut operation.parameters {
        remove(&mut parameter.doc, &parameter.name);
    }
    for representation in operation.body.iter_mut().flat_map(|body| &mut body.representations) {
        if let BodyContent::Multipart(form) = &mut representation.content {
            for part in &mut form.parts {
                remove(&mut part.doc, &part.name);
            }
        }
    }
    remove_from_headers(&mut operation.success.headers);
    let errors = operation.errors.iter_mut();
    for error in errors {
        remove_from_headers(&mut error.headers);
    }
    let Some(id) = &operation.id else { return };
    let name = response_title(id);
    for body in operation.success.responses.iter_mut().flat_map(|response| &mut response.bodies) {
        remove(body, &name);
    }
    operation.success.responses.iter_mut().for_each(|response| response.bodies.retain(|body| *body != Doc::default()));
}

/// Returns the name from which FastAPI derives the title of a response body.
fn response_title(operation_id: &str) -> String {
    format!("Response {operation_id}")
}

fn remove_from_headers(headers: &mut [HeaderDoc]) {
    for header in headers {
        remove(&mut header.doc, &header.name);
    }
}

/// Removes the title of a value if it repeats the name of the value.
fn remove(doc: &mut Doc, name: &str) {
    doc.title.take_if(|title| repeats(title, name));
}

/// Returns whether a title consists of the same letters and digits as a name.
pub(super) fn repeats(title: &str, name: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters(title) == letters(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_that_differs_from_name_is_kept() {
        for (title, name, kept) in [
            ("Item Id", "item_id", false),
            ("HTTPValidationError", "HTTPValidationError", false),
            ("Item Ids", "item_id", true),
            ("Items", "Item", true),
        ] {
            let mut doc = Doc { title: Some(title.to_owned()), ..Doc::default() };
            remove(&mut doc, name);
            assert_eq!(doc.title.is_some(), kept, "{title}");
        }
    }
}
