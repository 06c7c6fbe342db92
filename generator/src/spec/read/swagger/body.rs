//! Reads request bodies: the parameter in `body`, or the parameters in `formData`.

use std::collections::HashSet;

use crate::source::Node;
use crate::spec::read::{Reader, fields};
use crate::spec::{Extensions, MediaType, RequestBody, RequestBodyId, SchemaId, Spanned, Value};

use super::{location, rust_name, values};

impl<'d> Reader<'d, '_> {
    /// Returns the request body of an operation. `shared` are the parameters of its path item.
    pub(in crate::spec::read) fn swagger_body(
        &mut self,
        operation: &'d Node,
        shared: &[&'d Node],
    ) -> Option<RequestBodyId> {
        let own: Vec<&'d Node> = fields::elements(operation, "parameters").iter().collect();
        let own = self.of_bodies(own, false);
        let shared = self.of_bodies(shared.to_vec(), true);
        // A parameter of the operation replaces the parameter of the path item with the same name and location.
        let key = |node: &'d Node| (node.get("name").and_then(Node::as_str), location(node));
        let replaced: HashSet<_> = own.iter().map(|node| key(node)).collect();
        let others: Vec<&'d Node> = shared.into_iter().filter(|node| !replaced.contains(&key(node))).collect();
        let all: Vec<&'d Node> = own.into_iter().chain(others).collect();
        if let Some(body) = all.iter().find(|node| location(node) == Some("body")) {
            return Some(self.shared_body(body, Some(operation)));
        }
        self.form(all, operation)
    }

    /// Returns the parameters in `body` or `formData`, with references resolved. If `is_shared`, records that several
    /// operations share the schemas of these parameters.
    fn of_bodies(&mut self, parameters: Vec<&'d Node>, is_shared: bool) -> Vec<&'d Node> {
        let resolved = parameters.into_iter().filter_map(|node| self.resolved(node));
        let bodies: Vec<&'d Node> =
            resolved.filter(|node| matches!(location(node), Some("body" | "formData"))).collect();
        if is_shared {
            self.referred.extend(bodies.iter().map(|node| std::ptr::from_ref(*node)));
        }
        bodies
    }

    /// Returns the request body for a parameter in `body`, with the media types that the operation, or else the
    /// document, consumes.
    pub(super) fn shared_body(&mut self, node: &'d Node, operation: Option<&'d Node>) -> RequestBodyId {
        let mut media_types = self.media_types(operation, "consumes");
        let content = node.get("schema");
        let span = content.map_or(node.span, |schema| schema.span);
        if media_types.is_empty() {
            media_types.push(Spanned::new("application/json".to_owned(), span));
        }
        let key = (std::ptr::from_ref(node), values(&media_types));
        if let Some(known) = self.known.swagger.bodies.get(&key) {
            return *known;
        }
        let schema = content.map(|schema| self.schema(schema));
        let example = node.get("x-example");
        let body = RequestBody {
            name: rust_name(node).or_else(|| fields::string(node, "name")),
            description: fields::string(node, "description"),
            required: fields::is_true(node, "required"),
            content: media_types.into_iter().map(|media_type| plain_content(media_type, schema, example)).collect(),
            content_span: span,
            extensions: fields::extensions(node, &["x-rust-name", "x-ms-client-name", "x-example"]),
            span: node.span,
        };
        let id = self.spec.request_bodies.add(|_| body);
        self.known.swagger.bodies.insert(key, id);
        id
    }
}

/// Returns a media type that has only a schema and an example.
pub(super) fn plain_content(
    media_type: Spanned<String>,
    schema: Option<SchemaId>,
    example: Option<&Value>,
) -> MediaType {
    MediaType {
        media_type: media_type.value,
        key_span: media_type.span,
        schema,
        item_schema: None,
        example: example.cloned(),
        examples: Vec::new(),
        encoding: Vec::new(),
        prefix_encoding: Vec::new(),
        item_encoding: None,
        extensions: Extensions::default(),
        span: media_type.span,
    }
}
