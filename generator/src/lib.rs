//! Clientwright reads OpenAPI documents and generates idiomatic Rust client crates.
//!
//! ```text
//! text ──source──▶ Document ──dialect──▶ Document ──spec──▶ Spec ──lower──▶ Api ──name──▶ Names
//!           │                    │                                │              │
//!           └────────────────────┴── Diagnostics (file:line:col) ─┴──────────────┘
//!
//! Api + Names ──view──▶ views ──templates──▶ text ──format──▶ FileSet ──output──▶ disk
//! ```
//!
//! Data flows in one direction. [`generate`] runs all stages up to the [`FileSet`]. It is a pure function of bytes that
//! does not depend on the clock, the environment, the disk or hash order. Only [`output`] writes to disk.

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
pub mod spec;
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

/// Generates one crate from the documents in `config`. A pure function of its arguments.
///
/// Warnings and notes about the generated crate are in [`FileSet::diagnostics`].
///
/// # Errors
/// All diagnostics, if the documents have errors. Nothing is generated then.
pub fn generate(sources: &Sources, config: &Config) -> Result<FileSet, Diagnostics> {
    let generated = || files(config, apis(sources, config)?);
    stack::with_depth(generated).unwrap_or_else(|| Err(no_stack()))
}

/// The diagnostic for a thread that could not be started.
fn no_stack() -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let message = "cannot start a thread: not enough memory for its stack";
    diagnostics.push(Diagnostic::new(Severity::Error, Code::Limit, None, message));
    diagnostics
}

/// The APIs of one crate, ready to be rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct Apis {
    /// Each API with its names, in the order of the configuration.
    pub named: Vec<(Api, Names)>,
    /// Warnings and notes, never errors.
    pub diagnostics: Diagnostics,
}

impl Apis {
    /// Returns the location of each schema with the Rust type generated for it, as written in a crate of one API. Skips
    /// schemas without a type.
    pub fn schema_types(&self) -> impl Iterator<Item = (Span, String)> {
        self.named.iter().flat_map(|(api, names)| view::schema_types(api, names))
    }
}

/// Reads the documents and assigns names: the first half of [`generate`].
///
/// # Errors
/// All diagnostics, if the documents have errors.
pub fn apis(sources: &Sources, config: &Config) -> Result<Apis, Diagnostics> {
    let mut diagnostics = Diagnostics::new();
    let named = config.apis.iter().filter_map(|one| api(sources, one, config.lenient, &mut diagnostics)).collect();
    if diagnostics.has_errors() { Err(diagnostics) } else { Ok(Apis { named, diagnostics }) }
}

/// Renders the files of the crate: the second half of [`generate`].
///
/// # Errors
/// A diagnostic with the code `internal` if the generated code is not valid Rust, which is a bug of the generator.
pub fn files(config: &Config, apis: Apis) -> Result<FileSet, Diagnostics> {
    let views = views(config, &apis);
    // The APIs are large and not needed any more.
    let Apis { named, mut diagnostics } = apis;
    drop(named);
    match render::render(views) {
        Ok(mut files) => {
            files.diagnostics = diagnostics;
            Ok(files)
        }
        Err(bug) => {
            let message = format!("this is a bug in Clientwright, not in the document: {bug}");
            diagnostics.push(Diagnostic::new(Severity::Error, Code::Internal, None, message));
            Err(diagnostics)
        }
    }
}

/// Returns the template input of each file of the crate, without those of the runtime.
pub fn views(config: &Config, apis: &Apis) -> Vec<FileView> {
    let apis: Vec<_> = config.apis.iter().zip(&apis.named).collect();
    view::files(config, &apis, &render::runtime_manifest())
}

/// Reads and checks a document, and joins the files that it refers to into one tree. In lenient mode, errors that can be
/// worked around are repaired.
///
/// Adds all errors to `diagnostics`. Returns `None` if the document cannot be read.
pub fn document(sources: &Sources, spec: &str, lenient: bool, diagnostics: &mut Diagnostics) -> Option<Document> {
    let (document, _) = checked(sources, spec, lenient, diagnostics)?;
    Some(document.joined())
}

fn checked(sources: &Sources, spec: &str, lenient: bool, diagnostics: &mut Diagnostics) -> Option<(Document, Kinds)> {
    let mut document = read(sources, spec, diagnostics)?;
    let kinds =
        if lenient { dialect::mend(&mut document, diagnostics) } else { dialect::check(&document, diagnostics) };
    Some((document, kinds))
}

fn read(sources: &Sources, spec: &str, diagnostics: &mut Diagnostics) -> Option<Document> {
    let Some(source) = sources.find(spec) else {
        let message = format!("the document `{spec}` is not among the sources");
        diagnostics.push(Diagnostic::new(Severity::Error, Code::Files, None, message));
        return None;
    };
    let document = Document::read(sources, source, diagnostics)?;
    dialect::to_3_0(document, diagnostics)
}

/// Reads, lowers and names one document.
fn api(sources: &Sources, config: &ApiConfig, lenient: bool, all: &mut Diagnostics) -> Option<(Api, Names)> {
    let mut diagnostics = Diagnostics::new();
    let checked = checked(sources, &config.spec, lenient, &mut diagnostics);
    let api = checked.and_then(|(document, _)| lowered(document, lenient, &mut diagnostics));
    let named = api.filter(|_| !diagnostics.has_errors()).map(|api| {
        let names = name::name(&api, &mut diagnostics);
        (api, names)
    });
    all.extend(diagnostics);
    named
}

/// Lowers a document without errors.
///
/// If the document has errors, a repaired copy is lowered to report the errors of the later stages too, and `None` is
/// returned.
fn lowered(mut document: Document, lenient: bool, diagnostics: &mut Diagnostics) -> Option<Api> {
    // Stop after a limit was exceeded.
    if diagnostics.has(Code::Limit) {
        return None;
    }
    if !diagnostics.has_errors() {
        let spec = spec::read(&document, diagnostics);
        drop(document);
        return Some(lower::lower(&spec, lenient, diagnostics));
    }
    let mut rejected = Diagnostics::new();
    dialect::mend(&mut document, &mut rejected);
    let mut more = Diagnostics::new();
    let spec = spec::read(&document, &mut rejected);
    if !rejected.has_errors() {
        lower::lower(&spec, lenient, &mut more);
    }
    let known: HashSet<(Code, Option<Span>)> = diagnostics.sorted().iter().map(|one| (one.code, one.span)).collect();
    more.change_severity(|one| (!known.contains(&(one.code, one.span))).then_some(one.severity));
    diagnostics.extend(more);
    None
}

/// Checks one document. Reports its errors and everything that is valid but probably unintended. Generates nothing.
///
/// The diagnostics have their default severities, which [`Levels`] changes.
pub fn lint(sources: &Sources, spec: &str) -> Diagnostics {
    stack::with_depth(|| linted(sources, spec)).unwrap_or_else(no_stack)
}

fn linted(sources: &Sources, spec: &str) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let Some(document) = read(sources, spec, &mut diagnostics) else { return diagnostics };
    dialect::check(&document, &mut diagnostics);
    let mut more = Diagnostics::new();
    // What the reader reports is added when the document is lowered.
    let model = spec::read(&document, &mut Diagnostics::new());
    lint::rules(&model, &mut more);
    if model.version == spec::Version::V3_0 && !diagnostics.has_errors() {
        lint::portability(sources, &document, &model, &mut more);
    }
    drop(model);
    if let Some(api) = lowered(document, false, &mut diagnostics).filter(|_| !diagnostics.has_errors()) {
        name::name(&api, &mut diagnostics);
        lint::unions(&api, &mut more);
    }
    diagnostics.extend(more);
    diagnostics
}
