//! Clientwright reads OpenAPI documents and generates idiomatic Rust client crates.
//!
//! ```text
//! text ──source──▶ Document ──validate──▶ Document ──spec──▶ Spec ──lower──▶ Api ──name──▶ Names
//!           │                    │                                │              │
//!           └────────────────────┴── Diagnostics (file:line:col) ─┴──────────────┘
//!
//! Api + Names ──view──▶ views ──templates──▶ text ──format──▶ FileSet ──output──▶ disk
//! ```
//!
//! Between `lower` and `name`, equal inline types are merged, except for types that the lock file names differently.
//!
//! Data flows in one direction. [`generate`] runs all stages up to the [`FileSet`]. Its result depends only on the
//! configuration and the bytes of the documents, not on the clock, the environment, the disk or the iteration order of
//! hash maps. Only [`output`] writes to disk.
//!
//! [`Generator`] does what the program does: it reads the configuration and the documents, generates, and writes.

pub mod codegen;
pub mod config;
pub mod customize;
pub mod diagnostics;
pub mod diff;
mod generator;
pub mod ir;
mod lint;
pub mod lower;
pub mod name;
mod noun;
pub mod output;
pub mod public_api;
pub mod render;
pub mod source;
pub mod spec;
mod stack;
pub mod validate;
pub mod view;
mod words;

use std::collections::HashSet;

use config::{ApiConfig, Config};
use diagnostics::{Code, Diagnostic, Diagnostics, Severity};
pub use generator::{Generator, GeneratorError};
use ir::Api;
pub use lint::{Level, Levels, UnknownLevel};
use name::{Changes, LockFile, Names, Section};
use output::FileSet;
use source::{Document, Sources, Span};
use validate::{LaterUse, Version};
use view::FileView;

/// Generates the files of one crate from the OpenAPI documents that `config` lists. Writes nothing to disk.
///
/// Items keep their names if [`Sources::add_lock_file`] has added the lock file of the previous run. The next lock file is
/// [`FileSet::lock_file`]: callers decide where to write it.
///
/// Warnings and notes about the documents are in [`FileSet::diagnostics`].
///
/// # Errors
/// Returns all diagnostics if a document has errors. Nothing is generated in this case.
pub fn generate(sources: &Sources, config: &Config) -> Result<FileSet, Diagnostics> {
    let generated = || files(config, apis(sources, config)?);
    stack::with_depth(generated).unwrap_or_else(|| Err(no_stack()))
}

/// Returns the error for a thread that could not be started, because there is not enough memory for its stack.
pub(crate) fn no_stack() -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let message = "cannot start a thread: not enough memory for its stack";
    diagnostics.push(Diagnostic::new(Severity::Error, Code::Limit, None, message));
    diagnostics
}

/// The APIs of one crate with the Rust names of their items: the input of [`files`].
#[derive(Debug, Clone, PartialEq)]
pub struct Apis {
    /// Each API with its Rust names, in the order of [`Config::apis`].
    pub named: Vec<(Api, Names)>,
    /// The lock file with the names of the APIs.
    pub lock_file: LockFile,
    /// The names that were added and removed since the previous lock file.
    pub changes: Changes,
    /// The warnings and notes about the documents. Contains no errors.
    pub diagnostics: Diagnostics,
}

impl Apis {
    /// Returns the location of each schema in its document, and the Rust type generated for the schema.
    ///
    /// Types are written as in a crate with a single API: their paths begin with `crate::` instead of the module of the
    /// API. Schemas without a generated type are skipped.
    pub fn schema_types(&self) -> impl Iterator<Item = (Span, String)> {
        self.named.iter().flat_map(|(api, names)| view::schema_types(api, names))
    }
}

/// Reads the documents and assigns Rust names: the first half of [`generate`].
///
/// # Errors
/// Returns all diagnostics if a document has errors.
pub fn apis(sources: &Sources, config: &Config) -> Result<Apis, Diagnostics> {
    let mut diagnostics = Diagnostics::new();
    let previous = LockFile::read(sources, &mut diagnostics);
    apis_after(&previous, sources, config, diagnostics)
}

/// Reads the documents and assigns Rust names like [`apis`], with the names in `previous` instead of the lock file in
/// `sources`. Adds all diagnostics to `diagnostics`.
pub(crate) fn apis_after(
    previous: &LockFile,
    sources: &Sources,
    config: &Config,
    mut diagnostics: Diagnostics,
) -> Result<Apis, Diagnostics> {
    let mut lock_file = LockFile::default();
    let mut named = Vec::with_capacity(config.apis.len());
    for one in &config.apis {
        let section = previous.section(config, &one.name);
        if let Some((api, mut names)) = api(sources, one, section, config, &mut diagnostics) {
            lock_file.set_section(config, &one.name, std::mem::take(&mut names.recorded));
            named.push((api, names));
        }
    }
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let changes = Changes::between(&previous.of_crate(config), &lock_file);
    Ok(Apis { named, lock_file, changes, diagnostics })
}

/// Renders the files of the crate: the second half of [`generate`].
///
/// # Errors
/// Returns a diagnostic with the code `internal` if the generated code is not valid Rust, which is a bug in the
/// generator.
pub fn files(config: &Config, apis: Apis) -> Result<FileSet, Diagnostics> {
    let views = views(config, &apis);
    // Free the APIs before rendering: they are large and no longer needed.
    let Apis { named, lock_file, changes, diagnostics } = apis;
    drop(named);
    match render::render(views, config) {
        Ok(mut files) => {
            files.lock_file = lock_file;
            files.changes = changes;
            files.diagnostics = diagnostics;
            Ok(files)
        }
        Err(bug) => Err(with_internal_error(diagnostics, bug)),
    }
}

/// Adds the error for generated code that is not valid Rust.
pub(crate) fn with_internal_error(mut diagnostics: Diagnostics, bug: impl std::fmt::Display) -> Diagnostics {
    let message = format!("this is a bug in Clientwright, not in the document: {bug}");
    diagnostics.push(Diagnostic::new(Severity::Error, Code::Internal, None, message));
    diagnostics
}

/// Returns the template input of each file of the crate. The files of the runtime are not included: they are copied
/// without a template.
pub fn views(config: &Config, apis: &Apis) -> Vec<FileView> {
    let apis: Vec<_> = config.apis.iter().zip(&apis.named).collect();
    view::files(config, &apis)
}

/// Reads and checks the OpenAPI document of an API, with its overlays. Joins the document and the files that it refers to into one tree.
///
/// If `lenient` is set, errors with a well-defined workaround are repaired and become warnings.
///
/// Adds all diagnostics to `diagnostics`. Returns `None` if the document cannot be read, or if its OpenAPI version is
/// missing or not supported.
pub fn document(sources: &Sources, api: &ApiConfig, lenient: bool, diagnostics: &mut Diagnostics) -> Option<Document> {
    let Checked { document, .. } = checked(sources, api, lenient, diagnostics)?;
    Some(document.joined())
}

/// A document that was validated.
struct Checked {
    document: Document,
    version: Version,
    /// The uses of constructs that only later OpenAPI versions define. Empty in lenient mode.
    later: Vec<LaterUse>,
}

fn checked(sources: &Sources, api: &ApiConfig, lenient: bool, diagnostics: &mut Diagnostics) -> Option<Checked> {
    let (mut document, version) = read(sources, api, diagnostics)?;
    let later = if lenient {
        validate::repair(&mut document, version, diagnostics);
        Vec::new()
    } else {
        validate::check(&document, version, diagnostics)
    };
    Some(Checked { document, version, later })
}

fn read(sources: &Sources, api: &ApiConfig, diagnostics: &mut Diagnostics) -> Option<(Document, Version)> {
    let mut found = |path: &String, kind: &str| {
        let source = sources.find(path);
        if source.is_none() {
            let message = format!("the {kind} `{path}` was not passed to the generator");
            diagnostics.push(Diagnostic::new(Severity::Error, Code::Files, None, message));
        }
        source
    };
    let source = found(&api.spec, "document")?;
    let overlays = api.overlays.iter().map(|path| found(path, "overlay")).collect::<Option<Vec<_>>>()?;
    let document = Document::read_with_overlays(sources, source, &overlays, diagnostics)?;
    let version = validate::version(&document, diagnostics)?;
    Some((document, version))
}

/// Reads one document, converts it to the intermediate representation, and assigns Rust names.
fn api(
    sources: &Sources,
    one: &ApiConfig,
    locked: &Section,
    config: &Config,
    all: &mut Diagnostics,
) -> Option<(Api, Names)> {
    let mut diagnostics = Diagnostics::new();
    let checked = checked(sources, one, config.lenient, &mut diagnostics);
    let context = Context { api: one, lenient: config.lenient, unused_schemas: config.unused_schemas };
    let api = checked.and_then(|checked| lowered(checked, context, &mut diagnostics));
    let ignore_unmatched = |diagnostics: &mut Diagnostics| {
        if config.is_earlier_version {
            diagnostics.change_severity(|one| (one.code != Code::Config).then_some(one.severity));
        }
    };
    ignore_unmatched(&mut diagnostics);
    let named = api.filter(|_| !diagnostics.has_errors()).map(|mut api| {
        let names = name::locked_types(&api, locked);
        lower::merge(&mut api, &names);
        if !config.unused_schemas {
            lower::leave_out_unused(&mut api, &mut diagnostics);
        }
        let names = name::name(&api, locked, &one.renames, &mut diagnostics);
        customize::check_derive_rules(&one.derives, type_names(&api, &names), &mut diagnostics);
        ignore_unmatched(&mut diagnostics);
        (api, names)
    });
    all.extend(diagnostics);
    named
}

/// Returns the names of the structs and enums that are generated.
fn type_names<'a>(api: &'a Api, names: &'a Names) -> impl Iterator<Item = &'a str> + Clone {
    let types = api.types.iter().zip(&names.types);
    types.filter(|(definition, _)| view::has_wire_format(definition)).map(|(_, names)| names.name.as_str())
}

/// The settings with which a document is converted.
#[derive(Clone, Copy)]
struct Context<'a> {
    api: &'a ApiConfig,
    lenient: bool,
    unused_schemas: bool,
}

/// Converts a document without errors to the intermediate representation. Errors in parts of the document that the
/// configuration leaves out do not count.
///
/// Returns `None` if the document has errors. The document is then repaired and converted anyway, but only to report
/// further errors that the conversion finds.
fn lowered(checked: Checked, context: Context<'_>, diagnostics: &mut Diagnostics) -> Option<Api> {
    let Checked { mut document, version, .. } = checked;
    // A document that exceeds a limit is not processed further, because it may be hostile.
    if diagnostics.has(Code::Limit) {
        return None;
    }
    let is_valid = !diagnostics.has_errors();
    let mut rejected = Diagnostics::new();
    if !is_valid {
        validate::repair(&mut document, version, &mut rejected);
    }
    let (mut read, mut more) = (Diagnostics::new(), Diagnostics::new());
    let mut spec = spec::read(&document, version, &mut read);
    drop(document);
    customize::rename(&mut spec, &context.api.renames, &mut more);
    customize::add_pagination_rules(&mut spec, &context.api.pagination);
    customize::add_type_mappings(&mut spec, &context.api.types, &mut more);
    let left_out = customize::select(&mut spec, &context.api.selection, context.unused_schemas, &mut more);
    for found in [&mut *diagnostics, &mut rejected, &mut read] {
        left_out.remove_from(found);
    }
    let is_repaired = !rejected.has_errors() && !read.has_errors();
    let api = (is_valid || is_repaired).then(|| lower::lower(&spec, context.lenient, &mut more));
    left_out.remove_from(&mut more);
    if is_valid || (is_repaired && !diagnostics.has_errors()) {
        diagnostics.extend(read);
        diagnostics.extend(more);
        return api;
    }
    let known: HashSet<(Code, Option<Span>)> = diagnostics.sorted().iter().map(|one| (one.code, one.span)).collect();
    more.change_severity(|one| (!known.contains(&(one.code, one.span))).then_some(one.severity));
    diagnostics.extend(more);
    None
}

/// Checks the document of an API. Returns its errors, and warnings about valid but probably unintended constructs, such as unused
/// components. Generates nothing.
///
/// The diagnostics have their default severities. Use [`Levels`] to change the severities.
pub fn lint(sources: &Sources, api: &ApiConfig) -> Diagnostics {
    stack::with_depth(|| linted(sources, api)).unwrap_or_else(no_stack)
}

fn linted(sources: &Sources, api: &ApiConfig) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let Some(checked) = checked(sources, api, false, &mut diagnostics) else { return diagnostics };
    // A document that exceeds a limit is not processed further, because it may be hostile.
    if diagnostics.has(Code::Limit) {
        return diagnostics;
    }
    let mut more = Diagnostics::new();
    // The diagnostics of `spec::read` are discarded here: `lowered` reads the document again and reports them.
    let model = spec::read(&checked.document, checked.version, &mut Diagnostics::new());
    lint::rules(&model, &mut more);
    lint::later_version(&checked.later, checked.version, &mut more);
    if checked.version == Version::V3_0 && !diagnostics.has_errors() {
        lint::portability(sources, &checked.document, &model, &mut more);
    }
    drop(model);
    let context = Context { api, lenient: false, unused_schemas: false };
    if let Some(mut api) = lowered(checked, context, &mut diagnostics).filter(|_| !diagnostics.has_errors()) {
        lower::merge(&mut api, &[]);
        name::name(&api, &Section::default(), &context.api.renames, &mut diagnostics);
        lint::unions(&api, &mut more);
    }
    diagnostics.extend(more);
    diagnostics
}
