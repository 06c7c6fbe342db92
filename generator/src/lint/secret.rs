//! Texts whose name says that they are secrets, and that are not marked as such: generated code would show them.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::name::words;
use crate::source::{Entry, Node, Span};

/// The last word of a name that is a secret.
const SECRETS: &[&str] = &["password", "passwd", "passphrase", "secret", "token", "credential", "credentials"];
/// The last two words of one.
const KEYS: &[[&str; 2]] = &[["api", "key"], ["private", "key"], ["secret", "key"], ["access", "key"]];
/// What a token is of that is no secret: a place in a listing, a state of a resource.
const PLACES: &[&str] =
    &["next", "previous", "page", "pagination", "continuation", "cursor", "sync", "idempotency", "etag"];

impl<'d> Rules<'d, '_> {
    pub(super) fn secret_properties(&mut self, schema: &'d Node) {
        for Entry { key, key_span, value } in schema.get("properties").map(Node::entries).unwrap_or_default() {
            if sounds_secret(key) && self.is_unmarked_text(value) {
                self.unmarked(key, *key_span, "x-sensitive");
            }
        }
    }

    pub(super) fn secret_parameter(&mut self, parameter: &'d Node) {
        let (Some(name), Some(schema)) = (parameter.get("name"), parameter.get("schema")) else { return };
        let Some(text) = name.as_str().filter(|text| sounds_secret(text)) else { return };
        let marked = parameter.get("x-sensitive").is_some();
        if !marked && self.is_unmarked_text(schema) {
            self.unmarked(text, name.span, "x-sensitive");
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

    fn unmarked(&mut self, name: &str, span: Span, mark: &str) {
        let message = format!("{} sounds like a secret and is not marked as one", quoted(name));
        self.found.push(
            Diagnostic::warning(Code::UnmarkedSecret, span, message).label("would be shown by `Debug`").help(format!(
                "write `{mark}: true` or `format: password` in its schema; `{mark}: false` where it is none"
            )),
        );
    }
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
        for secret in
            ["password", "userPassword", "api_key", "X-API-Key", "client-secret", "accessToken", "private key"]
        {
            assert!(sounds_secret(secret), "{secret}");
        }
        for other in
            ["password_policy", "tokenType", "nextPageToken", "key", "public_key", "secretary", "", "next_token"]
        {
            assert!(!sounds_secret(other), "{other}");
        }
    }
}
