//! Tests that the README is correct: its document generates the shown code, its invalid document causes the shown
//! message, and CI runs its commands.

use clientwright::config::Config;
use clientwright::diagnostics::{Style, render};
use clientwright::output::FileSet;
use clientwright::source::Sources;

const README: &str = include_str!("../README.md");
const CI: &str = include_str!("../.ci/run");

/// Returns the code blocks of the README in a language, in order.
fn blocks(language: &str) -> Vec<&'static str> {
    let open = format!("```{language}\n");
    README.split(open.as_str()).skip(1).map(|behind| behind.split("```").next().unwrap()).collect()
}

/// Generates a crate as `clientwright generate cellar.yaml --out cellar` does. Returns the crate or the rendered
/// diagnostics.
fn generated(document: &str) -> Result<FileSet, String> {
    let mut sources = Sources::new();
    sources.add("cellar.yaml", document);
    let config = Config::of_document("cellar", "cellar.yaml");
    clientwright::generate(&sources, &config).map_err(|diagnostics| render(&diagnostics, &sources, &Style::default()))
}

#[test]
fn document_generates_the_shown_code() {
    let files = generated(blocks("yaml")[0]).unwrap();
    assert!(files.get("src/models.rs").unwrap().contains(blocks("rust")[0]));
}

#[test]
fn call_uses_the_generated_code() {
    let files = generated(blocks("yaml")[0]).unwrap();
    assert!(blocks("rust")[1].contains(".token(") && files.get("src/client.rs").unwrap().contains("pub fn token("));
    assert!(blocks("rust")[1].contains("client.bottles().get("));
    assert!(files.get("README.md").unwrap().contains("client.bottles().get(id).send().await?"));
}

#[test]
fn invalid_document_causes_the_shown_message() {
    let broken = blocks("yaml")[0].replace("schemas/Bottle", "schemas/Botle");
    assert_eq!(generated(&broken).unwrap_err(), blocks("text")[0]);
}

#[test]
fn commands_are_run_by_ci() {
    for command in blocks("console").into_iter().flat_map(str::lines) {
        // For `cargo install`, CI uses the path in its clone of the repository. CI runs xtask with all features. The tests
        // of the program run the commands that begin with `clientwright`.
        let command = match command.split_once(' ') {
            Some(("cargo", arguments)) if arguments.starts_with("install ") => "--path generator".to_owned(),
            Some(("cargo", arguments)) => arguments.replacen("xtask ", "--bin xtask -- ", 1),
            _ => command.to_owned(),
        };
        assert!(CI.contains(&command) || command.starts_with("clientwright "), "{command}");
    }
}
