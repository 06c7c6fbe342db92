//! Parameters. An exploded object in the query is its members, each a parameter of its own: that is what goes over the wire.

use openapiv3::{
    HeaderStyle, Parameter as ParameterSchema, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr,
};

use crate::dialect::is_ours;
use crate::ir::{Additional, Doc, Location, Object, Origin, Parameter, Presence, Segment, Shape, Style, Type, TypeDef};
use crate::source::Node;

use super::Lowering;
use super::doc;
use super::extension;
use super::located::{Located, SchemaAt};
use super::reference::Section;

const PARAMETERS: Section<ParameterSchema> =
    Section { name: "parameters", members: |components| &components.parameters };

impl<'a> Lowering<'a> {
    /// The parameters of an operation: those of its path that it does not override, then its own.
    pub(super) fn parameters(
        &mut self,
        path: (&'a Node, &'a [ReferenceOr<ParameterSchema>]),
        operation: (&'a Node, &'a [ReferenceOr<ParameterSchema>]),
        origin: &Origin,
    ) -> Vec<Parameter> {
        let inherited = self.located(path);
        let own = self.located(operation);
        let key = |parameter: &Located<'a, ParameterSchema>| {
            (parameter.node.get("in").and_then(Node::as_str), parameter.node.get("name").and_then(Node::as_str))
        };
        let overridden: std::collections::HashSet<_> = own.iter().map(key).collect();
        let all =
            inherited.into_iter().filter(|parameter| !overridden.contains(&key(parameter))).chain(own.iter().copied());
        let mut parameters = Vec::new();
        for parameter in all.collect::<Vec<_>>() {
            self.parameter(parameter, origin, &mut parameters);
        }
        parameters
    }

    fn located(
        &mut self,
        (node, list): (&'a Node, &'a [ReferenceOr<ParameterSchema>]),
    ) -> Vec<Located<'a, ParameterSchema>> {
        let nodes = node.get("parameters").map(Node::elements).unwrap_or_default();
        nodes.iter().zip(list).filter_map(|(node, value)| self.resolve(node, value, &PARAMETERS)).collect()
    }

    fn parameter(&mut self, at: Located<'a, ParameterSchema>, origin: &Origin, into: &mut Vec<Parameter>) {
        let data = at.value.parameter_data_ref();
        let (location, style) = place(at.value);
        // These have no effect, as the check of the document has said.
        if location == Location::Header && is_ours(&data.name) {
            return;
        }
        if at.node.get("allowEmptyValue").and_then(Node::as_bool) == Some(true) {
            self.unsupported(at.node.get("allowEmptyValue").unwrap_or(at.node).span, "`allowEmptyValue`");
        }
        let ParameterSchemaOrContent::Schema(value) = &data.format else {
            self.unsupported(at.node.get("content").unwrap_or(at.node).span, "a parameter with `content`");
            return;
        };
        let schema_node = at.node.get("schema").unwrap_or(at.node);
        let lowered =
            self.schema(SchemaAt::new(schema_node, value), origin.then(Segment::Parameter(data.name.clone())));
        let explode = data.explode.unwrap_or(style == Style::Form);
        if location == Location::Query
            && style == Style::Form
            && explode
            && let Some(object) = lowered.ty.object(&self.types).cloned()
        {
            return self.exploded(at, &object, into);
        }
        let sensitive = lowered.ty.is_secret(&self.types) || extension::is_true(at.node, "x-sensitive");
        let mut doc = doc::doc(schema_node);
        doc.description = data.description.clone().or(doc.description);
        doc.deprecated |= data.deprecated.unwrap_or(false);
        if let Some(example) = at.node.get("example") {
            doc.example = Some(example.to_json_text());
        }
        let span = at.node.get("name").unwrap_or(at.node).span;
        let client_value = extension::string(at.node, "x-client-value")
            .or_else(|| only_value(&lowered.ty, &self.types).filter(|_| data.required));
        into.push(Parameter {
            name: data.name.clone(),
            rust_name: extension::string(at.node, "x-rust-name"),
            location,
            style,
            explode,
            allow_reserved: at.node.get("allowReserved").and_then(Node::as_bool).unwrap_or(false),
            required: data.required || location == Location::Path,
            ty: if sensitive && *lowered.ty.unaliased(&self.types) == Type::String { Type::Secret } else { lowered.ty },
            client_value,
            sensitive,
            doc,
            span,
        });
    }

    /// The members of an object that goes into the query as pairs of their own.
    fn exploded(&mut self, at: Located<'a, ParameterSchema>, object: &Object, into: &mut Vec<Parameter>) {
        let data = at.value.parameter_data_ref();
        if object.additional != Additional::Dropped {
            self.unsupported(at.span(), "an exploded query object with members that the document does not name");
        }
        for member in &object.members {
            let element = match member.ty.unaliased(&self.types) {
                Type::Array(element) => element,
                _ => &member.ty,
            };
            if element.object(&self.types).is_some()
                || matches!(element, Type::AnyObject | Type::Map(_) | Type::Array(_))
            {
                self.unsupported(member.span, "an object or a list of lists within an exploded query object");
                continue;
            }
            // Whoever may leave out the whole object may leave out what it requires.
            let required = data.required && matches!(member.presence, Presence::Required | Presence::Nullable);
            let doc =
                Doc { deprecated: member.doc.deprecated || data.deprecated.unwrap_or(false), ..member.doc.clone() };
            into.push(Parameter {
                name: member.name.clone(),
                rust_name: member.rust_name.clone(),
                location: Location::Query,
                style: Style::Form,
                explode: true,
                allow_reserved: at.node.get("allowReserved").and_then(Node::as_bool).unwrap_or(false),
                required,
                ty: member.ty.clone(),
                client_value: only_value(&member.ty, &self.types).filter(|_| required),
                sensitive: member.ty.is_secret(&self.types),
                doc,
                span: member.span,
            });
        }
    }
}

/// The one value that a type has: where it is required, nobody needs to be asked for it.
fn only_value(ty: &Type, types: &[TypeDef]) -> Option<String> {
    match &ty.definition(types)?.shape {
        Shape::StringEnum(texts) => match texts.values.as_slice() {
            [only] => Some(only.value.clone()),
            _ => None,
        },
        Shape::IntegerEnum(numbers) if !numbers.flags => match numbers.values.as_slice() {
            [only] => Some(only.value.to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn place(parameter: &ParameterSchema) -> (Location, Style) {
    match parameter {
        ParameterSchema::Query { style, .. } => (
            Location::Query,
            match style {
                QueryStyle::Form => Style::Form,
                QueryStyle::SpaceDelimited => Style::SpaceDelimited,
                QueryStyle::PipeDelimited => Style::PipeDelimited,
                QueryStyle::DeepObject => Style::DeepObject,
            },
        ),
        ParameterSchema::Header { style: HeaderStyle::Simple, .. } => (Location::Header, Style::Simple),
        ParameterSchema::Path { style, .. } => (
            Location::Path,
            match style {
                PathStyle::Matrix => Style::Matrix,
                PathStyle::Label => Style::Label,
                PathStyle::Simple => Style::Simple,
            },
        ),
        ParameterSchema::Cookie { .. } => (Location::Cookie, Style::Form),
    }
}
