//! The tables of objects, one per version: the fields of each object, their types, and which are required.

mod extensions;
mod v2_0;
pub(crate) mod v3_0;
mod v3_1;
mod v3_1_schema;

use super::object::{Kind, Object};
use super::version::Version;

/// Returns the definition of a kind of object in a version.
pub(super) fn of(version: Version, kind: Kind) -> &'static Object {
    match version {
        Version::V2_0 => v2_0::of(kind),
        Version::V3_0 => v3_0::of(kind),
        // The additions of 3.2 are read in 3.1 documents too.
        Version::V3_1 | Version::V3_2 => v3_1::of(kind),
    }
}
