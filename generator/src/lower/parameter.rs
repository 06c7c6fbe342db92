//! Parameters. An exploded object in the query is its members, each a parameter of its own: that is what goes over the wire.
//!
//! What OpenAPI leaves open is decided here: lists and objects within others are sent as JSON, unless the style is
//! `deepObject`, whose brackets go as deep as the value does. An item of a list that may be `null` is taken as one that may
//! not, where only JSON has a text for it.

use openapiv3::{
    HeaderStyle, Parameter as ParameterSchema, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr,
};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::dialect::is_ours;
use crate::ir::{Additional, Constraint, Location, Object, Origin, Parameter, Segment, Style, Type, TypeDef, TypeKind};
use crate::source::{Node, Span};

use super::Lowering;
use super::doc;
use super::extension;
use super::located::Located;
use super::media::MediaKind;
use super::parts::Part;
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
            let text = |key: &str| parameter.node.get(key).and_then(Node::as_str);
            // HTTP does not tell the names of headers apart by case.
            let name = text("name").unwrap_or_default();
            (text("in"), if text("in") == Some("header") { name.to_ascii_lowercase() } else { name.to_owned() })
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
        let origin = origin.then(Segment::Parameter(data.name.clone()));
        let (style, schema_node, ty) = match &data.format {
            ParameterSchemaOrContent::Schema(_) => {
                let schema_node = at.node.get("schema").unwrap_or(at.node);
                (style, schema_node, self.schema(schema_node, origin).ty)
            }
            ParameterSchemaOrContent::Content(_) => {
                let Some(media) = at.node.get("content").and_then(|content| content.entries().first()) else { return };
                let schema_node = media.value.get("schema").unwrap_or(&media.value);
                let kind = MediaKind::of(&media.key);
                let (style, ty) = match kind {
                    MediaKind::Json => (Style::Json, self.element(schema_node, origin)),
                    MediaKind::Text => (style, self.element(schema_node, origin)),
                    _ => (style, Type::String),
                };
                // What is neither a value nor the text of one, the caller has to write.
                let is_text = style != Style::Json
                    && (kind != MediaKind::Text || levels(&ty, &self.types) > 0 || ty == Type::Any);
                if is_text {
                    let message =
                        format!("a parameter of {} is sent as the string that callers pass", quoted(&media.key));
                    self.diagnostics.push(Diagnostic::warning(Code::Unsupported, media.key_span, message));
                }
                (style, schema_node, if is_text { Type::String } else { ty })
            }
        };
        self.check_empty(at, &ty);
        let explode = data.explode.unwrap_or(style == Style::Form);
        if location == Location::Query
            && style == Style::Form
            && explode
            && let Some(object) = ty.object(&self.types).cloned()
            && object.additional == Additional::Dropped
        {
            return self.exploded(at, &object, into);
        }
        let too_deep = !matches!(style, Style::Json | Style::DeepObject) && levels(&ty, &self.types) > 1;
        let style = if too_deep { self.as_json(at.span(), style) } else { style };
        let ty = if style == Style::Json { ty } else { without_null_items(ty, &self.types) };
        let sensitive = ty.is_secret(&self.types) || extension::is_true(at.node, "x-sensitive");
        let mut doc = doc::doc(schema_node).of_type(&ty);
        // Many documents say the same of the schema and of the parameter.
        doc.description = match (data.description.clone(), doc.description) {
            (Some(own), Some(of_schema)) if !own.contains(of_schema.trim()) => Some(format!("{own}\n\n{of_schema}")),
            (own, of_schema) => own.or(of_schema),
        };
        doc.deprecated |= data.deprecated.unwrap_or(false);
        let examples = self.examples(at.node);
        if !examples.is_empty() {
            doc.examples = examples;
        }
        let span = at.node.get("name").unwrap_or(at.node).span;
        let client_value = extension::string(at.node, "x-client-value")
            .or_else(|| self.only_value(schema_node, &ty, style).filter(|_| data.required));
        into.push(Parameter {
            name: data.name.clone(),
            rust_name: extension::string(at.node, "x-rust-name"),
            location,
            style,
            explode: explode && style != Style::Json,
            allow_reserved: at.node.get("allowReserved").and_then(Node::as_bool).unwrap_or(false),
            required: data.required || location == Location::Path,
            ty: if sensitive && *ty.unaliased(&self.types) == Type::String { Type::Secret } else { ty },
            client_value,
            sensitive,
            doc,
            span,
        });
    }

    /// The only value of a schema, if it has no more: callers need not give it.
    fn only_value(&self, schema: &'a Node, ty: &Type, style: Style) -> Option<String> {
        let is_string = ty.definition(&self.types).is_some_and(|known| matches!(known.kind, TypeKind::StringEnum(_)));
        if style == Style::Json && !is_string {
            return None;
        }
        let allowed = self.allowed_scalars(&[Part::new(schema, Origin(Vec::new()))]);
        ty.only_value(&allowed, &self.types)
    }

    /// The members of an object that goes into the query as pairs of their own.
    fn exploded(&mut self, at: Located<'a, ParameterSchema>, object: &Object, into: &mut Vec<Parameter>) {
        let data = at.value.parameter_data_ref();
        for member in &object.properties {
            let is_object = matches!(member.ty.unaliased(&self.types), Type::AnyObject | Type::Map(_))
                || member.ty.object(&self.types).is_some();
            let too_deep = is_object || levels(&member.ty, &self.types) > 1;
            let style = if too_deep { self.as_json(member.span, Style::Form) } else { Style::Form };
            // Whoever may leave out the whole object may leave out what it requires.
            let required = data.required && member.required && !member.read_only;
            let mut doc = member.doc.clone();
            doc.deprecated |= data.deprecated.unwrap_or(false);
            if member.read_only {
                doc.constraints.push(Constraint::Other(doc::READ_ONLY.to_owned()));
            }
            into.push(Parameter {
                name: member.name.clone(),
                rust_name: member.rust_name.clone(),
                location: Location::Query,
                style,
                explode: style == Style::Form,
                allow_reserved: at.node.get("allowReserved").and_then(Node::as_bool).unwrap_or(false),
                required,
                ty: if too_deep { member.ty.clone() } else { without_null_items(member.ty.clone(), &self.types) },
                client_value: member.only_value(&self.types).filter(|_| required),
                sensitive: member.ty.is_secret(&self.types),
                doc,
                span: member.span,
            });
        }
    }
}

impl<'a> Lowering<'a> {
    /// Says where `allowEmptyValue` means nothing: only a text can be empty.
    fn check_empty(&mut self, at: Located<'a, ParameterSchema>, ty: &Type) {
        let Some(mark) = at.node.get("allowEmptyValue").filter(|mark| mark.as_bool() == Some(true)) else { return };
        let may_be_text = match ty.unaliased(&self.types) {
            Type::Array(inner) | Type::Nullable(inner) => inner.unaliased(&self.types),
            ty => ty,
        };
        if !matches!(may_be_text, Type::String | Type::Secret | Type::Any | Type::Named(_)) {
            let message = "`allowEmptyValue` has no effect: values of this type are never empty";
            self.diagnostics.push(Diagnostic::warning(Code::InvalidValue, mark.span, message));
        }
    }

    /// Has a value sent as JSON whose style has no way to write it.
    fn as_json(&mut self, span: Span, style: Style) -> Style {
        let message = format!("OpenAPI does not define nested arrays and objects for the style `{}`", style.as_str());
        let diagnostic = Diagnostic::warning(Code::InvalidValue, span, message);
        self.diagnostics
            .push(diagnostic.label("sent as JSON").help("use `content` instead of `schema` to define the format"));
        Style::Json
    }
}

/// How many lists and objects a value holds within each other, as far as its type says; more than two are not told apart.
fn levels(ty: &Type, types: &[TypeDef]) -> usize {
    deepest(ty, types, 2)
}

fn deepest(ty: &Type, types: &[TypeDef], left: usize) -> usize {
    let Some(left_within) = left.checked_sub(1) else { return 0 };
    let within = |ty: &Type| 1 + deepest(ty, types, left_within);
    match ty.unaliased(types) {
        Type::Array(inner) | Type::Map(inner) => within(inner),
        Type::Nullable(inner) => deepest(inner, types, left),
        Type::AnyObject => 1,
        named @ Type::Named(_) => match named.definition(types).map(|definition| &definition.kind) {
            Some(TypeKind::Object(object)) => {
                object.properties.iter().map(|member| within(&member.ty)).max().unwrap_or(1)
            }
            _ => 0,
        },
        _ => 0,
    }
}

/// The type of a list or map whose items are never `null`: no style but JSON has a text for that (RFC 6570, section 2.3).
fn without_null_items(ty: Type, types: &[TypeDef]) -> Type {
    let present = |item: &Type| match item.unaliased(types) {
        nullable @ Type::Nullable(_) => Some(Box::new(nullable.non_null().clone())),
        _ => None,
    };
    let present = match ty.unaliased(types) {
        Type::Array(item) => present(item).map(Type::Array),
        Type::Map(item) => present(item).map(Type::Map),
        _ => None,
    };
    present.unwrap_or(ty)
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
