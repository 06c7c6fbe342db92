//! The objects of OpenAPI 3.0.3 as a table: which members each has, of which shape, and which it must have.

use super::table::{Field, Kind, Object, Others, Shape};

const fn must(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: true }
}

const fn may(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: false }
}

const fn object(name: &'static str, fields: &'static [Field]) -> Object {
    Object { name, fields, others: Others::Extensions }
}

const STRING: Shape = Shape::String;
const URL: Shape = Shape::Url;
const BOOLEAN: Shape = Shape::Boolean;
const SCHEMA: Shape = Shape::OrRef(Kind::Schema);
const EXTERNAL_DOCS: Field = may("externalDocs", Shape::Object(Kind::ExternalDocs));
const SERVERS: Field = may("servers", Shape::List(&Shape::Object(Kind::Server)));
const PARAMETERS: Field = may("parameters", Shape::List(&Shape::OrRef(Kind::Parameter)));
const SECURITY: Field = may("security", Shape::List(&Shape::Object(Kind::SecurityRequirement)));
const CONTENT: Shape = Shape::Map(&Shape::Object(Kind::MediaType));
const EXAMPLES: Field = may("examples", Shape::Map(&Shape::OrRef(Kind::Example)));
const HEADERS: Field = may("headers", Shape::Map(&Shape::OrRef(Kind::Header)));
const STRINGS: Shape = Shape::Map(&Shape::String);
const OPERATION: Shape = Shape::Object(Kind::Operation);
const QUERY_STYLES: &[&str] = &["form", "spaceDelimited", "pipeDelimited", "deepObject"];

pub(super) static OPEN_API: Object = object(
    "an OpenAPI document",
    &[
        must("openapi", STRING),
        must("info", Shape::Object(Kind::Info)),
        SERVERS,
        must("paths", Shape::Object(Kind::Paths)),
        may("components", Shape::Object(Kind::Components)),
        SECURITY,
        may("tags", Shape::List(&Shape::Object(Kind::Tag))),
        EXTERNAL_DOCS,
    ],
);
pub(super) static INFO: Object = object(
    "an info object",
    &[
        must("title", STRING),
        may("description", STRING),
        may("termsOfService", URL),
        may("contact", Shape::Object(Kind::Contact)),
        may("license", Shape::Object(Kind::License)),
        must("version", STRING),
    ],
);
pub(super) static CONTACT: Object =
    object("a contact", &[may("name", STRING), may("url", URL), may("email", Shape::Email)]);
pub(super) static LICENSE: Object = object("a license", &[must("name", STRING), may("url", URL)]);
pub(super) static SERVER: Object = object(
    "a server",
    &[
        must("url", STRING),
        may("description", STRING),
        may("variables", Shape::Map(&Shape::Object(Kind::ServerVariable))),
    ],
);
pub(super) static SERVER_VARIABLE: Object = object(
    "a server variable",
    &[may("enum", Shape::List(&STRING)), must("default", STRING), may("description", STRING)],
);
pub(super) static COMPONENTS: Object = object(
    "a components object",
    &[
        may("schemas", Shape::Components(&SCHEMA)),
        may("responses", Shape::Components(&Shape::OrRef(Kind::Response))),
        may("parameters", Shape::Components(&Shape::OrRef(Kind::Parameter))),
        may("examples", Shape::Components(&Shape::OrRef(Kind::Example))),
        may("requestBodies", Shape::Components(&Shape::OrRef(Kind::RequestBody))),
        may("headers", Shape::Components(&Shape::OrRef(Kind::Header))),
        may("securitySchemes", Shape::Components(&Shape::OrRef(Kind::SecurityScheme))),
        may("links", Shape::Components(&Shape::OrRef(Kind::Link))),
        may("callbacks", Shape::Components(&Shape::OrRef(Kind::Callback))),
    ],
);
pub(super) static PATHS: Object = Object { name: "a paths object", fields: &[], others: Others::Paths };
pub(super) static PATH_ITEM: Object = object(
    "a path item",
    &[
        // Its `$ref` may have siblings, unlike all others.
        may("$ref", STRING),
        may("summary", STRING),
        may("description", STRING),
        may("get", OPERATION),
        may("put", OPERATION),
        may("post", OPERATION),
        may("delete", OPERATION),
        may("options", OPERATION),
        may("head", OPERATION),
        may("patch", OPERATION),
        may("trace", OPERATION),
        SERVERS,
        PARAMETERS,
    ],
);
pub(super) static OPERATION_OBJECT: Object = object(
    "an operation",
    &[
        may("tags", Shape::List(&STRING)),
        may("summary", STRING),
        may("description", STRING),
        EXTERNAL_DOCS,
        may("operationId", STRING),
        PARAMETERS,
        may("requestBody", Shape::OrRef(Kind::RequestBody)),
        must("responses", Shape::Object(Kind::Responses)),
        may("callbacks", Shape::Map(&Shape::OrRef(Kind::Callback))),
        may("deprecated", BOOLEAN),
        SECURITY,
        SERVERS,
    ],
);
pub(super) static EXTERNAL_DOCS_OBJECT: Object =
    object("an external documentation object", &[may("description", STRING), must("url", URL)]);
pub(super) static PARAMETER: Object = object(
    "a parameter",
    &[
        must("name", STRING),
        must("in", Shape::Choice(&["query", "header", "path", "cookie"])),
        may("description", STRING),
        may("required", BOOLEAN),
        may("deprecated", BOOLEAN),
        may("allowEmptyValue", BOOLEAN),
        may(
            "style",
            Shape::Choice(&["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"]),
        ),
        may("explode", BOOLEAN),
        may("allowReserved", BOOLEAN),
        may("schema", SCHEMA),
        may("example", Shape::Any),
        EXAMPLES,
        may("content", CONTENT),
    ],
);
pub(super) static REQUEST_BODY: Object =
    object("a request body", &[may("description", STRING), must("content", CONTENT), may("required", BOOLEAN)]);
pub(super) static MEDIA_TYPE: Object = object(
    "a media type object",
    &[
        may("schema", SCHEMA),
        may("example", Shape::Any),
        EXAMPLES,
        may("encoding", Shape::Map(&Shape::Object(Kind::Encoding))),
    ],
);
pub(super) static ENCODING: Object = object(
    "an encoding object",
    &[
        may("contentType", STRING),
        HEADERS,
        may("style", Shape::Choice(QUERY_STYLES)),
        may("explode", BOOLEAN),
        may("allowReserved", BOOLEAN),
    ],
);
pub(super) static RESPONSES: Object = Object {
    name: "a responses object",
    fields: &[may("default", Shape::OrRef(Kind::Response))],
    others: Others::Responses,
};
pub(super) static RESPONSE: Object = object(
    "a response",
    &[
        must("description", STRING),
        HEADERS,
        may("content", CONTENT),
        may("links", Shape::Map(&Shape::OrRef(Kind::Link))),
    ],
);
pub(super) static CALLBACK: Object = Object { name: "a callback", fields: &[], others: Others::Callbacks };
pub(super) static EXAMPLE: Object = object(
    "an example object",
    &[may("summary", STRING), may("description", STRING), may("value", Shape::Any), may("externalValue", URL)],
);
pub(super) static LINK: Object = object(
    "a link",
    &[
        may("operationRef", STRING),
        may("operationId", STRING),
        may("parameters", Shape::Map(&Shape::Any)),
        may("requestBody", Shape::Any),
        may("description", STRING),
        may("server", Shape::Object(Kind::Server)),
    ],
);
pub(super) static HEADER: Object = object(
    "a header",
    &[
        may("description", STRING),
        may("required", BOOLEAN),
        may("deprecated", BOOLEAN),
        may("allowEmptyValue", BOOLEAN),
        may("style", Shape::Choice(&["simple"])),
        may("explode", BOOLEAN),
        may("allowReserved", BOOLEAN),
        may("schema", SCHEMA),
        may("example", Shape::Any),
        EXAMPLES,
        may("content", CONTENT),
    ],
);
pub(super) static TAG: Object = object("a tag", &[must("name", STRING), may("description", STRING), EXTERNAL_DOCS]);
pub(super) static SCHEMA_OBJECT: Object = object(
    "a schema",
    &[
        may("type", Shape::Choice(&["string", "integer", "number", "boolean", "object", "array"])),
        may("format", STRING),
        may("title", STRING),
        may("description", STRING),
        may("properties", Shape::Map(&SCHEMA)),
        may("required", Shape::List(&STRING)),
        may("additionalProperties", Shape::BooleanOrSchema),
        may("items", SCHEMA),
        may("enum", Shape::List(&Shape::Any)),
        may("default", Shape::Any),
        may("example", Shape::Any),
        may("nullable", BOOLEAN),
        may("allOf", Shape::List(&SCHEMA)),
        may("oneOf", Shape::List(&SCHEMA)),
        may("anyOf", Shape::List(&SCHEMA)),
        may("not", SCHEMA),
        may("discriminator", Shape::Object(Kind::Discriminator)),
        may("readOnly", BOOLEAN),
        may("writeOnly", BOOLEAN),
        may("deprecated", BOOLEAN),
        may("pattern", STRING),
        may("minLength", Shape::Count),
        may("maxLength", Shape::Count),
        may("minimum", Shape::Number),
        may("maximum", Shape::Number),
        may("exclusiveMinimum", BOOLEAN),
        may("exclusiveMaximum", BOOLEAN),
        may("multipleOf", Shape::Positive),
        may("minItems", Shape::Count),
        may("maxItems", Shape::Count),
        may("uniqueItems", BOOLEAN),
        may("minProperties", Shape::Count),
        may("maxProperties", Shape::Count),
        may("xml", Shape::Object(Kind::Xml)),
        EXTERNAL_DOCS,
    ],
);
pub(super) static DISCRIMINATOR: Object =
    object("a discriminator", &[must("propertyName", STRING), may("mapping", STRINGS)]);
pub(super) static XML: Object = object(
    "an XML object",
    &[
        may("name", STRING),
        may("namespace", URL),
        may("prefix", STRING),
        may("attribute", BOOLEAN),
        may("wrapped", BOOLEAN),
    ],
);
// Which of its members are required depends on its type.
pub(super) static SECURITY_SCHEME: Object = object(
    "a security scheme",
    &[
        must("type", Shape::Choice(&["apiKey", "http", "oauth2", "openIdConnect"])),
        may("description", STRING),
        may("name", STRING),
        may("in", Shape::Choice(&["query", "header", "cookie"])),
        may("scheme", STRING),
        may("bearerFormat", STRING),
        may("flows", Shape::Object(Kind::OAuthFlows)),
        may("openIdConnectUrl", URL),
    ],
);
pub(super) static OAUTH_FLOWS: Object = object(
    "an OAuth flows object",
    &[
        may("implicit", Shape::Object(Kind::ImplicitFlow)),
        may("password", Shape::Object(Kind::PasswordFlow)),
        may("clientCredentials", Shape::Object(Kind::ClientCredentialsFlow)),
        may("authorizationCode", Shape::Object(Kind::AuthorizationCodeFlow)),
    ],
);
pub(super) static IMPLICIT_FLOW: Object = object(
    "an implicit OAuth flow",
    &[must("authorizationUrl", URL), may("tokenUrl", URL), may("refreshUrl", URL), must("scopes", STRINGS)],
);
pub(super) static PASSWORD_FLOW: Object = object(
    "a password OAuth flow",
    &[may("authorizationUrl", URL), must("tokenUrl", URL), may("refreshUrl", URL), must("scopes", STRINGS)],
);
pub(super) static CLIENT_CREDENTIALS_FLOW: Object = object(
    "a client credentials OAuth flow",
    &[may("authorizationUrl", URL), must("tokenUrl", URL), may("refreshUrl", URL), must("scopes", STRINGS)],
);
pub(super) static AUTHORIZATION_CODE_FLOW: Object = object(
    "an authorization code OAuth flow",
    &[must("authorizationUrl", URL), must("tokenUrl", URL), may("refreshUrl", URL), must("scopes", STRINGS)],
);
pub(super) static SECURITY_REQUIREMENT: Object =
    Object { name: "a security requirement", fields: &[], others: Others::Requirements };
// Which of its members are required, and which have a meaning, depends on its style.
pub(super) static PAGINATION: Object = Object {
    name: "an `x-pagination` object",
    fields: &[
        must("style", Shape::Choice(&["offset-limit", "page-number", "cursor", "next-link"])),
        may("offset", STRING),
        may("page", STRING),
        may("first-page", Shape::Count),
        may("cursor", STRING),
        may("next-cursor", STRING),
        may("next-link", STRING),
        may("limit", STRING),
        must("items", STRING),
        may("total", STRING),
        may("total-pages", STRING),
        may("has-more", STRING),
        may("short-page-ends", BOOLEAN),
        may("empty-page-ends", BOOLEAN),
    ],
    others: Others::Nothing,
};
pub(super) static CLIENT_CERTIFICATE: Object = Object {
    name: "an `x-client-certificate` object",
    fields: &[must("host-prefix", STRING)],
    others: Others::Nothing,
};
