//! Tests that generated code compiles without warnings. All fixtures are compiled as one crate with a module per
//! fixture.

use std::fs;
use std::path::Path;
use std::process::Command;

use clientwright::config::{Config, Layout};
use clientwright::diagnostics::Code;
use clientwright::output::FileSet;
use clientwright::source::Sources;
use serde_json::{Value, json};

use super::readme_examples::add_examples;
use crate::fixture::{self, Fixture};

/// The limit of the generator for nested arrays and maps, as in its error message.
const MAX_NESTED_COLLECTIONS: usize = 48;

/// Runs Clippy, which also type-checks, and rustdoc.
#[test]
fn every_feature_compiles_and_is_documented_without_warnings() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("every-feature");
    write(&root, &crate_of(fixture::all("features").iter()));
    let mut clippy = Command::new(env!("CARGO"));
    clippy.args(["clippy", "--quiet", "--offline", "--all-features", "--", "--deny", "warnings"]);
    run(clippy, &root);
    // Enable the same features for both commands, so that dependencies are checked only once.
    let mut doc = Command::new(env!("CARGO"));
    doc.args(["doc", "--quiet", "--offline", "--no-deps", "--all-features"]).env("RUSTDOCFLAGS", "--deny warnings");
    run(doc, &root);
}

#[test]
fn crate_of_one_api_compiles_without_warnings() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("one-api");
    let fixtures = fixture::all("features");
    let fixture = fixtures.iter().find(|fixture| fixture.name == "package_root").unwrap();
    let mut files = fixture.generate().unwrap_or_else(|diagnostics| panic!("{}", fixture.rendered(&diagnostics)));
    add_examples(&mut files);
    write(&root, &files);
    for features in [&[][..], &["--all-features", "--all-targets"]] {
        let mut clippy = Command::new(env!("CARGO"));
        clippy.args(["clippy", "--quiet", "--offline"]).args(features).args(["--", "--deny", "warnings"]);
        run(clippy, &root);
    }
}

/// Compiles the tests of a crate that depends on a generated crate and enables its feature `mock` only in
/// `[dev-dependencies]`.
#[test]
fn downstream_crate_compiles_with_mock_in_dev_dependencies_only() {
    let store = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pet-store");
    let fixtures = fixture::all("features");
    let fixture = fixtures.iter().find(|fixture| fixture.name == "package_root").unwrap();
    write(&store, &fixture.generate().unwrap_or_else(|diagnostics| panic!("{}", fixture.rendered(&diagnostics))));
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

/// The names of the fixtures in `features` whose generated code is not only compiled, but also run.
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

/// Runs tests of generated code: values round-trip through their types, bodies are encoded according to their media
/// types, and the library and the program make calls over a connection.
#[test]
fn generated_code_works() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("run");
    let mut files = crate_of(fixture::all("features").iter().filter(|fixture| RUN.contains(&fixture.name.as_str())));
    add_examples(&mut files);
    files.insert("tests/calls.rs", include_str!("calls/calls.rs.txt"));
    files.insert("tests/media.rs", include_str!("media/media.rs.txt"));
    files.insert("tests/values.rs", include_str!("values/values.rs.txt"));
    files.insert("tests/value_calls.rs", include_str!("values/calls.rs.txt"));
    write(&root, &files);
    // A client requires a crypto provider, even for plain HTTP. `ring` compiles fastest.
    let modules = RUN.iter().map(|name| name.replace('_', "-"));
    let features: Vec<String> = modules.chain(["blocking", "cli", "gzip", "mock", "ring"].map(str::to_owned)).collect();
    let cargo = |arguments: &[&str]| {
        let mut test = Command::new(env!("CARGO"));
        test.args(["test", "--quiet", "--offline", "--no-default-features", "--features", &features.join(",")]);
        test.args(arguments);
        run(test, &root)
    };
    cargo(&["--tests"]);
    // Code blocks in the descriptions of a document must not become doctests of the generated crate.
    let listed = cargo(&["--doc", "--", "--list"]);
    let foreign: Vec<&str> = listed.lines().filter(|line| line.contains("models")).collect();
    assert!(foreign.is_empty() && listed.contains("test"), "{listed}");
}

/// Returns a document with arrays and maps that are nested this deep: inline, as components that refer to the next one,
/// and with nullable items.
fn nested_collections(levels: usize) -> Value {
    let within = |levels: usize, level: fn(Value) -> Value, innermost: Value| {
        (0..levels).fold(innermost, |inner, _| level(inner))
    };
    let arrays = |inner| json!({"type": "array", "items": inner});
    let maps = |inner| json!({"type": "object", "additionalProperties": inner});
    let nullable = |inner| json!({"type": "array", "nullable": true, "items": inner});
    let reference = |name: String| json!({"$ref": format!("#/components/schemas/{name}")});
    let mut schemas = json!({
        "Arrays": within(levels, arrays, json!({"type": "string"})),
        "Maps": within(levels, maps, json!({"type": "number"})),
        "Nullable": within(levels, nullable, json!({"type": "string", "nullable": true})),
        "Object": {"type": "object", "properties": {
            "arrays": reference("Arrays".into()), "maps": reference("Maps".into()), "nullable": reference("Nullable".into()),
            "named": reference("Named0".into()), "inline": within(levels, arrays, json!({"type": "integer"})),
            "itself": within(levels, nullable, reference("Object".into())),
        }},
        "Union": {"oneOf": [reference("Arrays".into()), reference("Maps".into())]},
    });
    for level in 0..levels {
        let next =
            if level + 1 == levels { reference("Object".into()) } else { reference(format!("Named{}", level + 1)) };
        schemas[format!("Named{level}")] = arrays(next);
    }
    let json_of = |schema: Value| json!({"application/json": {"schema": schema}});
    let operation = |id: &str, schema: Value| {
        json!({"post": {
            "operationId": id,
            "requestBody": {"required": true, "content": json_of(schema.clone())},
            "responses": {"200": {"description": "d", "content": json_of(schema)}},
        }})
    };
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Nested", "version": "1"},
        "paths": {
            "/inline": operation("inline", within(levels, arrays, reference("Object".into()))),
            "/named": operation("named", reference("Named0".into())),
            "/union": operation("union", reference("Union".into())),
        },
        "components": {"schemas": schemas},
    })
}

#[test]
fn deepest_accepted_collections_compile_without_warnings() {
    let generate = |levels| fixture::generate("nested", &nested_collections(levels).to_string(), Layout::Root, false);
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nested-collections");
    write(&root, &generate(MAX_NESTED_COLLECTIONS).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}")));
    let mut clippy = Command::new(env!("CARGO"));
    clippy.args(["clippy", "--quiet", "--offline", "--all-features", "--", "--deny", "warnings"]);
    run(clippy, &root);
    let diagnostics = generate(MAX_NESTED_COLLECTIONS + 1).unwrap_err();
    let [only] = diagnostics.sorted().try_into().unwrap();
    assert!(only.code == Code::Limit && only.span.is_some(), "{only:?}");
}

fn crate_of<'a>(fixtures: impl Iterator<Item = &'a Fixture>) -> FileSet {
    let mut sources = Sources::new();
    let mut names: Vec<&str> = Vec::new();
    for fixture in fixtures {
        sources.add(fixture::path(&fixture.name), fixture.text.as_str());
        names.push(&fixture.name);
    }
    // Lenient mode has no effect on fixtures without errors. Only those with `lenient: yes` have errors.
    let config = Config { lenient: true, ..fixture::config(&names, Layout::Modules) };
    clientwright::generate(&sources, &config).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

/// Writes a crate into the folder `root`, as a separate workspace.
pub fn write(root: &Path, files: &FileSet) {
    let _ = fs::remove_dir_all(root.join("src"));
    for (path, text) in files.iter() {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    // An empty table `[workspace]` excludes the crate from this workspace. The lock file of this workspace is copied,
    // so that nothing is downloaded.
    let manifest = root.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(manifest, format!("{text}\n[workspace]\n")).unwrap();
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, root.join("Cargo.lock")).unwrap();
}

/// Runs a command in the folder `root`, and returns its standard output. Panics if the command fails.
pub fn run(mut command: Command, root: &Path) -> String {
    // The crates of these tests share a target directory, so that dependencies are compiled only once.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let output = command.current_dir(root).env("CARGO_TARGET_DIR", target).output().unwrap();
    let output_bytes = [&output.stdout[..], &output.stderr].concat();
    assert!(output.status.success(), "{command:?} in {}\n{}", root.display(), String::from_utf8_lossy(&output_bytes));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
