//! From views to text: the templates lay out, `syn` and `prettyplease` check and format.

mod embedded;
mod environment;
mod format;
mod runtime;

use minijinja::value::Serde;

use crate::output::{FileSet, MARKER};
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
    let mut set = FileSet::default();
    for file in files {
        let failed = |source| RenderError::Template { template: file.template.to_owned(), source };
        let template = environment.get_template(file.template).map_err(failed)?;
        let text = template.render(Serde(&file.view)).map_err(failed)?;
        let text = if file.path.ends_with(".rs") { format::rust(&file.path, &text)? } else { format::plain(&text) };
        set.insert(file.path, text);
    }
    for (path, text) in runtime::files() {
        set.insert(format!("src/runtime/{path}"), format!("// {MARKER}; do not edit.\n{text}"));
    }
    Ok(set)
}
