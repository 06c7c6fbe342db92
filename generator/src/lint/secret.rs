//! Reports strings whose name suggests a secret but that are not marked as secret, because generated code would print
//! them.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::source::Span;
use crate::spec::{Keyword, Parameter, Schema, SchemaId, SchemaType, Spanned};
use crate::words::words;

/// The words that suggest a secret at the end of a name, e.g. `userPassword`.
const SECRETS: &[&str] =
    &["password", "passwd", "pwd", "passphrase", "passcode", "secret", "token", "jwt", "credential", "credentials"];
/// The pairs of words that suggest a secret at the end of a name, e.g. `x-api-key`.
const KEYS: &[[&str; 2]] = &[
    ["api", "key"],
    ["private", "key"],
    ["secret", "key"],
    ["access", "key"],
    ["ssl", "key"],
    ["signing", "key"],
    ["encryption", "key"],
    ["master", "key"],
];
/// The words before `token` in names of values that are not secret: page tokens (`nextPageToken`), versions of
/// resources (`etagToken`), and tokens of language models (`inputToken`).
const PUBLIC_TOKENS: &[&str] = &[
    "next",
    "previous",
    "page",
    "pagination",
    "continuation",
    "cursor",
    "sync",
    "idempotency",
    "etag",
    "version",
    "conflict",
    "lock",
    "public",
    "captcha",
    "input",
    "output",
    "max",
];

impl Rules<'_, '_> {
    pub(super) fn secret_properties(&mut self, schema: &Schema) {
        for (name, property) in schema.properties() {
            if suggests_secret(name) && self.is_unmarked_string(property.schema) {
                self.unmarked(unmarked_message(name), property.span);
            }
        }
    }

    pub(super) fn secret_parameter(&mut self, parameter: &Parameter) {
        let Spanned { value: name, span } = &parameter.name;
        let is_marked = parameter.keywords.key(Keyword::Sensitive).is_some();
        let is_unmarked = |schema| !is_marked && suggests_secret(name) && self.is_unmarked_string(schema);
        if parameter.schema.is_some_and(is_unmarked) {
            self.unmarked(unmarked_message(name), *span);
        }
    }

    /// Reports a string that is not marked as a secret, but whose vendor-specific `format` suggests one, e.g. `ssl-key`.
    pub(super) fn secret_format(&mut self, schema: &Schema) {
        let Some(Spanned { value: format, span }) = schema.format.as_deref() else { return };
        if format != "password" && suggests_secret(format) && self.is_unmarked_string(schema.id) {
            let message =
                format!("the format {} suggests a secret, but the string is not marked as secret", quoted(format));
            self.unmarked(message, *span);
        }
    }

    /// Returns whether a schema is a string that has neither `enum` nor `x-sensitive` nor `format: password`.
    fn is_unmarked_string(&self, schema: SchemaId) -> bool {
        let chain = || self.spec.chain(schema);
        chain().any(|schema| schema.ty() == Some(SchemaType::String))
            && chain().all(|schema| {
                schema.values.is_none() && schema.sensitive.is_none() && schema.format() != Some("password")
            })
    }

    fn unmarked(&mut self, message: String, span: Span) {
        self.diagnostics
            .push(Diagnostic::warning(Code::UnmarkedSecret, span, message).label("printed by `Debug`").help(
            "add `format: password` or `x-sensitive: true` to its schema, or `x-sensitive: false` if it is not secret",
        ));
    }
}

fn unmarked_message(name: &str) -> String {
    format!("the name {} suggests a secret, but the string is not marked as secret", quoted(name))
}

fn suggests_secret(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [.., before, "token"] => !PUBLIC_TOKENS.contains(before),
        [.., last] if SECRETS.contains(last) => true,
        [.., one, two] => KEYS.contains(&[one, two]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::suggests_secret;

    #[test]
    fn names_suggest_secrets() {
        for secret in [
            "password",
            "userPassword",
            "api_key",
            "X-API-Key",
            "client-secret",
            "accessToken",
            "private key",
            "ssl-key",
            "jwt",
        ] {
            assert!(suggests_secret(secret), "{secret}");
        }
        for other in [
            "password_policy",
            "tokenType",
            "nextPageToken",
            "key",
            "public_key",
            "secretary",
            "",
            "next_token",
            "ssh-key",
            "conflictToken",
        ] {
            assert!(!suggests_secret(other), "{other}");
        }
    }
}
