//! Determines the delimiters of arrays that are sent as text: the style of an array and of the arrays within it.

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::Style;
use crate::source::Span;
use crate::spec;

use super::Lowering;
use super::parameter::lowered_style;

impl Lowering<'_> {
    /// Returns the styles in which an array and the arrays within it are joined, from the outermost to the innermost.
    /// `outer` is `None` if each item of the outermost array is sent separately.
    pub(super) fn delimiters(&mut self, outer: Option<Style>, inner: &[spec::Style], span: Span) -> Vec<Style> {
        let inner = inner.iter().map(|style| lowered_style(*style));
        let all: Vec<Style> = outer.into_iter().chain(inner).map(delimited).collect();
        let is_repeated =
            all.iter().enumerate().any(|(index, style)| all.iter().take(index).any(|outer| outer == style));
        if is_repeated && self.reported.insert(span) {
            let message = "an array and an array within it have the same `collectionFormat`";
            self.diagnostics.push(Diagnostic::warning(Code::InvalidValue, span, message).help(
                "use another `collectionFormat` for the inner array; an inner array with several items cannot be sent",
            ));
        }
        all
    }

    /// Returns the styles of the arrays within an array, from the outermost to the innermost.
    pub(super) fn item_styles(&mut self, outer: Option<Style>, inner: &[spec::Style], span: Span) -> Vec<Style> {
        let all = self.delimiters(outer, inner, span);
        all.into_iter().skip(usize::from(outer.is_some())).collect()
    }
}

/// Returns the style with the same delimiter: both `form` and `simple` separate items with commas.
fn delimited(style: Style) -> Style {
    if style == Style::Form { Style::Simple } else { style }
}
