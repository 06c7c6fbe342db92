//! Tests all stages of the generator with mutated documents: generated crates satisfy the invariants, and diagnostics
//! can be rendered.

use std::sync::LazyLock;

use clientwright::config::{ApiConfig, Config, Layout};
use clientwright::diagnostics::{Code, Diagnostics};
use clientwright::output::FileSet;
use proptest::prelude::*;
use proptest::sample::select;
use serde_yaml::Value;

use super::invariants;
use super::render::assert_renders;
use super::text_mutations::{mutate_text, text_mutations};
use super::tree_mutations::{hostile_string, mutate_tree, tree_mutations};
use crate::fixture::{self, Fixture};

/// The fixtures and the specs of this repository, as text and as trees.
static DOCUMENTS: LazyLock<Vec<(Fixture, Value)>> = LazyLock::new(|| {
    let fixtures = fixture::all("features").into_iter().chain(fixture::all("diagnostics")).chain(fixture::specs());
    fixtures.map(|fixture| (fixture.clone(), serde_yaml::from_str(&fixture.text).unwrap())).collect()
});

/// Generates an index into [`DOCUMENTS`]. Picks the specs, which are long and come last, less often than the fixtures.
fn document() -> impl Strategy<Value = usize> {
    let count = DOCUMENTS.len();
    prop_oneof![30 => 0..count - 3, 1 => count - 3..count]
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn mutated_text_gives_crate_or_diagnostics(
        document in document(),
        mutations in text_mutations(),
        lenient in any::<bool>(),
    ) {
        let (fixture, _) = &DOCUMENTS[document];
        assert_handled(&mutate_text(&fixture.text, &mutations), lenient, Layout::Root);
    }

    #[test]
    fn mutated_tree_gives_crate_or_diagnostics(
        document in document(),
        other in document(),
        mutations in tree_mutations(),
        lenient in any::<bool>(),
        json in any::<bool>(),
        layout in select(vec![Layout::Root, Layout::Modules]),
    ) {
        let mutated = mutate_tree(&DOCUMENTS[document].1, &DOCUMENTS[other].1, &mutations);
        let text = match json {
            // Keys in JSON must be strings. A document with other keys becomes an empty text.
            true => serde_json::to_string(&mutated).unwrap_or_default(),
            false => serde_yaml::to_string(&mutated).unwrap(),
        };
        assert_handled(&text, lenient, layout);
    }

    #[test]
    fn hostile_string_never_becomes_code(
        document in document(),
        text in hostile_string(),
        append in any::<bool>(),
    ) {
        let mutation = super::tree_mutations::TreeMutation::Strings(text, append);
        let replaced = mutate_tree(&DOCUMENTS[document].1, &Value::Null, &[mutation]);
        assert_handled(&serde_yaml::to_string(&replaced).unwrap(), true, Layout::Root);
    }
}

/// Generates and lints a document, and renders its diagnostics in every format. Asserts the invariants of the output.
fn assert_handled(text: &str, lenient: bool, layout: Layout) {
    let sources = fixture::sources("pets", text);
    let config = Config { lenient, ..fixture::config_with_shared_runtime(&["pets"], layout) };
    assert_valid(text, &sources, clientwright::generate(&sources, &config));
    let diagnostics = clientwright::lint(&sources, &ApiConfig::new("pets", fixture::path("pets")));
    assert_no_internal_error(&diagnostics, text);
    assert_renders(&diagnostics, &sources, 10);
}

fn assert_valid(text: &str, sources: &clientwright::source::Sources, result: Result<FileSet, Diagnostics>) {
    match result {
        Err(diagnostics) => {
            assert!(diagnostics.has_errors(), "neither a crate nor an error:\n{text}");
            assert_no_internal_error(&diagnostics, text);
            assert_renders(&diagnostics, sources, 10);
        }
        Ok(files) => {
            assert!(!files.diagnostics.has_errors(), "{:?}\n{text}", files.diagnostics.sorted());
            if let Some(violation) = invariants::violation(&files) {
                panic!("{violation}\n--- generated from:\n{text}");
            }
        }
    }
}

/// Checks that no diagnostic reports an internal error.
fn assert_no_internal_error(diagnostics: &Diagnostics, text: &str) {
    let internal = diagnostics.sorted().into_iter().find(|one| one.code == Code::Internal);
    assert!(internal.is_none(), "{internal:?}\n{text}");
}
