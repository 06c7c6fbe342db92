//! Compares documentation, deprecation and constraints.

use std::collections::HashSet;

use crate::ir::{Constraint, Doc, Facts, Limit, Type, Usage};
use crate::source::Number;

use super::differ::{At, Differ};
use super::{Change, Rust, Wire};

impl<'a> Differ<'a> {
    /// Compares the documentation of a value and its constraints.
    pub fn compare_docs(&mut self, at: &At, usage: Usage, old: &Doc, new: &Doc) {
        self.compare_docs_with(at, usage, (old, &[]), (new, &[]));
    }

    /// Compares the documentation, the constraints and the types of a value. If one of the types is an alias, its
    /// constraints apply to the value too.
    pub fn compare_value(&mut self, at: &At, usage: Usage, old: (&'a Doc, &'a Type), new: (&'a Doc, &'a Type)) {
        let (old_aliases, new_aliases) = self.values.aliases(old.1, new.1, &self.pairs);
        self.compare_docs_with(at, usage, (old.0, &old_aliases), (new.0, &new_aliases));
        self.compare_types(at, usage, old.1, new.1);
    }

    /// Compares the documentation of a value and its constraints, including those of its aliases.
    fn compare_docs_with(&mut self, at: &At, usage: Usage, old: (&Doc, &[&Doc]), new: (&Doc, &[&Doc])) {
        let (old_constraints, new_constraints) = (all_constraints(old), all_constraints(new));
        let (old, new) = (old.0, new.0);
        self.compare_deprecation(at, old.deprecated, new.deprecated);
        if old_constraints != new_constraints {
            let is_narrower = (usage.request || usage.form) && narrows(&old_constraints, &new_constraints);
            let wire = if is_narrower { Wire::Breaking } else { Wire::None };
            let detail = if is_narrower { "has narrower constraints" } else { "has other constraints" };
            self.report(at, Change::Constraints, detail, Rust::Patch, wire);
        }
        if !has_same_text(old, new) {
            self.report_docs(at);
        }
    }

    /// Reports that documentation or examples change.
    pub fn report_docs(&mut self, at: &At) {
        self.report(at, Change::Docs, "has other documentation", Rust::Patch, Wire::None);
    }

    pub fn compare_deprecation(&mut self, at: &At, old: bool, new: bool) {
        match (old, new) {
            (false, true) => self.report(at, Change::Deprecated, "is deprecated now", Rust::Minor, Wire::None),
            (true, false) => self.report(at, Change::Deprecated, "is no longer deprecated", Rust::Patch, Wire::None),
            _ => {}
        }
    }

    /// Compares the default of a value that clients may omit in requests.
    pub fn compare_default(&mut self, at: &At, usage: Usage, old: &Facts, new: &Facts) {
        if old.default == new.default {
            return;
        }
        let is_sent = usage.request || usage.form;
        let (detail, wire) = match (&old.default, &new.default) {
            // The behaviour of the server without the value was not documented before.
            (None, Some(new)) => (format!("has the default {new} now"), Wire::Note),
            (Some(old), None) => (format!("has no default any more; it was {old}"), Wire::Breaking),
            (Some(old), Some(new)) => (format!("has the default {new} instead of {old}"), Wire::Breaking),
            (None, None) => return,
        };
        let (rust, wire) = if is_sent { (Rust::None, wire) } else { (Rust::Patch, Wire::None) };
        self.report(at, Change::Default, detail, rust, wire);
    }
}

/// Returns the constraints of a value and of its aliases.
fn all_constraints<'d>((own, aliases): (&'d Doc, &[&'d Doc])) -> Vec<(usize, &'d Constraint)> {
    std::iter::once(own).chain(aliases.iter().copied()).flat_map(constraints).collect()
}

/// Returns whether the constraints of a value allow all values that the constraints of another value allow.
pub(super) fn allows(wide: &Doc, narrow: &Doc) -> bool {
    !narrows(&constraints(narrow), &constraints(wide))
}

/// Returns the constraints of a value, and those of its elements if it is an array or a map. Each has its nesting depth.
fn constraints(doc: &Doc) -> Vec<(usize, &Constraint)> {
    let mut all = Vec::new();
    let mut depth = 0;
    let mut rest = vec![doc];
    while let Some(doc) = rest.pop() {
        all.extend(doc.constraints.iter().map(|constraint| (depth, constraint)));
        rest.extend(doc.items.as_deref().into_iter().chain(doc.values.as_deref()));
        depth += 1;
    }
    all
}

/// Returns whether new constraints may forbid values that the old constraints allow. Returns true in case of doubt.
fn narrows(old: &[(usize, &Constraint)], new: &[(usize, &Constraint)]) -> bool {
    let known: HashSet<_> = old.iter().collect();
    let is_narrower = |(depth, constraint): &(usize, &Constraint)| {
        let same_kind = old.iter().find(|(other_depth, other)| {
            other_depth == depth && std::mem::discriminant(*other) == std::mem::discriminant(*constraint)
        });
        same_kind.is_none_or(|(_, old)| !is_wider(old, constraint))
    };
    let kept: HashSet<_> = new.iter().map(|(depth, constraint)| (depth, std::mem::discriminant(*constraint))).collect();
    let is_format_lost = old.iter().any(|(depth, constraint)| {
        describes_format(constraint) && !kept.contains(&(depth, std::mem::discriminant(*constraint)))
    });
    is_format_lost || new.iter().filter(|one| !known.contains(one)).any(is_narrower)
}

/// Returns whether a constraint allows all values that a constraint of the same kind allows.
fn is_wider(old: &Constraint, new: &Constraint) -> bool {
    let limit = |old: &Limit, new: &Limit, is_wider: fn(f64, f64) -> bool| {
        is_looser(&old.number, &new.number, is_wider) && (!new.exclusive || old.exclusive)
            || old.number == new.number && !new.exclusive
    };
    let smaller: fn(f64, f64) -> bool = |old, new| new < old;
    let larger: fn(f64, f64) -> bool = |old, new| new > old;
    match (old, new) {
        (Constraint::MinLength(old), Constraint::MinLength(new))
        | (Constraint::MinItems(old), Constraint::MinItems(new))
        | (Constraint::MinProperties(old), Constraint::MinProperties(new)) => is_looser(old, new, smaller),
        (Constraint::MaxLength(old), Constraint::MaxLength(new))
        | (Constraint::MaxItems(old), Constraint::MaxItems(new))
        | (Constraint::MaxProperties(old), Constraint::MaxProperties(new)) => is_looser(old, new, larger),
        (Constraint::Minimum(old), Constraint::Minimum(new)) => limit(old, new, smaller),
        (Constraint::Maximum(old), Constraint::Maximum(new)) => limit(old, new, larger),
        (Constraint::OneOf(old), Constraint::OneOf(new)) => {
            let new: HashSet<&String> = new.iter().collect();
            old.iter().all(|value| new.contains(value))
        }
        (old, new) => old == new,
    }
}

/// Returns whether the new number is the same, or differs in the direction that `is_wider` tests.
fn is_looser(old: &Number, new: &Number, is_wider: fn(f64, f64) -> bool) -> bool {
    let (Ok(old_value), Ok(new_value)) = (old.text.parse::<f64>(), new.text.parse::<f64>()) else { return false };
    old == new || is_wider(old_value, new_value)
}

/// Returns whether a constraint describes the format of values, so that other values are valid without it.
fn describes_format(constraint: &Constraint) -> bool {
    matches!(
        constraint,
        Constraint::Xml { .. }
            | Constraint::MediaType(_)
            | Constraint::ContentEncoding(_)
            | Constraint::JsonLines
            | Constraint::MergePatch
    )
}

/// Returns whether two documentations have the same descriptions and examples.
fn has_same_text(old: &Doc, new: &Doc) -> bool {
    let inner = |old: &Option<Box<Doc>>, new: &Option<Box<Doc>>| match (old, new) {
        (None, None) => true,
        (Some(old), Some(new)) => has_same_text(old, new),
        _ => false,
    };
    old.title == new.title
        && old.description == new.description
        && old.external_docs == new.external_docs
        && old.examples == new.examples
        && inner(&old.items, &new.items)
        && inner(&old.values, &new.values)
        && old.variants == new.variants
}
