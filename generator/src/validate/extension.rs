//! Checks the values of Clientwright's extensions. Other extensions can have any value.

use super::object::{Kind, Shape};
use super::repair::Repair;
use super::schema::STRINGS;
use super::version::Version;
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, quoted};
use crate::source::{Entry, Node};

/// The maximum length of an `x-rust-name`, which is also the maximum length of generated names.
const MAX_IDENTIFIER: usize = 150;
/// The workaround for an invalid extension.
const IGNORED: &str = "ignores the extension";

/// Returns the type that the value of an extension of Clientwright must have. `None` for other extensions.
fn shape(name: &str, kind: Kind) -> Option<Shape> {
    Some(match name {
        "x-sensitive" | "x-idempotent" | "x-flags" | "x-required" => Shape::Boolean,
        // In other objects, `x-name` is not an extension of Clientwright.
        "x-name" if kind == Kind::Server => Shape::String,
        "x-rust-name" | "x-client-value" | "x-request-id-header" => Shape::String,
        "x-enum-varnames" | "x-enum-descriptions" => STRINGS,
        "x-pagination" => Shape::Object(Kind::Pagination),
        "x-client-certificate" => Shape::Object(Kind::ClientCertificate),
        _ => return None,
    })
}

/// Returns an AutoRest extension, or a field of such an extension, that affects clients but that Clientwright ignores.
/// Also returns a help text. `None` for other extensions.
fn ignored(entry: &Entry) -> Option<(&Entry, &'static str)> {
    match entry.key.as_str() {
        "x-ms-client-flatten" if entry.value.as_bool() == Some(true) => {
            Some((entry, "the properties stay in a type of their own, as in the JSON"))
        }
        "x-ms-header-collection-prefix" => {
            Some((entry, "read the headers with this prefix from the headers of the response"))
        }
        "x-ms-pageable" => {
            let operation = entry.value.entries().iter().find(|field| field.key == "operationName")?;
            Some((
                operation,
                "the next page is fetched with `GET` from the URL in the property that `nextLinkName` names",
            ))
        }
        _ => None,
    }
}

impl<'d> Walk<'d, '_> {
    /// Checks a field whose name begins with `x-`.
    pub(super) fn extension(&mut self, node: &'d Node, kind: Kind, entry: &'d Entry, place: Place<'d>) {
        if self.version == Version::V2_0
            && let Some((ignored, help)) = ignored(entry)
        {
            let message = format!("`{}` is ignored", ignored.key);
            self.push(Diagnostic::note(Code::Unsupported, ignored.key_span, message).label("has no effect").help(help));
            return;
        }
        let Some(shape) = shape(&entry.key, kind) else { return };
        if entry.key == "x-pagination" && entry.value.get("style").is_none() {
            // Other tools have an extension with this name too.
            let message = "`x-pagination` without `style` is not an extension of Clientwright";
            self.push(Diagnostic::warning(Code::Extension, entry.key_span, message).label("has no effect"));
            return;
        }
        // The diagnostics of the value are collected separately, because they get the code `Extension`.
        let outer = std::mem::take(self.diagnostics);
        self.value(&shape, &entry.value, place);
        let mut found = std::mem::replace(self.diagnostics, outer);
        let rejected = found.has_errors();
        if rejected {
            self.repair(&entry.value, Repair::Remove);
        }
        found.change(|one| {
            one.code = Code::Extension;
            // An extension does not change the API, so it can be ignored.
            if one.severity == Severity::Error && self.is_lenient() {
                one.assume(IGNORED);
            }
        });
        let fine = found.is_empty();
        self.diagnostics.extend(found);
        if !fine {
            return;
        }
        match entry.key.as_str() {
            "x-rust-name" => self.identifier(entry),
            "x-enum-varnames" | "x-enum-descriptions" if kind == Kind::Schema => self.beside_enum(node, entry),
            _ => {}
        }
    }

    fn identifier(&mut self, entry: &'d Entry) {
        let value = &entry.value;
        let text = value.as_str().unwrap_or_default();
        let mut letters = text.chars();
        let first = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
        let rest = letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if text.len() > MAX_IDENTIFIER {
            let message = format!("an identifier must have at most {MAX_IDENTIFIER} characters");
            self.push(Diagnostic::error(Code::Extension, value.span, message));
        } else if !first || !rest || text.chars().all(|letter| letter == '_') {
            let message = format!("{} is not a Rust identifier", quoted(text));
            let help = "use letters, digits and `_`, and do not start with a digit";
            let diagnostic = Diagnostic::error(Code::Extension, value.span, message).help(help);
            self.repairable(diagnostic, value, Repair::Remove, IGNORED);
        }
    }

    /// Checks that an extension has an item for each value of `enum`.
    fn beside_enum(&mut self, schema: &'d Node, entry: &'d Entry) {
        let count = entry.value.elements().len();
        let message = match schema.get("enum").map(|values| values.elements().len()) {
            Some(values) if values == count => return,
            Some(values) => format!("`{}` has {count} items, but `enum` has {values}", entry.key),
            None => format!("`{}` needs a schema with `enum`", entry.key),
        };
        self.repairable(
            Diagnostic::error(Code::Extension, entry.key_span, message),
            &entry.value,
            Repair::Remove,
            IGNORED,
        );
    }
}
