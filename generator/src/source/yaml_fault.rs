//! Converts errors of the YAML scanner to diagnostics, with help for common mistakes.

use saphyr_parser::ScanError;

use super::limits::{Limits, raised_by};
use super::text::Text;
use crate::diagnostics::{Code, Diagnostic};

/// The maximum nesting depth of `[…]` and `{…}` that the scanner supports.
const MAX_FLOW_DEPTH: usize = 255;

/// Returns the diagnostic for an error of the scanner. `at` is the byte offset of the error in the text.
pub(super) fn diagnostic(error: &ScanError, at: usize, text: Text<'_>, limits: &Limits) -> Diagnostic {
    let character = text.text.get(at..).and_then(|rest| rest.chars().next());
    let end = at + character.filter(|&next| !matches!(next, '\r' | '\n')).map_or(0, char::len_utf8);
    let span = text.span(at, end);
    let info = error.info();
    if info.contains("recursion limit") {
        // The scanner reads ahead, so it can fail before the reader reaches its own limit.
        if limits.depth >= MAX_FLOW_DEPTH {
            let message = format!("values in brackets are nested more than {MAX_FLOW_DEPTH} levels deep");
            return Diagnostic::error(Code::Limit, span, message)
                .help("write the document as JSON, which can be nested more deeply");
        }
        let message = format!("values are nested more than {} levels deep", limits.depth);
        return Diagnostic::error(Code::Limit, span, message).help(raised_by("depth"));
    }
    let diagnostic = Diagnostic::error(Code::Syntax, span, format!("invalid YAML: {info}"));
    if info.contains("tab") {
        diagnostic.help("indent with spaces")
    } else if info.contains("mapping values are not allowed") {
        diagnostic.help("quote values that contain `: `")
    } else if info.contains("unexpected character") {
        diagnostic.help("quote values that begin with this character")
    } else {
        diagnostic
    }
}

/// Returns whether a diagnostic reports missing indentation or a tab after a colon, which other YAML readers accept.
pub(super) fn is_about_white_space(diagnostic: &Diagnostic) -> bool {
    ["invalid indentation", "':' must be followed by"].iter().any(|error| {
        diagnostic.message.strip_prefix("invalid YAML: ").is_some_and(|message| message.starts_with(error))
    })
}
