//! Schemas become types.
//!
//! A type is often specified by several schemas: the parts of an `allOf`, and the targets of references.

use std::collections::{HashMap, VecDeque};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Origin, Segment, Type, TypeDef, TypeId, TypeKind, Usage};
use crate::source::{NodeKind, Span};
use crate::spec::{Schema, SchemaId};

use super::Lowering;
use super::doc::{self, says_nothing};
use super::parts::{Combination, Operand, Part, PartKey};

/// Schemas combined of schemas more deeply than this are not looked into for a `null`: they may contain themselves.
const DEEPEST_COMBINATION: usize = 64;

/// More steps than any honest chain of references has.
const LONGEST_CHAIN: usize = 64;

/// Schemas that are narrowed by schemas that are narrowed: more deeply than this, nobody means it.
const MAX_DEPTH: usize = 64;

/// So many types of schemas that narrow each other are made in any document, and so many more for each of its components
/// and of its schemas that combine others: alternatives of alternatives grow without bound.
const MOST_NARROWED: (usize, usize) = (1_000, 20);

/// What has a definition, by the nodes that it was made of.
#[derive(Default)]
pub(super) struct Definitions<'a> {
    /// What a `$ref` leads to.
    referred: HashMap<SchemaId, TypeId>,
    /// The members of a schema that others inherit from, without those others.
    bases: HashMap<SchemaId, TypeId>,
    /// What is written where it is used, by all the parts that it is made of.
    inline: HashMap<Vec<PartKey>, Inline>,
    /// Definitions that have a place but no shape yet.
    waiting: VecDeque<(TypeId, &'a Schema, Role)>,
    /// Whether those are at work.
    at_work: bool,
    /// From which type on the names behind one have been followed to their end.
    pub(super) followed: Vec<Option<usize>>,
    /// How many types are being made within one another.
    depth: usize,
    /// How many types have been made of several schemas.
    narrowed: usize,
    /// How many may be, once that has been asked.
    most_narrowed: Option<usize>,
    /// Whether that has become too much.
    refused: bool,
}

#[derive(Clone, Copy)]
enum Role {
    Whole,
    Base,
}

#[derive(Clone, Copy)]
enum Inline {
    /// In the making; with a definition if it has been met within itself.
    Running(Option<TypeId>),
    Done(TypeId),
}

/// What a schema is, before it is decided whether it needs a definition of its own.
pub(super) enum Built {
    Type(Type),
    Kind(TypeKind),
}

/// A schema where it is used.
#[derive(Clone)]
pub(super) struct Lowered {
    pub ty: Type,
    pub nullable: bool,
}

impl<'a> Lowering<'a> {
    /// Lowers every schema of the components, used or not, in the order of the document.
    pub(super) fn components(&mut self) {
        let spec = self.spec;
        for definition in &spec.definitions {
            self.referred(self.at(definition.schema), Origin::of(&definition.path), definition.span);
        }
        self.find_children();
        self.define_waiting();
    }

    /// The definition of what a `$ref` leads to.
    fn referred(&mut self, node: &'a Schema, origin: Origin, span: Span) -> TypeId {
        if let Some(id) = self.definition_of(node) {
            return id;
        }
        let id = self.place(node, origin, span);
        let nullable = self.allows_null(node);
        self.note(node, &Lowered { ty: Type::Named(id), nullable });
        self.definitions.referred.insert(node.id, id);
        self.definitions.waiting.push_back((id, node, Role::Whole));
        id
    }

    /// The definition that a schema has where a `$ref` leads to it.
    pub(super) fn definition_of(&self, node: &Schema) -> Option<TypeId> {
        self.definitions.referred.get(&node.id).copied()
    }

    /// The members that a schema itself has from which others inherit.
    pub(super) fn base(&mut self, node: &'a Schema, origin: &Origin) -> TypeId {
        if let Some(id) = self.definitions.bases.get(&node.id) {
            return *id;
        }
        let id = self.place(node, origin.then(Segment::Base), node.span);
        if let Some(definition) = self.types.get_mut(id.0) {
            definition.rust_name = None;
        }
        self.definitions.bases.insert(node.id, id);
        self.definitions.waiting.push_back((id, node, Role::Base));
        id
    }

    /// A definition whose shape is still to be found.
    fn place(&mut self, node: &Schema, origin: Origin, span: Span) -> TypeId {
        self.define(TypeDef {
            origin,
            rust_name: node.rust_name.as_deref().map(str::to_owned),
            doc: doc::doc(self.spec, node),
            kind: TypeKind::Alias(Type::Any),
            usage: Usage::default(),
            home: None,
            span,
        })
    }

    pub(super) fn set_kind(&mut self, id: TypeId, built: Built) {
        if let Some(definition) = self.types.get_mut(id.0) {
            definition.kind = match built {
                Built::Type(ty) => TypeKind::Alias(ty),
                Built::Kind(shape) => shape,
            };
        }
    }

    /// Gives every definition its shape. Not where it is met: references lead further than stacks.
    fn define_waiting(&mut self) {
        if std::mem::replace(&mut self.definitions.at_work, true) {
            return;
        }
        while let Some((id, node, role)) = self.definitions.waiting.pop_front() {
            let Some(definition) = self.types.get(id.0) else { continue };
            let mut origin = definition.origin.clone();
            let built = match role {
                Role::Whole => self.own(node, &origin),
                Role::Base => {
                    // Its inline types are named as if it were the whole.
                    origin.0.pop();
                    self.built_of(vec![Part::new(node, origin.clone())], Some(node), &origin)
                }
            };
            self.set_kind(id, built);
        }
        self.definitions.at_work = false;
        self.break_circles();
    }

    /// What a schema that a `$ref` leads to is.
    fn own(&mut self, node: &'a Schema, origin: &Origin) -> Built {
        match self.inheritance(node, origin) {
            Some(union) => union,
            None => self.built_of(vec![Part::new(node, origin.clone())], Some(node), origin),
        }
    }

    /// What all of several schemas are together; `whole` is the schema that they are parts of, if a `$ref` leads to it.
    pub(super) fn built_of(&mut self, schemas: Vec<Part<'a>>, whole: Option<&'a Schema>, origin: &Origin) -> Built {
        match self.operand(schemas, whole) {
            Operand::Nothing => Built::Type(Type::Any),
            // Who inherits, and adds nothing, has the members alone: all that inherit are no values of one of them.
            Operand::Reference(node) if is_heir(whole) && self.is_inherited_from(node) => {
                let mut parts = self.expanded(vec![Part::new(node, origin.clone())]);
                parts.nodes.extend(whole.map(|whole| whole.id));
                self.built(parts, origin)
            }
            Operand::Reference(node) => Built::Type(self.reference(node)),
            Operand::Parts(parts) => self.built(parts, origin),
        }
    }

    /// A schema where it is used: what needs a definition of its own gets one, named by `origin`.
    pub(super) fn schema(&mut self, node: &'a Schema, origin: Origin) -> Lowered {
        let lowered = self.every(vec![Part::new(node, origin.clone())], origin);
        self.define_waiting();
        lowered
    }

    /// The same where the place has no other way to say that a value may be `null`.
    pub(super) fn element(&mut self, node: &'a Schema, origin: Origin) -> Type {
        let lowered = self.schema(node, origin);
        lowered.present()
    }

    /// What all of several schemas are together, where that is used.
    pub(super) fn every(&mut self, schemas: Vec<Part<'a>>, origin: Origin) -> Lowered {
        let said = |part: &&Part<'a>| says_nothing(part.schema);
        // What says nothing else may still say that `null` is allowed.
        let nullable = schemas.iter().filter(said).any(|part| self.allows_null(part.schema))
            || (schemas.iter().any(|part| !says_nothing(part.schema))
                && schemas.iter().filter(|part| !said(part)).all(|part| self.allows_null(part.schema)));
        let alone = if let [only] = schemas.as_slice() { Some(only.schema) } else { None };
        let lowered = Lowered { ty: self.typed(schemas, origin), nullable };
        if let Some(node) = alone {
            self.note(node, &lowered);
        }
        lowered
    }

    /// Notes what a schema became.
    fn note(&mut self, node: &Schema, lowered: &Lowered) {
        self.schemas.push((node.span, lowered.clone().present()));
    }

    /// The type of what all of several schemas are together.
    pub(super) fn typed(&mut self, schemas: Vec<Part<'a>>, origin: Origin) -> Type {
        let nodes: Vec<&'a Schema> = schemas.iter().map(|part| part.schema).collect();
        if let [only] = schemas.as_slice()
            && only.is_scalar()
            && self.definition_of(only.schema).is_none()
            && let Built::Type(ty) = self.plain(&schemas, &origin)
        {
            return ty;
        }
        let parts = match self.operand(schemas, None) {
            Operand::Nothing => return Type::Any,
            Operand::Reference(node) => return self.reference(node),
            Operand::Parts(parts) => parts,
        };
        if let [only] = nodes.as_slice()
            && let Some(id) = self.definition_of(only)
        {
            return Type::Named(id);
        }
        let key = parts.key();
        match self.definitions.inline.get(&key).copied() {
            Some(Inline::Done(id) | Inline::Running(Some(id))) => return Type::Named(id),
            // What is narrowed contains what is narrowed in the same way.
            Some(Inline::Running(None)) => {
                let id = self.place_inline(&nodes, origin, TypeKind::Alias(Type::Any));
                self.definitions.inline.insert(key, Inline::Running(Some(id)));
                return Type::Named(id);
            }
            None => {}
        }
        if parts.list.len() > 1 && self.is_too_much(&nodes) {
            return Type::Any;
        }
        self.definitions.depth += 1;
        self.definitions.inline.insert(key.clone(), Inline::Running(None));
        let built = self.built(parts, &origin);
        self.definitions.depth -= 1;
        let met = match self.definitions.inline.remove(&key) {
            Some(Inline::Running(met)) => met,
            _ => None,
        };
        let id = match (met, built) {
            (Some(id), built) => {
                self.set_kind(id, built);
                id
            }
            (None, Built::Type(ty)) => return ty,
            (None, Built::Kind(shape)) => self.place_inline(&nodes, origin, shape),
        };
        self.definitions.inline.insert(key, Inline::Done(id));
        Type::Named(id)
    }

    /// Refuses schemas that narrow one another without an end, and says whether it did.
    fn is_too_much(&mut self, nodes: &[&'a Schema]) -> bool {
        self.definitions.narrowed += 1;
        let what = if self.definitions.narrowed > MOST_NARROWED.0 && self.definitions.narrowed > self.most_narrowed() {
            "schemas narrow each other too often"
        } else if self.definitions.depth >= MAX_DEPTH {
            "schemas narrow each other too deeply"
        } else {
            return false;
        };
        // Once is enough: what follows is more of the same.
        if !std::mem::replace(&mut self.definitions.refused, true) {
            let span = nodes.last().map_or(self.spec.span, |node| node.span);
            self.diagnostics.push(Diagnostic::error(Code::Limit, span, what));
        }
        true
    }

    /// How many types may be made of several schemas in this document.
    fn most_narrowed(&mut self) -> usize {
        let (in_any, for_each) = MOST_NARROWED;
        let spec = self.spec;
        let most = || {
            let combines = |schema: &&Schema| Combination::ALL.iter().any(|keyword| !keyword.of(schema).is_empty());
            let combining = spec.schemas.iter().filter(combines).count();
            in_any + for_each * (spec.definitions.len() + combining)
        };
        *self.definitions.most_narrowed.get_or_insert_with(most)
    }

    pub(super) fn place_inline(&mut self, nodes: &[&'a Schema], origin: Origin, shape: TypeKind) -> TypeId {
        let last = nodes.last().copied();
        self.define(TypeDef {
            // On a property, it names the property.
            rust_name: match origin.0.last() {
                Some(Segment::Property(_)) => None,
                _ => last.and_then(|node| node.rust_name.as_deref()).map(str::to_owned),
            },
            origin,
            doc: doc::of_all(self.spec, nodes),
            kind: shape,
            usage: Usage::default(),
            home: None,
            span: last.map_or(self.spec.span, |node| node.span),
        })
    }

    /// The type that a `$ref` names.
    pub(super) fn reference(&mut self, schema: &'a Schema) -> Type {
        let Some(target) = self.schema_target(schema) else { return Type::Any };
        // What has been met where it stands has its definition.
        if let Some(Inline::Done(id)) = self.definitions.inline.get(&Part::alone(target)) {
            return Type::Named(*id);
        }
        Type::Named(self.referred(target, self.origin_of(target), target.span))
    }

    /// The definition that the `$ref` of a schema leads to.
    pub(super) fn schema_target(&self, schema: &Schema) -> Option<&'a Schema> {
        schema.reference.map(|target| self.at(target))
    }

    /// The position of a definition.
    pub(super) fn origin_of(&self, target: &Schema) -> Origin {
        let definition = self.definition_of(target).and_then(|id| self.types.get(id.0));
        definition.map_or_else(|| Origin(Vec::new()), |definition| definition.origin.clone())
    }

    /// The schema, or the final target of its reference.
    pub(super) fn resolved_schema(&self, schema: &'a Schema) -> &'a Schema {
        let mut schema = schema;
        for _ in 0..LONGEST_CHAIN {
            match self.schema_target(schema) {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }

    /// Whether `null` is a value of the schema, by itself or by what it refers to.
    pub(super) fn allows_null(&self, node: &'a Schema) -> bool {
        self.null_within(node, 0, &mut HashMap::new())
    }

    /// The same of a part of a schema; `known` has the parts that have been asked, those that are being asked with `false`:
    /// many ways may lead to one part.
    fn null_within(&self, schema: &'a Schema, depth: usize, known: &mut HashMap<SchemaId, bool>) -> bool {
        let schema = self.resolved_schema(schema);
        if schema.nullable || schema.values().iter().any(|value| value.kind == NodeKind::Null) {
            return true;
        }
        let is_combined = !schema.all_of.is_empty() || schema.variants().next().is_some();
        if depth == DEEPEST_COMBINATION || !is_combined {
            return false;
        }
        if let Some(known) = known.get(&schema.id) {
            return *known;
        }
        known.insert(schema.id, false);
        // One arm that allows it is enough; of parts, each must.
        let parts = schema.all_of.iter().map(|part| self.at(*part));
        let mut parts = parts.filter(|part| !says_nothing(part)).peekable();
        let mut deeper = |part: &'a Schema| self.null_within(part, depth + 1, known);
        let allows = schema.variants().map(|variant| self.at(variant)).any(&mut deeper)
            || (parts.peek().is_some() && schema.types.is_unspecified() && parts.all(&mut deeper));
        known.insert(schema.id, allows);
        allows
    }
}

impl Lowered {
    /// The type of a value that is there, which may be `null`.
    pub(super) fn present(self) -> Type {
        if self.nullable && self.ty != Type::Any { Type::Nullable(Box::new(self.ty)) } else { self.ty }
    }
}

/// Whether a schema has another for a part, and is not only another name of it.
fn is_heir(whole: Option<&Schema>) -> bool {
    whole.is_some_and(|schema| schema.reference.is_none() && !schema.all_of.is_empty())
}
