//! Views of the generated crate (manifest, `lib.rs` and README), for the templates in `package/`.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::config::{Feature, Package};
use crate::ir::Api;
use crate::name::GroupNames;

use super::RuntimeManifest;
use super::docs::Docs;
use super::front_page::FrontPageView;
use super::markdown::{code, escaped, is_invisible};
use super::operation::OperationView;
use super::tag_features::TagFeature;
use super::webhook::ReadmeWebhookView;

/// The view of the generated crate.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PackageView {
    pub name: String,
    /// The name of the library crate, as a Rust identifier.
    pub library: String,
    /// The package name as a TOML string. The other fields with the suffix `_toml` are TOML strings too.
    pub name_toml: String,
    pub version_toml: String,
    pub description_toml: String,
    /// The lines of the table `[package]` that the configuration determines.
    pub metadata: Vec<String>,
    /// The description of the crate, for the documentation of a crate with a module for each API.
    pub docs: Vec<String>,
    /// The front page of the API at the root of the crate.
    pub page: Option<FrontPageView>,
    /// The example of the first API with a client, for the documentation of a crate with a module for each API.
    pub example_block: Vec<String>,
    /// The rows of the table of features.
    pub feature_rows: Vec<String>,
    /// The `recursion_limit` as a Rust string literal. `None` if the compiler's default suffices.
    pub recursion_limit: Option<String>,
    pub description: String,
    pub modules: Vec<ModuleView>,
    /// The features for tags.
    pub tag_features: Vec<TagFeature>,
    pub has_modules: bool,
    /// Whether any API has a client.
    pub has_client: bool,
    /// Whether the runtime is a module of the crate.
    pub has_own_runtime: bool,
    /// Whether the generated methods of the client builder belong to a trait.
    pub has_settings_trait: bool,
    /// Whether the crate contains the command-line program.
    pub has_program: bool,
    /// Whether any API with a client has security schemes.
    pub has_credentials: bool,
    /// The optional features that the crate offers.
    pub offers: OffersView,
    /// Whether any API has webhooks.
    pub has_webhooks: bool,
    pub has_wire: bool,
    /// The types for the settings of the only client, if the API is at the root of the crate.
    pub setting_types: String,
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

/// The view of the generated `Cargo.toml`.
#[derive(Debug, Serialize)]
pub(crate) struct ManifestView {
    #[serde(flatten)]
    package: PackageView,
    /// The default features as TOML array items, e.g. `"a", "b"`.
    default_features: String,
    /// The features of the runtime that the crate offers.
    features: String,
    /// The dependencies of the crate.
    dependencies: String,
}

impl ManifestView {
    /// Creates the view of a crate, without the features and dependencies of the runtime.
    pub(super) fn of(package: PackageView) -> Self {
        Self { package, default_features: String::new(), features: String::new(), dependencies: String::new() }
    }

    /// Adds the features and dependencies of the runtime.
    pub(crate) fn add(&mut self, runtime: RuntimeManifest) {
        let apis = self.package.modules.iter().map(|module| &module.feature);
        let tags = self.package.tag_features.iter().map(|tag| &tag.name);
        let defaults = apis.chain(tags).chain(&runtime.default_features).map(|feature| toml_string(feature));
        self.default_features = defaults.collect::<Vec<_>>().join(", ");
        self.features = runtime.features;
        self.dependencies = runtime.dependencies;
    }
}

/// The optional features that the crate offers, as far as the README has sections about them.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct OffersView {
    blocking: bool,
    client_certificates: bool,
    mock: bool,
    pkcs12: bool,
    polling: bool,
    raw: bool,
    streamed: bool,
    tracing: bool,
}

impl OffersView {
    /// `needs_certificates`: whether an API in the crate accepts client certificates.
    pub(super) fn of(features: &BTreeSet<Feature>, needs_certificates: bool) -> Self {
        let has = |feature| features.contains(&feature);
        let with_certificates = [Feature::Cli, Feature::ClientCertificates, Feature::Pkcs12, Feature::X509];
        Self {
            blocking: has(Feature::Blocking),
            client_certificates: needs_certificates || with_certificates.into_iter().any(has),
            mock: has(Feature::Mock),
            pkcs12: has(Feature::Pkcs12),
            polling: has(Feature::Polling),
            raw: has(Feature::Raw),
            streamed: has(Feature::Streamed),
            tracing: has(Feature::Tracing),
        }
    }
}

/// The module of an API, which is enabled by a feature of the crate.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ModuleView {
    pub feature: String,
    pub feature_toml: String,
    /// The name of the module. It is never a raw identifier: keywords are no valid names of APIs.
    pub module: String,
    /// The title of the API, as a table cell.
    pub title: String,
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
    #[serde(skip)]
    pub method: String,
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
            method: operation.method.clone(),
            summary: cell(&operation.summary),
            // `|` would end the table cell even in code. In requests, `|` is percent-encoded too.
            route: code(&operation.route.replace('|', "%7C")),
            call: format!("{}{items}", operation.call),
            ty: group.path_of(&operation.ty),
            is_paginated: operation.pagination.is_some(),
        }
    }
}

/// The optional features besides content codings, and what they add.
const FEATURES: [(Feature, &str); 8] = [
    (Feature::Blocking, "blocking calls and iterators"),
    (Feature::Chrono, "conversions of dates and times from and to types of the crate `chrono`"),
    (Feature::Cli, "the command-line program"),
    (Feature::Mock, "`runtime::mock`, a transport for tests"),
    (Feature::Pkcs12, "client certificates from PKCS#12 files (`.p12`, `.pfx`)"),
    (Feature::Time, "conversions of dates and times from and to types of the crate `time`"),
    (Feature::Tracing, "spans for calls and attempts"),
    (Feature::X509, "`runtime::x509`, which parses certificates (PEM, DER, PKCS#7)"),
];

/// Returns the rows of the table of features: one for each module and for each tag that has a feature, then those of the runtime that the crate offers.
pub(super) fn feature_rows(modules: &[ModuleView], tags: &[TagFeature], features: &BTreeSet<Feature>) -> Vec<String> {
    let modules =
        modules.iter().map(|module| format!("| `{}` (default) | the module `{}` |", module.feature, module.module));
    let tls = "| `aws-lc-rs` (default), `ring` | the TLS cryptography provider; without both, rustls uses the process's \
               default provider |";
    let codings = [Feature::Gzip, Feature::Brotli, Feature::Zstd].into_iter().filter(|it| features.contains(it));
    let codings = codings.map(|coding| format!("`{coding}`")).collect::<Vec<_>>().join(", ");
    let decoding = "decoding of compressed responses, announced in `Accept-Encoding`";
    let codings = (!codings.is_empty()).then(|| format!("| {codings} (default) | {decoding} |"));
    let others = FEATURES.iter().filter(|(feature, _)| features.contains(feature));
    let others = others.map(|(feature, adds)| format!("| `{feature}` | {adds} |"));
    let tags = tags.iter().map(|tag| tag.row.clone());
    modules.chain(tags).chain([tls.to_owned()]).chain(codings).chain(others).collect()
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

/// Returns the lines of the table `[package]` for the metadata that a crate need not have.
pub(super) fn metadata(package: &Package) -> Vec<String> {
    let Package { name: _, version: _, description: _, authors, license, repository, .. } = package;
    let Package { homepage, documentation, keywords, categories, .. } = package;
    let list = |key: &str, list: &[String]| {
        let items: Vec<String> = list.iter().map(|item| toml_string(item)).collect();
        (!list.is_empty()).then(|| format!("{key} = [{}]", items.join(", ")))
    };
    let string = |key: &str, value: &Option<String>| Some(format!("{key} = {}", toml_string(value.as_deref()?)));
    [
        list("authors", authors),
        string("license", license),
        string("repository", repository),
        string("homepage", homepage),
        string("documentation", documentation),
        list("keywords", keywords),
        list("categories", categories),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns text as a one-line TOML basic string. Removes invisible characters, because TOML and Rust escape them
/// differently.
pub(crate) fn toml_string(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let printable: String = line.chars().filter(|character| !is_invisible(*character)).collect();
    format!("\"{}\"", printable.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Escapes a title for a Markdown heading.
pub(super) fn heading(text: &str) -> String {
    escaped(text).replace('#', "\\#")
}
