//! Whether a document has the shape that OpenAPI 3.0.3 asks for: a 3.0 document in, all that is wrong with it out.
//!
//! One walk over the tree by a table of the specification's objects (`objects`) finds what is missing, of the wrong type or
//! unknown; what takes more than a member at a time is checked beside it (`schema`, `parameter`, `operation`, …) or after
//! it, when all references are known (`reference`, `cycle`, `path`). A document without errors fits into `openapiv3`.

mod cycle;
mod extension;
mod objects;
mod operation;
mod pagination;
mod parameter;
mod path;
mod reference;
pub(super) mod schema;
mod security;
mod server;
pub(super) mod table;
mod walk;

use crate::diagnostics::Diagnostics;
use crate::source::Document;

/// Checks a 3.0 document: every finding, not the first alone.
pub fn check(document: &Document, diagnostics: &mut Diagnostics) {
    let mut walk = walk::Walk::new(document, diagnostics);
    walk.document();
    walk.follow_references();
    walk.find_cycles();
    walk.paths();
    walk.links();
}

#[cfg(test)]
mod tests;
