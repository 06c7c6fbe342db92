//! Reports strings whose name suggests a secret but that are not marked as secret, because generated code would print
//! them.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::name::words;
use crate::source::{Entry, Node, Span};

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

impl<'d> Rules<'d, '_> {
    pub(super) fn secret_properties(&mut self, schema: &'d Node) {
        for Entry { key, key_span, value } in schema.get("properties").map(Node::entries).unwrap_or_default() {
            if suggests_secret(key) && self.is_unmarked_string(value) {
                self.unmarked(unmarked_message(key), *key_span);
            }
        }
    }

    pub(super) fn secret_parameter(&mut self, parameter: &'d Node) {
        let (Some(name), Some(schema)) = (parameter.get("name"), parameter.get("schema")) else { return };
        let Some(text) = name.as_str().filter(|text| suggests_secret(text)) else { return };
        let marked = parameter.get("x-sensitive").is_some();
        if !marked && self.is_unmarked_string(schema) {
            self.unmarked(unmarked_message(text), name.span);
        }
    }

    /// Reports an unmarked string with a vendor-specific `format` that suggests a secret, e.g. `ssl-key`.
    pub(super) fn secret_format(&mut self, schema: &'d Node) {
        let Some(format) = schema.get("format") else { return };
        let Some(text) = format.as_str().filter(|text| *text != "password" && suggests_secret(text)) else { return };
        if self.is_unmarked_string(schema) {
            let message =
                format!("the format {} suggests a secret, but the string is not marked as secret", quoted(text));
            self.unmarked(message, format.span);
        }
    }

    /// Returns whether a schema is a string that has neither `enum` nor `x-sensitive` nor `format: password`.
    fn is_unmarked_string(&self, schema: &'d Node) -> bool {
        let Some(target) = self.resolved(schema) else { return false };
        let marked = |node: &Node| {
            node.get("x-sensitive").is_some() || node.get("format").and_then(Node::as_str) == Some("password")
        };
        target.get("type").and_then(Node::as_str) == Some("string")
            && target.get("enum").is_none()
            && !marked(schema)
            && !marked(target)
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
