//! The objects of OpenAPI 3.1 and 3.2. Fields that only 3.2 has are marked with `since_3_2`.

use super::{extensions, v3_0, v3_1_schema};
use crate::validate::object::{Field, Kind, Object, Shape, object, optional, required, since_3_2};

/// Returns the definition of a kind of object.
pub(crate) fn of(kind: Kind) -> &'static Object {
    match kind {
        Kind::OpenApi => &OPEN_API,
        Kind::Info => &INFO,
        Kind::License => &LICENSE,
        Kind::Server => &SERVER,
        Kind::Components => &COMPONENTS,
        Kind::PathItem => &PATH_ITEM,
        Kind::Operation => &OPERATION,
        Kind::Parameter => &PARAMETER,
        Kind::RequestBody => &REQUEST_BODY,
        Kind::MediaType => &MEDIA_TYPE,
        Kind::Encoding => &ENCODING,
        Kind::Response => &RESPONSE,
        Kind::Example => &EXAMPLE,
        Kind::Header => &HEADER,
        Kind::Tag => &TAG,
        Kind::Schema => &v3_1_schema::SCHEMA,
        Kind::Discriminator => &v3_1_schema::DISCRIMINATOR,
        Kind::Xml => &v3_1_schema::XML,
        Kind::SecurityScheme => &SECURITY_SCHEME,
        Kind::OAuthFlows => &OAUTH_FLOWS,
        Kind::ImplicitFlow => &IMPLICIT_FLOW,
        Kind::PasswordFlow => &PASSWORD_FLOW,
        Kind::ClientCredentialsFlow => &CLIENT_CREDENTIALS_FLOW,
        Kind::AuthorizationCodeFlow => &AUTHORIZATION_CODE_FLOW,
        Kind::DeviceAuthorizationFlow => &DEVICE_AUTHORIZATION_FLOW,
        // The same as in 3.0.
        Kind::Contact
        | Kind::ServerVariable
        | Kind::Paths
        | Kind::ExternalDocs
        | Kind::Responses
        | Kind::Callback
        | Kind::Link
        | Kind::SecurityRequirement => v3_0::of(kind),
        // Not an object of OpenAPI 3.1.
        Kind::Items | Kind::Pagination | Kind::ClientCertificate => extensions::of(kind),
    }
}

const STRING: Shape = Shape::String;
const URL: Shape = Shape::Url;
const BOOLEAN: Shape = Shape::Boolean;
const SCHEMA: Shape = Shape::BooleanOrSchema;
const EXTERNAL_DOCS: Field = optional("externalDocs", Shape::Object(Kind::ExternalDocs));
const SERVERS: Field = optional("servers", Shape::List(&Shape::Object(Kind::Server)));
const PARAMETERS: Field = optional("parameters", Shape::List(&Shape::OrRef(Kind::Parameter)));
const SECURITY: Field = optional("security", Shape::List(&Shape::Object(Kind::SecurityRequirement)));
// References to media types are new in 3.2.
const CONTENT: Shape = Shape::Map(&Shape::OrRef(Kind::MediaType));
const EXAMPLES: Field = optional("examples", Shape::Map(&Shape::OrRef(Kind::Example)));
const HEADERS: Field = optional("headers", Shape::Map(&Shape::OrRef(Kind::Header)));
const STRINGS: Shape = Shape::Map(&Shape::String);
const OPERATION_SHAPE: Shape = Shape::Object(Kind::Operation);
const ENCODINGS: Field = optional("encoding", Shape::Map(&Shape::Object(Kind::Encoding)));
const PREFIX_ENCODING: Field = since_3_2(optional("prefixEncoding", Shape::List(&Shape::Object(Kind::Encoding))));
const ITEM_ENCODING: Field = since_3_2(optional("itemEncoding", Shape::Object(Kind::Encoding)));

static OPEN_API: Object = object(
    "an OpenAPI document",
    &[
        required("openapi", STRING),
        since_3_2(optional("$self", Shape::SchemaUri)),
        required("info", Shape::Object(Kind::Info)),
        optional("jsonSchemaDialect", URL),
        SERVERS,
        // At least one of these three is required.
        optional("paths", Shape::Object(Kind::Paths)),
        optional("webhooks", Shape::Map(&Shape::Object(Kind::PathItem))),
        optional("components", Shape::Object(Kind::Components)),
        SECURITY,
        optional("tags", Shape::List(&Shape::Object(Kind::Tag))),
        EXTERNAL_DOCS,
    ],
);
static INFO: Object = object(
    "an info object",
    &[
        required("title", STRING),
        optional("summary", STRING),
        optional("description", STRING),
        optional("termsOfService", URL),
        optional("contact", Shape::Object(Kind::Contact)),
        optional("license", Shape::Object(Kind::License)),
        required("version", STRING),
    ],
);
static LICENSE: Object =
    object("a license", &[required("name", STRING), optional("identifier", STRING), optional("url", URL)]);
static SERVER: Object = object(
    "a server",
    &[
        required("url", STRING),
        since_3_2(optional("name", STRING)),
        optional("description", STRING),
        optional("variables", Shape::Map(&Shape::Object(Kind::ServerVariable))),
    ],
);
static COMPONENTS: Object = object(
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
        optional("pathItems", Shape::Components(&Shape::Object(Kind::PathItem))),
        since_3_2(optional("mediaTypes", Shape::Components(&Shape::OrRef(Kind::MediaType)))),
    ],
);
static PATH_ITEM: Object = object(
    "a path item",
    &[
        optional("$ref", STRING),
        optional("summary", STRING),
        optional("description", STRING),
        optional("get", OPERATION_SHAPE),
        optional("put", OPERATION_SHAPE),
        optional("post", OPERATION_SHAPE),
        optional("delete", OPERATION_SHAPE),
        optional("options", OPERATION_SHAPE),
        optional("head", OPERATION_SHAPE),
        optional("patch", OPERATION_SHAPE),
        optional("trace", OPERATION_SHAPE),
        since_3_2(optional("query", OPERATION_SHAPE)),
        since_3_2(optional("additionalOperations", Shape::Map(&OPERATION_SHAPE))),
        SERVERS,
        PARAMETERS,
    ],
);
static OPERATION: Object = object(
    "an operation",
    &[
        optional("tags", Shape::List(&STRING)),
        optional("summary", STRING),
        optional("description", STRING),
        EXTERNAL_DOCS,
        optional("operationId", STRING),
        PARAMETERS,
        optional("requestBody", Shape::OrRef(Kind::RequestBody)),
        optional("responses", Shape::Object(Kind::Responses)),
        optional("callbacks", Shape::Map(&Shape::OrRef(Kind::Callback))),
        optional("deprecated", BOOLEAN),
        SECURITY,
        SERVERS,
    ],
);
static PARAMETER: Object = object(
    "a parameter",
    &[
        required("name", STRING),
        // `querystring` is new in 3.2.
        required("in", Shape::Choice(&["query", "querystring", "header", "path", "cookie"])),
        optional("description", STRING),
        optional("required", BOOLEAN),
        optional("deprecated", BOOLEAN),
        optional("allowEmptyValue", BOOLEAN),
        optional(
            "style",
            Shape::Choice(&[
                "matrix",
                "label",
                "form",
                "simple",
                "spaceDelimited",
                "pipeDelimited",
                "deepObject",
                "cookie",
            ]),
        ),
        optional("explode", BOOLEAN),
        optional("allowReserved", BOOLEAN),
        optional("schema", SCHEMA),
        optional("example", Shape::Any),
        EXAMPLES,
        optional("content", CONTENT),
    ],
);
static REQUEST_BODY: Object = object(
    "a request body",
    &[optional("description", STRING), required("content", CONTENT), optional("required", BOOLEAN)],
);
static MEDIA_TYPE: Object = object(
    "a media type object",
    &[
        since_3_2(optional("description", STRING)),
        optional("schema", SCHEMA),
        since_3_2(optional("itemSchema", SCHEMA)),
        optional("example", Shape::Any),
        EXAMPLES,
        ENCODINGS,
        PREFIX_ENCODING,
        ITEM_ENCODING,
    ],
);
static ENCODING: Object = object(
    "an encoding object",
    &[
        optional("contentType", STRING),
        HEADERS,
        optional("style", Shape::Choice(&["form", "spaceDelimited", "pipeDelimited", "deepObject"])),
        optional("explode", BOOLEAN),
        optional("allowReserved", BOOLEAN),
        since_3_2(ENCODINGS),
        PREFIX_ENCODING,
        ITEM_ENCODING,
    ],
);
static RESPONSE: Object = object(
    "a response",
    &[
        since_3_2(optional("summary", STRING)),
        // Required in 3.1.
        optional("description", STRING),
        HEADERS,
        optional("content", CONTENT),
        optional("links", Shape::Map(&Shape::OrRef(Kind::Link))),
    ],
);
static EXAMPLE: Object = object(
    "an example object",
    &[
        optional("summary", STRING),
        optional("description", STRING),
        since_3_2(optional("dataValue", Shape::Any)),
        since_3_2(optional("serializedValue", STRING)),
        optional("value", Shape::Any),
        optional("externalValue", URL),
    ],
);
static HEADER: Object = object(
    "a header",
    &[
        optional("description", STRING),
        optional("required", BOOLEAN),
        optional("deprecated", BOOLEAN),
        optional("style", Shape::Choice(&["simple"])),
        optional("explode", BOOLEAN),
        optional("schema", SCHEMA),
        optional("example", Shape::Any),
        EXAMPLES,
        optional("content", CONTENT),
    ],
);
static TAG: Object = object(
    "a tag",
    &[
        required("name", STRING),
        since_3_2(optional("summary", STRING)),
        optional("description", STRING),
        EXTERNAL_DOCS,
        since_3_2(optional("parent", STRING)),
        since_3_2(optional("kind", STRING)),
    ],
);
// The type determines which of the fields are required.
static SECURITY_SCHEME: Object = object(
    "a security scheme",
    &[
        required("type", Shape::Choice(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"])),
        optional("description", STRING),
        optional("name", STRING),
        optional("in", Shape::Choice(&["query", "header", "cookie"])),
        optional("scheme", STRING),
        optional("bearerFormat", STRING),
        optional("flows", Shape::Object(Kind::OAuthFlows)),
        optional("openIdConnectUrl", URL),
        since_3_2(optional("oauth2MetadataUrl", URL)),
        since_3_2(optional("deprecated", BOOLEAN)),
    ],
);
static OAUTH_FLOWS: Object = object(
    "an OAuth flows object",
    &[
        optional("implicit", Shape::Object(Kind::ImplicitFlow)),
        optional("password", Shape::Object(Kind::PasswordFlow)),
        optional("clientCredentials", Shape::Object(Kind::ClientCredentialsFlow)),
        optional("authorizationCode", Shape::Object(Kind::AuthorizationCodeFlow)),
        since_3_2(optional("deviceAuthorization", Shape::Object(Kind::DeviceAuthorizationFlow))),
    ],
);
static IMPLICIT_FLOW: Object = object(
    "an implicit OAuth flow",
    &[required("authorizationUrl", URL), optional("refreshUrl", URL), required("scopes", STRINGS)],
);
static PASSWORD_FLOW: Object = object(
    "a password OAuth flow",
    &[required("tokenUrl", URL), optional("refreshUrl", URL), required("scopes", STRINGS)],
);
static CLIENT_CREDENTIALS_FLOW: Object = object(
    "a client credentials OAuth flow",
    &[required("tokenUrl", URL), optional("refreshUrl", URL), required("scopes", STRINGS)],
);
static AUTHORIZATION_CODE_FLOW: Object = object(
    "an authorization code OAuth flow",
    &[
        required("authorizationUrl", URL),
        required("tokenUrl", URL),
        optional("refreshUrl", URL),
        required("scopes", STRINGS),
    ],
);
static DEVICE_AUTHORIZATION_FLOW: Object = object(
    "a device authorization OAuth flow",
    &[
        required("deviceAuthorizationUrl", URL),
        required("tokenUrl", URL),
        optional("refreshUrl", URL),
        required("scopes", STRINGS),
    ],
);
