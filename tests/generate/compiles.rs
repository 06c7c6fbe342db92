//! Compiles and runs generated crates.
//!
//! The crates are members of one workspace, so that Cargo compiles their dependencies once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clientwright::config::{Config, Feature, Layout, Runtime};
use clientwright::output::FileSet;
use clientwright::source::Sources;
use toml::{Table, Value};

use super::readme_examples::add_examples;
use super::{embedded, mapped_types, nested_collections, random_names, tutorial};
use crate::fixture::{self, Fixture};

/// A single test, because Cargo blocks a target folder: further tests would only wait for each other.
#[test]
fn generated_crates_compile_without_warnings_and_work() {
    let root = write_crates();
    // Clippy also type-checks, and its lints apply to generated code too. Exclude the unit tests in `src/`, for which
    // each library would be compiled a second time.
    let all = ["--workspace", "--all-features", "--lib", "--bins", "--test", "*"];
    cargo(&root, "clippy", &[&all[..], &["--", "--deny", "warnings"]].concat());
    // With default features. `downstream` uses the feature `mock` of `pet-store` only in its tests.
    let packages = ["dependencies", "downstream", "lean", "pet-store", "some-tags"];
    let packages: Vec<&str> = packages.into_iter().flat_map(|package| ["--package", package]).collect();
    cargo(&root, "clippy", &[&packages[..], &["--lib", "--", "--deny", "warnings"]].concat());

    // In one run, so that the shared runtime is compiled once.
    let shared = ["dependencies", "mapped-types", "shared-runtime"];
    let shared: Vec<&str> = shared.into_iter().flat_map(|package| ["--package", package]).collect();
    let tests = ["--features", "mapped-types/mock", "--test", "pages", "--test", "run"];
    cargo(&root, "test", &[&shared[..], &tests].concat());

    let every_feature = ["--package", "every-feature", "--package", "dependencies"];
    cargo(&root, "doc", &[&every_feature[..], &["--all-features", "--no-deps"]].concat());
    // Values round-trip through their types, bodies are encoded according to their media types, and the library and the
    // program make calls over a connection.
    let modules = RUN.iter().map(|name| name.replace('_', "-"));
    let features: Vec<String> =
        modules.chain(["blocking", "cli", "gzip", "mock", "operation-examples", "ring"].map(str::to_owned)).collect();
    let features = ["--no-default-features", "--features", &features.join(",")];
    cargo(&root, "test", &[&every_feature[..], &features, &["--test", "run"]].concat());
    // The examples in the documentation compile: of operations with arguments of every kind, and of whole crates.
    cargo(&root, "test", &[&every_feature[..], &features, &["--doc"]].concat());
    cargo(&root, "test", &["--package", "pet-store", "--package", "dependencies", "--doc"]);
    // Code blocks in descriptions of a document are foreign code: rustdoc shows them, but must not run them as tests.
    let features = ["--no-default-features", "--features", "hostile-docs,ring"];
    let listed = cargo(&root, "test", &[&every_feature[..], &features, &["--doc", "--", "--list"]].concat());
    let foreign: Vec<&str> = listed.lines().filter(|line| line.contains("models")).collect();
    assert!(foreign.is_empty() && listed.contains("test"), "{listed}");
}

/// The names of the fixtures in `features` whose generated code is not only compiled, but also run.
const RUN: [&str; 63] = [
    "accept_error_media_types",
    "all_of_narrowed",
    "any_of_objects",
    "binary_json",
    "body_parameter_name",
    "charsets",
    "collection_formats",
    "constants",
    "content_codings",
    "cookie_style",
    "delimited_lists",
    "discriminator_by_definition",
    "discriminator_integer_and_boolean",
    "discriminator_values",
    "documented_redirects",
    "encoded_strings",
    "enum_value_types",
    "exact_numbers",
    "form_data",
    "host_template",
    "hostile_docs",
    "inheritance",
    "inheritance_base",
    "integers_as_strings",
    "item_schema_events",
    "item_schema_lines",
    "item_schema_multipart",
    "json_and_text",
    "lenient_all_of",
    "merge_patch",
    "methods",
    "ms_extensions",
    "multipart_encoded_content",
    "multipart_related",
    "named_arguments",
    "null_variants",
    "number_formats",
    "omit_empty",
    "pattern_properties",
    "property_names_restricted",
    "property_order",
    "query_string",
    "read_write_only",
    "recursion_arrays_and_maps",
    "relative_server",
    "reserved_names",
    "security_authorization_key",
    "security_mutual_tls",
    "server_enums",
    "server_url_variable",
    "single_allowed_value",
    "stream_results",
    "streams",
    "tuples",
    "type_lists",
    "unevaluated_properties",
    "union_beside_properties",
    "union_by_allowed_values",
    "union_by_property",
    "union_nested",
    "union_recursive",
    "webhook_bodies",
    "webhooks",
];

/// Writes the workspace of generated crates. Returns its folder.
fn write_crates() -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates");
    let members = [
        ("dependencies", dependencies()),
        ("downstream", downstream()),
        ("embedded", embedded::application()),
        ("every-feature", every_feature()),
        ("lean", lean("lean", "package_root", [])),
        ("lean-certificates", lean("lean-certificates", "security_mutual_tls", [])),
        ("library", tutorial::library()),
        ("lean-streams", lean("lean-streams", "package_root", [Feature::Raw, Feature::Streamed])),
        ("mapped-types", mapped_types::library()),
        ("money", mapped_types::money()),
        ("nested-collections", nested_collections::deepest_accepted()),
        ("pet-store", pet_store()),
        ("random-names", random_names::generate()),
        ("shared-enums", shared("shared-enums", "string_enum")),
        ("shared-pets", shared("shared-pets", "package_root")),
        ("shared-runtime", shared_runtime()),
        ("shared-servers", shared("shared-servers", "server_enums")),
        ("some-tags", some_tags()),
        ("tutorial", tutorial::program()),
    ];
    for (name, files) in &members {
        write(&root.join(name), files);
    }
    write_workspace(&root, &members.map(|(name, _)| name));
    root
}

/// Runs a command of Cargo in a folder, and asserts that it succeeds. Returns its output.
fn cargo(root: &Path, subcommand: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args([subcommand, "--quiet", "--offline"]).args(arguments).current_dir(root);
    // The build script of `ring` runs again when one of the variables of the package changes that Cargo sets for tests.
    // With all that depends on it, it would be compiled again here and again by the next `cargo test`.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_")) {
            command.env_remove(name);
        }
    }
    // The target folder of this program already has most dependencies.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    command.env("CARGO_TARGET_DIR", target).env("RUSTDOCFLAGS", "--deny warnings");
    let output = command.output().unwrap();
    let output_bytes = [&output.stdout[..], &output.stderr].concat();
    assert!(output.status.success(), "{command:?} in {}\n{}", root.display(), String::from_utf8_lossy(&output_bytes));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns an empty crate with the dependencies of these tests, of the generator and of generated crates. Selected
/// together with a generated crate, it makes Cargo enable the same features of common dependencies as for this program,
/// and so reuse them.
fn dependencies() -> FileSet {
    let mut dependencies = Table::new();
    for manifest in [include_str!("../Cargo.toml"), include_str!("../../generator/Cargo.toml")] {
        let manifest: Table = manifest.parse().unwrap();
        for table in ["dependencies", "dev-dependencies"] {
            for (name, dependency) in manifest[table].as_table().unwrap() {
                let is_own = name.starts_with("clientwright") || name == "pki-clients";
                if dependency.get("workspace").is_some() && !is_own {
                    dependencies.insert(name.clone(), required(dependency));
                }
            }
        }
    }
    let generated: Table = include_str!("../../generated/Cargo.toml").parse().unwrap();
    for (name, dependency) in generated["dependencies"].as_table().unwrap() {
        let entry = dependencies.entry(name.clone()).or_insert_with(|| required(dependency));
        let enabled = generated["features"].as_table().unwrap().values().flat_map(|list| list.as_array().unwrap());
        let enabled = enabled.filter_map(|feature| feature.as_str().unwrap().strip_prefix(&format!("{name}/")));
        let own = dependency.get("features").and_then(Value::as_array).into_iter().flatten();
        let features: Vec<&str> = own.filter_map(Value::as_str).chain(enabled).collect();
        let list = entry.as_table_mut().unwrap().entry("features").or_insert_with(|| Value::Array(Vec::new()));
        list.as_array_mut().unwrap().extend(features.into_iter().map(Value::from));
    }
    let mut manifest = Table::new();
    let package = [("name", "dependencies"), ("edition", "2024")].map(|(key, value)| (key.to_owned(), value.into()));
    manifest.insert("package".to_owned(), Value::Table(package.into_iter().collect()));
    manifest.insert("dependencies".to_owned(), Value::Table(dependencies));
    let mut files = FileSet::default();
    files.insert("Cargo.toml", manifest.to_string());
    files.insert("src/lib.rs", "");
    files
}

/// Returns a dependency as a table without the key `optional`.
fn required(dependency: &Value) -> Value {
    let mut table = match dependency {
        Value::Table(table) => table.clone(),
        version => [("version".to_owned(), version.clone())].into_iter().collect(),
    };
    table.remove("optional");
    Value::Table(table)
}

/// Returns a crate that uses a generated one.
fn downstream() -> FileSet {
    let mut files = FileSet::default();
    files.insert("Cargo.toml", include_str!("downstream/Cargo.toml.txt"));
    files.insert("src/lib.rs", include_str!("downstream/lib.rs.txt"));
    files.insert("tests/pages.rs", include_str!("downstream/pages.rs.txt"));
    files
}

/// Returns a crate with one API at its root.
fn pet_store() -> FileSet {
    let mut files = crate_of("pet-store", |fixture| fixture.name == "package_root");
    add_examples(&mut files);
    files
}

/// Returns a crate for one fixture with only these optional features. A condition in the runtime can be wrong in such a
/// crate although all features together compile.
fn lean<const N: usize>(package: &str, fixture: &str, features: [Feature; N]) -> FileSet {
    crate_with(package, |one| one.name == fixture, |config| config.features = features.into())
}

/// Returns a crate for one fixture that depends on the runtime.
fn shared(package: &str, fixture: &str) -> FileSet {
    crate_with(package, |one| one.name == fixture, |config| config.runtime = shared_path())
}

/// Returns the runtime that several crates share.
fn shared_path() -> Runtime {
    Runtime::Path(concat!(env!("CARGO_MANIFEST_DIR"), "/../templates/runtime").to_owned())
}

/// Returns a crate with a feature for each tag, of which only two are enabled by default, and a type that no operation
/// uses.
fn some_tags() -> FileSet {
    let mut files = crate_with(
        "some-tags",
        |one| one.name == "tag_features",
        |config| {
            config.runtime = shared_path();
            config.unused_schemas = true;
        },
    );
    let manifest = files.get("Cargo.toml").unwrap().replace("\"garden\", \"plants\", \"tools\", ", "\"plants\", ");
    assert!(manifest.contains("\ndefault = [\"plants\", "), "{manifest}");
    files.insert("Cargo.toml", manifest);
    files
}

/// Returns a crate that uses two generated crates with one runtime.
fn shared_runtime() -> FileSet {
    let mut files = FileSet::default();
    files.insert("Cargo.toml", include_str!("shared_runtime/Cargo.toml.txt"));
    files.insert("src/lib.rs", include_str!("shared_runtime/lib.rs.txt"));
    files.insert("tests/pages.rs", include_str!("shared_runtime/pages.rs.txt"));
    files
}

/// Returns a crate with a module for each feature, and the tests that run it.
fn every_feature() -> FileSet {
    let mut files = crate_of("every-feature", |_| true);
    add_examples(&mut files);
    for (path, text) in [
        (
            "tests/run/main.rs",
            "//! Runs the generated code.\n\nmod calls;\nmod item_streams;\nmod json_schema;\nmod media;\nmod methods;\nmod parameters;\nmod value_calls;\nmod values;\nmod webhooks;\n",
        ),
        ("tests/run/calls.rs", include_str!("run/calls.rs.txt")),
        ("tests/run/item_streams.rs", include_str!("run/item_streams.rs.txt")),
        ("tests/run/json_schema.rs", include_str!("run/json_schema.rs.txt")),
        ("tests/run/media.rs", include_str!("run/media.rs.txt")),
        ("tests/run/methods.rs", include_str!("run/methods.rs.txt")),
        ("tests/run/parameters.rs", include_str!("run/parameters.rs.txt")),
        ("tests/run/value_calls.rs", include_str!("run/value_calls.rs.txt")),
        ("tests/run/values.rs", include_str!("run/values.rs.txt")),
        ("tests/run/webhooks.rs", include_str!("run/webhooks.rs.txt")),
    ] {
        files.insert(path, text);
    }
    files
}

/// Generates one crate from the selected fixtures.
fn crate_of(package: &str, selects: impl Fn(&Fixture) -> bool) -> FileSet {
    crate_with(package, selects, |_| ())
}

/// Generates one crate from the selected fixtures, with a changed configuration.
fn crate_with(package: &str, selects: impl Fn(&Fixture) -> bool, change: impl FnOnce(&mut Config)) -> FileSet {
    let fixtures: Vec<Fixture> = fixture::all("features").into_iter().filter(selects).collect();
    let mut sources = Sources::new();
    for fixture in &fixtures {
        sources.add(fixture::path(&fixture.name), fixture.text.as_str());
    }
    let names: Vec<&str> = fixtures.iter().map(|fixture| fixture.name.as_str()).collect();
    let layout = if names.len() == 1 { Layout::Root } else { Layout::Modules };
    // Lenient mode affects only the fixtures with `lenient: yes`, because all others are valid.
    let mut config = Config { lenient: true, package: fixture::package(package), ..fixture::config(&names, layout) };
    for (api, fixture) in config.apis.iter_mut().zip(&fixtures) {
        api.tag_features = fixture.tag_features;
    }
    change(&mut config);
    clientwright::generate(&sources, &config).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

/// Writes a crate into a folder, and removes files that an earlier run left there. Files that did not change keep their
/// modification time, so that Cargo does not compile the crate again.
fn write(root: &Path, files: &FileSet) {
    for folder in ["src", "tests"] {
        remove_others(root, &root.join(folder), files);
    }
    for (path, text) in files.iter() {
        let path = root.join(path);
        if fs::read_to_string(&path).is_ok_and(|present| present == text) {
            continue;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Removes the files in `folder` that the crate at `root` does not have.
fn remove_others(root: &Path, folder: &Path, files: &FileSet) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            remove_others(root, &path, files);
        } else if files.get(path.strip_prefix(root).unwrap().to_str().unwrap()).is_none() {
            fs::remove_file(path).unwrap();
        }
    }
}

/// Makes a folder below `target/` a workspace of its own, with the dependencies and the lock file of the repository.
/// Thus, Cargo reuses compiled dependencies, and downloads nothing.
fn write_workspace(root: &Path, members: &[&str]) {
    let ours = include_str!("../../Cargo.toml");
    let (_, rest) = ours.split_once("exclude = [\"xtask\"]\n").unwrap();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n{rest}");
    fs::write(root.join("Cargo.toml"), manifest).unwrap();
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, root.join("Cargo.lock")).unwrap();
}
