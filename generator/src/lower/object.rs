//! Objects: their members, and what becomes of the others.

use std::collections::HashSet;

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, ObjectType, ReferenceOr, Schema};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Additional, Member, Object, Origin, Presence, Segment, Shape, Type};
use crate::source::Node;

use super::Lowering;
use super::doc;
use super::extension;
use super::located::SchemaAt;
use super::schema::Built;

/// The keywords that shape an object, of whichever kind of schema has them.
#[derive(Clone, Copy)]
pub(super) struct ObjectView<'a> {
    properties: &'a IndexMap<String, ReferenceOr<Box<Schema>>>,
    required: &'a [String],
    additional: Option<&'a AdditionalProperties>,
}

impl<'a> ObjectView<'a> {
    pub fn of_object(object: &'a ObjectType) -> Self {
        Self {
            properties: &object.properties,
            required: &object.required,
            additional: object.additional_properties.as_ref(),
        }
    }

    pub fn of_any(any: &'a AnySchema) -> Self {
        Self { properties: &any.properties, required: &any.required, additional: any.additional_properties.as_ref() }
    }

    /// Whether it says nothing.
    pub fn is_empty(self) -> bool {
        self.properties.is_empty() && self.required.is_empty() && self.additional.is_none()
    }
}

impl<'a> Lowering<'a> {
    pub(super) fn object(&mut self, node: &'a Node, view: ObjectView<'a>, origin: &Origin) -> Built {
        if view.properties.is_empty() {
            return match view.additional {
                None | Some(AdditionalProperties::Any(true)) => Built::Type(Type::AnyObject),
                Some(AdditionalProperties::Schema(values)) => {
                    let values = SchemaAt::new(node.get("additionalProperties").unwrap_or(node), values);
                    Built::Type(match self.element(values, origin.then(Segment::Values)) {
                        Type::Any => Type::AnyObject,
                        ty => Type::Map(Box::new(ty)),
                    })
                }
                Some(AdditionalProperties::Any(false)) => Built::Shape(Shape::Object(self.members(node, view, origin))),
            };
        }
        let object = self.members(node, view, origin);
        for name in view.required.iter().filter(|name| !view.properties.contains_key(*name)) {
            self.required_without_property(node, name);
        }
        Built::Shape(Shape::Object(object))
    }

    /// The members that `view` names.
    pub(super) fn members(&mut self, node: &'a Node, view: ObjectView<'a>, origin: &Origin) -> Object {
        let properties = node.get("properties");
        let required_names: HashSet<&str> = view.required.iter().map(String::as_str).collect();
        let mut members = Vec::with_capacity(view.properties.len());
        for entry in properties.map(Node::entries).unwrap_or_default() {
            let Some(value) = view.properties.get(&entry.key) else { continue };
            let required = required_names.contains(entry.key.as_str());
            let at = SchemaAt::boxed(&entry.value, value);
            let lowered = self.schema(at, origin.then(Segment::Property(entry.key.clone())));
            members.push(Member {
                name: entry.key.clone(),
                rust_name: extension::string(&entry.value, "x-rust-name"),
                presence: Presence::new(required, lowered.nullable),
                ty: lowered.ty,
                read_only: doc::is_said(&entry.value, "readOnly"),
                write_only: doc::is_said(&entry.value, "writeOnly"),
                doc: doc::doc(&entry.value),
                span: entry.key_span,
            });
        }
        let additional = match view.additional {
            None | Some(AdditionalProperties::Any(false)) => Additional::Dropped,
            Some(AdditionalProperties::Any(true)) => Additional::Kept(Type::Any),
            Some(AdditionalProperties::Schema(values)) => {
                let values = SchemaAt::new(node.get("additionalProperties").unwrap_or(node), values);
                Additional::Kept(self.element(values, origin.then(Segment::Values)))
            }
        };
        Object { members, additional }
    }

    pub(super) fn required_without_property(&mut self, node: &Node, name: &str) {
        let list = node.get("required").unwrap_or(node);
        let place = list.elements().iter().find(|element| element.as_str() == Some(name)).unwrap_or(list);
        self.diagnostics.push(
            Diagnostic::warning(
                Code::Undefined,
                place.span,
                format!("`{name}` is required, but no property has that name"),
            )
            .help("add the property, or take the name off the list; the generated type has no such member"),
        );
    }

    /// The names that a schema's own `required` lists.
    pub(super) fn required_names(view: ObjectView<'a>) -> &'a [String] {
        view.required
    }
}

impl Presence {
    pub(super) fn new(required: bool, nullable: bool) -> Self {
        match (required, nullable) {
            (true, false) => Self::Required,
            (false, false) => Self::Optional,
            (true, true) => Self::Nullable,
            (false, true) => Self::OptionalNullable,
        }
    }
}
