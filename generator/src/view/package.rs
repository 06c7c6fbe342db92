//! The crate around the APIs, as views for the templates in `package/`.

use serde::Serialize;

use crate::config::Package;
use crate::ir::Api;

use super::docs::Docs;
use super::markdown::{code, escaped, is_invisible};
use super::operation::OperationView;

/// The generated crate.
#[derive(Debug, Serialize)]
pub(crate) struct PackageView {
    pub name: String,
    /// The name of the library crate, an identifier.
    pub library: String,
    /// TOML strings.
    pub name_toml: String,
    pub version_toml: String,
    pub description_toml: String,
    pub license_toml: Option<String>,
    pub repository_toml: Option<String>,
    pub docs: Vec<String>,
    /// A Rust string literal, if the compiler's default is too low.
    pub recursion_limit: Option<String>,
    pub description: String,
    pub modules: Vec<ModuleView>,
    pub has_modules: bool,
    /// `"a", "b"`: the default features.
    pub default_features: String,
    /// Tables of the runtime's manifest that are copied.
    pub features: String,
    pub dependencies: String,
    pub readme: Vec<ReadmeApiView>,
    /// Example command lines, for the README.
    pub examples: Vec<String>,
    /// The example of a mocked operation, for the README.
    pub example: Option<ExampleView>,
    /// The first operation with pagination.
    pub paginated: Option<ExampleView>,
    /// The first method that sets OAuth2 client credentials.
    pub client_credentials: Option<BuilderMethodView>,
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
    /// The builder calls that a client requires, such as `.api_key(…)`.
    pub settings: Vec<String>,
    /// The environment variables of `from_env`, as table rows.
    pub environment: Vec<String>,
    pub groups: Vec<ReadmeGroupView>,
    /// The first method that sets OAuth2 client credentials.
    #[serde(skip)]
    pub client_credentials: Option<String>,
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
    #[serde(skip)]
    pub is_paginated: bool,
}

/// An operation in an example of the README.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ExampleView {
    path: String,
    settings: Vec<String>,
    /// The request type of the operation.
    ty: String,
}

impl ExampleView {
    /// Selects the first operation that meets a condition.
    pub fn find(readme: &[ReadmeApiView], is_example: impl Fn(&ReadmeOperationView) -> bool) -> Option<Self> {
        readme.iter().find_map(|api| {
            let operation = api.groups.iter().flat_map(|group| &group.operations).find(|it| is_example(it))?;
            Some(Self { path: api.path.clone(), settings: api.settings.clone(), ty: operation.ty.clone() })
        })
    }
}

/// A builder method in an example of the README.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BuilderMethodView {
    pub path: String,
    pub method: String,
}

impl ReadmeOperationView {
    pub fn of(operation: &OperationView) -> Self {
        let items = if operation.pagination.is_some() { ".items()" } else { ".send().await?" };
        Self {
            // An unescaped bar ends a table cell.
            summary: bars_escaped(&operation.summary),
            // A bar ends the cell even in code. It is percent-encoded in requests anyway.
            route: code(&operation.route.replace('|', "%7C")),
            call: format!("{}{items}", operation.call),
            ty: operation.ty.clone(),
            is_paginated: operation.pagination.is_some(),
        }
    }
}

/// Escapes bars, which end a table cell. Already escaped bars stay unchanged.
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

/// Returns the description of the crate.
pub(super) fn description(package: &Package, apis: &[&Api]) -> String {
    package.description.clone().unwrap_or_else(|| {
        let titles: Vec<&str> = apis.iter().map(|api| api.title.as_str()).collect();
        format!("Client of {}.", titles.join(", "))
    })
}

pub(super) fn docs(description: &str) -> Vec<String> {
    Docs::default().document_text(Some(description)).or(String::new)
}

/// Returns text as a one-line TOML basic string. Invisible characters are removed, because TOML escapes them unlike
/// Rust.
pub(super) fn toml_string(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let printable: String = line.chars().filter(|character| !is_invisible(*character)).collect();
    format!("\"{}\"", printable.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Escapes a title for a Markdown heading.
pub(super) fn heading(text: &str) -> String {
    escaped(text).replace('#', "\\#")
}
