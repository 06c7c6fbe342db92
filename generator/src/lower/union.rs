//! `oneOf` and `anyOf`: how a value is told to belong to an arm.
//!
//! Decided by rule where one holds: by JSON type, by the discriminator, by a member that only one arm has, by a member's
//! value that only one arm allows. Where none does, the arms are tried in order, and the documentation says so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use openapiv3::{ReferenceOr, Schema};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Arm, JsonKind, Object, Origin, Presence, Segment, Shape, Test, Type, TypeDef, Union, Variant};
use crate::source::Node;

use super::Lowering;
use super::located::{Located, SchemaAt};
use super::reference::component_name;
use super::schema::Built;

impl<'a> Lowering<'a> {
    pub(super) fn union(
        &mut self,
        schema: Located<'a, Schema>,
        key: &str,
        arms: &'a [ReferenceOr<Schema>],
        origin: &Origin,
    ) -> Built {
        let nodes = schema.node.get(key).map(Node::elements).unwrap_or_default();
        if arms.is_empty() {
            let at = schema.node.get(key).unwrap_or(schema.node).span;
            self.diagnostics.push(Diagnostic::error(
                Code::InvalidValue,
                at,
                format!("`{key}` has no schemas: no value can be"),
            ));
            return Built::Type(Type::Any);
        }
        if let ([node], [arm]) = (nodes, arms) {
            return self.build(SchemaAt::new(node, arm), origin);
        }
        let discriminator = schema.node.get("discriminator");
        let mut variants = Vec::with_capacity(arms.len());
        for (position, (node, arm)) in nodes.iter().zip(arms).enumerate() {
            let label = node.get("title").and_then(Node::as_str).map(str::to_owned);
            let segment = Segment::Arm(arm_segment(nodes, position, label.as_deref()));
            let ty = self.element(SchemaAt::new(node, arm), origin.then(segment));
            // Which arm is meant is all that `null` leaves open; the place itself says that it may be `null`.
            let ty = if let Type::Nullable(inner) = ty { *inner } else { ty };
            let test = discriminator
                .and_then(|discriminator| discriminated(discriminator, node))
                .unwrap_or(Test::Trial(Vec::new()));
            variants.push(Variant { ty, label, test, span: node.span });
        }
        Built::Shape(Shape::Union(Union { variants }))
    }
}

/// What an inline arm's own type is called by.
fn arm_segment(nodes: &[Node], position: usize, title: Option<&str>) -> Arm {
    let kind = |node: &Node| node.get("type").and_then(Node::as_str).map(str::to_owned);
    let own = nodes.get(position).and_then(kind);
    match (title, own) {
        (Some(title), _) => Arm::Title(title.to_owned()),
        (None, Some(own)) if nodes.iter().filter_map(kind).filter(|other| *other == own).count() == 1 => Arm::Kind(own),
        _ => Arm::Position(position + 1),
    }
}

/// The values of the discriminator that name this arm: those that the mapping gives it, and its own name.
fn discriminated(discriminator: &Node, arm: &Node) -> Option<Test> {
    let property = discriminator.get("propertyName")?.as_str()?;
    let reference = arm.get("$ref")?.as_str()?;
    let name = component_name(reference, "schemas")?;
    let mapping = discriminator.get("mapping").map(Node::entries).unwrap_or_default();
    let mapped = mapping.iter().filter(|entry| {
        let target = entry.value.as_str().unwrap_or_default();
        target == reference || target == name
    });
    let mut values: Vec<String> = mapped.map(|entry| entry.key.clone()).collect();
    let taken = mapping.iter().any(|entry| entry.key == name);
    if !taken && !values.contains(&name) {
        values.push(name);
    }
    // Where the mapping gives all its values to others, the discriminator says nothing of this arm.
    (!values.is_empty()).then(|| Test::MemberValue(property.to_owned(), values))
}

impl Lowering<'_> {
    /// Refuses unions that have themselves for an arm: no value tells how often to look again.
    pub(super) fn check_unions(&mut self) {
        for index in 0..self.types.len() {
            let Some(TypeDef { shape: Shape::Union(union), .. }) = self.types.get(index) else { continue };
            let around = union.variants.iter().find(|variant| leads_to(&self.types, &variant.ty, index));
            if let Some(at) = around.map(|variant| variant.span) {
                self.diagnostics.push(Diagnostic::error(Code::RefCycle, at, "this arm leads back to its union itself"));
            }
        }
    }
}

/// Whether a value of `ty` is one of the union `target` already, with nothing between.
fn leads_to(types: &[TypeDef], ty: &Type, target: usize) -> bool {
    let mut waiting = vec![ty];
    let mut seen = BTreeSet::new();
    while let Some(ty) = waiting.pop() {
        match ty {
            Type::Nullable(inner) => waiting.push(inner),
            Type::Named(id) if id.0 == target => return true,
            Type::Named(id) if seen.insert(id.0) => match types.get(id.0).map(|definition| &definition.shape) {
                Some(Shape::Alias(inner)) => waiting.push(inner),
                Some(Shape::Union(union)) => waiting.extend(union.variants.iter().map(|variant| &variant.ty)),
                _ => {}
            },
            _ => {}
        }
    }
    false
}

/// Gives every arm that no discriminator names its test, now that all types are known.
pub(super) fn decide(types: &mut [TypeDef]) {
    let all_kinds = kinds_of_all(types);
    let mut decided = Vec::new();
    for (index, definition) in types.iter().enumerate() {
        if let Shape::Union(union) = &definition.shape {
            decided.push((index, tests(types, &all_kinds, union)));
        }
    }
    for (index, tests) in decided {
        if let Some(TypeDef { shape: Shape::Union(union), .. }) = types.get_mut(index) {
            for (variant, test) in union.variants.iter_mut().zip(tests) {
                variant.test = test;
            }
        }
    }
}

fn tests(types: &[TypeDef], all_kinds: &[BTreeSet<JsonKind>], union: &Union) -> Vec<Test> {
    let kinds: Vec<BTreeSet<JsonKind>> = union.variants.iter().map(|variant| kinds(all_kinds, &variant.ty)).collect();
    let mut arms_of_kind: BTreeMap<JsonKind, usize> = BTreeMap::new();
    for kind in kinds.iter().flatten() {
        *arms_of_kind.entry(*kind).or_default() += 1;
    }
    let alone = |kinds: &BTreeSet<JsonKind>| kinds.iter().all(|kind| arms_of_kind.get(kind) == Some(&1));
    let objects: Vec<Option<&Object>> = union.variants.iter().map(|variant| variant.ty.object(types)).collect();
    let marks = Marks::of(types, &objects);
    let mut tests: Vec<Test> = union
        .variants
        .iter()
        .zip(&kinds)
        .zip(&objects)
        .map(|((variant, kinds), object)| match &variant.test {
            Test::MemberValue(..) => variant.test.clone(),
            _ if alone(kinds) => Test::Kind(kinds.iter().copied().collect()),
            _ => telltale(types, &marks, *object).unwrap_or_else(|| Test::Trial(kinds.iter().copied().collect())),
        })
        .collect();
    // One arm of an overlap can do without a mark of its own, if all the others have one.
    let undecided: Vec<usize> =
        (0..tests.len()).filter(|position| matches!(tests.get(*position), Some(Test::Trial(_)))).collect();
    if let [only] = undecided.as_slice()
        && let Some(test) = tests.get_mut(*only)
        && let Test::Trial(kinds) = test
    {
        *test = Test::Otherwise(std::mem::take(kinds));
    }
    tests
}

/// What the objects among the arms of a union have, each thing counted once an arm.
struct Marks<'a> {
    /// The arms that are objects.
    objects: usize,
    /// Those of them that may have any members.
    open: usize,
    /// How many have a member of that name.
    members: HashMap<&'a str, usize>,
    /// How many have a member of that name that allows known texts alone, and how many of those allow each text.
    texts: HashMap<&'a str, (usize, HashMap<&'a str, usize>)>,
}

impl<'a> Marks<'a> {
    fn of(types: &'a [TypeDef], objects: &[Option<&'a Object>]) -> Self {
        let mut marks = Self { objects: 0, open: 0, members: HashMap::new(), texts: HashMap::new() };
        for object in objects.iter().copied().flatten() {
            marks.objects += 1;
            marks.open += usize::from(object.members.is_empty());
            for member in &object.members {
                *marks.members.entry(&member.name).or_default() += 1;
                let Some(allowed) = texts(types, &member.ty) else { continue };
                let (arms, counts) = marks.texts.entry(&member.name).or_default();
                *arms += 1;
                allowed.for_each(|text| *counts.entry(text).or_default() += 1);
            }
        }
        marks
    }
}

/// A required member that tells this arm's objects from those of all other arms.
fn telltale(types: &[TypeDef], marks: &Marks<'_>, own: Option<&Object>) -> Option<Test> {
    let own = own?;
    // Another arm that is an object of any members could have this one too.
    if marks.open > usize::from(own.members.is_empty()) {
        return None;
    }
    let required =
        || own.members.iter().filter(|member| matches!(member.presence, Presence::Required | Presence::Nullable));
    if let Some(member) = required().find(|member| marks.members.get(member.name.as_str()) == Some(&1)) {
        return Some(Test::Member(member.name.clone()));
    }
    required().find_map(|member| {
        let (arms, counts) = marks.texts.get(member.name.as_str()).filter(|(arms, _)| *arms == marks.objects)?;
        let values: Vec<String> = texts(types, &member.ty)?.map(str::to_owned).collect();
        let alone = *arms > 0 && values.iter().all(|value| counts.get(value.as_str()) == Some(&1));
        alone.then(|| Test::MemberValue(member.name.clone(), values))
    })
}

/// The texts that an enum allows.
fn texts<'a>(types: &'a [TypeDef], ty: &Type) -> Option<impl Iterator<Item = &'a str>> {
    match &ty.definition(types)?.shape {
        Shape::StringEnum(values) => Some(values.values.iter().map(|value| value.value.as_str())),
        _ => None,
    }
}

/// The JSON types that values of each defined type may have.
///
/// Unions of unions share their arms, so each type is asked once: what it has got is handed on to those that are made of it,
/// until nothing new comes.
fn kinds_of_all(types: &[TypeDef]) -> Vec<BTreeSet<JsonKind>> {
    let mut all: Vec<BTreeSet<JsonKind>> = Vec::with_capacity(types.len());
    let mut made_of_it: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    for (index, definition) in types.iter().enumerate() {
        let parts: Vec<&Type> = match &definition.shape {
            Shape::Alias(inner) => vec![inner],
            Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Shape::Object(_) | Shape::StringEnum(_) | Shape::IntegerEnum(_) => Vec::new(),
        };
        let own = match &definition.shape {
            Shape::Object(_) => BTreeSet::from([JsonKind::Object]),
            Shape::StringEnum(_) => BTreeSet::from([JsonKind::String]),
            Shape::IntegerEnum(_) => BTreeSet::from([JsonKind::Integer]),
            Shape::Alias(_) | Shape::Union(_) => parts.iter().flat_map(|part| kinds(&[], part)).collect(),
        };
        all.push(own);
        for part in parts {
            if let Type::Named(id) = present(part)
                && let Some(others) = made_of_it.get_mut(id.0)
            {
                others.push(index);
            }
        }
    }
    let mut waiting: Vec<usize> = (0..types.len()).collect();
    while let Some(index) = waiting.pop() {
        let Some(known) = all.get(index).cloned() else { continue };
        for other in made_of_it.get(index).into_iter().flatten() {
            let Some(others) = all.get_mut(*other) else { continue };
            let before = others.len();
            others.extend(&known);
            if others.len() > before {
                waiting.push(*other);
            }
        }
    }
    all
}

/// The type of a value that is not `null`.
fn present(ty: &Type) -> &Type {
    match ty {
        Type::Nullable(inner) => present(inner),
        ty => ty,
    }
}

/// The JSON types that values of `ty` may have, by those of the defined types.
fn kinds(all: &[BTreeSet<JsonKind>], ty: &Type) -> BTreeSet<JsonKind> {
    use JsonKind::{Array, Boolean, Integer, Number, Object, String};
    match present(ty) {
        Type::Any => BTreeSet::from([Boolean, Integer, Number, String, Array, Object]),
        Type::AnyObject | Type::Map(_) => BTreeSet::from([Object]),
        Type::String | Type::Secret | Type::Date | Type::DateTime => BTreeSet::from([String]),
        Type::Boolean => BTreeSet::from([Boolean]),
        Type::Integer(_) => BTreeSet::from([Integer]),
        Type::Number => BTreeSet::from([Integer, Number]),
        Type::Array(_) => BTreeSet::from([Array]),
        Type::Nullable(_) => BTreeSet::new(),
        Type::Named(id) => all.get(id.0).cloned().unwrap_or_default(),
    }
}
