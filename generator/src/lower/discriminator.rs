//! Discriminators: the values that name each schema, and the member that holds them.
//!
//! In: a `discriminator` and the schemas that it chooses of. Out: a [`Test`] for each of them. Once all types are known, each
//! object that is chosen so has the member, and knows which value denotes it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::ir::{DiscriminatorValues, Doc, Facts, Presence, Property, Segment, Test, Type, TypeDef, TypeId, TypeKind};
use crate::source::Span;
use crate::spec::{self, Schema, SchemaId};

use super::Lowering;

/// A discriminator, its mapping resolved.
pub(super) struct Discriminator<'a> {
    pub property: &'a str,
    /// What the mapping leads to, in its order, and where it says so.
    pub mapped: Vec<(&'a Schema, Span)>,
    values: HashMap<SchemaId, Vec<&'a str>>,
    /// All values of the mapping: one that names a schema by the mapping is no other schema's name.
    taken: HashSet<&'a str>,
}

impl<'a> Lowering<'a> {
    pub(super) fn discriminator(&self, specified: &'a spec::Discriminator) -> Discriminator<'a> {
        let property = specified.property.as_str();
        let mut discriminator =
            Discriminator { property, mapped: Vec::new(), values: HashMap::new(), taken: HashSet::new() };
        for mapping in &specified.mapping {
            discriminator.taken.insert(&mapping.value);
            let Some(target) = mapping.schema else { continue };
            let values = discriminator.values.entry(target).or_default();
            if values.is_empty() {
                discriminator.mapped.push((self.at(target), mapping.span));
            }
            values.push(&mapping.value);
        }
        discriminator
    }

    /// The name of a component.
    pub(super) fn name_of(&self, node: &Schema) -> Option<&str> {
        let definition = self.definition_of(node).and_then(|id| self.types.get(id.0))?;
        match definition.origin.0.as_slice() {
            [Segment::Component(name)] => Some(name),
            _ => None,
        }
    }
}

impl Discriminator<'_> {
    /// The values that name a schema: those that the mapping gives it, and its own name; none where the mapping gives that
    /// to another, and then the discriminator says nothing of the schema.
    pub(super) fn test(&self, target: &Schema, name: Option<&str>) -> Option<Test> {
        let mapped = self.values.get(&target.id).map(Vec::as_slice).unwrap_or_default();
        let name = name.filter(|name| !self.taken.contains(name));
        let values: Vec<String> = mapped.iter().copied().chain(name).map(str::to_owned).collect();
        let chosen = mapped.len().max(1);
        let member = self.property.to_owned();
        (!values.is_empty()).then_some(Test::Discriminator(DiscriminatorValues {
            property: member,
            values,
            chosen,
            is_base: false,
        }))
    }

    /// The test of the base of a hierarchy: it has every value that is no other schema's. Its name is a value that it is
    /// sent with only where the schemas are named by nothing else.
    pub(super) fn base(&self, test: Option<Test>) -> Test {
        match test {
            Some(Test::Discriminator(denotation)) => {
                let is_mapped = denotation.values.first().is_some_and(|value| self.taken.contains(value.as_str()));
                let chosen = if is_mapped || self.taken.is_empty() { denotation.chosen } else { 0 };
                Test::Discriminator(DiscriminatorValues { chosen, is_base: true, ..denotation })
            }
            _ => {
                let member = self.property.to_owned();
                Test::Discriminator(DiscriminatorValues {
                    property: member,
                    values: Vec::new(),
                    chosen: 0,
                    is_base: true,
                })
            }
        }
    }
}

/// Gives each object that a discriminator chooses its member, and the value that denotes it.
pub(super) fn settle(types: &mut [TypeDef]) {
    // What denotes an object by one union or by several; nothing where they do not agree.
    let mut tags: HashMap<(usize, String), Option<String>> = HashMap::new();
    for index in 0..types.len() {
        let Some(TypeDef { kind: TypeKind::Union(union), .. }) = types.get(index) else { continue };
        let mut arms = Vec::new();
        for (position, variant) in union.variants.iter().enumerate() {
            if let Test::Discriminator(denotation) = &variant.test {
                arms.push((position, object(types, &variant.ty), denotation.clone(), variant.span));
            }
        }
        let allowed: Vec<Vec<String>> = arms.iter().map(|arm| allowed(types, arm.1, &arm.2.property)).collect();
        let mut claims: HashMap<String, usize> = HashMap::new();
        for ((_, _, denotation, _), allowed) in arms.iter().zip(&allowed) {
            let claimed: HashSet<&String> = denotation.values.iter().chain(allowed).collect();
            claimed.into_iter().for_each(|value| *claims.entry(value.clone()).or_default() += 1);
        }
        let ty = arms.iter().find_map(|arm| scalar_type(types, arm.1?, &arm.2.property)).unwrap_or(Type::String);
        for ((position, object, denotation, span), allowed) in arms.into_iter().zip(allowed) {
            let denotation = agreed(denotation, &allowed, &claims);
            if let Some(id) = object {
                has_property(types, id, (&denotation.property, &ty), span);
                // Where there are several to choose among, it is not for us to choose.
                let value = denotation.values.first().filter(|_| denotation.chosen == 1).cloned();
                let tag = tags.entry((id.0, denotation.property.clone())).or_insert_with(|| value.clone());
                if *tag != value {
                    *tag = None;
                }
            }
            if let Some(TypeDef { kind: TypeKind::Union(union), .. }) = types.get_mut(index)
                && let Some(variant) = union.variants.get_mut(position)
            {
                variant.test = Test::Discriminator(denotation);
            }
        }
    }
    for ((id, property), tag) in tags {
        if let Some(TypeDef { kind: TypeKind::Object(object), .. }) = types.get_mut(id)
            && let Some(member) = object.properties.iter_mut().find(|member| member.name == property)
        {
            member.tag = tag;
        }
    }
}

/// The object that values of a type are, aliases followed.
fn object(types: &[TypeDef], ty: &Type) -> Option<TypeId> {
    let Type::Named(id) = ty.unaliased(types) else { return None };
    matches!(types.get(id.0)?.kind, TypeKind::Object(_)).then_some(*id)
}

/// The texts that an object's member allows, where it is an enum.
fn allowed(types: &[TypeDef], object: Option<TypeId>, property: &str) -> Vec<String> {
    let Some(TypeKind::Object(object)) = object.and_then(|id| types.get(id.0)).map(|definition| &definition.kind)
    else {
        return Vec::new();
    };
    let member = object.properties.iter().find(|member| member.name == property);
    let allowed = member.and_then(|member| member.enum_values(types));
    allowed.unwrap_or_default().into_iter().map(Cow::into_owned).collect()
}

/// The values of a discriminator that name an object, those first that the object's own member allows. A text that only this
/// object's member allows names it too: documents give members such values, and no mapping.
fn agreed(denotation: DiscriminatorValues, allowed: &[String], claims: &HashMap<String, usize>) -> DiscriminatorValues {
    let DiscriminatorValues { property: member, values, chosen, is_base } = denotation;
    let (mut first, last): (Vec<String>, Vec<String>) = values.into_iter().partition(|value| allowed.contains(value));
    let own = allowed.iter().filter(|text| claims.get(*text) == Some(&1) && !first.contains(*text));
    let own: Vec<String> = own.cloned().collect();
    first.extend(own);
    // A value that the property does not allow is never sent.
    let chosen = if first.is_empty() && allowed.is_empty() { chosen } else { first.len() };
    first.extend(last);
    DiscriminatorValues { property: member, values: first, chosen, is_base }
}

/// The type of a discriminator that is an integer or a boolean.
fn scalar_type(types: &[TypeDef], object: TypeId, property: &str) -> Option<Type> {
    let TypeKind::Object(object) = &types.get(object.0)?.kind else { return None };
    let ty = &object.properties.iter().find(|member| member.name == property)?.ty;
    match (ty.unaliased(types), ty.definition(types).map(|definition| &definition.kind)) {
        (Type::Boolean, _) => Some(Type::Boolean),
        (Type::Integer(format), _) => Some(Type::Integer(*format)),
        (_, Some(TypeKind::IntegerEnum(numbers))) => Some(Type::Integer(numbers.format)),
        _ => None,
    }
}

/// Sees to it that an object has the member that a discriminator reads, whether its schema names it or not.
fn has_property(types: &mut [TypeDef], id: TypeId, (property, ty): (&str, &Type), span: Span) {
    let Some(TypeDef { kind: TypeKind::Object(object), .. }) = types.get_mut(id.0) else { return };
    if object.properties.iter().any(|member| member.name == property) {
        return;
    }
    object.properties.push(Property {
        name: property.to_owned(),
        rust_name: None,
        ty: ty.clone(),
        presence: Presence::Optional,
        required: false,
        read_only: false,
        write_only: false,
        tag: None,
        allowed: Vec::new(),
        facts: Facts::default(),
        doc: Doc {
            description: Some("What tells this type from others that may stand in its place.".to_owned()),
            ..Doc::default()
        },
        span,
    });
}
