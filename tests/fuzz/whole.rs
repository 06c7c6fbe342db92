//! The whole way: what is generated parses, and holds the document's texts only in literals and docs.

use clientwright::config::Layout;
use clientwright::diagnostics::{Code, Diagnostics};
use clientwright::output::FileSet;
use proc_macro2::{TokenStream, TokenTree};
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::{self, Fixture};
use crate::spoil::{Change, changes, spoilt};

fn fixtures() -> Vec<Fixture> {
    fixture::all("features").into_iter().chain(fixture::all("diagnostics")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spoilt_document_makes_a_client_or_findings(
        fixture in select(fixtures()),
        changes in changes(),
        lenient in any::<bool>(),
    ) {
        let text = spoilt(&fixture.text, &changes);
        judge(&fixture, &changes, &text, fixture::generate(&fixture.name, &text, Layout::Root, lenient));
    }
}

fn judge(fixture: &Fixture, changes: &[Change], text: &str, made: Result<FileSet, Diagnostics>) {
    match made {
        Err(found) => {
            assert!(found.has_errors(), "{}: nothing was made, and nothing is wrong", fixture.name);
            let ours = found.sorted().into_iter().find(|one| one.code == Code::Internal);
            assert!(ours.is_none(), "{}, {changes:?}: {ours:?}\n{text}", fixture.name);
        }
        Ok(files) => {
            for (path, content) in files.iter() {
                assert!(!path.starts_with('/') && !path.split('/').any(|part| part == ".."), "{path}");
                let own = path.ends_with(".rs") && !path.starts_with("src/runtime/");
                if own {
                    // Each text that is parsed stays in a table of places otherwise: a long run would fill the memory.
                    proc_macro2::extra::invalidate_current_thread_spans();
                    let tokens: TokenStream = content.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
                    assert!(
                        !injected(tokens),
                        "{}, {changes:?}: {path} holds code of the document\n{text}",
                        fixture.name
                    );
                }
            }
            let manifest: toml::Table = files.get("Cargo.toml").unwrap().parse().unwrap();
            assert!(!manifest.contains_key("zqx"));
        }
    }
}

/// Whether the macro that spoilt documents try to call stands outside of literals.
fn injected(tokens: TokenStream) -> bool {
    let mut before = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if injected(group.stream()) => return true,
            TokenTree::Punct(mark) if before && mark.as_char() == '!' => return true,
            TokenTree::Ident(ident) => {
                before = ident == "zqx";
                continue;
            }
            _ => {}
        }
        before = false;
    }
    false
}

#[test]
fn the_judge_sees_code() {
    assert!(injected("fn f() { zqx!(); }".parse().unwrap()));
    assert!(!injected("#[doc = \"zqx!();\"] struct Zqx { zqx: u8 }".parse().unwrap()));
}
