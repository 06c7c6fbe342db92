//! The crate around the APIs, as the templates of `package/` lay it out.

use serde::Serialize;

use crate::config::Package;
use crate::ir::Api;

use super::docs::Docs;
use super::markdown::{code, escaped, is_unwelcome};
use super::operation::OperationView;

/// One crate.
#[derive(Debug, Serialize)]
pub(crate) struct PackageView {
    pub name: String,
    /// The crate as Rust calls it.
    pub library: String,
    /// TOML strings.
    pub name_toml: String,
    pub version_toml: String,
    pub description_toml: String,
    pub license_toml: Option<String>,
    pub repository_toml: Option<String>,
    pub docs: Vec<String>,
    /// A Rust string, where the compiler's own limit is too low.
    pub recursion_limit: Option<String>,
    pub description: String,
    pub modules: Vec<ModuleView>,
    pub has_modules: bool,
    /// `"a", "b"`: the features of the APIs.
    pub default_features: String,
    /// The tables of the runtime's manifest that the crate takes over.
    pub features: String,
    pub dependencies: String,
    pub readme: Vec<ReadmeApiView>,
    /// Command lines of the program, for the README.
    pub examples: Vec<String>,
    /// The operation that the README's test expects.
    pub mocked: Option<MockedView>,
}

/// An API behind its feature.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ModuleView {
    pub feature: String,
    pub feature_toml: String,
    pub module: String,
}

/// An API in the README.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReadmeApiView {
    pub title: String,
    pub path: String,
    /// `.api_key(…)` and the like: what it takes to build a client.
    pub settings: Vec<String>,
    /// The environment variables of `from_env`, rows of a table.
    pub environment: Vec<String>,
    pub groups: Vec<ReadmeGroupView>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReadmeGroupView {
    pub title: String,
    pub operations: Vec<ReadmeOperationView>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReadmeOperationView {
    pub summary: String,
    pub route: String,
    pub call: String,
    #[serde(skip)]
    ty: String,
}

/// What the README's test is about.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MockedView {
    path: String,
    settings: Vec<String>,
    /// The operation's type.
    ty: String,
}

impl MockedView {
    /// The first operation that there is.
    pub fn of(readme: &[ReadmeApiView]) -> Option<Self> {
        readme.iter().find_map(|api| {
            let operation = api.groups.first()?.operations.first()?;
            Some(Self { path: api.path.clone(), settings: api.settings.clone(), ty: operation.ty.clone() })
        })
    }
}

impl ReadmeOperationView {
    pub fn of(operation: &OperationView) -> Self {
        let items = if operation.pagination.is_some() { ".items()" } else { ".send().await?" };
        Self {
            // A cell of a table ends at a bar.
            summary: bars_escaped(&operation.summary),
            // There a bar would end the cell within code too; it is sent like this anyway.
            route: code(&operation.route.replace('|', "%7C")),
            call: format!("{}{items}", operation.call),
            ty: operation.ty.clone(),
        }
    }
}

/// Text for a cell of a table, which ends at a bar. One that is escaped already stays so.
fn bars_escaped(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    let mut escaped = false;
    for letter in text.chars() {
        if letter == '|' && !escaped {
            cell.push('\\');
        }
        escaped = letter == '\\' && !escaped;
        cell.push(letter);
    }
    cell
}

/// What the crate says of itself.
pub(super) fn description(package: &Package, apis: &[&Api]) -> String {
    package.description.clone().unwrap_or_else(|| {
        let titles: Vec<&str> = apis.iter().map(|api| api.title.as_str()).collect();
        format!("Client of {}.", titles.join(", "))
    })
}

pub(super) fn docs(description: &str) -> Vec<String> {
    Docs::default().foreign(Some(description)).or(String::new)
}

/// One line of text as a TOML basic string; Rust's escapes of control characters are not TOML's.
pub(super) fn toml_string(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let printable: String = line.chars().filter(|character| !is_unwelcome(*character)).collect();
    format!("\"{}\"", printable.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A title for a heading.
pub(super) fn heading(text: &str) -> String {
    escaped(text).replace('#', "\\#")
}
