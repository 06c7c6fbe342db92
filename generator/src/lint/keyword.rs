//! Reports keywords that have no effect, because they apply to a type other than the schema's type, or because another
//! keyword overrides them.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::spec::{Keyword, Keywords, Schema, SchemaType, Server, Version};

/// Returns the type that a keyword applies to. `None` if it applies to all types.
fn type_of(keyword: Keyword) -> Option<SchemaType> {
    Some(match keyword {
        Keyword::MinLength
        | Keyword::MaxLength
        | Keyword::Pattern
        | Keyword::ContentEncoding
        | Keyword::ContentMediaType
        | Keyword::ContentSchema => SchemaType::String,
        Keyword::Minimum
        | Keyword::Maximum
        | Keyword::ExclusiveMinimum
        | Keyword::ExclusiveMaximum
        | Keyword::MultipleOf => SchemaType::Number,
        Keyword::Items
        | Keyword::PrefixItems
        | Keyword::UnevaluatedItems
        | Keyword::Contains
        | Keyword::MinContains
        | Keyword::MaxContains
        | Keyword::MinItems
        | Keyword::MaxItems
        | Keyword::UniqueItems => SchemaType::Array,
        Keyword::Properties
        | Keyword::Required
        | Keyword::AdditionalProperties
        | Keyword::PatternProperties
        | Keyword::PropertyNames
        | Keyword::UnevaluatedProperties
        | Keyword::DependentRequired
        | Keyword::DependentSchemas
        | Keyword::MinProperties
        | Keyword::MaxProperties => SchemaType::Object,
        _ => return None,
    })
}

impl Rules<'_, '_> {
    pub(super) fn keywords(&mut self, schema: &Schema) {
        let Some(type_span) = schema.types_span.filter(|_| !schema.types.is_unspecified()) else {
            return self.nullable(schema);
        };
        for found in schema.keywords.iter() {
            let Some(owner) = type_of(found.keyword) else { continue };
            // Integers are numbers.
            let is_integer = owner == SchemaType::Number && schema.types.contains(SchemaType::Integer);
            if is_integer || schema.types.contains(owner) {
                continue;
            }
            let message = format!("`{}` does not apply to this type", found.keyword.as_str());
            let help = match owner {
                SchemaType::Number => "it applies to `type: integer` and `type: number`".to_owned(),
                owner => format!("it applies to `type: {}`", owner.as_str()),
            };
            let diagnostic = Diagnostic::warning(Code::KeywordType, found.key, message).label("has no effect");
            self.diagnostics.push(diagnostic.related(type_span, "the type").help(help));
        }
    }

    /// Reports `nullable: true` without `type`. It has no effect, because it only adds null to the `type` of the same
    /// schema (OpenAPI 3.0.3, "Schema Object").
    fn nullable(&mut self, schema: &Schema) {
        let is_checked = self.spec.version == Version::V3_0 && schema.nullable && schema.types_span.is_none();
        let Some(key) = schema.keywords.key(Keyword::Nullable).filter(|_| is_checked) else { return };
        let message = "`nullable` requires a `type` in the same schema";
        let help = "add a `type`; generated clients accept null even without it";
        let diagnostic = Diagnostic::warning(Code::NoEffect, key, message);
        self.diagnostics.push(diagnostic.label("has no effect in OpenAPI 3.0.3").help(help));
    }

    /// Reports `style` and `explode` of a parameter or header with `content`. They have no effect, because the media
    /// type defines the serialization.
    pub(super) fn beside_content(&mut self, keywords: &Keywords, has_content: bool) {
        let Some(content) = keywords.key(Keyword::Content).filter(|_| has_content) else { return };
        for keyword in [Keyword::Style, Keyword::Explode] {
            let Some(key) = keywords.key(keyword) else { continue };
            let message = format!("`{}` does not apply to parameters and headers with `content`", keyword.as_str());
            let diagnostic = Diagnostic::warning(Code::NoEffect, key, message).label("has no effect");
            self.diagnostics.push(diagnostic.related(content, "the media type defines the serialization"));
        }
    }

    /// Reports server variables that do not appear in the server's URL.
    pub(super) fn server(&mut self, server: &Server) {
        for variable in &server.variables {
            let place = format!("{{{}}}", variable.name);
            if server.url.contains(&place) {
                continue;
            }
            let message = format!("the server URL does not contain {}", quoted(&place));
            let diagnostic = Diagnostic::warning(Code::NoEffect, variable.span, message).label("has no effect");
            self.diagnostics.push(diagnostic.related(server.url_span, "the URL"));
        }
    }
}
