//! Compares the results of our readers for a document with the results of `openapiv3` and `serde_yaml`.

mod outline;

use std::fs;
use std::path::{Path, PathBuf};

use clientwright::config::{Config, Runtime};
use clientwright::diagnostics::Diagnostics;
use clientwright::output::FileSet;
use clientwright::source::{Document, Node, NodeKind, Sources};
use clientwright::spec;
use clientwright::validate::Version;
use openapiv3::OpenAPI;

/// A YAML document of the repository.
struct Text {
    name: String,
    text: String,
}

/// Returns the documents in these folders, whose paths are relative to the repository.
fn texts(folders: &[&str]) -> Vec<Text> {
    let mut texts = Vec::new();
    for folder in folders {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "yaml")) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            // Some fixtures are not UTF-8.
            texts.extend(fs::read_to_string(path).ok().map(|text| Text { name, text }));
        }
    }
    texts
}

fn read(text: &str) -> Option<Document> {
    let mut sources = Sources::new();
    let source = sources.add("a.yaml", text);
    let mut diagnostics = Diagnostics::new();
    Document::read(&sources, source, &mut diagnostics).filter(|_| !diagnostics.has_errors())
}

fn generated(sources: &Sources, spec: &str) -> Result<FileSet, Diagnostics> {
    // The runtime is not copied: it depends only on what the API uses, which the other files show.
    let runtime = Runtime::Path("../runtime".to_owned());
    let config = Config { runtime, unused_schemas: true, ..Config::of_document("oracle", spec) };
    clientwright::generate(sources, &config)
}

/// Fixtures that `openapiv3` cannot read, with the reason.
const UNREADABLE: &[(&str, &str)] = &[];

/// Returns the valid documents of the repository that `openapiv3` can read.
fn readable() -> Vec<(Text, OpenAPI)> {
    let mut readable = Vec::new();
    let mut unreadable = Vec::new();
    for text in texts(&["tests/fixtures/features", "specs"]) {
        let mut sources = Sources::new();
        sources.add(text.name.as_str(), text.text.as_str());
        // `openapiv3` reads documents of OpenAPI 3.0 only.
        let is_3_0 = text.text.lines().any(|line| line.starts_with("openapi: 3.0"));
        if !is_3_0 || generated(&sources, &text.name).is_err() {
            continue;
        }
        match serde_yaml::from_str(&text.text) {
            Ok(openapi) => readable.push((text, openapi)),
            Err(error) => unreadable.push(format!("{}: {error}", text.name)),
        }
    }
    let names: Vec<_> = unreadable.iter().filter_map(|one| one.split(':').next()).collect();
    let known: Vec<_> = UNREADABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, known, "{unreadable:#?}");
    assert!(readable.len() > 100);
    readable
}

#[test]
fn reader_agrees_with_openapiv3() {
    let mut different = Vec::new();
    let mut compared = 0;
    for (text, openapi) in readable() {
        let document = read(&text.text).unwrap();
        if outline::refers_to_components_only(&document.root) {
            compared += 1;
            different.extend(outline_difference(&document, &openapi).map(|lines| format!("{}\n{lines}", text.name)));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(compared > 100, "{compared}");
}

/// Compares the outlines of a document as our reader and `openapiv3` read it. Returns the first different lines.
///
/// Requires that all references refer to components, because our reader copies the targets of other references.
fn outline_difference(document: &Document, openapi: &OpenAPI) -> Option<String> {
    let ours = outline::of_spec(&spec::read(document, Version::V3_0, &mut Diagnostics::new()));
    let theirs = outline::of_openapi(&serde_yaml::to_value(openapi).unwrap());
    let difference = ours.iter().zip(&theirs).find(|(one, other)| one != other);
    match difference {
        Some((one, other)) => Some(format!("  ours:   {one}\n  theirs: {other}")),
        None if ours.len() != theirs.len() => Some(format!("  {} and {} lines", ours.len(), theirs.len())),
        None => None,
    }
}

/// Compares the readers for the documents in a folder, and prints the result for each document. The folder is `specs/`,
/// or `DIR` with `CLIENTWRIGHT_ORACLE=DIR cargo test --test generator -- --nocapture readers_agree_on_folder`.
#[test]
fn readers_agree_on_folder() {
    let specs = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs").to_owned();
    let folder = std::env::var("CLIENTWRIGHT_ORACLE").unwrap_or(specs);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    let mut different = 0;
    let is_document = |path: &&PathBuf| {
        path.extension().is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|known| extension == *known))
    };
    for path in paths.iter().filter(is_document) {
        let (name, text) = (path.file_name().unwrap().display(), fs::read_to_string(path).unwrap());
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        let mut sources = Sources::new();
        let source = sources.add(path.to_str().unwrap(), text.as_str());
        let Some(document) = Document::read(&sources, source, &mut Diagnostics::new()) else {
            println!("{name}: our reader rejects it");
            continue;
        };
        let is_3_0 = document.root.get("openapi").and_then(Node::as_str).is_some_and(|text| text.starts_with("3.0"));
        if is_3_0 {
            let openapi = if is_json {
                serde_json::from_str(&text).map_err(|error| error.to_string())
            } else {
                serde_yaml::from_str(&text).map_err(|error| error.to_string())
            };
            let result = match openapi {
                Err(error) => format!("openapiv3 rejects it: {error}"),
                Ok(_) if !outline::refers_to_components_only(&document.root) => "has other references".to_owned(),
                Ok(openapi) => match outline_difference(&document, &openapi) {
                    None => "agree".to_owned(),
                    Some(lines) => {
                        different += 1;
                        format!("DIFFERENT\n{lines}")
                    }
                },
            };
            println!("{name}: structure: {result}");
        }
        if !is_json {
            let result = match serde_yaml::from_str::<serde_yaml::Value>(&text) {
                Err(error) => format!("serde_yaml rejects it: {error}"),
                Ok(mut other) => {
                    other.apply_merge().unwrap();
                    match difference(&document.root, &other) {
                        None => "agree".to_owned(),
                        Some((one, other)) => {
                            different += 1;
                            format!("DIFFERENT: {one} instead of {other:?}")
                        }
                    }
                }
            };
            println!("{name}: YAML: {result}");
        }
    }
    assert_eq!(different, 0, "the readers disagree");
}

/// The documents whose generated crate changes if the generator receives an `openapiv3` value instead of the text of
/// the document. The second string is the part of the document that `openapiv3` does not preserve.
const NOT_PRESERVED: &[(&str, &str)] = &[
    ("all_of_narrowed.yaml", "`xml`"),
    ("components_shared.yaml", "the order of the responses of an operation"),
    ("constraints.yaml", "the digits of numbers"),
    ("documentation_nested.yaml", "the digits of numbers"),
    ("enum_value_types.yaml", "the digits of numbers"),
    ("exact_numbers.yaml", "the digits of numbers"),
    ("idempotency.yaml", "the order of the methods of a path"),
    ("json_bodies.yaml", "the order of the methods of a path"),
    ("json_lines_bodies.yaml", "the order of the methods of a path"),
    ("multipart_parts.yaml", "the order of the methods of a path"),
    ("multipart_related.yaml", "the order of the methods of a path"),
    ("no_content.yaml", "the order of the methods of a path"),
    ("number_formats.yaml", "the digits of numbers"),
    ("operation_servers.yaml", "the order of the methods of a path"),
    ("path_item_references.yaml", "the parameters beside the `$ref` of a path item"),
    ("read_write_only.yaml", "the order of the methods of a path"),
    ("request_body_variants.yaml", "the order of the methods of a path"),
    ("response_success_statuses.yaml", "the order of the methods of a path"),
    ("response_variants.yaml", "the order of the methods of a path"),
    ("xml_names.yaml", "`xml`"),
    ("digicert-mpki.yaml", "the order of properties in examples"),
    ("keyfactor-command.yaml", "the order of properties in examples"),
];

#[test]
fn document_in_memory_generates_same_crate() {
    let mut different = Vec::new();
    for (text, openapi) in readable() {
        let mut sources = Sources::new();
        sources.add(text.name.as_str(), text.text.as_str());
        let expected = generated(&sources, &text.name).unwrap();
        match generated(&Sources::from_openapi(&openapi).unwrap(), Sources::OPENAPI) {
            Err(diagnostics) => different.push((text.name, format!("{:?}", diagnostics.sorted()))),
            Ok(files) => {
                let changed = expected.iter().find(|(path, text)| files.get(path) != Some(*text));
                if let Some((path, expected)) = changed {
                    let found = files.get(path).unwrap_or_default();
                    let line = expected.lines().zip(found.lines()).find(|(one, other)| one != other);
                    different.push((text.name, format!("{path}: {line:?}")));
                }
            }
        }
    }
    let names: Vec<_> = different.iter().map(|(name, _)| name.as_str()).collect();
    let known: Vec<_> = NOT_PRESERVED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, known, "{different:#?}");
}

#[test]
fn yaml_agrees_with_serde_yaml() {
    let folders = [
        "tests/fixtures/features",
        "tests/fixtures/diagnostics",
        "specs",
        "generator/tests/strict",
        "generator/tests/lenient",
        "generator/tests/lint",
    ];
    let mut compared = 0;
    for Text { name, text } in texts(&folders) {
        let (Some(document), Ok(mut other)) = (read(&text), serde_yaml::from_str::<serde_yaml::Value>(&text)) else {
            continue;
        };
        other.apply_merge().unwrap();
        compared += 1;
        if let Some((one, other)) = difference(&document.root, &other) {
            panic!("{name}: {one} instead of {other:?}");
        }
    }
    assert!(compared > 150, "{compared}");
}

/// Returns the first value or name that differs: as our reader reads it, and as `serde_yaml` reads it.
fn difference<'v>(node: &Node, other: &'v serde_yaml::Value) -> Option<(String, &'v serde_yaml::Value)> {
    use serde_yaml::Value;
    let is_same = match (&node.kind, other) {
        (NodeKind::Null, Value::Null) => true,
        (NodeKind::Bool(one), Value::Bool(other)) => one == other,
        (NodeKind::String(one), Value::String(other)) => one == other,
        (NodeKind::Number(one), Value::Number(other)) => one.text.parse::<f64>().ok() == other.as_f64(),
        // `serde_yaml` reads numbers that are too large as strings.
        (NodeKind::Number(one), Value::String(other)) => {
            one.text.trim_start_matches('-').len() > 19 && one.text == *other
        }
        (NodeKind::Sequence(one), Value::Sequence(other)) if one.len() == other.len() => {
            return one.iter().zip(other).find_map(|(one, other)| difference(one, other));
        }
        (NodeKind::Mapping(one), Value::Mapping(other)) if one.entries().len() == other.len() => {
            return one.entries().iter().zip(other).find_map(|(entry, (key, value))| {
                // Our reader reads the name `200` as a string, `serde_yaml` as a number.
                let is_named = key.as_str().is_none_or(|key| key == entry.key);
                if is_named { difference(&entry.value, value) } else { Some((entry.key.clone(), key)) }
            });
        }
        _ => false,
    };
    (!is_same).then(|| (node.to_json_text(), other))
}
