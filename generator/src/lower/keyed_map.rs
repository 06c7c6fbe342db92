//! Lowers maps whose property names are restricted (`propertyNames`).

use crate::ir::{KeyedMap, Origin, Segment, Type, TypeDef, TypeKind};

use super::Lowering;
use super::parts::Part;
use super::schema::Built;

impl<'a> Lowering<'a> {
    /// Returns the type of a map with values of the type `value`. The keys have the type of `propertyNames` if this is
    /// a named type; otherwise, they are any strings.
    pub(super) fn map(&mut self, parts: &[Part<'a>], value: Type, origin: &Origin) -> Built {
        let names = parts.iter().find_map(|part| part.schema.object.as_deref()?.names);
        let key = names.map(|names| self.element(self.at(names), origin.then(Segment::Names)));
        match key {
            Some(key @ Type::Named(_)) => Built::Kind(TypeKind::KeyedMap(KeyedMap { key, value })),
            _ if value == Type::Any => Built::Type(Type::AnyObject),
            _ => Built::Type(Type::Map(Box::new(value))),
        }
    }
}

/// Replaces maps whose keys are not an enum of strings with maps whose keys are any strings. Requires that all types
/// are known.
pub(super) fn check_keys(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        let Some(TypeDef { kind: TypeKind::KeyedMap(map), .. }) = types.get(index) else { continue };
        if map.key.definition(types).is_some_and(|key| matches!(key.kind, TypeKind::StringEnum(_))) {
            continue;
        }
        let map = if map.value == Type::Any { Type::AnyObject } else { Type::Map(Box::new(map.value.clone())) };
        if let Some(definition) = types.get_mut(index) {
            definition.kind = TypeKind::Alias(map);
        }
    }
}
