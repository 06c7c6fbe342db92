//! Reads `clients.toml` and OpenAPI documents from disk.
//!
//! Paths in messages and in [`Sources`] are relative to a base directory (the workspace root or the current directory)
//! and use `/` as the separator, so that messages are the same on every machine.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use toml::Spanned;

use super::clients::{self, ApiTable, CrateTable};
use super::files::{Reach, gather, or_current};
use super::names::{api_name_from, crate_name_from};
use super::{ApiConfig, Config, Layout, remote};
use crate::Levels;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::name::LOCK_FILE;
use crate::output::Root;
use crate::source::{Limits, SourceId, Sources, Span};

/// The crates to generate, and their documents: the contents of a `clients.toml`, or a single crate.
#[derive(Debug, Clone)]
pub struct Clients {
    /// The documents, the files that they refer to, the lock file, and `clients.toml` itself.
    pub sources: Sources,
    /// The crates to generate, in the order of the file.
    pub targets: Vec<Target>,
    /// The severities of diagnostic codes.
    pub levels: Levels,
    /// The directory of the lock file: the directory of `clients.toml`, or of the crate if there is no `clients.toml`.
    pub directory: Root,
}

/// A crate to generate and its directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The configuration of the crate.
    pub config: Config,
    /// The directory into which the crate is generated.
    pub root: Root,
    /// The directories from which files may be read if a document refers to them.
    pub reach: Reach,
}

/// The error of reading a configuration or a document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file cannot be read.
    #[error("cannot read `{path}`: {reason}")]
    Unreadable {
        /// The path as shown to the user.
        path: String,
        /// The error of the operating system.
        reason: io::Error,
    },
    /// The path of a document is a URL.
    #[error("{}", remote::refusal(.0))]
    Remote(String),
    /// `clients.toml` is invalid, or a document that it lists cannot be read.
    #[error("{}", diagnostics.display(sources))]
    Invalid {
        /// The sources that the diagnostics refer to.
        sources: Box<Sources>,
        /// The errors.
        diagnostics: Diagnostics,
    },
}

impl Clients {
    /// Creates a `Clients` with a single crate that contains its lock file. `sources` must contain its documents.
    pub fn of_crate(sources: Sources, config: Config, root: Root) -> Self {
        let levels = Levels::default();
        Self {
            sources,
            levels,
            directory: root.clone(),
            targets: vec![Target { config, root, reach: Reach::Directory }],
        }
    }
}

/// Reads a `clients.toml` and the documents that it lists. Paths in messages are relative to `base`.
///
/// # Errors
/// - [`LoadError::Unreadable`]: `clients.toml` cannot be read.
/// - [`LoadError::Invalid`]: `clients.toml` is invalid, or a document that it lists cannot be read. Contains all
///   diagnostics.
pub fn load(clients_toml: &Path, base: &Path) -> Result<Clients, LoadError> {
    load_within(clients_toml, base, Reach::Directory, |limits| limits)
}

/// Reads a `clients.toml` like [`load`], but also files outside of the documents' directories if `reach` is
/// [`Reach::Anywhere`]. `limits` changes the limits of the `[limits]` table.
///
/// # Errors
/// The same as of [`load`].
pub fn load_within(
    clients_toml: &Path,
    base: &Path,
    reach: Reach,
    limits: impl FnOnce(Limits) -> Limits,
) -> Result<Clients, LoadError> {
    let shown = shown(clients_toml, base);
    let text =
        fs::read_to_string(clients_toml).map_err(|reason| LoadError::Unreadable { path: shown.clone(), reason })?;
    let mut sources = Sources::new();
    let source = sources.add(shown, text.as_str());
    let directory = or_current(clients_toml.parent().unwrap_or(Path::new("")));
    lock_file_within(directory, base, &mut sources)?;
    let mut loader = Loader {
        base,
        directory,
        reach,
        clients: source,
        sources,
        diagnostics: Diagnostics::new(),
        directories: Vec::new(),
    };
    let parsed = clients::parse(&text, source, &mut loader.diagnostics);
    loader.sources.limit(limits(parsed.limits));
    if !parsed.has_crates && !loader.diagnostics.has_errors() {
        let message = "there is no `[[crate]]` in this file, so nothing can be generated";
        let start = Span { source, start: 0, end: 0 };
        loader.diagnostics.push(Diagnostic::error(Code::Config, start, message));
    }
    let targets = parsed.crates.iter().map(|table| loader.target(table)).collect();
    if loader.diagnostics.has_errors() {
        return Err(LoadError::Invalid { sources: Box::new(loader.sources), diagnostics: loader.diagnostics });
    }
    let directory = Root::new(directory).shown_as(self::shown(directory, base));
    Ok(Clients { sources: loader.sources, targets, levels: parsed.levels, directory })
}

/// Reads the lock file in a directory, if there is one, and adds it to `sources`.
///
/// # Errors
/// The lock file cannot be read.
pub fn lock_file(directory: &Path, sources: &mut Sources) -> Result<(), LoadError> {
    lock_file_within(directory, Path::new(""), sources)
}

fn lock_file_within(directory: &Path, base: &Path, sources: &mut Sources) -> Result<(), LoadError> {
    let path = directory.join(LOCK_FILE);
    let shown = shown(&path, base);
    match fs::metadata(&path) {
        // The writer of the crate reports a directory that is not one.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        // Read regular files only: pipes and devices may never end.
        Ok(metadata) if !metadata.is_file() => {
            let reason = io::Error::other("it is not a regular file");
            Err(LoadError::Unreadable { path: shown, reason })
        }
        _ => match fs::read(&path) {
            Ok(text) => {
                sources.add_lock_file(shown, text);
                Ok(())
            }
            Err(reason) => Err(LoadError::Unreadable { path: shown, reason }),
        },
    }
}

/// Reads a document and the files in its directory that it refers to, and adds them to `sources`. Reads standard input
/// if the path is `-`. Returns the path of the document in `sources`.
///
/// # Errors
/// The document cannot be read.
pub fn document(path: &str, sources: &mut Sources) -> Result<String, LoadError> {
    document_within(path, Reach::Directory, sources)
}

/// Reads a document like [`document`], but also files outside of its directory if `reach` is [`Reach::Anywhere`].
///
/// # Errors
/// The document cannot be read.
pub fn document_within(path: &str, reach: Reach, sources: &mut Sources) -> Result<String, LoadError> {
    Ok(overlaid_document(path, &[], reach, sources)?.spec)
}

/// Reads a document like [`document_within`], and the overlays to apply to it. Returns the configuration of an API that
/// is named after the document.
///
/// # Errors
/// The document or an overlay cannot be read.
pub fn overlaid_document(
    path: &str,
    overlays: &[String],
    reach: Reach,
    sources: &mut Sources,
) -> Result<ApiConfig, LoadError> {
    let mut ids = Vec::new();
    for overlay in overlays {
        let (shown, text) = opened(overlay, sources.limits())?;
        ids.push(sources.add(shown, text));
    }
    let (shown, text) = opened(path, sources.limits())?;
    let source = sources.add(shown.clone(), text);
    gather(sources, source, &ids, (path != "-").then(|| Path::new(path)), Path::new(""), reach);
    let overlays = ids.into_iter().map(|id| sources.path(id).to_owned()).collect();
    Ok(ApiConfig { overlays, ..ApiConfig::new(crate_name_from(path), shown) })
}

/// Reads a file, or standard input if the path is `-`. Returns its path as shown to the user, and its contents.
fn opened(path: &str, limits: Limits) -> Result<(String, Vec<u8>), LoadError> {
    if remote::is_url(path) {
        return Err(LoadError::Remote(path.to_owned()));
    }
    let (text, shown) = match path {
        "-" => (read(io::stdin().lock(), limits), "<stdin>".to_owned()),
        path => {
            let text = fs::File::open(path).and_then(|file| read(file, limits));
            (text, path.replace(std::path::MAIN_SEPARATOR, "/"))
        }
    };
    match text {
        Ok(text) => Ok((shown, text)),
        Err(reason) => Err(LoadError::Unreadable { path: shown, reason }),
    }
}

/// Reads a document. Stops one byte after the size limit, because some files never end, e.g. `/dev/zero`.
fn read(from: impl Read, limits: Limits) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let max = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
    from.take(max).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads the settings of [`lint`](crate::lint()) from a `clients.toml`: the severities of diagnostics and the limits on
/// documents.
///
/// # Errors
/// The file cannot be read or is invalid. The error contains the diagnostics and the sources that they refer to.
pub fn lint_settings(clients_toml: &Path) -> Result<(Levels, Limits), Box<(Sources, Diagnostics)>> {
    let shown = shown(clients_toml, Path::new(""));
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let text = match fs::read_to_string(clients_toml) {
        Ok(text) => text,
        Err(reason) => {
            let message = LoadError::Unreadable { path: shown, reason }.to_string();
            diagnostics.push(Diagnostic::new(Severity::Error, Code::Files, None, message));
            return Err(Box::new((sources, diagnostics)));
        }
    };
    let source = sources.add(shown, text.as_str());
    let parsed = clients::parse(&text, source, &mut diagnostics);
    if diagnostics.has_errors() { Err(Box::new((sources, diagnostics))) } else { Ok((parsed.levels, parsed.limits)) }
}

struct Loader<'a> {
    base: &'a Path,
    /// The directory of `clients.toml`.
    directory: &'a Path,
    reach: Reach,
    clients: SourceId,
    sources: Sources,
    diagnostics: Diagnostics,
    /// The directories of the previous crates. Directories of crates must not overlap.
    directories: Vec<PathBuf>,
}

impl Loader<'_> {
    fn target(&mut self, table: &CrateTable) -> Target {
        let layout = match table.apis.as_slice() {
            [ApiTable { name: None, .. }] => Layout::Root,
            _ => Layout::Modules,
        };
        let apis = table.apis.iter().map(|api| self.api(table, api)).collect();
        let package = table.package.clone();
        let (features, dependencies) = (table.features.clone(), table.dependencies.clone());
        let unused_schemas = table.unused_schemas;
        let runtime = table.runtime.clone();
        let lenient = table.lenient;
        let config = Config {
            package,
            apis,
            layout,
            module: Vec::new(),
            is_earlier_version: false,
            lenient,
            features,
            dependencies,
            runtime,
            unused_schemas,
        };
        Target { config, root: self.root(table), reach: self.reach.max(table.reach) }
    }

    fn root(&mut self, table: &CrateTable) -> Root {
        let path = lexical(&self.directory.join(table.directory.get_ref()));
        let span = clients::span(self.clients, &table.directory);
        if lexical(self.directory).starts_with(&path) {
            let message = "this directory contains `clients.toml`; a crate must be generated into another directory";
            self.diagnostics.push(Diagnostic::error(Code::Config, span, message));
        }
        if self.directories.iter().any(|other| other.starts_with(&path) || path.starts_with(other)) {
            let message = "the directories of two crates are equal, or one contains the other";
            self.diagnostics.push(Diagnostic::error(Code::Config, span, message));
        }
        let shown = shown(&path, self.base);
        self.directories.push(path.clone());
        Root::new(path).shown_as(shown)
    }

    fn api(&mut self, owner: &CrateTable, table: &ApiTable) -> ApiConfig {
        let overlays: Vec<SourceId> = table.overlays.iter().filter_map(|path| self.file(path)).collect();
        let path = lexical(&self.directory.join(table.spec.get_ref()));
        let spec = shown(&path, self.base);
        let is_new = self.sources.find(&spec).is_none();
        if let Some(source) = self.file(&table.spec)
            && (is_new || !overlays.is_empty())
        {
            gather(&mut self.sources, source, &overlays, Some(&path), self.base, self.reach.max(owner.reach));
        }
        let overlays = overlays.into_iter().map(|id| self.sources.path(id).to_owned()).collect();
        let name = table.name.as_ref().map(|name| name.get_ref().clone());
        let name = name.unwrap_or_else(|| api_name_from(owner.name.get_ref()));
        ApiConfig {
            overlays,
            selection: table.selection.clone(),
            renames: table.renames.clone(),
            pagination: table.pagination.clone(),
            tag_features: table.tag_features,
            types: table.types.clone(),
            derives: table.derives.clone(),
            ..ApiConfig::new(name, spec)
        }
    }

    /// Reads a file whose path is relative to the directory of `clients.toml`, unless it was read before.
    fn file(&mut self, path: &Spanned<String>) -> Option<SourceId> {
        let full = lexical(&self.directory.join(path.get_ref()));
        let shown = shown(&full, self.base);
        if let Some(known) = self.sources.find(&shown) {
            return Some(known);
        }
        match fs::File::open(&full).and_then(|file| read(file, self.sources.limits())) {
            Ok(text) => Some(self.sources.add(shown, text)),
            Err(reason) => {
                let span = clients::span(self.clients, path);
                let message = format!("cannot read `{shown}`: {reason}");
                self.diagnostics.push(Diagnostic::error(Code::Config, span, message).label("configured here"));
                None
            }
        }
    }
}

/// Resolves `.` and `..` in a path without accessing the disk, e.g. `a/../b` to `b`. Keeps leading `..` components.
pub(super) fn lexical(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            component => normal.push(component),
        }
    }
    normal
}

/// Returns the path that messages show: relative to `base` if it is below `base`, with `/` as the separator.
pub(super) fn shown(path: &Path, base: &Path) -> String {
    let (path, base) = (lexical(path), lexical(base));
    let path = path.strip_prefix(&base).unwrap_or(&path);
    path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_paths_are_relative_to_base() {
        let base = Path::new("/w/r/xtask/..");
        assert_eq!(shown(Path::new("/w/r/xtask/../specs/../specs/a.yaml"), base), "specs/a.yaml");
        assert_eq!(shown(Path::new("/w/r/specs/../../other/a.yaml"), base), "/w/other/a.yaml");
        assert_eq!(shown(Path::new("./specs/a.yaml"), Path::new("")), "specs/a.yaml");
        assert_eq!(shown(Path::new("specs/../../a.yaml"), Path::new("")), "../a.yaml");
    }

    const TOML: &str =
        "[[crate]]\nname = \"a\"\ndirectory = \"../out\"\n[[crate.api]]\nname = \"x\"\nspec = \"x.yaml\"\n";

    fn workspace(toml: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("specs")).unwrap();
        fs::write(directory.path().join("specs/clients.toml"), toml).unwrap();
        fs::write(directory.path().join("specs/x.yaml"), "openapi: 3.0.3").unwrap();
        directory
    }

    fn errors(toml: &str) -> Vec<String> {
        let directory = workspace(toml);
        match load(&directory.path().join("specs/clients.toml"), directory.path()) {
            Err(LoadError::Invalid { diagnostics, .. }) => {
                diagnostics.sorted().iter().map(|one| one.message.clone()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn documents_are_found_by_relative_path() {
        let directory = workspace(TOML);
        let clients = load(&directory.path().join("specs/clients.toml"), directory.path()).unwrap();
        let [target] = clients.targets.as_slice() else { panic!("{clients:?}") };
        assert_eq!(target.config.apis, [ApiConfig::new("x", "specs/x.yaml")]);
        assert_eq!(target.config.package.version, "0.1.0");
        assert_eq!((target.root.path(), target.root.shown()), (directory.path().join("out").as_path(), "out"));
        assert!(clients.sources.find("specs/x.yaml").is_some());
        assert!(clients.sources.find("specs/clients.toml").is_some());
    }

    #[test]
    fn unreadable_document_is_reported() {
        let [error] = errors(&TOML.replace("x.yaml", "y.yaml")).try_into().unwrap();
        assert!(error.starts_with("cannot read `specs/y.yaml`: "), "{error}");
    }

    #[test]
    fn file_without_crates_is_rejected() {
        for text in ["", "[lint]\nexample = 'allow'\n"] {
            assert_eq!(errors(text), ["there is no `[[crate]]` in this file, so nothing can be generated"]);
        }
    }

    #[test]
    fn overlapping_directories_are_rejected() {
        for directory in ["..", ".", "../specs", "../../"] {
            assert_eq!(errors(&TOML.replace("../out", directory)).len(), 1, "{directory}");
        }
        for directory in ["../out", "../out/inner", "../x/../out"] {
            let second = TOML.replace("\"a\"", "\"b\"").replace("../out", directory);
            assert_eq!(errors(&format!("{TOML}{second}")).len(), 1, "{directory}");
        }
    }

    #[test]
    fn missing_file_is_an_error() {
        let error = load(Path::new("/nowhere/clients.toml"), Path::new("/nowhere")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read `clients.toml`: "), "{error}");
        let error = document("/nowhere/x.yaml", &mut Sources::new()).unwrap_err();
        assert!(error.to_string().starts_with("cannot read `/nowhere/x.yaml`: "), "{error}");
    }
}
