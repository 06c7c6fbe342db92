//! Compares the definitions of types.

use crate::ir::{Segment, Tuple, TypeDef, TypeId, TypeKind, Usage};
use crate::name::TypeNames;

use super::differ::{At, Differ, Owner, by_direction};
use super::subject::origin_text;
use super::values::Side;
use super::{Change, Item, Rust, Wire};

impl<'a> Differ<'a> {
    /// Compares all types. Inline schemas that exist in one version only are reported with the item that contains them.
    pub fn compare_all_types(&mut self) {
        let (old, new) = (self.old, self.new);
        for (index, definition) in old.api.types.iter().enumerate() {
            let id = TypeId(index);
            let new_id = self.pairs.new_type(id);
            let at = |new: Option<&TypeDef>| At {
                item: Item::Schema,
                subject: origin_text(&definition.origin),
                owner: (Some(Owner::Type(id)), new_id.map(Owner::Type)),
                members: Vec::new(),
                old: Some(definition.span),
                new: new.map(|new| new.span),
            };
            let paired = new_id.and_then(|id| Some((id, new.api.types.get(id.0)?)));
            match paired {
                Some((new_id, other)) => match (definition.is_left_out, other.is_left_out) {
                    (false, false) => self.compare_definitions(&at(Some(other)), (id, definition), (new_id, other)),
                    (false, true) => {
                        let detail = "is no longer used, so that no type is generated";
                        self.report(&at(Some(other)), Change::Removed, detail, Rust::Major, Wire::None);
                    }
                    (true, false) => {
                        let detail = "is used now, so that a type is generated";
                        self.report(&at(Some(other)), Change::Added, detail, Rust::Minor, Wire::None);
                    }
                    (true, true) => {}
                },
                None if is_reported(definition) => self.report_removed(&at(None), Rust::Major, Wire::None),
                None => {}
            }
        }
        for (index, definition) in new.api.types.iter().enumerate() {
            let id = TypeId(index);
            if !self.pairs.is_known(id) && is_reported(definition) {
                let mut at = At::api(Item::Schema, origin_text(&definition.origin), None, Some(definition.span));
                at.owner = (None, Some(Owner::Type(id)));
                self.report_added(&at, Rust::Minor, Wire::None);
            }
        }
    }

    fn compare_definitions(
        &mut self,
        at: &At,
        (old_id, old): (TypeId, &'a TypeDef),
        (new_id, new): (TypeId, &'a TypeDef),
    ) {
        static NO_NAMES: TypeNames = TypeNames {
            name: String::new(),
            properties: Vec::new(),
            additional: None,
            required: None,
            variants: Vec::new(),
        };
        let names = (
            self.old.names.types.get(old_id.0).unwrap_or(&NO_NAMES),
            self.new.names.types.get(new_id.0).unwrap_or(&NO_NAMES),
        );
        if names.0.name != names.1.name {
            self.report_renamed(at, &names.0.name, &names.1.name);
        }
        let usage = old.usage;
        self.compare_docs(at, usage, &old.doc, &new.doc);
        match (&old.kind, &new.kind) {
            (TypeKind::Alias(old), TypeKind::Alias(new))
            | (TypeKind::Wrapper(old), TypeKind::Wrapper(new))
            | (TypeKind::JsonText(old), TypeKind::JsonText(new)) => self.compare_types(at, usage, old, new),
            (TypeKind::Object(old_object), TypeKind::Object(new_object)) => {
                self.compare_objects(at, (old.usage, old_object), (new.usage, new_object), names);
            }
            (TypeKind::StringEnum(old), TypeKind::StringEnum(new)) => {
                self.compare_values(at, usage, &old.values, &new.values, names);
            }
            (TypeKind::IntegerEnum(old), TypeKind::IntegerEnum(new)) => {
                if old.format != new.format || old.flags != new.flags {
                    self.report(at, Change::Type, "is an enum of other integers", Rust::Major, Wire::Breaking);
                }
                self.compare_values(at, usage, &old.values, &new.values, names);
            }
            (TypeKind::Union(old), TypeKind::Union(new)) => self.compare_unions(at, usage, old, new, names),
            (TypeKind::Tuple(old_items), TypeKind::Tuple(new_items)) => {
                self.compare_tuples(at, usage, old_items, new_items);
            }
            (TypeKind::KeyedMap(old), TypeKind::KeyedMap(new)) => {
                self.compare_types(at, usage, &old.key, &new.key);
                self.compare_types(at, usage, &old.value, &new.value);
            }
            _ => {
                let accepts_old = self.values.kind_contains(Side::New, new_id, old_id, &self.pairs);
                let understands_new = self.values.kind_contains(Side::Old, old_id, new_id, &self.pairs);
                let detail = format!("changes from {} to {}", kind_text(&old.kind), kind_text(&new.kind));
                self.report(at, Change::Type, detail, Rust::Major, by_direction(usage, accepts_old, understands_new));
            }
        }
    }

    /// Reports that an item has another Rust name. The name is not part of requests and responses.
    pub fn report_renamed(&mut self, at: &At, old: &str, new: &str) {
        let detail = format!("has the Rust name `{new}` instead of `{old}`");
        self.report(at, Change::Renamed, detail, Rust::Major, Wire::None);
    }

    fn compare_tuples(&mut self, at: &At, usage: Usage, old: &'a Tuple, new: &'a Tuple) {
        if old.items.len() != new.items.len() || old.rest.is_some() != new.rest.is_some() {
            let detail = "has another number of items";
            return self.report(at, Change::Type, detail, Rust::Major, by_direction(usage, false, false));
        }
        for (old, new) in old.types().zip(new.types()) {
            self.compare_types(at, usage, old, new);
        }
    }
}

/// Returns whether a type is reported if it is added or removed.
fn is_reported(definition: &TypeDef) -> bool {
    !definition.is_left_out && matches!(definition.origin.0.as_slice(), [Segment::Component(_)])
}

fn kind_text(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Alias(_) => "an alias",
        TypeKind::Wrapper(_) => "an array or map that contains itself",
        TypeKind::Object(_) => "an object",
        TypeKind::StringEnum(_) => "an enum of strings",
        TypeKind::IntegerEnum(_) => "an enum of integers",
        TypeKind::Union(_) => "a union",
        TypeKind::Tuple(_) => "an array of fixed items",
        TypeKind::KeyedMap(_) => "an object with the values of an enum as property names",
        TypeKind::JsonText(_) => "a string that contains JSON",
    }
}
