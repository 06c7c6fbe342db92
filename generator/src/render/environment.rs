//! Configures the template engine strictly: templates that use undefined variables or print values other than strings
//! are errors.

use clientwright_templates::TEMPLATES;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::RenderError;

/// Creates the template engine with all templates.
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
            .map_err(|source| RenderError::Template { template: "(syntax configuration)".to_owned(), source })?,
    );
    environment.set_formatter(|out, _, value| match value.kind() {
        ValueKind::String => out.write_str(value.as_str().unwrap_or_default()).map_err(Error::from),
        kind => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("templates may only print strings, but this is a value of type {kind}"),
        )),
    });
    for (name, text) in TEMPLATES {
        environment
            .add_template(name, text)
            .map_err(|source| RenderError::Template { template: (*name).to_owned(), source })?;
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use minijinja::value::Serde;
    use serde::Serialize;

    use super::*;

    #[derive(Serialize)]
    struct View {
        text: String,
        flag: bool,
        number: usize,
        list: Vec<String>,
        none: Option<String>,
    }

    fn rendered(template: &str) -> Result<String, Error> {
        let view = View {
            text: "<b> {{ x }}".to_owned(),
            flag: false,
            number: 1,
            list: vec!["a".to_owned(), "b".to_owned()],
            none: None,
        };
        environment().unwrap().render_str(template, Serde(&view))
    }

    #[test]
    fn strings_are_printed_unchanged() {
        assert_eq!(rendered("{{ text }}").unwrap(), "<b> {{ x }}");
        assert_eq!(rendered("{% for one in list %}{{ one }},{% endfor %}").unwrap(), "a,b,");
    }

    #[test]
    fn printing_other_types_is_error() {
        for template in ["{{ flag }}", "{{ number }}", "{{ list }}", "{{ none }}", "{{ text == text }}"] {
            let error = rendered(template).unwrap_err();
            assert!(error.to_string().contains("templates may only print strings"), "{template}: {error}");
        }
    }

    #[test]
    fn undefined_variable_is_error() {
        for template in
            ["{{ txet }}", "{{ text.more }}", "{% if flga %}{% endif %}", "{% for one in lsit %}{% endfor %}"]
        {
            assert_eq!(rendered(template).unwrap_err().kind(), ErrorKind::UndefinedError, "{template}");
        }
    }

    #[test]
    fn none_is_false() {
        assert_eq!(rendered("{% if none %}a{% else %}b{% endif %}").unwrap(), "b");
    }
}
