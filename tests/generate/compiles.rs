//! Compiles and runs generated crates.
//!
//! The crates are members of one workspace, so that Cargo compiles their dependencies once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use clientwright::config::{Config, Layout};
use clientwright::output::FileSet;
use clientwright::source::Sources;

use super::readme_examples::add_examples;
use super::{nested_collections, random_names};
use crate::fixture::{self, Fixture};

/// Clippy also type-checks, and its lints apply to generated code too.
#[test]
fn generated_crates_compile_without_warnings() {
    // Not the tests in `src/`: they would be a second compilation of each library.
    cargo(&["clippy", "--workspace", "--all-features", "--lib", "--bins", "--test", "*", "--", "--deny", "warnings"]);
}

/// `downstream` uses the feature `mock` of `pet-store` only in its tests.
#[test]
fn crates_with_default_features_compile_without_warnings() {
    cargo(&["clippy", "--package", "downstream", "--package", "pet-store", "--lib", "--", "--deny", "warnings"]);
}

#[test]
fn every_feature_is_documented_without_warnings() {
    // The packages are those that need the same features of the dependencies as above.
    cargo(&["doc", "--package", "every-feature", "--package", "downstream", "--all-features", "--no-deps"]);
}

/// The features whose generated code is run.
const RUN: [&str; 31] = [
    "accept_error_media_types",
    "all_of_narrowed",
    "any_of_objects",
    "binary_json",
    "charsets",
    "content_codings",
    "delimited_lists",
    "discriminator_integer_and_boolean",
    "discriminator_values",
    "documented_redirects",
    "enum_value_types",
    "exact_numbers",
    "hostile_docs",
    "inheritance",
    "inheritance_base",
    "json_and_text",
    "lenient_all_of",
    "merge_patch",
    "multipart_related",
    "number_formats",
    "property_order",
    "read_write_only",
    "recursion_arrays_and_maps",
    "server_url_variable",
    "single_allowed_value",
    "streams",
    "union_beside_properties",
    "union_by_allowed_values",
    "union_by_property",
    "union_nested",
    "union_recursive",
];

/// Runs the code that is generated for some features: values round-trip through their types, bodies follow their media
/// types, and calls work over a connection, by the library and by the program.
#[test]
fn generated_code_works() {
    let root = folder("run");
    let mut files = crate_of("pet-store", |fixture| RUN.contains(&fixture.name.as_str()));
    for (path, text) in [
        ("tests/run/main.rs", "mod calls;\nmod media;\nmod value_calls;\nmod values;\n"),
        ("tests/run/calls.rs", include_str!("run/calls.rs.txt")),
        ("tests/run/media.rs", include_str!("run/media.rs.txt")),
        ("tests/run/value_calls.rs", include_str!("run/value_calls.rs.txt")),
        ("tests/run/values.rs", include_str!("run/values.rs.txt")),
    ] {
        files.insert(path, text);
    }
    write(&root, &files);
    write_workspace(&root, &[]);
    // A client requires a crypto provider, even for plain HTTP; this one compiles fastest.
    let modules = RUN.iter().map(|name| name.replace('_', "-"));
    let features: Vec<String> = modules.chain(["blocking", "cli", "gzip", "mock", "ring"].map(str::to_owned)).collect();
    let test = |arguments: &[&str]| {
        let features = features.join(",");
        run(&root, &[&["test", "--no-default-features", "--features", &features][..], arguments].concat())
    };
    test(&["--test", "run"]);
    // Code in a document is foreign: it is shown, and never run.
    let listed = test(&["--doc", "--", "--list"]);
    let foreign: Vec<&str> = listed.lines().filter(|line| line.contains("models")).collect();
    assert!(foreign.is_empty() && listed.contains("test"), "{listed}");
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Writes the workspace of generated crates once, and runs Cargo there. Returns the output.
fn cargo(arguments: &[&str]) -> String {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    let root = ROOT.get_or_init(|| {
        let root = folder("crates");
        let mut pet_store = crate_of("pet-store", |fixture| fixture.name == "package_root");
        add_examples(&mut pet_store);
        let mut downstream = FileSet::default();
        downstream.insert("Cargo.toml", include_str!("downstream/Cargo.toml.txt"));
        downstream.insert("src/lib.rs", include_str!("downstream/lib.rs.txt"));
        downstream.insert("tests/pages.rs", include_str!("downstream/pages.rs.txt"));
        let mut every_feature = crate_of("every-feature", |_| true);
        add_examples(&mut every_feature);
        let members = [
            ("downstream", downstream),
            ("every-feature", every_feature),
            ("nested-collections", nested_collections::deepest_accepted()),
            ("pet-store", pet_store),
            ("random-names", random_names::generate()),
        ];
        for (name, files) in &members {
            write(&root.join(name), files);
        }
        write_workspace(&root, &members.map(|(name, _)| name));
        root
    });
    run(root, arguments)
}

/// Generates one crate from the selected fixtures.
fn crate_of(package: &str, selects: impl Fn(&Fixture) -> bool) -> FileSet {
    let fixtures: Vec<Fixture> = fixture::all("features").into_iter().filter(selects).collect();
    let mut sources = Sources::new();
    for fixture in &fixtures {
        sources.add(fixture::path(&fixture.name), fixture.text.as_str());
    }
    let names: Vec<&str> = fixtures.iter().map(|fixture| fixture.name.as_str()).collect();
    let layout = if names.len() == 1 { Layout::Root } else { Layout::Modules };
    // Only fixtures with `lenient: yes` contain errors that need it.
    let config = Config { lenient: true, package: fixture::package(package), ..fixture::config(&names, layout) };
    clientwright::generate(&sources, &config).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

/// Writes a crate into a folder, and removes sources that an earlier run left there.
fn write(root: &Path, files: &FileSet) {
    for sources in ["src", "tests"] {
        let _ = fs::remove_dir_all(root.join(sources));
    }
    for (path, text) in files.iter() {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Makes a folder below `target/` a workspace of its own. It uses the versions of the repository's lock file, so nothing
/// is downloaded.
fn write_workspace(root: &Path, members: &[&str]) {
    let manifest = root.join("Cargo.toml");
    let package = if members.is_empty() { fs::read_to_string(&manifest).unwrap() } else { String::new() };
    let workspace = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[profile.dev]\ndebug = false\n");
    fs::write(manifest, format!("{package}\n{workspace}")).unwrap();
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, root.join("Cargo.lock")).unwrap();
}

/// Runs Cargo, which must succeed, and returns its output.
fn run(root: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.arg(arguments[0]).args(["--quiet", "--offline"]).args(&arguments[1..]).current_dir(root);
    // All crates of these tests share their compiled dependencies.
    command.env("CARGO_TARGET_DIR", folder("generated")).env("RUSTDOCFLAGS", "--deny warnings");
    let output = command.output().unwrap();
    let output_bytes = [&output.stdout[..], &output.stderr].concat();
    assert!(output.status.success(), "{command:?} in {}\n{}", root.display(), String::from_utf8_lossy(&output_bytes));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
