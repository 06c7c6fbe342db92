//! The whole way: whatever is wrong with a document, what is generated of it is sound, and what is found in it can be shown.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use clientwright::config::{Config, Layout};
use clientwright::diagnostics::{Code, Diagnostics};
use clientwright::output::FileSet;
use proptest::prelude::*;
use proptest::sample::select;
use serde_yaml::Value;

use crate::fixture::{self, Fixture};
use crate::graft::{grafted, grafts, hostile};
use crate::judge;
use crate::render::shown_well;
use crate::spoil::{changes, spoilt};

/// Documents of all kinds, and their trees.
static DOCUMENTS: LazyLock<Vec<(Fixture, Value)>> = LazyLock::new(|| {
    let fixtures = fixture::all("features").into_iter().chain(fixture::all("diagnostics")).chain(fixture::specs());
    fixtures.map(|fixture| (fixture.clone(), serde_yaml::from_str(&fixture.text).unwrap())).collect()
});

/// One of them, by its number.
fn document() -> impl Strategy<Value = usize> {
    // Our own specs, which come last, are long.
    let count = DOCUMENTS.len();
    prop_oneof![30 => 0..count - 3, 1 => count - 3..count]
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_spoilt_document_makes_a_client_or_findings(
        document in document(),
        changes in changes(),
        lenient in any::<bool>(),
    ) {
        let (fixture, _) = &DOCUMENTS[document];
        survive(&spoilt(&fixture.text, &changes), lenient, Layout::Root);
    }

    #[test]
    fn a_document_with_foreign_parts_makes_a_client_or_findings(
        document in document(),
        other in document(),
        grafts in grafts(),
        lenient in any::<bool>(),
        json in any::<bool>(),
        layout in select(vec![Layout::Root, Layout::Modules]),
    ) {
        let grafted = grafted(&DOCUMENTS[document].1, &DOCUMENTS[other].1, &grafts);
        let text = match json {
            // Names that are no text have no JSON.
            true => serde_json::to_string(&grafted).unwrap_or_default(),
            false => serde_yaml::to_string(&grafted).unwrap(),
        };
        survive(&text, lenient, layout);
    }

    #[test]
    fn no_place_for_text_is_a_place_for_code(
        document in document(),
        text in hostile(),
        behind in any::<bool>(),
    ) {
        let poison = crate::graft::Graft::Poison(text, behind);
        let poisoned = grafted(&DOCUMENTS[document].1, &Value::Null, &[poison]);
        survive(&serde_yaml::to_string(&poisoned).unwrap(), true, Layout::Root);
    }
}

/// Does with a document all that can be done with one.
fn survive(text: &str, lenient: bool, layout: Layout) {
    let start = Instant::now();
    let sources = fixture::sources("pets", text);
    let config = Config { lenient, ..fixture::config(&["pets"], layout) };
    sound(text, &sources, clientwright::generate(&sources, &config));
    let found = clientwright::lint(&sources, &fixture::path("pets"));
    ours(&found, text);
    shown_well(&found, &sources, 10);
    // What is slow takes minutes; the machine may have other work.
    assert!(start.elapsed() < Duration::from_secs(60), "{:?} for\n{text}", start.elapsed());
}

fn sound(text: &str, sources: &clientwright::source::Sources, made: Result<FileSet, Diagnostics>) {
    match made {
        Err(found) => {
            assert!(found.has_errors(), "nothing was made, and nothing is wrong:\n{text}");
            ours(&found, text);
            shown_well(&found, sources, 10);
        }
        Ok(files) => {
            assert!(!files.remarks.has_errors(), "{:?}\n{text}", files.remarks.sorted());
            if let Some(fault) = judge::fault(&files) {
                panic!("{fault}\n--- made of:\n{text}");
            }
        }
    }
}

/// No finding is a fault of ours.
fn ours(found: &Diagnostics, text: &str) {
    let ours = found.sorted().into_iter().find(|one| one.code == Code::Internal);
    assert!(ours.is_none(), "{ours:?}\n{text}");
}
