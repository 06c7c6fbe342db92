//! Decides how values are recognized as variants of unions.
//!
//! Each variant gets a [`Test`]: its discriminator, its JSON type, a required property that only this variant has, or a
//! value of a property that only this variant allows. Variants without such a condition are tried one after another.
//! The generated documentation of the union mentions this.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::ir::{JsonKind, Object, Presence, Test, Type, TypeDef, TypeKind, Union, Variant};

/// Sets the test of each variant without a discriminator. Requires that all types are known.
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

/// Removes the variant for any string beside an enum of strings, because enums preserve unknown values.
fn open_enums(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        let Some(TypeDef { kind: TypeKind::Union(union), .. }) = types.get(index) else { continue };
        let any_of = union.any_of;
        let is_enum =
            |ty: &Type| ty.definition(types).is_some_and(|known| matches!(known.kind, TypeKind::StringEnum(_)));
        let is_string = |ty: &Type| *ty.unaliased(types) == Type::String;
        let enums = union.variants.iter().filter(|variant| is_enum(&variant.ty)).count();
        if enums != 1 || !union.variants.iter().any(|variant| is_string(&variant.ty)) {
            continue;
        }
        let kept: Vec<Variant> = union.variants.iter().filter(|variant| !is_string(&variant.ty)).cloned().collect();
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
    // If only one variant would be tried, no trial is needed: it gets the values that match no other variant.
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

/// The maximum number of types in a variant that are searched for distinguishing properties. Unions of unions can
/// contain many types.
const MAX_TYPES: usize = 250;

/// Statistics about the variants of a union that are objects. A variant with several object types counts once.
struct Marks<'a> {
    /// The number of variants that are objects, or unions with objects among their variants.
    objects: usize,
    /// The number of these variants that may have any properties.
    open: usize,
    /// The number of variants that define each property.
    properties: HashMap<&'a str, usize>,
    /// For each property, the number of variants in which it is restricted to certain values, and the number of
    /// variants that allow each value.
    values: HashMap<&'a str, (usize, HashMap<Cow<'a, str>, usize>)>,
}

impl<'a> Marks<'a> {
    fn of(types: &'a [TypeDef], variants: &[Option<Vec<&'a Object>>]) -> Self {
        let mut marks = Self { objects: 0, open: 0, properties: HashMap::new(), values: HashMap::new() };
        for variant in variants {
            let objects = variant.as_deref().unwrap_or_default();
            if variant.is_none() || objects.iter().any(|object| object.properties.is_empty()) {
                marks.open += 1;
            }
            marks.objects += usize::from(variant.is_none() || !objects.is_empty());
            // For each property, the number of objects of the variant in which it is restricted to certain values, and
            // these values.
            let mut properties: HashMap<&str, (usize, HashSet<Cow<'a, str>>)> = HashMap::new();
            for property in objects.iter().flat_map(|object| &object.properties) {
                let (known, allowed) = properties.entry(&property.name).or_default();
                let Some(values) = property.enum_values(types) else { continue };
                *known += 1;
                allowed.extend(values);
            }
            for (name, (known, allowed)) in properties {
                *marks.properties.entry(name).or_default() += 1;
                if known == objects.len() {
                    let (variants, counts) = marks.values.entry(name).or_default();
                    *variants += 1;
                    allowed.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
                }
            }
        }
        marks
    }
}

/// Returns the objects that a value of a type may be, including those of inner unions. `None` if there are too many.
pub(super) fn objects_of<'a>(types: &'a [TypeDef], ty: &'a Type) -> Option<Vec<&'a Object>> {
    let mut objects = Vec::new();
    let mut waiting = vec![ty];
    let mut seen = BTreeSet::new();
    while let Some(ty) = waiting.pop() {
        match ty {
            Type::Nullable(inner) => waiting.push(inner),
            Type::Named(id) if seen.insert(id.0) => match types.get(id.0).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(inner)) => waiting.push(inner),
                Some(TypeKind::Object(object)) => objects.push(object),
                Some(TypeKind::Union(union)) if seen.len() + union.variants.len() > MAX_TYPES => return None,
                Some(TypeKind::Union(union)) => waiting.extend(union.variants.iter().map(|variant| &variant.ty)),
                _ => {}
            },
            _ => {}
        }
    }
    Some(objects)
}

/// Returns a test of a required property that distinguishes the object `own` from the objects of all other variants.
fn telltale(types: &[TypeDef], marks: &Marks<'_>, own: Option<&Object>) -> Option<Test> {
    let own = own?;
    // A variant that allows any properties could have the distinguishing property too.
    if marks.open > usize::from(own.properties.is_empty()) {
        return None;
    }
    let required = || {
        own.properties.iter().filter(|property| matches!(property.presence, Presence::Required | Presence::Nullable))
    };
    if let Some(property) = required().find(|property| marks.properties.get(property.name.as_str()) == Some(&1)) {
        return Some(Test::Property(property.name.clone()));
    }
    required().find_map(|property| {
        let (variants, counts) =
            marks.values.get(property.name.as_str()).filter(|(variants, _)| *variants == marks.objects)?;
        let values: Vec<String> = property.enum_values(types)?.into_iter().map(Cow::into_owned).collect();
        let alone = *variants > 0 && values.iter().all(|value| counts.get(value.as_str()) == Some(&1));
        alone.then(|| Test::PropertyValue(property.name.clone(), values))
    })
}

/// Returns the JSON types of the values of each type.
///
/// Unions of unions share variants, so each type is visited once, and its JSON types are added to the types that
/// contain it until nothing changes.
fn kinds_of_all(types: &[TypeDef]) -> Vec<BTreeSet<JsonKind>> {
    let mut all: Vec<BTreeSet<JsonKind>> = Vec::with_capacity(types.len());
    let mut made_of_it: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    for (index, definition) in types.iter().enumerate() {
        let parts: Vec<&Type> = match &definition.kind {
            TypeKind::Alias(inner) | TypeKind::Wrapper(inner) => vec![inner],
            TypeKind::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            TypeKind::Object(_)
            | TypeKind::StringEnum(_)
            | TypeKind::IntegerEnum(_)
            | TypeKind::Tuple(_)
            | TypeKind::KeyedMap(_)
            | TypeKind::JsonText(_) => Vec::new(),
        };
        let own = match &definition.kind {
            TypeKind::Object(_) | TypeKind::KeyedMap(_) => BTreeSet::from([JsonKind::Object]),
            TypeKind::Tuple(_) => BTreeSet::from([JsonKind::Array]),
            TypeKind::StringEnum(_) | TypeKind::JsonText(_) => BTreeSet::from([JsonKind::String]),
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

/// Returns the JSON types of the values of a type. `all` contains the JSON types of each defined type, by its index.
fn kinds(all: &[BTreeSet<JsonKind>], ty: &Type) -> BTreeSet<JsonKind> {
    match ty.non_null() {
        Type::Named(id) => all.get(id.0).cloned().unwrap_or_default(),
        Type::Nullable(_) => BTreeSet::new(),
        plain => plain.json_kinds(&[]).unwrap_or_else(|| JsonKind::ALL.to_vec()).into_iter().collect(),
    }
}
