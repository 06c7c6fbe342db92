//! Examples of parameters, headers and bodies.

use crate::ir::Example;
use crate::spec::{self, Value};

/// Returns the examples of a parameter, header or media type: `example`, and each of `examples` that has a value.
pub(super) fn examples(example: Option<&Value>, examples: &[spec::Example]) -> Vec<Example> {
    example.map(Example::of).into_iter().chain(examples.iter().filter_map(named)).collect()
}

fn named(example: &spec::Example) -> Option<Example> {
    let texts = [&example.summary, &example.description].into_iter().flatten();
    let texts: Vec<&str> = texts.map(|text| text.trim().trim_end_matches('.')).collect();
    let text = texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ");
    let description = (!text.is_empty()).then_some(text);
    let value = match (&example.value, &example.serialized) {
        (Some(value), _) => value.to_json_text(),
        (None, serialized) => serialized.clone()?,
    };
    Some(Example { value, description })
}
