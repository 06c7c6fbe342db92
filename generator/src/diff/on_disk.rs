//! Compares a generated crate on disk with a new version of its documents.
//!
//! The lock file on disk names the items, but does not describe their types. Therefore, the code on disk is compared.

use super::differ::{At, Differ};
use super::{Change, Comparison, Item, Rust, Wire, placed, rendered};
use crate::config::Config;
use crate::diagnostics::{Diagnostics, Locations};
use crate::output::{OutputError, Root, plan};
use crate::public_api::changes_on_disk;
use crate::source::Sources;
use crate::stack;

/// The reason why a crate on disk cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnDiskError {
    /// The new version of a document has errors.
    #[error("the new version of the document has errors")]
    Documents(Diagnostics),
    /// The directory of the crate cannot be read.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// There is no generated crate, or its code is not valid Rust.
    #[error("`{0}` contains no generated crate that can be read; generate the crate first")]
    NoCrate(String),
}

/// Compares the crate in the directory `root` with the one that `config` generates.
///
/// Only the effect on callers is known. The effect on running clients is [`Wire::Unknown`], because the old documents are
/// not known.
///
/// # Errors
/// A new document has errors, the directory cannot be read, or it contains no crate.
pub fn diff_on_disk(sources: &Sources, config: &Config, root: &Root) -> Result<Comparison, OnDiskError> {
    stack::with_depth(|| compared(sources, config, root))
        .unwrap_or_else(|| Err(OnDiskError::Documents(crate::no_stack())))
}

fn compared(sources: &Sources, config: &Config, root: &Root) -> Result<Comparison, OnDiskError> {
    let apis = crate::apis(sources, config).map_err(OnDiskError::Documents)?;
    let files = rendered(config, &apis).map_err(OnDiskError::Documents)?;
    let plan = plan(root, &files)?;
    if plan.is_up_to_date() {
        return Ok(Comparison::default());
    }
    let no_crate = || OnDiskError::NoCrate(root.shown().to_owned());
    let changes = changes_on_disk(&plan, &files).ok_or_else(no_crate)?;
    let Some(named) = apis.named.first() else { return Ok(Comparison::default()) };
    // Both versions are the new one: without differences between documents, all changes of the code are findings.
    let mut differ = Differ::of((named, named), "");
    if changes.is_empty() {
        let at = At::api(Item::RustItem, "generated code", None, None);
        differ.report(&at, Change::Other, "changes, but its public API stays the same", Rust::Patch, Wire::Unknown);
    }
    differ.add_declarations(&changes);
    let mut findings = placed(differ, &mut Locations::new(sources));
    for finding in &mut findings {
        finding.wire = Wire::Unknown;
    }
    Ok(Comparison { findings })
}
