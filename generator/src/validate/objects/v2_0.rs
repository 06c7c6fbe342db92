//! The objects of Swagger 2.0.

use super::{extensions, v3_0};
use crate::validate::object::{Field, Kind, Object, Shape, object, optional, required};

/// Returns the definition of a kind of object.
pub(crate) fn of(kind: Kind) -> &'static Object {
    match kind {
        Kind::OpenApi => &SWAGGER,
        Kind::Info => &INFO,
        Kind::PathItem => &PATH_ITEM,
        Kind::Operation => &OPERATION,
        Kind::Parameter => &PARAMETER,
        Kind::Items => &ITEMS,
        Kind::Response => &RESPONSE,
        Kind::Header => &HEADER,
        Kind::Schema => &SCHEMA_OBJECT,
        Kind::SecurityScheme => &SECURITY_SCHEME,
        // The same as in 3.0.
        Kind::Contact
        | Kind::License
        | Kind::Paths
        | Kind::ExternalDocs
        | Kind::Responses
        | Kind::Tag
        | Kind::Xml
        | Kind::SecurityRequirement => v3_0::of(kind),
        // Not an object of Swagger 2.0.
        _ => extensions::of(kind),
    }
}

const STRING: Shape = Shape::String;
const BOOLEAN: Shape = Shape::Boolean;
const SCHEMA: Shape = Shape::OrRef(Kind::Schema);
const OPERATION_SHAPE: Shape = Shape::Object(Kind::Operation);
const EXTERNAL_DOCS: Field = optional("externalDocs", Shape::Object(Kind::ExternalDocs));
const PARAMETERS: Field = optional("parameters", Shape::List(&Shape::OrRef(Kind::Parameter)));
const SECURITY: Field = optional("security", Shape::List(&Shape::Object(Kind::SecurityRequirement)));
const SCHEMES: Field = optional("schemes", Shape::Set(&Shape::Choice(&["http", "https", "ws", "wss"])));
const CONSUMES: Field = optional("consumes", Shape::Set(&Shape::MediaType));
const PRODUCES: Field = optional("produces", Shape::Set(&Shape::MediaType));
const COLLECTION_FORMAT: Field = optional("collectionFormat", Shape::Choice(&["csv", "ssv", "tsv", "pipes", "multi"]));
const ITEM_TYPES: Shape = Shape::Choice(&["string", "number", "integer", "boolean", "array"]);

// The constraints of values, which parameters, headers, items and schemas share.
const FORMAT: Field = optional("format", STRING);
const DEFAULT: Field = optional("default", Shape::Any);
const ENUM: Field = optional("enum", Shape::Set(&Shape::Any));
const MULTIPLE_OF: Field = optional("multipleOf", Shape::Positive);
const MAXIMUM: Field = optional("maximum", Shape::Number);
const EXCLUSIVE_MAXIMUM: Field = optional("exclusiveMaximum", BOOLEAN);
const MINIMUM: Field = optional("minimum", Shape::Number);
const EXCLUSIVE_MINIMUM: Field = optional("exclusiveMinimum", BOOLEAN);
const MAX_LENGTH: Field = optional("maxLength", Shape::Count);
const MIN_LENGTH: Field = optional("minLength", Shape::Count);
const PATTERN: Field = optional("pattern", STRING);
const MAX_ITEMS: Field = optional("maxItems", Shape::Count);
const MIN_ITEMS: Field = optional("minItems", Shape::Count);
const UNIQUE_ITEMS: Field = optional("uniqueItems", BOOLEAN);
const ITEMS_FIELD: Field = optional("items", Shape::Object(Kind::Items));

static SWAGGER: Object = object(
    "a Swagger document",
    &[
        required("swagger", STRING),
        required("info", Shape::Object(Kind::Info)),
        optional("host", STRING),
        optional("basePath", STRING),
        SCHEMES,
        CONSUMES,
        PRODUCES,
        required("paths", Shape::Object(Kind::Paths)),
        optional("definitions", Shape::Map(&SCHEMA)),
        optional("parameters", Shape::Map(&Shape::Object(Kind::Parameter))),
        optional("responses", Shape::Map(&Shape::Object(Kind::Response))),
        optional("securityDefinitions", Shape::Map(&Shape::Object(Kind::SecurityScheme))),
        SECURITY,
        optional("tags", Shape::List(&Shape::Object(Kind::Tag))),
        EXTERNAL_DOCS,
    ],
);
static INFO: Object = object(
    "an info object",
    &[
        required("title", STRING),
        optional("description", STRING),
        // Not necessarily a URL.
        optional("termsOfService", STRING),
        optional("contact", Shape::Object(Kind::Contact)),
        optional("license", Shape::Object(Kind::License)),
        required("version", STRING),
    ],
);
static PATH_ITEM: Object = object(
    "a path item",
    &[
        optional("$ref", STRING),
        optional("get", OPERATION_SHAPE),
        optional("put", OPERATION_SHAPE),
        optional("post", OPERATION_SHAPE),
        optional("delete", OPERATION_SHAPE),
        optional("options", OPERATION_SHAPE),
        optional("head", OPERATION_SHAPE),
        optional("patch", OPERATION_SHAPE),
        PARAMETERS,
    ],
);
static OPERATION: Object = object(
    "an operation",
    &[
        optional("tags", Shape::Set(&STRING)),
        optional("summary", STRING),
        optional("description", STRING),
        EXTERNAL_DOCS,
        optional("operationId", STRING),
        CONSUMES,
        PRODUCES,
        PARAMETERS,
        required("responses", Shape::Object(Kind::Responses)),
        SCHEMES,
        optional("deprecated", BOOLEAN),
        SECURITY,
    ],
);
// A parameter in `body` has a schema; all others have a type.
static PARAMETER: Object = object(
    "a parameter",
    &[
        required("name", STRING),
        required("in", Shape::Choice(&["query", "header", "path", "formData", "body"])),
        optional("description", STRING),
        optional("required", BOOLEAN),
        optional("schema", SCHEMA),
        optional("type", Shape::Choice(&["string", "number", "integer", "boolean", "array", "file"])),
        FORMAT,
        optional("allowEmptyValue", BOOLEAN),
        ITEMS_FIELD,
        COLLECTION_FORMAT,
        DEFAULT,
        MAXIMUM,
        EXCLUSIVE_MAXIMUM,
        MINIMUM,
        EXCLUSIVE_MINIMUM,
        MAX_LENGTH,
        MIN_LENGTH,
        PATTERN,
        MAX_ITEMS,
        MIN_ITEMS,
        UNIQUE_ITEMS,
        ENUM,
        MULTIPLE_OF,
    ],
);
static ITEMS: Object = object(
    "an items object",
    &[
        required("type", ITEM_TYPES),
        FORMAT,
        ITEMS_FIELD,
        COLLECTION_FORMAT,
        DEFAULT,
        MAXIMUM,
        EXCLUSIVE_MAXIMUM,
        MINIMUM,
        EXCLUSIVE_MINIMUM,
        MAX_LENGTH,
        MIN_LENGTH,
        PATTERN,
        MAX_ITEMS,
        MIN_ITEMS,
        UNIQUE_ITEMS,
        ENUM,
        MULTIPLE_OF,
    ],
);
static HEADER: Object = object(
    "a header",
    &[
        optional("description", STRING),
        required("type", ITEM_TYPES),
        FORMAT,
        ITEMS_FIELD,
        COLLECTION_FORMAT,
        DEFAULT,
        MAXIMUM,
        EXCLUSIVE_MAXIMUM,
        MINIMUM,
        EXCLUSIVE_MINIMUM,
        MAX_LENGTH,
        MIN_LENGTH,
        PATTERN,
        MAX_ITEMS,
        MIN_ITEMS,
        UNIQUE_ITEMS,
        ENUM,
        MULTIPLE_OF,
    ],
);
static RESPONSE: Object = object(
    "a response",
    &[
        required("description", STRING),
        optional("schema", SCHEMA),
        optional("headers", Shape::Map(&Shape::Object(Kind::Header))),
        optional("examples", Shape::Map(&Shape::Any)),
    ],
);
static SCHEMA_OBJECT: Object = object(
    "a schema",
    &[
        // `file` is allowed only in the schemas of responses.
        optional("type", Shape::Types(&["string", "integer", "number", "boolean", "object", "array", "null", "file"])),
        FORMAT,
        optional("title", STRING),
        optional("description", STRING),
        DEFAULT,
        MULTIPLE_OF,
        MAXIMUM,
        EXCLUSIVE_MAXIMUM,
        MINIMUM,
        EXCLUSIVE_MINIMUM,
        MAX_LENGTH,
        MIN_LENGTH,
        PATTERN,
        MAX_ITEMS,
        MIN_ITEMS,
        UNIQUE_ITEMS,
        optional("maxProperties", Shape::Count),
        optional("minProperties", Shape::Count),
        optional("required", Shape::List(&STRING)),
        ENUM,
        optional("items", Shape::SchemaOrList),
        optional("allOf", Shape::List(&SCHEMA)),
        optional("properties", Shape::Map(&SCHEMA)),
        optional("additionalProperties", Shape::BooleanOrSchema),
        optional("discriminator", STRING),
        optional("readOnly", BOOLEAN),
        optional("xml", Shape::Object(Kind::Xml)),
        EXTERNAL_DOCS,
        optional("example", Shape::Any),
    ],
);
// The type and the flow determine which of the fields are required.
static SECURITY_SCHEME: Object = object(
    "a security scheme",
    &[
        required("type", Shape::Choice(&["basic", "apiKey", "oauth2"])),
        optional("description", STRING),
        optional("name", STRING),
        optional("in", Shape::Choice(&["query", "header"])),
        optional("flow", Shape::Choice(&["implicit", "password", "application", "accessCode"])),
        optional("authorizationUrl", Shape::Url),
        optional("tokenUrl", Shape::Url),
        optional("scopes", Shape::Map(&STRING)),
    ],
);
