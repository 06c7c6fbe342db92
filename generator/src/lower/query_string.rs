//! Lowers parameters in `querystring` (OpenAPI 3.2). The value is the whole query; its media type determines its
//! encoding.

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Field, Location, Origin, Parameter, Segment, Style, Type, TypeKind};
use crate::spec::{self, MediaType};

use super::Lowering;
use super::media::MediaKind;

impl<'a> Lowering<'a> {
    pub(super) fn query_string(&mut self, parameter: &'a spec::Parameter, origin: &Origin) -> Option<Parameter> {
        // Validation reports a parameter without a media type.
        let media = parameter.content.as_ref()?;
        let origin = origin.then(Segment::Parameter(parameter.name.value.clone()));
        let (style, ty, fields) = self.query_content(media, origin);
        let schema = media.schema.map(|schema| self.at(schema));
        let sensitive = ty.is_secret(&self.types) || parameter.sensitive;
        Some(Parameter {
            name: parameter.name.value.clone(),
            rust_name: parameter.rust_name.clone(),
            location: Location::QueryString,
            style,
            explode: style == Style::Form,
            item_styles: Vec::new(),
            fields,
            allow_reserved: false,
            required: parameter.required,
            doc: self.parameter_doc(parameter, schema, &ty),
            ty,
            client_value: parameter.client_value.clone(),
            sensitive,
            facts: schema.map(|schema| self.facts(schema)).unwrap_or_default(),
            span: parameter.name.span,
        })
    }

    /// Returns the style and the type of the value, and the fields of a form that have an Encoding Object.
    fn query_content(&mut self, media: &'a MediaType, origin: Origin) -> (Style, Type, Vec<Field>) {
        let kind = MediaKind::of(&media.media_type);
        let ty = match (kind, media.schema.map(|schema| self.at(schema))) {
            (MediaKind::Json | MediaKind::Form | MediaKind::Text, Some(schema)) => self.element(schema, origin),
            (MediaKind::Json, None) => Type::Any,
            (MediaKind::Form, None) => Type::AnyObject,
            _ => Type::String,
        };
        match kind {
            MediaKind::Json => return (Style::Json, ty, Vec::new()),
            MediaKind::Form if ty == Type::Any => return (Style::Form, Type::AnyObject, self.form_fields(media)),
            MediaKind::Form if self.is_form(&ty) => return (Style::Form, ty, self.form_fields(media)),
            MediaKind::Text if self.is_scalar(&ty) => return (Style::Simple, ty, Vec::new()),
            MediaKind::Form => {}
            // A plain string of another media type, such as a JSONPath, is sent without a warning.
            _ if media.schema.is_none() || self.is_plain_string(media) => {
                return (Style::Simple, Type::String, Vec::new());
            }
            _ => {}
        }
        let message = format!(
            "a query with the media type {} is not encoded: callers pass the encoded string",
            quoted(&media.media_type)
        );
        self.diagnostics.push(Diagnostic::warning(Code::Unsupported, media.key_span, message));
        (Style::Simple, Type::String, Vec::new())
    }

    /// Returns whether the values of a type are objects, whose properties are the fields of a form.
    fn is_form(&self, ty: &Type) -> bool {
        match ty.unaliased(&self.types) {
            Type::AnyObject | Type::Map(_) => true,
            named => matches!(
                named.definition(&self.types).map(|definition| &definition.kind),
                Some(TypeKind::Object(_) | TypeKind::Union(_))
            ),
        }
    }
}
