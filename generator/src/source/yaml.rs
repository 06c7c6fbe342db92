//! Reads YAML 1.2 into a tree of [`Node`]s with source locations.
//!
//! `yaml_scalar` determines the types of scalars. Aliases are replaced by copies of their targets, within the limit on
//! values. The copied value has the location of the alias, and the values in it have their original locations. The
//! merge key `<<` of YAML 1.1 is supported, as in most tools.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::char_index::CharIndex;
use super::json::{duplicate_key, long_name};
use super::limits::{Limits, raised_by};
use super::node::{Mapping, Node, NodeKind};
use super::span::Span;
use super::text::Text;
use super::yaml_alias::count;
use super::yaml_scalar::{self, Untypable};
use super::{yaml_blank, yaml_fault, yaml_place};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};

/// Reads YAML text, which must contain one document.
///
/// If the scanner rejects white space that other YAML readers accept, the text is normalized and read again.
pub(super) fn read(text: Text<'_>, limits: &Limits, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut own = Diagnostics::new();
    let mut root = read_once(text, limits, &mut own);
    if root.is_none()
        && own.sorted().iter().any(|one| yaml_fault::is_about_white_space(one))
        && let Some((normalized, shifts)) = yaml_blank::normalized(text.text)
    {
        own = Diagnostics::new();
        root = read_once(Text { text: &normalized, shifts: &shifts, ..text }, limits, &mut own);
    }
    diagnostics.extend(own);
    root
}

fn read_once(text: Text<'_>, limits: &Limits, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut reader = Reader {
        text,
        index: CharIndex::new(text.text),
        limits: *limits,
        diagnostics,
        open: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        last_end: 0,
        root: None,
        documents: 0,
    };
    match reader.stream() {
        Ok(()) => reader.finish(),
        Err(Stopped) => None,
    }
}

/// The error of a reader that has reported a diagnostic and stopped.
pub(super) struct Stopped;

/// A reader of the events of the YAML scanner.
pub(super) struct Reader<'a, 'd> {
    pub(super) text: Text<'a>,
    index: CharIndex<'a>,
    pub(super) limits: Limits,
    pub(super) diagnostics: &'d mut Diagnostics,
    /// The sequences and mappings that are not complete yet, outermost first.
    pub(super) open: Vec<Open>,
    /// The node of each anchor, once the node is complete.
    pub(super) anchors: HashMap<usize, Node>,
    pub(super) nodes: usize,
    /// The byte offset of the end of the last scalar or collection.
    pub(super) last_end: usize,
    root: Option<Node>,
    documents: usize,
}

/// A sequence or mapping that is not complete yet.
pub(super) struct Open {
    /// The byte offset of the start. A block mapping starts at its first key, and has `None` until the key is read.
    start: Option<usize>,
    /// Whether the collection is in flow style: `[…]` or `{…}`.
    flow: bool,
    anchor: usize,
    contents: Contents,
}

enum Contents {
    Sequence(Vec<Node>),
    Mapping { properties: Vec<Property>, key: Option<Key> },
}

struct Property {
    key: Key,
    value: Node,
}

struct Key {
    text: String,
    span: Span,
    /// Whether the key is the merge key: `<<` without quotes.
    merges: bool,
}

impl Reader<'_, '_> {
    fn stream(&mut self) -> Result<(), Stopped> {
        for event in Parser::new_from_str(self.text.text) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = self.index.byte(error.marker().index());
                    let diagnostic = yaml_fault::diagnostic(&error, at, self.text, &self.limits);
                    self.diagnostics.push(diagnostic);
                    return Err(Stopped);
                }
            };
            let (start, end) = (self.index.byte(span.start.index()), self.index.byte(span.end.index()));
            self.event(event, start, end)?;
        }
        Ok(())
    }

    fn finish(self) -> Option<Node> {
        if self.root.is_none() {
            self.diagnostics.push(Diagnostic::error(Code::Syntax, self.text.span(0, 0), "the document is empty"));
        }
        self.root
    }

    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Result<(), Stopped> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => self.document(start, end),
            Event::Alias(anchor) => self.alias(anchor, start, end),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), start, end),
            Event::SequenceStart(anchor, tag) => {
                self.expect_tag(tag.as_deref(), "seq", start, end)?;
                self.open(start, end, anchor, Contents::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.expect_tag(tag.as_deref(), "map", start, end)?;
                self.open(start, end, anchor, Contents::Mapping { properties: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(start, end),
        }
    }

    fn document(&mut self, start: usize, end: usize) -> Result<(), Stopped> {
        self.documents += 1;
        if self.documents > 1 {
            let diagnostic =
                Diagnostic::error(Code::Syntax, self.text.span(start, end), "a second document starts here")
                    .help("a file contains one OpenAPI document");
            self.diagnostics.push(diagnostic);
            return Err(Stopped);
        }
        Ok(())
    }

    fn open(&mut self, start: usize, end: usize, anchor: usize, contents: Contents) -> Result<(), Stopped> {
        if self.open.len() >= self.limits.depth {
            let message = format!("values are nested more than {} levels deep", self.limits.depth);
            return self.limit("depth", self.text.span(start, start), message);
        }
        if let Some(Open { contents: Contents::Mapping { key: None, .. }, .. }) = self.open.last() {
            let message = "a property name must be a string, but this key is an array or an object".to_owned();
            return self.stop(Code::Syntax, self.text.span(start, end), message);
        }
        self.count(1, start)?;
        // The range of the event includes the anchor and the tag. In flow style, the range ends after the opening
        // bracket. In block style, the range of a sequence ends at its first dash, or after the first dash if the
        // sequence is the value of a key. The start of a block mapping is only known after its first key was read.
        let byte = |at: usize| self.text.text.as_bytes().get(at);
        let last = end.checked_sub(1).filter(|_| end > start);
        let below_key = matches!(self.open.last(), Some(Open { contents: Contents::Mapping { .. }, .. }));
        let begin = match (last.and_then(byte), &contents) {
            (Some(b'{' | b'['), _) => last,
            (_, Contents::Sequence(_)) if below_key => Some(yaml_place::first_dash(self.text.text, self.last_end, end)),
            (_, Contents::Sequence(_)) => Some(end),
            (_, Contents::Mapping { .. }) => None,
        };
        let flow = matches!(begin.and_then(byte), Some(b'{' | b'['));
        self.open.push(Open { start: begin, flow, anchor, contents });
        Ok(())
    }

    fn close(&mut self, start: usize, end: usize) -> Result<(), Stopped> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        // In block style, a collection ends at the end of its last value.
        let end = if open.flow { end } else { self.last_end };
        let begin = open.start.unwrap_or(start).min(end);
        let span = self.text.span(begin, end);
        let kind = match open.contents {
            Contents::Sequence(mut elements) => {
                elements.shrink_to_fit();
                NodeKind::Sequence(elements)
            }
            Contents::Mapping { properties, .. } => NodeKind::Mapping(self.mapping(properties)),
        };
        self.last_end = end;
        self.complete(Node { span, kind }, open.anchor, begin)
    }

    fn mapping(&mut self, properties: Vec<Property>) -> Mapping {
        let mut mapping = Mapping::default();
        let mut merged = Vec::new();
        for Property { key, value } in properties {
            if key.merges {
                merged.push((key.span, value));
                continue;
            }
            let shown = mapping.entry(&key.text).map(|_| quoted(&key.text));
            if let (Err(first), Some(shown)) = (mapping.insert(key.text, key.span, value), shown) {
                self.diagnostics.push(duplicate_key(&shown, first, key.span));
            }
        }
        // Explicit properties take precedence over merged ones, and earlier merges over later ones.
        for (key_span, value) in merged {
            self.merge(&mut mapping, key_span, value);
        }
        mapping.shrink();
        mapping
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        start: usize,
        end: usize,
    ) -> Result<(), Stopped> {
        self.count(1, start)?;
        let decorated = anchor > 0 || tag.is_some();
        let written = yaml_place::scalar(self.text.text, self.last_end, (text, style), start..end, decorated);
        let span = self.text.span(written.start, written.end);
        self.last_end = written.end;
        let kind = self.typed(text, style, tag, span)?;
        let plain = style == ScalarStyle::Plain && tag.is_none();
        if self.expects_key() && plain {
            // Keys such as `200` and `true` are strings.
            let key = Key { text: text.to_owned(), span, merges: text == "<<" };
            if anchor > 0 {
                self.anchors.insert(anchor, Node { span, kind });
            }
            return self.key(key, written.start);
        }
        self.complete(Node { span, kind }, anchor, written.start)
    }

    fn typed(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Result<NodeKind, Stopped> {
        let Some(tag) = tag else {
            if style != ScalarStyle::Plain {
                return Ok(NodeKind::String(text.to_owned()));
            }
            return self.plain(text, span);
        };
        if is_non_specific(tag) || is_core(tag, "str") {
            return Ok(NodeKind::String(text.to_owned()));
        }
        let wanted = ["null", "bool", "int", "float"].into_iter().find(|name| is_core(tag, name));
        let Some(wanted) = wanted else { return self.unknown_tag(span) };
        let kind = self.plain(text, span)?;
        let fits = match (&kind, wanted) {
            (NodeKind::Null, "null") | (NodeKind::Bool(_), "bool") | (NodeKind::Number(_), "float") => true,
            (NodeKind::Number(number), "int") => number.is_integer(),
            _ => false,
        };
        if !fits {
            return self.stop(Code::Syntax, span, format!("this value does not match its tag `!!{wanted}`"));
        }
        Ok(kind)
    }

    fn plain(&mut self, text: &str, span: Span) -> Result<NodeKind, Stopped> {
        match yaml_scalar::plain(text, self.limits.digits) {
            Ok(kind) => Ok(kind),
            Err(Untypable::TooLong) => {
                self.limit("digits", span, format!("a number has more than {} digits", self.limits.digits))
            }
            Err(Untypable::NotFinite) => {
                let message = format!("JSON does not support the number {}", quoted(text));
                let diagnostic =
                    Diagnostic::error(Code::Syntax, span, message).help("if the value is a string, write it in quotes");
                self.diagnostics.push(diagnostic);
                // Use the text as a string after this error, in order to find further errors.
                Ok(NodeKind::String(text.to_owned()))
            }
        }
    }

    fn expect_tag(&mut self, tag: Option<&Tag>, name: &str, start: usize, end: usize) -> Result<(), Stopped> {
        match tag {
            None => Ok(()),
            Some(tag) if is_core(tag, name) || is_non_specific(tag) => Ok(()),
            Some(_) => self.unknown_tag(self.text.span(start, end)),
        }
    }

    fn unknown_tag<T>(&mut self, span: Span) -> Result<T, Stopped> {
        self.stop(Code::Syntax, span, "the YAML tag has no corresponding JSON type".to_owned())
    }

    /// Adds a complete node to the innermost open collection. Without an open collection, the node is the root.
    pub(super) fn complete(&mut self, node: Node, anchor: usize, start: usize) -> Result<(), Stopped> {
        if anchor > 0 {
            let Some(size) = count(&node, self.limits.values.saturating_sub(self.nodes)) else {
                return self.too_many(node.span);
            };
            self.nodes += size;
            self.anchors.insert(anchor, node.clone());
        }
        let expects_key = self.expects_key();
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(open) => {
                open.start.get_or_insert(start);
                match &mut open.contents {
                    Contents::Sequence(elements) => elements.push(node),
                    Contents::Mapping { .. } if expects_key => {
                        let NodeKind::String(text) = node.kind else {
                            let message =
                                format!("a property name must be a string, but this key is {}", node.kind_name());
                            return self.stop(Code::Syntax, node.span, message);
                        };
                        return self.key(Key { text, span: node.span, merges: false }, start);
                    }
                    Contents::Mapping { properties, key } => {
                        properties.extend(key.take().map(|key| Property { key, value: node }));
                    }
                }
            }
        }
        Ok(())
    }

    fn key(&mut self, new: Key, start: usize) -> Result<(), Stopped> {
        if new.text.len() > self.limits.name {
            return self.limit("name", new.span, long_name(self.limits.name));
        }
        if let Some(open) = self.open.last_mut() {
            open.start.get_or_insert(start);
            if let Contents::Mapping { key, .. } = &mut open.contents {
                *key = Some(new);
            }
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { contents: Contents::Mapping { key: None, .. }, .. }))
    }

    fn count(&mut self, nodes: usize, start: usize) -> Result<(), Stopped> {
        self.nodes += nodes;
        if self.nodes > self.limits.values {
            return self.too_many(self.text.span(start, start));
        }
        Ok(())
    }

    fn too_many<T>(&mut self, span: Span) -> Result<T, Stopped> {
        let message = format!("the document has more than {} values", self.limits.values);
        self.limit("values", span, message)
    }

    fn limit<T>(&mut self, limit: &str, span: Span, message: String) -> Result<T, Stopped> {
        self.diagnostics.push(Diagnostic::error(Code::Limit, span, message).help(raised_by(limit)));
        Err(Stopped)
    }

    pub(super) fn stop<T>(&mut self, code: Code, span: Span, message: String) -> Result<T, Stopped> {
        self.diagnostics.push(Diagnostic::error(code, span, message));
        Err(Stopped)
    }
}

/// Returns whether this is the tag `!` without a name, the non-specific tag.
fn is_non_specific(tag: &Tag) -> bool {
    tag.handle.is_empty() && tag.suffix == "!"
}

fn is_core(tag: &Tag, name: &str) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == name
}
