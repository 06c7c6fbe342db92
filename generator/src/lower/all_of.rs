//! `allOf` merged by meaning: a value has the members of every part.

use openapiv3::{ReferenceOr, Schema, SchemaKind, Type as SchemaType};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Additional, Member, Object, Origin, Presence, Shape, Type};
use crate::source::{Node, Span};

use super::Lowering;
use super::doc::says_nothing;
use super::located::SchemaAt;
use super::object::ObjectView;
use super::reference::component_name;
use super::schema::{Built, Progress};

/// What one part of an `allOf` contributes.
struct Contribution {
    object: Object,
    /// Names that it requires, declared by itself or not.
    required: Vec<String>,
}

impl<'a> Lowering<'a> {
    pub(super) fn all_of(
        &mut self,
        node: &'a Node,
        parts: &'a [ReferenceOr<Schema>],
        own: Option<ObjectView<'a>>,
        origin: &Origin,
    ) -> Built {
        let nodes = node.get("allOf").map(Node::elements).unwrap_or_default();
        let own = own.filter(|own| !own.is_empty());
        let mut meaningful = nodes
            .iter()
            .zip(parts)
            .map(|(node, part)| SchemaAt::new(node, part))
            .filter(|part| !says_nothing(part.node()));
        if own.is_none() {
            match (meaningful.next(), meaningful.next()) {
                (None, _) => return Built::Type(Type::Any),
                // The customary way to put a description beside a `$ref`.
                (Some(only), None) => return self.build(only, origin),
                _ => {}
            }
        }
        let mut merged = Object { members: Vec::new(), additional: Additional::Dropped };
        let mut required = Vec::new();
        let parts: Vec<_> = nodes.iter().zip(parts).map(|(node, part)| SchemaAt::new(node, part)).collect();
        for part in parts {
            if let Some(contribution) = self.contribution(part, origin) {
                required.extend(contribution.required);
                self.merge(&mut merged, contribution.object);
            }
        }
        if let Some(own) = own {
            required.extend(Self::required_names(own).iter().cloned());
            let object = self.members(node, own, origin);
            self.merge(&mut merged, object);
        }
        for name in required {
            match merged.members.iter_mut().find(|member| member.name == name) {
                Some(member) => member.presence = member.presence.required(),
                None => self.required_without_property(node, &name),
            }
        }
        Built::Shape(Shape::Object(merged))
    }

    fn contribution(&mut self, part: SchemaAt<'a>, origin: &Origin) -> Option<Contribution> {
        let schema = match part {
            SchemaAt::Reference { node, reference } => {
                let at = node.get("$ref").unwrap_or(node).span;
                return self.referred(at, reference);
            }
            SchemaAt::Inline(schema) => schema,
        };
        let view = match &schema.value.schema_kind {
            SchemaKind::Type(SchemaType::Object(object)) => ObjectView::of_object(object),
            SchemaKind::Any(any)
                if any.one_of.is_empty() && any.any_of.is_empty() && any.all_of.is_empty() && any.not.is_none() =>
            {
                ObjectView::of_any(any)
            }
            SchemaKind::AllOf { .. } | SchemaKind::Any(_) if schema.node.get("allOf").is_some() => {
                return match self.build(part, origin) {
                    Built::Shape(Shape::Object(object)) => Some(Contribution { object, required: Vec::new() }),
                    Built::Type(Type::Named(id)) => self.object_of(id, schema.span()),
                    _ => self.not_an_object(schema.span()),
                };
            }
            _ => return self.not_an_object(schema.span()),
        };
        Some(Contribution {
            object: self.members(schema.node, view, origin),
            required: Self::required_names(view).to_vec(),
        })
    }

    fn referred(&mut self, at: Span, reference: &str) -> Option<Contribution> {
        let Some(name) = component_name(reference, "schemas") else {
            self.unsupported(at, format!("a `$ref` to anything but `#/components/schemas/…`, such as `{reference}`,"));
            return None;
        };
        match self.component(&name) {
            Some((id, Progress::Done)) => self.object_of(id, at),
            // Schemas that are `allOf` themselves never come this far; here a member of `name` is made of `name` and more.
            Some(_) => {
                self.unsupported(at, format!("an `allOf` of `{name}` within `{name}` itself"));
                None
            }
            None => {
                self.diagnostics.push(Diagnostic::error(Code::RefNotFound, at, format!("nothing at `{reference}`")));
                None
            }
        }
    }

    fn object_of(&mut self, id: crate::ir::TypeId, at: Span) -> Option<Contribution> {
        let mut id = id;
        loop {
            match self.types.get(id.0).map(|definition| &definition.shape) {
                Some(Shape::Object(object)) => {
                    return Some(Contribution { object: object.clone(), required: Vec::new() });
                }
                Some(Shape::Alias(Type::Named(next))) if *next != id => id = *next,
                Some(Shape::Alias(Type::AnyObject)) => {
                    let object = Object { members: Vec::new(), additional: Additional::Kept(Type::Any) };
                    return Some(Contribution { object, required: Vec::new() });
                }
                _ => return self.not_an_object(at),
            }
        }
    }

    fn not_an_object(&mut self, at: Span) -> Option<Contribution> {
        self.unsupported(at, "a part of an `allOf` that is not an object");
        None
    }

    fn merge(&mut self, merged: &mut Object, part: Object) {
        for member in part.members {
            match merged.members.iter_mut().find(|known| known.name == member.name) {
                None => merged.members.push(member),
                Some(known) => {
                    if let Some(first) = merge_member(known, member) {
                        self.diagnostics.push(
                            Diagnostic::error(
                                Code::Contradiction,
                                first.span,
                                format!("two parts of an `allOf` define `{}` as different things", first.name),
                            )
                            .related(known.span, "first defined here"),
                        );
                    }
                }
            }
        }
        match (&merged.additional, part.additional) {
            (Additional::Dropped, kept) => merged.additional = kept,
            (Additional::Kept(known), Additional::Kept(ty)) => {
                if let Some(ty) = narrower(known, &ty) {
                    merged.additional = Additional::Kept(ty);
                }
            }
            (Additional::Kept(_), Additional::Dropped) => {}
        }
    }
}

/// Adds what a later part says of a member; gives it back where the two contradict each other.
fn merge_member(known: &mut Member, later: Member) -> Option<Member> {
    let Some(ty) = narrower(&known.ty, &later.ty) else { return Some(later) };
    known.ty = ty;
    // Both parts hold: what either requires is required, and `null` passes only where both let it pass.
    let required = !known.presence.may_be_absent() || !later.presence.may_be_absent();
    let nullable = known.presence.may_be_null() && later.presence.may_be_null();
    known.presence = Presence::new(required, nullable);
    known.read_only |= later.read_only;
    known.write_only |= later.write_only;
    known.rust_name = later.rust_name.or_else(|| known.rust_name.take());
    if later.doc.description.is_some() {
        known.doc = later.doc;
    }
    known.span = later.span;
    None
}

/// The type whose values are values of both, where that is one of the two.
fn narrower(one: &Type, other: &Type) -> Option<Type> {
    match (one, other) {
        _ if one == other => Some(one.clone()),
        (Type::Any, narrow) | (narrow, Type::Any) => Some(narrow.clone()),
        (Type::Array(one), Type::Array(other)) => Some(Type::Array(Box::new(narrower(one, other)?))),
        (Type::AnyObject, narrow @ (Type::Named(_) | Type::Map(_)))
        | (narrow @ (Type::Named(_) | Type::Map(_)), Type::AnyObject) => Some(narrow.clone()),
        (Type::Secret, Type::String) | (Type::String, Type::Secret) => Some(Type::Secret),
        _ => None,
    }
}

impl Presence {
    fn required(self) -> Self {
        Self::new(true, self.may_be_null())
    }

    pub(super) fn may_be_absent(self) -> bool {
        matches!(self, Self::Optional | Self::OptionalNullable)
    }

    pub(super) fn may_be_null(self) -> bool {
        matches!(self, Self::Nullable | Self::OptionalNullable)
    }
}
