//! Reads forms: request bodies whose schema has a property for each parameter in `formData`.

use indexmap::IndexMap;

use crate::source::Node;
use crate::spec::read::{Reader, fields};
use crate::spec::{
    Encoding, Extensions, Location, MediaType, Property, RequestBody, RequestBodyId, Schema, SchemaId, SchemaType,
    Spanned, TypeSet,
};

use super::body::plain_content;
use super::style;

const MULTIPART: &str = "multipart/form-data";
const URLENCODED: &str = "application/x-www-form-urlencoded";

impl<'d> Reader<'d, '_> {
    /// Returns the request body for parameters in `formData`. `None` if `parameters` is empty.
    pub(super) fn form(&mut self, parameters: Vec<&'d Node>, operation: &'d Node) -> Option<RequestBodyId> {
        let first = *parameters.first()?;
        let media_type = self.form_type(&parameters, operation);
        let schema = self.form_schema(&parameters);
        let media_type = MediaType {
            encoding: parameters.iter().filter_map(|node| encoding(node)).collect(),
            ..plain_content(Spanned::new(media_type.to_owned(), first.span), Some(schema), None)
        };
        let body = RequestBody {
            name: None,
            description: None,
            required: parameters.iter().any(|node| fields::is_true(node, "required")),
            content: vec![media_type],
            content_span: first.span,
            extensions: Extensions::default(),
            span: first.span,
        };
        Some(self.spec.request_bodies.add(|_| body))
    }

    /// Returns the media type of a form: `multipart/form-data` if a parameter is a file or the operation consumes this
    /// media type, or else `application/x-www-form-urlencoded`.
    fn form_type(&mut self, parameters: &[&'d Node], operation: &'d Node) -> &'static str {
        let has_file = parameters.iter().any(|node| node.get("type").and_then(Node::as_str) == Some("file"));
        let consumed = self.media_types(Some(operation), "consumes");
        let is_multipart = |media_type: &Spanned<String>| {
            let essence = media_type.value.split(';').next().unwrap_or_default();
            essence.trim().eq_ignore_ascii_case(MULTIPART)
        };
        if has_file || consumed.iter().any(is_multipart) { MULTIPART } else { URLENCODED }
    }

    fn form_schema(&mut self, parameters: &[&'d Node]) -> SchemaId {
        let mut properties = IndexMap::with_capacity(parameters.len());
        let mut required = Vec::new();
        let span = parameters.first().map_or(self.document.root.span, |node| node.span);
        let form = self.spec.schemas.add(|id| Schema::any(id, span));
        for node in parameters {
            let Some(name) = fields::spanned(node, "name") else { continue };
            let schema = self.property_schema(node);
            if fields::is_true(node, "required") {
                required.push(name.clone());
            }
            properties.entry(name.value).or_insert(Property { schema, span: name.span });
        }
        let schema = Schema {
            types: TypeSet::UNSPECIFIED.with(SchemaType::Object),
            properties: Some(Box::new(properties)),
            required,
            ..Schema::any(form, span)
        };
        self.set_schema(form, schema);
        form
    }
}

/// Returns the encoding of a parameter that is an array. `None` for other parameters.
fn encoding(node: &Node) -> Option<Encoding> {
    if !style::is_array(node) {
        return None;
    }
    let (style, explode) = style::style(node, Location::Query);
    let format = node.get("collectionFormat");
    Some(Encoding {
        name: fields::string(node, "name")?,
        content_type: None,
        headers: Vec::new(),
        style: Some(Spanned::new(style, format.map_or(node.span, |format| format.span))),
        explode: Some(explode),
        item_styles: style::item_styles(node),
        allow_reserved: None,
        encoding: Vec::new(),
        extensions: Extensions::default(),
        span: node.span,
    })
}
