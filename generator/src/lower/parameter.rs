//! Lowers parameters. An exploded object in the query becomes one parameter for each of its properties.
//!
//! For arrays and objects within arrays and objects, OpenAPI defines the serialization only in the style `deepObject`.
//! With any other style, a parameter that contains such nested values is sent as JSON. Items of an array can only be
//! `null` in JSON, because the styles cannot represent `null`.

use std::collections::HashSet;

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{
    Additional, Constraint, Doc, Location, Object, Origin, Parameter, Segment, Style, Type, TypeDef, TypeKind,
};
use crate::source::Span;
use crate::spec::{self, MediaType, ParameterId, Schema};
use crate::validate::parameter::is_ignored_header;

use super::Lowering;
use super::doc;
use super::example::examples;
use super::media::MediaKind;
use super::parts::Part;

impl<'a> Lowering<'a> {
    /// Lowers the parameters of an operation, including the parameters of the path item that the operation does not
    /// override.
    pub(super) fn parameters(
        &mut self,
        of_path: &[ParameterId],
        own: &[ParameterId],
        origin: &Origin,
    ) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for parameter in self.effective_parameters(of_path, own) {
            self.parameter(parameter, origin, &mut parameters);
        }
        parameters
    }

    /// Returns the parameters of a path item that the operation does not override, followed by the parameters of the
    /// operation.
    pub(super) fn effective_parameters(
        &self,
        of_path: &[ParameterId],
        own: &[ParameterId],
    ) -> Vec<&'a spec::Parameter> {
        let spec = self.spec;
        let key = |parameter: &spec::Parameter| {
            let name = &parameter.name.value;
            // Names of headers are case-insensitive.
            let is_header = parameter.location == spec::Location::Header;
            (parameter.location, if is_header { name.to_ascii_lowercase() } else { name.clone() })
        };
        let of_path = of_path.iter().map(|id| &spec.parameters[*id]);
        let own = own.iter().map(|id| &spec.parameters[*id]);
        let overridden: HashSet<_> = own.clone().map(key).collect();
        let inherited = of_path.filter(|parameter| !overridden.contains(&key(parameter)));
        inherited.chain(own).collect()
    }

    fn parameter(&mut self, parameter: &'a spec::Parameter, origin: &Origin, into: &mut Vec<Parameter>) {
        let name = &parameter.name.value;
        // Validation has already reported that such a header parameter has no effect.
        if parameter.location == spec::Location::Header && is_ignored_header(name) {
            return;
        }
        let location = match parameter.location {
            spec::Location::Path => Location::Path,
            spec::Location::Query => Location::Query,
            spec::Location::Header => Location::Header,
            spec::Location::Cookie => Location::Cookie,
            spec::Location::QueryString => return into.extend(self.query_string(parameter, origin)),
        };
        let style = lowered_style(parameter.style);
        let origin = origin.then(Segment::Parameter(name.clone()));
        let (style, schema, ty) = match (parameter.schema, &parameter.content) {
            (Some(schema), _) => {
                let schema = self.at(schema);
                (style, Some(schema), self.schema(schema, origin).ty)
            }
            (None, Some(media)) => self.content_parameter(media, style, origin),
            (None, None) => (style, None, Type::Any),
        };
        self.check_empty(parameter, &ty);
        if location == Location::Query
            && style == Style::Form
            && parameter.explode
            && let Some(object) = ty.object(&self.types).cloned()
            && object.additional == Additional::Dropped
        {
            return self.exploded(parameter, &object, into);
        }
        let allowed = 1 + parameter.item_styles.len();
        let too_deep = !matches!(style, Style::Json | Style::DeepObject) && levels(&ty, &self.types, allowed) > allowed;
        let style = if too_deep { self.as_json(parameter.span, style) } else { style };
        let ty = if style == Style::Json { ty } else { without_null_items(ty, &self.types) };
        let outer = (!parameter.explode).then_some(style);
        let item_styles = match style {
            Style::Json => Vec::new(),
            _ => self.item_styles(outer, &parameter.item_styles, parameter.name.span),
        };
        let sensitive = ty.is_secret(&self.types) || parameter.sensitive;
        let client_value = parameter
            .client_value
            .clone()
            .or_else(|| self.only_value(schema?, &ty, style).filter(|_| parameter.required));
        into.push(Parameter {
            name: name.clone(),
            rust_name: parameter.rust_name.clone(),
            location,
            style,
            explode: parameter.explode && style != Style::Json,
            item_styles,
            fields: Vec::new(),
            allow_reserved: parameter.allow_reserved,
            required: parameter.required || location == Location::Path,
            doc: self.parameter_doc(parameter, schema, &ty),
            ty: if sensitive && *ty.unaliased(&self.types) == Type::String { Type::Secret } else { ty },
            client_value,
            sensitive,
            facts: schema.map(|schema| self.facts(schema)).unwrap_or_default(),
            span: parameter.name.span,
        });
    }

    /// Returns the style, schema and type of a parameter with `content` instead of `schema`.
    fn content_parameter(
        &mut self,
        media: &'a MediaType,
        style: Style,
        origin: Origin,
    ) -> (Style, Option<&'a Schema>, Type) {
        let schema = media.schema.map(|schema| self.at(schema));
        let kind = MediaKind::of(&media.media_type);
        let ty = match (kind, schema) {
            (MediaKind::Json | MediaKind::Text, Some(schema)) => self.element(schema, origin),
            (MediaKind::Json | MediaKind::Text, None) => Type::Any,
            _ => Type::String,
        };
        if kind == MediaKind::Json {
            return (Style::Json, schema, ty);
        }
        if kind == MediaKind::Text && self.is_scalar(&ty) {
            return (style, schema, ty);
        }
        let message = format!(
            "a parameter with the media type {} is not encoded: callers pass the encoded string",
            quoted(&media.media_type)
        );
        self.diagnostics.push(Diagnostic::warning(Code::Unsupported, media.key_span, message));
        (style, schema, Type::String)
    }

    /// Returns the documentation of a parameter of this type.
    pub(super) fn parameter_doc(&self, parameter: &'a spec::Parameter, schema: Option<&'a Schema>, ty: &Type) -> Doc {
        let mut doc = match (schema, &parameter.content) {
            (Some(schema), _) => doc::doc(self.spec, schema).of_type(ty),
            (None, Some(media)) => {
                Doc { examples: examples(media.example.as_ref(), &media.examples), ..Doc::default() }
            }
            (None, None) => Doc::default(),
        };
        // Many documents repeat the description of the schema.
        doc.description = match (parameter.description.clone(), doc.description) {
            (Some(own), Some(of_schema)) if !own.contains(of_schema.trim()) => Some(format!("{own}\n\n{of_schema}")),
            (own, of_schema) => own.or(of_schema),
        };
        doc.deprecated |= parameter.deprecated;
        let examples = examples(parameter.example.as_ref(), &parameter.examples);
        if !examples.is_empty() {
            doc.examples = examples;
        }
        doc
    }

    /// Returns the allowed value of a parameter that allows only one value. Callers of the generated
    /// method do not pass this value.
    fn only_value(&self, schema: &'a Schema, ty: &Type, style: Style) -> Option<String> {
        let is_string = ty.definition(&self.types).is_some_and(|known| matches!(known.kind, TypeKind::StringEnum(_)));
        if style == Style::Json && !is_string {
            return None;
        }
        let allowed = self.allowed_scalars(&[Part::new(schema, Origin(Vec::new()))]);
        ty.only_value(&allowed, &self.types)
    }

    /// Adds a parameter for each property of an exploded object in the query.
    fn exploded(&mut self, parameter: &spec::Parameter, object: &Object, into: &mut Vec<Parameter>) {
        for property in &object.properties {
            let is_object = matches!(property.ty.unaliased(&self.types), Type::AnyObject | Type::Map(_))
                || property.ty.object(&self.types).is_some();
            let too_deep = is_object || levels(&property.ty, &self.types, 1) > 1;
            let style = if too_deep { self.as_json(property.span, Style::Form) } else { Style::Form };
            // The properties of an optional object are optional.
            let required = parameter.required && property.required && !property.read_only;
            let mut doc = property.doc.clone();
            doc.deprecated |= parameter.deprecated;
            if property.read_only {
                doc.constraints.push(Constraint::ReadOnly);
            }
            into.push(Parameter {
                name: property.name.clone(),
                rust_name: property.rust_name.clone(),
                location: Location::Query,
                style,
                explode: style == Style::Form,
                item_styles: Vec::new(),
                fields: Vec::new(),
                allow_reserved: parameter.allow_reserved,
                required,
                ty: if too_deep { property.ty.clone() } else { without_null_items(property.ty.clone(), &self.types) },
                client_value: property.only_value(&self.types).filter(|_| required),
                sensitive: property.ty.is_secret(&self.types),
                facts: property.facts.clone(),
                doc,
                span: property.span,
            });
        }
    }
}

impl Lowering<'_> {
    /// Returns whether the values of a type are scalars.
    pub(super) fn is_scalar(&self, ty: &Type) -> bool {
        levels(ty, &self.types, 0) == 0 && *ty != Type::Any
    }

    /// Reports that `allowEmptyValue` has no effect on values that are never empty strings.
    fn check_empty(&mut self, parameter: &spec::Parameter, ty: &Type) {
        let Some(mark) = parameter.allow_empty_value.filter(|mark| mark.value) else { return };
        let may_be_string = match ty.unaliased(&self.types) {
            Type::Array(inner) | Type::Nullable(inner) => inner.unaliased(&self.types),
            ty => ty,
        };
        if !matches!(may_be_string, Type::String | Type::Secret | Type::Any | Type::Named(_)) {
            let message = "`allowEmptyValue` has no effect: values of this type are never empty";
            self.diagnostics.push(Diagnostic::warning(Code::InvalidValue, mark.span, message));
        }
    }

    /// Reports that a value cannot be written in a style, and returns the style that replaces it.
    fn as_json(&mut self, span: Span, style: Style) -> Style {
        let message = format!("OpenAPI does not define nested arrays and objects for the style `{}`", style.as_str());
        let diagnostic = Diagnostic::warning(Code::InvalidValue, span, message);
        self.diagnostics
            .push(diagnostic.label("sent as JSON").help("use `content` instead of `schema` to define the format"));
        Style::Json
    }
}

/// Converts a style of the spec to a style of the IR.
pub(super) fn lowered_style(style: spec::Style) -> Style {
    match style {
        spec::Style::Matrix => Style::Matrix,
        spec::Style::Label => Style::Label,
        spec::Style::Form => Style::Form,
        spec::Style::Simple => Style::Simple,
        spec::Style::SpaceDelimited => Style::SpaceDelimited,
        spec::Style::PipeDelimited => Style::PipeDelimited,
        spec::Style::TabDelimited => Style::TabDelimited,
        spec::Style::DeepObject => Style::DeepObject,
        spec::Style::Cookie => Style::Cookie,
    }
}

/// Returns the nesting depth of arrays and objects in values of a type. Stops counting at `allowed + 1`.
pub(super) fn levels(ty: &Type, types: &[TypeDef], allowed: usize) -> usize {
    levels_within(ty, types, allowed + 1)
}

fn levels_within(ty: &Type, types: &[TypeDef], limit: usize) -> usize {
    let Some(inner_limit) = limit.checked_sub(1) else { return 0 };
    let with_inner = |ty: &Type| 1 + levels_within(ty, types, inner_limit);
    match ty.unaliased(types) {
        Type::Array(inner) | Type::Map(inner) => with_inner(inner),
        Type::Nullable(inner) => levels_within(inner, types, limit),
        Type::AnyObject => 1,
        named @ Type::Named(_) => match named.definition(types).map(|definition| &definition.kind) {
            Some(TypeKind::Object(object)) => {
                object.properties.iter().map(|property| with_inner(&property.ty)).max().unwrap_or(1)
            }
            _ => 0,
        },
        _ => 0,
    }
}

/// Removes `null` from the types of the items of an array or the values of a map, because only JSON can represent
/// `null` (RFC 6570, section 2.3). Returns other types unchanged.
fn without_null_items(ty: Type, types: &[TypeDef]) -> Type {
    let non_null = |item: &Type| match item.unaliased(types) {
        nullable @ Type::Nullable(_) => Some(Box::new(nullable.non_null().clone())),
        _ => None,
    };
    let replaced = match ty.unaliased(types) {
        Type::Array(item) => non_null(item).map(Type::Array),
        Type::Map(item) => non_null(item).map(Type::Map),
        _ => None,
    };
    replaced.unwrap_or(ty)
}
