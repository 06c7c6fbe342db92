//! Reads the environment variables for the credentials of security schemes.

#[cfg(feature = "client-certificates")]
use std::path::Path;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::super::api::ApiInfo;
use super::super::credentials::{ClientCredentials, Credential, CredentialProvider, Lease, SchemeKind, SecurityScheme};
#[cfg(feature = "client-certificates")]
use super::super::identity::ClientIdentity;
use super::super::secret::Secret;
use super::super::transport::{BoxError, BoxFuture};
use super::{EnvironmentError, EnvironmentSetting, EnvironmentVariable, Lookup, read_file, text};

/// A part of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialPart {
    /// A secret: an API key, a token, a password, or the part of the `Authorization` header that follows the name of
    /// the HTTP authentication scheme.
    Secret,
    /// The path of a file that contains the secret.
    SecretFile,
    /// The user name of HTTP basic authentication.
    Username,
    /// The ID of an OAuth2 client.
    ClientId,
    /// The secret of an OAuth2 client.
    ClientSecret,
    /// The path of a file that contains the client secret.
    ClientSecretFile,
    /// The token URL of an OAuth2 client.
    TokenUrl,
    /// The scopes of an OAuth2 client, separated by spaces.
    Scope,
    /// The audience of an OAuth2 client's tokens.
    Audience,
    /// The path of a PEM file with a client certificate.
    #[cfg(feature = "client-certificates")]
    CertificateFile,
    /// The path of a PEM file with the private key of the client certificate, if the key is in a separate file.
    #[cfg(feature = "client-certificates")]
    KeyFile,
}

/// Returns the credentials that are set in the environment, with the names of their security schemes.
pub fn credentials(
    api: &'static ApiInfo,
    lookup: Lookup<'_>,
) -> Result<Vec<(&'static str, Credential)>, EnvironmentError> {
    let mut credentials = Vec::new();
    for scheme in api.security_schemes {
        let own = SchemeVariables { api, scheme, lookup };
        credentials.extend(own.credential()?.map(|credential| (scheme.name, credential)));
        #[cfg(feature = "client-certificates")]
        credentials.extend(own.certificate()?.map(|credential| (scheme.name, credential)));
    }
    Ok(credentials)
}

/// Returns the name of the variable that allows credentials over plain `http`, if the API has one.
pub fn insecure_http_variable(api: &ApiInfo) -> Option<&'static str> {
    let allows_http = |variable: &&EnvironmentVariable| variable.sets == EnvironmentSetting::AllowInsecureHttp;
    api.environment.iter().find(allows_http).map(|variable| variable.name)
}

/// Returns the name of the variable for this part of a scheme's credential, if the API has one.
pub fn name_of(api: &ApiInfo, scheme: &str, part: CredentialPart) -> Option<&'static str> {
    let wanted = |it: &&EnvironmentVariable| match it.sets {
        EnvironmentSetting::Credential(name, of) => name == scheme && of == part,
        _ => false,
    };
    api.environment.iter().find(wanted).map(|variable| variable.name)
}

/// Lists the variables for the credentials of each combination of schemes, e.g. "`TOKEN`, or `USERNAME` and
/// `PASSWORD`".
pub fn variables_of(combinations: &[Vec<&str>], api: &ApiInfo) -> String {
    use CredentialPart::{ClientId, ClientSecret, Secret, Username};
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
        #[cfg(feature = "client-certificates")]
        let certificate = join(&[name(CredentialPart::CertificateFile)]);
        #[cfg(not(feature = "client-certificates"))]
        let certificate = None;
        let ways: Vec<String> = [own, client, certificate].into_iter().flatten().collect();
        (!ways.is_empty()).then(|| ways.join(" or "))
    };
    let combination = |schemes: &Vec<&str>| {
        let schemes: Option<Vec<String>> = schemes.iter().map(of_scheme).collect();
        schemes.map(|schemes| schemes.join(" and ")).filter(|names| !names.is_empty())
    };
    combinations.iter().filter_map(combination).collect::<Vec<_>>().join(", or ")
}

/// Reads the environment variables that set the credential of one security scheme.
struct SchemeVariables<'a> {
    api: &'static ApiInfo,
    scheme: &'static SecurityScheme,
    lookup: Lookup<'a>,
}

/// An environment variable that is set.
struct Variable {
    name: &'static str,
    value: Zeroizing<String>,
}

impl SchemeVariables<'_> {
    fn get(&self, part: CredentialPart) -> Result<Option<Variable>, EnvironmentError> {
        let Some(name) = name_of(self.api, self.scheme.name, part) else { return Ok(None) };
        Ok(text(name, self.lookup)?.map(|value| Variable { name, value }))
    }

    /// Returns the error for a variable `set` that is useless without the variable for this part of the credential.
    fn missing(&self, set: &'static str, part: CredentialPart) -> EnvironmentError {
        match name_of(self.api, self.scheme.name, part) {
            Some(missing) => EnvironmentError::Missing { set, missing },
            None => EnvironmentError::Empty(set),
        }
    }

    /// Returns the source of a secret and the name of the variable that sets it. The variable for `own` contains the
    /// secret; the variable for `file` contains the path of a file with the secret.
    fn secret(
        &self,
        own: CredentialPart,
        file: CredentialPart,
    ) -> Result<Option<(&'static str, SecretSource)>, EnvironmentError> {
        match (self.get(own)?, self.get(file)?) {
            (Some(own), Some(file)) => Err(EnvironmentError::Both(own.name, file.name)),
            (Some(own), None) => Ok(Some((own.name, SecretSource::Value(Secret::new(own.value.as_str()))))),
            (None, Some(file)) => {
                let path = PathBuf::from(file.value.as_str());
                // The file is read now to report errors when the client is built.
                line(&read_file(file.name, &path)?).ok_or(EnvironmentError::NoText(file.name))?;
                Ok(Some((file.name, SecretSource::File(path))))
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
                (SchemeKind::Basic, _, None) => return Err(self.missing(name, CredentialPart::Username)),
                (SchemeKind::Basic, SecretSource::Value(secret), Some(user)) => {
                    Credential::basic(user.value.as_str(), secret)
                }
                (SchemeKind::ApiKey { .. }, SecretSource::Value(secret), _) => Credential::api_key(secret),
                (SchemeKind::Http { .. }, SecretSource::Value(secret), _) => Credential::authorization(secret),
                (_, SecretSource::Value(secret), _) => Credential::bearer(secret),
                (_, SecretSource::File(path), user) => {
                    let username = user.map(|user| user.value.as_str().to_owned());
                    Credential::provider(SecretFile { path, username })
                }
            })),
            (None, Some(username), _) => Err(self.missing(username.name, CredentialPart::Secret)),
        }
    }

    fn client(&self) -> Result<Option<(&'static str, ClientCredentials)>, EnvironmentError> {
        let secret = self.secret(CredentialPart::ClientSecret, CredentialPart::ClientSecretFile)?;
        let (id, secret) = match (self.get(CredentialPart::ClientId)?, secret) {
            (Some(id), Some((_, secret))) => (id, secret),
            (Some(id), None) => return Err(self.missing(id.name, CredentialPart::ClientSecret)),
            (None, Some((name, _))) => return Err(self.missing(name, CredentialPart::ClientId)),
            (None, None) => return Ok(None),
        };
        let mut client = match secret {
            SecretSource::Value(secret) => ClientCredentials::new(id.value.as_str(), secret),
            SecretSource::File(path) => {
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

    #[cfg(feature = "client-certificates")]
    fn certificate(&self) -> Result<Option<Credential>, EnvironmentError> {
        let key = self.get(CredentialPart::KeyFile)?;
        let Some(certificate) = self.get(CredentialPart::CertificateFile)? else {
            return key.map_or(Ok(None), |key| Err(self.missing(key.name, CredentialPart::CertificateFile)));
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

/// The source of a secret.
enum SecretSource {
    Value(Secret),
    File(PathBuf),
}

/// A provider of a secret in a file, such as a secret mounted in a container. The file is read again when the server
/// refuses the secret, because the file may have been replaced.
struct SecretFile {
    path: PathBuf,
    /// The user name, if the secret is the password of HTTP basic authentication.
    username: Option<String>,
}

impl CredentialProvider for SecretFile {
    fn lease(&self) -> BoxFuture<'_, Result<Lease, BoxError>> {
        Box::pin(async move {
            let content = Zeroizing::new(tokio::fs::read(&self.path).await?);
            let secret = Secret::new(line(&content).ok_or("the secret file is empty or not UTF-8")?);
            Ok(match &self.username {
                Some(username) => Lease::basic(username, secret),
                None => Lease::new(secret),
            })
        })
    }
}

/// Returns the content of a file without the final line break; `None` if it is empty or not UTF-8.
fn line(content: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(content).ok()?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    Some(line.strip_suffix('\r').unwrap_or(line)).filter(|line| !line.is_empty())
}
