//! Chooses the names of the environment variables of an API, and assigns a setting to each of them.
//!
//! The variables of a security scheme have plain names, such as `USERNAME` and `TOKEN`. If an earlier scheme already
//! uses the plain names, the name of the builder method that sets the credential is the prefix, e.g. `ADMIN_TOKEN` for
//! `admin`. The variable of an API key always has the name of the builder method.

use crate::ir::{Api, SchemeKind, SecurityScheme};

use super::identifier::{Case, identifier, in_ascii};
use super::scope::Scope;
use super::words::words;

/// An environment variable that configures a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentVariable {
    /// The name without its prefix. The prefix is the name of the API, followed by `_`.
    pub name: String,
    /// The setting that the variable controls.
    pub sets: Setting,
}

/// The setting that an environment variable controls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// The server, identified by its name or its index in the document.
    Server,
    /// The base URL.
    BaseUrl,
    /// The path of a file with root certificates.
    RootCertificateFile,
    /// Whether credentials may be sent to other machines over unencrypted `http`.
    AllowInsecureHttp,
    /// The value of the server variable with this name.
    ServerVariable(String),
    /// A part of a credential. The number is the index of the security scheme.
    Credential(usize, CredentialPart),
}

/// A part of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialPart {
    /// The key, token or password.
    Secret,
    /// The path of a file that contains the key, token or password.
    SecretFile,
    /// The user name of HTTP basic authentication.
    Username,
    /// The ID of an OAuth2 client.
    ClientId,
    /// The secret of an OAuth2 client.
    ClientSecret,
    /// The path of a file that contains the secret of an OAuth2 client.
    ClientSecretFile,
    /// The URL of the OAuth2 token endpoint.
    TokenUrl,
    /// The requested OAuth2 scopes.
    Scope,
    /// The audience of the requested OAuth2 tokens.
    Audience,
    /// The path of a file that contains a client certificate.
    CertificateFile,
    /// The path of a file that contains the private key of the client certificate.
    KeyFile,
}

const KEY: &[(&str, CredentialPart)] = &[("", CredentialPart::Secret), ("FILE", CredentialPart::SecretFile)];

const BASIC: &[(&str, CredentialPart)] = &[
    ("USERNAME", CredentialPart::Username),
    ("PASSWORD", CredentialPart::Secret),
    ("PASSWORD_FILE", CredentialPart::SecretFile),
];

const TOKEN: &[(&str, CredentialPart)] = &[
    ("TOKEN", CredentialPart::Secret),
    ("TOKEN_FILE", CredentialPart::SecretFile),
    ("CLIENT_ID", CredentialPart::ClientId),
    ("CLIENT_SECRET", CredentialPart::ClientSecret),
    ("CLIENT_SECRET_FILE", CredentialPart::ClientSecretFile),
    ("TOKEN_URL", CredentialPart::TokenUrl),
    ("SCOPE", CredentialPart::Scope),
    ("AUDIENCE", CredentialPart::Audience),
];

const CERTIFICATE: &[(&str, CredentialPart)] =
    &[("CLIENT_CERTIFICATE_FILE", CredentialPart::CertificateFile), ("CLIENT_KEY_FILE", CredentialPart::KeyFile)];

/// Returns the environment variables of an API. `setters` are the builder methods of the security schemes.
pub(super) fn variables(
    api: &Api,
    setters: &[String],
    server_variables: &[(String, String)],
) -> Vec<EnvironmentVariable> {
    let mut scope = Variables::default();
    let mut variables = Vec::new();
    if api.servers.len() > 1 {
        // `BASE_URL` must come after `SERVER` in the list, because it overrides `SERVER`.
        variables.push(EnvironmentVariable { name: scope.one("SERVER"), sets: Setting::Server });
    }
    variables.extend([
        EnvironmentVariable { name: scope.one("BASE_URL"), sets: Setting::BaseUrl },
        EnvironmentVariable { name: scope.one("ROOT_CERTIFICATE_FILE"), sets: Setting::RootCertificateFile },
    ]);
    if !api.security_schemes.is_empty() {
        let name = scope.one("ALLOW_INSECURE_HTTP");
        variables.push(EnvironmentVariable { name, sets: Setting::AllowInsecureHttp });
    }
    for (index, (scheme, setter)) in api.security_schemes.iter().zip(setters).enumerate() {
        let setter = upper_snake(setter);
        let (parts, first) = parts(scheme, &setter);
        let mut take = |parts: &[(&str, CredentialPart)], first: &str| {
            let names = scope.all([first, &setter], parts.iter().map(|(name, _)| *name));
            variables.extend(
                names
                    .into_iter()
                    .zip(parts)
                    .map(|(name, (_, part))| EnvironmentVariable { name, sets: Setting::Credential(index, *part) }),
            );
        };
        take(parts, first);
        if scheme.client_certificate.is_some() || scheme.kind == SchemeKind::MutualTls {
            take(CERTIFICATE, "");
        }
    }
    for (name, setter) in server_variables {
        let sets = Setting::ServerVariable(name.clone());
        variables.push(EnvironmentVariable { name: scope.one(&upper_snake(setter)), sets });
    }
    variables
}

/// Returns the parts of the credential of a security scheme, and the preferred prefix of the environment variables for
/// these parts.
fn parts<'a>(scheme: &SecurityScheme, setter: &'a str) -> (&'static [(&'static str, CredentialPart)], &'a str) {
    match scheme.kind {
        SchemeKind::ApiKey { .. } | SchemeKind::Http { .. } => (KEY, setter),
        SchemeKind::Basic => (BASIC, ""),
        SchemeKind::MutualTls => (&[], ""),
        SchemeKind::Bearer { .. } | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect { .. } => (TOKEN, ""),
    }
}

/// Converts the name of a builder method to the name of an environment variable: ASCII in upper case.
fn upper_snake(setter: &str) -> String {
    in_ascii(&identifier(&words(setter), Case::UpperSnake("variable")))
}

/// The scope of the names of environment variables.
#[derive(Default)]
struct Variables(Scope);

impl Variables {
    fn one(&mut self, name: &str) -> String {
        self.0.take(&[name.to_owned(), format!("{name}_VARIABLE")]).0
    }

    /// Takes a name in the scope for each suffix. All names have the same prefix: the first of `prefixes` for which all
    /// names are free, or else the second prefix with a number.
    fn all<'e>(&mut self, prefixes: [&str; 2], suffixes: impl Iterator<Item = &'e str> + Clone) -> Vec<String> {
        let [first, second] = prefixes;
        let numbered = (2u32..).map(|number| format!("{second}{number}"));
        let mut prefixes = [first.to_owned(), second.to_owned()].into_iter().chain(numbered);
        let with = |prefix: &str| suffixes.clone().map(|suffix| joined(prefix, suffix)).collect::<Vec<_>>();
        let free = prefixes.find(|prefix| with(prefix).iter().all(|name| self.0.is_free(name)));
        let names = with(&free.unwrap_or_default());
        names.iter().map(|name| self.0.take(std::slice::from_ref(name)).0).collect()
    }
}

fn joined(prefix: &str, suffix: &str) -> String {
    [prefix, suffix].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}
