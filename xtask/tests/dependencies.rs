//! Tests the dependencies of the generator, of `cargo xtask codegen` and of generated crates.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::process::Command;

use serde_json::Value;

/// Build dependencies that run a C compiler or search for system libraries.
const NATIVE_BUILD_TOOLS: [&str; 6] = ["autotools", "bindgen", "cc", "cmake", "pkg-config", "vcpkg"];

/// Returns the names of all crates that a build with default features compiles on any platform.
fn dependencies(arguments: &[&str]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--locked", "--edges", "normal,build", "--target", "all", "--prefix", "none"]);
    let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn default_build_needs_no_c_compiler() {
    for arguments in [vec![], vec!["--manifest-path", "../Cargo.toml", "--package", "clientwright"]] {
        let crates = dependencies(&arguments);
        assert!(crates.iter().any(|name| name == "clientwright"), "{crates:?}");
        let native: Vec<_> = crates.iter().filter(|name| NATIVE_BUILD_TOOLS.contains(&name.as_str())).collect();
        assert!(native.is_empty(), "{arguments:?}: {native:?}");
    }
}

#[test]
fn mimalloc_feature_needs_c_compiler() {
    let crates =
        dependencies(&["--manifest-path", "../Cargo.toml", "--package", "clientwright", "--features", "mimalloc"]);
    assert!(crates.iter().any(|name| name == "cc"), "{crates:?}");
}

/// Returns the packages of the workspace with the manifest, and all their dependencies.
fn packages(manifest: &str) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--locked", "--format-version", "1", "--all-features", "--manifest-path", manifest]);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Returns the parts of a version, where missing parts are 0: `1.88` and `1.88.0` are equal.
fn version(text: &str) -> [u64; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap());
    [(); 3].map(|()| parts.next().unwrap_or(0))
}

#[test]
fn dependencies_support_the_documented_rust_version() {
    let readme = include_str!("../../README.md");
    let (_, stated) = readme.split_once("Requires Rust ").unwrap();
    let stated = stated.split(' ').next().unwrap();
    for manifest in ["../Cargo.toml", "Cargo.toml"] {
        for package in packages(manifest) {
            let required = package["rust_version"].as_str();
            if package["source"].is_null() {
                assert_eq!(required, Some(stated), "{}", package["name"]);
            } else if let Some(required) = required {
                assert!(version(required) <= version(stated), "{} needs Rust {required}", package["id"]);
            }
        }
    }
}

#[test]
fn generated_crates_compile_with_lowest_versions_of_dependencies() {
    let packages = packages("../Cargo.toml");
    let runtime = packages.iter().find(|package| package["name"] == "clientwright-runtime").unwrap();
    let dependencies = runtime["dependencies"].as_array().unwrap().iter().filter(|one| one["kind"].is_null());
    let mut lowest: Vec<_> = dependencies
        .map(|one| {
            let required = one["req"].as_str().unwrap().strip_prefix('^').unwrap();
            format!("{} v{}", one["name"].as_str().unwrap(), version(required).map(|part| part.to_string()).join("."))
        })
        .collect();
    lowest.sort();
    let compiled: Vec<&str> = include_str!("../minimal-versions.txt").lines().collect();
    assert_eq!(lowest, compiled, "run `cargo xtask minimal-versions`, which compiles crates with the lowest versions");
}
