//! A client of a sample API. It is written like generated code, and tests the interface between the runtime and
//! generated code.

mod environment;
pub mod listings;
pub mod models;
pub mod operations;

static API: crate::runtime::ApiInfo = crate::runtime::ApiInfo {
    name: "sample",
    version: "1.0.0",
    user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
    servers: &[
        crate::runtime::ServerInfo {
            name: ::std::option::Option::Some("Production"),
            url: "https://{host}",
            variables: &[crate::runtime::ServerVariable {
                name: "host",
                default: "one.example.com",
                allowed: &[],
                required: false,
            }],
        },
        crate::runtime::ServerInfo {
            name: ::std::option::Option::Some("Tenant"),
            url: "https://{tenant}.example.com/{stage}/",
            variables: &[
                crate::runtime::ServerVariable { name: "tenant", default: "tenant", allowed: &[], required: true },
                crate::runtime::ServerVariable {
                    name: "stage",
                    default: "v1",
                    allowed: &["v1", "v2"],
                    required: false,
                },
            ],
        },
        crate::runtime::ServerInfo { name: ::std::option::Option::None, url: "/api/v1", variables: &[] },
    ],
    operation_servers: &[
        crate::runtime::ServerInfo {
            name: ::std::option::Option::None,
            url: "http://{region}.reports.example.com",
            variables: &[crate::runtime::ServerVariable {
                name: "region",
                default: "eu",
                allowed: &["eu", "us"],
                required: false,
            }],
        },
        crate::runtime::ServerInfo { name: ::std::option::Option::None, url: "/reports", variables: &[] },
    ],
    security_schemes: &[
        crate::runtime::SecurityScheme {
            name: "ApiKey",
            kind: crate::runtime::SchemeKind::ApiKey { location: crate::runtime::Location::Header, name: "x-api-key" },
            client_certificate: Some(crate::runtime::ClientCertificateRule { host_prefix: "clientauth." }),
            setter: "api_key",
        },
        crate::runtime::SecurityScheme {
            name: "Basic",
            kind: crate::runtime::SchemeKind::Basic,
            client_certificate: None,
            setter: "basic_auth",
        },
        crate::runtime::SecurityScheme {
            name: "Bearer",
            kind: crate::runtime::SchemeKind::Bearer,
            client_certificate: None,
            setter: "bearer_token",
        },
        crate::runtime::SecurityScheme {
            name: "QueryKey",
            kind: crate::runtime::SchemeKind::ApiKey { location: crate::runtime::Location::Query, name: "key" },
            client_certificate: None,
            setter: "query_key",
        },
        crate::runtime::SecurityScheme {
            name: "CookieKey",
            kind: crate::runtime::SchemeKind::ApiKey { location: crate::runtime::Location::Cookie, name: "session" },
            client_certificate: None,
            setter: "cookie_key",
        },
        crate::runtime::SecurityScheme {
            name: "OAuth2",
            kind: crate::runtime::SchemeKind::OAuth2 { token_url: Some("oauth/token") },
            client_certificate: None,
            setter: "oauth2",
        },
        crate::runtime::SecurityScheme {
            name: "Token",
            kind: crate::runtime::SchemeKind::Http { scheme: "Token" },
            client_certificate: None,
            setter: "token",
        },
    ],
    environment: &environment::VARIABLES,
    request_id_header: Some("x-request-id"),
    sensitive_properties: &[&["**", "enrollment_code"], &["**", "pkcs12Password"]],
};

/// The client of the sample API.
#[derive(Debug, Clone)]
pub struct Client {
    inner: crate::runtime::ApiClient,
}

impl Client {
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub fn from_env() -> ::std::result::Result<Self, crate::runtime::BuildError> {
        Self::builder().from_env()?.build()
    }

    pub fn certificates(&self) -> operations::Certificates {
        operations::Certificates::new(self.inner.clone())
    }

    pub fn api(&self) -> &crate::runtime::ApiClient {
        &self.inner
    }

    pub fn request(
        &self,
        method: ::http::Method,
        path: impl ::std::convert::Into<::std::string::String>,
    ) -> crate::runtime::RawRequest<ErrorBody> {
        crate::runtime::RawRequest::new(&self.inner, method, path.into())
    }
}

impl crate::runtime::sealed::Sealed for Client {}

impl crate::runtime::Service for Client {
    const API: &'static crate::runtime::ApiInfo = &API;

    fn from_api_client(inner: crate::runtime::ApiClient) -> Self {
        Self { inner }
    }
}

pub type ClientBuilder = crate::runtime::ClientBuilder<Client>;

impl crate::runtime::ClientBuilder<Client> {
    pub fn api_key(self, key: impl ::std::convert::Into<crate::runtime::Secret>) -> Self {
        self.credential("ApiKey", crate::runtime::Credential::api_key(key))
    }

    pub fn basic_auth(
        self,
        username: impl ::std::convert::Into<::std::string::String>,
        password: impl ::std::convert::Into<crate::runtime::Secret>,
    ) -> Self {
        self.credential("Basic", crate::runtime::Credential::basic(username, password))
    }

    pub fn bearer_token(self, token: impl ::std::convert::Into<crate::runtime::Secret>) -> Self {
        self.credential("Bearer", crate::runtime::Credential::bearer(token))
    }

    pub fn query_key(self, key: impl ::std::convert::Into<crate::runtime::Secret>) -> Self {
        self.credential("QueryKey", crate::runtime::Credential::api_key(key))
    }

    pub fn cookie_key(self, key: impl ::std::convert::Into<crate::runtime::Secret>) -> Self {
        self.credential("CookieKey", crate::runtime::Credential::api_key(key))
    }

    pub fn api_key_provider(self, provider: impl crate::runtime::CredentialProvider) -> Self {
        self.credential("ApiKey", crate::runtime::Credential::provider(provider))
    }

    pub fn basic_auth_provider(self, provider: impl crate::runtime::CredentialProvider) -> Self {
        self.credential("Basic", crate::runtime::Credential::provider(provider))
    }

    pub fn bearer_token_client_credentials(self, client: crate::runtime::ClientCredentials) -> Self {
        self.credential("Bearer", crate::runtime::Credential::client_credentials(client))
    }

    pub fn oauth2_client_credentials(self, client: crate::runtime::ClientCredentials) -> Self {
        self.credential("OAuth2", crate::runtime::Credential::client_credentials(client))
    }

    pub fn token(self, credentials: impl ::std::convert::Into<crate::runtime::Secret>) -> Self {
        self.credential("Token", crate::runtime::Credential::authorization(credentials))
    }

    pub fn client_certificate(self, identity: crate::runtime::ClientIdentity) -> Self {
        self.credential("ApiKey", crate::runtime::Credential::client_certificate(identity))
    }

    pub fn host(self, host: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.server_variable("host", host)
    }
}

pub type Error = crate::runtime::Error<ErrorBody>;

/// The documented error bodies.
#[derive(Clone, PartialEq)]
#[cfg_attr(feature = "cli", derive(::serde::Serialize), serde(untagged))]
#[non_exhaustive]
pub enum ErrorBody {
    ErrorEnvelope(models::ErrorEnvelope),
    Health(models::HealthState),
    #[serde(serialize_with = "crate::runtime::serialize_raw")]
    Raw(::bytes::Bytes),
}

impl ::std::fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match self {
            Self::ErrorEnvelope(body) => f.debug_tuple("ErrorEnvelope").field(body).finish(),
            Self::Health(body) => f.debug_tuple("Health").field(body).finish(),
            Self::Raw(bytes) => f.debug_tuple("Raw").field(&::std::format_args!("{} bytes", bytes.len())).finish(),
        }
    }
}

impl ::std::convert::From<::bytes::Bytes> for ErrorBody {
    fn from(bytes: ::bytes::Bytes) -> Self {
        Self::Raw(bytes)
    }
}
