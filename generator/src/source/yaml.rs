//! Reads YAML 1.2 into a tree of [`Node`]s with their locations.
//!
//! `yaml_scalar` determines the types of scalars. Aliases are replaced by copies of their targets, within the limit on
//! values: the copy has the location of the alias, its parts have their original locations. The merge key `<<` of YAML
//! 1.1 is supported, as in most tools.

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

/// Reads a text with one document.
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

/// The reader stopped after it reported an error.
pub(super) struct Stopped;

pub(super) struct Reader<'a, 'd> {
    pub(super) text: Text<'a>,
    index: CharIndex<'a>,
    pub(super) limits: Limits,
    pub(super) diagnostics: &'d mut Diagnostics,
    /// The open collections, outermost first.
    pub(super) open: Vec<Open>,
    /// The completed target of each anchor.
    pub(super) anchors: HashMap<usize, Node>,
    pub(super) nodes: usize,
    /// The end of the last scalar or collection, in bytes of the text.
    pub(super) last_end: usize,
    root: Option<Node>,
    documents: usize,
}

/// An open collection.
pub(super) struct Open {
    /// The start in bytes of the text. For a block mapping, the start of its first key, once it is known.
    start: Option<usize>,
    /// Whether it is in flow style.
    flow: bool,
    anchor: usize,
    parts: Parts,
}

enum Parts {
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
    /// Whether the key is a plain `<<`.
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
                self.open(start, end, anchor, Parts::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.expect_tag(tag.as_deref(), "map", start, end)?;
                self.open(start, end, anchor, Parts::Mapping { properties: Vec::new(), key: None })
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

    fn open(&mut self, start: usize, end: usize, anchor: usize, parts: Parts) -> Result<(), Stopped> {
        if self.open.len() >= self.limits.depth {
            let message = format!("values are nested more than {} levels deep", self.limits.depth);
            return self.limit("depth", self.text.span(start, start), message);
        }
        if let Some(Open { parts: Parts::Mapping { key: None, .. }, .. }) = self.open.last() {
            let message = "a key is an array or an object".to_owned();
            return self.stop(Code::Syntax, self.text.span(start, end), message);
        }
        self.count(1, start)?;
        // The event includes an anchor or a tag. In flow style, it ends after the bracket. In block style, a mapping
        // starts at its first key. A sequence starts where the event ends, except below a key, where the event ends
        // after the first dash.
        let byte = |at: usize| self.text.text.as_bytes().get(at);
        let last = end.checked_sub(1).filter(|_| end > start);
        let below_key = matches!(self.open.last(), Some(Open { parts: Parts::Mapping { .. }, .. }));
        let begin = match (last.and_then(byte), &parts) {
            (Some(b'{' | b'['), _) => last,
            (_, Parts::Sequence(_)) if below_key => Some(yaml_place::first_dash(self.text.text, self.last_end, end)),
            (_, Parts::Sequence(_)) => Some(end),
            (_, Parts::Mapping { .. }) => None,
        };
        let flow = matches!(begin.and_then(byte), Some(b'{' | b'['));
        self.open.push(Open { start: begin, flow, anchor, parts });
        Ok(())
    }

    fn close(&mut self, start: usize, end: usize) -> Result<(), Stopped> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        // In block style, the collection ends with its last part.
        let end = if open.flow { end } else { self.last_end };
        let begin = open.start.unwrap_or(start).min(end);
        let span = self.text.span(begin, end);
        let kind = match open.parts {
            Parts::Sequence(mut elements) => {
                elements.shrink_to_fit();
                NodeKind::Sequence(elements)
            }
            Parts::Mapping { properties, .. } => NodeKind::Mapping(self.mapping(properties)),
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
        // The properties of the object itself take precedence over merged ones, and earlier merges over later ones.
        for (place, value) in merged {
            self.merge(&mut mapping, place, value);
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
                let diagnostic = Diagnostic::error(Code::Syntax, span, "JSON does not support this number")
                    .help("quote it if it is a string");
                self.diagnostics.push(diagnostic);
                // Continue, so that the rest is checked too.
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
        self.stop(Code::Syntax, span, "this tag has no JSON type".to_owned())
    }

    /// Adds a complete node to its collection.
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
                match &mut open.parts {
                    Parts::Sequence(elements) => elements.push(node),
                    Parts::Mapping { .. } if expects_key => {
                        let NodeKind::String(text) = node.kind else {
                            let message = format!("a key is {}", node.kind_name());
                            return self.stop(Code::Syntax, node.span, message);
                        };
                        return self.key(Key { text, span: node.span, merges: false }, start);
                    }
                    Parts::Mapping { properties, key } => {
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
            if let Parts::Mapping { key, .. } = &mut open.parts {
                *key = Some(new);
            }
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { parts: Parts::Mapping { key: None, .. }, .. }))
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

/// Returns whether this is the non-specific tag `!`.
fn is_non_specific(tag: &Tag) -> bool {
    tag.handle.is_empty() && tag.suffix == "!"
}

fn is_core(tag: &Tag, name: &str) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == name
}
