//! Compares the properties of objects.

use std::collections::{HashMap, HashSet};

use crate::ir::{Additional, Object, Presence, Property, Usage};
use crate::name::{PropertyNames, TypeNames};

use super::differ::{At, Differ, by_direction};
use super::values::is_nullable;
use super::{Change, Item, Rust, Wire};

/// A property with its names.
type Named<'a> = (&'a Property, Option<&'a PropertyNames>);

impl<'a> Differ<'a> {
    pub fn compare_objects(
        &mut self,
        at: &At,
        (old_usage, old): (Usage, &'a Object),
        (new_usage, new): (Usage, &'a Object),
        names: (&'a TypeNames, &'a TypeNames),
    ) {
        let properties = |object: &'a Object, names: &'a TypeNames| -> Vec<Named<'a>> {
            object.properties.iter().enumerate().map(|(at, it)| (it, names.properties.get(at))).collect()
        };
        let (old_properties, new_properties) = (properties(old, names.0), properties(new, names.1));
        let mut added: HashMap<&str, Named<'a>> = new_properties.iter().map(|it| (it.0.name.as_str(), *it)).collect();
        for one in old_properties {
            let other = added.remove(one.0.name.as_str());
            let at = property_at(at, Some(one), other);
            match other {
                Some(other) => self.compare_properties(&at, old_usage, one, other),
                None if old_usage == Usage::default() => self.report_removed(&at, Rust::Major, Wire::None),
                None => self.report_removed(&at, Rust::Major, Wire::Breaking),
            }
        }
        for one in new_properties.into_iter().filter(|it| added.contains_key(it.0.name.as_str())) {
            self.report_new_property(&property_at(at, None, Some(one)), old_usage, new_usage, one.0);
        }
        self.compare_additional(at, old_usage, old, new);
    }

    fn report_new_property(&mut self, at: &At, old_usage: Usage, new_usage: Usage, property: &Property) {
        let is_sent = old_usage.request || old_usage.form;
        let wire = match property.required && !property.read_only && is_sent {
            true => Wire::Breaking,
            false if old_usage == Usage::default() => Wire::None,
            false => Wire::Note,
        };
        let is_argument = property.is_argument(new_usage, &self.new.api.types);
        let (detail, rust) = if is_argument { ("is new and required", Rust::Major) } else { ("is new", Rust::Minor) };
        self.report(at, Change::Added, detail, rust, wire);
    }

    fn compare_properties(&mut self, at: &At, usage: Usage, old: Named<'a>, new: Named<'a>) {
        let field = |it: Named<'a>| it.1.map(|names| names.field.as_str());
        if let (Some(old), Some(new)) = (field(old), field(new))
            && old != new
        {
            self.report_renamed(at, old, new);
        }
        let (old, new) = (old.0, new.0);
        self.compare_value(at, usage, (&old.doc, &old.ty), (&new.doc, &new.ty));
        self.compare_presence(at, usage, old, new);
        self.compare_default(at, usage, &old.facts, &new.facts);
        if old.allowed != new.allowed {
            let contains = |wide: &[String], narrow: &[String]| {
                let wide: HashSet<&String> = wide.iter().collect();
                wide.is_empty() || !narrow.is_empty() && narrow.iter().all(|value| wide.contains(value))
            };
            let wire = by_direction(usage, contains(&new.allowed, &old.allowed), contains(&old.allowed, &new.allowed));
            self.report(at, Change::Constraints, "allows other values", Rust::Patch, wire);
        }
        if old.tag != new.tag {
            let wire = by_direction(usage, false, false);
            self.report(at, Change::Other, "has another discriminator value", Rust::Patch, wire);
        }
    }

    fn compare_presence(&mut self, at: &At, usage: Usage, old: &Property, new: &Property) {
        let is_optional = |it: &Property| {
            matches!(it.presence, Presence::Optional | Presence::OptionalNullable | Presence::EmptyIfAbsent)
        };
        let is_required_in = |it: &Property| (it.required && !it.read_only, it.required && !it.write_only);
        let (old_required, new_required) = (is_required_in(old), is_required_in(new));
        let accepts_old = !new_required.0 || old_required.0;
        let understands_new = new_required.1 || !old_required.1;
        let wire = by_direction(usage, accepts_old, understands_new);
        let is_omitted_if_empty = |it: &Property| it.presence == Presence::EmptyIfAbsent;
        if is_optional(old) != is_optional(new) {
            let detail = if is_optional(new) { "is optional now" } else { "is required now" };
            self.report(at, Change::Required, detail, Rust::Major, wire);
        } else if old_required != new_required {
            let detail = if old.required == new.required {
                "is required in other requests and responses"
            } else if new.required {
                "is required now"
            } else {
                "is optional now"
            };
            self.report(at, Change::Required, detail, Rust::Major, wire);
        } else if is_omitted_if_empty(old) != is_omitted_if_empty(new) {
            let detail = "differs in whether it is absent if it is empty";
            self.report(at, Change::Required, detail, Rust::Major, by_direction(usage, false, false));
        }
        if is_nullable(old) != is_nullable(new) {
            let detail = if is_nullable(new) { "is nullable now" } else { "is no longer nullable" };
            let wire = by_direction(usage, is_nullable(new), is_nullable(old));
            self.report(at, Change::Nullable, detail, Rust::Major, wire);
        }
        if (old.read_only, old.write_only) != (new.read_only, new.write_only) {
            // The server may ignore a read-only property, and omit a write-only property.
            let accepts_old = !new.read_only || old.read_only;
            let understands_new = !new.write_only || old.write_only;
            let wire = by_direction(usage, accepts_old, understands_new);
            let detail = match (new.read_only, new.write_only) {
                (true, _) => "is read-only now",
                (_, true) => "is write-only now",
                _ => "is in requests and responses now",
            };
            self.report(at, Change::Other, detail, Rust::Patch, wire);
        }
    }

    fn compare_additional(&mut self, at: &At, usage: Usage, old: &'a Object, new: &'a Object) {
        let at = at.part(Item::Property, "additional properties", at.old, at.new);
        match (&old.additional, &new.additional) {
            (Additional::Dropped, Additional::Dropped) => {}
            (Additional::Kept(old), Additional::Kept(new)) => self.compare_types(&at, usage, old, new),
            (Additional::Dropped, Additional::Kept(_)) => {
                self.report(&at, Change::Added, "are described now", Rust::Major, by_direction(usage, true, true));
            }
            (Additional::Kept(_), Additional::Dropped) => {
                let detail = "are no longer described";
                self.report(&at, Change::Removed, detail, Rust::Major, by_direction(usage, false, true));
            }
        }
        self.compare_docs(&at, usage, &old.additional_doc, &new.additional_doc);
    }
}

fn property_at(at: &At, old: Option<Named<'_>>, new: Option<Named<'_>>) -> At {
    let name = old.or(new).map(|it| it.0.name.as_str()).unwrap_or_default();
    let span = |it: Option<Named<'_>>| it.map(|it| it.0.span);
    let names = [old, new].into_iter().flatten().filter_map(|it| it.1);
    let names = names.flat_map(|names| [names.field.clone(), names.setter.clone(), names.null_setter.clone()]);
    at.part(Item::Property, &format!("property `{name}`"), span(old).or(at.old), span(new).or(at.new)).named(names)
}
