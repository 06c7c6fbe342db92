//! Reads media types, encodings, headers and examples.

use crate::source::{Entry, Node};
use crate::spec::resolve::is_reference;
use crate::spec::{Encoding, Example, Header, HeaderId, MediaType, Spanned, Style};

use super::fields;
use super::{Pending, Reader};

impl<'d> Reader<'d, '_> {
    /// Reads the media types of `content`.
    pub(super) fn content(&mut self, owner: &'d Node) -> Vec<MediaType> {
        fields::entries(owner, "content").iter().map(|entry| self.media_type(entry)).collect()
    }

    fn media_type(&mut self, entry: &'d Entry) -> MediaType {
        let node = &entry.value;
        MediaType {
            media_type: entry.key.clone(),
            key_span: entry.key_span,
            schema: node.get("schema").map(|schema| self.schema(schema)),
            item_schema: None,
            example: node.get("example").cloned(),
            examples: self.examples(node),
            encoding: fields::entries(node, "encoding").iter().map(|entry| self.encoding(entry)).collect(),
            prefix_encoding: Vec::new(),
            item_encoding: None,
            extensions: fields::extensions(node, &[]),
            span: node.span,
        }
    }

    fn encoding(&mut self, entry: &'d Entry) -> Encoding {
        let node = &entry.value;
        let style = node.as_mapping().and_then(|mapping| mapping.entry("style"));
        Encoding {
            name: entry.key.clone(),
            content_type: fields::string(node, "contentType"),
            headers: self.headers(node),
            style: style.and_then(|entry| Some(Spanned::new(Style::named(entry.value.as_str()?)?, entry.key_span))),
            explode: fields::boolean(node, "explode"),
            allow_reserved: fields::boolean(node, "allowReserved"),
            encoding: Vec::new(),
            extensions: fields::extensions(node, &[]),
            span: node.span,
        }
    }

    /// Reads the headers of a response or encoding.
    pub(super) fn headers(&mut self, owner: &'d Node) -> Vec<(Spanned<String>, HeaderId)> {
        let headers = fields::entries(owner, "headers")
            .iter()
            .filter_map(|entry| Some((Spanned::new(entry.key.clone(), entry.key_span), self.header(&entry.value)?)));
        headers.collect()
    }

    /// Returns the header of a node or of the target of its reference. The target of a reference is read later, because
    /// the encodings in a header can refer to headers.
    pub(super) fn header(&mut self, node: &'d Node) -> Option<HeaderId> {
        let target = self.resolved(node)?;
        if let Some(known) = self.known.headers.get(&std::ptr::from_ref(target)) {
            return Some(*known);
        }
        let id = self.spec.headers.add(|_| Header::empty(target.span));
        self.known.headers.insert(target, id);
        if is_reference(node) {
            self.pending.push(Pending::Header(id, target));
        } else {
            self.read_header(id, target);
        }
        Some(id)
    }

    pub(super) fn read_header(&mut self, id: HeaderId, node: &'d Node) {
        let header = Header {
            description: fields::string(node, "description"),
            required: fields::is_true(node, "required"),
            deprecated: fields::is_true(node, "deprecated"),
            schema: node.get("schema").map(|schema| self.schema(schema)),
            content: fields::entries(node, "content").first().map(|entry| self.media_type(entry)),
            style: Style::Simple,
            explode: fields::is_true(node, "explode"),
            item_styles: Vec::new(),
            example: node.get("example").cloned(),
            examples: self.examples(node),
            extensions: fields::extensions(node, &[]),
            keywords: fields::keywords(node),
            span: node.span,
        };
        if let Some(place) = self.spec.headers.get_mut(id) {
            *place = header;
        }
    }

    /// Reads `examples`.
    pub(super) fn examples(&mut self, owner: &'d Node) -> Vec<Example> {
        let examples = fields::entries(owner, "examples").iter().filter_map(|entry| {
            let node = self.resolver.resolve(&entry.value)?;
            Some(Example {
                name: entry.key.clone(),
                summary: fields::string(node, "summary"),
                description: fields::string(node, "description"),
                value: node.get("value").cloned(),
                serialized: None,
                external: fields::string(node, "externalValue"),
                span: node.span,
            })
        });
        examples.collect()
    }

    /// Reads the only media type of `content` of a parameter.
    pub(super) fn only_content(&mut self, owner: &'d Node) -> Option<MediaType> {
        fields::entries(owner, "content").first().map(|entry| self.media_type(entry))
    }
}
