//! Tests the names of the APIs of a crate.

use std::collections::BTreeSet;

use clientwright::config::{Config, Feature, Layout};

use crate::fixture;

/// These features are never Cargo features, so an API can have their names.
#[test]
fn api_named_like_an_optional_feature_keeps_its_module() {
    let text = "openapi: 3.0.3\ninfo: {title: Raw, version: '1'}\npaths: {}\n";
    for name in ["raw", "polling", "streamed", "client-certificates"] {
        for features in [BTreeSet::new(), Feature::all()] {
            let config = Config { features, ..fixture::config(&[name], Layout::Modules) };
            let files = clientwright::generate(&fixture::sources(name, text), &config).unwrap();
            let module = format!("#[cfg(feature = \"{name}\")]\npub mod {};", name.replace('-', "_"));
            let root = files.get("src/lib.rs").unwrap();
            assert!(root.contains(&module), "{root}");
        }
    }
}
