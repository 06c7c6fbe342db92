//! Tests of comparisons: each test edits a document and compares the findings.

mod declarations;
mod operations;
mod schemas;
mod service;

use super::{Change, Comparison, Finding, Item, Place, Rust, Wire, diff};
use crate::config::Config;
use crate::source::Sources;

use Change::*;
use Item::*;

/// A finding without its places.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected(Item, Change, String, Rust, Wire);

fn expected(item: Item, change: Change, sentence: impl Into<String>, rust: Rust, wire: Wire) -> Expected {
    Expected(item, change, sentence.into(), rust, wire)
}

/// Compares two documents.
fn compare(old: &str, new: &str) -> Comparison {
    let mut sources = Sources::new();
    let mut config = |path: &str, text: &str| {
        sources.add(path, text);
        Config::of_document("zoo", path)
    };
    let (old, new) = (config("old.yaml", old), config("new.yaml", new));
    diff(&sources, &old, &new).unwrap_or_else(|diagnostics| panic!("{}", diagnostics.display(&sources)))
}

/// Replaces text that the document contains exactly once.
fn edited(document: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(document.to_owned(), |document, (old, new)| {
        assert_eq!(document.matches(old).count(), 1, "{old}");
        document.replace(old, new)
    })
}

/// Edits a document, and checks the findings without their places.
#[track_caller]
fn assert_findings(document: &str, edits: &[(&str, &str)], expected: &[Expected]) {
    let comparison = compare(document, &edited(document, edits));
    let found = comparison.findings.iter();
    let found: Vec<_> = found.map(|it| Expected(it.item, it.change, it.sentence(), it.rust, it.wire)).collect();
    assert_eq!(found, expected, "{edits:?}");
}
