//! How many operations and parts of operations a document may have: each takes up to ten kilobytes on the way to its code.
//!
//! Schemas are counted by what they have, in `composition`.

use super::table::Kind;
use super::walk::Walk;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// Operations of one document; the largest that this was tested with has 1,100.
const MAX_OPERATIONS: usize = 50_000;

/// Operations, parameters, responses, media types and all other objects that are no schemas.
const MAX_OBJECTS: usize = 400_000;

impl Walk<'_, '_> {
    /// Reports a document that has more than may be made of one.
    pub(super) fn check_amount(&mut self) {
        let is_operation = |kind| kind == Kind::Operation;
        let operations = format!("the document has more than {MAX_OPERATIONS} operations");
        let is_no_schema = |kind| kind != Kind::Schema;
        let objects = format!(
            "the document has more than {MAX_OBJECTS} operations, parameters, responses and their parts in total"
        );
        let operations = self.first_above(MAX_OPERATIONS, is_operation).map(|span| (span, operations));
        let objects = || self.first_above(MAX_OBJECTS, is_no_schema).map(|span| (span, objects));
        if let Some((span, message)) = operations.or_else(objects) {
            self.push(Diagnostic::error(Code::Limit, span, message));
        }
    }

    /// The place of the first object of some kind above a maximum, in the order of the document.
    fn first_above(&self, maximum: usize, is_counted: impl Fn(Kind) -> bool) -> Option<Span> {
        let counted = self.kinds.values().filter(|(kind, _)| is_counted(*kind)).map(|(_, span)| *span);
        let mut counted: Vec<Span> = counted.collect();
        (counted.len() > maximum).then(|| *counted.select_nth_unstable(maximum).1)
    }
}
