//! From any version of OpenAPI to 3.0: documents in, checked 3.0 documents and their typed view out.

mod bundle;
mod mend;
mod structure;
mod typed;
mod version;

pub use bundle::{Origins, bundle};
pub(crate) use structure::parameter::is_ours;
pub(crate) use structure::schema::fits;
pub(crate) use structure::table::Kind;
pub use structure::{Kinds, check, mend};
pub use typed::{Viewed, typed, view};
pub use version::to_3_0;
