//! What is generated compiles, free of warnings: one crate of all fixtures, each a module of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use clientwright::config::{Config, Layout};
use clientwright::output::FileSet;
use clientwright::source::Sources;

use crate::fixture::{self, Fixture};

/// Clippy checks types too, and its lints hold for generated code as for ours.
#[test]
fn every_feature_compiles_without_a_warning() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("every-feature");
    write(&root, &every_feature());
    let mut clippy = Command::new(env!("CARGO"));
    clippy.args(["clippy", "--quiet", "--offline", "--all-features", "--", "--deny", "warnings"]);
    run(clippy, &root);
}

#[test]
fn a_crate_of_one_api_compiles_without_a_warning() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("one-api");
    let fixtures = fixture::all("features");
    let fixture = fixtures.iter().find(|fixture| fixture.name == "package_root").unwrap();
    write(&root, &fixture.generate().unwrap_or_else(|found| panic!("{}", fixture.rendered(&found))));
    for features in [&[][..], &["--all-features"]] {
        let mut clippy = Command::new(env!("CARGO"));
        clippy.args(["clippy", "--quiet", "--offline"]).args(features).args(["--", "--deny", "warnings"]);
        run(clippy, &root);
    }
}

/// What a crate downstream has to write to test itself, in full.
#[test]
fn a_crate_downstream_compiles_with_the_mock_in_its_tests_alone() {
    let store = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pet-store");
    let fixtures = fixture::all("features");
    let fixture = fixtures.iter().find(|fixture| fixture.name == "package_root").unwrap();
    write(&store, &fixture.generate().unwrap_or_else(|found| panic!("{}", fixture.rendered(&found))));
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream");
    let mut downstream = FileSet::default();
    for (path, text) in [
        ("Cargo.toml", include_str!("downstream/Cargo.toml.txt")),
        ("src/lib.rs", include_str!("downstream/lib.rs.txt")),
    ] {
        downstream.insert(path, text);
    }
    write(&root, &downstream);
    for targets in [&["--lib"][..], &["--tests"]] {
        let mut clippy = Command::new(env!("CARGO"));
        clippy.args(["clippy", "--quiet", "--offline"]).args(targets).args(["--", "--deny", "warnings"]);
        run(clippy, &root);
    }
}

/// What comes is what goes, in the types that are made of schemas.
#[test]
fn values_go_through_their_types_and_stay_what_they_are() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("values");
    let names = [
        "all_of_narrowed",
        "arrays_of_themselves",
        "discriminator_values",
        "enums_of_all_kinds",
        "inheritance",
        "number_formats",
        "lenient_all_of",
        "read_write_only",
        "union_beside_members",
        "union_by_member",
        "union_of_a_union",
        "union_recursive",
    ];
    let mut files = crate_of(fixture::all("features").iter().filter(|fixture| names.contains(&fixture.name.as_str())));
    files.insert("tests/values.rs", include_str!("values/values.rs.txt"));
    write(&root, &files);
    let mut test = Command::new(env!("CARGO"));
    // The modules alone: what answers come through has tests of its own, and TLS takes longest to compile.
    let features: Vec<String> = names.iter().map(|name| name.replace('_', "-")).collect();
    test.args([
        "test",
        "--quiet",
        "--offline",
        "--no-default-features",
        "--features",
        &features.join(","),
        "--test",
        "values",
    ]);
    run(test, &root);
}

#[test]
fn every_feature_is_documented_without_a_warning() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("every-feature-documented");
    write(&root, &every_feature());
    let mut doc = Command::new(env!("CARGO"));
    doc.args(["doc", "--quiet", "--offline", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings");
    run(doc, &root);
}

/// Code in a document is somebody else's: it is shown, and never run.
#[test]
fn no_code_of_a_document_is_a_test() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("foreign-code");
    let fixtures = fixture::all("features");
    let fixture = fixtures.iter().find(|fixture| fixture.name == "hostile_docs").unwrap();
    write(&root, &fixture.generate().unwrap_or_else(|found| panic!("{}", fixture.rendered(&found))));
    let mut list = Command::new(env!("CARGO"));
    list.args(["test", "--doc", "--quiet", "--offline", "--", "--list"]);
    let listed = run(list, &root);
    let foreign: Vec<&str> = listed.lines().filter(|line| line.contains("models")).collect();
    assert!(foreign.is_empty() && listed.contains("test"), "{listed}");
}

fn every_feature() -> FileSet {
    crate_of(fixture::all("features").iter())
}

fn crate_of<'a>(fixtures: impl Iterator<Item = &'a Fixture>) -> FileSet {
    let mut sources = Sources::new();
    let mut names: Vec<&str> = Vec::new();
    for fixture in fixtures {
        sources.add(fixture::path(&fixture.name), fixture.text.as_str());
        names.push(&fixture.name);
    }
    // Only fixtures that say so have faults to be lenient about.
    let config = Config { lenient: true, ..fixture::config(&names, Layout::Modules) };
    clientwright::generate(&sources, &config).unwrap_or_else(|found| panic!("{found:#?}"))
}

/// Writes the crate as it would stand in a folder of its own.
fn write(root: &Path, files: &FileSet) {
    let _ = fs::remove_dir_all(root.join("src"));
    for (path, text) in files.iter() {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    // A crate below `target/` is not of this workspace. The versions are those of our own lock file: nothing is fetched.
    let manifest = root.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(manifest, format!("{text}\n[workspace]\n")).unwrap();
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, root.join("Cargo.lock")).unwrap();
}

/// Runs a command that must succeed, and gives what it prints.
fn run(mut command: Command, root: &Path) -> String {
    // All crates of these tests share what their dependencies compile to.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let output = command.current_dir(root).env("CARGO_TARGET_DIR", target).output().unwrap();
    let said = [&output.stdout[..], &output.stderr].concat();
    assert!(output.status.success(), "{command:?} in {}\n{}", root.display(), String::from_utf8_lossy(&said));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
