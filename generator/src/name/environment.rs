//! Chooses the names of the environment variables of an API, and assigns a setting to each of them.
//!
//! The variables of a security scheme have plain names, such as `USERNAME` and `TOKEN`. If an earlier scheme already
//! uses the plain names, the name of the builder method that sets the credential is the prefix, e.g. `ADMIN_TOKEN` for
//! `admin`. The variable of an API key always has the name of the builder method.

use crate::ir::{Api, SchemeKind, SecurityScheme};

use super::identifier::{Case, identifier, in_ascii};
use super::lock_file::{Key, Kind};
use super::namer::Namer;
use super::scope::Scope;
use super::server::ServerVariableNames;
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

/// The variables that every API has or can get. They are always reserved, so that a new server or security scheme does
/// not rename a variable.
const FIXED: [&str; 4] = [SERVER, BASE_URL, ROOT_CERTIFICATE_FILE, ALLOW_INSECURE_HTTP];

const SERVER: &str = "SERVER";
const BASE_URL: &str = "BASE_URL";
const ROOT_CERTIFICATE_FILE: &str = "ROOT_CERTIFICATE_FILE";
const ALLOW_INSECURE_HTTP: &str = "ALLOW_INSECURE_HTTP";

/// Returns the environment variables of an API. `setters` are the builder methods of the security schemes.
pub(super) fn variables(
    api: &Api,
    setters: &[String],
    server_variables: &[ServerVariableNames],
    namer: &mut Namer<'_>,
) -> Vec<EnvironmentVariable> {
    let mut variables = Vec::new();
    let mut fixed = |name: &str, sets| variables.push(EnvironmentVariable { name: name.to_owned(), sets });
    if api.servers.len() > 1 {
        // `BASE_URL` must come after `SERVER` in the list, because it overrides `SERVER`.
        fixed(SERVER, Setting::Server);
    }
    fixed(BASE_URL, Setting::BaseUrl);
    fixed(ROOT_CERTIFICATE_FILE, Setting::RootCertificateFile);
    if !api.security_schemes.is_empty() {
        fixed(ALLOW_INSECURE_HTTP, Setting::AllowInsecureHttp);
    }
    let families = families(api, setters, server_variables);
    let mut scope = Scope::with_reserved(&FIXED);
    // Names in the lock file take precedence over names of variables that come first in the document.
    let locked: Vec<Option<Vec<String>>> = families.iter().map(|family| family.locked(&mut scope, namer)).collect();
    for (family, locked) in families.iter().zip(locked) {
        let names = locked.unwrap_or_else(|| family.take(&mut scope));
        if let Some(first) = names.first() {
            namer.record(family.key.clone(), first);
        }
        let settings = family.variables.iter().map(|(_, setting)| setting.clone());
        variables.extend(names.into_iter().zip(settings).map(|(name, sets)| EnvironmentVariable { name, sets }));
    }
    variables
}

/// Variables whose names have the same prefix.
struct Family<'a> {
    /// The key of the first variable in the lock file.
    key: Key,
    /// The preferred prefix, and the prefix if the first one is already used.
    prefixes: [String; 2],
    /// The rest of each name, and the setting that the variable controls.
    variables: Vec<(&'a str, Setting)>,
}

/// Returns the variables of security schemes and server variables.
fn families(api: &Api, setters: &[String], server_variables: &[ServerVariableNames]) -> Vec<Family<'static>> {
    let mut families = Vec::new();
    for (index, (scheme, setter)) in api.security_schemes.iter().zip(setters).enumerate() {
        let setter = upper_snake(setter);
        let mut add = |label: &str, parts: &'static [(&'static str, CredentialPart)], first: &str| {
            if !parts.is_empty() {
                families.push(Family {
                    key: Key::new(Kind::Environment).labelled(label, &scheme.name),
                    prefixes: [first.to_owned(), setter.clone()],
                    variables: parts.iter().map(|(name, part)| (*name, Setting::Credential(index, *part))).collect(),
                });
            }
        };
        let (parts, first) = parts(scheme, &setter);
        add("credential", parts, first);
        if scheme.client_certificate.is_some() || scheme.kind == SchemeKind::MutualTls {
            add("certificate", CERTIFICATE, "");
        }
    }
    families.extend(server_variables.iter().map(|variable| {
        let first = upper_snake(&variable.setter);
        Family {
            key: Key::new(Kind::Environment).labelled("variable", &variable.name),
            prefixes: [first.clone(), format!("{first}_VARIABLE")],
            variables: vec![("", Setting::ServerVariable(variable.name.clone()))],
        }
    }));
    families
}

impl Family<'_> {
    fn names(&self, prefix: &str) -> Vec<String> {
        self.variables.iter().map(|(suffix, _)| joined(prefix, suffix)).collect()
    }

    /// Takes the names of the lock file, which contains the first one. `None` if it has no name or the names are used.
    fn locked(&self, scope: &mut Scope, namer: &Namer<'_>) -> Option<Vec<String>> {
        let (suffix, _) = self.variables.first()?;
        let prefix = namer.previous(&self.key)?.strip_suffix(suffix)?.trim_end_matches('_');
        let names = self.names(prefix);
        let is_free = names.iter().all(|name| !name.is_empty() && scope.is_free(name));
        is_free.then(|| names.iter().map(|name| scope.take(std::slice::from_ref(name)).0).collect())
    }

    /// Takes names with the first prefix for which all names are free, or else with the second prefix and a number.
    fn take(&self, scope: &mut Scope) -> Vec<String> {
        let [_, second] = &self.prefixes;
        let numbered = (2u32..).map(|number| format!("{second}{number}"));
        let mut prefixes = self.prefixes.iter().cloned().chain(numbered);
        let free = prefixes.find(|prefix| self.names(prefix).iter().all(|name| scope.is_free(name)));
        let names = self.names(&free.unwrap_or_default());
        names.iter().map(|name| scope.take(std::slice::from_ref(name)).0).collect()
    }
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

fn joined(prefix: &str, suffix: &str) -> String {
    [prefix, suffix].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}
