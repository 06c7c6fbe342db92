//! The typed view of a checked document: a tree in, `openapiv3`'s structs out.
//!
//! The view is for walking in step with the tree, never instead of it: it keeps the order of the document, but what
//! `openapiv3` cannot hold, or nobody asks it for, is left out of it: what has no effect anyway (unknown members, nulls, what stands beside
//! a `$ref`), numbers that are larger than its integers, the keywords of schemas (which lowering reads from the tree, and which take a
//! kilobyte each here), and callbacks, which a client does not call and for which `openapiv3` knows no `$ref`.

use openapiv3::{Header, OpenAPI, Parameter, PathItem, ReferenceOr, RequestBody, Response, Schema, SecurityScheme};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, IntoDeserializer, Visitor};

use super::structure::table::{Kind, Others, Shape};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{Document, Entry, Node, NodeKind, Span};
use crate::stack;

/// The document as `openapiv3` sees it; nothing where errors have been found before.
///
/// A document that passes [`check`](super::check) has a view; if not, that is our bug, and the finding says so.
pub fn typed(document: &Document, diagnostics: &mut Diagnostics) -> Option<OpenAPI> {
    // Not even tried: `openapiv3` takes a time that doubles with each level of a schema which it refuses.
    if diagnostics.has_errors() {
        return None;
    }
    match view_as(&document.root, Shape::Object(Kind::OpenApi)) {
        Ok(view) => Some(view),
        Err(error) => {
            diagnostics.push(our_bug(&document.root, &error));
            None
        }
    }
}

/// What of `openapiv3` a single node can be viewed as.
pub trait Viewed: DeserializeOwned + Send {
    /// The view of a node of the right kind; nothing if it is of another, or has errors.
    fn view(node: &Node) -> Option<Self>;
}

/// A part of a checked document as `openapiv3` sees it: for what only a reference reaches, outside of `components`.
pub fn view<T: Viewed>(node: &Node) -> Option<T> {
    T::view(node)
}

macro_rules! viewed {
    ($($type:ty => $shape:expr,)*) => {
        $(
            impl Viewed for $type {
                fn view(node: &Node) -> Option<Self> {
                    view_as(node, $shape).ok()
                }
            }
        )*
    };
}

viewed! {
    PathItem => Shape::Object(Kind::PathItem),
    ReferenceOr<Header> => Shape::OrRef(Kind::Header),
    ReferenceOr<Parameter> => Shape::OrRef(Kind::Parameter),
    ReferenceOr<RequestBody> => Shape::OrRef(Kind::RequestBody),
    ReferenceOr<Response> => Shape::OrRef(Kind::Response),
    ReferenceOr<Schema> => Shape::OrRef(Kind::Schema),
    ReferenceOr<SecurityScheme> => Shape::OrRef(Kind::SecurityScheme),
}

/// Above so many levels a document is given a stack of its own: serde takes some 40 KB a level in a debug build.
const SHALLOW: usize = 16;

fn view_as<T: DeserializeOwned + Send>(node: &Node, shape: Shape) -> Result<T, serde_json::Error> {
    let view = View { node, shape };
    if depth(node) <= SHALLOW {
        return T::deserialize(view);
    }
    let failed = || Err(serde_json::Error::custom("cannot start a thread: not enough memory for its stack"));
    stack::with_depth(|| T::deserialize(view)).unwrap_or_else(failed)
}

/// How deeply arrays and objects nest in a node.
fn depth(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Sequence(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
        NodeKind::Mapping(mapping) => 1 + mapping.entries().iter().map(|entry| depth(&entry.value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// The part of the document that cannot be viewed, as small as can be told.
fn our_bug(root: &Node, error: &serde_json::Error) -> Diagnostic {
    let paths = root.get("paths").map(Node::entries).unwrap_or_default();
    let path = paths.iter().find(|entry| entry.key.starts_with('/') && view::<PathItem>(&entry.value).is_none());
    let beginning = Span { end: root.span.end.min(root.span.start + 1), ..root.span };
    let span = path.map_or(beginning, |entry| entry.key_span);
    Diagnostic::error(Code::Internal, span, format!("the document passes all checks, but cannot be converted: {error}"))
        .help("this is a bug in Clientwright: please report it, with the document if possible")
}

/// A node as serde sees it. (Not by way of `serde_json::Value`, which sorts the members of objects.)
struct View<'a> {
    node: &'a Node,
    shape: Shape,
}

/// A member of an object as serde sees it, if `openapiv3` is to see it at all.
fn member<'a>(kind: Kind, entry: &'a Entry) -> Option<(&'a str, View<'a>)> {
    let object = kind.object();
    let node = &entry.value;
    let shape = match object.field(&entry.key) {
        Some(field) => field.shape,
        None if object.others == Others::Requirements => Shape::List(&Shape::String),
        None if entry.key.starts_with("x-") => Shape::Any,
        None => match object.others {
            Others::Paths => Shape::Object(Kind::PathItem),
            Others::Responses => Shape::OrRef(Kind::Response),
            _ => return None,
        },
    };
    let seen = match (shape, &node.kind) {
        // A null may be what the default is; anywhere else it says nothing.
        (_, NodeKind::Null) => shape == Shape::Any,
        (Shape::Count, NodeKind::Number(_)) => node.as_i64().is_some(),
        (Shape::Number | Shape::Positive, NodeKind::Number(number)) => {
            node.as_i64().is_some() || number.text.parse::<f64>().is_ok_and(f64::is_finite)
        }
        _ => !matches!(
            (kind, entry.key.as_str()),
            (Kind::Operation | Kind::Components, "callbacks") | (Kind::Components, "schemas")
        ),
    };
    seen.then_some((entry.key.as_str(), View { node, shape }))
}

impl<'de> Deserializer<'de> for View<'_> {
    type Error = serde_json::Error;

    // Depth is bounded by the reader's limit on nesting.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match &self.node.kind {
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
            NodeKind::Sequence(elements) => {
                let shape = if let Shape::List(inner) = self.shape { *inner } else { Shape::Any };
                visitor.visit_seq(SeqDeserializer::new(elements.iter().map(|node| View { node, shape })))
            }
            NodeKind::Mapping(mapping) => {
                let members = mapping.entries().iter();
                let kind = match self.shape {
                    Shape::Object(kind) | Shape::OrRef(kind) => kind,
                    Shape::BooleanOrSchema => Kind::Schema,
                    Shape::Map(inner) | Shape::Components(inner) => {
                        let members =
                            members.map(|entry| (entry.key.as_str(), View { node: &entry.value, shape: *inner }));
                        return visitor.visit_map(MapDeserializer::new(members));
                    }
                    _ => {
                        let any = Shape::Any;
                        let members =
                            members.map(|entry| (entry.key.as_str(), View { node: &entry.value, shape: any }));
                        return visitor.visit_map(MapDeserializer::new(members));
                    }
                };
                if kind == Kind::Schema {
                    return visitor.visit_map(MapDeserializer::new(std::iter::empty::<(&str, View<'_>)>()));
                }
                let refers = kind == Kind::PathItem || !matches!(self.shape, Shape::Object(_));
                if let Some(node) = mapping.get("$ref").filter(|_| refers) {
                    let only = std::iter::once(("$ref", View { node, shape: Shape::String }));
                    return visitor.visit_map(MapDeserializer::new(only));
                }
                visitor.visit_map(MapDeserializer::new(members.filter_map(|entry| member(kind, entry))))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.node.kind {
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
        match self.node.as_str() {
            Some(text) => visitor.visit_enum(text.into_deserializer()),
            None => Err(Self::Error::custom(format!("{} where a string is needed", self.node.kind_name()))),
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
