//! Whether a document has the shape that OpenAPI 3.0.3 asks for: a 3.0 document in, all that is wrong with it out.
//!
//! One walk over the tree by a table of the specification's objects (`objects`) finds what is missing, of the wrong type or
//! unknown; what takes more than a member at a time is checked beside it (`schema`, `parameter`, `operation`, …) or after
//! it, when all references are known (`reference`, `cycle`, `path`). A document without errors fits into `openapiv3`.

mod advice;
mod amount;
mod composition;
mod cycle;
mod extension;
mod fault;
mod media;
mod objects;
mod operation;
mod pagination;
pub(super) mod parameter;
mod path;
pub(crate) mod reference;
pub(super) mod schema;
mod security;
mod server;
pub(super) mod table;
mod text;
pub(super) mod walk;

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostics};
use crate::source::{Document, Node, Span};
use reference::Lead;
use table::Kind;
use walk::Strictness;

/// What each object of a document is in the words of OpenAPI, as [`check`] met it.
#[derive(Debug)]
pub struct Kinds {
    kinds: HashMap<walk::Id, (Kind, Span)>,
    leads: HashMap<walk::Id, Lead>,
}

impl Kinds {
    /// What this object is; `None` where it is none of the specification's.
    pub(crate) fn of(&self, node: &Node) -> Option<Kind> {
        self.kinds.get(&std::ptr::from_ref(node)).map(|(kind, _)| *kind)
    }

    /// Where the reference leads that this node is, if it is one.
    pub(in crate::dialect) fn lead(&self, node: walk::Id) -> Option<Lead> {
        self.leads.get(&node).copied()
    }

    /// Where all references lead.
    pub(in crate::dialect) fn leads(&self) -> impl Iterator<Item = (walk::Id, Lead)> {
        self.leads.iter().map(|(node, lead)| (*node, *lead))
    }
}

/// Checks a 3.0 document: every finding, not the first alone. Gives what was found to be where, which holds while the
/// document stays where it is.
pub fn check(document: &Document, diagnostics: &mut Diagnostics) -> Kinds {
    let mut walk = walk::Walk::new(document, diagnostics, Strictness::Strict);
    walk.run();
    Kinds { kinds: walk.kinds, leads: walk.leads }
}

/// So often a document is mended.
const ROUNDS: usize = 8;

/// Checks a 3.0 document leniently: a fault that stays where it is becomes a warning that says what is assumed in its
/// place, and the document is changed to say so. What has no meaning stays an error. Gives the same as [`check`].
pub fn mend(document: &mut Document, diagnostics: &mut Diagnostics) -> Kinds {
    // What the reader has found and read all the same.
    diagnostics.change(|one| match one.code {
        Code::DuplicateKey => fault::assume(one, "uses the first one"),
        Code::Version => fault::assume(one, "treats it as 3.0"),
        _ => {}
    });
    // A mend may bring another fault to light; what has been said is not said again.
    let mut said: HashSet<(Code, Option<Span>, String)> = HashSet::new();
    for _ in 0..ROUNDS {
        let mut found = Diagnostics::new();
        let mut walk = walk::Walk::new(document, &mut found, Strictness::Lenient);
        walk.run();
        let (mends, kinds) = (walk.mends, Kinds { kinds: walk.kinds, leads: walk.leads });
        found.change_severity(|one| {
            let new = !said.contains(&(one.code, one.span, one.message.clone()));
            new.then_some(one.severity)
        });
        said.extend(found.sorted().iter().map(|one| (one.code, one.span, one.message.clone())));
        let rejected = found.has_errors();
        diagnostics.extend(found);
        if mends.is_empty() || rejected {
            return kinds;
        }
        for tree in document.trees_mut() {
            mends.apply(tree);
        }
    }
    check(document, diagnostics)
}

#[cfg(test)]
mod tests;
