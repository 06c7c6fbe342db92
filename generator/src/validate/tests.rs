//! What no snapshot of findings shows: that a checked document has a view, whatever its size and depth.

use std::time::{Duration, Instant};

use super::{check, version};
use crate::diagnostics::{Diagnostics, Style, render};
use crate::dialect::typed;
use crate::source::{Document, Limits, Sources};

/// How many errors a document has, and whether it has a view.
fn checked(text: &str) -> (usize, bool) {
    let mut sources = Sources::new();
    let source = sources.add("a.json", text);
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics).unwrap();
    let version = version(&document, &mut diagnostics).unwrap();
    check(&document, version, &mut diagnostics);
    let viewed = typed(&document, &mut diagnostics).is_some();
    let _shown = render(&diagnostics, &sources, &Style::default());
    (diagnostics.len(), viewed)
}

fn with_schemas(schemas: &str) -> String {
    format!(
        r##"{{"openapi":"3.0.3","info":{{"title":"T","version":"1"}},"paths":{{}},"components":{{"schemas":{{{schemas}}}}}}}"##
    )
}

#[test]
fn the_deepest_schema_that_is_read_has_a_view() {
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
    let (found, viewed) = checked(&with_schemas(&schemas.join(",")));
    assert_eq!((found, viewed), (count, false));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
