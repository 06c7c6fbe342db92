//! Tests the dependencies of the generator and of `cargo xtask codegen`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::process::Command;

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
