//! From a checked document to its typed view: definitions in other files become components, and `openapiv3` reads them.

mod bundle;
mod structure;
mod typed;

pub(crate) use crate::validate::Kinds;
pub(crate) use crate::validate::object::Kind;
pub(crate) use crate::validate::parameter::is_ignored_header as is_ours;
pub(crate) use crate::validate::reference::MAX_REFERENCE_CHAIN as LONGEST_CHAIN;
pub(crate) use crate::validate::values::fits;
pub use bundle::{Origins, bundle};
pub use typed::{Viewed, typed, view};
