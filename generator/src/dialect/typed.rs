//! The typed view of a checked document: a tree in, `openapiv3`'s structs out.

use openapiv3::OpenAPI;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, Deserializer, IntoDeserializer, Visitor};

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{Document, Node, NodeKind};

/// The document as `openapiv3` sees it.
///
/// The view is for walking in step with the tree: numbers, defaults and examples in it may be rounded.
pub fn typed(document: &Document, diagnostics: &mut Diagnostics) -> Option<OpenAPI> {
    match OpenAPI::deserialize(View(&document.root)) {
        Ok(view) => Some(view),
        Err(error) => {
            let message = format!("the document cannot be viewed: {error}");
            diagnostics.push(Diagnostic::error(Code::Unsupported, document.root.span, message));
            None
        }
    }
}

/// A node as serde sees it. (Not by way of `serde_json::Value`, which sorts the members of objects.)
struct View<'a>(&'a Node);

impl<'de> Deserializer<'de> for View<'_> {
    type Error = serde_json::Error;

    // Depth is bounded by the reader's limit on nesting.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match &self.0.kind {
            NodeKind::Null => visitor.visit_unit(),
            NodeKind::Bool(truth) => visitor.visit_bool(*truth),
            NodeKind::String(text) => visitor.visit_str(text),
            NodeKind::Number(number) => match number.as_i64() {
                // Limits such as `maxLength` are unsigned.
                Some(integer) => match u64::try_from(integer) {
                    Ok(unsigned) => visitor.visit_u64(unsigned),
                    Err(_) => visitor.visit_i64(integer),
                },
                None => visitor.visit_f64(number.text.parse().unwrap_or_default()),
            },
            NodeKind::Sequence(elements) => visitor.visit_seq(SeqDeserializer::new(elements.iter().map(View))),
            NodeKind::Mapping(mapping) => {
                let members = mapping.entries().iter().map(|entry| (entry.key.as_str(), View(&entry.value)));
                visitor.visit_map(MapDeserializer::new(members))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0.kind {
            NodeKind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self.0.as_str() {
            Some(text) => visitor.visit_enum(text.into_deserializer()),
            None => Err(serde::de::Error::custom(format!("{} where a string is needed", self.0.kind_name()))),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for View<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn view(text: &str) -> OpenAPI {
        let mut sources = Sources::new();
        let source = sources.add("a.yaml", text);
        let mut diagnostics = Diagnostics::new();
        let document = Document::read(&sources, source, &mut diagnostics).unwrap();
        let view = typed(&document, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        view.unwrap()
    }

    #[test]
    fn the_order_of_the_document_is_kept() {
        let view = view(concat!(
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "components: {schemas: {B: {type: string, minLength: 1.0}, A: {type: integer, minimum: -1}}}\n",
        ));
        let names: Vec<_> = view.components.unwrap().schemas.into_keys().collect();
        assert_eq!(names, ["B", "A"]);
    }
}
