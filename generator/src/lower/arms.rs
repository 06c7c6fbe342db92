//! How a value is told to belong to an arm of a union.
//!
//! In: the types of a document, all of them known. Out: a [`Test`] for each arm. Decided by rule where one holds: by the
//! discriminator, by JSON type, by a member that only one arm has, by a member's value that only one arm allows. Where
//! none does, the arms are tried in order, and the documentation says so.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::ir::{JsonKind, Object, Presence, Test, Type, TypeDef, TypeKind, Union, Variant};

/// Gives every arm that no discriminator names its test, now that all types are known.
pub(super) fn decide(types: &mut [TypeDef]) {
    open_enums(types);
    let all_kinds = kinds_of_all(types);
    let mut decided = Vec::new();
    for (index, definition) in types.iter().enumerate() {
        if let TypeKind::Union(union) = &definition.kind {
            decided.push((index, tests(types, &all_kinds, union)));
        }
    }
    for (index, tests) in decided {
        if let Some(TypeDef { kind: TypeKind::Union(union), .. }) = types.get_mut(index) {
            for (variant, test) in union.variants.iter_mut().zip(tests) {
                variant.test = test;
            }
        }
    }
}

/// An enum of texts keeps those that it does not know: beside it, any text is no arm of its own.
fn open_enums(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        let Some(TypeDef { kind: TypeKind::Union(union), .. }) = types.get(index) else { continue };
        let any_of = union.any_of;
        let is_enum =
            |ty: &Type| ty.definition(types).is_some_and(|known| matches!(known.kind, TypeKind::StringEnum(_)));
        let is_text = |ty: &Type| *ty.unaliased(types) == Type::String;
        let enums = union.variants.iter().filter(|variant| is_enum(&variant.ty)).count();
        if enums != 1 || !union.variants.iter().any(|variant| is_text(&variant.ty)) {
            continue;
        }
        let kept: Vec<Variant> = union.variants.iter().filter(|variant| !is_text(&variant.ty)).cloned().collect();
        if let Some(definition) = types.get_mut(index) {
            definition.kind = match kept.as_slice() {
                [only] => TypeKind::Alias(only.ty.clone()),
                _ => TypeKind::Union(Union { variants: kept, any_of }),
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
            Test::Discriminator(..) => variant.test.clone(),
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
    texts: HashMap<&'a str, (usize, HashMap<Cow<'a, str>, usize>)>,
}

impl<'a> Marks<'a> {
    fn of(types: &'a [TypeDef], arms: &[Option<Vec<&'a Object>>]) -> Self {
        let mut marks = Self { objects: 0, open: 0, members: HashMap::new(), texts: HashMap::new() };
        for arm in arms {
            let objects = arm.as_deref().unwrap_or_default();
            if arm.is_none() || objects.iter().any(|object| object.properties.is_empty()) {
                marks.open += 1;
            }
            marks.objects += usize::from(arm.is_none() || !objects.is_empty());
            // Of each member, how many objects of the arm allow known texts alone, and which.
            let mut members: HashMap<&str, (usize, HashSet<Cow<'a, str>>)> = HashMap::new();
            for member in objects.iter().flat_map(|object| &object.properties) {
                let (known, allowed) = members.entry(&member.name).or_default();
                let Some(texts) = member.enum_values(types) else { continue };
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
            Type::Named(id) if seen.insert(id.0) => match types.get(id.0).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(inner)) => waiting.push(inner),
                Some(TypeKind::Object(object)) => objects.push(object),
                Some(TypeKind::Union(union)) if seen.len() + union.variants.len() > MOST_WITHIN => return None,
                Some(TypeKind::Union(union)) => waiting.extend(union.variants.iter().map(|variant| &variant.ty)),
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
    if marks.open > usize::from(own.properties.is_empty()) {
        return None;
    }
    let required =
        || own.properties.iter().filter(|member| matches!(member.presence, Presence::Required | Presence::Nullable));
    if let Some(member) = required().find(|member| marks.members.get(member.name.as_str()) == Some(&1)) {
        return Some(Test::Property(member.name.clone()));
    }
    required().find_map(|member| {
        let (arms, counts) = marks.texts.get(member.name.as_str()).filter(|(arms, _)| *arms == marks.objects)?;
        let values: Vec<String> = member.enum_values(types)?.into_iter().map(Cow::into_owned).collect();
        let alone = *arms > 0 && values.iter().all(|value| counts.get(value.as_str()) == Some(&1));
        alone.then(|| Test::PropertyValue(member.name.clone(), values))
    })
}

/// The JSON types that values of each defined type may have.
///
/// Unions of unions share their arms, so each type is asked once: what it has got is handed on to those that are made of it,
/// until nothing new comes.
fn kinds_of_all(types: &[TypeDef]) -> Vec<BTreeSet<JsonKind>> {
    let mut all: Vec<BTreeSet<JsonKind>> = Vec::with_capacity(types.len());
    let mut made_of_it: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    for (index, definition) in types.iter().enumerate() {
        let parts: Vec<&Type> = match &definition.kind {
            TypeKind::Alias(inner) | TypeKind::Wrapper(inner) => vec![inner],
            TypeKind::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            TypeKind::Object(_) | TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
        };
        let own = match &definition.kind {
            TypeKind::Object(_) => BTreeSet::from([JsonKind::Object]),
            TypeKind::StringEnum(_) => BTreeSet::from([JsonKind::String]),
            TypeKind::IntegerEnum(_) => BTreeSet::from([JsonKind::Integer]),
            TypeKind::Alias(_) | TypeKind::Wrapper(_) | TypeKind::Union(_) => {
                parts.iter().flat_map(|part| kinds(&[], part)).collect()
            }
        };
        all.push(own);
        for part in parts {
            if let Type::Named(id) = part.non_null()
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

/// The JSON types that values of `ty` may have, by those of the defined types.
fn kinds(all: &[BTreeSet<JsonKind>], ty: &Type) -> BTreeSet<JsonKind> {
    use JsonKind::{Array, Boolean, Integer, Number, Object, String};
    match ty.non_null() {
        Type::Any | Type::ExactJson => BTreeSet::from([Boolean, Integer, Number, String, Array, Object]),
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
