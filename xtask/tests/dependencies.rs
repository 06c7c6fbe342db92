//! What it takes to build the generator and `cargo xtask codegen`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics is a test that fails")]

use std::process::Command;

/// Crates that run a compiler of C, or look for a library of the system, when something is built that depends on them.
const NATIVE_BUILD_TOOLS: [&str; 6] = ["autotools", "bindgen", "cc", "cmake", "pkg-config", "vcpkg"];

/// The names of all crates that a build with default features compiles, on any platform.
fn built(arguments: &[&str]) -> Vec<String> {
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
        let crates = built(&arguments);
        assert!(crates.iter().any(|name| name == "clientwright"), "{crates:?}");
        let native: Vec<_> = crates.iter().filter(|name| NATIVE_BUILD_TOOLS.contains(&name.as_str())).collect();
        assert!(native.is_empty(), "{arguments:?}: {native:?}");
    }
}

#[test]
fn mimalloc_is_found_where_it_is_turned_on() {
    let crates = built(&["--manifest-path", "../Cargo.toml", "--package", "clientwright", "--features", "mimalloc"]);
    assert!(crates.iter().any(|name| name == "cc"), "{crates:?}");
}
