//! Tests `cargo xtask dist` with a script as the program, because a release build takes minutes.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use flate2::read::GzDecoder;
use serde_json::Value;

/// Prints or writes what the program `clientwright` would.
const PROGRAM: &str = "#!/bin/sh\ncase $1 in\nman) echo page > \"$2/clientwright.1\" ;;\n*) echo \"$1 $2\" ;;\nesac\n";

/// Runs the command for a program in a temporary target directory.
fn dist(target: &Path, script: &str) -> Output {
    let program = target.join("program");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask-dist"));
    command.args(["--target", "test", "--program"]).arg(program).env("CARGO_TARGET_DIR", target);
    command.output().unwrap()
}

/// Returns the version of the program.
fn version() -> String {
    let mut metadata = Command::new(env!("CARGO"));
    metadata.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path", "../generator/Cargo.toml"]);
    let output = metadata.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.find(|package| package["name"] == "clientwright").unwrap();
    package["version"].as_str().unwrap().to_owned()
}

#[test]
fn archive_has_program_documents_completions_and_man_pages() {
    let target = tempfile::tempdir().unwrap();
    let output = dist(target.path(), PROGRAM);
    assert!(output.status.success(), "{output:?}");
    let name = format!("clientwright-{}-test", version());
    let folder = target.path().join("dist");
    let archive = fs::read(folder.join(format!("{name}.tar.gz"))).unwrap();
    let sum = fs::read_to_string(folder.join(format!("{name}.tar.gz.sha256"))).unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let (digits, file) = sum.trim_end().split_once("  ").unwrap();
    assert!(digits.len() == 64 && printed.starts_with(digits) && file == format!("{name}.tar.gz"), "{sum}{printed}");

    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(GzDecoder::new(&*archive)).entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().strip_prefix(&name).unwrap().display().to_string();
        let mode = entry.header().mode().unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        files.insert(path, (mode, text));
    }
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "clientwright",
        "completions/_clientwright",
        "completions/clientwright.bash",
        "completions/clientwright.fish",
        "man/clientwright.1",
    ];
    assert_eq!(paths, expected);
    assert_eq!(files["clientwright"], (0o755, PROGRAM.to_owned()));
    assert_eq!(files["completions/_clientwright"], (0o644, "completions zsh\n".to_owned()));
    assert_eq!(files["man/clientwright.1"], (0o644, "page\n".to_owned()));
    assert_eq!(files["LICENSE-MIT"].1, include_str!("../../LICENSE-MIT"));

    dist(target.path(), PROGRAM);
    assert!(fs::read(folder.join(format!("{name}.tar.gz"))).unwrap() == archive, "the archive is not reproducible");
}

#[test]
fn error_of_the_program_is_reported() {
    let target = tempfile::tempdir().unwrap();
    let output = dist(target.path(), "#!/bin/sh\necho broken >&2\nexit 3\n");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && errors.ends_with("completions` failed:\nbroken\n"), "{errors}");
}
