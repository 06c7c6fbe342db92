//! Environment variables: which ones an API's client reads, and what they set.
//!
//! In: the table of the API's description, and the process's environment. Out: a builder that is told what they say, or
//! an error that names the variable and never its value.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::api::{ApiInfo, SchemeKind, SecurityScheme};
use super::builder::ClientBuilder;
use super::client::Service;
use super::credentials::{ClientCredentials, Credential, CredentialProvider, Lease};
use super::identity::{ClientIdentity, IdentityError};
use super::secret::Secret;
use super::transport::{BoxError, BoxFuture};

/// An environment variable that `from_env()` reads.
#[derive(Debug)]
pub struct EnvironmentVariable {
    /// Its name.
    pub name: &'static str,
    /// What it sets.
    pub sets: EnvironmentSetting,
}

/// What an environment variable sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvironmentSetting {
    /// The server of the spec, by its name or its index.
    Server,
    /// The base URL.
    BaseUrl,
    /// The server variable of this name.
    ServerVariable(&'static str),
    /// The path of a PEM file of root certificates to trust.
    RootCertificateFile,
    /// Whether credentials may be sent over plain `http` to other machines: `true` or `false`.
    AllowInsecureHttp,
    /// A part of the credential of the security scheme of this name.
    Credential(&'static str, CredentialPart),
}

/// A part of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialPart {
    /// The API key, the token, the password, or what follows the scheme in the header `Authorization`.
    Secret,
    /// The path of a file that holds the same.
    SecretFile,
    /// The user name of HTTP basic authentication.
    Username,
    /// The id of an OAuth2 client.
    ClientId,
    /// The secret of an OAuth2 client.
    ClientSecret,
    /// The path of a file that holds the same.
    ClientSecretFile,
    /// Where an OAuth2 client gets its tokens.
    TokenUrl,
    /// The scopes that an OAuth2 client asks for, with spaces between them.
    Scope,
    /// The audience of an OAuth2 client's tokens.
    Audience,
    /// The path of a PEM file of a client certificate.
    CertificateFile,
    /// The path of a PEM file of its key, where that is a file of its own.
    KeyFile,
}

/// Why an environment variable cannot be used. Its value is never part of it: even a path may be a secret that was put
/// into the wrong variable.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// The variable is set to nothing.
    #[error("the environment variable `{0}` is set and empty")]
    Empty(&'static str),
    /// The variable is no text.
    #[error("the environment variable `{0}` is not UTF-8")]
    NotUnicode(&'static str),
    /// The file that the variable names cannot be read.
    #[error("the file that the environment variable `{name}` names cannot be read")]
    File {
        /// The variable.
        name: &'static str,
        /// The reason.
        #[source]
        source: std::io::Error,
    },
    /// The file that the variable names holds no text.
    #[error("the file that the environment variable `{0}` names is empty or not UTF-8")]
    NoText(&'static str),
    /// The variable takes `true` or `false`.
    #[error("the environment variable `{0}` is neither `true` nor `false`")]
    NotBoolean(&'static str),
    /// Only one of two variables may be set.
    #[error("the environment variables `{0}` and `{1}` are both set, and only one of them can count")]
    Both(&'static str, &'static str),
    /// A variable goes with another that is not set.
    #[error("the environment variable `{set}` is set, and `{missing}`, which goes with it, is not")]
    Missing {
        /// The variable that is set.
        set: &'static str,
        /// The variable that is not.
        missing: &'static str,
    },
    /// The client certificate cannot be used.
    #[error("the client certificate that the environment variable `{name}` names cannot be used")]
    Certificate {
        /// The variable.
        name: &'static str,
        /// The reason.
        #[source]
        source: IdentityError,
    },
}

/// Looks a variable up.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// Tells the builder what the environment says.
pub fn apply<S: Service>(builder: ClientBuilder<S>, lookup: Lookup<'_>) -> Result<ClientBuilder<S>, EnvironmentError> {
    let mut builder = apply_server(builder, lookup)?;
    for (scheme, credential) in credentials(S::API, lookup)? {
        builder = builder.credential(scheme, credential);
    }
    Ok(builder)
}

/// The same without credentials.
pub fn apply_server<S: Service>(
    mut builder: ClientBuilder<S>,
    lookup: Lookup<'_>,
) -> Result<ClientBuilder<S>, EnvironmentError> {
    for variable in S::API.environment {
        let Some(value) = text(variable.name, lookup)? else { continue };
        builder = match variable.sets {
            EnvironmentSetting::Server => builder.server_called(value.as_str()),
            EnvironmentSetting::BaseUrl => builder.base_url(value.as_str()),
            EnvironmentSetting::ServerVariable(name) => builder.server_variable(name, value.as_str()),
            EnvironmentSetting::RootCertificateFile => {
                builder.root_certificate_pem(read_file(variable.name, Path::new(value.as_str()))?)
            }
            EnvironmentSetting::AllowInsecureHttp => {
                let allowed = value.parse().map_err(|_| EnvironmentError::NotBoolean(variable.name))?;
                builder.insecure_http(allowed)
            }
            EnvironmentSetting::Credential(..) => builder,
        };
    }
    Ok(builder)
}

/// The credentials that the environment has, by scheme.
pub fn credentials(
    api: &'static ApiInfo,
    lookup: Lookup<'_>,
) -> Result<Vec<(&'static str, Credential)>, EnvironmentError> {
    let mut credentials = Vec::new();
    for scheme in api.security_schemes {
        let own = Own { api, scheme, lookup };
        credentials.extend(own.credential()?.map(|credential| (scheme.name, credential)));
        credentials.extend(own.certificate()?.map(|credential| (scheme.name, credential)));
    }
    Ok(credentials)
}

/// The variable that allows credentials over plain `http`, where there is one.
pub fn name_of_insecure_http(api: &ApiInfo) -> Option<&'static str> {
    let is_it = |it: &&EnvironmentVariable| it.sets == EnvironmentSetting::AllowInsecureHttp;
    api.environment.iter().find(is_it).map(|variable| variable.name)
}

/// The variable for a part of the credential of a scheme, where there is one.
pub fn name_of(api: &ApiInfo, scheme: &str, part: CredentialPart) -> Option<&'static str> {
    let wanted = |it: &&EnvironmentVariable| match it.sets {
        EnvironmentSetting::Credential(name, of) => name == scheme && of == part,
        _ => false,
    };
    api.environment.iter().find(wanted).map(|variable| variable.name)
}

/// The variables of each combination of schemes: "`A` or `A_FILE`, or `B` and `C`".
pub fn variables_of(combinations: &[Vec<&str>], api: &ApiInfo) -> String {
    use CredentialPart::{CertificateFile, ClientId, ClientSecret, Secret, Username};
    let join = |parts: &[Option<&'static str>]| {
        let names: Option<Vec<String>> = parts.iter().map(|name| name.map(|name| format!("`{name}`"))).collect();
        names.map(|names| names.join(" and "))
    };
    let of_scheme = |scheme: &&str| {
        let name = |part| name_of(api, scheme, part);
        let own = match name(Username) {
            Some(username) => join(&[Some(username), name(Secret)]),
            None => join(&[name(Secret)]),
        };
        let client = join(&[name(ClientId), name(ClientSecret)]);
        let ways: Vec<String> = [own, client, join(&[name(CertificateFile)])].into_iter().flatten().collect();
        (!ways.is_empty()).then(|| ways.join(" or "))
    };
    let combination = |schemes: &Vec<&str>| {
        let schemes: Option<Vec<String>> = schemes.iter().map(of_scheme).collect();
        schemes.map(|schemes| schemes.join(" and ")).filter(|names| !names.is_empty())
    };
    combinations.iter().filter_map(combination).collect::<Vec<_>>().join(", or ")
}

/// The variables of one scheme.
struct Own<'a> {
    api: &'static ApiInfo,
    scheme: &'static SecurityScheme,
    lookup: Lookup<'a>,
}

/// A variable that is set.
struct Set {
    name: &'static str,
    value: Zeroizing<String>,
}

impl Own<'_> {
    fn get(&self, part: CredentialPart) -> Result<Option<Set>, EnvironmentError> {
        let Some(name) = name_of(self.api, self.scheme.name, part) else { return Ok(None) };
        Ok(text(name, self.lookup)?.map(|value| Set { name, value }))
    }

    /// What is missing where `set` alone is there.
    fn lacks(&self, set: &'static str, part: CredentialPart) -> EnvironmentError {
        match name_of(self.api, self.scheme.name, part) {
            Some(missing) => EnvironmentError::Missing { set, missing },
            None => EnvironmentError::Empty(set),
        }
    }

    /// A secret that stands in one variable, or in the file that another one names.
    fn secret(
        &self,
        own: CredentialPart,
        file: CredentialPart,
    ) -> Result<Option<(&'static str, Kept)>, EnvironmentError> {
        match (self.get(own)?, self.get(file)?) {
            (Some(own), Some(file)) => Err(EnvironmentError::Both(own.name, file.name)),
            (Some(own), None) => Ok(Some((own.name, Kept::Here(Secret::new(own.value.as_str()))))),
            (None, Some(file)) => {
                let path = PathBuf::from(file.value.as_str());
                // Now, so that a mistake shows when the client is built.
                line(&read_file(file.name, &path)?).ok_or(EnvironmentError::NoText(file.name))?;
                Ok(Some((file.name, Kept::InFile(path))))
            }
            (None, None) => Ok(None),
        }
    }

    fn credential(&self) -> Result<Option<Credential>, EnvironmentError> {
        let client = self.client()?;
        let secret = self.secret(CredentialPart::Secret, CredentialPart::SecretFile)?;
        let username = self.get(CredentialPart::Username)?;
        match (secret, username, client) {
            (Some((name, _)), _, Some((client, _))) => Err(EnvironmentError::Both(name, client)),
            (None, None, client) => Ok(client.map(|(_, client)| Credential::client_credentials(client))),
            (Some((name, secret)), username, None) => Ok(Some(match (self.scheme.kind, secret, username) {
                (SchemeKind::Basic, _, None) => return Err(self.lacks(name, CredentialPart::Username)),
                (SchemeKind::Basic, Kept::Here(secret), Some(user)) => Credential::basic(user.value.as_str(), secret),
                (SchemeKind::ApiKey { .. }, Kept::Here(secret), _) => Credential::api_key(secret),
                (SchemeKind::Http { .. }, Kept::Here(secret), _) => Credential::authorization(secret),
                (_, Kept::Here(secret), _) => Credential::bearer(secret),
                (_, Kept::InFile(path), user) => {
                    let username = user.map(|user| user.value.as_str().to_owned());
                    Credential::provider(SecretFile { path, username })
                }
            })),
            (None, Some(username), _) => Err(self.lacks(username.name, CredentialPart::Secret)),
        }
    }

    fn client(&self) -> Result<Option<(&'static str, ClientCredentials)>, EnvironmentError> {
        let secret = self.secret(CredentialPart::ClientSecret, CredentialPart::ClientSecretFile)?;
        let (id, secret) = match (self.get(CredentialPart::ClientId)?, secret) {
            (Some(id), Some((_, secret))) => (id, secret),
            (Some(id), None) => return Err(self.lacks(id.name, CredentialPart::ClientSecret)),
            (None, Some((name, _))) => return Err(self.lacks(name, CredentialPart::ClientId)),
            (None, None) => return Ok(None),
        };
        let mut client = match secret {
            Kept::Here(secret) => ClientCredentials::new(id.value.as_str(), secret),
            Kept::InFile(path) => {
                ClientCredentials::with_provider(id.value.as_str(), SecretFile { path, username: None })
            }
        };
        if let Some(url) = self.get(CredentialPart::TokenUrl)? {
            client = client.token_url(url.value.as_str());
        }
        if let Some(scopes) = self.get(CredentialPart::Scope)? {
            client = scopes.value.split_whitespace().fold(client, ClientCredentials::scope);
        }
        if let Some(audience) = self.get(CredentialPart::Audience)? {
            client = client.audience(audience.value.as_str());
        }
        Ok(Some((id.name, client)))
    }

    fn certificate(&self) -> Result<Option<Credential>, EnvironmentError> {
        let key = self.get(CredentialPart::KeyFile)?;
        let Some(certificate) = self.get(CredentialPart::CertificateFile)? else {
            return key.map_or(Ok(None), |key| Err(self.lacks(key.name, CredentialPart::CertificateFile)));
        };
        let files = [Some(certificate.name).zip(Some(certificate.value)), key.map(|key| (key.name, key.value))];
        let mut parts = Vec::new();
        for (name, path) in files.into_iter().flatten() {
            parts.push(read_file(name, Path::new(path.as_str()))?);
        }
        let identity = ClientIdentity::from_pem_parts(parts.iter().map(|part| part.as_slice()));
        let identity = identity.map_err(|source| EnvironmentError::Certificate { name: certificate.name, source })?;
        Ok(Some(Credential::client_certificate(identity)))
    }
}

/// Where a secret is.
enum Kept {
    Here(Secret),
    InFile(PathBuf),
}

/// A secret in a file, as containers mount them. It is read again when the server refuses it: the file may have been
/// replaced since.
struct SecretFile {
    path: PathBuf,
    /// The user name that it is the password of.
    username: Option<String>,
}

impl CredentialProvider for SecretFile {
    fn lease(&self) -> BoxFuture<'_, Result<Lease, BoxError>> {
        Box::pin(async move {
            let content = Zeroizing::new(tokio::fs::read(&self.path).await?);
            let secret = Secret::new(line(&content).ok_or("the file of the secret is empty or not UTF-8")?);
            Ok(match &self.username {
                Some(username) => Lease::basic(username, secret),
                None => Lease::new(secret),
            })
        })
    }
}

/// The value of a variable, where it is set.
fn text(name: &'static str, lookup: Lookup<'_>) -> Result<Option<Zeroizing<String>>, EnvironmentError> {
    let Some(value) = lookup(name) else { return Ok(None) };
    // What is no UTF-8 cannot be overwritten: `OsString` gives no way.
    let value = value.into_string().map(Zeroizing::new).map_err(|_| EnvironmentError::NotUnicode(name))?;
    if value.is_empty() { Err(EnvironmentError::Empty(name)) } else { Ok(Some(value)) }
}

fn read_file(name: &'static str, path: &Path) -> Result<Zeroizing<Vec<u8>>, EnvironmentError> {
    std::fs::read(path).map(Zeroizing::new).map_err(|source| EnvironmentError::File { name, source })
}

/// The text of a file, without the line break at its end; none where nothing is left.
fn line(content: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(content).ok()?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    Some(line.strip_suffix('\r').unwrap_or(line)).filter(|line| !line.is_empty())
}
