//! Reports values of `format` that neither OpenAPI nor its Format Registry defines, because they have no effect.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::spec::Schema;

/// The formats of OpenAPI 3.0.3, JSON Schema and the OpenAPI Format Registry, and others that generated code supports.
const KNOWN: &[&str] = &[
    "base64url",
    "binary",
    "byte",
    "char",
    "commonmark",
    "date",
    "date-time",
    "date-time-local",
    "decimal",
    "decimal128",
    "double",
    "double-int",
    "duration",
    "email",
    "float",
    "hostname",
    "html",
    "http-date",
    "idn-email",
    "idn-hostname",
    "int128",
    "int16",
    "int32",
    "int64",
    "int8",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "media-range",
    "password",
    "regex",
    "relative-json-pointer",
    "sf-binary",
    "sf-boolean",
    "sf-decimal",
    "sf-integer",
    "sf-string",
    "sf-token",
    "time",
    "time-local",
    "u-int32",
    "u-int64",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "unixtime",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

impl Rules<'_, '_> {
    pub(super) fn format(&mut self, schema: &Schema) {
        let Some(found) = &schema.format else { return };
        let format = found.value.as_str();
        if KNOWN.contains(&format) {
            return;
        }
        let message = format!("unknown format {}", quoted(format));
        let mut diagnostic = Diagnostic::warning(Code::UnknownFormat, found.span, message).label("has no effect");
        diagnostic.help = nearest(format, KNOWN.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        self.diagnostics.push(diagnostic);
    }
}
