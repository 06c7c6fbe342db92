//! Security schemes and requirements.

use crate::source::Span;

use super::{Extensions, Spanned};

/// A security scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityScheme {
    /// The name of the scheme.
    pub name: Spanned<String>,
    /// `type`, with the fields that belong to the type.
    pub kind: SchemeKind,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// `x-client-certificate`
    pub client_certificate: Option<ClientCertificate>,
    /// Other extensions.
    pub extensions: Extensions,
    /// The location of the scheme.
    pub span: Span,
}

/// The type of a security scheme.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemeKind {
    /// `apiKey`
    ApiKey {
        /// `in`
        location: ApiKeyLocation,
        /// `name`
        name: String,
    },
    /// `http`; in Swagger 2.0 `basic`.
    Http {
        /// `scheme`
        scheme: Spanned<String>,
        /// `bearerFormat`
        bearer_format: Option<String>,
    },
    /// `mutualTLS`
    MutualTls,
    /// `oauth2`
    OAuth2 {
        /// The flows, in document order.
        flows: Vec<Flow>,
        /// `oauth2MetadataUrl`
        metadata_url: Option<String>,
    },
    /// `openIdConnect`
    OpenIdConnect {
        /// `openIdConnectUrl`
        url: String,
    },
}

/// Where an API key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyLocation {
    /// A header.
    Header,
    /// A query parameter.
    Query,
    /// A cookie.
    Cookie,
}

/// An OAuth2 flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// The kind of the flow.
    pub kind: FlowKind,
    /// `authorizationUrl`
    pub authorization_url: Option<String>,
    /// `deviceAuthorizationUrl`
    pub device_authorization_url: Option<String>,
    /// `tokenUrl`
    pub token_url: Option<String>,
    /// `refreshUrl`
    pub refresh_url: Option<String>,
    /// `scopes`, with their descriptions.
    pub scopes: Vec<(String, String)>,
    /// `x-` extensions.
    pub extensions: Extensions,
}

/// A kind of OAuth2 flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowKind {
    /// `implicit`
    Implicit,
    /// `password`
    Password,
    /// `clientCredentials`; in Swagger 2.0 `application`.
    ClientCredentials,
    /// `authorizationCode`; in Swagger 2.0 `accessCode`.
    AuthorizationCode,
    /// `deviceAuthorization`
    DeviceAuthorization,
}

impl FlowKind {
    /// Returns the kind of flow with this name, in Swagger 2.0 or OpenAPI 3.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "implicit" => Self::Implicit,
            "password" => Self::Password,
            "clientCredentials" | "application" => Self::ClientCredentials,
            "authorizationCode" | "accessCode" => Self::AuthorizationCode,
            "deviceAuthorization" => Self::DeviceAuthorization,
            _ => return None,
        })
    }

    /// Returns the name of the flow in OpenAPI 3.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::Password => "password",
            Self::ClientCredentials => "clientCredentials",
            Self::AuthorizationCode => "authorizationCode",
            Self::DeviceAuthorization => "deviceAuthorization",
        }
    }
}

/// `x-client-certificate`: callers may use a TLS client certificate instead of the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// `host-prefix`
    pub host_prefix: String,
}

/// A security requirement: the schemes that a request must satisfy together. Empty if no credential is needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// The schemes, in document order.
    pub schemes: Vec<RequiredScheme>,
}

/// A scheme in a security requirement.
#[derive(Debug, Clone, PartialEq)]
pub struct RequiredScheme {
    /// The name of the scheme.
    pub name: Spanned<String>,
    /// The scopes that are needed.
    pub scopes: Vec<String>,
}
