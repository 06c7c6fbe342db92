//! Views of the generated crate (manifest, `lib.rs` and README), for the templates in `package/`.

use serde::Serialize;

use crate::config::Package;
use crate::ir::Api;
use crate::name::GroupNames;

use super::docs::Docs;
use super::markdown::{code, escaped, is_invisible};
use super::operation::OperationView;
use super::webhook::ReadmeWebhookView;

/// The view of the generated crate.
#[derive(Debug, Serialize)]
pub(crate) struct PackageView {
    pub name: String,
    /// The name of the library crate, as a Rust identifier.
    pub library: String,
    /// The package name as a TOML string. The other fields with the suffix `_toml` are TOML strings too.
    pub name_toml: String,
    pub version_toml: String,
    pub description_toml: String,
    pub license_toml: Option<String>,
    pub repository_toml: Option<String>,
    pub docs: Vec<String>,
    /// The `recursion_limit` as a Rust string literal. `None` if the compiler's default suffices.
    pub recursion_limit: Option<String>,
    pub description: String,
    pub modules: Vec<ModuleView>,
    pub has_modules: bool,
    /// Whether any API has a client.
    pub has_client: bool,
    /// Whether any API has webhooks.
    pub has_webhooks: bool,
    pub has_wire: bool,
    /// The default features as TOML array items, e.g. `"a", "b"`.
    pub default_features: String,
    /// The features of the runtime, copied from its `Cargo.toml`.
    pub features: String,
    pub dependencies: String,
    pub readme: Vec<ReadmeApiView>,
    /// Example command lines, for the README.
    pub examples: Vec<String>,
    /// The operation used in the examples of the README.
    pub example: Option<ExampleView>,
    /// The first operation with pagination, for the README.
    pub paginated: Option<ExampleView>,
    /// The first builder method that sets OAuth2 client credentials, for the README.
    pub client_credentials: Option<BuilderMethodView>,
}

/// The module of an API, which is enabled by a feature of the crate.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ModuleView {
    pub feature: String,
    pub feature_toml: String,
    pub module: String,
    /// Whether the API has a client.
    pub has_client: bool,
}

/// The section of an API in the README.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReadmeApiView {
    pub title: String,
    pub path: String,
    /// Whether the API has a client.
    pub has_client: bool,
    /// The builder calls that a client requires, such as `.api_key(…)`.
    pub settings: Vec<String>,
    /// The environment variables of `from_env`, as Markdown table rows.
    pub environment: Vec<String>,
    pub groups: Vec<ReadmeGroupView>,
    pub webhooks: Vec<ReadmeWebhookView>,
    /// Whether a property of the payload identifies the webhook.
    pub identifies_webhooks: bool,
    /// The name of the API's first builder method that sets OAuth2 client credentials.
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

/// An operation used in an example of the README.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ExampleView {
    path: String,
    settings: Vec<String>,
    /// The path of the request type, relative to `operations`.
    ty: String,
}

impl ExampleView {
    /// Returns the first operation that meets a condition.
    pub fn find(readme: &[ReadmeApiView], is_example: impl Fn(&ReadmeOperationView) -> bool) -> Option<Self> {
        readme.iter().find_map(|api| {
            let operation = api.groups.iter().flat_map(|group| &group.operations).find(|it| is_example(it))?;
            Some(Self { path: api.path.clone(), settings: api.settings.clone(), ty: operation.ty.clone() })
        })
    }
}

/// A builder method used in an example of the README.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BuilderMethodView {
    pub path: String,
    pub method: String,
}

impl ReadmeOperationView {
    pub fn of(operation: &OperationView, group: &GroupNames) -> Self {
        let items = if operation.pagination.is_some() { ".items()" } else { ".send().await?" };
        Self {
            summary: cell(&operation.summary),
            // `|` would end the table cell even in code. In requests, `|` is percent-encoded too.
            route: code(&operation.route.replace('|', "%7C")),
            call: format!("{}{items}", operation.call),
            ty: group.path_of(&operation.ty),
            is_paginated: operation.pagination.is_some(),
        }
    }
}

/// Escapes each `|`, because it would end a table cell. A `|` that is already escaped stays unchanged.
pub(super) fn cell(text: &str) -> String {
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

/// Returns the description of the crate: the configured one, or a description with the titles of its APIs.
pub(super) fn description(package: &Package, apis: &[&Api]) -> String {
    package.description.clone().unwrap_or_else(|| {
        let titles: Vec<&str> = apis.iter().map(|api| api.title.as_str()).collect();
        let what = if apis.iter().any(|api| api.has_client) { "Client" } else { "Types" };
        format!("{what} of {}.", titles.join(", "))
    })
}

pub(super) fn docs(description: &str) -> Vec<String> {
    Docs::default().document_text(Some(description)).or(String::new)
}

/// Returns text as a one-line TOML basic string. Removes invisible characters, because TOML and Rust escape them
/// differently.
pub(super) fn toml_string(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let printable: String = line.chars().filter(|character| !is_invisible(*character)).collect();
    format!("\"{}\"", printable.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Escapes a title for a Markdown heading.
pub(super) fn heading(text: &str) -> String {
    escaped(text).replace('#', "\\#")
}
