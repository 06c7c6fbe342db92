//! A crate with types of other crates, which the test of generated crates compiles and runs.

use std::path::Path;

use clientwright::config::{Config, Runtime, load};
use clientwright::output::FileSet;

/// Generates the crate.
pub(super) fn library() -> FileSet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("generate/mapped_types");
    let clients = load(&folder.join("clients.toml"), &folder).unwrap();
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../templates/runtime");
    let config = Config { runtime: Runtime::Path(runtime.to_owned()), ..clients.targets[0].config.clone() };
    let generated = clientwright::generate(&clients.sources, &config);
    let mut files = generated.unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"));
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }";
    let manifest = format!("{}\n[dev-dependencies]\n{tokio}\n", files.get("Cargo.toml").unwrap());
    files.insert("Cargo.toml", manifest);
    files.insert("tests/run.rs", include_str!("mapped_types/run.rs.txt"));
    files
}

/// Returns the crate of one of the types.
pub(super) fn money() -> FileSet {
    let mut files = FileSet::default();
    let serde = "serde = { version = \"1\", features = [\"derive\"] }";
    files.insert("Cargo.toml", format!("[package]\nname = \"money\"\nedition = \"2024\"\n\n[dependencies]\n{serde}\n"));
    files.insert("src/lib.rs", include_str!("mapped_types/money.rs.txt"));
    files
}
