//! `oneOf` and `anyOf`: how a value is told to belong to an arm.
//!
//! Decided by rule where one holds: by JSON type, by the discriminator, by a member that only one arm has, by a member's
//! value that only one arm allows. Where none does, the arms are tried in order, and the documentation says so.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Arm, JsonKind, Object, Origin, Presence, Segment, Shape, Test, Type, TypeDef, Union, Variant};
use crate::source::Node;

use super::Lowering;
use super::doc::{is_condition, says_nothing};
use super::parts::{Operand, Part, Parts};
use super::schema::Built;
use super::value::Kind;

/// The alternatives that a value is split by.
pub(super) struct Split<'a> {
    /// The part that has them.
    part: usize,
    key: &'static str,
    arms: Vec<&'a Node>,
}

impl<'a> Lowering<'a> {
    /// The first alternatives among parts that make a difference to the type.
    pub(super) fn split(&mut self, parts: &Parts<'a>) -> Option<Split<'a>> {
        for (position, part) in parts.list.iter().enumerate() {
            for key in ["oneOf", "anyOf"] {
                let Some(list) = part.get(key) else { continue };
                let arms = list.elements();
                if arms.is_empty() {
                    let message = format!("`{key}` has no schemas: no value can be");
                    self.fault(Diagnostic::error(Code::InvalidValue, list.span, message), "passes over it");
                    continue;
                }
                // What is asked of the members of an object besides is documented.
                let is_taken = parts.taken.contains(&(std::ptr::from_ref(part.node), key));
                if arms.iter().all(is_condition) || is_taken || self.is_decided(part, arms, parts) {
                    continue;
                }
                // `null` is said by the place, and no arm.
                let values: Vec<&'a Node> = arms.iter().filter(|arm| !is_null(arm)).collect();
                let arms = if values.is_empty() { arms.iter().collect() } else { values };
                return Some(Split { part: position, key, arms });
            }
        }
        None
    }

    /// Whether the value is known to be of one of the arms: a part of a base that lists its heirs as alternatives.
    fn is_decided(&self, part: &Part<'a>, arms: &'a [Node], parts: &Parts<'a>) -> bool {
        let mut targets = arms.iter().filter_map(|arm| self.schema_target(arm));
        targets.any(|target| !std::ptr::eq(target, part.node) && parts.nodes.contains(&std::ptr::from_ref(target)))
    }

    /// A value of one of several types; what stands beside the alternatives is asked of each of them.
    pub(super) fn union(&mut self, parts: Parts<'a>, split: Split<'a>, origin: &Origin) -> Built {
        let Split { part: position, key, arms } = split;
        let whole = parts.list.get(position).map(|part| part.node);
        let mut rest = parts.list;
        if let Some(part) = rest.get_mut(position) {
            *part = part.clone().without(key);
        }
        rest.retain(Part::shapes);
        if rest.iter().all(|part| part.bare_kind() == Some(Kind::String))
            && let Some(list) = whole.and_then(|node| node.get(key)).filter(|list| list.elements().len() == arms.len())
            && let Some(texts) = self.enum_of_alternatives(list.elements())
        {
            return texts;
        }
        let fitting: Vec<&'a Node> = arms.iter().copied().filter(|arm| self.fits(arm, &rest)).collect();
        // Where nothing fits, that is said of the first.
        let arms = if fitting.is_empty() { arms } else { fitting };
        if let [only] = arms.as_slice() {
            let arm = Part::new(only, origin.clone());
            return match self.operand(rest.into_iter().chain([arm]).collect(), None) {
                Operand::Nothing => Built::Type(Type::Any),
                Operand::Reference(node) => Built::Type(self.reference(node)),
                // Met again, these alternatives ask for nothing new; so a circle of such schemas comes to its end.
                Operand::Parts(mut together) => {
                    together.taken = parts.taken;
                    together.taken.extend(whole.map(|node| (std::ptr::from_ref(node), key)));
                    self.built(together, origin)
                }
            };
        }
        let discriminator = whole.and_then(|node| node.get("discriminator"));
        let marks = self.marks(&arms);
        let mut variants: Vec<Variant> = Vec::with_capacity(arms.len());
        for (position, node) in arms.iter().copied().enumerate() {
            let label = node.get("title").and_then(Node::as_str).map(str::to_owned);
            let name = self.schema_target(node).and_then(|target| self.name_of(target));
            let segment = match (&label, name.or(marks.get(position).copied())) {
                (None, Some(name)) => Arm::Title(name.to_owned()),
                _ => arm_segment(&arms, position, label.as_deref()),
            };
            let own = origin.then(Segment::Arm(segment));
            let arm = Part::new(node, own.clone());
            // Which arm is meant is all that `null` leaves open; the place itself says that it may be `null`.
            let ty = if rest.is_empty() || self.implies(&arm, &rest) {
                self.typed(vec![arm], own)
            } else {
                self.typed(rest.iter().cloned().chain([arm]).collect(), own)
            };
            // Two arms that are one type are one arm: no value tells them apart.
            if variants.iter().any(|variant| variant.ty == ty) {
                continue;
            }
            let test = discriminator
                .and_then(|discriminator| self.discriminated(discriminator, node))
                .unwrap_or(Test::Trial(Vec::new()));
            variants.push(Variant { ty, label, test, span: node.span });
        }
        match variants.as_slice() {
            [only] => Built::Type(only.ty.clone()),
            _ => Built::Shape(Shape::Union(Union { variants })),
        }
    }

    /// What marks each arm: a text that is the only value of a member, another in each arm.
    fn marks(&self, arms: &[&'a Node]) -> Vec<&'a str> {
        let marks = |arm: &'a Node| {
            let parts = self.expanded(vec![Part::new(arm, Origin(Vec::new()))]).list;
            let properties = parts.into_iter().filter_map(|part| part.get("properties")).flat_map(Node::entries);
            let marks = properties.filter_map(|entry| match entry.value.get("enum").map(Node::elements) {
                Some([only]) => Some((entry.key.as_str(), only.as_str()?)),
                _ => None,
            });
            marks.collect::<Vec<_>>()
        };
        let all: Vec<Vec<(&'a str, &'a str)>> = arms.iter().copied().map(marks).collect();
        let of_member = |name: &str| -> Option<Vec<&'a str>> {
            all.iter().map(|marks| marks.iter().find(|(member, _)| *member == name).map(|(_, mark)| *mark)).collect()
        };
        let mut members = all.first().into_iter().flatten().filter_map(|(name, _)| of_member(name));
        members.find(|marks| marks.iter().collect::<BTreeSet<_>>().len() == marks.len()).unwrap_or_default()
    }

    /// Whether a value of an arm can be what the parts beside it ask for.
    fn fits(&self, arm: &'a Node, rest: &[Part<'a>]) -> bool {
        let Some(kind) = self.kind_of(arm) else { return true };
        let mut kinds = rest.iter().filter_map(|part| self.kind_of_part(part));
        let numbers = |kind: Kind| matches!(kind, Kind::Integer | Kind::Number);
        kinds.all(|other| other == kind || numbers(other) && numbers(kind))
    }

    /// The values of the discriminator that name this arm: those that the mapping gives it, and its own name.
    fn discriminated(&self, discriminator: &'a Node, arm: &'a Node) -> Option<Test> {
        let property = discriminator.get("propertyName")?.as_str()?;
        let target = self.schema_target(arm)?;
        let mapping = discriminator.get("mapping").map(Node::entries).unwrap_or_default();
        let mapped =
            mapping.iter().filter(|entry| self.mapped(&entry.value).is_some_and(|mapped| std::ptr::eq(mapped, target)));
        let mut values: Vec<String> = mapped.map(|entry| entry.key.clone()).collect();
        if let Some(name) = self.name_of(target) {
            let taken = mapping.iter().any(|entry| entry.key == name);
            if !taken && !values.iter().any(|value| value == name) {
                values.push(name.to_owned());
            }
        }
        // Where the mapping gives all its values to others, the discriminator says nothing of this arm.
        (!values.is_empty()).then(|| Test::MemberValue(property.to_owned(), values))
    }

    /// The name of a component.
    fn name_of(&self, node: &Node) -> Option<&str> {
        let definition = self.definition_of(node).and_then(|id| self.types.get(id.0))?;
        match definition.origin.0.as_slice() {
            [Segment::Component(name)] => Some(name),
            _ => None,
        }
    }

    /// What is built, as a type: with a definition of its own where it needs one.
    pub(super) fn settled(&mut self, built: Built, node: &'a Node, origin: Origin) -> Type {
        match built {
            Built::Type(ty) => ty,
            Built::Shape(shape) => Type::Named(self.place_inline(&[node], origin, shape)),
        }
    }
}

/// An arm that is there for `null`.
fn is_null(arm: &Node) -> bool {
    let allows_null = arm.get("nullable").and_then(Node::as_bool) == Some(true);
    let only_null = arm
        .get("enum")
        .is_some_and(|values| values.elements().iter().all(|value| value.kind == crate::source::NodeKind::Null));
    only_null || allows_null && says_nothing(arm)
}

/// What an inline arm's own type is called by.
fn arm_segment(nodes: &[&Node], position: usize, title: Option<&str>) -> Arm {
    let kind = |node: &&Node| node.get("type").and_then(Node::as_str).map(str::to_owned);
    let own = nodes.get(position).and_then(kind);
    match (title, own) {
        (Some(title), _) => Arm::Title(title.to_owned()),
        (None, Some(own)) if nodes.iter().filter_map(kind).filter(|other| *other == own).count() == 1 => Arm::Kind(own),
        _ => Arm::Position(position + 1),
    }
}

impl Lowering<'_> {
    /// Refuses unions that have themselves for an arm: no value tells how often to look again.
    pub(super) fn check_unions(&mut self) {
        for index in 0..self.types.len() {
            let Some(TypeDef { shape: Shape::Union(union), .. }) = self.types.get(index) else { continue };
            let around: Vec<bool> =
                union.variants.iter().map(|variant| leads_to(&self.types, &variant.ty, index)).collect();
            let Some(at) = around.iter().position(|around| *around).and_then(|at| union.variants.get(at)) else {
                continue;
            };
            let diagnostic = Diagnostic::error(Code::RefCycle, at.span, "this arm leads back to its union itself");
            self.fault(diagnostic, "leaves the arm out");
            let Some(TypeDef { shape, .. }) = self.types.get_mut(index) else { continue };
            if let Shape::Union(union) = shape {
                let mut around = around.into_iter();
                union.variants.retain(|_| !around.next().unwrap_or(false));
                if union.variants.is_empty() {
                    *shape = Shape::Alias(Type::Any);
                }
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
    open_enums(types);
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

/// An enum of texts keeps those that it does not know: beside it, any text is no arm of its own.
fn open_enums(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        let Some(TypeDef { shape: Shape::Union(union), .. }) = types.get(index) else { continue };
        let is_enum = |ty: &Type| ty.definition(types).is_some_and(|known| matches!(known.shape, Shape::StringEnum(_)));
        let is_text = |ty: &Type| *ty.unaliased(types) == Type::String;
        let enums = union.variants.iter().filter(|variant| is_enum(&variant.ty)).count();
        if enums != 1 || !union.variants.iter().any(|variant| is_text(&variant.ty)) {
            continue;
        }
        let kept: Vec<Variant> = union.variants.iter().filter(|variant| !is_text(&variant.ty)).cloned().collect();
        if let Some(definition) = types.get_mut(index) {
            definition.shape = match kept.as_slice() {
                [only] => Shape::Alias(only.ty.clone()),
                _ => Shape::Union(Union { variants: kept }),
            };
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
    let objects: Vec<Option<Vec<&Object>>> =
        union.variants.iter().map(|variant| objects_of(types, &variant.ty)).collect();
    let marks = Marks::of(types, &objects);
    let mut tests: Vec<Test> = union
        .variants
        .iter()
        .zip(&kinds)
        .map(|(variant, kinds)| match &variant.test {
            Test::MemberValue(..) => variant.test.clone(),
            _ if alone(kinds) => Test::Kind(kinds.iter().copied().collect()),
            _ => telltale(types, &marks, variant.ty.object(types))
                .unwrap_or_else(|| Test::Trial(kinds.iter().copied().collect())),
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

/// Types within an arm that are looked at to tell it from the others. Unions of unions hold all that those hold.
const MOST_WITHIN: usize = 250;

/// What the objects among the arms of a union have, each thing counted once an arm.
struct Marks<'a> {
    /// The arms that are objects, or unions with objects among their own arms.
    objects: usize,
    /// Those of them that may have any members.
    open: usize,
    /// How many have a member of that name.
    members: HashMap<&'a str, usize>,
    /// How many have a member of that name that allows known texts alone, and how many of those allow each text.
    texts: HashMap<&'a str, (usize, HashMap<&'a str, usize>)>,
}

impl<'a> Marks<'a> {
    fn of(types: &'a [TypeDef], arms: &[Option<Vec<&'a Object>>]) -> Self {
        let mut marks = Self { objects: 0, open: 0, members: HashMap::new(), texts: HashMap::new() };
        for arm in arms {
            let objects = arm.as_deref().unwrap_or_default();
            if arm.is_none() || objects.iter().any(|object| object.members.is_empty()) {
                marks.open += 1;
            }
            marks.objects += usize::from(arm.is_none() || !objects.is_empty());
            // Of each member, how many objects of the arm allow known texts alone, and which.
            let mut members: HashMap<&str, (usize, HashSet<&str>)> = HashMap::new();
            for member in objects.iter().flat_map(|object| &object.members) {
                let (known, allowed) = members.entry(&member.name).or_default();
                let Some(texts) = texts(types, &member.ty) else { continue };
                *known += 1;
                allowed.extend(texts);
            }
            for (name, (known, allowed)) in members {
                *marks.members.entry(name).or_default() += 1;
                if known == objects.len() {
                    let (arms, counts) = marks.texts.entry(name).or_default();
                    *arms += 1;
                    allowed.into_iter().for_each(|text| *counts.entry(text).or_default() += 1);
                }
            }
        }
        marks
    }
}

/// The objects that a value of this type may be, those of unions within it too; none where they are too many to look at.
fn objects_of<'a>(types: &'a [TypeDef], ty: &'a Type) -> Option<Vec<&'a Object>> {
    let mut objects = Vec::new();
    let mut waiting = vec![ty];
    let mut seen = BTreeSet::new();
    while let Some(ty) = waiting.pop() {
        match ty {
            Type::Nullable(inner) => waiting.push(inner),
            Type::Named(id) if seen.insert(id.0) => match types.get(id.0).map(|definition| &definition.shape) {
                Some(Shape::Alias(inner)) => waiting.push(inner),
                Some(Shape::Object(object)) => objects.push(object),
                Some(Shape::Union(union)) if seen.len() + union.variants.len() > MOST_WITHIN => return None,
                Some(Shape::Union(union)) => waiting.extend(union.variants.iter().map(|variant| &variant.ty)),
                _ => {}
            },
            _ => {}
        }
    }
    Some(objects)
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
            Shape::Alias(inner) | Shape::Wrapper(inner) => vec![inner],
            Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Shape::Object(_) | Shape::StringEnum(_) | Shape::IntegerEnum(_) => Vec::new(),
        };
        let own = match &definition.shape {
            Shape::Object(_) => BTreeSet::from([JsonKind::Object]),
            Shape::StringEnum(_) => BTreeSet::from([JsonKind::String]),
            Shape::IntegerEnum(_) => BTreeSet::from([JsonKind::Integer]),
            Shape::Alias(_) | Shape::Wrapper(_) | Shape::Union(_) => {
                parts.iter().flat_map(|part| kinds(&[], part)).collect()
            }
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
        Type::Number | Type::Decimal => BTreeSet::from([Integer, Number]),
        Type::Array(_) => BTreeSet::from([Array]),
        Type::Nullable(_) => BTreeSet::new(),
        Type::Named(id) => all.get(id.0).cloned().unwrap_or_default(),
    }
}
