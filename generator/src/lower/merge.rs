//! Merges inline types that have the same shape and the same noun, anywhere in the API.
//!
//! Many documents repeat an inline schema, e.g. for the property `action` of each response. The noun of such a type is
//! `action`, see [`noun`](crate::noun). Types with the same noun become one type if their generated code is the same,
//! except for its documentation: the properties with their types, presence, constraints and defaults, the values of an
//! enum, and the variants of a union. An inline type with the noun and the shape of a component becomes this component.
//!
//! Types that the lock file names differently are not merged: both names are in use. Such types arise if a document
//! grows and their schemas become equal.
//!
//! Types that contain others are compared after these, so that each type is compared once, with its contents already
//! merged. Components are compared by identity: inline types that contain each other in a cycle are not merged.

use std::collections::{HashMap, HashSet};

use crate::ir::{Api, Doc, EnumValue, Home, Origin, Type, TypeDef, TypeId, TypeKind};
use crate::noun;
use crate::source::{SourceId, Span};

use super::type_uses;
use super::usage::{inner, named};

/// Replaces the locations of types that are compared.
const NO_SPAN: Span = Span { source: SourceId(0), start: 0, end: 0 };

/// Merges the types of an API. `locked` contains the name of each type in the lock file, by its index.
pub fn merge(api: &mut Api, locked: &[Option<&str>]) {
    let Api { types, schemas, groups, webhooks, .. } = api;
    let targets = targets(types, locked);
    if targets.iter().enumerate().all(|(index, target)| target.0 == index) {
        return;
    }
    combine(types, &targets);
    // Remove the merged types. The others move to the front.
    let mut moved = Vec::with_capacity(types.len());
    let mut kept = 0;
    for (index, target) in targets.iter().enumerate() {
        moved.push(TypeId(kept));
        kept += usize::from(target.0 == index);
    }
    let new_id = |id: &mut TypeId| {
        let target = targets.get(id.0).copied().unwrap_or(*id);
        *id = moved.get(target.0).copied().unwrap_or(target);
    };
    let mut position = 0;
    types.retain(|_| {
        position += 1;
        targets.get(position - 1).is_some_and(|target| target.0 == position - 1)
    });
    let mut replace = |ty: &mut Type| replace_ids(ty, &new_id);
    types.iter_mut().for_each(|definition| type_uses::in_kind(&mut definition.kind, &mut replace));
    groups.iter_mut().flat_map(|group| &mut group.operations).for_each(|it| type_uses::in_operation(it, &mut replace));
    webhooks.list.iter_mut().for_each(|webhook| type_uses::in_webhook(webhook, &mut replace));
    schemas.iter_mut().for_each(|(_, ty)| replace(ty));
}

/// What must be equal for two types to be merged.
#[derive(PartialEq, Eq, Hash)]
struct Shape {
    noun: Vec<String>,
    rust_name: Option<String>,
    enum_name: Option<String>,
    doc: Doc,
    kind: TypeKind,
}

/// The types of one shape that are not merged into others.
#[derive(Default)]
struct SameShape<'a> {
    /// The first component, or else the first type.
    first: Option<TypeId>,
    /// The inline type without a name in the lock file. `None` if there is a component.
    unnamed: Option<TypeId>,
    /// The types with names in the lock file.
    named: HashMap<&'a str, TypeId>,
    has_component: bool,
}

impl<'a> SameShape<'a> {
    /// Adds a component, which is not merged into other types. `name` is its name in the lock file. Returns the types
    /// before it that are merged into it if they are inline types: the one without a name, and the one with its name.
    fn add_component(&mut self, id: TypeId, name: Option<&'a str>) -> impl Iterator<Item = TypeId> + use<> {
        if !self.has_component {
            self.first = Some(id);
            self.has_component = true;
        }
        let same_name = name.and_then(|name| self.named.insert(name, id));
        self.unnamed.take().into_iter().chain(same_name)
    }

    /// Returns the type that the inline type `id` is merged into: itself, or another type.
    fn add_inline(&mut self, id: TypeId, name: Option<&'a str>) -> TypeId {
        let target = match name {
            None => *self.first.get_or_insert(id),
            // An inline type without a name gets this name. A component has a name of its own.
            Some(name) => *self.named.entry(name).or_insert_with(|| self.unnamed.take().unwrap_or(id)),
        };
        if target == id {
            self.first.get_or_insert(id);
            self.unnamed = name.is_none().then_some(id).or(self.unnamed);
        }
        target
    }
}

/// Returns the type that each type is merged into: itself, or another type.
fn targets(types: &[TypeDef], locked: &[Option<&str>]) -> Vec<TypeId> {
    let mut targets = Targets((0..types.len()).map(TypeId).collect());
    let kept = colliding_variants(types);
    let mut known: HashMap<Shape, SameShape<'_>> = HashMap::new();
    for id in inner_first(types) {
        let Some(definition) = types.get(id.0) else { continue };
        if kept.contains(&id) || definition.is_left_out || matches!(definition.kind, TypeKind::Alias(_)) {
            continue;
        }
        let name = locked.get(id.0).copied().flatten();
        for noun in nouns(&definition.origin) {
            let shape = shape(definition, noun, &targets);
            let same = known.entry(shape).or_default();
            if definition.origin.component().is_none() {
                targets.set(id, same.add_inline(id, name));
                continue;
            }
            // A component that contains an inline type can come after an inline type with a reference in its place.
            for other in same.add_component(id, name) {
                if types.get(other.0).is_some_and(|other| other.origin.component().is_none()) {
                    targets.set(other, id);
                }
            }
        }
    }
    (0..types.len()).map(|index| targets.of(TypeId(index))).collect()
}

/// The type that each type is merged into: itself, or another type, which can be merged into a component in turn.
struct Targets(Vec<TypeId>);

impl Targets {
    fn set(&mut self, id: TypeId, target: TypeId) {
        if let Some(known) = self.0.get_mut(id.0) {
            *known = target;
        }
    }

    /// Returns the type that is not merged into others.
    fn of(&self, id: TypeId) -> TypeId {
        let next = |id: TypeId| self.0.get(id.0).copied().unwrap_or(id);
        // Components are not merged into other types.
        next(next(id))
    }
}

/// Returns all types, ordered so that the inline types in a type precede it. Of types that are nested equally deep,
/// components are first. Omits inline types that contain each other in a cycle, and the types that contain these.
fn inner_first(types: &[TypeDef]) -> Vec<TypeId> {
    let mut containers: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    let mut missing: Vec<usize> = vec![0; types.len()];
    for (index, definition) in types.iter().enumerate() {
        let mut contents = Vec::new();
        inner(&definition.kind, &mut contents);
        for content in contents {
            if types.get(content.0).is_some_and(|content| content.origin.component().is_none())
                && let (Some(containers), Some(missing)) = (containers.get_mut(content.0), missing.get_mut(index))
            {
                containers.push(index);
                *missing += 1;
            }
        }
    }
    let mut ordered = Vec::with_capacity(types.len());
    let mut level: Vec<usize> = (0..types.len()).filter(|index| missing.get(*index) == Some(&0)).collect();
    while !level.is_empty() {
        level.sort_by_key(|index| (types.get(*index).is_some_and(|it| it.origin.component().is_none()), *index));
        let mut next = Vec::new();
        for index in level {
            ordered.push(TypeId(index));
            for container in containers.get(index).into_iter().flatten() {
                let Some(missing) = missing.get_mut(*container) else { continue };
                *missing -= 1;
                if *missing == 0 {
                    next.push(*container);
                }
            }
        }
        level = next;
    }
    ordered
}

/// Returns the variants of unions that must not be merged, because another variant of the same union has the same
/// noun: a value could match both.
fn colliding_variants(types: &[TypeDef]) -> HashSet<TypeId> {
    let mut colliding = HashSet::new();
    for definition in types {
        let TypeKind::Union(union) = &definition.kind else { continue };
        let mut ids = Vec::new();
        union.variants.iter().for_each(|variant| named(&variant.ty, &mut ids));
        let mut known: HashMap<Vec<String>, TypeId> = HashMap::new();
        for id in ids {
            let Some(variant) = types.get(id.0) else { continue };
            for noun in nouns(&variant.origin) {
                let first = *known.entry(noun).or_insert(id);
                if first != id {
                    colliding.extend([first, id]);
                }
            }
        }
    }
    colliding
}

/// Returns the nouns of a type. Dotted components have two: `v1.Pet` is also `Pet`.
fn nouns(origin: &Origin) -> Vec<Vec<String>> {
    let mut nouns = vec![noun::of(origin)];
    if let Some((_, last)) = origin.component().and_then(|name| name.rsplit_once('.')) {
        nouns.push(crate::words::words(last));
    }
    nouns
}

/// Returns the shape of a type whose contents are merged already.
fn shape(definition: &TypeDef, noun: Vec<String>, targets: &Targets) -> Shape {
    let mut kind = definition.kind.clone();
    type_uses::in_kind(&mut kind, &mut |ty| {
        replace_ids(ty, &|id| *id = targets.of(*id));
    });
    docs(&mut kind).into_iter().for_each(remove_text);
    value_descriptions(&mut kind).into_iter().for_each(|description| *description = None);
    match &mut kind {
        TypeKind::Object(object) => object.properties.iter_mut().for_each(|property| property.span = NO_SPAN),
        TypeKind::StringEnum(strings) => remove_spans(&mut strings.values),
        TypeKind::IntegerEnum(integers) => remove_spans(&mut integers.values),
        TypeKind::Union(union) => union.variants.iter_mut().for_each(|variant| variant.span = NO_SPAN),
        TypeKind::Alias(_)
        | TypeKind::Wrapper(_)
        | TypeKind::Tuple(_)
        | TypeKind::KeyedMap(_)
        | TypeKind::JsonText(_) => {}
    }
    let mut doc = definition.doc.clone();
    remove_text(&mut doc);
    // The property, parameter or body that has the type documents its default.
    doc.default = None;
    Shape { noun, rust_name: definition.rust_name.clone(), enum_name: definition.enum_name.clone(), doc, kind }
}

/// Returns the documentation of the properties or variants of a type.
fn docs(kind: &mut TypeKind) -> Vec<&mut Doc> {
    match kind {
        TypeKind::Object(object) => {
            let properties = object.properties.iter_mut().map(|property| &mut property.doc);
            properties.chain([&mut *object.additional_doc]).collect()
        }
        TypeKind::Union(union) => union.variants.iter_mut().map(|variant| &mut variant.doc).collect(),
        _ => Vec::new(),
    }
}

/// Returns the description of each value of an enum.
fn value_descriptions(kind: &mut TypeKind) -> Vec<&mut Option<String>> {
    match kind {
        TypeKind::StringEnum(strings) => strings.values.iter_mut().map(|value| &mut value.description).collect(),
        TypeKind::IntegerEnum(integers) => integers.values.iter_mut().map(|value| &mut value.description).collect(),
        _ => Vec::new(),
    }
}

fn remove_spans<T>(values: &mut [EnumValue<T>]) {
    values.iter_mut().for_each(|value| value.span = NO_SPAN);
}

/// Removes what does not distinguish types: titles, descriptions and examples.
fn remove_text(doc: &mut Doc) {
    doc.title = None;
    doc.description = None;
    doc.external_docs.clear();
    doc.examples.clear();
    doc.items.iter_mut().chain(&mut doc.values).for_each(|inner| remove_text(inner));
    doc.variants.iter_mut().for_each(remove_text);
}

fn replace_ids(ty: &mut Type, replace: &impl Fn(&mut TypeId)) {
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => replace_ids(inner, replace),
        Type::Named(id) => replace(id),
        _ => {}
    }
}

/// Transfers the origins, the usage and the documentation of merged types to their targets.
fn combine(types: &mut [TypeDef], targets: &[TypeId]) {
    let mut groups: HashMap<TypeId, Vec<usize>> = HashMap::new();
    for (index, target) in targets.iter().enumerate().filter(|(index, target)| target.0 != *index) {
        groups.entry(*target).or_insert_with(|| vec![target.0]).push(index);
    }
    for (target, members) in groups {
        let members: Vec<&TypeDef> = members.iter().filter_map(|index| types.get(*index)).collect();
        let Some(first) = members.first() else { continue };
        let mut merged = (*first).clone();
        for member in members.iter().skip(1) {
            merged.also.push(member.origin.clone());
            merged.usage.request |= member.usage.request;
            merged.usage.response |= member.usage.response;
            merged.home = earliest(merged.home, member.home);
        }
        // Components keep their own documentation.
        if first.origin.component().is_none() {
            merged.doc = most_common(members.iter().map(|member| &member.doc));
            if members.iter().any(|member| member.doc.default != merged.doc.default) {
                merged.doc.default = None;
            }
            let mut kinds: Vec<TypeKind> = members.iter().map(|member| member.kind.clone()).collect();
            let all: Vec<Vec<&mut Doc>> = kinds.iter_mut().map(docs).collect();
            for (position, doc) in docs(&mut merged.kind).into_iter().enumerate() {
                *doc = most_common(all.iter().filter_map(|docs| docs.get(position).map(|doc| &**doc)));
            }
            let all: Vec<Vec<&mut Option<String>>> = kinds.iter_mut().map(value_descriptions).collect();
            for (position, description) in value_descriptions(&mut merged.kind).into_iter().enumerate() {
                *description = all.iter().find_map(|values| values.get(position).and_then(|value| (**value).clone()));
            }
        }
        if let Some(definition) = types.get_mut(target.0) {
            *definition = merged;
        }
    }
}

/// Returns the documentation with the most common text. If several are equally common, returns the first one.
fn most_common<'a>(docs: impl Iterator<Item = &'a Doc>) -> Doc {
    let docs: Vec<&Doc> = docs.collect();
    let mut counts: HashMap<(Option<&str>, Option<&str>), usize> = HashMap::new();
    for doc in docs.iter().filter(|doc| has_text(doc)) {
        *counts.entry(text(doc)).or_default() += 1;
    }
    let count = |doc: &Doc| counts.get(&text(doc)).copied().unwrap_or_default();
    let most = docs.iter().map(|doc| count(doc)).max();
    docs.iter().find(|doc| Some(count(doc)) == most).map(|doc| (*doc).clone()).unwrap_or_default()
}

fn text(doc: &Doc) -> (Option<&str>, Option<&str>) {
    (doc.title.as_deref(), doc.description.as_deref())
}

fn has_text(doc: &Doc) -> bool {
    doc.title.is_some() || doc.description.is_some()
}

/// Returns the part of the API that comes first: operations in their order, then webhooks.
fn earliest(one: Option<Home>, other: Option<Home>) -> Option<Home> {
    let rank = |home: &Home| match home {
        Home::Operation { group, operation } => (*group, *operation),
        Home::Webhooks => (usize::MAX, usize::MAX),
    };
    one.into_iter().chain(other).min_by_key(rank)
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::Diagnostics;
    use crate::ir::{Api, TypeDef, TypeKind};
    use crate::source::{Document, Sources};

    /// Returns the types of a document with these component schemas, before they are merged.
    fn unmerged(schemas: &str) -> Api {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{{schemas}}}}}\n"
        );
        let mut sources = Sources::new();
        let source = sources.add("a.yaml", text);
        let mut diagnostics = Diagnostics::new();
        let document = Document::read(&sources, source, &mut diagnostics).unwrap();
        let spec = crate::spec::read(&document, crate::spec::Version::V3_1, &mut diagnostics);
        let api = super::super::lower(&spec, false, &mut diagnostics);
        assert!(!diagnostics.has_errors(), "{:?}", diagnostics.sorted());
        api
    }

    fn types(schemas: &str) -> Vec<TypeDef> {
        let mut api = unmerged(schemas);
        super::merge(&mut api, &[]);
        api.types
    }

    fn inline(types: &[TypeDef]) -> Vec<&TypeDef> {
        types.iter().filter(|definition| definition.origin.component().is_none()).collect()
    }

    fn count(one: &str, other: &str) -> usize {
        let schema = |name: &str, property: &str| format!("{name}: {{type: object, properties: {{x: {property}}}}}");
        inline(&types(&format!("{}, {}", schema("A", one), schema("B", other)))).len()
    }

    #[test]
    fn same_shapes_are_merged_despite_their_texts() {
        let one = "{type: object, description: One., properties: {y: {type: string, example: a}}}";
        let other = "{type: object, properties: {y: {type: string, description: The y.}}}";
        assert_eq!(count(one, other), 1);
    }

    #[test]
    fn different_shapes_are_kept() {
        let one = "{type: object, properties: {y: {type: string}}}";
        assert_eq!(count(one, one), 1);
        for other in [
            "{type: object, properties: {y: {type: [string, 'null']}}}",
            "{type: object, required: [y], properties: {y: {type: string}}}",
            "{type: object, properties: {y: {type: string, format: password}}}",
            "{type: object, properties: {y: {type: string, format: date}}}",
            "{type: object, properties: {y: {type: string, maxLength: 3}}}",
            "{type: object, properties: {y: {type: string, default: a}}}",
            "{type: object, properties: {y: {type: string, deprecated: true}}}",
            "{type: object, properties: {y: {type: string, readOnly: true}}}",
            "{type: object, properties: {y: {type: integer}}}",
            "{type: object, properties: {y: {type: string}}, additionalProperties: false, minProperties: 1}",
            "{type: object, properties: {z: {type: string}}}",
        ] {
            assert_eq!(count(one, other), 2, "{other}");
        }
        assert_eq!(count("{type: string, enum: [a, b]}", "{type: string, enum: [b, a]}"), 2);
    }

    #[test]
    fn contents_are_merged_first() {
        let nested = |text: &str| {
            format!(
                "{{type: object, properties: {{y: {{type: object, description: {text}, properties: {{z: {{}}}}}}}}}}"
            )
        };
        assert_eq!(count(&nested("One."), &nested("Two.")), 2);
    }

    #[test]
    fn inline_type_becomes_equal_component() {
        let types = types(
            "Pet: {type: object, properties: {name: {type: string}}}, \
             Owner: {type: object, properties: {pets: {type: array, items: {type: object, properties: {name: {type: \
             string}}}}, pet: {type: object, properties: {name: {type: integer}}}}}",
        );
        assert_eq!(inline(&types).len(), 1);
        assert_eq!(types[0].also.len(), 1);
    }

    #[test]
    fn variants_of_a_union_stay_separate() {
        let variant = |text: &str| {
            format!("{{type: object, title: Same, description: {text}, properties: {{y: {{type: string}}}}}}")
        };
        let types = types(&format!("A: {{oneOf: [{}, {}]}}", variant("One."), variant("Two.")));
        assert!(matches!(&types[0].kind, TypeKind::Union(union) if union.variants[0].ty != union.variants[1].ty));
    }

    #[test]
    fn most_common_text_is_kept() {
        let schema = |name: &str, text: &str| {
            format!(
                "{name}: {{type: object, properties: {{x: {{type: object, properties: {{y: {{description: {text}}}}}}}}}}}"
            )
        };
        let schemas = [schema("A", "One."), schema("B", "Two."), schema("C", "Two.")];
        let types = types(&schemas.join(", "));
        let TypeKind::Object(object) = &inline(&types)[0].kind else { panic!() };
        assert_eq!(object.properties[0].doc.description.as_deref(), Some("Two."));
    }

    #[test]
    fn texts_of_values_variants_and_additional_properties_are_kept() {
        let merged = |first: &str, second: &str| {
            let schema = |name: &str, x: &str| format!("{name}: {{type: object, properties: {{x: {x}}}}}");
            let types = types(&format!("{}, {}", schema("A", first), schema("B", second)));
            let inline: Vec<TypeDef> = inline(&types).into_iter().cloned().collect();
            let [only] = inline.as_slice() else { panic!("{inline:?}") };
            only.kind.clone()
        };
        let values = "type: string, enum: [a, b]";
        let TypeKind::StringEnum(strings) =
            merged(&format!("{{{values}}}"), &format!("{{{values}, x-enum-descriptions: [The a., The b.]}}"))
        else {
            panic!()
        };
        assert_eq!(strings.values[1].description.as_deref(), Some("The b."));
        let union = |text: &str| format!("{{oneOf: [{{type: string{text}}}, {{type: integer}}]}}");
        let TypeKind::Union(union) = merged(&union(""), &union(", description: A text.")) else { panic!() };
        assert_eq!(union.variants[0].doc.description.as_deref(), Some("A text."));
        let map = |text: &str| {
            format!("{{type: object, properties: {{y: {{}}}}, additionalProperties: {{type: string{text}}}}}")
        };
        let TypeKind::Object(object) = merged(&map(""), &map(", description: A tag.")) else { panic!() };
        assert_eq!(object.additional_doc.description.as_deref(), Some("A tag."));
    }

    #[test]
    fn inline_type_becomes_equal_component_that_contains_an_inline_type() {
        let name = "{type: object, properties: {text: {type: string}}}";
        let schemas = format!(
            "Owner: {{type: object, properties: {{pet: {{type: object, properties: {{name: {{$ref: \
             '#/components/schemas/Name'}}}}}}}}}}, Pet: {{type: object, properties: {{name: {name}}}}}, Name: {name}"
        );
        let mut api = unmerged(&schemas);
        // The lock file contains the name of the component for each place of its type.
        let name = |definition: &TypeDef| match &definition.kind {
            TypeKind::Object(object) if object.properties[0].name == "pet" => Some("Owner"),
            TypeKind::Object(object) if object.properties[0].name == "name" => Some("Pet"),
            _ => Some("Name"),
        };
        let locked: Vec<Option<&str>> = api.types.iter().map(name).collect();
        for locked in [&[], locked.as_slice()] {
            assert_eq!(inline(&api.types).len(), 2);
            super::merge(&mut api, locked);
            assert_eq!(inline(&api.types).len(), 0);
            api = unmerged(&schemas);
        }
    }
}
