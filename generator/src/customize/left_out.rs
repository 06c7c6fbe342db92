//! The parts of a document that a selection leaves out.

use std::cmp::Reverse;

use crate::diagnostics::{Code, Diagnostics};
use crate::source::{SourceId, Span};
use crate::spec::Spec;

/// The parts of a document that a selection leaves out. Diagnostics about them are of no interest.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    /// The positions from which on text is left out, or is not, in ascending order. Text before the first position of a
    /// source is not left out.
    borders: Vec<((SourceId, usize), bool)>,
}

impl LeftOut {
    /// Finds the parts that are left out: `operations`, and those of the `objects` for which the flag is set.
    pub(super) fn new(spec: &Spec, objects: Vec<(Span, bool)>, operations: &[Span]) -> Self {
        let of_operations = operations.iter().map(|span| (*span, true));
        let remaining = spec.all_operations().map(|operation| (operation.span, false));
        let mut parts: Vec<(Span, bool)> = of_operations.chain(remaining).chain(objects).collect();
        // An outer part comes before the parts in it. Of two parts at the same place, the one that is not left out
        // comes last and decides.
        parts.sort_by_key(|(span, is_left_out)| (span.source, span.start, Reverse(span.end), Reverse(*is_left_out)));
        let mut borders = Vec::new();
        let mut open: Vec<(Span, bool)> = Vec::new();
        let close = |open: &mut Vec<(Span, bool)>, borders: &mut Vec<_>, next: Option<Span>| {
            let ends = |inner: Span| next.is_none_or(|it| it.source != inner.source || it.start >= inner.end);
            while let Some((inner, _)) = open.pop_if(|(inner, _)| ends(*inner)) {
                borders.push(((inner.source, inner.end), open.last().is_some_and(|(_, is_left_out)| *is_left_out)));
            }
        };
        for (span, is_left_out) in parts {
            close(&mut open, &mut borders, Some(span));
            borders.push(((span.source, span.start), is_left_out));
            open.push((span, is_left_out));
        }
        close(&mut open, &mut borders, None);
        Self { borders }
    }

    /// Returns whether a place is left out.
    fn contains(&self, span: Span) -> bool {
        let after = self.borders.partition_point(|(position, _)| *position <= (span.source, span.start));
        let last = after.checked_sub(1).and_then(|last| self.borders.get(last));
        last.is_some_and(|((source, _), is_left_out)| *source == span.source && *is_left_out)
    }

    /// Removes the diagnostics about parts that are left out. Exceeded limits stay.
    pub(crate) fn remove_from(&self, diagnostics: &mut Diagnostics) {
        if self.borders.is_empty() {
            return;
        }
        diagnostics.change_severity(|one| {
            let is_left_out = one.code != Code::Limit && one.span.is_some_and(|span| self.contains(span));
            (!is_left_out).then_some(one.severity)
        });
    }
}
