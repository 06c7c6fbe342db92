//! The extensions that are ours: what each may say. Those of others may say anything.

use super::fault::assume;
use super::schema::STRINGS;
use super::table::{Kind, Shape};
use super::walk::{Place, Walk};
use crate::diagnostics::{Code, Diagnostic, Severity, quoted};
use crate::dialect::mend::Mend;
use crate::source::{Entry, Node};

/// As long as the names that are made of a document's words are at most.
const LONGEST: usize = 150;
/// What is assumed of an extension that cannot be read.
const PASSED: &str = "ignores the extension";

/// What an extension of ours has to be.
fn shape(name: &str, kind: Kind) -> Option<Shape> {
    Some(match name {
        "x-sensitive" | "x-idempotent" | "x-flags" | "x-required" => Shape::Boolean,
        // Elsewhere it is somebody else's.
        "x-name" if kind == Kind::Server => Shape::String,
        "x-rust-name" | "x-client-value" | "x-request-id-header" => Shape::String,
        "x-enum-varnames" | "x-enum-descriptions" => STRINGS,
        "x-pagination" => Shape::Object(Kind::Pagination),
        "x-client-certificate" => Shape::Object(Kind::ClientCertificate),
        _ => return None,
    })
}

impl<'d> Walk<'d, '_> {
    /// A member whose name begins with `x-`.
    pub(super) fn extension(&mut self, node: &'d Node, kind: Kind, entry: &'d Entry, place: Place<'d>) {
        let Some(shape) = shape(&entry.key, kind) else { return };
        if entry.key == "x-pagination" && entry.value.get("style").is_none() {
            // Others have one of that name too.
            let message = "`x-pagination` without `style` is not an extension of Clientwright";
            self.push(Diagnostic::warning(Code::Extension, entry.key_span, message).label("has no effect"));
            return;
        }
        // Whatever is wrong inside is wrong with the extension.
        let outer = std::mem::take(self.diagnostics);
        self.value(&shape, &entry.value, place);
        let mut found = std::mem::replace(self.diagnostics, outer);
        let rejected = found.has_errors();
        if rejected {
            self.mend(&entry.value, Mend::Remove);
        }
        found.change(|one| {
            one.code = Code::Extension;
            // An extension never changes what the API is: a lenient check can do without one that it cannot read.
            if one.severity == Severity::Error && self.is_lenient() {
                assume(one, PASSED);
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
        if text.len() > LONGEST {
            let message = format!("an identifier has at most {LONGEST} characters");
            self.push(Diagnostic::error(Code::Extension, value.span, message));
        } else if !first || !rest || text.chars().all(|letter| letter == '_') {
            let message = format!("{} is not a Rust identifier", quoted(text));
            let help = "use letters, digits and `_`, and do not start with a digit";
            let diagnostic = Diagnostic::error(Code::Extension, value.span, message).help(help);
            self.local(diagnostic, value, Mend::Remove, PASSED);
        }
    }

    /// A list that goes with `enum`, element by element.
    fn beside_enum(&mut self, schema: &'d Node, entry: &'d Entry) {
        let count = entry.value.elements().len();
        let message = match schema.get("enum").map(|values| values.elements().len()) {
            Some(values) if values == count => return,
            Some(values) => format!("`{}` has {count} items, but `enum` has {values}", entry.key),
            None => format!("`{}` needs a schema with `enum`", entry.key),
        };
        self.local(Diagnostic::error(Code::Extension, entry.key_span, message), &entry.value, Mend::Remove, PASSED);
    }
}
