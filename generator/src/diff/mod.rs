//! Compares two versions of an API, and says what each change means for callers of the generated crate and for running
//! clients.
//!
//! [`diff`] compares the intermediate representations, so that two spellings of the same API have no differences. The
//! effect on requests and responses follows from their direction: for example, a property that becomes required breaks
//! running clients in requests, but not in responses. The effect on callers follows from the generated code of both
//! versions, see [`public_api`](crate::public_api).

mod bodies;
mod declarations;
mod differ;
mod docs;
mod fields;
mod finding;
mod format;
mod on_disk;
mod operations;
mod pairs;
mod parameters;
mod responses;
mod security;
mod servers;
mod subject;
#[cfg(test)]
mod tests;
mod types;
mod values;
mod variants;
mod verdict;
mod webhooks;

use crate::config::{Config, Layout};
use crate::diagnostics::{Diagnostics, Locations};
use crate::ir::Api;
use crate::name::Names;
use crate::output::FileSet;
use crate::public_api::{ApiChange, PublicApi};
use crate::source::{Sources, Span};
use crate::{Apis, stack};

pub use finding::{Change, Finding, Item, Place};
pub use format::{github, json, markdown, text};
pub use on_disk::{OnDiskError, diff_on_disk};
pub use verdict::{Rust, Wire};

use differ::{At, Differ};
use pairs::{Pairs, Version};
use values::Values;

/// The differences between two versions of the APIs of a crate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// The findings, in the order of the documents.
    pub findings: Vec<Finding>,
}

impl Comparison {
    /// Returns the version bump that the crate needs.
    pub fn rust(&self) -> Rust {
        self.findings.iter().map(|finding| finding.rust).max().unwrap_or(Rust::None)
    }

    /// Returns the effect on running clients.
    pub fn wire(&self) -> Wire {
        self.findings.iter().map(|finding| finding.wire).max().unwrap_or(Wire::None)
    }
}

/// Compares two versions of the APIs of a crate. `old` and `new` are the same configuration with other documents.
///
/// Items keep their names, as in a regeneration: the lock file in `sources` names the items of the old version, and these
/// names are the lock file for the new version.
///
/// # Errors
/// Returns all diagnostics if a document has errors.
pub fn diff(sources: &Sources, old: &Config, new: &Config) -> Result<Comparison, Diagnostics> {
    stack::with_depth(|| compared(sources, old, new)).unwrap_or_else(|| Err(crate::no_stack()))
}

fn compared(sources: &Sources, old_config: &Config, new_config: &Config) -> Result<Comparison, Diagnostics> {
    let old = crate::apis(sources, old_config)?;
    let old_files = rendered(old_config, &old)?;
    let new = crate::apis_after(&old.lock_file, sources, new_config, Diagnostics::new())?;
    let new_files = rendered(new_config, &new)?;
    let changes =
        api_changes(&old_files, &new_files).map_err(|error| crate::with_internal_error(Diagnostics::new(), error))?;
    drop((old_files, new_files));
    let mut locations = Locations::new(sources);
    let mut findings = Vec::new();
    let versions = old.named.iter().zip(&new.named).zip(&new_config.apis);
    let mut rest = changes;
    for ((old, new), api) in versions {
        let path = match new_config.layout {
            Layout::Modules => format!("{}::", api.name.replace('-', "_")),
            Layout::Root | Layout::Module => String::new(),
        };
        // The changes of items outside of all APIs, e.g. of the runtime, are reported once.
        let builder = format!("<{path}Client>");
        let is_own = |change: &ApiChange| change.key.owner.starts_with(&path) || change.key.owner.ends_with(&builder);
        let (own, others) = rest.into_iter().partition(is_own);
        rest = others;
        findings.extend(api_findings((old, new), &path, &own, &mut locations));
    }
    if let Some((old, new)) = old.named.first().zip(new.named.first()).filter(|_| !rest.is_empty()) {
        let mut differ = Differ::of((old, new), "");
        differ.add_declarations(&rest);
        findings.extend(placed(differ, &mut locations));
    }
    Ok(Comparison { findings })
}

/// Returns the differences of the public APIs of two crates. Files that are the same are not read.
///
/// # Errors
/// A file is not valid Rust.
pub(crate) fn api_changes(old: &FileSet, new: &FileSet) -> Result<Vec<ApiChange>, syn::Error> {
    let old_api = PublicApi::of_changed(old.iter(), |path, text| new.get(path) != Some(text))?;
    let new_api = PublicApi::of_changed(new.iter(), |path, text| old.get(path) != Some(text))?;
    Ok(old_api.changes_to(&new_api))
}

fn rendered(config: &Config, apis: &Apis) -> Result<FileSet, Diagnostics> {
    crate::render::render(crate::views(config, apis), config)
        .map_err(|error| crate::with_internal_error(Diagnostics::new(), error))
}

/// An API and its names.
type Named = (Api, Names);

fn api_findings(
    versions: (&Named, &Named),
    path: &str,
    changes: &[ApiChange],
    locations: &mut Locations<'_>,
) -> Vec<Finding> {
    let mut differ = Differ::of(versions, path);
    let at = At::api(Item::Api, "API", None, None);
    differ.compare_info(&at);
    differ.compare_servers(&at, &versions.0.0.servers, &versions.1.0.servers);
    differ.compare_security_schemes();
    differ.compare_operations();
    differ.compare_webhooks();
    differ.compare_all_types();
    differ.add_declarations(changes);
    placed(differ, locations)
}

impl<'a> Differ<'a> {
    fn of((old, new): (&'a Named, &'a Named), path: &'a str) -> Self {
        let version = |named: &'a Named| Version { api: &named.0, names: &named.1, path };
        let (old, new) = (version(old), version(new));
        Self { old, new, pairs: Pairs::of(old, new), values: Values::new(old.api, new.api), found: Vec::new() }
    }

    /// Compares the documentation of the API, and its tags.
    fn compare_info(&mut self, at: &At) {
        let (old, new) = (self.old.api, self.new.api);
        let texts = |api: &'a Api| {
            (
                (&api.title, &api.version, &api.summary, &api.description, &api.external_docs),
                (&api.contact, &api.license, &api.terms_of_service),
            )
        };
        let tags = |api: &'a Api| {
            let groups = api.groups.iter();
            groups.map(|it| (&it.tag, &it.kind, &it.description, &it.external_docs)).collect::<Vec<_>>()
        };
        if texts(old) != texts(new) || tags(old) != tags(new) {
            self.report_docs(at);
        }
        if old.request_id_header != new.request_id_header {
            self.report(at, Change::Other, "has another header with request IDs", Rust::Patch, Wire::None);
        }
    }
}

/// Converts the locations of findings to lines and columns, and sorts the findings by location.
fn placed(differ: Differ<'_>, locations: &mut Locations<'_>) -> Vec<Finding> {
    let mut found = differ.found;
    // Findings without a location come last.
    let place = |span: Option<Span>| (span.is_none(), span);
    found.sort_by_key(|it| (place(it.at.new.or(it.at.old)), place(it.at.old)));
    let mut place = |span: Option<Span>| {
        span.map(|span| {
            let (file, position) = locations.position(span);
            Place { file: file.to_owned(), line: position.line, column: position.column }
        })
    };
    let findings = found.into_iter().map(|it| Finding {
        item: it.at.item,
        change: it.change,
        subject: it.at.subject,
        detail: it.detail,
        old: place(it.at.old),
        new: place(it.at.new),
        rust: it.rust,
        wire: it.wire,
    });
    findings.collect()
}
