//! Lowers discriminators: the values that select each schema, and the property that contains such a value.
//!
//! Each variant gets a [`Test`]. When all types are known, [`complete`] adds missing discriminator properties to objects,
//! and sets the value that selects each object.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::ir::{DiscriminatorValues, Doc, Facts, Presence, Property, Test, Type, TypeDef, TypeId, TypeKind};
use crate::source::Span;
use crate::spec::{self, Schema, SchemaId};

use super::Lowering;

/// A discriminator with its mapping.
pub(super) struct Discriminator<'a> {
    pub property: &'a str,
    /// The schemas of the mapping, in its order, each with the location of its first value in the mapping.
    pub mapped: Vec<(&'a Schema, Span)>,
    values: HashMap<SchemaId, Vec<&'a str>>,
    /// All values of the mapping. Such a value selects the schema of the mapping, even if it is the name of another
    /// schema.
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

    /// Returns the name of a component schema. `None` for other schemas.
    pub(super) fn name_of(&self, node: &Schema) -> Option<&str> {
        let definition = self.definition_of(node).and_then(|id| self.types.get(id.0))?;
        definition.origin.component()
    }
}

impl Discriminator<'_> {
    /// Returns the test for a schema: its values in the mapping, and its name. The name does not count if the mapping
    /// uses it as a value, or if an extension replaces it. `None` if no value selects the schema.
    pub(super) fn test(&self, target: &Schema, name: Option<&str>) -> Option<Test> {
        let mapped = self.values.get(&target.id).map(Vec::as_slice).unwrap_or_default();
        // An extension of Swagger 2.0, e.g. `x-ms-discriminator-value`, can replace the name.
        let name = name.filter(|name| target.discriminator_value.is_none() && !self.taken.contains(name));
        let values: Vec<String> = mapped.iter().copied().chain(name).map(str::to_owned).collect();
        let chosen = mapped.len().max(1);
        let property = self.property.to_owned();
        (!values.is_empty()).then_some(Test::Discriminator(DiscriminatorValues {
            property,
            values,
            chosen,
            is_base: false,
        }))
    }

    /// Returns the test for the base schema of a hierarchy, which accepts all values that select no other schema.
    /// Clients send the name of the base schema only if there is no mapping. `test` is the result of
    /// [`test`](Self::test) for the base schema.
    pub(super) fn base(&self, test: Option<Test>) -> Test {
        match test {
            Some(Test::Discriminator(denotation)) => {
                let is_mapped = denotation.values.first().is_some_and(|value| self.taken.contains(value.as_str()));
                let chosen = if is_mapped || self.taken.is_empty() { denotation.chosen } else { 0 };
                Test::Discriminator(DiscriminatorValues { chosen, is_base: true, ..denotation })
            }
            _ => {
                let property = self.property.to_owned();
                Test::Discriminator(DiscriminatorValues { property, values: Vec::new(), chosen: 0, is_base: true })
            }
        }
    }
}

/// Adds missing discriminator properties to objects, and sets the value that selects each object.
pub(super) fn complete(types: &mut [TypeDef]) {
    // The value that selects each object. `None` if several unions use different values.
    let mut tags: HashMap<(usize, String), Option<String>> = HashMap::new();
    for index in 0..types.len() {
        let Some(TypeDef { kind: TypeKind::Union(union), .. }) = types.get(index) else { continue };
        let (mut variants, mut allowed) = (Vec::new(), Vec::new());
        for (position, variant) in union.variants.iter().enumerate() {
            if let Test::Discriminator(denotation) = &variant.test {
                allowed.push(allowed_values(types, &variant.ty, &denotation.property));
                variants.push((position, object(types, &variant.ty), denotation.clone(), variant.span));
            }
        }
        let mut claims: HashMap<String, usize> = HashMap::new();
        for ((_, _, denotation, _), allowed) in variants.iter().zip(&allowed) {
            let claimed: HashSet<&String> = denotation.values.iter().chain(allowed).collect();
            claimed.into_iter().for_each(|value| *claims.entry(value.clone()).or_default() += 1);
        }
        let ty = variants
            .iter()
            .find_map(|variant| scalar_type(types, variant.1?, &variant.2.property))
            .unwrap_or(Type::String);
        for ((position, object, denotation, span), allowed) in variants.into_iter().zip(allowed) {
            let denotation = agreed(denotation, &allowed, &claims);
            if let Some(id) = object {
                add_property(types, id, (&denotation.property, &ty), span);
                // If several values are possible, callers choose.
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
            && let Some(known) = object.properties.iter_mut().find(|known| known.name == property)
        {
            known.tag = tag;
        }
    }
}

/// Returns the ID of a type after resolving aliases, if it is an object.
fn object(types: &[TypeDef], ty: &Type) -> Option<TypeId> {
    let Type::Named(id) = ty.unaliased(types) else { return None };
    matches!(types.get(id.0)?.kind, TypeKind::Object(_)).then_some(*id)
}

/// Returns the values that a property of an object allows. Empty if the property is not an enum.
fn allowed_values(types: &[TypeDef], ty: &Type, property: &str) -> Vec<String> {
    if let Type::External(external) = ty.unaliased(types) {
        let allowed = external.allowed.iter().find(|(name, _)| name == property);
        return allowed.map(|(_, values)| values.clone()).unwrap_or_default();
    }
    let Some(TypeKind::Object(object)) = ty.definition(types).map(|definition| &definition.kind) else {
        return Vec::new();
    };
    let known = object.properties.iter().find(|known| known.name == property);
    let allowed = known.and_then(|known| known.enum_values(types));
    allowed.unwrap_or_default().into_iter().map(Cow::into_owned).collect()
}

/// Returns the values that select a variant. Values that the discriminator property of the variant allows (`allowed`)
/// come first. An allowed value that no other variant uses (`claims`) selects the variant too: many documents define
/// such enums instead of a mapping.
fn agreed(denotation: DiscriminatorValues, allowed: &[String], claims: &HashMap<String, usize>) -> DiscriminatorValues {
    let DiscriminatorValues { property, values, chosen, is_base } = denotation;
    let (mut first, last): (Vec<String>, Vec<String>) = values.into_iter().partition(|value| allowed.contains(value));
    let own = allowed.iter().filter(|value| claims.get(*value) == Some(&1) && !first.contains(*value));
    let own: Vec<String> = own.cloned().collect();
    first.extend(own);
    // Clients never send a value that the property does not allow.
    let chosen = if first.is_empty() && allowed.is_empty() { chosen } else { first.len() };
    first.extend(last);
    DiscriminatorValues { property, values: first, chosen, is_base }
}

/// Returns the type of the discriminator `property` of an object, if it is an integer or a boolean.
fn scalar_type(types: &[TypeDef], object: TypeId, property: &str) -> Option<Type> {
    let TypeKind::Object(object) = &types.get(object.0)?.kind else { return None };
    let ty = &object.properties.iter().find(|known| known.name == property)?.ty;
    match (ty.unaliased(types), ty.definition(types).map(|definition| &definition.kind)) {
        (Type::Boolean, _) => Some(Type::Boolean),
        (Type::Integer(format), _) => Some(Type::Integer(*format)),
        (_, Some(TypeKind::IntegerEnum(numbers))) => Some(Type::Integer(numbers.format)),
        _ => None,
    }
}

/// Adds the property of a discriminator to an object that does not define it.
fn add_property(types: &mut [TypeDef], id: TypeId, (property, ty): (&str, &Type), span: Span) {
    let Some(TypeDef { kind: TypeKind::Object(object), .. }) = types.get_mut(id.0) else { return };
    if object.properties.iter().any(|known| known.name == property) {
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
            description: Some("The discriminator, which identifies the type of the object.".to_owned()),
            ..Doc::default()
        },
        span,
    });
}
