//! Decides whether a type allows all JSON values of another type.

use std::collections::{HashMap, HashSet};

use crate::ir::{Additional, Api, Doc, Object, Property, ResponseContent, Test, Type, TypeId, TypeKind, Union};

use super::docs::allows;
use super::pairs::Pairs;

/// A version of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Old,
    New,
}

/// A comparison of the values of old and new types.
pub(super) struct Values<'a> {
    old: &'a Api,
    new: &'a Api,
    /// The results for pairs of definitions: whether the first allows all values of the second.
    known: HashMap<PairKey, bool>,
    /// The pairs in `known` for which the result is true, in the order of their comparison.
    contained: Vec<PairKey>,
}

/// The version of the first definition, and two definitions.
type PairKey = (Side, TypeId, TypeId);

impl<'a> Values<'a> {
    pub fn new(old: &'a Api, new: &'a Api) -> Self {
        Self { old, new, known: HashMap::new(), contained: Vec::new() }
    }

    /// Returns whether an old and a new type are the same: they have the same Rust type. Changes of a definition are not
    /// changes of the types that use the definition.
    pub fn are_same(&self, old: &Type, new: &Type, pairs: &Pairs<'_>) -> bool {
        if let (Type::Named(old), Type::Named(new)) = (old, new)
            && pairs.new_type(*old) == Some(*new)
        {
            return true;
        }
        match (old.unaliased(&self.old.types), new.unaliased(&self.new.types)) {
            (Type::Array(old), Type::Array(new))
            | (Type::Map(old), Type::Map(new))
            | (Type::Nullable(old), Type::Nullable(new)) => self.are_same(old, new, pairs),
            (Type::Named(old), Type::Named(new)) => pairs.new_type(*old) == Some(*new),
            (old, new) => old == new,
        }
    }

    /// Returns whether the type `wide` of the version `side` allows all values of the type `narrow` of the other version.
    /// Returns false in case of doubt.
    pub fn contains(&mut self, side: Side, wide: &'a Type, narrow: &'a Type, pairs: &Pairs<'_>) -> bool {
        let (wide_api, narrow_api) = self.apis(side);
        if is_pair(side, wide, narrow, pairs) {
            return true;
        }
        // The constraints of an alias are compared with those of another alias, otherwise they count as narrower.
        match (wide, narrow) {
            (Type::Named(wide), Type::Named(narrow)) if is_alias(wide_api, *wide) && is_alias(narrow_api, *narrow) => {
                return self.definition_contains(side, *wide, *narrow, pairs);
            }
            _ if side == Side::New && aliases(wide_api, wide).iter().any(|doc| !allows(doc, &Doc::default())) => {
                return false;
            }
            _ => {}
        }
        let (wide, narrow) = (wide.unaliased(&wide_api.types), narrow.unaliased(&narrow_api.types));
        match (wide, narrow) {
            (Type::Any | Type::ExactJson, _) => true,
            (Type::Nullable(wide), Type::Nullable(narrow)) => self.contains(side, wide, narrow, pairs),
            (Type::Nullable(wide), narrow) => self.contains(side, wide, narrow, pairs),
            (
                Type::String | Type::Secret,
                Type::String | Type::Secret | Type::Date | Type::DateTime | Type::Base64 | Type::Base64Url,
            )
            | (Type::Number | Type::Decimal | Type::NumberOrText, Type::Integer(_) | Type::Number | Type::Decimal)
            | (Type::NumberOrText, Type::NumberOrText | Type::IntegerText(_) | Type::IntegerOrText(_)) => true,
            (Type::Integer(wide), Type::Integer(narrow))
            | (Type::IntegerText(wide), Type::IntegerText(narrow))
            | (
                Type::IntegerOrText(wide),
                Type::Integer(narrow) | Type::IntegerText(narrow) | Type::IntegerOrText(narrow),
            ) => wide.range().0 <= narrow.range().0 && wide.range().1 >= narrow.range().1,
            (Type::Array(wide), Type::Array(narrow)) | (Type::Map(wide), Type::Map(narrow)) => {
                self.contains(side, wide, narrow, pairs)
            }
            (Type::AnyObject, Type::AnyObject | Type::Map(_)) => true,
            (Type::Named(wide), Type::Named(narrow)) => self.definition_contains(side, *wide, *narrow, pairs),
            (Type::Named(id), narrow) => match wide_api.types.get(id.0).map(|definition| &definition.kind) {
                Some(TypeKind::Union(union)) => self.union_contains(side, union, narrow, pairs),
                _ => false,
            },
            (wide, Type::Named(id)) => match (wide, narrow_api.types.get(id.0).map(|definition| &definition.kind)) {
                (Type::String | Type::Secret, Some(TypeKind::StringEnum(_) | TypeKind::JsonText(_)))
                | (Type::AnyObject, Some(TypeKind::Object(_) | TypeKind::KeyedMap(_)))
                | (Type::Number | Type::Decimal | Type::NumberOrText, Some(TypeKind::IntegerEnum(_))) => true,
                (Type::Integer(format) | Type::IntegerOrText(format), Some(TypeKind::IntegerEnum(integers))) => {
                    integers.values.iter().all(|value| format.holds(value.value))
                }
                (wide, Some(TypeKind::Union(union))) => {
                    union.variants.iter().all(|variant| self.contains(side, wide, &variant.ty, pairs))
                }
                _ => false,
            },
            (wide, narrow) => wide == narrow,
        }
    }

    fn apis(&self, side: Side) -> (&'a Api, &'a Api) {
        match side {
            Side::Old => (self.old, self.new),
            Side::New => (self.new, self.old),
        }
    }

    /// Returns whether a definition allows all values of another one. The two versions of a type allow the same values
    /// here, because the comparison of their definitions reports the difference.
    fn definition_contains(&mut self, side: Side, wide: TypeId, narrow: TypeId, pairs: &Pairs<'_>) -> bool {
        if is_pair(side, &Type::Named(wide), &Type::Named(narrow), pairs) {
            return true;
        }
        let key = (side, wide, narrow);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        // A type that contains itself allows the values of another one if all else is the same.
        self.known.insert(key, true);
        let before = self.contained.len();
        self.contained.push(key);
        let is_contained = self.kind_contains(side, wide, narrow, pairs) && self.allows_constraints(side, wide, narrow);
        if !is_contained {
            // Results since then may follow from the wrong assumption.
            for key in self.contained.drain(before..) {
                self.known.remove(&key);
            }
            self.known.insert(key, false);
        }
        is_contained
    }

    /// Returns whether the constraints of a definition allow the values of another one. Only servers check constraints.
    fn allows_constraints(&self, side: Side, wide: TypeId, narrow: TypeId) -> bool {
        let (wide_api, narrow_api) = self.apis(side);
        match (wide_api.types.get(wide.0), narrow_api.types.get(narrow.0)) {
            (Some(wide), Some(narrow)) => side == Side::Old || allows(&wide.doc, &narrow.doc),
            _ => false,
        }
    }

    /// Returns the documentation of the aliases by which the two versions of a value refer to their types. Empty if the
    /// aliases are two versions of the same definition, which are compared on their own.
    pub fn aliases(&self, old: &Type, new: &Type, pairs: &Pairs<'_>) -> (Vec<&'a Doc>, Vec<&'a Doc>) {
        if is_pair(Side::Old, old, new, pairs) {
            return (Vec::new(), Vec::new());
        }
        (aliases(self.old, old), aliases(self.new, new))
    }

    /// Returns whether clients that expect the content `old` understand the content `new`.
    pub fn understands(&mut self, old: &'a ResponseContent, new: &'a ResponseContent, pairs: &Pairs<'_>) -> bool {
        match (old, new) {
            (ResponseContent::Empty, _) | (ResponseContent::Bytes, ResponseContent::Bytes) => true,
            (ResponseContent::Json(old), ResponseContent::Json(new))
            | (ResponseContent::Text(old), ResponseContent::Text(new))
            | (ResponseContent::TextOrJson(old), ResponseContent::TextOrJson(new)) => {
                self.contains(Side::Old, old, new, pairs)
            }
            _ => false,
        }
    }

    /// Returns whether the kind of a definition allows all values of another definition.
    pub fn kind_contains(&mut self, side: Side, wide: TypeId, narrow: TypeId, pairs: &Pairs<'_>) -> bool {
        let (wide_api, narrow_api) = self.apis(side);
        let kind = |api: &'a Api, id: TypeId| api.types.get(id.0).map(|definition| &definition.kind);
        let (Some(wide_kind), Some(narrow_kind)) = (kind(wide_api, wide), kind(narrow_api, narrow)) else {
            return false;
        };
        match (wide_kind, narrow_kind) {
            (TypeKind::Alias(wide), TypeKind::Alias(narrow))
            | (TypeKind::Wrapper(wide), TypeKind::Wrapper(narrow))
            | (TypeKind::JsonText(wide), TypeKind::JsonText(narrow)) => self.contains(side, wide, narrow, pairs),
            (TypeKind::Object(wide), TypeKind::Object(narrow)) => self.object_contains(side, wide, narrow, pairs),
            (TypeKind::StringEnum(wide), TypeKind::StringEnum(narrow)) => {
                let values: HashSet<&str> = wide.values.iter().map(|it| it.value.as_str()).collect();
                narrow.values.iter().all(|it| values.contains(it.value.as_str()))
            }
            (TypeKind::IntegerEnum(wide), TypeKind::IntegerEnum(narrow)) => {
                let values: HashSet<i128> = wide.values.iter().map(|it| it.value).collect();
                wide.flags == narrow.flags && narrow.values.iter().all(|it| values.contains(&it.value))
            }
            (TypeKind::Union(wide), TypeKind::Union(narrow)) => {
                // Compare with the variant at the same position first: most unions do not change their order.
                narrow.variants.iter().enumerate().all(|(at, variant)| {
                    let same = wide.variants.get(at).is_some_and(|it| {
                        accepts_values(&it.test, &variant.test) && self.contains(side, &it.ty, &variant.ty, pairs)
                    });
                    same || is_small(wide)
                        && wide.variants.iter().any(|it| {
                            accepts_values(&it.test, &variant.test) && self.contains(side, &it.ty, &variant.ty, pairs)
                        })
                })
            }
            (TypeKind::Alias(wide), narrow) => self.alias_contains(side, wide, narrow),
            (TypeKind::Union(union), _) => union.variants.iter().any(|variant| match &variant.ty {
                Type::Named(wide) => self.definition_contains(side, *wide, narrow, pairs),
                _ => false,
            }),
            _ => false,
        }
    }

    /// Returns whether an alias allows all values of a definition.
    fn alias_contains(&self, side: Side, wide: &Type, narrow: &TypeKind) -> bool {
        let (wide_api, _) = self.apis(side);
        match (wide.unaliased(&wide_api.types).non_null(), narrow) {
            (Type::Any | Type::ExactJson, _)
            | (Type::String | Type::Secret, TypeKind::StringEnum(_) | TypeKind::JsonText(_))
            | (Type::AnyObject, TypeKind::Object(_) | TypeKind::KeyedMap(_))
            | (Type::Number | Type::Decimal, TypeKind::IntegerEnum(_)) => true,
            (Type::Integer(format), TypeKind::IntegerEnum(integers)) => {
                integers.values.iter().all(|value| format.holds(value.value))
            }
            _ => false,
        }
    }

    fn union_contains(&mut self, side: Side, wide: &'a Union, narrow: &'a Type, pairs: &Pairs<'_>) -> bool {
        wide.variants.iter().any(|variant| self.contains(side, &variant.ty, narrow, pairs))
    }

    fn object_contains(&mut self, side: Side, wide: &'a Object, narrow: &'a Object, pairs: &Pairs<'_>) -> bool {
        let narrow_properties: HashMap<&str, &Property> =
            narrow.properties.iter().map(|property| (property.name.as_str(), property)).collect();
        let all_required = wide.properties.iter().all(|property| {
            let other = narrow_properties.get(property.name.as_str());
            !property.required || other.is_some_and(|other| other.required)
        });
        let additional = match (&wide.additional, &narrow.additional) {
            (Additional::Dropped, _) => true,
            (Additional::Kept(_), Additional::Dropped) => false,
            (Additional::Kept(wide), Additional::Kept(narrow)) => self.contains(side, wide, narrow, pairs),
        };
        let is_open = matches!(wide.additional, Additional::Kept(_));
        let wide_names: HashSet<&str> = wide.properties.iter().map(|property| property.name.as_str()).collect();
        // An object with other properties has another meaning, even if unknown properties are ignored.
        let all_known = is_open || narrow.properties.iter().all(|property| wide_names.contains(property.name.as_str()));
        all_required
            && all_known
            && additional
            && wide.properties.iter().all(|property| {
                let Some(other) = narrow_properties.get(property.name.as_str()) else { return true };
                let nulls = is_nullable(property) || !is_nullable(other);
                // Only servers check constraints and use defaults.
                let allowed = side == Side::Old
                    || allows(&property.doc, &other.doc)
                        && property.facts.default == other.facts.default
                        && allows_all(&property.allowed, &other.allowed);
                nulls && allowed && self.contains(side, &property.ty, &other.ty, pairs)
            })
    }
}

/// Returns whether a property may be `null`.
pub(super) fn is_nullable(property: &Property) -> bool {
    use crate::ir::Presence::{Nullable, OptionalNullable};
    matches!(property.presence, Nullable | OptionalNullable)
}

/// Returns the documentation of the aliases from a type to the type that it stands for.
fn aliases<'a>(api: &'a Api, ty: &Type) -> Vec<&'a Doc> {
    let mut docs = Vec::new();
    let mut next = ty;
    while let Type::Named(id) = next
        && let Some(definition) = api.types.get(id.0).filter(|_| docs.len() < api.types.len())
        && let TypeKind::Alias(aliased) = &definition.kind
    {
        docs.push(&definition.doc);
        next = aliased;
    }
    docs
}

fn is_alias(api: &Api, id: TypeId) -> bool {
    matches!(api.types.get(id.0).map(|definition| &definition.kind), Some(TypeKind::Alias(_)))
}

/// Returns whether a list of allowed values allows all values of another list. An empty list allows all values.
fn allows_all(wide: &[String], narrow: &[String]) -> bool {
    let known: HashSet<&String> = wide.iter().collect();
    wide.is_empty() || !narrow.is_empty() && narrow.iter().all(|value| known.contains(value))
}

/// Returns whether a variant of a union is selected by the values that select another one.
fn accepts_values(wide: &Test, narrow: &Test) -> bool {
    match (wide, narrow) {
        (Test::Discriminator(wide), Test::Discriminator(narrow)) => {
            wide.property == narrow.property && (wide.is_base || allows_all(&wide.values, &narrow.values))
        }
        _ => true,
    }
}

/// Returns whether all pairs of variants can be compared.
fn is_small(union: &Union) -> bool {
    union.variants.len() <= 32
}

fn is_pair(side: Side, wide: &Type, narrow: &Type, pairs: &Pairs<'_>) -> bool {
    match (side, wide, narrow) {
        (Side::Old, Type::Named(old), Type::Named(new)) | (Side::New, Type::Named(new), Type::Named(old)) => {
            pairs.new_type(*old) == Some(*new)
        }
        _ => false,
    }
}
