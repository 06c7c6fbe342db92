//! Compares two versions of a public API.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use super::{Item, ItemKey, ItemKind, PublicApi};

/// A change of a public item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiChange {
    /// The item. If the item was removed, its key in the old version.
    pub key: ItemKey,
    /// The kind of change.
    pub difference: Difference,
    /// Whether callers may no longer compile.
    pub is_breaking: bool,
}

/// The kind of change of a public item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The item is new.
    Added,
    /// The item no longer exists.
    Removed,
    /// The declaration changed.
    Changed {
        /// The old declaration.
        old: String,
        /// The new declaration.
        new: String,
    },
}

impl fmt::Display for ApiChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ItemKey { owner, kind, member } = &self.key;
        match (&self.difference, kind) {
            (Difference::Added, ItemKind::Trait) => write!(f, "{owner} implements {member}"),
            (Difference::Removed, ItemKind::Trait) => write!(f, "{owner} no longer implements {member}"),
            (difference, _) => {
                match kind {
                    ItemKind::Feature => f.write_str("the Cargo feature ")?,
                    ItemKind::DefaultFeature => f.write_str("the default Cargo feature ")?,
                    _ => {}
                }
                let separator = if member.is_empty() { "" } else { "::" };
                let verb = match difference {
                    Difference::Added => "is new",
                    Difference::Removed => "is removed",
                    Difference::Changed { .. } => "is declared differently",
                };
                write!(f, "{owner}{separator}{member} {verb}")
            }
        }
    }
}

impl PublicApi {
    /// Returns the changes from this version to a new version, sorted by item. The members of added and removed types are
    /// not listed.
    pub fn changes_to(&self, new: &Self) -> Vec<ApiChange> {
        let mut changes = Vec::new();
        let both: BTreeMap<&ItemKey, (Option<&Item>, Option<&Item>)> = self
            .items
            .keys()
            .chain(new.items.keys())
            .map(|key| (key, (self.items.get(key), new.items.get(key))))
            .collect();
        let mut whole: HashSet<&str> = HashSet::new();
        for (key, versions) in both {
            if key.kind != ItemKind::Item && whole.contains(key.owner.split('<').next().unwrap_or_default()) {
                continue;
            }
            let (difference, is_breaking) = match versions {
                (Some(_), None) => (Difference::Removed, true),
                (None, Some(_)) => (Difference::Added, self.breaks_if_added(key)),
                (Some(old), Some(new)) if old.text != new.text => {
                    (Difference::Changed { old: old.text.clone(), new: new.text.clone() }, true)
                }
                _ => continue,
            };
            if key.kind == ItemKind::Item && !matches!(difference, Difference::Changed { .. }) {
                whole.insert(&key.owner);
            }
            changes.push(ApiChange { key: key.clone(), difference, is_breaking });
        }
        changes
    }

    /// Returns whether a new member breaks callers, because its type was exhaustive before.
    fn breaks_if_added(&self, key: &ItemKey) -> bool {
        let owner = ItemKey { owner: key.owner.clone(), kind: ItemKind::Item, member: String::new() };
        matches!(key.kind, ItemKind::Field | ItemKind::Variant)
            && self.items.get(&owner).is_some_and(|owner| owner.is_exhaustive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(models: &str) -> PublicApi {
        let files = [("src/lib.rs", "mod models; pub use models::*;"), ("src/models.rs", models)];
        PublicApi::of_changed(files.into_iter(), |_, _| true).unwrap()
    }

    /// Returns the changes as lines: a sign, the kind, the item, and `!` for breaking changes.
    fn changes(old: &str, new: &str) -> Vec<String> {
        let changes = api(old).changes_to(&api(new));
        let line = |change: &ApiChange| {
            let sign = match &change.difference {
                Difference::Added => '+',
                Difference::Removed => '-',
                Difference::Changed { .. } => '~',
            };
            let breaking = if change.is_breaking { "!" } else { "" };
            format!("{sign}{breaking} {:?} {} {}", change.key.kind, change.key.owner, change.key.member)
        };
        changes.iter().map(line).collect()
    }

    #[test]
    fn equal_apis_have_no_changes() {
        let old =
            "#[derive(Debug, Clone)] pub struct A { pub a: String } impl A { pub fn new(a: u8) -> Self { todo!() } }";
        let new = "/// A\n#[derive(Clone, ::std::fmt::Debug)] pub struct A { pub a: ::std::string::String, }\n\
                   impl A { pub fn new(b: u8) -> Self { loop {} } fn private() {} }";
        assert_eq!(changes(old, new), [""; 0]);
    }

    #[test]
    fn members_are_compared() {
        assert_eq!(
            changes(
                "#[derive(Eq)] #[non_exhaustive] pub struct A { pub a: u8, pub b: u8, c: u8 } impl A { pub fn f(&self) {} }",
                "#[non_exhaustive] pub struct A { pub a: Box<u8>, pub d: u8 } impl A { pub fn f(&mut self) {} }",
            ),
            ["~! Field A a", "-! Field A b", "+ Field A d", "~! Function A f", "-! Trait A Eq"]
        );
    }

    #[test]
    fn new_member_of_exhaustive_type_breaks() {
        assert_eq!(changes("pub enum A { B }", "pub enum A { B, C }"), ["+! Variant A C"]);
        assert_eq!(
            changes("#[non_exhaustive] pub enum A { B }", "#[non_exhaustive] pub enum A { B, C }"),
            ["+ Variant A C"]
        );
        assert_eq!(changes("pub struct A { pub a: u8 }", "pub struct A { pub a: u8, pub b: u8 }"), ["+! Field A b"]);
        assert_eq!(
            changes("pub struct A { pub a: u8, x: u8 }", "pub struct A { pub a: u8, pub b: u8, x: u8 }"),
            ["+ Field A b"]
        );
        assert_eq!(changes("#[non_exhaustive] pub enum A { B }", "pub enum A { B }"), ["~! Item A "]);
    }

    #[test]
    fn members_of_removed_and_added_types_are_not_listed() {
        assert_eq!(changes("pub struct A { pub a: u8 }", "pub struct B { pub a: u8 }"), ["-! Item A ", "+ Item B "]);
    }

    #[test]
    fn implementations_are_compared() {
        assert_eq!(
            changes(
                "pub struct A; impl From<u8> for A { } impl Op for A { type Output = u8; } runtime::object!(A, x);",
                "pub struct A; impl From<u16> for A { } impl Op for A { type Output = u16; } runtime::operation!(A, y);",
            ),
            [
                "-! Trait A Deserialize",
                "+ Trait A From<u16>",
                "-! Trait A From<u8>",
                "-! Trait A Serialize",
                "~! Associated A Output"
            ]
        );
    }

    #[test]
    fn private_items_are_ignored() {
        assert_eq!(changes("struct A { pub a: u8 } impl A { pub fn f() {} }", "struct A;"), [""; 0]);
        assert_eq!(changes("#[doc(hidden)] pub struct A; impl A { #[doc(hidden)] pub fn f() {} }", ""), [""; 0]);
    }
}
