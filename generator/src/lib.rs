//! Clientwright reads OpenAPI documents and writes Rust client crates that read as if a careful engineer had written them.
//!
//! ```text
//! text ──source──▶ Document ──dialect──▶ Document(3.0) ──lower──▶ Api ──name──▶ Names
//!           │                    │                          │              │
//!           └────────────────────┴── Diagnostics (file:line:col, all of them) ──┘
//!
//! Api + Names ──view──▶ views ──templates──▶ text ──format──▶ FileSet ──output──▶ disk
//! ```
//!
//! One direction, no way back. [`generate`] is all of it up to the [`FileSet`]: a pure function of bytes,
//! without clock, environment, disk or hash order. Only [`output`] touches the disk.

pub mod config;
pub mod diagnostics;
pub mod dialect;
pub mod ir;
mod lint;
pub mod lower;
pub mod name;
pub mod output;
mod render;
pub mod source;
mod view;

use std::collections::HashSet;

use config::{ApiConfig, Config};
use diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use ir::Api;
pub use lint::{Level, Levels};
use name::Names;
use output::FileSet;
use source::{Document, Sources, Span};

/// Makes one crate of the documents that `config` names: a pure function of its arguments.
///
/// What is worth saying about a crate that was made is in [`FileSet::remarks`].
///
/// # Errors
/// All that is wrong in the documents; then nothing is generated.
pub fn generate(sources: &Sources, config: &Config) -> Result<FileSet, Diagnostics> {
    files(config, apis(sources, config)?)
}

/// The APIs of one crate, read and named: what is left is to write them down.
#[derive(Debug, Clone, PartialEq)]
pub struct Apis {
    /// Each API with its names, in the order of the crate's configuration.
    pub named: Vec<(Api, Names)>,
    /// Warnings and notes; never an error.
    pub remarks: Diagnostics,
}

/// The first half of [`generate`]: from documents to named APIs.
///
/// # Errors
/// All that is wrong in the documents.
pub fn apis(sources: &Sources, config: &Config) -> Result<Apis, Diagnostics> {
    let mut remarks = Diagnostics::new();
    let named = config.apis.iter().filter_map(|one| api(sources, one, config.lenient, &mut remarks)).collect();
    if remarks.has_errors() { Err(remarks) } else { Ok(Apis { named, remarks }) }
}

/// The second half of [`generate`]: from named APIs to the files of the crate.
///
/// # Errors
/// What the generator made is not Rust: a bug of the generator's, of the code `internal`.
pub fn files(config: &Config, apis: Apis) -> Result<FileSet, Diagnostics> {
    let Apis { named, mut remarks } = apis;
    let apis: Vec<_> = config.apis.iter().zip(named).map(|(config, (api, names))| (config, api, names)).collect();
    let views = view::files(config, &apis, &render::runtime_manifest());
    match render::render(views) {
        Ok(mut files) => {
            files.remarks = remarks;
            Ok(files)
        }
        Err(bug) => {
            let message = format!("a bug of the generator, not of the document: {bug}");
            remarks.push(Diagnostic::new(Severity::Error, Code::Internal, None, message));
            Err(remarks)
        }
    }
}

/// One document, from text to names.
fn api(sources: &Sources, config: &ApiConfig, lenient: bool, diagnostics: &mut Diagnostics) -> Option<(Api, Names)> {
    let Some(source) = sources.find(&config.spec) else {
        let message = format!("the document `{}` is not among the sources", config.spec);
        diagnostics.push(Diagnostic::new(Severity::Error, Code::Files, None, message));
        return None;
    };
    let mut found = Diagnostics::new();
    let document = Document::read(sources, source, &mut found);
    let document = document.and_then(|document| dialect::to_3_0(document, &mut found));
    let api = document.and_then(|mut document| {
        if lenient {
            dialect::mend(&mut document, &mut found);
        } else {
            dialect::check(&document, &mut found);
        }
        lowered(document, lenient, &mut found)
    });
    let named = api.filter(|_| !found.has_errors()).map(|api| {
        let names = name::name(&api, &mut found);
        (api, names)
    });
    diagnostics.extend(found);
    named
}

/// What a document without errors says.
///
/// Where errors have been found, what is wrong further on is worth saying too: it is looked for in what a lenient reader
/// would make of the document.
fn lowered(mut document: Document, lenient: bool, found: &mut Diagnostics) -> Option<Api> {
    if !found.has_errors() {
        let openapi = dialect::typed(&document, found)?;
        return Some(lower::lower(&document, &openapi, lenient, found));
    }
    let mut rejected = Diagnostics::new();
    dialect::mend(&mut document, &mut rejected);
    let mut more = Diagnostics::new();
    if let Some(openapi) = dialect::typed(&document, &mut rejected) {
        lower::lower(&document, &openapi, lenient, &mut more);
    }
    let known: HashSet<(Code, Option<Span>)> = found.sorted().iter().map(|one| (one.code, one.span)).collect();
    more.change_severity(|one| (!known.contains(&(one.code, one.span))).then_some(one.severity));
    found.extend(more);
    None
}

/// Checks one document, and says beside its faults what is allowed and probably not meant. Generates nothing.
///
/// The findings have the severities that they have by themselves; [`Levels`] changes them.
pub fn lint(sources: &Sources, spec: &str) -> Diagnostics {
    let mut found = Diagnostics::new();
    let Some(source) = sources.find(spec) else {
        let message = format!("the document `{spec}` is not among the sources");
        found.push(Diagnostic::new(Severity::Error, Code::Files, None, message));
        return found;
    };
    let document = Document::read(sources, source, &mut found);
    let Some(document) = document.and_then(|document| dialect::to_3_0(document, &mut found)) else { return found };
    let kinds = dialect::check(&document, &mut found);
    let mut more = Diagnostics::new();
    lint::rules(&document, &kinds, &mut more);
    if let Some(api) = lowered(document, false, &mut found).filter(|_| !found.has_errors()) {
        name::name(&api, &mut found);
    }
    found.extend(more);
    found
}
