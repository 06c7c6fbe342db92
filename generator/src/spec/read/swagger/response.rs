//! Reads responses, whose content depends on the media types that an operation produces.

use std::collections::{HashMap, HashSet};

use crate::source::{Entry, Node};
use crate::spec::read::{Reader, fields};
use crate::spec::{Example, MediaType, Response, ResponseId, Spanned};

use super::body::plain_content;
use super::values;

impl<'d> Reader<'d, '_> {
    /// Returns the response of a node or of the target of its reference, with the media types that the operation, or
    /// else the document, produces.
    pub(in crate::spec::read) fn swagger_response(
        &mut self,
        node: &'d Node,
        operation: Option<&'d Node>,
    ) -> Option<ResponseId> {
        let node = self.resolved(node)?;
        let media_types = self.media_types(operation, "produces");
        let key = (std::ptr::from_ref(node), values(&media_types));
        if let Some(known) = self.known.swagger.responses.get(&key) {
            return Some(*known);
        }
        let response = Response {
            summary: None,
            description: fields::string(node, "description").unwrap_or_default(),
            headers: self.headers(node),
            content: self.response_content(node, media_types),
            links: None,
            extensions: fields::extensions(node, &[]),
            span: node.span,
        };
        let id = self.spec.responses.add(|_| response);
        self.known.swagger.responses.insert(key, id);
        Some(id)
    }

    fn response_content(&mut self, node: &'d Node, mut media_types: Vec<Spanned<String>>) -> Vec<MediaType> {
        let Some(schema) = node.get("schema") else { return Vec::new() };
        if media_types.is_empty() {
            let is_file = schema.get("type").and_then(Node::as_str) == Some("file");
            let media_type = if is_file { "application/octet-stream" } else { "application/json" };
            media_types.push(Spanned::new(media_type.to_owned(), schema.span));
        }
        let schema = self.schema(schema);
        let examples = fields::entries(node, "examples");
        let by_type: HashMap<String, &Node> =
            examples.iter().map(|entry| (entry.key.to_ascii_lowercase(), &entry.value)).collect();
        let content = media_types.into_iter().map(|media_type| {
            let example = by_type.get(&media_type.value.to_ascii_lowercase()).copied();
            plain_content(media_type, Some(schema), example)
        });
        let mut content: Vec<MediaType> = content.collect();
        let produced: HashSet<String> = content.iter().map(|known| known.media_type.to_ascii_lowercase()).collect();
        let others = examples.iter().filter(|entry| !produced.contains(&entry.key.to_ascii_lowercase()));
        // The examples of other media types document the response too.
        if let Some(first) = content.first_mut() {
            first.examples = others.map(named).collect();
        }
        content
    }
}

/// Returns an example that has the name of its media type.
fn named(entry: &Entry) -> Example {
    Example {
        name: entry.key.clone(),
        summary: None,
        description: None,
        value: Some(entry.value.clone()),
        serialized: None,
        external: None,
        span: entry.value.span,
    }
}
