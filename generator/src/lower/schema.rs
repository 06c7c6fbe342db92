//! Schemas become types.

use openapiv3::{AnySchema, Schema, SchemaKind, StringFormat, Type as SchemaType, VariantOrUnknownOrEmpty};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{IntegerFormat, Origin, Segment, Shape, Type, TypeDef, TypeId, Usage};
use crate::source::Node;

use super::Lowering;
use super::doc::{doc, says_nothing};
use super::extension;
use super::located::{Located, SchemaAt};
use super::object::ObjectView;
use super::reference::component_name;

/// Schemas combined of schemas more deeply than this are not looked into for a `null`: they may contain themselves.
const DEEPEST_COMBINATION: usize = 8;

/// How far the lowering of a component has come.
#[derive(Clone, Copy)]
pub(super) struct Component {
    pub id: TypeId,
    pub state: Progress,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Waiting,
    Running,
    Done,
}

/// What a schema is, before it is decided whether it needs a definition of its own.
pub(super) enum Built {
    Type(Type),
    Shape(Shape),
}

/// A schema where it is used.
pub(super) struct Lowered {
    pub ty: Type,
    pub nullable: bool,
}

impl<'a> Lowering<'a> {
    /// Lowers every schema of the components, used or not, in the order of the document.
    pub(super) fn components(&mut self) {
        let Some(schemas) = self.root.node.get("components").and_then(|node| node.get("schemas")) else { return };
        for entry in schemas.entries() {
            let id = self.define(TypeDef {
                origin: self.origins.of(&entry.key),
                rust_name: extension::string(&entry.value, "x-rust-name"),
                doc: doc(&entry.value),
                shape: Shape::Alias(Type::Any),
                usage: Usage::default(),
                home: None,
                span: entry.key_span,
            });
            self.components.insert(&entry.key, Component { id, state: Progress::Waiting });
        }
        for entry in schemas.entries() {
            self.component(&entry.key);
        }
    }

    /// Lowers a component unless that is done; says whether its definition is complete.
    pub(super) fn component(&mut self, name: &str) -> Option<(TypeId, Progress)> {
        let components = self.root.node.get("components")?;
        let entry = components.get("schemas")?.as_mapping()?.entry(name)?;
        let schema = self.root.value.components.as_ref()?.schemas.get(name)?;
        let component = self.components.get_mut(name)?;
        let id = component.id;
        if component.state != Progress::Waiting {
            return Some((id, component.state));
        }
        component.state = Progress::Running;
        let origin = self.origins.of(&entry.key);
        let built = self.build(SchemaAt::new(&entry.value, schema), &origin);
        let shape = match self.marked_sensitive(&entry.value, built) {
            // What goes round in circles stays what it was: whoever follows it from here on comes to an end.
            Built::Type(ty) if self.is_circular(id, &ty, &entry.value) => Shape::Alias(Type::Any),
            Built::Type(ty) => Shape::Alias(ty),
            Built::Shape(shape) => shape,
        };
        if let Some(definition) = self.types.get_mut(id.0) {
            definition.shape = shape;
        }
        if let Some(component) = self.components.get_mut(name) {
            component.state = Progress::Done;
        }
        Some((id, Progress::Done))
    }

    /// Refuses a name that stands for nothing but itself, and says whether it did.
    fn is_circular(&mut self, id: TypeId, ty: &Type, node: &Node) -> bool {
        let mut seen = vec![id];
        let mut at = ty;
        loop {
            match at {
                Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => at = inner,
                Type::Named(next) if seen.contains(next) => {
                    let place = node.get("$ref").unwrap_or(node).span;
                    if matches!(ty, Type::Named(_)) {
                        self.diagnostics.push(Diagnostic::error(
                            Code::RefCycle,
                            place,
                            "this schema is defined by nothing but itself",
                        ));
                    } else {
                        self.unsupported(place, "an array or map of itself, without an object between,");
                    }
                    return true;
                }
                Type::Named(next) => match self.types.get(next.0) {
                    Some(TypeDef { shape: Shape::Alias(inner), .. }) => {
                        seen.push(*next);
                        at = inner;
                    }
                    _ => return false,
                },
                _ => return false,
            }
        }
    }

    /// A schema where it is used: what needs a definition of its own gets one, named by `origin`.
    pub(super) fn schema(&mut self, at: SchemaAt<'a>, origin: Origin) -> Lowered {
        let nullable = self.is_nullable(at);
        let built = self.build(at, &origin);
        let ty = match self.marked_sensitive(at.node(), built) {
            Built::Type(ty) => ty,
            Built::Shape(shape) => Type::Named(self.define(TypeDef {
                // On a property, it names the property.
                rust_name: match origin.0.last() {
                    Some(Segment::Property(_)) => None,
                    _ => extension::string(at.node(), "x-rust-name"),
                },
                origin,
                doc: doc(at.node()),
                shape,
                usage: Usage::default(),
                home: None,
                span: at.node().span,
            })),
        };
        Lowered { ty, nullable }
    }

    /// The same where the place has no other way to say that a value may be `null`.
    pub(super) fn element(&mut self, at: SchemaAt<'a>, origin: Origin) -> Type {
        let lowered = self.schema(at, origin);
        if lowered.nullable && lowered.ty != Type::Any { Type::Nullable(Box::new(lowered.ty)) } else { lowered.ty }
    }

    pub(super) fn build(&mut self, at: SchemaAt<'a>, origin: &Origin) -> Built {
        let schema = match at {
            SchemaAt::Inline(schema) => schema,
            SchemaAt::Reference { node, reference } => return Built::Type(self.reference(node, reference)),
        };
        let is_union = schema.node.get("oneOf").is_some() || schema.node.get("anyOf").is_some();
        if let Some(discriminator) = schema.node.get("discriminator").filter(|_| !is_union) {
            self.unsupported(discriminator.span, "a `discriminator` without `oneOf` or `anyOf`");
        }
        match &schema.value.schema_kind {
            SchemaKind::Type(SchemaType::String(string)) => self.string(schema, &string.format),
            // An enum of numbers is a constraint, and documented as one: 0.5 makes no good name.
            SchemaKind::Type(SchemaType::Number(_)) => Built::Type(Type::Number),
            SchemaKind::Type(SchemaType::Integer(_)) => self.integer(schema),
            SchemaKind::Type(SchemaType::Boolean(_)) => Built::Type(Type::Boolean),
            SchemaKind::Type(SchemaType::Object(object)) => {
                self.object(schema.node, ObjectView::of_object(object), origin)
            }
            SchemaKind::Type(SchemaType::Array(array)) => self.array(schema.node, array.items.as_ref(), origin),
            SchemaKind::OneOf { one_of } => self.union(schema, "oneOf", one_of, origin),
            SchemaKind::AnyOf { any_of } => self.union(schema, "anyOf", any_of, origin),
            SchemaKind::AllOf { all_of } => self.all_of(schema.node, all_of, None, origin),
            SchemaKind::Not { .. } => {
                self.unsupported(schema.node.get("not").unwrap_or(schema.node).span, "`not`");
                Built::Type(Type::Any)
            }
            SchemaKind::Any(any) => self.mixed(schema, any, origin),
        }
    }

    fn reference(&mut self, node: &Node, reference: &str) -> Type {
        let at = node.get("$ref").unwrap_or(node).span;
        let Some(name) = component_name(reference, "schemas") else {
            self.unsupported(at, format!("a `$ref` to anything but `#/components/schemas/…`, such as `{reference}`,"));
            return Type::Any;
        };
        match self.components.get(name.as_str()) {
            Some(component) => Type::Named(component.id),
            None => {
                self.diagnostics.push(Diagnostic::error(Code::RefNotFound, at, format!("nothing at `{reference}`")));
                Type::Any
            }
        }
    }

    /// A schema whose keywords do not belong to one type alone.
    fn mixed(&mut self, schema: Located<'a, Schema>, any: &'a AnySchema, origin: &Origin) -> Built {
        let node = schema.node;
        let has = |key: &str| node.get(key).is_some();
        if has("not") {
            self.unsupported(node.get("not").unwrap_or(node).span, "`not`");
            return Built::Type(Type::Any);
        }
        let own = ObjectView::of_any(any);
        let combined = ["oneOf", "anyOf"].into_iter().find(|key| has(key));
        match combined {
            Some(key) if has("allOf") || !own.is_empty() || (has("oneOf") && has("anyOf")) => {
                let place =
                    node.as_mapping().and_then(|mapping| mapping.entry(key)).map_or(node.span, |entry| entry.key_span);
                self.unsupported(place, format!("`{key}` beside other keywords that shape the value"));
                return Built::Type(Type::Any);
            }
            Some("oneOf") => return self.union(schema, "oneOf", &any.one_of, origin),
            Some(_) => return self.union(schema, "anyOf", &any.any_of, origin),
            None => {}
        }
        if has("allOf") {
            return self.all_of(node, &any.all_of, Some(own), origin);
        }
        match (any.typ.as_deref(), node.get("enum")) {
            (Some("string"), _) => self.string(schema, &VariantOrUnknownOrEmpty::from(any.format.clone())),
            (Some("integer"), _) => self.integer(schema),
            (Some("number"), _) => Built::Type(Type::Number),
            (Some("boolean"), _) => Built::Type(Type::Boolean),
            (Some("array"), _) => self.array(node, any.items.as_ref(), origin),
            (Some("object"), _) => self.object(node, own, origin),
            (_, Some(values)) => self.untyped_enum(schema, values),
            _ if !own.is_empty() => self.object(node, own, origin),
            _ if has("items") => self.array(node, any.items.as_ref(), origin),
            _ => Built::Type(Type::Any),
        }
    }

    fn string(&mut self, schema: Located<'a, Schema>, format: &VariantOrUnknownOrEmpty<StringFormat>) -> Built {
        // A secret with known values is none; it stays one all the same, since the document says so.
        let sensitive = extension::is_true(schema.node, "x-sensitive");
        if !sensitive && let Some(values) = schema.node.get("enum") {
            return self.string_enum(schema.node, values);
        }
        Built::Type(match format {
            _ if sensitive => Type::Secret,
            VariantOrUnknownOrEmpty::Item(StringFormat::Password) => Type::Secret,
            VariantOrUnknownOrEmpty::Item(StringFormat::Date) => Type::Date,
            VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Type::DateTime,
            _ => Type::String,
        })
    }

    fn integer(&mut self, schema: Located<'a, Schema>) -> Built {
        let format = match schema.node.get("format").and_then(Node::as_str) {
            Some("int32") => IntegerFormat::Int32,
            _ => IntegerFormat::Int64,
        };
        match schema.node.get("enum") {
            Some(values) => self.integer_enum(schema.node, values, format),
            None => Built::Type(Type::Integer(format)),
        }
    }

    /// Applies `x-sensitive`: texts become secrets; nothing else can be one.
    fn marked_sensitive(&mut self, node: &Node, built: Built) -> Built {
        let Some(mark) = node.get("x-sensitive").filter(|mark| mark.as_bool() == Some(true)) else { return built };
        let secret = match &built {
            Built::Type(ty) => secret(ty.unaliased(&self.types), &self.types),
            Built::Shape(_) => None,
        };
        if let Some(ty) = secret {
            return Built::Type(ty);
        }
        self.diagnostics.push(
            Diagnostic::error(
                Code::Extension,
                mark.span,
                "`x-sensitive` marks strings and arrays of strings, and this is neither",
            )
            .help("mark the strings within it"),
        );
        built
    }

    fn array(
        &mut self,
        node: &'a Node,
        items: Option<&'a openapiv3::ReferenceOr<Box<Schema>>>,
        origin: &Origin,
    ) -> Built {
        let Some(items) = items else { return Built::Type(Type::Array(Box::new(Type::Any))) };
        let items = SchemaAt::boxed(node.get("items").unwrap_or(node), items);
        Built::Type(Type::Array(Box::new(self.element(items, origin.then(Segment::Items)))))
    }

    /// Whether `null` is a value of the schema, by itself or by what it refers to.
    fn is_nullable(&self, at: SchemaAt<'a>) -> bool {
        self.allows_null(at.node(), 0)
    }

    fn allows_null(&self, node: &'a Node, depth: usize) -> bool {
        let mut node = node;
        // A chain of references that is longer has been reported as a cycle.
        for _ in 0..64 {
            let Some(reference) = node.get("$ref").and_then(Node::as_str) else {
                let null_in_enum = node.get("enum").is_some_and(|values| {
                    values.elements().iter().any(|value| value.kind == crate::source::NodeKind::Null)
                });
                if node.get("nullable").and_then(Node::as_bool).unwrap_or(false) || null_in_enum {
                    return true;
                }
                // One arm that allows it is enough; of parts, each must.
                let schemas = |key: &str| node.get(key).map(Node::elements).unwrap_or_default();
                let mut parts = schemas("allOf").iter().filter(|part| !says_nothing(part)).peekable();
                let deeper = |schema| depth < DEEPEST_COMBINATION && self.allows_null(schema, depth + 1);
                return schemas("oneOf").iter().chain(schemas("anyOf")).any(deeper)
                    || (parts.peek().is_some() && node.get("type").is_none() && parts.all(deeper));
            };
            let target = component_name(reference, "schemas")
                .and_then(|name| self.root.node.get("components")?.get("schemas")?.get(&name));
            match target {
                Some(next) => node = next,
                None => return false,
            }
        }
        false
    }
}

impl Origin {
    /// The place one step further in.
    pub(super) fn then(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }
}

/// The type whose values are never shown, for texts and lists of them.
fn secret(ty: &Type, types: &[TypeDef]) -> Option<Type> {
    match ty {
        Type::String | Type::Secret | Type::Date | Type::DateTime => Some(Type::Secret),
        Type::Array(inner) => Some(Type::Array(Box::new(secret(inner.unaliased(types), types)?))),
        Type::Nullable(inner) => Some(Type::Nullable(Box::new(secret(inner.unaliased(types), types)?))),
        _ => None,
    }
}
