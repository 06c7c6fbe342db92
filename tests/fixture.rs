//! The fixtures: small documents on disk, and the crates that are made of them.

// Each test uses what it needs of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use clientwright::config::{ApiConfig, Config, Layout, Package};
use clientwright::diagnostics::{Diagnostics, Style, render};
use clientwright::output::FileSet;
use clientwright::source::Sources;

/// One document, and what its first lines, which are comments, say of it.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The file's name without its ending.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// `# shows:`, the generated files that are worth looking at.
    pub shows: Vec<String>,
    /// `# layout: modules`, where the crate is made with one module an API.
    pub layout: Layout,
    /// `# lenient: yes`, where faults that stay where they are are passed over.
    pub lenient: bool,
}

impl Fixture {
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let comment = |key: &str| {
            let comments = text.lines().take_while(|line| line.starts_with('#'));
            comments.filter_map(|line| line.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(": ")).next()
        };
        let shows = comment("shows").unwrap_or_default().split(", ").map(str::to_owned).collect();
        let layout = if comment("layout") == Some("modules") { Layout::Modules } else { Layout::Root };
        let lenient = comment("lenient") == Some("yes");
        Self { name: path.file_stem().unwrap().to_str().unwrap().to_owned(), shows, layout, lenient, text }
    }

    /// Makes a crate of this document alone.
    pub fn generate(&self) -> Result<FileSet, Diagnostics> {
        generate(&self.name, &self.text, self.layout, self.lenient)
    }

    /// Findings, as people see them.
    pub fn rendered(&self, found: &Diagnostics) -> String {
        render(found, &sources(&self.name, &self.text), &Style::default())
    }
}

/// All fixtures of a folder, in the order of their names.
pub fn all(folder: &str) -> Vec<Fixture> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| Fixture::read(path)).collect()
}

/// Our own specs, as if they were fixtures.
pub fn specs() -> Vec<Fixture> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../specs");
    ["digicert-iot", "digicert-mpki", "keyfactor-command"]
        .map(|name| Fixture::read(&folder.join(format!("{name}.yaml"))))
        .to_vec()
}

/// Makes a crate of one document.
pub fn generate(name: &str, text: &str, layout: Layout, lenient: bool) -> Result<FileSet, Diagnostics> {
    clientwright::generate(&sources(name, text), &Config { lenient, ..config(&[name], layout) })
}

/// A crate of these documents.
pub fn config(names: &[&str], layout: Layout) -> Config {
    Config {
        package: Package {
            name: "pet-store".to_owned(),
            version: "0.1.0".to_owned(),
            description: None,
            license: None,
            repository: None,
        },
        apis: names.iter().map(|name| ApiConfig { name: name.replace('_', "-"), spec: path(name) }).collect(),
        layout,
        lenient: false,
    }
}

/// One document in memory.
pub fn sources(name: &str, text: &str) -> Sources {
    let mut sources = Sources::new();
    sources.add(path(name), text);
    sources
}

/// The path by which a document is known.
pub fn path(name: &str) -> String {
    format!("{name}.yaml")
}
