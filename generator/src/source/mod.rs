//! Reads JSON and YAML files into trees of [`Node`]s, which have source locations.

mod char_index;
mod document;
mod files;
mod identifiers;
mod joined;
mod json;
mod json_scalar;
mod limits;
mod node;
mod openapi;
mod overlay;
mod pointer;
mod radix;
mod sources;
mod span;
mod text;
mod yaml;
mod yaml_alias;
mod yaml_blank;
mod yaml_fault;
mod yaml_place;
mod yaml_scalar;

pub use document::{Document, is_reference};
pub use files::{Files, NotRead, path_of};
pub(crate) use identifiers::{Duplicate, Identifiers, ResourceIndex, anchor, has_named_values, is_data};
pub use limits::Limits;
pub(crate) use limits::raised_by;
pub use node::{Entry, Mapping, Node, NodeKind, Number};
pub use openapi::NotJson;
pub use pointer::{Missing, Pointer, RefError, Reference};
pub use sources::Sources;
pub use span::{SourceId, Span};
pub(crate) use yaml_alias::count;

#[cfg(test)]
mod tests;
