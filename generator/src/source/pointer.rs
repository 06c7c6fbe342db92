//! Parses and resolves `$ref`s and JSON Pointers (RFC 6901).

use std::borrow::Cow;

use super::files::NotRead;
use super::node::{Node, NodeKind};
use crate::diagnostics::nearest;

/// A parsed `$ref`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The file name, e.g. `pet.yaml` in `pet.yaml#/Pet`. Empty if the target is in the same file.
    pub document: &'a str,
    /// The location of the target in its file, e.g. `/Pet` in `pet.yaml#/Pet`.
    pub pointer: Pointer,
}

/// A JSON Pointer: the keys and indices from the root of a document to a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pointer {
    tokens: Vec<String>,
}

/// The reason why a reference cannot be resolved.
#[derive(Debug, Clone, PartialEq)]
pub enum RefError<'a> {
    /// The reference is malformed. Contains the reason.
    Malformed(&'static str),
    /// The target is in another file that is not read.
    NotRead(NotRead),
    /// The target does not exist.
    NotFound(Missing<'a>),
}

/// A pointer whose target does not exist, and the position of the first token (key or index) in it that cannot be
/// resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing<'a> {
    /// The node in which the token cannot be resolved.
    pub reached: &'a Node,
    /// The index of the token that cannot be resolved.
    pub depth: usize,
    /// The pointer.
    pub pointer: Pointer,
}

impl<'a> Reference<'a> {
    /// Parses a `$ref`.
    ///
    /// # Errors
    /// Returns [`RefError::Malformed`] if the syntax is invalid.
    pub fn parse(text: &'a str) -> Result<Self, RefError<'static>> {
        let (document, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fragment = percent_decode(fragment).ok_or(RefError::Malformed("its percent-encoding is not UTF-8"))?;
        Ok(Self { document, pointer: Pointer::parse(&fragment)? })
    }

    /// Returns the target in the tree of the same file.
    ///
    /// # Errors
    /// The target does not exist or is in another file.
    pub fn resolve<'n>(&self, root: &'n Node) -> Result<&'n Node, RefError<'n>> {
        if !self.document.is_empty() {
            return Err(RefError::NotRead(NotRead::NotGiven));
        }
        self.pointer.resolve(root)
    }

    /// Returns the file name in a `$ref`, e.g. `pet.yaml` for `pet.yaml#/Pet`. Returns an empty string if the target is
    /// in the same file.
    pub fn document_of(text: &str) -> &str {
        text.split_once('#').map_or(text, |(document, _)| document)
    }
}

impl Pointer {
    /// Returns the pointer to the root of a document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Parses a pointer such as `/components/schemas/Pet`. The empty string is the pointer to the root.
    ///
    /// # Errors
    /// Returns [`RefError::Malformed`] if the syntax is invalid.
    pub fn parse(text: &str) -> Result<Self, RefError<'static>> {
        if text.is_empty() {
            return Ok(Self::root());
        }
        let Some(keys) = text.strip_prefix('/') else {
            return Err(RefError::Malformed("a JSON Pointer must begin with `#/`"));
        };
        let tokens: Option<Vec<_>> = keys.split('/').map(unescape).collect();
        Ok(Self { tokens: tokens.ok_or(RefError::Malformed("`~` must be followed by 0 or 1"))? })
    }

    /// Returns the unescaped keys and indices, beginning at the root.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// Returns this pointer with a token appended.
    #[must_use]
    pub fn child(&self, token: impl Into<String>) -> Self {
        let mut child = self.clone();
        child.tokens.push(token.into());
        child
    }

    /// Returns the target of the pointer in a tree.
    ///
    /// # Errors
    /// Returns [`RefError::NotFound`] if the target does not exist.
    pub fn resolve<'n>(&self, root: &'n Node) -> Result<&'n Node, RefError<'n>> {
        let mut reached = root;
        for (depth, token) in self.tokens.iter().enumerate() {
            let Some(next) = step(reached, token) else {
                return Err(RefError::NotFound(Missing { reached, depth, pointer: self.clone() }));
            };
            reached = next;
        }
        Ok(reached)
    }
}

impl Missing<'_> {
    /// Returns a pointer in which the missing token is replaced by the most similar key. Returns `None` if no key is
    /// similar, or if the new pointer has no target either.
    pub fn suggestion(&self) -> Option<Pointer> {
        let keys = self.reached.entries().iter().map(|entry| entry.key.as_str());
        let mut tokens = self.pointer.tokens.clone();
        let missing = tokens.get_mut(self.depth)?;
        *missing = nearest(missing, keys)?.to_owned();
        // The tokens after the replaced token must be resolvable too.
        tokens.iter().skip(self.depth).try_fold(self.reached, |node, token| step(node, token))?;
        Some(Pointer { tokens })
    }
}

/// Returns the value of the property or the item of the array that a token identifies.
fn step<'n>(node: &'n Node, token: &str) -> Option<&'n Node> {
    match &node.kind {
        NodeKind::Mapping(mapping) => mapping.get(token),
        // RFC 6901, section 4: an index has no sign and no leading zeros.
        NodeKind::Sequence(elements) if token == "0" || token.starts_with(|first| matches!(first, '1'..='9')) => {
            elements.get(token.parse::<usize>().ok()?)
        }
        _ => None,
    }
}

impl FromIterator<String> for Pointer {
    fn from_iter<I: IntoIterator<Item = String>>(tokens: I) -> Self {
        Self { tokens: tokens.into_iter().collect() }
    }
}

/// Formats the pointer as a URI fragment, in which `%` and spaces are percent-encoded: `#/paths/~1pets`.
impl std::fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("#")?;
        for token in &self.tokens {
            formatter.write_str("/")?;
            for character in token.chars() {
                match character {
                    '~' => formatter.write_str("~0")?,
                    '/' => formatter.write_str("~1")?,
                    '%' => formatter.write_str("%25")?,
                    ' ' => formatter.write_str("%20")?,
                    _ => write!(formatter, "{character}")?,
                }
            }
        }
        Ok(())
    }
}

/// Replaces `~1` by `/` and `~0` by `~`. Returns `None` if another character follows a `~`.
fn unescape(token: &str) -> Option<String> {
    let mut parts = token.split('~');
    let mut key = parts.next()?.to_owned();
    for part in parts {
        let (character, rest) = match part.strip_prefix('0') {
            Some(rest) => ('~', rest),
            None => ('/', part.strip_prefix('1')?),
        };
        key.push(character);
        key.push_str(rest);
    }
    Some(key)
}

/// Decodes percent-encoding. Preserves a `%` that is not followed by two hexadecimal digits, because keys may contain
/// it. Returns `None` if the result is not UTF-8.
pub(super) fn percent_decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [high, low, tail @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = ((*high as char).to_digit(16), (*low as char).to_digit(16))
        {
            bytes.extend(u8::try_from(high * 16 + low));
            rest = tail;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}
