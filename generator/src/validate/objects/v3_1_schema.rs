//! The schema object of OpenAPI 3.1 and 3.2: the keywords of JSON Schema 2020-12, and the keywords that OpenAPI adds.

use crate::validate::object::{Kind, Object, Shape, object, optional, required, since_3_2};

/// The types of JSON Schema.
const TYPES: &[&str] = &["string", "integer", "number", "boolean", "object", "array", "null"];

const STRING: Shape = Shape::String;
const URL: Shape = Shape::Url;
const BOOLEAN: Shape = Shape::Boolean;
const SCHEMA_SHAPE: Shape = Shape::BooleanOrSchema;
const SCHEMAS: Shape = Shape::List(&SCHEMA_SHAPE);
const NAMED_SCHEMAS: Shape = Shape::Map(&SCHEMA_SHAPE);
const NAMES: Shape = Shape::Set(&STRING);

pub(super) static SCHEMA: Object = object(
    "a schema",
    &[
        // Core.
        optional("$schema", URL),
        optional("$vocabulary", Shape::Map(&BOOLEAN)),
        optional("$id", Shape::SchemaUri),
        optional("$anchor", Shape::Anchor),
        optional("$dynamicAnchor", Shape::Anchor),
        // `references_of_schema` checks the values of `$ref` and `$dynamicRef`.
        optional("$ref", Shape::Any),
        optional("$dynamicRef", Shape::Any),
        optional("$defs", NAMED_SCHEMAS),
        optional("$comment", STRING),
        // Applicators.
        optional("allOf", SCHEMAS),
        optional("oneOf", SCHEMAS),
        optional("anyOf", SCHEMAS),
        optional("not", SCHEMA_SHAPE),
        optional("if", SCHEMA_SHAPE),
        optional("then", SCHEMA_SHAPE),
        optional("else", SCHEMA_SHAPE),
        optional("properties", NAMED_SCHEMAS),
        optional("patternProperties", NAMED_SCHEMAS),
        optional("additionalProperties", SCHEMA_SHAPE),
        optional("propertyNames", SCHEMA_SHAPE),
        optional("unevaluatedProperties", SCHEMA_SHAPE),
        optional("dependentSchemas", NAMED_SCHEMAS),
        optional("prefixItems", SCHEMAS),
        optional("items", SCHEMA_SHAPE),
        optional("contains", SCHEMA_SHAPE),
        optional("unevaluatedItems", SCHEMA_SHAPE),
        // Assertions.
        optional("type", Shape::Types(TYPES)),
        optional("enum", Shape::List(&Shape::Any)),
        optional("const", Shape::Any),
        optional("multipleOf", Shape::Positive),
        optional("minimum", Shape::Number),
        optional("maximum", Shape::Number),
        optional("exclusiveMinimum", Shape::Number),
        optional("exclusiveMaximum", Shape::Number),
        optional("minLength", Shape::Count),
        optional("maxLength", Shape::Count),
        optional("pattern", STRING),
        optional("minItems", Shape::Count),
        optional("maxItems", Shape::Count),
        optional("uniqueItems", BOOLEAN),
        optional("minContains", Shape::Count),
        optional("maxContains", Shape::Count),
        optional("minProperties", Shape::Count),
        optional("maxProperties", Shape::Count),
        optional("required", NAMES),
        optional("dependentRequired", Shape::Map(&NAMES)),
        // Annotations.
        optional("title", STRING),
        optional("description", STRING),
        optional("default", Shape::Any),
        optional("deprecated", BOOLEAN),
        optional("readOnly", BOOLEAN),
        optional("writeOnly", BOOLEAN),
        optional("examples", Shape::List(&Shape::Any)),
        optional("format", STRING),
        optional("contentEncoding", STRING),
        optional("contentMediaType", STRING),
        optional("contentSchema", SCHEMA_SHAPE),
        // OpenAPI.
        optional("discriminator", Shape::Object(Kind::Discriminator)),
        optional("xml", Shape::Object(Kind::Xml)),
        optional("externalDocs", Shape::Object(Kind::ExternalDocs)),
        optional("example", Shape::Any),
        // Keywords of earlier versions of JSON Schema, which 2020-12 still describes.
        optional("definitions", NAMED_SCHEMAS),
        optional("dependencies", Shape::Map(&Shape::SchemaOrStrings)),
        // A keyword of OpenAPI 3.0 that is still frequent.
        optional("nullable", BOOLEAN),
    ],
);
pub(super) static DISCRIMINATOR: Object = object(
    "a discriminator",
    &[
        required("propertyName", STRING),
        optional("mapping", Shape::Map(&STRING)),
        since_3_2(optional("defaultMapping", STRING)),
    ],
);
pub(super) static XML: Object = object(
    "an XML object",
    &[
        since_3_2(optional("nodeType", Shape::Choice(&["element", "attribute", "text", "cdata", "none"]))),
        optional("name", STRING),
        optional("namespace", URL),
        optional("prefix", STRING),
        optional("attribute", BOOLEAN),
        optional("wrapped", BOOLEAN),
    ],
);
