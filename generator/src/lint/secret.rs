//! Texts whose name says that they are secrets, and that are not marked as such: generated code would show them.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::name::words;
use crate::source::{Entry, Node, Span};

/// The last word of a name that is a secret.
const SECRETS: &[&str] =
    &["password", "passwd", "pwd", "passphrase", "passcode", "secret", "token", "jwt", "credential", "credentials"];
/// The last two words of one.
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
/// What a token is of that is no secret: a place in a listing, a state of a resource, a word of a language.
const PLACES: &[&str] = &[
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
            if sounds_secret(key) && self.is_unmarked_text(value) {
                self.unmarked(sounds_like_one(key), *key_span);
            }
        }
    }

    pub(super) fn secret_parameter(&mut self, parameter: &'d Node) {
        let (Some(name), Some(schema)) = (parameter.get("name"), parameter.get("schema")) else { return };
        let Some(text) = name.as_str().filter(|text| sounds_secret(text)) else { return };
        let marked = parameter.get("x-sensitive").is_some();
        if !marked && self.is_unmarked_text(schema) {
            self.unmarked(sounds_like_one(text), name.span);
        }
    }

    /// A format of somebody's own that says what its texts are.
    pub(super) fn secret_format(&mut self, schema: &'d Node) {
        let Some(format) = schema.get("format") else { return };
        let Some(text) = format.as_str().filter(|text| *text != "password" && sounds_secret(text)) else { return };
        if self.is_unmarked_text(schema) {
            let message =
                format!("the format {} sounds like a secret, and the text is not marked as one", quoted(text));
            self.unmarked(message, format.span);
        }
    }

    /// Whether a schema is a text of any content that nothing says to be secret, or, by `x-sensitive: false`, to be none.
    fn is_unmarked_text(&self, schema: &'d Node) -> bool {
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
        self.found.push(
            Diagnostic::warning(Code::UnmarkedSecret, span, message).label("would be shown by `Debug`").help(
                "write `x-sensitive: true` or `format: password` in its schema; `x-sensitive: false` where it is none",
            ),
        );
    }
}

fn sounds_like_one(name: &str) -> String {
    format!("{} sounds like a secret and is not marked as one", quoted(name))
}

fn sounds_secret(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [.., before, "token"] => !PLACES.contains(before),
        [.., last] if SECRETS.contains(last) => true,
        [.., one, two] => KEYS.contains(&[one, two]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::sounds_secret;

    #[test]
    fn names_tell() {
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
            assert!(sounds_secret(secret), "{secret}");
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
            assert!(!sounds_secret(other), "{other}");
        }
    }
}
