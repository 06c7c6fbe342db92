//! Reports strings whose name suggests a secret but that are not marked as one: generated code would show them.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::name::words;
use crate::source::{Entry, Node, Span};

/// The last word of the names of secrets.
const SECRETS: &[&str] =
    &["password", "passwd", "pwd", "passphrase", "passcode", "secret", "token", "jwt", "credential", "credentials"];
/// The last two words of the names of secrets.
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
/// The word before `token` in names that are not secrets: page tokens, versions of resources, tokens of a language
/// model.
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

    /// Checks a vendor-specific format whose name suggests a secret.
    pub(super) fn secret_format(&mut self, schema: &'d Node) {
        let Some(format) = schema.get("format") else { return };
        let Some(text) = format.as_str().filter(|text| *text != "password" && suggests_secret(text)) else { return };
        if self.is_unmarked_string(schema) {
            let message = format!("the format {} suggests a secret, but the string is not marked as one", quoted(text));
            self.unmarked(message, format.span);
        }
    }

    /// Returns whether a schema is a string without `enum`, `x-sensitive` and `format: password`.
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
        self.diagnostics.push(Diagnostic::warning(Code::UnmarkedSecret, span, message).label("shown by `Debug`").help(
            "add `format: password` or `x-sensitive: true` to its schema, or `x-sensitive: false` if it is not secret",
        ));
    }
}

fn unmarked_message(name: &str) -> String {
    format!("{} suggests a secret, but is not marked as one", quoted(name))
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
