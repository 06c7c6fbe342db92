//! Tests that the output of the generator is deterministic: it depends neither on the order of a hash map or of threads,
//! nor on the layout of the document.

use clientwright::output::FileSet;

use crate::fixture::{self, Fixture};

fn generated(fixture: &Fixture) -> FileSet {
    fixture.generate().unwrap_or_else(|diagnostics| panic!("{}", fixture.rendered(&diagnostics)))
}

/// Returns the codes and messages of diagnostics. Locations are omitted, because they depend on the layout.
fn messages(files: &FileSet) -> Vec<String> {
    let mut messages: Vec<String> = files
        .diagnostics
        .sorted()
        .iter()
        .map(|diagnostic| format!("{:?}: {}", diagnostic.code, diagnostic.message))
        .collect();
    messages.sort();
    messages
}

#[test]
fn two_runs_and_two_layouts_of_a_document_generate_equal_files() {
    for fixture in fixture::all("features") {
        // Every hash map has its own random seed, so the two runs iterate in different orders.
        let value: serde_yaml::Value = serde_yaml::from_str(&fixture.text).unwrap();
        let json = serde_json::to_string_pretty(&value).unwrap();
        let own = generated(&fixture);
        let other = generated(&Fixture { text: json, ..fixture.clone() });
        for (path, text) in own.iter() {
            assert_eq!(Some(text), other.get(path), "{}: {path}", fixture.name);
        }
        assert_eq!(own.iter().count(), other.iter().count(), "{}", fixture.name);
        assert_eq!(messages(&own), messages(&other), "{}", fixture.name);
    }
}
