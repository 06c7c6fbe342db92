//! Lowers strings with encoded content: bytes in Base64, and JSON in a string.

use crate::ir::{Origin, Segment, Type, TypeKind};

use super::Lowering;
use super::media::json_content;
use super::parts::Part;
use super::schema::Built;

impl<'a> Lowering<'a> {
    /// Returns the type of a string whose content may be encoded. `is_bytes` specifies whether the string has the
    /// format `byte`.
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
        match parts.iter().find_map(|part| json_content(part.schema)?.schema) {
            Some(schema) => {
                let inner = self.element(self.at(schema), origin.then(Segment::Content));
                Built::Kind(TypeKind::JsonText(inner))
            }
            None => Built::Type(Type::String),
        }
    }
}
