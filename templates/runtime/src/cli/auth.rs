//! Credentials of a call, from `--auth SCHEME=SOURCE` or from the environment variables that `from_env()` reads.
//!
//! Secrets are not accepted as arguments, because other programs and the shell history can see arguments. Error
//! messages do not quote arguments that could be a secret. With `--dry-run`, placeholders replace the secrets.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::super::api::ApiInfo;
use super::super::credentials::{Credential, SchemeKind};
use super::super::environment::{self, CredentialPart, Lookup};
use super::super::identity::ClientIdentity;
use super::super::secret::Secret;
use super::curl;
use super::dry_run::Placeholders;
use super::exit::{ExitError, with_causes};

/// The source of a secret.
enum Source<'a> {
    Environment(&'a str),
    File(&'a str),
    Stdin,
}

/// The credentials of a call.
#[derive(Default)]
pub struct Credentials {
    /// The names of security schemes, and their credentials.
    pub credentials: Vec<(String, Credential)>,
    /// The file with the client certificate and, if the private key is in a separate file, that file.
    pub certificate: Option<(PathBuf, Option<PathBuf>)>,
}

/// Reads the credentials given with `--auth`. If `placeholders` is set (`--dry-run`), placeholders replace the secrets.
pub fn read(
    api: &'static ApiInfo,
    given: &[String],
    client_key: Option<&Path>,
    input: &mut dyn Read,
    mut placeholders: Option<&mut Placeholders>,
) -> Result<Credentials, ExitError> {
    let mut credentials = Credentials::default();
    for argument in given {
        let known = || api.security_schemes.iter().map(|scheme| scheme.name).collect::<Vec<_>>().join(", ");
        let unknown =
            || ExitError::usage(format!("--auth takes SCHEME=SOURCE; the schemes of {} are {}", api.name, known()));
        // The names of schemes may contain `=`: the longest matching name is used.
        let matching = api
            .security_schemes
            .iter()
            .filter_map(|scheme| Some((scheme, argument.strip_prefix(scheme.name)?.strip_prefix('=')?)));
        let (scheme, source) = matching.max_by_key(|(scheme, _)| scheme.name.len()).ok_or_else(unknown)?;
        let credential = match source.strip_prefix("cert:") {
            Some(path) => {
                let files = [Some(Path::new(path)), client_key];
                let identity = ClientIdentity::from_pem_files(files.into_iter().flatten());
                credentials.certificate = Some((path.into(), client_key.map(Path::to_owned)));
                Credential::client_certificate(identity.map_err(|error| not_read(scheme.name, &with_causes(&error)))?)
            }
            None => {
                let source = Source::of(scheme.name, source)?;
                match placeholders.as_deref_mut() {
                    _ if scheme.kind == SchemeKind::MutualTls => {
                        let name = scheme.name;
                        return Err(ExitError::usage(format!(
                            "a client certificate is required: use --auth {name}=cert:PATH"
                        )));
                    }
                    Some(placeholders) => source.placeholder(scheme.kind, placeholders),
                    None => credential(scheme.name, scheme.kind, source.read(scheme.name, input)?)?,
                }
            }
        };
        credentials.credentials.push((scheme.name.to_owned(), credential));
    }
    if client_key.is_some() && credentials.certificate.is_none() {
        return Err(ExitError::usage("--client-key requires --auth SCHEME=cert:PATH"));
    }
    Ok(credentials)
}

impl<'a> Source<'a> {
    fn of(scheme: &str, source: &'a str) -> Result<Self, ExitError> {
        match (source, source.split_once(':')) {
            ("-", _) => Ok(Self::Stdin),
            (_, Some(("env", name))) => Ok(Self::Environment(name)),
            (_, Some(("file", path))) => Ok(Self::File(path)),
            _ => Err(ExitError::usage(format!(
                "secrets are not accepted as arguments, because other programs and the shell history can see them: use \
                 --auth {scheme}=env:NAME, {scheme}=file:PATH or {scheme}=- (standard input)"
            ))),
        }
    }

    /// Reads the secret from its source, without a final line break.
    fn read(&self, scheme: &str, input: &mut dyn Read) -> Result<Secret, ExitError> {
        let text = match self {
            Self::Environment(name) if name.is_empty() || name.contains(['=', '\0']) => {
                return Err(ExitError::usage(format!(
                    "--auth {scheme}=env:NAME needs the name of an environment variable"
                )));
            }
            Self::Environment(name) => {
                std::env::var(name).map_err(|error| ExitError::usage(format!("--auth {scheme}=env:{name}: {error}")))?
            }
            Self::File(path) => {
                std::fs::read_to_string(path).map_err(|error| not_read(scheme, &format!("`{path}`: {error}")))?
            }
            Self::Stdin => {
                let mut text = String::new();
                input.read_to_string(&mut text).map_err(|error| not_read(scheme, &error))?;
                text
            }
        };
        let secret = Secret::new(text);
        let line = secret.expose();
        let line = line.strip_suffix('\n').unwrap_or(line);
        Ok(Secret::new(line.strip_suffix('\r').unwrap_or(line)))
    }

    /// Returns a placeholder for the credential and registers the shell expression that reads the secret, e.g.
    /// `"$TOKEN"`.
    fn placeholder(&self, kind: SchemeKind, placeholders: &mut Placeholders) -> Credential {
        let shell = match self {
            Self::Environment(name) if is_shell_name(name) => Some(format!("\"${name}\"")),
            Self::Environment(_) | Self::Stdin => None,
            Self::File(path) => Some(format!("\"$(cat {})\"", curl::quoted(path))),
        };
        placeholder(kind, shell, placeholders)
    }
}

/// Returns a placeholder for a credential. `shell` is the shell expression that reads the secret, if there is one.
fn placeholder(kind: SchemeKind, shell: Option<String>, placeholders: &mut Placeholders) -> Credential {
    match kind {
        SchemeKind::ApiKey { .. } => Credential::api_key(placeholders.secret(shell)),
        SchemeKind::Basic => Credential::basic(placeholders.user(shell), ""),
        SchemeKind::Http { .. } => Credential::authorization(placeholders.secret(shell)),
        SchemeKind::Bearer | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect | SchemeKind::MutualTls => {
            Credential::bearer(placeholders.secret(shell))
        }
    }
}

/// Returns the credentials from environment variables. If `placeholders` is set (`--dry-run`), placeholders replace the
/// secrets.
pub fn from_environment(
    api: &'static ApiInfo,
    lookup: Lookup<'_>,
    placeholders: Option<&mut Placeholders>,
) -> Result<Credentials, ExitError> {
    let configured = environment::credentials(api, lookup).map_err(|error| ExitError::usage(with_causes(&error)))?;
    let mut result = Credentials::default();
    let Some(placeholders) = placeholders else {
        result.credentials =
            configured.into_iter().map(|(scheme, credential)| (scheme.to_owned(), credential)).collect();
        return Ok(result);
    };
    for (name, credential) in configured {
        let path = |part| environment::name_of(api, name, part).and_then(lookup).map(PathBuf::from);
        let credential = match api.security_scheme(name).filter(|_| !credential.is_certificate()) {
            Some(scheme) => placeholder(scheme.kind, shell_expression(api, name, lookup), placeholders),
            None => {
                let certificate = path(CredentialPart::CertificateFile);
                result.certificate = certificate.map(|certificate| (certificate, path(CredentialPart::KeyFile)));
                credential
            }
        };
        result.credentials.push((name.to_owned(), credential));
    }
    Ok(result)
}

/// Returns the shell expression that reads the secret of a scheme from its environment variable. Returns `None` if the
/// environment configures an OAuth2 client, whose access token would have to be requested first.
fn shell_expression(api: &ApiInfo, scheme: &str, lookup: Lookup<'_>) -> Option<String> {
    let set = |part| environment::name_of(api, scheme, part).filter(|name| lookup(name).is_some());
    let in_variable = set(CredentialPart::Secret).map(|name| format!("${name}"));
    let in_file = || set(CredentialPart::SecretFile).map(|name| format!("$(cat \"${name}\")"));
    let secret = in_variable.or_else(in_file)?;
    Some(match set(CredentialPart::Username) {
        Some(username) => format!("\"${username}:{secret}\""),
        None => format!("\"{secret}\""),
    })
}

/// Returns whether a shell can read the environment variable as `$NAME`.
fn is_shell_name(name: &str) -> bool {
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_word && name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
}

fn credential(scheme: &str, kind: SchemeKind, secret: Secret) -> Result<Credential, ExitError> {
    Ok(match kind {
        SchemeKind::ApiKey { .. } => Credential::api_key(secret),
        SchemeKind::Http { .. } => Credential::authorization(secret),
        SchemeKind::Bearer | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect | SchemeKind::MutualTls => {
            Credential::bearer(secret)
        }
        SchemeKind::Basic => match secret.expose().split_once(':') {
            Some((user, password)) => Credential::basic(user, password),
            None => {
                let message = format!(
                    "--auth {scheme}: HTTP basic authentication takes `user:password`, but the secret has no colon"
                );
                return Err(ExitError::usage(message));
            }
        },
    })
}

fn not_read(scheme: &str, error: &dyn std::fmt::Display) -> ExitError {
    ExitError::usage(format!("the credential of {scheme} cannot be read: {error}"))
}
