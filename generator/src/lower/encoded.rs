//! Lowers strings with encoded content: bytes in Base64, and JSON in a string.

use crate::ir::{Origin, Segment, Type, TypeKind};
use crate::spec::EncodedContent;

use super::Lowering;
use super::parts::Part;
use super::schema::Built;

impl<'a> Lowering<'a> {
    /// Returns the type of a string whose content may be encoded. `is_bytes` is whether it has the format `byte`.
    pub(super) fn encoded(&mut self, parts: &[Part<'a>], is_bytes: bool, origin: &Origin) -> Built {
        let contents = || parts.iter().filter_map(|part| part.schema.content.as_deref());
        let encoding = contents().find_map(|content| content.encoding.as_ref());
        let encoding = encoding.map(|encoding| encoding.value.to_ascii_lowercase());
        match encoding.as_deref() {
            Some("base64") => return Built::Type(Type::Base64),
            Some("base64url") => return Built::Type(Type::Base64Url),
            None if is_bytes => return Built::Type(Type::Base64),
            Some(_) => return Built::Type(Type::String),
            None => {}
        }
        let is_json = contents().any(is_json);
        match contents().find_map(|content| content.schema).filter(|_| is_json) {
            Some(schema) => {
                let inner = self.element(self.at(schema), origin.then(Segment::Content));
                Built::Kind(TypeKind::JsonText(inner))
            }
            None => Built::Type(Type::String),
        }
    }
}

/// Returns whether the content of a string is JSON.
pub(super) fn is_json(content: &EncodedContent) -> bool {
    content.media_type.as_ref().is_some_and(|media_type| {
        let essence = super::media::essence(&media_type.value);
        essence == "application/json" || essence.ends_with("+json")
    })
}
