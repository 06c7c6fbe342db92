//! Reads the fixtures, which are small documents on disk, and generates crates from them.

// Each test program uses only some of these functions.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use clientwright::config::{ApiConfig, Config, Feature, Layout, Package, Runtime};
use clientwright::diagnostics::{Diagnostics, Style, render};
use clientwright::output::FileSet;
use clientwright::source::Sources;

use crate::diagnostic_lines::diagnostic_lines;

/// A document on disk, and the settings in its leading comments.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The file name without its extension.
    pub name: String,
    /// The contents of the file.
    pub text: String,
    /// The generated files that the snapshot contains, from the comments `# shows: PATH` and `# shows: PATH: ITEM, ITEM`.
    pub shows: Vec<Shown>,
    /// The layout of the crate: one module per API if there is a comment `# layout: modules`.
    pub layout: Layout,
    /// Whether to generate in lenient mode, from the comment `# lenient: yes`.
    pub lenient: bool,
    /// Whether the snapshot contains the examples of the documentation, from the comment `# examples: yes`.
    pub examples: bool,
    /// Whether types are generated for unused schemas: most fixtures have no operations that use their schemas. Set to
    /// false by the comment `# unused schemas: no`.
    pub unused_schemas: bool,
    /// Whether each tag has a Cargo feature, from the comment `# tag features: yes`.
    pub tag_features: bool,
}

/// A generated file that a snapshot contains.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The path in the crate.
    pub path: String,
    /// The items of the file, as [`crate::items::select`] takes them; the whole file if empty.
    pub items: Vec<String>,
}

impl Shown {
    fn new(text: &str) -> Self {
        let (path, items) = text.split_once(": ").unwrap_or((text, ""));
        let items = items.split(", ").filter(|item| !item.is_empty()).map(str::to_owned).collect();
        Self { path: path.to_owned(), items }
    }
}

impl Fixture {
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let comment = |key: &str| {
            let comments = text.lines().take_while(|line| line.starts_with('#'));
            comments.filter_map(|line| line.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(": ")).next()
        };
        let comments = text.lines().take_while(|line| line.starts_with('#'));
        let shows = comments.filter_map(|line| line.strip_prefix("# shows: ")).map(Shown::new).collect();
        let layout = if comment("layout") == Some("modules") { Layout::Modules } else { Layout::Root };
        let lenient = comment("lenient") == Some("yes");
        let examples = comment("examples") == Some("yes");
        let unused_schemas = comment("unused schemas") != Some("no");
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let tag_features = comment("tag features") == Some("yes");
        Self { name, shows, layout, lenient, examples, unused_schemas, tag_features, text }
    }

    /// Generates a crate from this document alone.
    pub fn generate(&self) -> Result<FileSet, Diagnostics> {
        let (lenient, unused_schemas) = (self.lenient, self.unused_schemas);
        let mut config = Config { lenient, unused_schemas, ..config(&[&self.name], self.layout) };
        config.apis.iter_mut().for_each(|api| api.tag_features = self.tag_features);
        clientwright::generate(&sources(&self.name, &self.text), &config)
    }

    /// Returns diagnostics as lines for a snapshot.
    pub fn lines(&self, diagnostics: &Diagnostics) -> String {
        diagnostic_lines(diagnostics, &sources(&self.name, &self.text))
    }

    /// Renders diagnostics as text.
    pub fn rendered(&self, diagnostics: &Diagnostics) -> String {
        render(diagnostics, &sources(&self.name, &self.text), &Style::default())
    }
}

/// Returns the path of a fixture.
pub fn file(folder: &str, name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder).join(format!("{name}.yaml"))
}

/// Returns a fixture of a folder.
pub fn one(folder: &str, name: &str) -> Fixture {
    Fixture::read(&file(folder, name))
}

/// Returns all fixtures of a folder, sorted by name.
pub fn all(folder: &str) -> Vec<Fixture> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| Fixture::read(path)).collect()
}

/// Returns the specs of this repository as fixtures without settings.
pub fn specs() -> Vec<Fixture> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../specs");
    ["digicert-iot", "digicert-mpki", "keyfactor-command"]
        .map(|name| Fixture::read(&folder.join(format!("{name}.yaml"))))
        .to_vec()
}

/// Generates a crate from one document.
pub fn generate(name: &str, text: &str, layout: Layout, lenient: bool) -> Result<FileSet, Diagnostics> {
    generate_package("pet-store", name, text, layout, lenient)
}

/// Generates a crate with the name `package_name` from one document.
pub fn generate_package(
    package_name: &str,
    name: &str,
    text: &str,
    layout: Layout,
    lenient: bool,
) -> Result<FileSet, Diagnostics> {
    let config = Config { lenient, package: package(package_name), ..config(&[name], layout) };
    clientwright::generate(&sources(name, text), &config)
}

/// Returns the configuration of a crate with these documents.
pub fn config(names: &[&str], layout: Layout) -> Config {
    Config {
        package: package("pet-store"),
        apis: names.iter().map(|name| ApiConfig::new(name.replace('_', "-"), path(name))).collect(),
        layout,
        module: Vec::new(),
        is_earlier_version: false,
        lenient: false,
        unused_schemas: true,
        features: Feature::all(),
        dependencies: Vec::new(),
        runtime: Runtime::Copied,
    }
}

/// Returns the configuration of a crate that depends on the runtime instead of copying it, for tests of many documents
/// that are not about the runtime: selecting the parts of the runtime takes longer than the rest of a small crate.
pub fn config_with_shared_runtime(names: &[&str], layout: Layout) -> Config {
    Config { runtime: Runtime::Path("../runtime".to_owned()), ..config(names, layout) }
}

/// Returns the metadata of a crate.
pub fn package(name: &str) -> Package {
    Package::new(name)
}

/// Returns sources that contain one document with this name.
pub fn sources(name: &str, text: &str) -> Sources {
    let mut sources = Sources::new();
    sources.add(path(name), text);
    sources
}

/// Returns the path of the document with this name in the sources.
pub fn path(name: &str) -> String {
    format!("{name}.yaml")
}
