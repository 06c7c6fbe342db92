//! Tests that checked documents of any size and depth can be read.

use std::time::{Duration, Instant};

use super::check;
use crate::diagnostics::{Diagnostics, Style, render};
use crate::source::{Document, Limits, Sources};

/// Returns the number of errors of a document, and whether it can be read.
fn checked(text: &str) -> (usize, bool) {
    let mut sources = Sources::new();
    let source = sources.add("a.json", text);
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics).unwrap();
    check(&document, &mut diagnostics);
    let readable = !diagnostics.has_errors();
    if readable {
        crate::spec::read(&document, &mut diagnostics);
    }
    let _shown = render(&diagnostics, &sources, &Style::default());
    (diagnostics.len(), readable)
}

fn with_schemas(schemas: &str) -> String {
    format!(
        r##"{{"openapi":"3.0.3","info":{{"title":"T","version":"1"}},"paths":{{}},"components":{{"schemas":{{{schemas}}}}}}}"##
    )
}

#[test]
fn deepest_schema_is_read() {
    let levels = Limits::default().depth - 4;
    for keyword in ["not", "items", "additionalProperties"] {
        let open = format!(r#"{{"{keyword}":"#).repeat(levels);
        let text = with_schemas(&format!(r#""A":{open}{{}}{}"#, "}".repeat(levels)));
        assert_eq!(checked(&text), (0, true), "{keyword}");
    }
}

#[test]
fn a_large_document_takes_a_time_that_grows_with_its_size() {
    let count = 20_000;
    // Ways of ten steps each: what is made of much more is refused.
    let schemas: Vec<_> = (0..count)
        .map(|number| match number % 10 {
            0 => format!(r#""S{number}":{{}}"#),
            _ => format!(r##""S{number}":{{"allOf":[{{"$ref":"#/components/schemas/S{}"}}]}}"##, number - 1),
        })
        .collect();
    let start = Instant::now();
    assert_eq!(checked(&with_schemas(&schemas.join(","))), (0, true));
    // As many mistakes, for each of which a thousand names would have to be compared.
    let schemas: Vec<_> = (0..count)
        .map(|number| format!(r##""Schema{number}":{{"$ref":"#/components/schemas/Scheme{number}"}}"##))
        .collect();
    let (found, readable) = checked(&with_schemas(&schemas.join(",")));
    assert_eq!((found, readable), (count, false));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
