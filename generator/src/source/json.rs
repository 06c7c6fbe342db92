//! Reads JSON (RFC 8259) into a tree of [`Node`]s with source locations.

use super::limits::{Limits, raised_by};
use super::node::{Mapping, Node, NodeKind, Number};
use super::span::Span;
use super::text::Text;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};

/// Reads JSON text. Stops at the first syntax error. Duplicate keys are reported, but do not stop the reader.
pub(super) fn read(text: Text<'_>, limits: &Limits, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut reader = Reader { text, at: 0, nodes: 0, limits: *limits, diagnostics };
    reader.document().ok()
}

/// The error of a reader that has reported a diagnostic and stopped.
pub(super) struct Stopped;

/// A reader of JSON. `at` is the byte offset of the next character.
pub(super) struct Reader<'a, 'd> {
    pub(super) text: Text<'a>,
    pub(super) at: usize,
    nodes: usize,
    limits: Limits,
    diagnostics: &'d mut Diagnostics,
}

impl Reader<'_, '_> {
    fn document(&mut self) -> Result<Node, Stopped> {
        self.skip_blank();
        if self.peek().is_none() {
            return self.fail(self.at, self.at, "the document is empty", "");
        }
        let root = self.value(0)?;
        self.skip_blank();
        if self.peek().is_some() {
            let end = self.at + self.char_length();
            return self.fail(
                self.at,
                end,
                "unexpected content after the end of the document",
                "a JSON file contains one value",
            );
        }
        Ok(root)
    }

    // Recursion is bounded by `limits.depth`.
    fn value(&mut self, depth: usize) -> Result<Node, Stopped> {
        self.nodes += 1;
        if self.nodes > self.limits.values {
            let message = format!("the document has more than {} values", self.limits.values);
            return self.limit("values", self.at, self.at, message);
        }
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => NodeKind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => NodeKind::Number(Number { text: self.number()? }),
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.word()?,
            None => return self.fail(start, start, "the document ends too early", "expected a value here"),
            Some(b'/') => return self.fail(start, start + 1, "JSON has no comments", ""),
            Some(b'\'') => return self.fail(start, start + 1, "JSON strings are written in double quotes", ""),
            Some(b'}' | b']') => {
                return self.fail(
                    start,
                    start + 1,
                    "a value is missing",
                    "is there an extra comma before this character?",
                );
            }
            Some(_) => return self.fail(start, start + self.char_length(), "invalid JSON value", ""),
        };
        Ok(Node { span: self.text.span(start, self.at), kind })
    }

    /// Returns the nesting depth of the values in an array or object whose own depth is `depth`. Reports an error if it
    /// exceeds the limit.
    fn deeper(&mut self, depth: usize) -> Result<usize, Stopped> {
        if depth >= self.limits.depth {
            let message = format!("values are nested more than {} levels deep", self.limits.depth);
            return self.limit("depth", self.at, self.at + 1, message);
        }
        Ok(depth + 1)
    }

    fn object(&mut self, depth: usize) -> Result<NodeKind, Stopped> {
        let depth = self.deeper(depth)?;
        let open = self.at;
        self.at += 1;
        let mut mapping = Mapping::default();
        self.skip_blank();
        if self.take(b'}') {
            return Ok(NodeKind::Mapping(mapping));
        }
        loop {
            let start = self.at;
            match self.peek() {
                Some(b'"') => {}
                Some(b'}') => {
                    return self.fail(
                        start,
                        start + 1,
                        "a property is missing",
                        "is there an extra comma before this character?",
                    );
                }
                None => return self.unclosed(open, "object"),
                Some(_) => {
                    let end = start + self.char_length();
                    return self.fail(
                        start,
                        end,
                        "a property name is missing",
                        "property names are strings in double quotes",
                    );
                }
            }
            let key = self.string()?;
            let key_span = self.text.span(start, self.at);
            if key.len() > self.limits.name {
                return self.limit("name", start, self.at, long_name(self.limits.name));
            }
            self.skip_blank();
            if !self.take(b':') {
                let end = self.at + self.char_length();
                return self.fail(self.at, end, "a colon is missing", "expected `:` after the property name");
            }
            self.skip_blank();
            let value = self.value(depth)?;
            self.insert(&mut mapping, key, key_span, value);
            self.skip_blank();
            if self.take(b'}') {
                mapping.shrink();
                return Ok(NodeKind::Mapping(mapping));
            }
            self.comma(open, "object")?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<NodeKind, Stopped> {
        let depth = self.deeper(depth)?;
        let open = self.at;
        self.at += 1;
        let mut elements = Vec::new();
        self.skip_blank();
        if self.take(b']') {
            return Ok(NodeKind::Sequence(elements));
        }
        loop {
            elements.push(self.value(depth)?);
            self.skip_blank();
            if self.take(b']') {
                elements.shrink_to_fit();
                return Ok(NodeKind::Sequence(elements));
            }
            self.comma(open, "array")?;
        }
    }

    fn comma(&mut self, open: usize, collection: &str) -> Result<(), Stopped> {
        if self.take(b',') {
            self.skip_blank();
            return Ok(());
        }
        if self.peek().is_none() {
            return self.unclosed(open, collection);
        }
        let end = self.at + self.char_length();
        self.fail(self.at, end, "a comma is missing", &format!("expected `,` or the end of the {collection}"))
    }

    fn unclosed<T>(&mut self, open: usize, collection: &str) -> Result<T, Stopped> {
        let diagnostic =
            Diagnostic::error(Code::Syntax, self.text.span(self.at, self.at), "the document ends too early")
                .label(format!("the {collection} is not closed"))
                .related(self.text.span(open, open + 1), format!("the {collection} starts here"));
        self.diagnostics.push(diagnostic);
        Err(Stopped)
    }

    fn insert(&mut self, mapping: &mut Mapping, key: String, key_span: Span, value: Node) {
        // Quote the key for an error message only if it is a duplicate, to avoid copies.
        let shown = mapping.entry(&key).map(|_| quoted(&key));
        if let (Err(first), Some(shown)) = (mapping.insert(key, key_span, value), shown) {
            self.diagnostics.push(duplicate_key(&shown, first, key_span));
        }
    }

    fn word(&mut self) -> Result<NodeKind, Stopped> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            self.at += 1;
        }
        match self.text.text.get(start..self.at) {
            Some("null") => Ok(NodeKind::Null),
            Some("true") => Ok(NodeKind::Bool(true)),
            Some("false") => Ok(NodeKind::Bool(false)),
            Some(number @ ("NaN" | "Infinity")) => {
                self.fail(start, self.at, &format!("JSON does not support the number `{number}`"), "")
            }
            _ => self.fail(start, self.at, "invalid JSON value", "strings are written in double quotes"),
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn take(&mut self, byte: u8) -> bool {
        let matches = self.peek() == Some(byte);
        self.at += usize::from(matches);
        matches
    }

    fn skip_blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Returns the length of the next character in bytes, or 0 at the end of the text. Spans must end between
    /// characters.
    pub(super) fn char_length(&self) -> usize {
        self.text.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    }

    pub(super) fn fail<T>(&mut self, start: usize, end: usize, message: &str, label: &str) -> Result<T, Stopped> {
        self.stop(Code::Syntax, start, end, message.to_owned(), label)
    }

    fn limit<T>(&mut self, limit: &str, start: usize, end: usize, message: String) -> Result<T, Stopped> {
        let span = self.text.span(start, end);
        self.diagnostics.push(Diagnostic::error(Code::Limit, span, message).help(raised_by(limit)));
        Err(Stopped)
    }

    fn stop<T>(&mut self, code: Code, start: usize, end: usize, message: String, label: &str) -> Result<T, Stopped> {
        self.diagnostics.push(Diagnostic::error(code, self.text.span(start, end), message).label(label));
        Err(Stopped)
    }
}

/// Returns the error message for a property name that exceeds the limit.
pub(super) fn long_name(limit: usize) -> String {
    format!("a property name has more than {limit} bytes")
}

/// Returns the diagnostic for a duplicate key. `shown` is the result of [`quoted`] for the key.
pub(super) fn duplicate_key(shown: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateKey, second, format!("duplicate key {shown}"))
        .label("duplicate")
        .related(first, "first definition")
}
