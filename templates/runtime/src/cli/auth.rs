//! Credentials: `SCHEME=SOURCE` comes in, the credential of the scheme goes out, read from where it is kept. Without
//! any, the environment variables of the API's `from_env()` are read.
//!
//! A secret is never an argument, where other programs and the shell's history see it; and no argument that may be one
//! by mistake is shown. Where the request is only shown, no secret is read at all: a placeholder takes its place.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::super::api::{ApiInfo, SchemeKind};
use super::super::credentials::Credential;
use super::super::environment::{self, CredentialPart, Lookup};
use super::super::identity::ClientIdentity;
use super::super::secret::Secret;
use super::curl;
use super::dry_run::Placeholders;
use super::stop::{Stop, with_causes};

/// Where a secret is kept.
enum Source<'a> {
    Environment(&'a str),
    File(&'a str),
    Input,
}

/// The credentials, by their schemes, and the files of the client certificate.
#[derive(Default)]
pub struct Given {
    /// For the builder.
    pub credentials: Vec<(String, Credential)>,
    /// The certificate, and its key where it has a file of its own.
    pub certificate: Option<(PathBuf, Option<PathBuf>)>,
}

/// Reads the credentials. `hidden` stands in for secrets where the request is only shown.
pub fn read(
    api: &'static ApiInfo,
    given: &[String],
    client_key: Option<&Path>,
    input: &mut dyn Read,
    mut hidden: Option<&mut Placeholders>,
) -> Result<Given, Stop> {
    let mut read = Given::default();
    for text in given {
        let known = || api.security_schemes.iter().map(|scheme| scheme.name).collect::<Vec<_>>().join(", ");
        let unknown =
            || Stop::usage(format!("--auth takes SCHEME=SOURCE, and the schemes of {} are: {}", api.name, known()));
        // A name may hold an equals sign: the longest that fits is meant.
        let fits = api
            .security_schemes
            .iter()
            .filter_map(|scheme| Some((scheme, text.strip_prefix(scheme.name)?.strip_prefix('=')?)));
        let (scheme, source) = fits.max_by_key(|(scheme, _)| scheme.name.len()).ok_or_else(unknown)?;
        let credential = match source.strip_prefix("cert:") {
            Some(path) => {
                let files = [Some(Path::new(path)), client_key];
                let identity = ClientIdentity::from_pem_files(files.into_iter().flatten());
                read.certificate = Some((path.into(), client_key.map(Path::to_owned)));
                Credential::client_certificate(identity.map_err(|error| not_read(scheme.name, &with_causes(&error)))?)
            }
            None => {
                let source = Source::of(scheme.name, source)?;
                match hidden.as_deref_mut() {
                    Some(hidden) => source.hidden(scheme.kind, hidden),
                    None => credential(scheme.name, scheme.kind, source.read(scheme.name, input)?)?,
                }
            }
        };
        read.credentials.push((scheme.name.to_owned(), credential));
    }
    if client_key.is_some() && read.certificate.is_none() {
        return Err(Stop::usage("--client-key goes with --auth SCHEME=cert:PATH"));
    }
    Ok(read)
}

impl<'a> Source<'a> {
    fn of(scheme: &str, text: &'a str) -> Result<Self, Stop> {
        match (text, text.split_once(':')) {
            ("-", _) => Ok(Self::Input),
            (_, Some(("env", name))) => Ok(Self::Environment(name)),
            (_, Some(("file", path))) => Ok(Self::File(path)),
            _ => Err(Stop::usage(format!(
                "a secret cannot be given as an argument, where other programs and the shell's history see it: \
                 use --auth {scheme}=env:NAME, {scheme}=file:PATH or {scheme}=- (standard input)"
            ))),
        }
    }

    /// The text that is kept there, without the line break at its end.
    fn read(&self, scheme: &str, input: &mut dyn Read) -> Result<Secret, Stop> {
        let text = match self {
            Self::Environment(name) if name.is_empty() || name.contains(['=', '\0']) => {
                return Err(Stop::usage(format!("--auth {scheme}=env:NAME needs the name of an environment variable")));
            }
            Self::Environment(name) => {
                std::env::var(name).map_err(|error| Stop::usage(format!("--auth {scheme}=env:{name}: {error}")))?
            }
            Self::File(path) => {
                std::fs::read_to_string(path).map_err(|error| not_read(scheme, &format!("`{path}`: {error}")))?
            }
            Self::Input => {
                let mut text = String::new();
                input.read_to_string(&mut text).map_err(|error| not_read(scheme, &error))?;
                text
            }
        };
        let whole = Secret::new(text);
        let line = whole.expose();
        let line = line.strip_suffix('\n').unwrap_or(line);
        Ok(Secret::new(line.strip_suffix('\r').unwrap_or(line)))
    }

    /// A credential that is not there, and what a shell would put in its place.
    fn hidden(&self, kind: SchemeKind, hidden: &mut Placeholders) -> Credential {
        let shell = match self {
            Self::Environment(name) if is_shell_name(name) => Some(format!("\"${name}\"")),
            Self::Environment(_) | Self::Input => None,
            Self::File(path) => Some(format!("\"$(cat {})\"", curl::quoted(path))),
        };
        placeholder(kind, shell, hidden)
    }
}

/// A credential that is not there. `shell` is what a shell would put in its place.
fn placeholder(kind: SchemeKind, shell: Option<String>, hidden: &mut Placeholders) -> Credential {
    match kind {
        SchemeKind::ApiKey { .. } => Credential::api_key(hidden.secret(shell)),
        SchemeKind::Basic => Credential::basic(hidden.user(shell), ""),
        SchemeKind::Http { .. } => Credential::authorization(hidden.secret(shell)),
        SchemeKind::Bearer | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect => {
            Credential::bearer(hidden.secret(shell))
        }
    }
}

/// What the environment has. Where the request is only shown, no secret is used.
pub fn from_environment(
    api: &'static ApiInfo,
    lookup: Lookup<'_>,
    hidden: Option<&mut Placeholders>,
) -> Result<Given, Stop> {
    let found = environment::credentials(api, lookup).map_err(|error| Stop::usage(with_causes(&error)))?;
    let mut given = Given::default();
    let Some(hidden) = hidden else {
        given.credentials = found.into_iter().map(|(scheme, credential)| (scheme.to_owned(), credential)).collect();
        return Ok(given);
    };
    for (name, credential) in found {
        let path = |part| environment::name_of(api, name, part).and_then(lookup).map(PathBuf::from);
        let credential = match api.security_scheme(name).filter(|_| !credential.is_certificate()) {
            Some(scheme) => placeholder(scheme.kind, in_shell(api, name, lookup), hidden),
            None => {
                let certificate = path(CredentialPart::CertificateFile);
                given.certificate = certificate.map(|certificate| (certificate, path(CredentialPart::KeyFile)));
                credential
            }
        };
        given.credentials.push((name.to_owned(), credential));
    }
    Ok(given)
}

/// What a shell puts in the place of the credential that the environment has for a scheme. A token that would have to
/// be asked for is not known to it.
fn in_shell(api: &ApiInfo, scheme: &str, lookup: Lookup<'_>) -> Option<String> {
    let set = |part| environment::name_of(api, scheme, part).filter(|name| lookup(name).is_some());
    let own = set(CredentialPart::Secret).map(|name| format!("${name}"));
    let in_file = || set(CredentialPart::SecretFile).map(|name| format!("$(cat \"${name}\")"));
    let secret = own.or_else(in_file)?;
    Some(match set(CredentialPart::Username) {
        Some(username) => format!("\"${username}:{secret}\""),
        None => format!("\"{secret}\""),
    })
}

/// What `$NAME` works for.
fn is_shell_name(name: &str) -> bool {
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_word && name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
}

fn credential(scheme: &str, kind: SchemeKind, secret: Secret) -> Result<Credential, Stop> {
    Ok(match kind {
        SchemeKind::ApiKey { .. } => Credential::api_key(secret),
        SchemeKind::Http { .. } => Credential::authorization(secret),
        SchemeKind::Bearer | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect => Credential::bearer(secret),
        SchemeKind::Basic => match secret.expose().split_once(':') {
            Some((user, password)) => Credential::basic(user, password),
            None => {
                let message =
                    format!("--auth {scheme}: HTTP basic authentication takes `user:password`, and there is no colon");
                return Err(Stop::usage(message));
            }
        },
    })
}

fn not_read(scheme: &str, error: &dyn std::fmt::Display) -> Stop {
    Stop::usage(format!("the credential of {scheme} cannot be read: {error}"))
}
