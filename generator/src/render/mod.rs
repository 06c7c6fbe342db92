//! Renders views with the templates. Checks the generated code with `syn` and formats it with `prettyplease`.

mod aside;
mod dependencies;
mod environment;
mod format;
mod gate;
mod imports;
mod paths;
mod runtime;
mod wrap;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use minijinja::Environment;
use minijinja::value::Serde;

use crate::config::{Config, Layout};
use crate::output::{FileSet, MARKER};
use crate::stack;
use crate::view::{FileView, View};

use gate::Gate;
use runtime::Runtime;

/// An error of rendering, which is always a bug in the generator.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template cannot be rendered with its view.
    #[error("template `{template}`: {source}")]
    Template {
        /// The name of the template.
        template: String,
        /// The error of minijinja.
        source: minijinja::Error,
    },
    /// A generated file is not valid Rust.
    #[error("generated file `{path}` is not valid Rust: line {line}: {message}\n{excerpt}")]
    NotRust {
        /// The path of the file.
        path: String,
        /// The line number, starting at 1.
        line: usize,
        /// The error of syn.
        message: String,
        /// The lines around the error.
        excerpt: String,
    },
}

/// The parsed templates.
#[derive(Debug)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// Parses the templates.
    ///
    /// # Errors
    /// Returns an error if the syntax of a template is invalid.
    pub fn new() -> Result<Self, RenderError> {
        environment::environment().map(Self)
    }

    /// Renders the files of a view without formatting, and returns the path and the text of each file.
    ///
    /// # Errors
    /// Returns an error if a template does not exist or cannot be rendered with the view.
    pub fn texts(&self, view: &FileView) -> Result<Vec<(String, String)>, RenderError> {
        let files = view.files.iter();
        files.map(|(path, template)| Ok((path.clone(), self.text(template, &view.view)?))).collect()
    }

    fn text(&self, template: &str, view: &View) -> Result<String, RenderError> {
        let failed = |source| RenderError::Template { template: template.to_owned(), source };
        self.0.get_template(template).map_err(failed)?.render(Serde(view)).map_err(failed)
    }
}

/// Formats the text of a generated file. Also checks the syntax if the file is a Rust file.
///
/// # Errors
/// Returns an error if the file is not valid Rust.
pub fn formatted(path: &str, text: &str) -> Result<String, RenderError> {
    format(path, text, &Gate::default())
}

fn format(path: &str, text: &str, gate: &Gate) -> Result<String, RenderError> {
    if path.ends_with(".rs") { format::rust(path, text, gate) } else { Ok(format::plain(text)) }
}

/// Renders and formats all views, and adds the files of the runtime that the crate needs, unless the crate depends on
/// the runtime.
pub(crate) fn render(files: Vec<FileView>, config: &Config) -> Result<FileSet, RenderError> {
    // The manifest lists the dependencies of the runtime, which depend on the other files.
    let is_manifest = |file: &FileView| matches!(file.view, View::Manifest(_));
    let (manifest, files): (Vec<_>, Vec<_>) = files.into_iter().partition(is_manifest);
    let templates = Templates::new()?;
    let Rendered { files, names } = rendered(&templates, files)?;
    let runtime = Runtime::of(&names, config);
    let mut set = FileSet::default();
    for (path, text) in files {
        let text = if path.ends_with(".rs") { within(&config.module, runtime.resolve_offered(&text)) } else { text };
        set.insert(path, text);
    }
    if config.layout == Layout::Module {
        let mut manifest = runtime.manifest();
        dependencies::add(&mut manifest, &config.dependencies);
        let lines = manifest.dependencies.lines().filter(|line| !line.starts_with('#'));
        set.dependencies = lines.map(str::to_owned).collect();
    }
    for mut file in manifest {
        if let View::Manifest(view) = &mut file.view {
            let mut manifest = runtime.manifest();
            dependencies::add(&mut manifest, &config.dependencies);
            view.add(manifest);
        }
        for (path, text) in templates.texts(&file)? {
            set.insert(path, format::plain(&text));
        }
    }
    for (path, text) in runtime.files() {
        set.insert(format!("src/runtime/{path}"), format!("// {MARKER}; do not edit.\n{text}"));
    }
    Ok(set)
}

/// Returns the text of a file in which the paths of the runtime begin with the module that re-exports it. Text is
/// replaced instead of tokens, because documentation and attributes contain such paths too.
fn within(module: &[String], text: String) -> String {
    const RUNTIME: &str = "crate::runtime";
    if module.is_empty() {
        return text;
    }
    let path = format!("crate::{}::runtime", module.join("::"));
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut replaced = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(RUNTIME) {
        // Not the path of another crate, such as `my_crate::runtime`.
        let is_path = !before.ends_with(is_word) && !after.starts_with(is_word);
        replaced.push_str(before);
        replaced.push_str(if is_path { &path } else { RUNTIME });
        rest = after;
    }
    replaced + rest
}

/// The rendered and formatted files.
struct Rendered {
    /// The path and the text of each file.
    files: Vec<(String, String)>,
    /// The names of the runtime's items that the files use.
    names: BTreeSet<String>,
}

/// Renders and formats all views, in parallel on all cores because parsing Rust takes most of the time.
fn rendered(templates: &Templates, files: Vec<FileView>) -> Result<Rendered, RenderError> {
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(files.len().max(1));
    let waiting = Mutex::new(files.into_iter());
    let gate = Gate::default();
    let work = || {
        let mut done = Vec::new();
        // Hold the lock only while taking the next view.
        let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
        while let Some(file) = next() {
            let texts = templates.texts(&file);
            // Free the memory of the view before formatting.
            drop(file);
            match texts {
                Ok(texts) => done.extend(texts.into_iter().map(|(path, text)| {
                    let names = if path.ends_with(".rs") { runtime::used(&text) } else { BTreeSet::new() };
                    Ok((format(&path, &text, &gate)?, path, names))
                })),
                Err(error) => done.push(Err(error)),
            }
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
    // Always report the same error, regardless of the order in which threads finish.
    let mut files = Vec::with_capacity(done.len());
    let mut names = BTreeSet::new();
    let mut errors = Vec::new();
    for result in done {
        match result {
            Ok((text, path, used)) => {
                files.push((path, text));
                names.extend(used);
            }
            Err(error) => errors.push(error),
        }
    }
    errors.sort_by_key(ToString::to_string);
    match errors.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(Rendered { files, names }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_runtime_begin_with_the_module() {
        let module = ["vendor".to_owned(), "api".to_owned()];
        let text = "use crate::runtime::Date; // [`x`](crate::runtime::x), my_crate::runtime::Y, crate::runtimes";
        let expected = "use crate::vendor::api::runtime::Date; // [`x`](crate::vendor::api::runtime::x), \
                        my_crate::runtime::Y, crate::runtimes";
        assert_eq!(within(&module, text.to_owned()), expected);
        assert_eq!(within(&[], text.to_owned()), text);
    }
}
