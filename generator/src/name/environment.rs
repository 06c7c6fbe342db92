//! The environment variables of an API: what each sets, and the words behind the API's own name.
//!
//! `USERNAME`, `TOKEN` and the like where one scheme wants them, with the setter's name in front for the second one. A key
//! is called as its setter is.

use crate::ir::{Api, SchemeKind, SecurityScheme};

use super::identifier::{Case, identifier, in_ascii};
use super::scope::Scope;
use super::words::words;

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentVariable {
    /// What follows the API's name and `_`.
    pub name: String,
    /// What it sets.
    pub sets: Setting,
}

/// What an environment variable sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// The server of the spec, by name or index.
    Server,
    /// The base URL.
    BaseUrl,
    /// The path of a file of root certificates.
    RootCertificateFile,
    /// Whether credentials may be sent over plain `http` to other machines.
    AllowInsecureHttp,
    /// The server variable of this name.
    ServerVariable(String),
    /// A part of the credential of the scheme at this place among the schemes.
    Credential(usize, CredentialPart),
}

/// A part of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialPart {
    /// The key, token or password.
    Secret,
    /// The path of a file of it.
    SecretFile,
    /// The user name of HTTP basic authentication.
    Username,
    /// The id of an OAuth2 client.
    ClientId,
    /// Its secret.
    ClientSecret,
    /// The path of a file of it.
    ClientSecretFile,
    /// Where it gets tokens.
    TokenUrl,
    /// The scopes that it asks for.
    Scope,
    /// The audience of its tokens.
    Audience,
    /// The path of a file of a client certificate.
    CertificateFile,
    /// The path of a file of its key.
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

pub(super) fn variables(
    api: &Api,
    setters: &[String],
    server_variables: &[(String, String)],
) -> Vec<EnvironmentVariable> {
    let mut scope = Taken::default();
    let mut variables = Vec::new();
    if api.servers.len() > 1 {
        // Before the base URL, which takes its place.
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
        let setter = shouty(setter);
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
        if scheme.client_certificate.is_some() {
            take(CERTIFICATE, "");
        }
    }
    for (name, setter) in server_variables {
        let sets = Setting::ServerVariable(name.clone());
        variables.push(EnvironmentVariable { name: scope.one(&shouty(setter)), sets });
    }
    variables
}

/// The parts of a scheme's credential, and what stands in front of their names where that is free.
fn parts<'a>(scheme: &SecurityScheme, setter: &'a str) -> (&'static [(&'static str, CredentialPart)], &'a str) {
    match scheme.kind {
        SchemeKind::ApiKey { .. } | SchemeKind::Http { .. } => (KEY, setter),
        SchemeKind::Basic => (BASIC, ""),
        SchemeKind::Bearer { .. } | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect { .. } => (TOKEN, ""),
    }
}

/// A setter's name as a shell takes it.
fn shouty(setter: &str) -> String {
    in_ascii(&identifier(&words(setter), Case::Shouty("variable")))
}

/// The names that are taken.
#[derive(Default)]
struct Taken(Scope);

impl Taken {
    fn one(&mut self, name: &str) -> String {
        self.0.take(&[name.to_owned(), format!("{name}_VARIABLE")]).0
    }

    /// Takes a name for each ending, all behind the first of the two stems with which all of them are free.
    fn all<'e>(&mut self, stems: [&str; 2], endings: impl Iterator<Item = &'e str> + Clone) -> Vec<String> {
        let [first, second] = stems;
        let numbered = (2u32..).map(|number| format!("{second}{number}"));
        let mut stems = [first.to_owned(), second.to_owned()].into_iter().chain(numbered);
        let under = |stem: &str| endings.clone().map(|ending| joined(stem, ending)).collect::<Vec<_>>();
        let free = stems.find(|stem| under(stem).iter().all(|name| self.0.is_free(name)));
        let names = under(&free.unwrap_or_default());
        names.iter().map(|name| self.0.take(std::slice::from_ref(name)).0).collect()
    }
}

fn joined(stem: &str, ending: &str) -> String {
    [stem, ending].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}
