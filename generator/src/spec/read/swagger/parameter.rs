//! Reads parameters in the path, the query and headers, and the headers of responses.

use crate::source::Node;
use crate::spec::read::{Reader, fields};
use crate::spec::{Extensions, Header, HeaderId, Location, Parameter, ParameterId, SchemaId, Spanned};

use super::{is_sensitive, location, rust_name, style};

/// The extensions of parameters for which the model has separate fields.
const OWN: [&str; 12] = [
    "x-rust-name",
    "x-client-value",
    "x-sensitive",
    "x-example",
    "x-nullable",
    "x-isnullable",
    "x-ms-enum",
    "x-ms-client-name",
    "x-ms-secret",
    "x-ms-skip-url-encoding",
    "x-enum-varnames",
    "x-enum-descriptions",
];

impl<'d> Reader<'d, '_> {
    /// Reads a parameter. `None` for a parameter in `body` or `formData`.
    pub(in crate::spec::read) fn swagger_parameter(&mut self, node: &'d Node) -> Option<ParameterId> {
        let name = fields::spanned(node, "name")?;
        let location = match location(node) {
            Some(location) => Location::named(location)?,
            // Validation reports a parameter without `in`.
            None => Location::Query,
        };
        let (style, explode) = style::style(node, location);
        let parameter = Parameter {
            name,
            location,
            description: fields::string(node, "description"),
            required: fields::is_true(node, "required"),
            deprecated: fields::is_true(node, "deprecated"),
            allow_empty_value: node
                .get("allowEmptyValue")
                .and_then(|mark| Some(Spanned::new(mark.as_bool()?, mark.span))),
            allow_reserved: fields::is_true(node, "x-ms-skip-url-encoding"),
            style,
            explode,
            item_styles: style::item_styles(node),
            schema: Some(self.parameter_schema(node)),
            content: None,
            example: node.get("x-example").or_else(|| node.get("example")).cloned(),
            examples: Vec::new(),
            rust_name: rust_name(node),
            client_value: fields::string(node, "x-client-value"),
            sensitive: is_sensitive(node),
            extensions: extensions(node),
            keywords: fields::keywords(node, |_| true),
            span: node.span,
        };
        let id = self.spec.parameters.add(|_| parameter);
        self.known.parameters.insert(node, id);
        Some(id)
    }

    /// Returns the schema of a parameter, which consists of keywords of the parameter. Some parameters have `schema`
    /// instead of `type`: this is not allowed, but its meaning is clear.
    fn parameter_schema(&mut self, node: &'d Node) -> SchemaId {
        match node.get("schema").filter(|schema| schema.as_mapping().is_some() && node.get("type").is_none()) {
            Some(schema) => self.schema(schema),
            None => self.value_schema(node),
        }
    }

    pub(in crate::spec::read) fn read_swagger_header(&mut self, id: HeaderId, node: &'d Node) {
        let (style, explode) = style::style(node, Location::Header);
        let header = Header {
            description: fields::string(node, "description"),
            schema: Some(self.value_schema(node)),
            style,
            explode,
            item_styles: style::item_styles(node),
            example: node.get("x-example").cloned(),
            extensions: extensions(node),
            ..Header::empty(node.span)
        };
        if let Some(place) = self.spec.headers.get_mut(id) {
            *place = header;
        }
    }
}

fn extensions(node: &Node) -> Extensions {
    fields::extensions(node, &OWN)
}
