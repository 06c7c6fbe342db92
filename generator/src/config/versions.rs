//! Reads two versions of a document, to compare the crates that are generated from them.

use std::path::Path;

use super::files::Reach;
use super::load::{LoadError, lexical, load_within, overlaid_document, shown};
use super::{Config, crate_name_from};
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
    let mut sources = clients.sources;
    let path = |path: &str| shown(&lexical(Path::new(path)), Path::new(""));
    let paths = [path(new), path(old)];
    let apis = || clients.targets.iter().flat_map(|target| target.config.apis.iter().map(move |api| (target, api)));
    let found = paths.iter().find_map(|path| apis().find(|(_, api)| api.spec == *path));
    let only = apis().next().filter(|_| apis().count() == 1);
    let Some((target, api)) = found.or(only) else {
        let apis = apis().map(|(_, api)| format!("`{}`", api.spec)).collect::<Vec<_>>().join(", ");
        let clients_toml = shown(clients_toml, Path::new(""));
        return Err(VersionsError::NoApi { clients_toml, document: new.to_owned(), apis });
    };
    let mut config = |path: &str| -> Result<Config, LoadError> {
        let read = overlaid_document(path, &api.overlays, reach, &mut sources)?;
        let mut config = target.config.clone();
        for one in config.apis.iter_mut().filter(|one| one.name == api.name) {
            one.spec.clone_from(&read.spec);
            one.overlays.clone_from(&read.overlays);
        }
        Ok(config)
    };
    let (old, new) = (config(old)?, config(new)?);
    Ok(Versions { sources, old: Config { is_earlier_version: true, ..old }, new })
}
