//! Runs the examples of the library.

use std::fs;

#[allow(dead_code)]
#[path = "../../examples/from_openapi.rs"]
mod from_openapi;
#[allow(dead_code)]
#[path = "../../examples/module.rs"]
mod module;
#[allow(dead_code)]
#[path = "../../examples/xtask.rs"]
mod xtask;

const DOCUMENT: &str = r#"{
    "openapi": "3.0.3",
    "info": {"title": "Zoo", "version": "1"},
    "paths": {"/bears": {"delete": {"operationId": "freeBears", "responses": {"204": {"description": "Gone"}}}}}
}"#;

#[test]
fn xtask_writes_and_checks_crates() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("zoo.json"), DOCUMENT).unwrap();
    let config = "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n[[crate.api]]\nspec = 'zoo.json'\n";
    fs::write(directory.path().join("clients.toml"), config).unwrap();
    let error = xtask::run(directory.path(), true).unwrap_err().to_string();
    assert!(error.contains("run `cargo xtask codegen`"), "{error}");
    xtask::run(directory.path(), false).unwrap();
    xtask::run(directory.path(), true).unwrap();
    assert!(directory.path().join("zoo/src/lib.rs").is_file());
}

#[test]
fn module_is_written_into_crate() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("openapi.yaml"), DOCUMENT).unwrap();
    module::run(directory.path()).unwrap();
    let module = fs::read_to_string(directory.path().join("src/api/mod.rs")).unwrap();
    assert!(module.contains("clientwright_runtime::"), "{module}");
    assert!(!directory.path().join("src/api/Cargo.toml").exists());
}

#[test]
fn document_in_memory_becomes_crate() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("openapi.json"), DOCUMENT).unwrap();
    from_openapi::run(directory.path()).unwrap();
    let client = fs::read_to_string(directory.path().join("client/src/client.rs")).unwrap();
    assert!(client.contains("https://api.example"), "{client}");
}
