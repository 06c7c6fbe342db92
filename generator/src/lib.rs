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
pub mod render;
pub mod source;
mod stack;
pub mod view;

use std::collections::HashSet;

use config::{ApiConfig, Config};
use diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use dialect::Kinds;
use ir::Api;
pub use lint::{Level, Levels, UnknownLevel};
use name::Names;
use output::FileSet;
use source::{Document, Sources, Span};
use view::FileView;

/// Makes one crate of the documents that `config` names: a pure function of its arguments.
///
/// What is worth saying about a crate that was made is in [`FileSet::remarks`].
///
/// # Errors
/// All that is wrong in the documents; then nothing is generated.
pub fn generate(sources: &Sources, config: &Config) -> Result<FileSet, Diagnostics> {
    let generated = || files(config, apis(sources, config)?);
    stack::with_depth(generated).unwrap_or_else(|| Err(no_stack()))
}

/// The finding where there is no memory to begin with.
fn no_stack() -> Diagnostics {
    let mut found = Diagnostics::new();
    found.push(Diagnostic::new(Severity::Error, Code::Limit, None, "there is no memory for another stack"));
    found
}

/// The APIs of one crate, read and named: what is left is to write them down.
#[derive(Debug, Clone, PartialEq)]
pub struct Apis {
    /// Each API with its names, in the order of the crate's configuration.
    pub named: Vec<(Api, Names)>,
    /// Warnings and notes; never an error.
    pub remarks: Diagnostics,
}

impl Apis {
    /// The Rust type of each schema that has one, as it is spelt in a crate of one API, by where the schema is written.
    pub fn schema_types(&self) -> impl Iterator<Item = (Span, String)> {
        self.named.iter().flat_map(|(api, names)| view::schema_types(api, names))
    }
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
    let views = views(config, &apis);
    // What they are made of is not needed any more, and large.
    let Apis { named, mut remarks } = apis;
    drop(named);
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

/// What the templates are given for each file of the crate but the runtime's.
pub fn views(config: &Config, apis: &Apis) -> Vec<FileView> {
    let apis: Vec<_> = config.apis.iter().zip(&apis.named).collect();
    view::files(config, &apis, &render::runtime_manifest())
}

/// The document that a client is generated from, as one tree: read and checked, in lenient mode with what is assumed in
/// the place of faults, and with what it refers to elsewhere among its components. Where it has errors, they are in
/// `found`.
pub fn document(sources: &Sources, spec: &str, lenient: bool, found: &mut Diagnostics) -> Option<Document> {
    let (mut document, kinds) = checked(sources, spec, lenient, found)?;
    if !found.has_errors() {
        dialect::bundle(&mut document, &kinds, found);
    }
    Some(document)
}

fn checked(sources: &Sources, spec: &str, lenient: bool, found: &mut Diagnostics) -> Option<(Document, Kinds)> {
    let mut document = read(sources, spec, found)?;
    let kinds = if lenient { dialect::mend(&mut document, found) } else { dialect::check(&document, found) };
    Some((document, kinds))
}

fn read(sources: &Sources, spec: &str, found: &mut Diagnostics) -> Option<Document> {
    let Some(source) = sources.find(spec) else {
        let message = format!("the document `{spec}` is not among the sources");
        found.push(Diagnostic::new(Severity::Error, Code::Files, None, message));
        return None;
    };
    let document = Document::read(sources, source, found)?;
    dialect::to_3_0(document, found)
}

/// One document, from text to names.
fn api(sources: &Sources, config: &ApiConfig, lenient: bool, diagnostics: &mut Diagnostics) -> Option<(Api, Names)> {
    let mut found = Diagnostics::new();
    let checked = checked(sources, &config.spec, lenient, &mut found);
    let api = checked.and_then(|(document, kinds)| lowered(document, &kinds, lenient, &mut found));
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
fn lowered(mut document: Document, kinds: &Kinds, lenient: bool, found: &mut Diagnostics) -> Option<Api> {
    // What is too much is looked at no further.
    if found.has(Code::Limit) {
        return None;
    }
    if !found.has_errors() {
        let origins = dialect::bundle(&mut document, kinds, found);
        let openapi = dialect::typed(&document, found)?;
        return Some(lower::lower(&document, &openapi, &origins, lenient, found));
    }
    let mut rejected = Diagnostics::new();
    let kinds = dialect::mend(&mut document, &mut rejected);
    let mut more = Diagnostics::new();
    let origins = dialect::bundle(&mut document, &kinds, &mut rejected);
    if let Some(openapi) = dialect::typed(&document, &mut rejected) {
        lower::lower(&document, &openapi, &origins, lenient, &mut more);
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
    stack::with_depth(|| linted(sources, spec)).unwrap_or_else(no_stack)
}

fn linted(sources: &Sources, spec: &str) -> Diagnostics {
    let mut found = Diagnostics::new();
    let Some(document) = read(sources, spec, &mut found) else { return found };
    let kinds = dialect::check(&document, &mut found);
    let mut more = Diagnostics::new();
    lint::rules(&document, &kinds, &mut more);
    if let Some(api) = lowered(document, &kinds, false, &mut found).filter(|_| !found.has_errors()) {
        name::name(&api, &mut found);
        lint::unions(&api, &mut more);
    }
    found.extend(more);
    found
}
