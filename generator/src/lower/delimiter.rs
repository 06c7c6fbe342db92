//! Determines the delimiters of arrays that are sent as text: the style of an array and of the arrays within it.

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::Style;
use crate::source::Span;
use crate::spec;

use super::Lowering;
use super::parameter::lowered_style;

impl Lowering<'_> {
    /// Returns the styles that separate the items of an array and of the arrays within it, from the outermost array to
    /// the innermost. Reports a style that occurs twice. `outer` is `None` if each item of the outermost array is sent
    /// separately.
    pub(super) fn delimiters(&mut self, outer: Option<Style>, inner: &[spec::Style], span: Span) -> Vec<Style> {
        let inner = inner.iter().map(|style| lowered_style(*style));
        let all: Vec<Style> = outer.into_iter().chain(inner).map(delimited).collect();
        let is_repeated =
            all.iter().enumerate().any(|(index, style)| all.iter().take(index).any(|outer| outer == style));
        if is_repeated && self.reported.insert(span) {
            let message = "an array and an array within it have the same `collectionFormat`";
            self.diagnostics.push(Diagnostic::warning(Code::InvalidValue, span, message).help(
                "use another `collectionFormat` for the inner array; otherwise, it cannot be sent with several items",
            ));
        }
        all
    }

    /// Returns the styles like [`delimiters`](Self::delimiters), but without the style of the outermost array.
    pub(super) fn item_styles(&mut self, outer: Option<Style>, inner: &[spec::Style], span: Span) -> Vec<Style> {
        let all = self.delimiters(outer, inner, span);
        all.into_iter().skip(usize::from(outer.is_some())).collect()
    }
}

/// Replaces `form` by `simple`, because both styles separate items with commas. Returns other styles unchanged.
fn delimited(style: Style) -> Style {
    if style == Style::Form { Style::Simple } else { style }
}
