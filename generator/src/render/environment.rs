//! The template engine, set so that a mistake is an error: nothing undefined, no value printed that is not text.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::RenderError;
use super::embedded::TEMPLATES;

/// The engine with every template.
pub(super) fn environment() -> Result<Environment<'static>, RenderError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()
            .map_err(|source| RenderError::Template { template: "the syntax".to_owned(), source })?,
    );
    environment.set_formatter(|out, _, value| match value.kind() {
        ValueKind::String => out.write_str(value.as_str().unwrap_or_default()).map_err(Error::from),
        kind => {
            Err(Error::new(ErrorKind::InvalidOperation, format!("a template prints {kind}; views hold final text")))
        }
    });
    for (name, text) in TEMPLATES {
        environment
            .add_template(name, text)
            .map_err(|source| RenderError::Template { template: (*name).to_owned(), source })?;
    }
    Ok(environment)
}
