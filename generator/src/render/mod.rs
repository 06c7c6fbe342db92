//! From views to text: the templates lay out, `syn` and `prettyplease` check and format.

mod aside;
mod embedded;
mod environment;
mod format;
mod gate;
mod runtime;

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use minijinja::Environment;
use minijinja::value::Serde;

use crate::output::{FileSet, MARKER};
use crate::stack;
use crate::view::FileView;

use gate::Gate;

pub(crate) use runtime::manifest as runtime_manifest;

/// A fault of the generator's own: no document may cause one.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template does not fit what it was given.
    #[error("template `{template}`: {source}")]
    Template {
        /// The template's name.
        template: String,
        /// What minijinja says.
        source: minijinja::Error,
    },
    /// The generated text is not Rust.
    #[error("generated file `{path}` is not Rust, line {line}: {message}\n{excerpt}")]
    NotRust {
        /// The file.
        path: String,
        /// The line in it, from 1.
        line: usize,
        /// What syn says.
        message: String,
        /// The lines around it.
        excerpt: String,
    },
}

/// The templates, ready to be filled in.
#[derive(Debug)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// Reads the templates, which are part of the program.
    ///
    /// # Errors
    /// One of them is none.
    pub fn new() -> Result<Self, RenderError> {
        environment::environment().map(Self)
    }

    /// The text of a file, not formatted yet.
    ///
    /// # Errors
    /// The template does not fit what it was given.
    pub fn text(&self, file: &FileView) -> Result<String, RenderError> {
        let failed = |source| RenderError::Template { template: file.template.to_owned(), source };
        let template = self.0.get_template(file.template).map_err(failed)?;
        template.render(Serde(&file.view)).map_err(failed)
    }
}

/// Formats the text of a file, and checks it where it is Rust.
///
/// # Errors
/// It is not Rust.
pub fn formatted(path: &str, text: &str) -> Result<String, RenderError> {
    format(path, text, &Gate::default())
}

fn format(path: &str, text: &str, gate: &Gate) -> Result<String, RenderError> {
    if path.ends_with(".rs") { format::rust(path, text, gate) } else { Ok(format::plain(text)) }
}

/// Renders every view, and adds the runtime.
pub(crate) fn render(files: Vec<FileView>) -> Result<FileSet, RenderError> {
    let mut set = FileSet::default();
    for (path, text) in rendered(files)? {
        set.insert(path, text);
    }
    for (path, text) in runtime::files() {
        set.insert(format!("src/runtime/{path}"), format!("// {MARKER}; do not edit.\n{text}"));
    }
    Ok(set)
}

/// Renders and formats each file, on all cores: parsing Rust is most of a run's work. Which thread does which file changes
/// no byte.
fn rendered(files: Vec<FileView>) -> Result<Vec<(String, String)>, RenderError> {
    let templates = Templates::new()?;
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(files.len().max(1));
    let waiting = Mutex::new(files.into_iter());
    let gate = Gate::default();
    let work = || {
        let mut done = Vec::new();
        // A view is dropped as soon as its text is there. The lock is held while one is taken, and no longer.
        let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
        while let Some(file) = next() {
            let text = templates.text(&file);
            let FileView { path, view, .. } = file;
            drop(view);
            done.push(text.and_then(|text| format(&path, &text, &gate)).map(|text| (path, text)));
        }
        done
    };
    let done: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (1..threads).filter_map(|_| stack::spawn(scope, work)).collect();
        let mut done = work();
        for thread in running {
            match thread.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    // The same fault is reported whoever came across it first.
    let mut files = Vec::with_capacity(done.len());
    let mut faults = Vec::new();
    for result in done {
        match result {
            Ok(file) => files.push(file),
            Err(fault) => faults.push(fault),
        }
    }
    faults.sort_by_key(ToString::to_string);
    match faults.into_iter().next() {
        Some(fault) => Err(fault),
        None => Ok(files),
    }
}
