use crate::config::{ApiConfig, Config, Layout};
use crate::source::Sources;

#[test]
fn features_of_tags_differ_in_all_apis_of_a_crate() {
    let document = |tag: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: Zoo, version: '1'}}\npaths:\n  /a:\n    get:\n      tags: [{tag}]\n      \
             responses: {{'204': {{description: Done}}}}\n"
        )
    };
    let mut sources = Sources::new();
    sources.add("a.yaml", document("b-c"));
    sources.add("b.yaml", document("c"));
    let api = |name: &str, spec: &str| ApiConfig { tag_features: true, ..ApiConfig::new(name, spec) };
    let config = Config {
        apis: vec![api("a", "a.yaml"), api("a-b", "b.yaml")],
        layout: Layout::Modules,
        ..Config::of_document("zoo", "")
    };
    let files = crate::generate(&sources, &config).unwrap();
    let manifest: toml::Table = files.get("Cargo.toml").unwrap().parse().unwrap();
    let features = manifest["features"].as_table().unwrap();
    assert_eq!((features["a-b-c"][0].as_str(), features["a-b-tag-c"][0].as_str()), (Some("a"), Some("a-b")));
}
