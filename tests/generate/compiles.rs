//! Compiles the generated code without warnings, as one crate with a module per fixture.

use std::fs;
use std::path::Path;
use std::process::Command;

use clientwright::config::{Config, Layout};
use clientwright::diagnostics::Code;
use clientwright::output::FileSet;
use clientwright::source::Sources;
use serde_json::{Value, json};

use crate::fixture::{self, Fixture};

/// The generator's limit, as quoted in its message.
const MAX_NESTED_COLLECTIONS: usize = 48;

/// Clippy also type-checks, and its lints apply to generated code too.
#[test]
fn every_feature_compiles_without_warnings() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("every-feature");
    write(&root, &every_feature());
    let mut clippy = Command::new(env!("CARGO"));
    clippy.args(["clippy", "--quiet", "--offline", "--all-features", "--", "--deny", "warnings"]);
    run(clippy, &root);
}

#[test]
fn crate_of_one_api_compiles_without_warnings() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("one-api");
    let fixtures = fixture::all("features");
    let fixture = fixtures.iter().find(|fixture| fixture.name == "package_root").unwrap();
    write(&root, &fixture.generate().unwrap_or_else(|diagnostics| panic!("{}", fixture.rendered(&diagnostics))));
    for features in [&[][..], &["--all-features"]] {
        let mut clippy = Command::new(env!("CARGO"));
        clippy.args(["clippy", "--quiet", "--offline"]).args(features).args(["--", "--deny", "warnings"]);
        run(clippy, &root);
    }
}

/// Everything that a downstream crate needs to test itself.
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

/// Values round-trip through the types that are generated from schemas.
#[test]
fn values_round_trip_through_generated_types() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("values");
    let names = [
        "all_of_narrowed",
        "any_of_objects",
        "recursion_arrays_and_maps",
        "delimited_lists",
        "discriminator_integer_and_boolean",
        "discriminator_values",
        "enum_value_types",
        "exact_numbers",
        "inheritance",
        "inheritance_base",
        "number_formats",
        "lenient_all_of",
        "property_order",
        "read_write_only",
        "single_allowed_value",
        "union_by_allowed_values",
        "union_beside_properties",
        "union_by_property",
        "union_nested",
        "union_recursive",
    ];
    let mut files = crate_of(fixture::all("features").iter().filter(|fixture| names.contains(&fixture.name.as_str())));
    files.insert("tests/values.rs", include_str!("values/values.rs.txt"));
    files.insert("tests/calls.rs", include_str!("values/calls.rs.txt"));
    write(&root, &files);
    let mut test = Command::new(env!("CARGO"));
    // Only the modules and the mock: TLS takes longest to compile.
    let modules = names.iter().map(|name| name.replace('_', "-"));
    let features: Vec<String> = modules.chain(["blocking".to_owned(), "mock".to_owned()]).collect();
    test.args([
        "test",
        "--quiet",
        "--offline",
        "--no-default-features",
        "--features",
        &features.join(","),
        "--test",
        "values",
        "--test",
        "calls",
    ]);
    run(test, &root);
}

/// Complete calls between a test server and the library or the program.
#[test]
fn calls_work_over_a_connection() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("calls");
    let names = ["documented_redirects", "merge_patch", "server_url_variable"];
    let mut files = crate_of(fixture::all("features").iter().filter(|fixture| names.contains(&fixture.name.as_str())));
    files.insert("tests/calls.rs", include_str!("calls/calls.rs.txt"));
    write(&root, &files);
    let mut test = Command::new(env!("CARGO"));
    // A client requires a crypto provider, even for plain HTTP; this one compiles fastest.
    let features = "documented-redirects,merge-patch,server-url-variable,blocking,cli,ring";
    test.args(["test", "--quiet", "--offline", "--no-default-features", "--features", features, "--test", "calls"]);
    run(test, &root);
}

/// Media types determine how request bodies are encoded and response bodies are decoded.
#[test]
fn bodies_follow_their_media_types() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("media");
    let names = [
        "accept_error_media_types",
        "binary_json",
        "charsets",
        "content_codings",
        "json_and_text",
        "multipart_related",
        "streams",
    ];
    let mut files = crate_of(fixture::all("features").iter().filter(|fixture| names.contains(&fixture.name.as_str())));
    files.insert("tests/media.rs", include_str!("media/media.rs.txt"));
    write(&root, &files);
    let mut test = Command::new(env!("CARGO"));
    let features: Vec<String> = names.iter().map(|name| name.replace('_', "-")).collect();
    let features = format!("gzip,{}", features.join(","));
    test.args(["test", "--quiet", "--offline", "--no-default-features", "--features", &features, "--test", "media"]);
    run(test, &root);
}

#[test]
fn every_feature_is_documented_without_warnings() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("every-feature-documented");
    write(&root, &every_feature());
    let mut doc = Command::new(env!("CARGO"));
    doc.args(["doc", "--quiet", "--offline", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings");
    run(doc, &root);
}

/// Returns the maximum depth of nested arrays and maps: each inline in the previous one, each named, with nullable
/// values.
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

/// Code in a document is foreign: it is shown, and never run.
#[test]
fn code_in_document_is_no_doctest() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("foreign-code");
    let fixtures = fixture::all("features");
    let fixture = fixtures.iter().find(|fixture| fixture.name == "hostile_docs").unwrap();
    write(&root, &fixture.generate().unwrap_or_else(|diagnostics| panic!("{}", fixture.rendered(&diagnostics))));
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
    // Only fixtures with `lenient: yes` contain errors that need it.
    let config = Config { lenient: true, ..fixture::config(&names, Layout::Modules) };
    clientwright::generate(&sources, &config).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

/// Writes the crate into a folder of its own.
pub fn write(root: &Path, files: &FileSet) {
    let _ = fs::remove_dir_all(root.join("src"));
    for (path, text) in files.iter() {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    // A crate below `target/` is not part of this workspace. It uses the versions of our lock file, so nothing is
    // downloaded.
    let manifest = root.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(manifest, format!("{text}\n[workspace]\n")).unwrap();
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, root.join("Cargo.lock")).unwrap();
}

/// Runs a command that must succeed, and returns its output.
pub fn run(mut command: Command, root: &Path) -> String {
    // All crates of these tests share their compiled dependencies.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let output = command.current_dir(root).env("CARGO_TARGET_DIR", target).output().unwrap();
    let output_bytes = [&output.stdout[..], &output.stderr].concat();
    assert!(output.status.success(), "{command:?} in {}\n{}", root.display(), String::from_utf8_lossy(&output_bytes));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
