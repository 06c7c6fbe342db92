//! The whole generator: whatever is wrong with a document, the generated code satisfies the invariants, and the
//! diagnostics can be rendered.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use clientwright::config::{Config, Layout};
use clientwright::diagnostics::{Code, Diagnostics};
use clientwright::output::FileSet;
use proptest::prelude::*;
use proptest::sample::select;
use serde_yaml::Value;

use super::graft::{grafted, grafts, hostile};
use super::judge;
use super::render::assert_renders;
use super::spoil::{changes, mutated};
use crate::fixture::{self, Fixture};

/// Documents of all kinds, and their trees.
static DOCUMENTS: LazyLock<Vec<(Fixture, Value)>> = LazyLock::new(|| {
    let fixtures = fixture::all("features").into_iter().chain(fixture::all("diagnostics")).chain(fixture::specs());
    fixtures.map(|fixture| (fixture.clone(), serde_yaml::from_str(&fixture.text).unwrap())).collect()
});

/// Returns a document by its number.
fn document() -> impl Strategy<Value = usize> {
    // The specs of this repository come last, and are long.
    let count = DOCUMENTS.len();
    prop_oneof![30 => 0..count - 3, 1 => count - 3..count]
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn mutated_text_makes_client_or_diagnostics(
        document in document(),
        changes in changes(),
        lenient in any::<bool>(),
    ) {
        let (fixture, _) = &DOCUMENTS[document];
        survive(&mutated(&fixture.text, &changes), lenient, Layout::Root);
    }

    #[test]
    fn mutated_tree_makes_client_or_diagnostics(
        document in document(),
        other in document(),
        grafts in grafts(),
        lenient in any::<bool>(),
        json in any::<bool>(),
        layout in select(vec![Layout::Root, Layout::Modules]),
    ) {
        let grafted = grafted(&DOCUMENTS[document].1, &DOCUMENTS[other].1, &grafts);
        let text = match json {
            // Keys that are not strings cannot be represented in JSON.
            true => serde_json::to_string(&grafted).unwrap_or_default(),
            false => serde_yaml::to_string(&grafted).unwrap(),
        };
        survive(&text, lenient, layout);
    }

    #[test]
    fn hostile_string_never_becomes_code(
        document in document(),
        text in hostile(),
        behind in any::<bool>(),
    ) {
        let poison = super::graft::Graft::Poison(text, behind);
        let poisoned = grafted(&DOCUMENTS[document].1, &Value::Null, &[poison]);
        survive(&serde_yaml::to_string(&poisoned).unwrap(), true, Layout::Root);
    }
}

/// Generates, lints and renders a document in every way.
fn survive(text: &str, lenient: bool, layout: Layout) {
    let start = Instant::now();
    let sources = fixture::sources("pets", text);
    let config = Config { lenient, ..fixture::config(&["pets"], layout) };
    assert_valid(text, &sources, clientwright::generate(&sources, &config));
    let diagnostics = clientwright::lint(&sources, &fixture::path("pets"));
    assert_no_internal_error(&diagnostics, text);
    assert_renders(&diagnostics, &sources, 10);
    // A performance bug takes minutes; the machine may be busy with other work.
    assert!(start.elapsed() < Duration::from_secs(60), "{:?} for\n{text}", start.elapsed());
}

fn assert_valid(text: &str, sources: &clientwright::source::Sources, result: Result<FileSet, Diagnostics>) {
    match result {
        Err(diagnostics) => {
            assert!(diagnostics.has_errors(), "nothing was generated, and nothing was reported:\n{text}");
            assert_no_internal_error(&diagnostics, text);
            assert_renders(&diagnostics, sources, 10);
        }
        Ok(files) => {
            assert!(!files.diagnostics.has_errors(), "{:?}\n{text}", files.diagnostics.sorted());
            if let Some(violation) = judge::violation(&files) {
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
