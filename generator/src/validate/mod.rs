//! Checks whether a document conforms to the OpenAPI version that it declares. Reports all errors, with their
//! locations.
//!
//! A walk over the tree compares each object with the table for the document's version (in `objects`), and reports
//! missing fields, wrong types and unknown fields. Rules about several fields are in modules of their own (`schema`,
//! `parameter`, `operation`, …). Rules that need resolved references run after the walk (`reference`, `cycle`, `path`).
//! [`check`] is strict. [`repair`] turns errors with a local workaround into warnings and applies the workaround to the
//! document.

mod assumption;
mod composition;
mod cycle;
mod extension;
mod help;
mod limits;
mod media;
pub(crate) mod object;
pub(crate) mod objects;
mod operation;
mod pagination;
pub(crate) mod parameter;
mod parameter_v2;
mod path;
mod path_parameter;
pub(crate) mod reference;
mod repair;
mod report;
mod root;
pub(crate) mod schema;
mod security;
mod server;
mod syntax;
pub(crate) mod values;
mod version;
pub(crate) mod walk;

use std::collections::HashSet;

use crate::diagnostics::{Code, Diagnostics};
use crate::source::{Document, Span};
pub(crate) use composition::MAX_SCHEMA_CHAIN;
pub(crate) use pagination::pagination_fields;
pub(crate) use reference::MAX_REFERENCE_CHAIN;
pub use version::{LaterUse, Version, version};
use walk::Mode;

/// Checks a document strictly. Returns the uses of constructs of later versions, which only `lint` reports.
pub fn check(document: &Document, version: Version, diagnostics: &mut Diagnostics) -> Vec<LaterUse> {
    let mut walk = walk::Walk::new(document, version, diagnostics, Mode::Strict);
    walk.run();
    walk.later
}

/// The maximum number of rounds in which a document is checked and repaired.
const MAX_ROUNDS: usize = 8;

/// Checks a document leniently: an error with a local workaround becomes a warning that describes the workaround, and
/// the workaround is applied to the document. Other errors remain.
///
/// The repaired document passes [`check`] if no error remains.
pub fn repair(document: &mut Document, version: Version, diagnostics: &mut Diagnostics) {
    // Errors that earlier stages reported.
    let assumed_version = format!("treats it as {}", version.number());
    diagnostics.change(|one| match one.code {
        Code::DuplicateKey => one.assume("uses the first one"),
        Code::Version => one.assume(&assumed_version),
        _ => {}
    });
    // A repair may reveal another error, so the document is checked again. Nothing is reported twice.
    let mut reported: HashSet<(Code, Option<Span>, String)> = HashSet::new();
    for _ in 0..MAX_ROUNDS {
        let mut found = Diagnostics::new();
        let mut walk = walk::Walk::new(document, version, &mut found, Mode::Lenient);
        walk.run();
        let repairs = walk.repairs;
        found.change_severity(|one| {
            let new = !reported.contains(&(one.code, one.span, one.message.clone()));
            new.then_some(one.severity)
        });
        reported.extend(found.sorted().iter().map(|one| (one.code, one.span, one.message.clone())));
        let rejected = found.has_errors();
        diagnostics.extend(found);
        if repairs.is_empty() || rejected {
            return;
        }
        for tree in document.trees_mut() {
            repairs.apply(tree);
        }
    }
    check(document, version, diagnostics);
}

#[cfg(test)]
mod tests;
