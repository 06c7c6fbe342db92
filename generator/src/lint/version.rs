//! Reports constructs that the declared version of OpenAPI does not define. They are generated anyway, because tools
//! write them into documents of other versions.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::source::Span;
use crate::spec::{
    Discriminator, Encoding, Flow, FlowKind, Keyword, Location, MediaType, Method, Operation, Parameter, Schema,
    SchemeKind, SecurityScheme, Style, Tag, Version,
};

/// The dialects of JSON Schema whose keywords OpenAPI 3.1 and 3.2 define.
const DIALECTS: [&str; 4] = [
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://spec.openapis.org/oas/3.1/dialect/2024-11-10",
    "https://spec.openapis.org/oas/3.2/dialect/2025-09-17",
    "https://json-schema.org/draft/2020-12/schema",
];

impl Rules<'_, '_> {
    /// Checks the parts of a document that belong to no operation or schema.
    pub(super) fn document_version(&mut self) {
        let spec = self.spec;
        if let Some(dialect) = &spec.json_schema_dialect
            && !DIALECTS.contains(&dialect.value.trim_end_matches('#'))
        {
            let message = format!("unknown JSON Schema dialect {}", quoted(&dialect.value));
            let diagnostic = Diagnostic::warning(Code::SchemaDialect, dialect.span, message);
            self.diagnostics.push(diagnostic.help("schemas are read as JSON Schema 2020-12"));
        }
        spec.tags.iter().for_each(|tag| self.tag(tag));
        spec.security_schemes.iter().for_each(|scheme| self.scheme(scheme));
        let components = spec.parts.iter().filter_map(|part| part.component.as_ref());
        for component in components.filter(|component| component.section == "mediaTypes") {
            self.later(component.name.span, "`mediaTypes` in `components`");
        }
    }

    fn tag(&mut self, tag: &Tag) {
        if let Some(parent) = &tag.parent {
            self.later(parent.span, "`parent` of a tag");
        } else if tag.kind.is_some() {
            self.later(tag.span, "`kind` of a tag");
        }
    }

    fn scheme(&mut self, scheme: &SecurityScheme) {
        let SchemeKind::OAuth2 { flows, metadata_url } = &scheme.kind else { return };
        if flows.iter().any(|Flow { kind, .. }| *kind == FlowKind::DeviceAuthorization) {
            self.later(scheme.name.span, "the OAuth flow `deviceAuthorization`");
        }
        if metadata_url.is_some() {
            self.later(scheme.name.span, "`oauth2MetadataUrl`");
        }
    }

    pub(super) fn operation_version(&mut self, operation: &Operation) {
        match &operation.method {
            Method::Query => self.later(operation.method_span, "the method `query`"),
            Method::Other(_) => self.later(operation.method_span, "`additionalOperations`"),
            _ => {}
        }
    }

    pub(super) fn parameter_version(&mut self, parameter: &Parameter) {
        if parameter.location == Location::QueryString {
            self.later(parameter.name.span, "`in: querystring`");
        }
        if parameter.style == Style::Cookie {
            self.later(parameter.keywords.value(Keyword::Style).unwrap_or(parameter.span), "`style: cookie`");
        }
        // OpenAPI 3.0 and 3.1: "This property only applies to parameters with an `in` value of `query`."
        if parameter.allow_reserved && parameter.location == Location::Path {
            self.later(parameter.name.span, "`allowReserved` of a path parameter");
        }
    }

    pub(super) fn media_version(&mut self, media: &MediaType) {
        if let Some(item) = media.item_schema {
            self.later(self.spec.schemas[item].span, "`itemSchema`");
        }
        if let Some(Encoding { span, .. }) = media.prefix_encoding.first() {
            self.later(*span, "`prefixEncoding`");
        }
        if let Some(encoding) = &media.item_encoding {
            self.later(encoding.span, "`itemEncoding`");
        }
        for example in media.examples.iter().filter(|example| example.serialized.is_some()) {
            self.later(example.span, "`serializedValue` of an example");
        }
    }

    pub(super) fn schema_version(&mut self, schema: &Schema) {
        if let Some(Discriminator { span, default: Some(_), .. }) = schema.discriminator.as_deref() {
            self.later(*span, "`defaultMapping`");
        }
        let is_3_1 = self.spec.version >= Version::V3_1;
        if let Some(key) = schema.keywords.key(Keyword::Nullable).filter(|_| is_3_1 && schema.nullable) {
            let message = format!("OpenAPI {} does not define `nullable`", self.spec.version.as_str());
            let help = "add `null` to `type` instead; generated clients accept null here anyway";
            self.diagnostics.push(Diagnostic::warning(Code::NullableIn31, key, message).help(help));
        }
    }

    /// Reports something that OpenAPI defines since 3.2.
    fn later(&mut self, place: Span, what: &str) {
        if self.spec.version != Version::V3_1 {
            return;
        }
        let message = format!("OpenAPI 3.1 does not define {what}");
        let diagnostic = Diagnostic::warning(Code::LaterVersion, place, message).label("defined since OpenAPI 3.2");
        self.diagnostics.push(diagnostic.help("set `openapi` to `3.2.0`; generated clients use it anyway"));
    }
}
