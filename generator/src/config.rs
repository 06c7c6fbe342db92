//! What a run makes: which documents become which crate.
//!
//! A [`Config`] is data, and [`generate`](crate::generate) takes it as such. [`load`] is where it comes from in a repository:
//! `clients.toml` and the documents that it names, with the files that those name, are read from disk, the only reading
//! outside of [`output`](crate::output). [`document`] does the same for one document without a `clients.toml`.

mod clients;
mod files;
mod load;
mod names;
mod table;

pub use files::Reach;
pub use load::{Clients, LoadError, Target, document, document_within, lint_settings, load};
pub use names::{crate_name_fault, crate_name_from};

/// One crate to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The crate's `[package]`.
    pub package: Package,
    /// The APIs in it, in the order in which they are listed.
    pub apis: Vec<ApiConfig>,
    /// Whether each API is a module of its own behind a feature, or the one API is the crate.
    pub layout: Layout,
    /// Whether faults that stay where they are, such as a `$ref` that leads nowhere, become warnings that say what is
    /// assumed in their place. Else, as by default, a document with faults is rejected.
    pub lenient: bool,
}

/// What the generated `Cargo.toml` says of the crate itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The crate's name, as Cargo takes it: `pki-clients`.
    pub name: String,
    /// Its version; `0.1.0` where nothing else is said.
    pub version: String,
    /// One sentence about it; where absent, made from the titles of the APIs.
    pub description: Option<String>,
    /// An SPDX expression.
    pub license: Option<String>,
    /// Where its source is kept.
    pub repository: Option<String>,
}

/// One API of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiConfig {
    /// The feature's name, and in snake case the module's: `digicert-mpki`.
    pub name: String,
    /// The document's path, as [`Sources`](crate::source::Sources) knows it.
    pub spec: String,
}

/// Where an API stands in its crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `crate::digicert_mpki`, behind the feature `digicert-mpki`.
    Modules,
    /// The crate's root; there is one API.
    Root,
}
