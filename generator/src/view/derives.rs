//! Decides which traits a type derives. A type that contains floating-point numbers has neither `Eq` nor `Hash`. A type
//! that contains secrets has no `Hash`. Fields of the type `serde_json::Value` prevent neither, because `Value`
//! implements both traits.

use crate::ir::{Additional, Type, TypeDef, TypeId, TypeKind};

/// The traits that the types of an API derive.
pub(super) struct Derives {
    /// For each type, what its values contain, at any depth.
    contents: Vec<Contents>,
}

#[derive(Clone, Copy, Default, PartialEq)]
struct Contents {
    /// Values without `Eq`: floating-point numbers, and some types of other crates.
    no_eq: bool,
    /// Values without `Hash`: secrets, and some types of other crates.
    no_hash: bool,
}

impl Contents {
    fn either(self, other: Self) -> Self {
        Self { no_eq: self.no_eq || other.no_eq, no_hash: self.no_hash || other.no_hash }
    }
}

impl Derives {
    pub fn of(types: &[TypeDef]) -> Self {
        let mut contents = vec![Contents::default(); types.len()];
        // For each type, the types that contain it.
        let mut containers = vec![Vec::new(); types.len()];
        for (index, definition) in types.iter().enumerate() {
            for part in parts(&definition.kind) {
                match part.innermost() {
                    Type::Named(id) => {
                        if let Some(containers) = containers.get_mut(id.0) {
                            containers.push(index);
                        }
                    }
                    part => {
                        add(&mut contents, index, own(part));
                    }
                }
            }
        }
        let mut changed: Vec<usize> = (0..types.len()).collect();
        while let Some(index) = changed.pop() {
            let more = contents.get(index).copied().unwrap_or_default();
            for &container in containers.get(index).into_iter().flatten() {
                if add(&mut contents, container, more) {
                    changed.push(container);
                }
            }
        }
        Self { contents }
    }

    /// Returns the list of derived traits of a struct or union.
    pub fn list(&self, id: TypeId, has_default: bool) -> String {
        let contents = self.contents.get(id.0).copied().unwrap_or_default();
        let mut traits = vec!["Debug", "Clone"];
        if has_default {
            traits.push("Default");
        }
        traits.push("PartialEq");
        if !contents.no_eq {
            traits.push("Eq");
        }
        if contents == Contents::default() {
            traits.push("Hash");
        }
        traits.join(", ")
    }
}

/// Adds to the contents of a type. Returns whether they changed.
fn add(contents: &mut [Contents], index: usize, more: Contents) -> bool {
    let Some(contents) = contents.get_mut(index) else { return false };
    let before = *contents;
    *contents = before.either(more);
    *contents != before
}

/// Returns the contents of a type without a definition.
fn own(ty: &Type) -> Contents {
    match ty {
        Type::Number | Type::NumberOrText => Contents { no_eq: true, no_hash: false },
        Type::Secret => Contents { no_eq: false, no_hash: true },
        Type::External(external) => Contents { no_eq: !external.eq, no_hash: !external.hash },
        _ => Contents::default(),
    }
}

/// Returns the types of the values that a value contains directly.
fn parts(kind: &TypeKind) -> Vec<&Type> {
    match kind {
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) | TypeKind::JsonText(ty) => vec![ty],
        TypeKind::Tuple(tuple) => tuple.types().collect(),
        TypeKind::KeyedMap(map) => vec![&map.key, &map.value],
        TypeKind::Object(object) => {
            let additional = match &object.additional {
                Additional::Kept(ty) => Some(ty),
                Additional::Dropped => None,
            };
            object.properties.iter().map(|property| &property.ty).chain(additional).collect()
        }
        TypeKind::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
    }
}
