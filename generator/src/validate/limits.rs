//! Limits the number of operations and their parts, because each takes up to ten kilobytes of memory until its code is
//! generated.
//!
//! `composition` limits the number of schemas, including their properties, values and variants.

use super::object::Kind;
use super::walk::Walk;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// The maximum number of operations. The largest tested document has 1,100.
const MAX_OPERATIONS: usize = 50_000;

/// The maximum number of operations, parameters, responses, media types and all other objects except schemas.
const MAX_OBJECTS: usize = 400_000;

impl Walk<'_, '_> {
    /// Reports a document with too many objects.
    pub(super) fn check_object_count(&mut self) {
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

    /// Returns the location of the first counted object above the maximum, in document order.
    fn first_above(&self, maximum: usize, is_counted: impl Fn(Kind) -> bool) -> Option<Span> {
        let counted = self.kinds.values().filter(|(kind, _)| is_counted(*kind)).map(|(_, span)| *span);
        let mut counted: Vec<Span> = counted.collect();
        (counted.len() > maximum).then(|| *counted.select_nth_unstable(maximum).1)
    }
}
