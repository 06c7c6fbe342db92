//! The objects of OpenAPI 3.0.

use super::extensions;
use crate::validate::object::{Field, Kind, Object, OtherFields, Shape, object, optional, required};

/// Returns the definition of a kind of object.
pub(crate) fn of(kind: Kind) -> &'static Object {
    match kind {
        Kind::OpenApi => &OPEN_API,
        Kind::Info => &INFO,
        Kind::Contact => &CONTACT,
        Kind::License => &LICENSE,
        Kind::Server => &SERVER,
        Kind::ServerVariable => &SERVER_VARIABLE,
        Kind::Components => &COMPONENTS,
        Kind::Paths => &PATHS,
        Kind::PathItem => &PATH_ITEM,
        Kind::Operation => &OPERATION_OBJECT,
        Kind::ExternalDocs => &EXTERNAL_DOCS_OBJECT,
        Kind::Parameter => &PARAMETER,
        Kind::RequestBody => &REQUEST_BODY,
        Kind::MediaType => &MEDIA_TYPE,
        Kind::Encoding => &ENCODING,
        Kind::Responses => &RESPONSES,
        Kind::Response => &RESPONSE,
        Kind::Callback => &CALLBACK,
        Kind::Example => &EXAMPLE,
        Kind::Link => &LINK,
        Kind::Header => &HEADER,
        Kind::Tag => &TAG,
        Kind::Schema => &SCHEMA_OBJECT,
        Kind::Discriminator => &DISCRIMINATOR,
        Kind::Xml => &XML,
        Kind::SecurityScheme => &SECURITY_SCHEME,
        Kind::OAuthFlows => &OAUTH_FLOWS,
        Kind::ImplicitFlow => &IMPLICIT_FLOW,
        Kind::PasswordFlow => &PASSWORD_FLOW,
        Kind::ClientCredentialsFlow => &CLIENT_CREDENTIALS_FLOW,
        Kind::AuthorizationCodeFlow => &AUTHORIZATION_CODE_FLOW,
        Kind::SecurityRequirement => &SECURITY_REQUIREMENT,
        // Not an object of OpenAPI 3.0.
        Kind::Items | Kind::DeviceAuthorizationFlow | Kind::Pagination | Kind::ClientCertificate => {
            extensions::of(kind)
        }
    }
}

const STRING: Shape = Shape::String;
const URL: Shape = Shape::Url;
const BOOLEAN: Shape = Shape::Boolean;
const SCHEMA: Shape = Shape::OrRef(Kind::Schema);
const EXTERNAL_DOCS: Field = optional("externalDocs", Shape::Object(Kind::ExternalDocs));
const SERVERS: Field = optional("servers", Shape::List(&Shape::Object(Kind::Server)));
const PARAMETERS: Field = optional("parameters", Shape::List(&Shape::OrRef(Kind::Parameter)));
const SECURITY: Field = optional("security", Shape::List(&Shape::Object(Kind::SecurityRequirement)));
const CONTENT: Shape = Shape::Map(&Shape::Object(Kind::MediaType));
const EXAMPLES: Field = optional("examples", Shape::Map(&Shape::OrRef(Kind::Example)));
const HEADERS: Field = optional("headers", Shape::Map(&Shape::OrRef(Kind::Header)));
const STRINGS: Shape = Shape::Map(&Shape::String);
const OPERATION: Shape = Shape::Object(Kind::Operation);
const QUERY_STYLES: &[&str] = &["form", "spaceDelimited", "pipeDelimited", "deepObject"];

pub(super) static OPEN_API: Object = object(
    "an OpenAPI document",
    &[
        required("openapi", STRING),
        required("info", Shape::Object(Kind::Info)),
        SERVERS,
        required("paths", Shape::Object(Kind::Paths)),
        optional("components", Shape::Object(Kind::Components)),
        SECURITY,
        optional("tags", Shape::List(&Shape::Object(Kind::Tag))),
        EXTERNAL_DOCS,
    ],
);
pub(super) static INFO: Object = object(
    "an info object",
    &[
        required("title", STRING),
        optional("description", STRING),
        optional("termsOfService", URL),
        optional("contact", Shape::Object(Kind::Contact)),
        optional("license", Shape::Object(Kind::License)),
        required("version", STRING),
    ],
);
pub(super) static CONTACT: Object =
    object("a contact", &[optional("name", STRING), optional("url", URL), optional("email", Shape::Email)]);
pub(super) static LICENSE: Object = object("a license", &[required("name", STRING), optional("url", URL)]);
pub(super) static SERVER: Object = object(
    "a server",
    &[
        required("url", STRING),
        optional("description", STRING),
        optional("variables", Shape::Map(&Shape::Object(Kind::ServerVariable))),
    ],
);
pub(super) static SERVER_VARIABLE: Object = object(
    "a server variable",
    &[optional("enum", Shape::List(&STRING)), required("default", STRING), optional("description", STRING)],
);
pub(super) static COMPONENTS: Object = object(
    "a components object",
    &[
        optional("schemas", Shape::Components(&SCHEMA)),
        optional("responses", Shape::Components(&Shape::OrRef(Kind::Response))),
        optional("parameters", Shape::Components(&Shape::OrRef(Kind::Parameter))),
        optional("examples", Shape::Components(&Shape::OrRef(Kind::Example))),
        optional("requestBodies", Shape::Components(&Shape::OrRef(Kind::RequestBody))),
        optional("headers", Shape::Components(&Shape::OrRef(Kind::Header))),
        optional("securitySchemes", Shape::Components(&Shape::OrRef(Kind::SecurityScheme))),
        optional("links", Shape::Components(&Shape::OrRef(Kind::Link))),
        optional("callbacks", Shape::Components(&Shape::OrRef(Kind::Callback))),
    ],
);
pub(super) static PATHS: Object = Object { name: "a paths object", fields: &[], others: OtherFields::Paths };
pub(super) static PATH_ITEM: Object = object(
    "a path item",
    &[
        // The `$ref` of a path item may have siblings, unlike the `$ref` of other objects.
        optional("$ref", STRING),
        optional("summary", STRING),
        optional("description", STRING),
        optional("get", OPERATION),
        optional("put", OPERATION),
        optional("post", OPERATION),
        optional("delete", OPERATION),
        optional("options", OPERATION),
        optional("head", OPERATION),
        optional("patch", OPERATION),
        optional("trace", OPERATION),
        SERVERS,
        PARAMETERS,
    ],
);
pub(super) static OPERATION_OBJECT: Object = object(
    "an operation",
    &[
        optional("tags", Shape::List(&STRING)),
        optional("summary", STRING),
        optional("description", STRING),
        EXTERNAL_DOCS,
        optional("operationId", STRING),
        PARAMETERS,
        optional("requestBody", Shape::OrRef(Kind::RequestBody)),
        required("responses", Shape::Object(Kind::Responses)),
        optional("callbacks", Shape::Map(&Shape::OrRef(Kind::Callback))),
        optional("deprecated", BOOLEAN),
        SECURITY,
        SERVERS,
    ],
);
pub(super) static EXTERNAL_DOCS_OBJECT: Object =
    object("an external documentation object", &[optional("description", STRING), required("url", URL)]);
pub(super) static PARAMETER: Object = object(
    "a parameter",
    &[
        required("name", STRING),
        required("in", Shape::Choice(&["query", "header", "path", "cookie"])),
        optional("description", STRING),
        optional("required", BOOLEAN),
        optional("deprecated", BOOLEAN),
        optional("allowEmptyValue", BOOLEAN),
        optional(
            "style",
            Shape::Choice(&["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"]),
        ),
        optional("explode", BOOLEAN),
        optional("allowReserved", BOOLEAN),
        optional("schema", SCHEMA),
        optional("example", Shape::Any),
        EXAMPLES,
        optional("content", CONTENT),
    ],
);
pub(super) static REQUEST_BODY: Object = object(
    "a request body",
    &[optional("description", STRING), required("content", CONTENT), optional("required", BOOLEAN)],
);
pub(super) static MEDIA_TYPE: Object = object(
    "a media type object",
    &[
        optional("schema", SCHEMA),
        optional("example", Shape::Any),
        EXAMPLES,
        optional("encoding", Shape::Map(&Shape::Object(Kind::Encoding))),
    ],
);
pub(super) static ENCODING: Object = object(
    "an encoding object",
    &[
        optional("contentType", STRING),
        HEADERS,
        optional("style", Shape::Choice(QUERY_STYLES)),
        optional("explode", BOOLEAN),
        optional("allowReserved", BOOLEAN),
    ],
);
pub(super) static RESPONSES: Object = Object {
    name: "a responses object",
    fields: &[optional("default", Shape::OrRef(Kind::Response))],
    others: OtherFields::Responses,
};
pub(super) static RESPONSE: Object = object(
    "a response",
    &[
        required("description", STRING),
        HEADERS,
        optional("content", CONTENT),
        optional("links", Shape::Map(&Shape::OrRef(Kind::Link))),
    ],
);
pub(super) static CALLBACK: Object = Object { name: "a callback", fields: &[], others: OtherFields::Callbacks };
pub(super) static EXAMPLE: Object = object(
    "an example object",
    &[
        optional("summary", STRING),
        optional("description", STRING),
        optional("value", Shape::Any),
        optional("externalValue", URL),
    ],
);
pub(super) static LINK: Object = object(
    "a link",
    &[
        optional("operationRef", STRING),
        optional("operationId", STRING),
        optional("parameters", Shape::Map(&Shape::Any)),
        optional("requestBody", Shape::Any),
        optional("description", STRING),
        optional("server", Shape::Object(Kind::Server)),
    ],
);
pub(super) static HEADER: Object = object(
    "a header",
    &[
        optional("description", STRING),
        optional("required", BOOLEAN),
        optional("deprecated", BOOLEAN),
        optional("allowEmptyValue", BOOLEAN),
        optional("style", Shape::Choice(&["simple"])),
        optional("explode", BOOLEAN),
        optional("allowReserved", BOOLEAN),
        optional("schema", SCHEMA),
        optional("example", Shape::Any),
        EXAMPLES,
        optional("content", CONTENT),
    ],
);
pub(super) static TAG: Object =
    object("a tag", &[required("name", STRING), optional("description", STRING), EXTERNAL_DOCS]);
pub(super) static SCHEMA_OBJECT: Object = object(
    "a schema",
    &[
        optional("type", Shape::Choice(&["string", "integer", "number", "boolean", "object", "array"])),
        optional("format", STRING),
        optional("title", STRING),
        optional("description", STRING),
        optional("properties", Shape::Map(&SCHEMA)),
        optional("required", Shape::List(&STRING)),
        optional("additionalProperties", Shape::BooleanOrSchema),
        optional("items", SCHEMA),
        optional("enum", Shape::List(&Shape::Any)),
        optional("default", Shape::Any),
        optional("example", Shape::Any),
        optional("nullable", BOOLEAN),
        optional("allOf", Shape::List(&SCHEMA)),
        optional("oneOf", Shape::List(&SCHEMA)),
        optional("anyOf", Shape::List(&SCHEMA)),
        optional("not", SCHEMA),
        optional("discriminator", Shape::Object(Kind::Discriminator)),
        optional("readOnly", BOOLEAN),
        optional("writeOnly", BOOLEAN),
        optional("deprecated", BOOLEAN),
        optional("pattern", STRING),
        optional("minLength", Shape::Count),
        optional("maxLength", Shape::Count),
        optional("minimum", Shape::Number),
        optional("maximum", Shape::Number),
        optional("exclusiveMinimum", BOOLEAN),
        optional("exclusiveMaximum", BOOLEAN),
        optional("multipleOf", Shape::Positive),
        optional("minItems", Shape::Count),
        optional("maxItems", Shape::Count),
        optional("uniqueItems", BOOLEAN),
        optional("minProperties", Shape::Count),
        optional("maxProperties", Shape::Count),
        optional("xml", Shape::Object(Kind::Xml)),
        EXTERNAL_DOCS,
    ],
);
pub(super) static DISCRIMINATOR: Object =
    object("a discriminator", &[required("propertyName", STRING), optional("mapping", STRINGS)]);
pub(super) static XML: Object = object(
    "an XML object",
    &[
        optional("name", STRING),
        optional("namespace", URL),
        optional("prefix", STRING),
        optional("attribute", BOOLEAN),
        optional("wrapped", BOOLEAN),
    ],
);
// The type determines which of the fields are required.
pub(super) static SECURITY_SCHEME: Object = object(
    "a security scheme",
    &[
        required("type", Shape::Choice(&["apiKey", "http", "oauth2", "openIdConnect"])),
        optional("description", STRING),
        optional("name", STRING),
        optional("in", Shape::Choice(&["query", "header", "cookie"])),
        optional("scheme", STRING),
        optional("bearerFormat", STRING),
        optional("flows", Shape::Object(Kind::OAuthFlows)),
        optional("openIdConnectUrl", URL),
    ],
);
pub(super) static OAUTH_FLOWS: Object = object(
    "an OAuth flows object",
    &[
        optional("implicit", Shape::Object(Kind::ImplicitFlow)),
        optional("password", Shape::Object(Kind::PasswordFlow)),
        optional("clientCredentials", Shape::Object(Kind::ClientCredentialsFlow)),
        optional("authorizationCode", Shape::Object(Kind::AuthorizationCodeFlow)),
    ],
);
pub(super) static IMPLICIT_FLOW: Object = object(
    "an implicit OAuth flow",
    &[
        required("authorizationUrl", URL),
        optional("tokenUrl", URL),
        optional("refreshUrl", URL),
        required("scopes", STRINGS),
    ],
);
pub(super) static PASSWORD_FLOW: Object = object(
    "a password OAuth flow",
    &[
        optional("authorizationUrl", URL),
        required("tokenUrl", URL),
        optional("refreshUrl", URL),
        required("scopes", STRINGS),
    ],
);
pub(super) static CLIENT_CREDENTIALS_FLOW: Object = object(
    "a client credentials OAuth flow",
    &[
        optional("authorizationUrl", URL),
        required("tokenUrl", URL),
        optional("refreshUrl", URL),
        required("scopes", STRINGS),
    ],
);
pub(super) static AUTHORIZATION_CODE_FLOW: Object = object(
    "an authorization code OAuth flow",
    &[
        required("authorizationUrl", URL),
        required("tokenUrl", URL),
        optional("refreshUrl", URL),
        required("scopes", STRINGS),
    ],
);
pub(super) static SECURITY_REQUIREMENT: Object =
    Object { name: "a security requirement", fields: &[], others: OtherFields::Requirements };
