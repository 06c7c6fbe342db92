//! The crate and the program of `docs/tutorial.md`, which the test of generated crates compiles.

use std::fs;

use clientwright::config::load;
use clientwright::output::FileSet;

const TUTORIAL: &str = include_str!("../../docs/tutorial.md");

/// Returns the code block after a line.
fn block(line: &str) -> &'static str {
    let (_, after) = TUTORIAL.split_once(&format!("\n{line}\n\n```")).unwrap();
    after.split_once('\n').unwrap().1.split("```").next().unwrap()
}

/// Generates the crate with the configuration of the tutorial.
pub(super) fn library() -> FileSet {
    let folder = tempfile::tempdir().unwrap();
    for file in ["library.yaml", "corrections.yaml", "sandbox.yaml", "clients.toml"] {
        fs::write(folder.path().join(file), block(&format!("`{file}`:"))).unwrap();
    }
    let clients = load(&folder.path().join("clients.toml"), folder.path()).unwrap();
    let config = &clients.targets[0].config;
    clientwright::generate(&clients.sources, config).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
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
