//! Applies the settings of an API in `clients.toml` to the model of its document: which operations the crate contains, the
//! Rust names of items, the pagination of operations, types of other crates, and derives.

mod derive;
mod left_out;
mod pagination;
mod pattern;
mod reach;
mod rename;
mod selection;
#[cfg(test)]
mod tests;
mod type_mapping;

pub use derive::DeriveRule;
pub use pagination::PaginationRule;
pub use pattern::{InvalidPattern, Pattern};
pub use rename::{Rename, RenamedKind};
pub use selection::{Patterns, Selection};
pub use type_mapping::{Replaced, TypeMapping};

pub(crate) use derive::check_derive_rules;
pub(crate) use left_out::LeftOut;
pub(crate) use pagination::add_pagination_rules;
pub(crate) use rename::rename;
pub(crate) use selection::select;
pub(crate) use type_mapping::add_type_mappings;
