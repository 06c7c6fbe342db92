//! Adds the changes of the generated crate to the findings.
//!
//! The public APIs of both crates show the effect of a change on callers. A change that belongs to the item of a finding
//! raises the verdict of the finding. The other changes become findings: for example, a struct that loses `Eq` because
//! the type of one of its fields changes.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::ir::{Origin, Segment, TypeId};
use crate::public_api::{ApiChange, Difference, ItemKind};
use crate::view::without_raw;

use super::differ::{At, Differ, Found, Owner};
use super::pairs::{Named, Version};
use super::subject::{operation_text, origin_text};
use super::{Change, Item, Rust, Wire};

/// The maximum number of items that a finding lists.
const MAX_LISTED: usize = 5;

/// The module of the runtime.
const RUNTIME: &str = "runtime";

/// The owners of the Rust items of one version.
struct Owners<'a> {
    version: Version<'a>,
    operations: Vec<Named<'a>>,
    /// The owner of each Rust item, and of each method that belongs to another item than its type.
    by_path: HashMap<String, Owner>,
    types: HashMap<&'a [Segment], TypeId>,
    by_key: HashMap<&'a str, usize>,
}

impl<'a> Owners<'a> {
    fn of(version: Version<'a>) -> Self {
        let operations = version.operations();
        let mut by_path = HashMap::new();
        let path = version.path;
        for (index, names) in version.names.types.iter().enumerate().filter(|(_, names)| !names.name.is_empty()) {
            for name in [&names.name].into_iter().chain(&names.required) {
                by_path.insert(format!("{path}models::{name}"), Owner::Type(TypeId(index)));
            }
        }
        for one in &operations {
            let owner = Owner::Operation(one.index);
            let group = one.group_names;
            let method = format!("{}::{}", group.ty, one.names.method);
            let required = one.names.required.as_ref().map(|it| &it.ty);
            let enums =
                [&one.names.bodies, &one.names.outputs, &one.names.events].into_iter().flatten().map(|it| &it.ty);
            let form = one.names.form.as_ref().map(|it| &it.ty);
            for name in [&one.names.ty, &method].into_iter().chain(required).chain(enums).chain(form) {
                by_path.insert(format!("{path}operations::{}", group.path_of(name)), owner);
            }
        }
        let types = version.api.types.iter().enumerate();
        let types = types.map(|(index, it)| (it.origin.0.as_slice(), TypeId(index))).collect();
        let by_key = operations.iter().map(|it| (it.operation.key.as_str(), it.index)).collect();
        Self { version, operations, by_path, types, by_key }
    }

    /// Returns the owner of a changed Rust item.
    fn owner(&self, change: &ApiChange) -> Owner {
        let member = format!("{}::{}", change.key.owner, change.key.member);
        let found = self.by_path.get(&member).or_else(|| self.by_path.get(&change.key.owner));
        found.copied().unwrap_or(Owner::Api)
    }

    /// Returns the items of the document that contain an owner, from the inside to the outside.
    fn parents(&self, owner: Owner) -> Vec<Owner> {
        let Owner::Type(id) = owner else { return Vec::new() };
        let Some(Origin(steps)) = self.version.api.types.get(id.0).map(|it| &it.origin) else { return Vec::new() };
        let types =
            (1..steps.len()).rev().filter_map(|length| self.types.get(steps.get(..length)?)).map(|id| Owner::Type(*id));
        let operation = match steps.first() {
            Some(Segment::Operation(key)) => self.by_key.get(key.as_str()).map(|index| Owner::Operation(*index)),
            _ => None,
        };
        types.chain(operation).collect()
    }

    /// Returns the subject of findings about an owner, and its location.
    fn describe(&self, owner: Owner) -> Option<(Item, String, crate::source::Span)> {
        match owner {
            Owner::Api => None,
            Owner::Type(id) => {
                let definition = self.version.api.types.get(id.0)?;
                Some((Item::Schema, origin_text(&definition.origin), definition.span))
            }
            Owner::Operation(index) => {
                let operation = self.operations.get(index)?.operation;
                Some((Item::Operation, operation_text(operation), operation.span))
            }
        }
    }
}

/// The findings about an owner.
struct Findings {
    /// The highest verdict of the findings about the whole owner, e.g. that it is removed.
    whole: Rust,
    /// The highest verdict of all findings.
    any: Rust,
    /// The findings about each member, by Rust name.
    members: HashMap<String, Vec<usize>>,
}

/// The findings about each owner. The key contains whether the owner is one of the new version.
type ByOwner = HashMap<(bool, Owner), Findings>;

/// The kinds of changes of Rust items that are grouped separately.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grouped {
    Item,
    Trait,
    Feature,
    DefaultFeature,
}

impl Grouped {
    fn of(kind: ItemKind) -> Self {
        match kind {
            ItemKind::Trait => Self::Trait,
            ItemKind::Feature => Self::Feature,
            ItemKind::DefaultFeature => Self::DefaultFeature,
            _ => Self::Item,
        }
    }

    /// Returns the words for such an item.
    fn words(self) -> &'static str {
        match self {
            Self::Item => "Rust item",
            Self::Trait => "Rust type",
            Self::Feature => "Cargo feature",
            Self::DefaultFeature => "default Cargo feature",
        }
    }
}

/// The key by which changes of Rust items are grouped to findings.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct GroupKey {
    path: String,
    kind: Grouped,
    is_declaration: bool,
    is_added: bool,
    is_breaking: bool,
}

impl Differ<'_> {
    /// Adds the changes of the public API of the generated crate to the findings.
    pub fn add_declarations(&mut self, changes: &[ApiChange]) {
        let (old, new) = (Owners::of(self.old), Owners::of(self.new));
        let by_owner = self.by_owner();
        let renamed = self.renamed_types();
        let new_names: HashSet<String> = renamed.values().cloned().collect();
        let mut rest: BTreeMap<GroupKey, (Vec<&ApiChange>, bool, Owner)> = BTreeMap::new();
        for change in changes {
            let is_new = change.difference == Difference::Added;
            let owners = if is_new { &new } else { &old };
            let owner = owners.owner(change);
            let is_runtime = change.key.owner.starts_with("runtime::") && !change.key.owner.contains("Client>");
            // New parts of the runtime follow from other changes.
            let is_expected = is_runtime && !change.is_breaking || follows_from_names(change, &renamed, &new_names);
            if is_expected || self.explains(change, is_new, owner, owners, &by_owner) {
                continue;
            }
            let is_changed = matches!(change.difference, Difference::Changed { .. });
            let path = match &change.key.kind {
                _ if is_runtime => RUNTIME.to_owned(),
                _ if is_changed && !change.key.member.is_empty() => {
                    format!("{}::{}", change.key.owner, change.key.member)
                }
                _ => change.key.owner.clone(),
            };
            let key = GroupKey {
                path,
                kind: Grouped::of(change.key.kind),
                is_declaration: is_changed,
                is_added: is_new,
                is_breaking: change.is_breaking,
            };
            rest.entry(key).or_insert_with(|| (Vec::new(), is_new, owner)).0.push(change);
        }
        for (key, (changes, is_new, owner)) in rest {
            let owners = if is_new { &new } else { &old };
            let at = self.declaration_at(&key, is_new, owner, owners);
            let rust = if key.is_breaking { Rust::Major } else { Rust::Minor };
            let change = match &key {
                GroupKey { is_declaration: true, .. } => Change::Declaration,
                GroupKey { is_added: true, .. } => Change::Added,
                GroupKey { kind: Grouped::Trait, .. } => Change::Trait,
                _ => Change::Removed,
            };
            self.report(&at, change, detail(&key, &changes), rust, Wire::None);
        }
    }

    /// Returns the old and the new path of each type that has another name. A finding reports each of them.
    fn renamed_types(&self) -> HashMap<String, String> {
        let paths = self.old.names.types.iter().enumerate().filter_map(|(index, old)| {
            let new = self.new.names.types.get(self.pairs.new_type(TypeId(index))?.0)?;
            let path = |version: Version<'_>, name: &str| format!("{}models::{name}", version.path);
            (old.name != new.name).then(|| (path(self.old, &old.name), path(self.new, &new.name)))
        });
        paths.collect()
    }

    /// Returns the findings about each owner.
    fn by_owner(&self) -> ByOwner {
        let mut by_owner: ByOwner = HashMap::new();
        for (index, found) in self.found.iter().enumerate() {
            let kinds = [Change::Added, Change::Removed, Change::Renamed, Change::Type];
            let is_whole = matches!(found.at.item, Item::Schema | Item::Operation) && kinds.contains(&found.change);
            let owners = [(false, found.at.owner.0), (true, found.at.owner.1)];
            for (is_new, owner) in owners.into_iter().filter_map(|(is_new, owner)| Some((is_new, owner?))) {
                let of_owner = by_owner.entry((is_new, owner)).or_insert_with(|| Findings {
                    whole: Rust::None,
                    any: Rust::None,
                    members: HashMap::new(),
                });
                of_owner.any = of_owner.any.max(found.rust);
                if is_whole {
                    of_owner.whole = of_owner.whole.max(found.rust);
                }
                for member in &found.at.members {
                    of_owner.members.entry(without_raw(member).to_owned()).or_default().push(index);
                }
            }
        }
        by_owner
    }

    /// Returns whether a finding explains a change of a Rust item. Raises the verdict of a finding about the same field
    /// or method.
    fn explains(
        &mut self,
        change: &ApiChange,
        is_new: bool,
        owner: Owner,
        owners: &Owners<'_>,
        by_owner: &ByOwner,
    ) -> bool {
        let level = if change.is_breaking { Rust::Major } else { Rust::Minor };
        let of = |owner: Owner| by_owner.get(&(is_new, owner));
        let own = of(owner);
        if own.is_some_and(|own| own.whole >= level) {
            return true;
        }
        let of_member = own.and_then(|own| own.members.get(without_raw(&change.key.member)));
        let of_member = of_member.map_or(&[][..], Vec::as_slice);
        if of_member.iter().filter_map(|index| self.found.get(*index)).any(|found| found.rust >= level) {
            return true;
        }
        // The verdict of a finding about the same member is too low. A boxed field has its own finding.
        if !matches!(change.difference, Difference::Changed { .. }) {
            let is_cause = |it: &Found| !matches!(it.change, Change::Docs | Change::Deprecated | Change::Constraints);
            let cause = of_member.iter().find(|index| self.found.get(**index).is_some_and(is_cause));
            if let Some(found) = cause.and_then(|index| self.found.get_mut(*index)) {
                found.rust = level;
                return true;
            }
        }
        let has_cause = |owner: Owner| of(owner).is_some_and(|it| it.any >= level);
        match change.key.kind {
            _ if owner == Owner::Api => false,
            // The constructor, the output and the conversions of an item follow from its parts.
            ItemKind::Function | ItemKind::Associated => has_cause(owner),
            ItemKind::Trait if !change.is_breaking || change.key.member.starts_with("From<") => has_cause(owner),
            // An inline type follows from the item that contains it.
            ItemKind::Item => has_cause(owner) || owners.parents(owner).into_iter().any(has_cause),
            _ => false,
        }
    }

    fn declaration_at(&self, key: &GroupKey, is_new: bool, owner: Owner, owners: &Owners<'_>) -> At {
        let rust = format!("{} `{}`", key.kind.words(), key.path);
        let Some((item, subject, span)) = owners.describe(owner) else {
            return At::api(Item::RustItem, rust, None, None);
        };
        let mut at = At::api(item, format!("{subject}, {rust}"), None, None);
        if is_new {
            (at.owner, at.new) = ((None, Some(owner)), Some(span));
            return at;
        }
        (at.owner, at.old) = ((Some(owner), None), Some(span));
        at.new = match owner {
            Owner::Api => None,
            Owner::Type(id) => self.pairs.new_type(id).and_then(|id| self.new.api.types.get(id.0)).map(|it| it.span),
            // The operations of the old version are the first pairs.
            Owner::Operation(index) => {
                self.pairs.operations.get(index).and_then(|(_, new)| new.as_ref()).map(|new| new.operation.span)
            }
        };
        at
    }
}

/// Returns whether the declaration of an item only changes because types in it have other names.
fn follows_from_names(change: &ApiChange, renamed: &HashMap<String, String>, new_names: &HashSet<String>) -> bool {
    let is_renamed = |path: &str| new_names.contains(path) || renamed.contains_key(path);
    match &change.difference {
        _ if renamed.is_empty() => false,
        Difference::Changed { old, new } => {
            let moved = words(old).map(|word| renamed.get(word).map_or(word, String::as_str));
            moved.collect::<String>() == *new
        }
        _ => change.key.kind == ItemKind::Trait && words(&change.key.member).any(is_renamed),
    }
}

/// Splits a declaration at the ends of its paths.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_path = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | ':' | '#');
    let mut rest = text;
    std::iter::from_fn(move || {
        let starts_path = rest.chars().next().map(is_path)?;
        let end = rest.find(|letter| is_path(letter) != starts_path).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    })
}

/// Describes changes of Rust items of the same kind.
fn detail(key: &GroupKey, changes: &[&ApiChange]) -> String {
    if let [ApiChange { difference: Difference::Changed { old, new }, .. }] = changes {
        return format!("is declared as `{new}` instead of `{old}`");
    }
    let is_runtime = key.path == RUNTIME;
    let names: Vec<String> = changes
        .iter()
        .filter(|change| !change.key.member.is_empty() || is_runtime)
        .map(|change| match change.key.member.as_str() {
            "" => change.key.owner.clone(),
            member if is_runtime => format!("{}::{member}", change.key.owner),
            member => member.to_owned(),
        })
        .collect();
    let more = names.len().saturating_sub(MAX_LISTED);
    let listed: Vec<String> = names.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let verb = match (key.kind == Grouped::Trait, key.is_added) {
        (true, true) => "implements",
        (true, false) => "no longer implements",
        (false, true) => "has the new",
        (false, false) => "no longer has",
    };
    match listed.as_slice() {
        [] if key.is_added => "is new".to_owned(),
        [] => "is removed".to_owned(),
        _ => format!("{verb} {}{more}", listed.join(", ")),
    }
}
