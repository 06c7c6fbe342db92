//! Checks documents, and repairs them in lenient mode.

mod mend;
mod structure;
mod version;

pub(crate) use structure::parameter::is_ours;
pub use structure::{Kinds, check, mend};
pub use version::to_3_0;
