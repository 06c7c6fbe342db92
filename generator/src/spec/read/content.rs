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
        let has_json_schema = self.dialect.has_json_schema();
        // Since 3.2, a media type can be a reference to a component.
        let target = if has_json_schema { self.resolved(&entry.value) } else { None };
        let node = target.unwrap_or(&entry.value);
        let new = |key: &str| node.get(key).filter(|_| has_json_schema);
        MediaType {
            media_type: entry.key.clone(),
            key_span: entry.key_span,
            schema: node.get("schema").map(|schema| self.schema(schema)),
            item_schema: new("itemSchema").map(|schema| self.schema(schema)),
            example: node.get("example").cloned(),
            examples: self.examples(node),
            encoding: self.encodings(node),
            prefix_encoding: {
                let list = new("prefixEncoding").map(Node::elements).unwrap_or_default();
                list.iter().map(|node| self.encoding(String::new(), node)).collect()
            },
            item_encoding: new("itemEncoding").map(|node| Box::new(self.encoding(String::new(), node))),
            extensions: fields::extensions(node, &[]),
            span: node.span,
        }
    }

    fn encodings(&mut self, owner: &'d Node) -> Vec<Encoding> {
        let entries = fields::entries(owner, "encoding").iter();
        entries.map(|entry| self.encoding(entry.key.clone(), &entry.value)).collect()
    }

    fn encoding(&mut self, name: String, node: &'d Node) -> Encoding {
        let style = node.as_mapping().and_then(|mapping| mapping.entry("style"));
        Encoding {
            name,
            content_type: fields::string(node, "contentType"),
            headers: self.headers(node),
            style: style.and_then(|entry| Some(Spanned::new(Style::named(entry.value.as_str()?)?, entry.key_span))),
            explode: fields::boolean(node, "explode"),
            item_styles: Vec::new(),
            allow_reserved: fields::boolean(node, "allowReserved"),
            encoding: if self.dialect.has_json_schema() { self.encodings(node) } else { Vec::new() },
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
        if self.dialect.is_swagger() {
            return self.read_swagger_header(id, node);
        }
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
            keywords: fields::keywords(node, |_| true),
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
            let new = |key: &str| node.get(key).filter(|_| self.dialect.has_json_schema());
            // Since 3.1, the summary and description next to a `$ref` replace those of the target.
            let beside = |key: &str| fields::string(&entry.value, key).filter(|_| self.dialect.has_json_schema());
            Some(Example {
                name: entry.key.clone(),
                summary: beside("summary").or_else(|| fields::string(node, "summary")),
                description: beside("description").or_else(|| fields::string(node, "description")),
                value: node.get("value").or_else(|| new("dataValue")).cloned(),
                serialized: new("serializedValue").and_then(Node::as_str).map(str::to_owned),
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
