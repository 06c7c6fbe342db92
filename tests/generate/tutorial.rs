//! The crate and the program of `docs/tutorial.md`, which the test of generated crates compiles.

use clientwright::config::{ApiConfig, Config};
use clientwright::output::FileSet;
use clientwright::source::Sources;

const TUTORIAL: &str = include_str!("../../docs/tutorial.md");

/// Returns the code block after a line.
fn block(line: &str) -> &'static str {
    let (_, after) = TUTORIAL.split_once(&format!("\n{line}\n\n```")).unwrap();
    after.split_once('\n').unwrap().1.split("```").next().unwrap()
}

/// Generates the crate.
pub(super) fn library() -> FileSet {
    let mut sources = Sources::new();
    for file in ["library.yaml", "corrections.yaml", "sandbox.yaml"] {
        sources.add(file, block(&format!("`{file}`:")));
    }
    let overlays = vec!["corrections.yaml".to_owned(), "sandbox.yaml".to_owned()];
    let api = ApiConfig { overlays, ..ApiConfig::new("library", "library.yaml") };
    let config = Config { apis: vec![api], ..Config::of_document("library", "library.yaml") };
    clientwright::generate(&sources, &config).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

/// Returns the program that calls the API.
pub(super) fn program() -> FileSet {
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }";
    let dependencies = format!("[dependencies]\nlibrary = {{ path = \"../library\" }}\n{tokio}\n");
    let mut files = FileSet::default();
    files.insert("Cargo.toml", format!("[package]\nname = \"tutorial\"\nedition = \"2024\"\n\n{dependencies}"));
    let call = "A program depends on the crate with `library = { path = \"../library\" }`, and calls the operation:";
    files.insert("src/main.rs", block(call));
    files
}
