//! The configuration of the generator: the OpenAPI documents of each crate, and the metadata of the crate.
//!
//! [`generate`](crate::generate) takes a [`Config`]. [`load`] reads a `clients.toml`, the documents that it lists, and
//! the files that the documents refer to. [`document()`] reads a single document without a `clients.toml`. Apart from
//! [`output`](crate::output), this is the only module that reads from disk.

mod clients;
mod derives;
mod features;
mod files;
mod init;
mod known_types;
mod load;
mod names;
mod package;
mod pagination;
mod remote;
mod rename;
mod runtime;
mod selection;
mod table;
mod types;
mod versions;

use std::collections::BTreeSet;

pub use features::{Feature, UnknownFeature};
pub use files::Reach;
pub use init::{InitError, clients_toml};
pub use load::{
    Clients, LoadError, Target, document, document_within, lint_settings, load, load_within, lock_file,
    overlaid_document,
};
pub use names::{crate_name_error, crate_name_from};
pub use package::Package;
pub use remote::shell_word;
pub use runtime::{InvalidRuntime, Runtime};
pub use versions::{Regeneration, Versions, VersionsError, configured_versions, regeneration, versions};

use crate::customize::{DeriveRule, PaginationRule, Rename, Selection, TypeMapping};

/// One crate to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The `[package]` table of the crate.
    pub package: Package,
    /// The APIs of the crate, in the order of `clients.toml`.
    pub apis: Vec<ApiConfig>,
    /// The location of the APIs: each in a module of its own behind a Cargo feature, or a single API in the crate root.
    pub layout: Layout,
    /// The path of the module in its crate, with the layout [`Layout::Module`]: e.g. `["vendor", "api"]` for
    /// `crate::vendor::api`.
    pub module: Vec<String>,
    /// Whether errors with a local, well-defined workaround become warnings. For example, a `$ref` whose target does
    /// not exist is then treated as a schema that accepts any JSON value. Documents with other errors are always
    /// rejected.
    pub lenient: bool,
    /// Whether the documents are an earlier version, which is only compared with the current one. Settings for items that
    /// these documents do not have are then no errors.
    pub is_earlier_version: bool,
    /// Whether types are generated for schemas that no operation and no webhook uses. Documents without operations and
    /// webhooks always keep all types.
    pub unused_schemas: bool,
    /// The optional features that the crate offers.
    pub features: BTreeSet<Feature>,
    /// The dependencies of the crate in addition to those of the runtime: the name of each crate, and its value in
    /// `Cargo.toml`, such as `"1"` with the quotation marks.
    pub dependencies: Vec<(String, String)>,
    /// The runtime: a copy, or a dependency.
    pub runtime: Runtime,
}

impl Config {
    /// Returns the configuration of the crate `name` for the document `spec`, as `clientwright generate` without options
    /// creates it: version `0.1.0`, the API in the crate root, strict, without optional features and unused schemas.
    pub fn of_document(name: impl Into<String>, spec: impl Into<String>) -> Self {
        let name = name.into();
        let api = ApiConfig::new(names::api_name_from(&name), spec);
        Self {
            package: Package::new(name),
            apis: vec![api],
            layout: Layout::Root,
            module: Vec::new(),
            lenient: false,
            is_earlier_version: false,
            unused_schemas: false,
            features: BTreeSet::new(),
            dependencies: Vec::new(),
            runtime: Runtime::Copied,
        }
    }
}

/// One API of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiConfig {
    /// The name of the API and of its Cargo feature, e.g. `digicert-mpki`. Its module has the same name in snake case.
    pub name: String,
    /// The path of the OpenAPI document in [`Sources`](crate::source::Sources).
    pub spec: String,
    /// The paths of the overlays in [`Sources`](crate::source::Sources). They are applied to the document in this order.
    pub overlays: Vec<String>,
    /// The operations and webhooks of the document that the crate contains.
    pub selection: Selection,
    /// The Rust names of items.
    pub renames: Vec<Rename>,
    /// The types of other crates for formats and schemas. The crates are among [`Config::dependencies`].
    pub types: Vec<TypeMapping>,
    /// Derives and attributes of generated types.
    pub derives: Vec<DeriveRule>,
    /// Whether each tag has a Cargo feature, which enables its operations and the types that they use.
    pub tag_features: bool,
    /// The rules that describe the pagination of operations. The first rule that fits an operation applies to it.
    pub pagination: Vec<PaginationRule>,
}

impl ApiConfig {
    /// Creates the configuration of an API with a whole document and without overlays.
    pub fn new(name: impl Into<String>, spec: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            spec: spec.into(),
            overlays: Vec::new(),
            selection: Selection::default(),
            renames: Vec::new(),
            pagination: Vec::new(),
            tag_features: false,
            types: Vec::new(),
            derives: Vec::new(),
        }
    }
}

/// The location of the APIs in their crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One module for each API, behind a Cargo feature: e.g. `crate::digicert_mpki` behind `digicert-mpki`.
    Modules,
    /// The crate root, for a crate with a single API.
    Root,
    /// A module of an existing crate, for a single API: the module [`Config::module`]. Only the files of the module are
    /// generated, and the runtime is a dependency. The feature [`Feature::Cli`] cannot be combined with this layout.
    Module,
}
