//! The version of OpenAPI that a document declares.

use std::fmt;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, quoted};
use crate::source::{Document, Entry, Node, NodeKind, Span};

/// A version of OpenAPI. Patch versions, such as 3.0.1 and 3.0.3, are not distinguished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// Swagger 2.0
    V2_0,
    /// OpenAPI 3.0
    V3_0,
    /// OpenAPI 3.1
    V3_1,
    /// OpenAPI 3.2
    V3_2,
}

impl Version {
    /// Returns the version number, e.g. `3.0`.
    pub fn number(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V3_2 => "3.2",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if *self == Self::V2_0 { "Swagger" } else { "OpenAPI" };
        write!(f, "{name} {}", self.number())
    }
}

/// A use of a construct that the declared version of OpenAPI does not define, but a later version does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterUse {
    /// The construct, as in messages, e.g. `` `itemSchema` ``.
    pub what: String,
    /// The location of the use.
    pub span: Span,
}

/// Returns the version that a document declares.
///
/// Reports an error and returns `None` if the version is missing or unknown: nothing else can be checked then.
pub fn version(document: &Document, diagnostics: &mut Diagnostics) -> Option<Version> {
    let root = &document.root;
    let Some(mapping) = root.as_mapping() else {
        let message = format!("the document is {}, not an object", root.kind_name());
        diagnostics
            .push(Diagnostic::error(Code::WrongType, first_byte(root.span), message).label("not an OpenAPI document"));
        return None;
    };
    if let Some(entry) = mapping.entry("openapi") {
        return openapi(entry, diagnostics);
    }
    if let Some(entry) = mapping.entry("swagger") {
        return swagger(entry, diagnostics);
    }
    let keys = || mapping.entries().iter().map(|entry| entry.key.as_str());
    let misspelled = nearest("openapi", keys()).or_else(|| nearest("swagger", keys()));
    let entry = misspelled.and_then(|key| mapping.entry(key));
    let span = entry.map_or_else(|| first_byte(root.span), |entry| entry.key_span);
    let diagnostic = Diagnostic::error(Code::Version, span, "the document does not specify its OpenAPI version");
    diagnostics.push(match misspelled {
        Some(key) => diagnostic.help(format!("did you mean `openapi` instead of {}?", quoted(key))),
        None => {
            diagnostic.label("`openapi` is missing").help("add `openapi: 3.0.3` if this is an OpenAPI 3.0 document")
        }
    });
    None
}

fn openapi(entry: &Entry, diagnostics: &mut Diagnostics) -> Option<Version> {
    let span = entry.value.span;
    let text = string(&entry.value, "OpenAPI", ".3", diagnostics)?;
    let mut parts = text.splitn(3, '.');
    let version = match (parts.next(), parts.next()) {
        (Some("3"), Some("0")) => Version::V3_0,
        (Some("3"), Some("1")) => Version::V3_1,
        (Some("3"), Some("2")) => Version::V3_2,
        _ => {
            let message = format!("there is no OpenAPI version {}", quoted(text));
            let diagnostic = Diagnostic::error(Code::Version, span, message);
            diagnostics.push(diagnostic.help("versions 3.0, 3.1 and 3.2 are supported, and Swagger 2.0"));
            return None;
        }
    };
    // `3.0` and `3.0.x` are errors, but unambiguous, so the rest of the document can be checked.
    if !parts.next().is_some_and(is_patch) {
        let full = match version {
            Version::V2_0 | Version::V3_0 => "3.0.3",
            Version::V3_1 => "3.1.1",
            Version::V3_2 => "3.2.0",
        };
        let message = format!("{} is not a full OpenAPI version", quoted(text));
        diagnostics.push(Diagnostic::error(Code::Version, span, message).help(format!("write `{full}`")));
    }
    Some(version)
}

fn swagger(entry: &Entry, diagnostics: &mut Diagnostics) -> Option<Version> {
    let span = entry.value.span;
    // `swagger: 2.0` without quotes is frequent, and unambiguous.
    if let NodeKind::Number(number) = &entry.value.kind
        && matches!(number.text.as_str(), "2.0" | "2")
    {
        let diagnostic = Diagnostic::error(Code::Version, span, "the Swagger version is a number");
        diagnostics.push(diagnostic.help("write it as a string: \"2.0\""));
        return Some(Version::V2_0);
    }
    let text = string(&entry.value, "Swagger", "", diagnostics)?;
    if text == "2.0" {
        return Some(Version::V2_0);
    }
    let message = format!("{} is not a Swagger version that can be read", quoted(text));
    let help = if text.starts_with('3') { "OpenAPI 3 documents begin with `openapi`" } else { "write `2.0`" };
    diagnostics.push(Diagnostic::error(Code::Version, span, message).help(help));
    None
}

/// Returns the version string. Reports a value that is not a string.
fn string<'n>(value: &'n Node, name: &str, patch: &str, diagnostics: &mut Diagnostics) -> Option<&'n str> {
    let diagnostic = match &value.kind {
        NodeKind::String(text) => return Some(text),
        NodeKind::Number(number) => {
            let message = format!("the {name} version is a number");
            let help = format!("write the full version as a string: \"{}{patch}\"", number.text);
            Diagnostic::error(Code::Version, value.span, message).help(help)
        }
        _ => {
            let message = format!("the {name} version is {}, not a string", value.kind_name());
            Diagnostic::error(Code::Version, value.span, message)
        }
    };
    diagnostics.push(diagnostic);
    None
}

/// Returns whether a string is the last part of a version: a number, and optionally a suffix such as `-rc2`.
fn is_patch(patch: &str) -> bool {
    let number = patch.split('-').next().unwrap_or_default();
    !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
}

/// Returns the span of the first byte of a span. Diagnostics that underline a whole document would be unreadable.
pub(super) fn first_byte(span: Span) -> Span {
    Span { end: span.end.min(span.start + 1), ..span }
}
