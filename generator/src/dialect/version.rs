//! The version of OpenAPI that a document says it is written in.

use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, quoted};
use crate::source::{Document, Entry, NodeKind, Span};

/// Makes an OpenAPI 3.0 document of any that is read; so far, of 3.0 alone.
///
/// Gives nothing where the version cannot be told or is not read yet: then no other check has any meaning.
pub fn to_3_0(document: Document, diagnostics: &mut Diagnostics) -> Option<Document> {
    let root = &document.root;
    let Some(mapping) = root.as_mapping() else {
        let message = format!("the document is {}, not an object", root.kind_name());
        diagnostics
            .push(Diagnostic::error(Code::WrongType, beginning(root.span), message).label("not an OpenAPI document"));
        return None;
    };
    if let Some(entry) = mapping.entry("openapi") {
        return version(entry, diagnostics).then_some(document);
    }
    let diagnostic = if let Some(entry) = mapping.entry("swagger") {
        Diagnostic::error(Code::Unsupported, entry.value.span, "Swagger 2.0 is not supported yet")
            .help("convert the document to OpenAPI 3.0")
    } else {
        let keys = || mapping.entries().iter().map(|entry| entry.key.as_str());
        let misspelt = nearest("openapi", keys()).or_else(|| nearest("swagger", keys()));
        let entry = misspelt.and_then(|key| mapping.entry(key));
        let message = "the document does not specify its OpenAPI version";
        let diagnostic = Diagnostic::error(
            Code::Version,
            entry.map_or_else(|| beginning(root.span), |entry| entry.key_span),
            message,
        );
        match misspelt {
            Some(key) => diagnostic.help(format!("did you mean `openapi` instead of {}?", quoted(key))),
            None => {
                diagnostic.label("`openapi` is missing").help("add `openapi: 3.0.3` if this is an OpenAPI 3.0 document")
            }
        }
    };
    diagnostics.push(diagnostic);
    None
}

fn version(entry: &Entry, diagnostics: &mut Diagnostics) -> bool {
    let span = entry.value.span;
    let text = match &entry.value.kind {
        NodeKind::String(text) => text.as_str(),
        NodeKind::Number(number) => {
            let message = "the OpenAPI version is a number";
            let help = format!("write the full version as a string: \"{}.3\"", number.text);
            diagnostics.push(Diagnostic::error(Code::Version, span, message).help(help));
            return false;
        }
        _ => {
            let message = format!("the OpenAPI version is {}, not a string", entry.value.kind_name());
            diagnostics.push(Diagnostic::error(Code::Version, span, message));
            return false;
        }
    };
    let mut parts = text.splitn(3, '.');
    let diagnostic = match (parts.next(), parts.next(), parts.next()) {
        (Some("3"), Some("0"), Some(patch)) if is_patch(patch) => return true,
        // Whoever writes `3.0` or `3.0.x` means 3.0, and the rest can be checked.
        (Some("3"), Some("0"), _) => {
            let message = format!("{} is not a full OpenAPI version", quoted(text));
            diagnostics.push(Diagnostic::error(Code::Version, span, message).help("write `3.0.3`"));
            return true;
        }
        (Some("3"), Some(minor @ ("1" | "2")), _) => {
            Diagnostic::error(Code::Unsupported, span, format!("OpenAPI 3.{minor} is not supported yet"))
                .help("use OpenAPI 3.0")
        }
        _ => Diagnostic::error(Code::Version, span, format!("there is no OpenAPI version {}", quoted(text)))
            .help("versions 3.0.0 to 3.0.4 are supported"),
    };
    diagnostics.push(diagnostic);
    false
}

/// Whether it is the last part of a version: a number, and what a release candidate has behind it.
fn is_patch(patch: &str) -> bool {
    let number = patch.split('-').next().unwrap_or_default();
    !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
}

/// The first byte of a span: to underline a whole document would show nothing.
fn beginning(span: Span) -> Span {
    Span { end: span.end.min(span.start + 1), ..span }
}
