//! `$ref`s and JSON pointers (RFC 6901): a reference in, the node that it leads to out.

use std::borrow::Cow;

use super::files::NotRead;
use super::node::{Node, NodeKind};
use crate::diagnostics::nearest;

/// A `$ref`, taken apart: which document, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The document, as the reference names it; empty for the one that the reference stands in.
    pub document: &'a str,
    /// The place in it.
    pub pointer: Pointer,
}

/// A place in a document: the keys and indices that lead to it from the root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pointer {
    tokens: Vec<String>,
}

/// Why a reference leads nowhere.
#[derive(Debug, Clone, PartialEq)]
pub enum RefError<'a> {
    /// The text is not a reference at all; says why.
    Malformed(&'static str),
    /// It leads to another file, which is not read.
    NotRead(NotRead),
    /// Nothing is there.
    NotFound(Missing<'a>),
}

/// How far a pointer leads that leads nowhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing<'a> {
    /// The last node on its way.
    pub reached: &'a Node,
    /// How many of its keys lead there; the next one is missing.
    pub depth: usize,
    /// The whole pointer.
    pub pointer: Pointer,
}

impl<'a> Reference<'a> {
    /// Takes a `$ref` apart.
    ///
    /// # Errors
    /// [`RefError::Malformed`]
    pub fn parse(text: &'a str) -> Result<Self, RefError<'static>> {
        let (document, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fragment = percent_decode(fragment).ok_or(RefError::Malformed("its escapes `%` are not UTF-8"))?;
        Ok(Self { document, pointer: Pointer::parse(&fragment)? })
    }

    /// The node that it leads to in its own document.
    ///
    /// # Errors
    /// Where it leads nowhere, or to another file.
    pub fn resolve<'n>(&self, root: &'n Node) -> Result<&'n Node, RefError<'n>> {
        if !self.document.is_empty() {
            return Err(RefError::NotRead(NotRead::NotGiven));
        }
        self.pointer.resolve(root)
    }

    /// The file that a `$ref` names; empty for the one that it stands in.
    pub fn document_of(text: &str) -> &str {
        text.split_once('#').map_or(text, |(document, _)| document)
    }
}

impl Pointer {
    /// The root.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads a pointer: empty, or `/` before each of its keys.
    ///
    /// # Errors
    /// [`RefError::Malformed`]
    pub fn parse(text: &str) -> Result<Self, RefError<'static>> {
        if text.is_empty() {
            return Ok(Self::root());
        }
        let Some(keys) = text.strip_prefix('/') else {
            return Err(RefError::Malformed("a pointer begins with `#/`"));
        };
        let tokens: Option<Vec<_>> = keys.split('/').map(unescape).collect();
        Ok(Self { tokens: tokens.ok_or(RefError::Malformed("`~` is followed by neither 0 nor 1"))? })
    }

    /// Its keys and indices, from the root on.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// The pointer to a part of what this one leads to.
    #[must_use]
    pub fn child(&self, token: impl Into<String>) -> Self {
        let mut child = self.clone();
        child.tokens.push(token.into());
        child
    }

    /// The node that it leads to.
    ///
    /// # Errors
    /// [`RefError::NotFound`]
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
    /// The pointer that may have been meant: the missing key mended, the rest as it is.
    pub fn suggestion(&self) -> Option<Pointer> {
        let keys = self.reached.entries().iter().map(|entry| entry.key.as_str());
        let mut tokens = self.pointer.tokens.clone();
        let missing = tokens.get_mut(self.depth)?;
        *missing = nearest(missing, keys)?.to_owned();
        // One key mended is no help where the rest leads nowhere either.
        tokens.iter().skip(self.depth).try_fold(self.reached, |node, token| step(node, token))?;
        Some(Pointer { tokens })
    }
}

fn step<'n>(node: &'n Node, token: &str) -> Option<&'n Node> {
    match &node.kind {
        NodeKind::Mapping(mapping) => mapping.get(token),
        // No signs and no leading zeros.
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

/// As a fragment: `#/paths/~1pets`, with what a URI cannot hold as `%` escapes.
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

/// Undoes `%` escapes; one that is none stays as it is, since a key of a document may well hold a `%`.
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
