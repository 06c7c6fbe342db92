//! Lowers headers of responses and of parts of forms.

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Constraint, HeaderDoc, Origin, Segment, Style, Type, TypeKind};
use crate::source::Span;
use crate::spec::{Header, HeaderId, Schema, Spanned, Value};

use super::Lowering;
use super::doc;
use super::example::examples;
use super::parameter::lowered_style;

/// Returns whether a header in `headers` is ignored: `Content-Type` (OpenAPI 3.0.3, "Response Object" and "Encoding
/// Object").
pub(super) fn is_ignored(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-type")
}

impl<'a> Lowering<'a> {
    /// Lowers the headers of a response.
    pub(super) fn headers(&mut self, headers: &[(Spanned<String>, HeaderId)], origin: &Origin) -> Vec<HeaderDoc> {
        let spec = self.spec;
        let mut lowered = Vec::new();
        for (name, header) in headers.iter().filter(|(name, _)| !is_ignored(&name.value)) {
            lowered.push(self.header(name, &spec.headers[*header], origin));
        }
        lowered
    }

    /// Lowers a header that clients receive.
    pub(super) fn header(&mut self, name: &Spanned<String>, header: &Header, origin: &Origin) -> HeaderDoc {
        let ty = self.header_type(header, origin.then(Segment::Property(name.value.clone())));
        self.check_ignored_header_schema(name, header, &ty);
        let mut doc = self.header_doc(&name.value, header, ty);
        doc.delimiters = self.header_delimiters(header, &doc.ty, name.span);
        doc
    }

    /// Reports a header that is generated as a string, although its schema describes properties or items.
    fn check_ignored_header_schema(&mut self, name: &Spanned<String>, header: &Header, ty: &Type) {
        let schema = self.header_schema(header);
        if *ty == Type::String && schema.is_some_and(|schema| self.is_structured(schema)) {
            let message = format!("the schema of the header {} is not generated", quoted(&name.value));
            self.diagnostics.push(
                Diagnostic::note(Code::Unsupported, name.span, message)
                    .help("the value is a string that callers parse"),
            );
        }
    }

    /// Returns the schema of a header, or else the schema of its media type (`content`).
    fn header_schema(&self, header: &Header) -> Option<&'a Schema> {
        let of_content = || header.content.as_ref().and_then(|media| media.schema);
        header.schema.or_else(of_content).map(|schema| self.at(schema))
    }

    /// Returns the styles of an array and of the arrays within it. Empty if commas separate the items, which is the
    /// default.
    fn header_delimiters(&mut self, header: &Header, ty: &Type, span: Span) -> Vec<Style> {
        if !matches!(ty.unaliased(&self.types), Type::Array(_)) {
            return Vec::new();
        }
        let styles = self.delimiters(Some(lowered_style(header.style)), &header.item_styles, span);
        if styles == [Style::Simple] { Vec::new() } else { styles }
    }

    /// Returns the type of a header: a scalar, an array of scalars, or else a string. In Swagger 2.0, the items of an
    /// array can be arrays.
    fn header_type(&mut self, header: &Header, origin: Origin) -> Type {
        let Some(schema) = header.schema.map(|schema| self.at(schema)) else { return Type::String };
        // A header whose schema has properties or combines schemas becomes a string: generating a type for a single
        // header is not worthwhile.
        let mut schemas = std::iter::successors(Some(schema), |schema| schema.items.map(|items| self.at(items)));
        if !schemas.by_ref().take(2 + header.item_styles.len()).all(is_plain) {
            return Type::String;
        }
        let ty = self.schema(schema, origin).ty;
        let is_scalar = |ty: &Type| match ty.unaliased(&self.types) {
            Type::Named(_) => matches!(
                ty.definition(&self.types).map(|definition| &definition.kind),
                Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_))
            ),
            Type::Any | Type::AnyObject | Type::Array(_) | Type::Map(_) | Type::Nullable(_) => false,
            _ => true,
        };
        let mut inner = &ty;
        for _ in 0..=header.item_styles.len() {
            let Type::Array(item) = inner.unaliased(&self.types) else { break };
            inner = item;
        }
        if is_scalar(inner) { ty } else { Type::String }
    }

    /// Returns a header with its documentation.
    pub(super) fn header_doc(&self, name: &str, header: &Header, ty: Type) -> HeaderDoc {
        let schema = self.header_schema(header);
        let mut doc = schema.map(|schema| doc::doc(self.spec, schema)).unwrap_or_default().of_type(&ty);
        doc.description = doc::description(header.description.as_deref()).or(doc.description);
        doc.deprecated |= header.deprecated;
        let examples = examples(header.example.as_ref(), &header.examples);
        if !examples.is_empty() {
            doc.examples = examples;
        }
        // If the enum of a header does not become a type, its values are documented.
        if ty == Type::String
            && let Some(values) = schema.and_then(|schema| schema.values.as_deref())
        {
            doc.constraints.push(Constraint::OneOf(values.list.iter().map(Value::to_json_text).collect()));
        }
        HeaderDoc { name: name.to_owned(), ty, delimiters: Vec::new(), required: header.required, doc }
    }
}

/// Returns whether a schema has no properties and does not combine schemas.
fn is_plain(schema: &Schema) -> bool {
    schema.properties.is_none()
        && schema.additional.is_none()
        && schema.all_of.is_empty()
        && schema.variants().next().is_none()
        && schema.assertions.is_empty()
}
