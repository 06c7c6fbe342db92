//! Tests that the output of the generator is deterministic: it does not depend e.g. on the order of a hash map or of
//! threads.

use clientwright::output::FileSet;

use crate::fixture::{self, Fixture};

fn generated(fixture: &Fixture) -> FileSet {
    fixture.generate().unwrap_or_else(|diagnostics| panic!("{}", fixture.rendered(&diagnostics)))
}

#[test]
fn two_runs_generate_equal_files() {
    for fixture in fixture::all("features") {
        // Every hash map has its own random seed, so the two runs iterate in different orders.
        assert_eq!(generated(&fixture), generated(&fixture), "{}", fixture.name);
    }
}

#[test]
fn document_layout_does_not_change_output() {
    for fixture in fixture::all("features") {
        // Generate the same document as pretty-printed JSON. Diagnostics are not compared, because their locations
        // differ.
        let value: serde_yaml::Value = serde_yaml::from_str(&fixture.text).unwrap();
        let json = serde_json::to_string_pretty(&value).unwrap();
        let own = generated(&fixture);
        let other = generated(&Fixture { text: json, ..fixture.clone() });
        for (path, text) in own.iter() {
            assert_eq!(Some(text), other.get(path), "{}: {path}", fixture.name);
        }
        assert_eq!(own.iter().count(), other.iter().count(), "{}", fixture.name);
    }
}
