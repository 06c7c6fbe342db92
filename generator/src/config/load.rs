//! Reading from disk what a run needs: paths come in, texts and configurations come out.
//!
//! Paths are shown, and known to [`Sources`], as they look from a base: the workspace's root or the current directory. So a
//! message names the same path on every machine, with `/` between its parts.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use super::clients::{self, ApiTable, CrateTable};
use super::files::{Reach, gather};
use super::{ApiConfig, Config, Layout, Package};
use crate::Levels;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::output::Root;
use crate::source::{Limits, SourceId, Sources, Span};

/// What nothing else is said of.
const FIRST_VERSION: &str = "0.1.0";

/// What a `clients.toml` asks for, with every text that is needed for it.
#[derive(Debug, Clone)]
pub struct Clients {
    /// The documents, and `clients.toml` itself.
    pub sources: Sources,
    /// The crates, in the order of the file.
    pub targets: Vec<Target>,
}

/// One crate and the folder that it goes into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What to generate.
    pub config: Config,
    /// Where to.
    pub root: Root,
}

/// Why there is nothing to generate from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file cannot be read.
    #[error("cannot read `{path}`: {reason}")]
    Unreadable {
        /// The file, as shown.
        path: String,
        /// What the system says.
        reason: io::Error,
    },
    /// `clients.toml` was read and is at fault.
    #[error("`clients.toml` is at fault")]
    Faulty {
        /// The texts that the findings point into.
        sources: Box<Sources>,
        /// What is wrong.
        found: Diagnostics,
    },
}

/// Reads a `clients.toml` and the documents that it names; paths are shown relative to `base`.
///
/// # Errors
/// A file cannot be read, or `clients.toml` is at fault; then every fault of it is in the error.
pub fn load(clients_toml: &Path, base: &Path) -> Result<Clients, LoadError> {
    let shown = shown(clients_toml, base);
    let text =
        fs::read_to_string(clients_toml).map_err(|reason| LoadError::Unreadable { path: shown.clone(), reason })?;
    let mut sources = Sources::new();
    let source = sources.add(shown, text.as_str());
    let mut loader = Loader {
        base,
        folder: clients_toml.parent().unwrap_or(Path::new("")),
        clients: source,
        sources,
        found: Diagnostics::new(),
        folders: Vec::new(),
    };
    let parsed = clients::parse(&text, source, &mut loader.found);
    loader.sources.limit(parsed.limits);
    if !parsed.has_crates && !loader.found.has_errors() {
        let message = "there is no `[[crate]]` here, so there is nothing to generate";
        let beginning = Span { source, start: 0, end: 0 };
        loader.found.push(Diagnostic::error(Code::Config, beginning, message));
    }
    let targets = parsed.crates.iter().map(|table| loader.target(table)).collect();
    if loader.found.has_errors() {
        return Err(LoadError::Faulty { sources: Box::new(loader.sources), found: loader.found });
    }
    Ok(Clients { sources: loader.sources, targets })
}

/// Reads one document, `-` being standard input, with the files of its folder that it needs, and gives the path under
/// which it is known from then on.
///
/// # Errors
/// The document itself cannot be read.
pub fn document(path: &str, sources: &mut Sources) -> Result<String, LoadError> {
    document_within(path, Reach::Folder, sources)
}

/// The same with files from elsewhere, if that is within reach.
///
/// # Errors
/// The document itself cannot be read.
pub fn document_within(path: &str, reach: Reach, sources: &mut Sources) -> Result<String, LoadError> {
    let (text, shown) = match path {
        "-" => (read(io::stdin().lock(), sources.limits()), "<stdin>".to_owned()),
        path => {
            let text = fs::File::open(path).and_then(|file| read(file, sources.limits()));
            (text, path.replace(std::path::MAIN_SEPARATOR, "/"))
        }
    };
    let text = text.map_err(|reason| LoadError::Unreadable { path: shown.clone(), reason })?;
    let source = sources.add(shown.clone(), text);
    gather(sources, source, (path != "-").then(|| Path::new(path)), Path::new(""), reach);
    Ok(shown)
}

/// Reads a document, and no more of it than it takes to see that it is too long: not every file comes to an end.
fn read(from: impl Read, limits: Limits) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let enough = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
    from.take(enough).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads what a `clients.toml` sets for `lint`: the levels of findings, and what documents may ask for.
///
/// # Errors
/// The file cannot be read, or is at fault; with the texts that the findings point into.
pub fn lint_settings(clients_toml: &Path) -> Result<(Levels, Limits), Box<(Sources, Diagnostics)>> {
    let shown = shown(clients_toml, Path::new(""));
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let text = match fs::read_to_string(clients_toml) {
        Ok(text) => text,
        Err(reason) => {
            let message = LoadError::Unreadable { path: shown, reason }.to_string();
            found.push(Diagnostic::new(Severity::Error, Code::Files, None, message));
            return Err(Box::new((sources, found)));
        }
    };
    let source = sources.add(shown, text.as_str());
    let parsed = clients::parse(&text, source, &mut found);
    if found.has_errors() { Err(Box::new((sources, found))) } else { Ok((parsed.levels, parsed.limits)) }
}

struct Loader<'a> {
    base: &'a Path,
    /// Where `clients.toml` lies.
    folder: &'a Path,
    clients: SourceId,
    sources: Sources,
    found: Diagnostics,
    /// The folders of the crates so far.
    folders: Vec<PathBuf>,
}

impl Loader<'_> {
    fn target(&mut self, table: &CrateTable) -> Target {
        let apis = table.apis.iter().map(|api| self.api(api)).collect();
        let version = table.version.as_ref().map_or(FIRST_VERSION, |version| version.get_ref()).to_owned();
        let package = Package {
            name: table.name.get_ref().clone(),
            version,
            description: table.description.clone(),
            license: table.license.clone(),
            repository: table.repository.clone(),
        };
        Target { config: Config { package, apis, layout: Layout::Modules, lenient: false }, root: self.root(table) }
    }

    fn root(&mut self, table: &CrateTable) -> Root {
        let path = lexical(&self.folder.join(table.directory.get_ref()));
        let span = clients::span(self.clients, &table.directory);
        if lexical(self.folder).starts_with(&path) {
            let message = "this folder holds `clients.toml`; a generated crate has one of its own";
            self.found.push(Diagnostic::error(Code::Config, span, message));
        }
        if self.folders.iter().any(|other| other.starts_with(&path) || path.starts_with(other)) {
            let message = "another crate is generated into this folder, or above or below it";
            self.found.push(Diagnostic::error(Code::Config, span, message));
        }
        let shown = shown(&path, self.base);
        self.folders.push(path.clone());
        Root::new(path).shown_as(shown)
    }

    fn api(&mut self, table: &ApiTable) -> ApiConfig {
        let path = lexical(&self.folder.join(table.spec.get_ref()));
        let spec = shown(&path, self.base);
        if self.sources.find(&spec).is_none() {
            match fs::File::open(&path).and_then(|file| read(file, self.sources.limits())) {
                Ok(text) => {
                    let source = self.sources.add(spec.as_str(), text);
                    gather(&mut self.sources, source, Some(&path), self.base, Reach::Folder);
                }
                Err(reason) => {
                    let span = clients::span(self.clients, &table.spec);
                    let message = format!("cannot read `{spec}`: {reason}");
                    self.found.push(Diagnostic::error(Code::Config, span, message).label("named here"));
                }
            }
        }
        ApiConfig { name: table.name.get_ref().clone(), spec }
    }
}

/// A path without `.` and `..`, as far as that can be said without asking the disk.
pub(super) fn lexical(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            component => plain.push(component),
        }
    }
    plain
}

/// A path as it looks from `base`, with `/` between its parts.
pub(super) fn shown(path: &Path, base: &Path) -> String {
    let (path, base) = (lexical(path), lexical(base));
    let path = path.strip_prefix(&base).unwrap_or(&path);
    path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_they_look_from_the_base() {
        let base = Path::new("/w/r/xtask/..");
        assert_eq!(shown(Path::new("/w/r/xtask/../specs/../specs/a.yaml"), base), "specs/a.yaml");
        assert_eq!(shown(Path::new("/w/r/specs/../../other/a.yaml"), base), "/w/other/a.yaml");
        assert_eq!(shown(Path::new("./specs/a.yaml"), Path::new("")), "specs/a.yaml");
        assert_eq!(shown(Path::new("specs/../../a.yaml"), Path::new("")), "../a.yaml");
    }

    const TOML: &str =
        "[[crate]]\nname = \"a\"\ndirectory = \"../out\"\n[[crate.api]]\nname = \"x\"\nspec = \"x.yaml\"\n";

    fn workspace(toml: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("specs")).unwrap();
        fs::write(folder.path().join("specs/clients.toml"), toml).unwrap();
        fs::write(folder.path().join("specs/x.yaml"), "openapi: 3.0.3").unwrap();
        folder
    }

    fn faults(toml: &str) -> Vec<String> {
        let folder = workspace(toml);
        match load(&folder.path().join("specs/clients.toml"), folder.path()) {
            Err(LoadError::Faulty { found, .. }) => found.sorted().iter().map(|one| one.message.clone()).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn documents_are_known_by_their_path_from_the_base() {
        let folder = workspace(TOML);
        let clients = load(&folder.path().join("specs/clients.toml"), folder.path()).unwrap();
        let [target] = clients.targets.as_slice() else { panic!("{clients:?}") };
        assert_eq!(target.config.apis, [ApiConfig { name: "x".into(), spec: "specs/x.yaml".into() }]);
        assert_eq!(target.config.package.version, "0.1.0");
        assert_eq!((target.root.path(), target.root.shown()), (folder.path().join("out").as_path(), "out"));
        assert!(clients.sources.find("specs/x.yaml").is_some());
        assert!(clients.sources.find("specs/clients.toml").is_some());
    }

    #[test]
    fn a_document_that_cannot_be_read_is_named_with_its_place() {
        let [fault] = faults(&TOML.replace("x.yaml", "y.yaml")).try_into().unwrap();
        assert!(fault.starts_with("cannot read `specs/y.yaml`: "), "{fault}");
    }

    #[test]
    fn without_a_crate_there_is_nothing_to_generate() {
        for text in ["", "[lint]\nexample = 'allow'\n"] {
            assert_eq!(faults(text), ["there is no `[[crate]]` here, so there is nothing to generate"]);
        }
    }

    #[test]
    fn folders_do_not_overlap() {
        for directory in ["..", ".", "../specs", "../../"] {
            assert_eq!(faults(&TOML.replace("../out", directory)).len(), 1, "{directory}");
        }
        for directory in ["../out", "../out/inner", "../x/../out"] {
            let second = TOML.replace("\"a\"", "\"b\"").replace("../out", directory);
            assert_eq!(faults(&format!("{TOML}{second}")).len(), 1, "{directory}");
        }
    }

    #[test]
    fn files_that_are_not_there() {
        let error = load(Path::new("/nowhere/clients.toml"), Path::new("/nowhere")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read `clients.toml`: "), "{error}");
        let error = document("/nowhere/x.yaml", &mut Sources::new()).unwrap_err();
        assert!(error.to_string().starts_with("cannot read `/nowhere/x.yaml`: "), "{error}");
    }
}
