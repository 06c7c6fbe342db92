//! Collects the findings of the comparison of two APIs.

use crate::ir::{Type, TypeId, Usage};
use crate::source::Span;

use super::pairs::{Pairs, Version};
use super::subject::type_text;
use super::values::{Side, Values};
use super::{Change, Item, Rust, Wire};

/// The comparison of two versions of an API.
pub(super) struct Differ<'a> {
    pub old: Version<'a>,
    pub new: Version<'a>,
    pub pairs: Pairs<'a>,
    pub values: Values<'a>,
    pub found: Vec<Found>,
}

/// A finding with the items of the generated crate that it changes.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub at: At,
    pub change: Change,
    pub detail: String,
    pub rust: Rust,
    pub wire: Wire,
}

/// An item in both versions.
#[derive(Debug, Clone)]
pub(super) struct At {
    pub item: Item,
    /// The item in the words of the document.
    pub subject: String,
    /// The type or operation that contains the item, in the old and the new version.
    pub owner: (Option<Owner>, Option<Owner>),
    /// The Rust names of the fields, variants or methods that exist for the item.
    pub members: Vec<String>,
    pub old: Option<Span>,
    pub new: Option<Span>,
}

/// A type or operation of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    /// The whole API: its client, its errors and its webhooks.
    Api,
    Type(TypeId),
    /// The position among all operations.
    Operation(usize),
}

impl At {
    /// Returns an item that belongs to the whole API.
    pub fn api(item: Item, subject: impl Into<String>, old: Option<Span>, new: Option<Span>) -> Self {
        let owner = (Some(Owner::Api), Some(Owner::Api));
        Self { item, subject: subject.into(), owner, members: Vec::new(), old, new }
    }

    /// Returns an item within this item, e.g. "property `name`".
    pub fn part(&self, item: Item, text: &str, old: Option<Span>, new: Option<Span>) -> Self {
        let subject = format!("{}, {text}", self.subject);
        Self { item, subject, owner: self.owner, members: self.members.clone(), old, new }
    }

    /// Sets the Rust names of the item.
    pub fn named(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.members = names.into_iter().filter(|name| !name.is_empty()).collect();
        self
    }
}

impl<'a> Differ<'a> {
    pub fn report(&mut self, at: &At, change: Change, detail: impl Into<String>, rust: Rust, wire: Wire) {
        self.found.push(Found { at: at.clone(), change, detail: detail.into(), rust, wire });
    }

    /// Reports an item that only one of the versions has.
    pub fn report_added(&mut self, at: &At, rust: Rust, wire: Wire) {
        self.report(at, Change::Added, "is new", rust, wire);
    }

    /// Reports an item that only the old version has.
    pub fn report_removed(&mut self, at: &At, rust: Rust, wire: Wire) {
        self.report(at, Change::Removed, "is removed", rust, wire);
    }

    /// Compares the types of a value.
    pub fn compare_types(&mut self, at: &At, usage: Usage, old: &'a Type, new: &'a Type) {
        if self.values.are_same(old, new, &self.pairs) {
            return;
        }
        let is_wider = self.values.contains(Side::New, new, old, &self.pairs);
        let is_narrower = self.values.contains(Side::Old, old, new, &self.pairs);
        let wire = if is_wider && is_narrower { Wire::None } else { by_direction(usage, is_wider, is_narrower) };
        let (old_text, new_text) = (type_text(old, &self.old.api.types), type_text(new, &self.new.api.types));
        let detail = match old_text == new_text {
            true => format!("has another type with the description {new_text}"),
            false => format!("changes from {old_text} to {new_text}"),
        };
        self.report(at, Change::Type, detail, Rust::Major, wire);
    }
}

/// Returns the effect of a change on the running clients that send or receive the value. `accepts_old` says whether the
/// server accepts all values that running clients send; `understands_new` says whether running clients understand all
/// values that the server sends.
pub(super) fn by_direction(usage: Usage, accepts_old: bool, understands_new: bool) -> Wire {
    let is_sent = usage.request || usage.form;
    if is_sent && !accepts_old || usage.response && !understands_new {
        Wire::Breaking
    } else if is_sent || usage.response {
        Wire::Compatible
    } else {
        Wire::None
    }
}

/// A value in requests.
pub(super) const REQUEST: Usage = Usage { request: true, response: false, form: false };
/// A value in responses.
pub(super) const RESPONSE: Usage = Usage { request: false, response: true, form: false };
