//! What YAML's scanner objects to, as a finding, with help where a mistake is a common one.

use saphyr_parser::ScanError;

use super::limits::{Limits, raised_by};
use super::text::Text;
use crate::diagnostics::{Code, Diagnostic};

/// How deeply the scanner lets brackets nest, whatever our limit is.
const FLOW: usize = 255;

/// The finding for an error of the scanner at a byte of the text.
pub(super) fn finding(error: &ScanError, at: usize, text: Text<'_>, limits: &Limits) -> Diagnostic {
    let character = text.text.get(at..).and_then(|rest| rest.chars().next());
    let end = at + character.filter(|&next| !matches!(next, '\r' | '\n')).map_or(0, char::len_utf8);
    let span = text.span(at, end);
    let info = error.info();
    if info.contains("recursion limit") {
        // The scanner looks ahead, and stops before we do.
        if limits.depth >= FLOW {
            let message = format!("values in brackets nest more than {FLOW} deep");
            return Diagnostic::error(Code::Limit, span, message).help("JSON may nest more deeply than YAML");
        }
        let message = format!("values nest more than {} deep", limits.depth);
        return Diagnostic::error(Code::Limit, span, message).help(raised_by("depth"));
    }
    let diagnostic = Diagnostic::error(Code::Syntax, span, format!("not YAML: {info}"));
    if info.contains("tab") {
        diagnostic.help("indent with spaces")
    } else if info.contains("mapping values are not allowed") {
        diagnostic.help("a value that contains `: ` needs quotes")
    } else if info.contains("unexpected character") {
        diagnostic.help("a value that begins with this character needs quotes")
    } else {
        diagnostic
    }
}

/// Whether a finding says that a line stands too far left, or that a tab stands behind a colon.
pub(super) fn is_of_blanks(finding: &Diagnostic) -> bool {
    ["invalid indentation", "':' must be followed by"]
        .iter()
        .any(|fault| finding.message.strip_prefix("not YAML: ").is_some_and(|message| message.starts_with(fault)))
}
