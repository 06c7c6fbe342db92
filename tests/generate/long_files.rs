//! Tests that long files are split.

use std::fmt::Write as _;

use clientwright::config::Layout;
use clientwright::output::FileSet;

use crate::fixture;

/// Returns the crate of a document with an operation for `/shop`, and many for paths below `/shop/items` and
/// `/shop/orders`. Each has a long description, and a body with several properties. `tag` is their tag, as YAML.
fn generated(tag: &str) -> FileSet {
    let mut text = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths:\n".to_owned();
    let description = "word.\\n\\n".repeat(25);
    let properties: String = (0..6).map(|number| format!("p{number}: {{type: string}}, ")).collect();
    let schema = format!("{{type: object, properties: {{{properties}}}}}");
    let body = format!("{{required: true, content: {{application/json: {{schema: {schema}}}}}}}");
    let below = (0..44).map(|number| match number % 2 {
        0 => format!("/shop/items/a{number}"),
        _ => format!("/shop/orders/b{number}"),
    });
    for (number, path) in std::iter::once("/shop".to_owned()).chain(below).enumerate() {
        writeln!(
            text,
            "  {path}: {{put: {{operationId: change{number}, {tag}description: \"{description}\", requestBody: {body}, \
             responses: {{'204': {{description: Done.}}}}}}}}"
        )
        .unwrap();
    }
    fixture::generate("shop", &text, Layout::Root, false).unwrap()
}

/// Returns the paths of the files in a folder of `src/`, relative to the folder.
fn files<'a>(files: &'a FileSet, folder: &str) -> Vec<&'a str> {
    files.iter().filter_map(|(path, _)| path.strip_prefix("src/")?.strip_prefix(folder)).collect()
}

#[test]
fn long_tag_is_split_by_path() {
    for (tag, module) in [("tags: [Shop], ", "shop"), ("", "operations")] {
        let generated = generated(tag);
        for folder in ["operations", "wire/operations"] {
            assert_eq!(files(&generated, &format!("{folder}/{module}/")), ["items.rs", "mod.rs", "orders.rs"]);
        }
        let mut models = [format!("{module}.rs"), "items.rs".to_owned(), "mod.rs".to_owned(), "orders.rs".to_owned()];
        models.sort();
        assert_eq!(files(&generated, "models/"), models);
        assert_eq!(files(&generated, "wire/models/"), models);
        for (path, text) in generated.iter().filter(|(path, _)| !path.starts_with("src/runtime/")) {
            assert!(text.lines().count() < 2_500, "{path}: {}", text.lines().count());
        }
        // The types keep their public paths.
        let group = generated.get(&format!("src/operations/{module}/mod.rs")).unwrap();
        assert!(group.contains("mod items;") && group.contains("pub use items::*;"), "{group}");
    }
}
