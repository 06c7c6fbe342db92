//! Compares the parameters of operations.

use std::collections::HashMap;

use crate::ir::{JsonKind, Location, Operation, Parameter};
use crate::name::OperationNames;

use super::differ::{At, Differ, REQUEST};
use super::{Change, Item, Rust, Wire};

/// A parameter with its Rust name.
type Named<'a> = (&'a Parameter, Option<&'a String>);

impl<'a> Differ<'a> {
    pub fn compare_parameters(
        &mut self,
        at: &At,
        (old, old_names): (&'a Operation, &'a OperationNames),
        (new, new_names): (&'a Operation, &'a OperationNames),
    ) {
        let with_names = |operation: &'a Operation, names: &'a OperationNames| -> Vec<Named<'a>> {
            operation.parameters.iter().enumerate().map(|(at, it)| (it, names.parameters.get(at))).collect()
        };
        let (old_all, new_all) = (with_names(old, old_names), with_names(new, new_names));
        let mut found: Vec<Option<usize>> = vec![None; old_all.len()];
        let mut taken = vec![false; new_all.len()];
        // A path parameter has the same place in the path if only its name changes.
        let places = (path_places(&old.path), path_places(&new.path));
        let mut pair = |key: &dyn Fn(&Parameter, bool) -> Option<String>| {
            let mut by_key: HashMap<String, usize> = HashMap::new();
            for (index, (parameter, _)) in
                new_all.iter().enumerate().filter(|(index, _)| taken.get(*index) == Some(&false))
            {
                if let Some(key) = key(parameter, true) {
                    by_key.entry(key).or_insert(index);
                }
            }
            for ((parameter, _), found) in old_all.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
                *found = key(parameter, false).and_then(|key| by_key.remove(&key));
                if let Some(taken) = found.and_then(|index| taken.get_mut(index)) {
                    *taken = true;
                }
            }
        };
        pair(&|parameter, _| Some(format!("{} {}", location_text(parameter.location), name_key(parameter))));
        pair(&|parameter, is_new| {
            let places = if is_new { &places.1 } else { &places.0 };
            let place = places.get(parameter.name.as_str());
            place.filter(|_| parameter.location == Location::Path).map(ToString::to_string)
        });
        pair(&|parameter, _| Some(parameter.name.clone()));
        for (one, found) in old_all.iter().zip(found) {
            let other = found.and_then(|index| new_all.get(index));
            let at = parameter_at(at, Some(*one), other.copied());
            match other {
                Some(other) => {
                    self.compare_parameter(&at, *one, *other);
                    let is_in_path = [one.0, other.0].iter().all(|it| it.location == Location::Path);
                    if is_in_path && places.0.get(one.0.name.as_str()) != places.1.get(other.0.name.as_str()) {
                        // The order of the arguments may change too.
                        let detail = "has another place in the path";
                        self.report(&at, Change::Moved, detail, Rust::Major, Wire::Breaking);
                    }
                }
                None => self.report_removed(&at, Rust::Major, Wire::Breaking),
            }
        }
        for (one, _) in new_all.iter().zip(taken).filter(|(_, taken)| !taken) {
            let at = parameter_at(at, None, Some(*one));
            let parameter = one.0;
            let rust = if parameter.is_argument() { Rust::Major } else { Rust::Minor };
            match parameter.required {
                true => self.report(&at, Change::Added, "is new and required", rust, Wire::Breaking),
                false => self.report_added(&at, rust, Wire::Note),
            }
        }
    }

    fn compare_parameter(&mut self, at: &At, (old, old_name): Named<'a>, (new, new_name): Named<'a>) {
        if let (Some(old_name), Some(new_name)) = (old_name, new_name)
            && old_name != new_name
            && !(old.is_argument() && new.is_argument())
        {
            self.report_renamed(at, old_name, new_name);
        }
        if old.location != new.location {
            let detail =
                format!("is in the {} instead of the {}", location_text(new.location), location_text(old.location));
            self.report(at, Change::Style, detail, Rust::None, Wire::Breaking);
        }
        self.compare_value(at, REQUEST, (&old.doc, &old.ty), (&new.doc, &new.ty));
        self.compare_default(at, REQUEST, &old.facts, &new.facts);
        if old.is_argument() != new.is_argument() || old.required != new.required {
            let detail = if new.required { "is required now" } else { "is optional now" };
            let rust = if old.is_argument() == new.is_argument() { Rust::None } else { Rust::Major };
            let is_breaking = new.required && !old.required && old.client_value.is_none();
            let wire = if is_breaking { Wire::Breaking } else { Wire::Compatible };
            self.report(at, Change::Required, detail, rust, wire);
        }
        if old.client_value != new.client_value {
            let detail = "has another value that clients send";
            self.report(at, Change::Default, detail, Rust::None, Wire::Breaking);
        }
        if old.sensitive != new.sensitive {
            let detail = if new.sensitive { "is a secret now" } else { "is no longer a secret" };
            // The type of the value changes too, which is reported separately.
            self.report(at, Change::Other, detail, Rust::Patch, Wire::None);
        }
        let kinds = old.ty.json_kinds(&self.old.api.types);
        let is_scalar = kinds.is_some_and(|it| !it.iter().any(|it| matches!(it, JsonKind::Array | JsonKind::Object)));
        let style = |it: &'a Parameter| {
            (it.style, (!is_scalar).then_some(it.explode), &it.item_styles, &it.fields, it.allow_reserved)
        };
        if old.location == new.location && style(old) != style(new) {
            self.report(at, Change::Style, "is serialized differently", Rust::None, Wire::Breaking);
        }
    }
}

/// Returns the name of a parameter as the key to find its other version: names of headers are case-insensitive.
fn name_key(parameter: &Parameter) -> String {
    match parameter.location {
        Location::Header => parameter.name.to_ascii_lowercase(),
        _ => parameter.name.clone(),
    }
}

/// Returns the position of each parameter in a path.
fn path_places(path: &str) -> HashMap<&str, usize> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    names.enumerate().map(|(place, name)| (name, place)).collect()
}

fn parameter_at(at: &At, old: Option<Named<'_>>, new: Option<Named<'_>>) -> At {
    let Some((one, _)) = old.or(new) else { return at.clone() };
    let span = |it: Option<Named<'_>>| it.map(|it| it.0.span);
    let text = format!("{} parameter `{}`", location_text(one.location), one.name);
    let names = [old, new].into_iter().flatten().filter_map(|it| it.1.cloned());
    at.part(Item::Parameter, &text, span(old).or(at.old), span(new).or(at.new)).named(names)
}

fn location_text(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::QueryString => "query string",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}
