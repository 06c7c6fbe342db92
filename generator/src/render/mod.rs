//! From views to text: the templates lay out, `syn` and `prettyplease` check and format.

mod embedded;
mod environment;
mod format;
mod runtime;

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::value::Serde;

use crate::output::{FileSet, MARKER};
use crate::stack;
use crate::view::FileView;

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

/// Renders every view, and adds the runtime.
pub(crate) fn render(files: Vec<FileView>) -> Result<FileSet, RenderError> {
    let environment = environment::environment()?;
    let mut texts = Vec::with_capacity(files.len());
    for file in files {
        let failed = |source| RenderError::Template { template: file.template.to_owned(), source };
        let template = environment.get_template(file.template).map_err(failed)?;
        texts.push((file.path, template.render(Serde(&file.view)).map_err(failed)?));
    }
    let mut set = FileSet::default();
    for (path, text) in formatted(texts)? {
        set.insert(path, text);
    }
    for (path, text) in runtime::files() {
        set.insert(format!("src/runtime/{path}"), format!("// {MARKER}; do not edit.\n{text}"));
    }
    Ok(set)
}

/// Formats each file, on all cores: parsing Rust is most of a run's work. Which thread does which file changes no byte.
fn formatted(texts: Vec<(String, String)>) -> Result<Vec<(String, String)>, RenderError> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((path, text)) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let text = if path.ends_with(".rs") { format::rust(path, text) } else { Ok(format::plain(text)) };
            done.push(text.map(|text| (path.clone(), text)));
        }
        done
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(texts.len().max(1));
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
