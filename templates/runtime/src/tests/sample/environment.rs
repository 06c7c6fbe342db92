//! The environment variables of the sample API.

use crate::runtime::{CredentialPart, EnvironmentSetting, EnvironmentVariable};

const fn credential(name: &'static str, scheme: &'static str, part: CredentialPart) -> EnvironmentVariable {
    EnvironmentVariable { name, sets: EnvironmentSetting::Credential(scheme, part) }
}

pub static VARIABLES: [EnvironmentVariable; 19] = [
    EnvironmentVariable { name: "SAMPLE_SERVER", sets: EnvironmentSetting::Server },
    EnvironmentVariable { name: "SAMPLE_BASE_URL", sets: EnvironmentSetting::BaseUrl },
    EnvironmentVariable { name: "SAMPLE_HOST", sets: EnvironmentSetting::ServerVariable("host") },
    EnvironmentVariable { name: "SAMPLE_TENANT", sets: EnvironmentSetting::ServerVariable("tenant") },
    EnvironmentVariable { name: "SAMPLE_ROOT_CERTIFICATE_FILE", sets: EnvironmentSetting::RootCertificateFile },
    EnvironmentVariable { name: "SAMPLE_ALLOW_INSECURE_HTTP", sets: EnvironmentSetting::AllowInsecureHttp },
    credential("SAMPLE_API_KEY", "ApiKey", CredentialPart::Secret),
    credential("SAMPLE_API_KEY_FILE", "ApiKey", CredentialPart::SecretFile),
    credential("SAMPLE_CLIENT_CERTIFICATE_FILE", "ApiKey", CredentialPart::CertificateFile),
    credential("SAMPLE_CLIENT_KEY_FILE", "ApiKey", CredentialPart::KeyFile),
    credential("SAMPLE_USERNAME", "Basic", CredentialPart::Username),
    credential("SAMPLE_PASSWORD", "Basic", CredentialPart::Secret),
    credential("SAMPLE_PASSWORD_FILE", "Basic", CredentialPart::SecretFile),
    credential("SAMPLE_TOKEN", "Bearer", CredentialPart::Secret),
    credential("SAMPLE_CLIENT_ID", "Bearer", CredentialPart::ClientId),
    credential("SAMPLE_CLIENT_SECRET", "Bearer", CredentialPart::ClientSecret),
    credential("SAMPLE_TOKEN_URL", "Bearer", CredentialPart::TokenUrl),
    credential("SAMPLE_SCOPE", "Bearer", CredentialPart::Scope),
    credential("SAMPLE_AUDIENCE", "Bearer", CredentialPart::Audience),
];
