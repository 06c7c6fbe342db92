//! Adapts the types of bodies with the media type `application/merge-patch+json` (RFC 7396), in which `null` removes a
//! property.
//!
//! The types of such bodies distinguish between absent, `null` and a value, for each optional property and each value
//! of a map, even if the schema does not allow `null`. The same applies to inner objects. Arrays are replaced as a
//! whole, so the types of their items do not change.
//!
//! A type that is only used in such bodies keeps its name. For a type that is also used elsewhere, a second type is
//! added, whose name ends in `Patch`.

use std::collections::{BTreeSet, HashMap};

use crate::ir::{
    Additional, BodyContent, Constraint, Group, Object, Presence, Representation, Segment, Type, TypeDef, TypeId,
    TypeKind,
};

use super::media::essence;
use super::usage::{inner, named, received, sent};

/// The types of merge patches.
pub(super) struct Patches(Vec<TypeId>);

/// Adds separate types for merge patches whose types are also used elsewhere, and makes the values of maps in merge
/// patches nullable.
pub(super) fn separate(types: &mut Vec<TypeDef>, groups: &mut [Group]) -> Patches {
    let mut roots = Vec::new();
    for representation in bodies(groups) {
        representation.doc.constraints.push(Constraint::MergePatch);
        roots.extend(representation.content.value().cloned());
    }
    if roots.is_empty() {
        return Patches(Vec::new());
    }
    let (reached, replaced) = reach_patched(types, &roots);
    let shared = reach_otherwise(types, groups, replaced);
    let affected = affected(types, &reached);
    let mut separation = Separation { types, shared, affected, patches: HashMap::new(), waiting: Vec::new() };
    for representation in bodies(groups) {
        if let BodyContent::Json(ty) = &mut representation.content {
            *ty = separation.patched(ty);
        }
    }
    separation.finish()
}

/// Makes optional properties of merge patches nullable.
pub(super) fn make_nullable(types: &mut [TypeDef], patches: &Patches) {
    for id in &patches.0 {
        let Some(TypeKind::Object(object)) = types.get_mut(id.0).map(|definition| &mut definition.kind) else {
            continue;
        };
        for property in &mut object.properties {
            if is_removable(property.presence, property.tag.as_deref()) {
                property.presence = Presence::OptionalNullable;
            }
        }
    }
}

/// Returns the bodies that are merge patches.
fn bodies(groups: &mut [Group]) -> impl Iterator<Item = &mut Representation<BodyContent>> {
    let operations = groups.iter_mut().flat_map(|group| &mut group.operations);
    let bodies = operations.filter_map(|operation| operation.body.as_mut()).flat_map(|body| &mut body.representations);
    bodies.filter(|body| is_merge_patch(body))
}

fn is_merge_patch(body: &Representation<BodyContent>) -> bool {
    matches!(body.content, BodyContent::Json(_)) && essence(&body.media_type) == "application/merge-patch+json"
}

/// Returns whether `null` can remove a property. A discriminator (`tag`) cannot be removed.
fn is_removable(presence: Presence, tag: Option<&str>) -> bool {
    matches!(presence, Presence::Optional | Presence::EmptyIfAbsent) && tag.is_none()
}

/// Returns the types whose values a merge patch of the types `roots` can change in part, and the types within values
/// that it replaces as a whole, e.g. the types of array items.
fn reach_patched(types: &[TypeDef], roots: &[Type]) -> (BTreeSet<TypeId>, Vec<TypeId>) {
    let (mut reached, mut replaced, mut waiting) = (BTreeSet::new(), Vec::new(), Vec::new());
    let mut look = |ty: &Type, waiting: &mut Vec<TypeId>| {
        let mut ty = ty;
        loop {
            match ty {
                Type::Map(inner) | Type::Nullable(inner) => ty = inner,
                Type::Array(inner) => return named(inner, &mut replaced),
                Type::Named(id) => return waiting.push(*id),
                _ => return,
            }
        }
    };
    let mut replaced_whole = Vec::new();
    roots.iter().for_each(|ty| look(ty, &mut waiting));
    while let Some(id) = waiting.pop() {
        if !reached.insert(id) {
            continue;
        }
        match types.get(id.0).map(|definition| &definition.kind) {
            Some(TypeKind::Alias(ty) | TypeKind::Wrapper(ty)) => look(ty, &mut waiting),
            Some(TypeKind::Object(object)) => {
                object.properties.iter().for_each(|property| look(&property.ty, &mut waiting));
                if let Additional::Kept(ty) = &object.additional {
                    look(ty, &mut waiting);
                }
            }
            Some(TypeKind::Union(union)) => union.variants.iter().for_each(|variant| look(&variant.ty, &mut waiting)),
            Some(TypeKind::KeyedMap(map)) => look(&map.value, &mut waiting),
            // A merge patch replaces these values as a whole, like arrays.
            Some(kind @ (TypeKind::Tuple(_) | TypeKind::JsonText(_))) => replaced_whole.push(kind),
            Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)) | None => {}
        }
    }
    replaced_whole.into_iter().for_each(|kind| inner(kind, &mut replaced));
    (reached, replaced)
}

/// Returns the types that are used outside of merge patches, or in values that merge patches replace as a whole
/// (`replaced`).
fn reach_otherwise(types: &[TypeDef], groups: &[Group], replaced: Vec<TypeId>) -> BTreeSet<TypeId> {
    let (mut reached, mut waiting) = (BTreeSet::new(), replaced);
    for operation in groups.iter().flat_map(|group| &group.operations) {
        let used = sent(operation, |body| !is_merge_patch(body)).into_iter().chain(received(operation));
        used.for_each(|ty| named(ty, &mut waiting));
    }
    while let Some(id) = waiting.pop() {
        if reached.insert(id)
            && let Some(definition) = types.get(id.0)
        {
            inner(&definition.kind, &mut waiting);
        }
    }
    reached
}

/// Returns the types that must be changed for merge patches, directly or because they contain a changed type.
fn affected(types: &[TypeDef], reached: &BTreeSet<TypeId>) -> BTreeSet<TypeId> {
    let mut affected = BTreeSet::new();
    let mut containers: HashMap<TypeId, Vec<TypeId>> = HashMap::new();
    let mut waiting = Vec::new();
    for id in reached {
        let Some(definition) = types.get(id.0) else { continue };
        let mut contents: Vec<&Type> = Vec::new();
        let mut is_changed = false;
        match &definition.kind {
            TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => contents.push(ty),
            TypeKind::Object(object) => {
                is_changed =
                    object.properties.iter().any(|property| is_removable(property.presence, property.tag.as_deref()));
                contents.extend(object.properties.iter().map(|property| &property.ty));
                if let Additional::Kept(ty) = &object.additional {
                    is_changed |= is_value_changed(ty);
                    contents.push(ty);
                }
            }
            TypeKind::Union(union) => contents.extend(union.variants.iter().map(|variant| &variant.ty)),
            TypeKind::KeyedMap(map) => {
                is_changed |= is_value_changed(&map.value);
                contents.push(&map.value);
            }
            TypeKind::Tuple(_) | TypeKind::JsonText(_) | TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
        }
        for mut ty in contents {
            loop {
                match ty {
                    Type::Map(inner) => {
                        is_changed |= is_value_changed(inner);
                        ty = inner;
                    }
                    Type::Nullable(inner) => ty = inner,
                    Type::Named(inner) => {
                        containers.entry(*inner).or_default().push(*id);
                        break;
                    }
                    _ => break,
                }
            }
        }
        if is_changed {
            waiting.push(*id);
        }
    }
    while let Some(id) = waiting.pop() {
        if affected.insert(id) {
            waiting.extend(containers.get(&id).into_iter().flatten());
        }
    }
    affected
}

/// Returns whether map values of this type become nullable in a merge patch.
fn is_value_changed(ty: &Type) -> bool {
    !matches!(ty, Type::Nullable(_) | Type::Any | Type::ExactJson)
}

/// The state of adding the types of merge patches.
struct Separation<'a> {
    types: &'a mut Vec<TypeDef>,
    /// Types that are also used outside of merge patches.
    shared: BTreeSet<TypeId>,
    /// Types that must be changed for merge patches.
    affected: BTreeSet<TypeId>,
    /// For each visited type, the type that replaces it in merge patches.
    patches: HashMap<TypeId, TypeId>,
    /// Types whose contents are still to be replaced.
    waiting: Vec<TypeId>,
}

impl Separation<'_> {
    /// Returns the type that replaces `ty` in merge patches.
    fn patched(&mut self, ty: &Type) -> Type {
        match ty {
            Type::Map(inner) => Type::Map(Box::new(self.value(inner))),
            Type::Nullable(inner) => Type::Nullable(Box::new(self.patched(inner))),
            Type::Named(id) if self.affected.contains(id) => Type::Named(self.patch(*id)),
            ty => ty.clone(),
        }
    }

    /// Returns the type that replaces the value type `ty` of a map in merge patches.
    fn value(&mut self, ty: &Type) -> Type {
        let patched = self.patched(ty);
        if is_value_changed(&patched) { Type::Nullable(Box::new(patched)) } else { patched }
    }

    fn patch(&mut self, id: TypeId) -> TypeId {
        if let Some(known) = self.patches.get(&id) {
            return *known;
        }
        let patch = match self.types.get(id.0) {
            Some(definition) if self.shared.contains(&id) => {
                let mut definition = definition.clone();
                definition.origin = definition.origin.then(Segment::Patch);
                definition.rust_name = definition.rust_name.map(|name| format!("{name}Patch"));
                self.types.push(definition);
                TypeId(self.types.len() - 1)
            }
            _ => id,
        };
        self.patches.insert(id, patch);
        self.waiting.push(patch);
        patch
    }

    fn finish(mut self) -> Patches {
        while let Some(id) = self.waiting.pop() {
            let Some(mut shape) = self.types.get(id.0).map(|definition| definition.kind.clone()) else { continue };
            match &mut shape {
                TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => *ty = self.patched(ty),
                TypeKind::Object(object) => self.object(object),
                TypeKind::Union(union) => {
                    for variant in &mut union.variants {
                        variant.ty = self.patched(&variant.ty);
                    }
                }
                TypeKind::KeyedMap(map) => map.value = self.value(&map.value),
                TypeKind::Tuple(_) | TypeKind::JsonText(_) | TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
            }
            if let Some(definition) = self.types.get_mut(id.0) {
                definition.kind = shape;
            }
        }
        Patches(self.patches.into_values().collect())
    }

    fn object(&mut self, object: &mut Object) {
        for property in &mut object.properties {
            property.ty = self.patched(&property.ty);
        }
        if let Additional::Kept(ty) = &mut object.additional {
            *ty = self.value(ty);
        }
    }
}
