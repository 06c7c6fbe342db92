//! Reads the public API of a generated crate back from its Rust files, and compares two versions of it.
//!
//! The generated code is the only place that contains all decisions about the Rust API: names, derived traits, boxed
//! fields, arguments of constructors. Comparing it decides what a change of a document means for callers, without a second
//! copy of these decisions.
//!
//! [`PublicApi::of_changed`] reads the files that differ. [`PublicApi::changes_to`] compares. Only the layout of generated
//! crates is supported: the items of a private module are public if its parent module re-exports them.

mod changes;
mod features;
mod modules;
mod normalize;
mod on_disk;
mod read;

use std::collections::BTreeMap;

pub use changes::{ApiChange, Difference};
pub(crate) use on_disk::changes_on_disk;

/// The public items of a crate, except for items in files that are the same in both versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicApi {
    /// The items by a key that is unique in the crate.
    items: BTreeMap<ItemKey, Item>,
}

/// The identity of a public item, or of a member of an item. Types come before their members.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    /// The path of the item, or of the item that contains the member: e.g. `models::Seat`. The name of a Cargo feature.
    pub owner: String,
    /// The kind of the item or member.
    pub kind: ItemKind,
    /// The name of the member. Empty for items that are not members.
    pub member: String,
}

/// The kind of a public item or of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// A struct, enum, trait, type alias, constant, function, module or re-export.
    Item,
    /// A field of a struct.
    Field,
    /// A variant of an enum.
    Variant,
    /// A function or constant of a type.
    Function,
    /// A trait that a type implements.
    Trait,
    /// A type that a trait implementation defines, e.g. the output of an operation.
    Associated,
    /// A Cargo feature.
    Feature,
    /// A Cargo feature that is enabled by default.
    DefaultFeature,
}

/// A public item.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    /// The normalized declaration, without documentation, names of arguments and function bodies.
    text: String,
    /// Whether another public member breaks callers: a struct that callers create by its fields, or an enum whose variants
    /// callers match completely.
    is_exhaustive: bool,
}
