//! Reads two versions of a document, to compare the crates that are generated from them.

use std::path::Path;

use super::files::Reach;
use super::load::{Clients, LoadError, Target, lexical, load_within, overlaid_document, shown};
use super::{ApiConfig, Config, crate_name_from};
use crate::name::LOCK_FILE;
use crate::output::Root;
use crate::source::{Limits, Sources};

/// The configurations of a crate with two versions of a document.
#[derive(Debug)]
pub struct Versions {
    /// The documents, the overlays and the lock file.
    pub sources: Sources,
    /// The configuration with the old version of the document.
    pub old: Config,
    /// The configuration with the new version of the document.
    pub new: Config,
}

/// A crate on disk, and its configuration with a new version of a document.
#[derive(Debug)]
pub struct Regeneration {
    /// The documents, the overlays and the lock file.
    pub sources: Sources,
    /// The configuration with the new version of the document.
    pub config: Config,
    /// The directory of the crate.
    pub root: Root,
}

/// The reason why two versions of a document cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VersionsError {
    /// A file cannot be read, or the configuration is invalid.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// It is not clear which API of `clients.toml` has the document.
    #[error("no API of `{clients_toml}` has the document `{document}`, and there are several APIs: {apis}")]
    NoApi {
        /// The path of `clients.toml`.
        clients_toml: String,
        /// The path of the new version of the document.
        document: String,
        /// The documents of the APIs.
        apis: String,
    },
    /// The lock file belongs to another `clients.toml`.
    #[error("`{lock_file}` is not the lock file of `{clients_toml}`, which is `{expected}`")]
    OtherLockFile {
        /// The path of the lock file that was given.
        lock_file: String,
        /// The path of `clients.toml`.
        clients_toml: String,
        /// The path of its lock file.
        expected: String,
    },
}

/// Reads two versions of a document for a crate without optional features. `-` reads standard input.
///
/// # Errors
/// A document cannot be read.
pub fn versions(old: &str, new: &str, reach: Reach, limits: Limits) -> Result<Versions, VersionsError> {
    let mut sources = Sources::with_limits(limits);
    let mut config = |path: &str| -> Result<Config, LoadError> {
        let api = overlaid_document(path, &[], reach, &mut sources)?;
        Ok(Config::of_document(crate_name_from(new), api.spec))
    };
    let (old, new) = (config(old)?, config(new)?);
    Ok(Versions { sources, old, new })
}

/// Reads two versions of the document of an API in a `clients.toml`, with the overlays and the lock file of the API. The
/// API is the one whose document is `new` or `old`, or the only one.
///
/// # Errors
/// A file cannot be read, the configuration is invalid, or it is not clear which API has the document.
pub fn configured_versions(
    old: &str,
    new: &str,
    clients_toml: &Path,
    reach: Reach,
    limits: impl FnOnce(Limits) -> Limits,
) -> Result<Versions, VersionsError> {
    let clients = load_within(clients_toml, Path::new(""), reach, limits)?;
    let (target, api) = api_of(&clients, &[new, old], clients_toml)?;
    let mut sources = clients.sources.clone();
    let old = with_document(old, target, api, reach, &mut sources)?;
    let new = with_document(new, target, api, reach, &mut sources)?;
    Ok(Versions { sources, old: Config { is_earlier_version: true, ..old }, new })
}

/// Reads a new version of the document of an API in a `clients.toml`, to compare it with the crate on disk. `lock_file` is
/// the lock file of that `clients.toml`. The API is found as by [`configured_versions`].
///
/// # Errors
/// A file cannot be read, the configuration is invalid, it is not clear which API has the document, or the lock file is
/// another one.
pub fn regeneration(
    lock_file: &str,
    new: &str,
    clients_toml: &Path,
    reach: Reach,
    limits: impl FnOnce(Limits) -> Limits,
) -> Result<Regeneration, VersionsError> {
    let clients = load_within(clients_toml, Path::new(""), reach, limits)?;
    let expected = shown(&lexical(&clients.directory.path().join(LOCK_FILE)), Path::new(""));
    let lock_file = shown(&lexical(Path::new(lock_file)), Path::new(""));
    if lock_file != expected {
        let clients_toml = shown(clients_toml, Path::new(""));
        return Err(VersionsError::OtherLockFile { lock_file, clients_toml, expected });
    }
    let (target, api) = api_of(&clients, &[new], clients_toml)?;
    let mut sources = clients.sources.clone();
    let config = with_document(new, target, api, reach, &mut sources)?;
    Ok(Regeneration { sources, config, root: target.root.clone() })
}

/// Returns the API with one of the documents, or the only API, and its crate.
fn api_of<'a>(
    clients: &'a Clients,
    documents: &[&str],
    clients_toml: &Path,
) -> Result<(&'a Target, &'a ApiConfig), VersionsError> {
    let path = |path: &str| shown(&lexical(Path::new(path)), Path::new(""));
    let apis = || clients.targets.iter().flat_map(|target| target.config.apis.iter().map(move |api| (target, api)));
    let found = documents.iter().find_map(|document| apis().find(|(_, api)| api.spec == path(document)));
    let only = apis().next().filter(|_| apis().count() == 1);
    found.or(only).ok_or_else(|| VersionsError::NoApi {
        clients_toml: shown(clients_toml, Path::new("")),
        document: documents.first().copied().unwrap_or_default().to_owned(),
        apis: apis().map(|(_, api)| format!("`{}`", api.spec)).collect::<Vec<_>>().join(", "),
    })
}

/// Returns the configuration of a crate in which an API has another document.
fn with_document(
    document: &str,
    target: &Target,
    api: &ApiConfig,
    reach: Reach,
    sources: &mut Sources,
) -> Result<Config, LoadError> {
    let read = overlaid_document(document, &api.overlays, reach.max(target.reach), sources)?;
    let mut config = target.config.clone();
    for one in config.apis.iter_mut().filter(|one| one.name == api.name) {
        one.spec.clone_from(&read.spec);
        one.overlays.clone_from(&read.overlays);
    }
    Ok(config)
}
