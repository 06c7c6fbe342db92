//! Lowers schemas to types.
//!
//! Often several schemas specify one type: the schemas of an `allOf`, and the targets of references.

use std::collections::{HashMap, VecDeque};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Origin, Segment, Type, TypeDef, TypeId, TypeKind, Usage};
use crate::source::Span;
use crate::spec::{Schema, SchemaId, ValueKind};
use crate::validate::MAX_SCHEMA_CHAIN;

use super::Lowering;
use super::doc::{self, only_annotates};
use super::parts::{Combination, Operand, Part, PartKey};

/// The maximum depth of combined schemas that are searched for `null`, because schemas may contain themselves.
const MAX_COMBINATION: usize = 64;

/// The maximum depth of types that are merged from several schemas and contain each other.
const MAX_DEPTH: usize = 64;

/// The maximum number of types that are merged from several schemas: a base number, and a number that is added for each
/// definition and for each schema that combines others. Without a maximum, unions of unions could grow exponentially.
const MAX_MERGED: (usize, usize) = (1_000, 20);

/// The types that were created, by their schemas.
#[derive(Default)]
pub(super) struct Definitions<'a> {
    /// The types of definitions.
    referred: HashMap<SchemaId, TypeId>,
    /// For each schema that others inherit from, the type with only the properties of this schema.
    bases: HashMap<SchemaId, TypeId>,
    /// The types of inline schemas, by all parts that they are merged from.
    inline: HashMap<Vec<PartKey>, Inline>,
    /// The inline enums with names of their own (`x-ms-enum`), by name.
    pub(super) named_enums: HashMap<String, Vec<TypeId>>,
    /// Types whose kind is not determined yet.
    waiting: VecDeque<(TypeId, &'a Schema, Role)>,
    /// Whether the waiting types are being processed.
    is_defining: bool,
    /// For each type, the index of the type whose chain of aliases led to it first.
    pub(super) followed: Vec<Option<usize>>,
    /// The current depth of merged types.
    depth: usize,
    /// The number of types that were merged from several schemas.
    merged: usize,
    /// The maximum of `merged`, once it is computed.
    max_merged: Option<usize>,
    /// Whether an exceeded limit was already reported.
    refused: bool,
}

#[derive(Clone, Copy)]
enum Role {
    Whole,
    Base,
}

#[derive(Clone, Copy)]
enum Inline {
    /// The type is being created. Contains its ID if the type contains itself.
    Running(Option<TypeId>),
    Done(TypeId),
}

/// A type, or the kind of a type that needs a definition.
pub(super) enum Built {
    Type(Type),
    Kind(TypeKind),
}

/// The type of a schema at the place where it is used.
#[derive(Clone)]
pub(super) struct Lowered {
    pub ty: Type,
    pub nullable: bool,
}

impl<'a> Lowering<'a> {
    /// Lowers all definitions of the document, including unused ones, in their order.
    pub(super) fn components(&mut self) {
        let spec = self.spec;
        for definition in &spec.definitions {
            self.referred(self.at(definition.schema), Origin::of(&definition.path), definition.span);
        }
        self.find_children();
        self.define_waiting();
    }

    /// Returns the type of a definition of the document.
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

    /// Returns the type of a schema that is a definition of the document.
    pub(super) fn definition_of(&self, node: &Schema) -> Option<TypeId> {
        self.definitions.referred.get(&node.id).copied()
    }

    /// Returns the type with only the properties of a schema that others inherit from.
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

    /// Adds a type whose kind is determined later.
    fn place(&mut self, node: &Schema, origin: Origin, span: Span) -> TypeId {
        self.define(TypeDef {
            origin,
            also: Vec::new(),
            rust_name: node.rust_name.as_deref().map(str::to_owned),
            enum_name: node.values.as_ref().and_then(|values| values.name.clone()),
            doc: doc::doc(self.spec, node),
            kind: TypeKind::Alias(Type::Any),
            usage: Usage::default(),
            home: None,
            is_left_out: false,
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

    /// Determines the kinds of all waiting types. This is not done when a reference is found, because chains of
    /// references can be longer than the stack allows.
    fn define_waiting(&mut self) {
        if std::mem::replace(&mut self.definitions.is_defining, true) {
            return;
        }
        while let Some((id, node, role)) = self.definitions.waiting.pop_front() {
            let Some(definition) = self.types.get(id.0) else { continue };
            let mut origin = definition.origin.clone();
            let built = match role {
                Role::Whole => self.own(node, &origin),
                Role::Base => {
                    // Inline types are named after the schema itself.
                    origin.0.pop();
                    self.built_of(vec![Part::new(node, origin.clone())], Some(node), &origin)
                }
            };
            self.set_kind(id, built);
        }
        self.definitions.is_defining = false;
        self.break_cycles();
    }

    /// Lowers a definition of the document.
    fn own(&mut self, node: &'a Schema, origin: &Origin) -> Built {
        if let Some(external) = self.external_by_name(node) {
            return Built::Type(external);
        }
        match self.inheritance(node, origin) {
            Some(union) => union,
            None => self.built_of(vec![Part::new(node, origin.clone())], Some(node), origin),
        }
    }

    /// Merges several schemas into one type. `whole` is the definition that they belong to, if any.
    pub(super) fn built_of(&mut self, schemas: Vec<Part<'a>>, whole: Option<&'a Schema>, origin: &Origin) -> Built {
        match self.operand(schemas, whole) {
            Operand::Nothing => Built::Type(Type::Any),
            // A subtype that adds nothing has only the properties of the parent: a value of another subtype is not a
            // value of this one.
            Operand::Reference(node) if has_parent(whole) && self.is_inherited_from(node) => {
                let mut parts = self.expanded(vec![Part::new(node, origin.clone())]);
                parts.nodes.extend(whole.map(|whole| whole.id));
                self.built(parts, origin)
            }
            Operand::Reference(node) => Built::Type(self.reference(node)),
            Operand::Parts(parts) => self.built(parts, origin),
        }
    }

    /// Lowers a schema at the place where it is used. Types that need a definition are named after `origin`.
    pub(super) fn schema(&mut self, node: &'a Schema, origin: Origin) -> Lowered {
        let lowered = self.every(vec![Part::new(node, origin.clone())], origin);
        self.define_waiting();
        lowered
    }

    /// Lowers a schema at a place without [`Presence`](crate::ir::Presence), where the type expresses `null`.
    pub(super) fn element(&mut self, node: &'a Schema, origin: Origin) -> Type {
        let lowered = self.schema(node, origin);
        lowered.present()
    }

    /// Lowers several schemas of one value at the place where it is used.
    pub(super) fn every(&mut self, schemas: Vec<Part<'a>>, origin: Origin) -> Lowered {
        let said = |part: &&Part<'a>| only_annotates(part.schema);
        // A schema with only annotations can allow `null` too.
        let nullable = schemas.iter().filter(said).any(|part| self.allows_null(part.schema))
            || (schemas.iter().any(|part| !only_annotates(part.schema))
                && schemas.iter().filter(|part| !said(part)).all(|part| self.allows_null(part.schema)));
        let alone = if let [only] = schemas.as_slice() { Some(only.schema) } else { None };
        let lowered = Lowered { ty: self.typed(schemas, origin), nullable };
        if let Some(node) = alone {
            self.note(node, &lowered);
        }
        lowered
    }

    /// Records the type of a schema.
    fn note(&mut self, node: &Schema, lowered: &Lowered) {
        self.schemas.push((node.span, lowered.clone().present()));
    }

    /// Returns the type of a value that several schemas specify.
    pub(super) fn typed(&mut self, schemas: Vec<Part<'a>>, origin: Origin) -> Type {
        let nodes: Vec<&'a Schema> = schemas.iter().map(|part| part.schema).collect();
        let is_whole = schemas.iter().all(Part::is_whole);
        if let [only] = schemas.as_slice()
            && only.is_scalar()
            && (!is_whole || self.definition_of(only.schema).is_none())
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
            && is_whole
            && let Some(id) = self.definition_of(only)
        {
            return Type::Named(id);
        }
        let key = parts.key();
        match self.definitions.inline.get(&key).copied() {
            Some(Inline::Done(id) | Inline::Running(Some(id))) => return Type::Named(id),
            // The type contains itself.
            Some(Inline::Running(None)) => {
                let id = self.place_inline(&nodes, origin, TypeKind::Alias(Type::Any));
                self.definitions.inline.insert(key, Inline::Running(Some(id)));
                return Type::Named(id);
            }
            None => {}
        }
        if parts.list.len() > 1 && self.exceeds_limit(&nodes) {
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

    /// Returns whether too many types are merged from several schemas, which is reported once.
    fn exceeds_limit(&mut self, nodes: &[&'a Schema]) -> bool {
        self.definitions.merged += 1;
        let what = if self.definitions.merged > MAX_MERGED.0 && self.definitions.merged > self.max_merged() {
            "the document has too many types that are merged from several schemas"
        } else if self.definitions.depth >= MAX_DEPTH {
            "types that are merged from several schemas are nested too deeply"
        } else {
            return false;
        };
        // Further reports would have the same cause.
        if !std::mem::replace(&mut self.definitions.refused, true) {
            let span = nodes.last().map_or(self.spec.span, |node| node.span);
            self.diagnostics.push(Diagnostic::error(Code::Limit, span, what));
        }
        true
    }

    /// Returns the maximum number of types that are merged from several schemas.
    fn max_merged(&mut self) -> usize {
        let (in_any, for_each) = MAX_MERGED;
        let spec = self.spec;
        let most = || {
            let combines = |schema: &&Schema| Combination::ALL.iter().any(|keyword| !keyword.of(schema).is_empty());
            let combining = spec.schemas.iter().filter(combines).count();
            in_any + for_each * (spec.definitions.len() + combining)
        };
        *self.definitions.max_merged.get_or_insert_with(most)
    }

    pub(super) fn place_inline(&mut self, nodes: &[&'a Schema], origin: Origin, shape: TypeKind) -> TypeId {
        let last = nodes.last().copied();
        let enum_name = last.and_then(|node| node.values.as_ref()?.name.clone());
        if let Some(id) = enum_name.as_ref().and_then(|name| self.enum_named(name, &shape)) {
            return id;
        }
        let id = self.define(TypeDef {
            // On a property, `x-rust-name` is the name of the field.
            rust_name: match origin.0.last() {
                Some(Segment::Property(_)) => None,
                _ => last.and_then(|node| node.rust_name.as_deref()).map(str::to_owned),
            },
            enum_name,
            origin,
            also: Vec::new(),
            doc: doc::of_all(self.spec, nodes),
            kind: shape,
            usage: Usage::default(),
            home: None,
            is_left_out: false,
            span: last.map_or(self.spec.span, |node| node.span),
        });
        if let Some(name) = self.types.get(id.0).and_then(|definition| definition.enum_name.clone()) {
            self.definitions.named_enums.entry(name).or_default().push(id);
        }
        id
    }

    /// Returns the type of the target of a reference.
    pub(super) fn reference(&mut self, schema: &'a Schema) -> Type {
        let Some(target) = self.schema_target(schema) else { return Type::Any };
        // The target may have been lowered as an inline schema.
        if let Some(Inline::Done(id)) = self.definitions.inline.get(&Part::alone(target)) {
            return Type::Named(*id);
        }
        Type::Named(self.referred(target, self.origin_of(target), target.span))
    }

    /// Returns the target of the reference of a schema.
    pub(super) fn schema_target(&self, schema: &Schema) -> Option<&'a Schema> {
        schema.reference.map(|target| self.at(target))
    }

    /// Returns the position of a definition.
    pub(super) fn origin_of(&self, target: &Schema) -> Origin {
        let definition = self.definition_of(target).and_then(|id| self.types.get(id.0));
        definition.map_or_else(|| Origin(Vec::new()), |definition| definition.origin.clone())
    }

    /// Returns the schema, or the final target of its reference.
    pub(super) fn resolved_schema(&self, schema: &'a Schema) -> &'a Schema {
        let mut schema = schema;
        for _ in 0..MAX_SCHEMA_CHAIN {
            match self.schema_target(schema) {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }

    /// Returns whether `null` is a value of the schema or of the target of its reference.
    pub(super) fn allows_null(&self, node: &'a Schema) -> bool {
        self.null_within(node, 0, &mut HashMap::new())
    }

    /// Implements [`allows_null`](Self::allows_null) for a part of a schema. `known` contains the results for visited
    /// schemas, because several paths can lead to the same schema. Schemas whose result is not known yet count as
    /// `false`.
    fn null_within(&self, schema: &'a Schema, depth: usize, known: &mut HashMap<SchemaId, bool>) -> bool {
        let schema = self.resolved_schema(schema);
        let has_null = schema.nullable || schema.values().iter().any(|value| value.kind == ValueKind::Null);
        // Beside an `allOf`, a type is only one of several conditions.
        let is_condition = schema.null_in_type && !self.lenient;
        let is_combined = !schema.all_of.is_empty() || schema.variants().next().is_some();
        if has_null && !is_condition || depth == MAX_COMBINATION || !is_combined {
            return has_null;
        }
        if let Some(known) = known.get(&schema.id) {
            return *known;
        }
        known.insert(schema.id, false);
        let all_allow = |known: &mut HashMap<SchemaId, bool>| self.parts_allow_null(schema, depth, known);
        // One variant that allows `null` is sufficient. Of the schemas of an `allOf`, each must allow it.
        let allows = if is_condition {
            all_allow(known)
        } else {
            schema.variants().any(|variant| self.null_within(self.at(variant), depth + 1, known))
                || schema.types.is_unspecified()
                    && schema.all_of.iter().any(|part| !only_annotates(self.at(*part)))
                    && all_allow(known)
        };
        known.insert(schema.id, allows);
        allows
    }

    /// Returns whether each schema of an `allOf` allows `null`, or only annotates.
    fn parts_allow_null(&self, schema: &'a Schema, depth: usize, known: &mut HashMap<SchemaId, bool>) -> bool {
        let mut parts = schema.all_of.iter().map(|part| self.at(*part)).filter(|part| !only_annotates(part));
        parts.all(|part| self.null_within(part, depth + 1, known))
    }

    /// Reports each `null` in a `type` that has no effect, because a schema of the `allOf` next to the `type` excludes
    /// `null`, e.g. the target of a `$ref`.
    pub(super) fn check_null_in_types(&mut self) {
        let spec = self.spec;
        let mut known = HashMap::new();
        for schema in spec.schemas.iter().filter(|schema| schema.null_in_type) {
            if self.parts_allow_null(schema, 0, &mut known) {
                continue;
            }
            let span = schema.types_span.unwrap_or(schema.span);
            let message =
                "`null` in `type` has no effect, because another schema that applies to the value does not allow it";
            let (assumed, help) = if self.lenient {
                ("assumed to be allowed", "with `--lenient`, the generator accepts `null` here")
            } else {
                ("has no effect", "if `null` is a value, write `anyOf: [{$ref: …}, {type: 'null'}]` instead")
            };
            self.diagnostics.push(Diagnostic::warning(Code::NoEffect, span, message).label(assumed).help(help));
        }
    }
}

impl Lowered {
    /// Returns the type of a value that is present and may be `null`.
    pub(super) fn present(self) -> Type {
        if self.nullable && self.ty != Type::Any { Type::Nullable(Box::new(self.ty)) } else { self.ty }
    }
}

/// Returns whether a schema has an `allOf`.
fn has_parent(whole: Option<&Schema>) -> bool {
    whole.is_some_and(|schema| schema.reference.is_none() && !schema.all_of.is_empty())
}
