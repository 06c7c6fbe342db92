//! Tests without snapshots: valid documents of all versions, single errors, mutants, and large documents.

mod mutants;
mod v2_0;
mod v3_1;

use super::{Version, check, repair, version};
use crate::diagnostics::{Code, Diagnostics, Severity, Style, render};
use crate::source::{Document, Limits, Sources};

/// The sample documents, which use all objects of their versions.
const SAMPLES: [(Version, &str); 3] = [
    (Version::V2_0, include_str!("samples/v2_0.yaml")),
    (Version::V3_1, include_str!("samples/v3_1.yaml")),
    (Version::V3_2, include_str!("samples/v3_2.yaml")),
];

fn read(text: &str) -> Document {
    let mut sources = Sources::new();
    let source = sources.add("a.yaml", text);
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics).unwrap();
    assert!(diagnostics.is_empty(), "{}", render(&diagnostics, &sources, &Style::default()));
    document
}

/// Returns the severities, codes and messages of a document.
fn diagnostics(text: &str) -> Vec<(Severity, Code, String)> {
    let document = read(text);
    let mut diagnostics = Diagnostics::new();
    if let Some(version) = version(&document, &mut diagnostics) {
        check(&document, version, &mut diagnostics);
    }
    diagnostics.sorted().into_iter().map(|one| (one.severity, one.code, one.message.clone())).collect()
}

/// Asserts that replacing a part of a sample causes exactly these errors.
fn assert_errors(version: Version, replaced: &str, replacement: &str, errors: &[&str]) {
    let (_, sample) = SAMPLES.iter().find(|(of, _)| *of == version).unwrap();
    assert_eq!(sample.matches(replaced).count(), 1, "{replaced}");
    let found = diagnostics(&sample.replace(replaced, replacement));
    let found: Vec<String> = found
        .into_iter()
        .filter(|(severity, ..)| *severity == Severity::Error)
        .map(|(_, code, message)| format!("{code}: {message}"))
        .collect();
    assert_eq!(found, errors, "{replaced} -> {replacement}");
}

#[test]
fn samples_are_valid() {
    for (expected, sample) in SAMPLES {
        let document = read(sample);
        assert_eq!(version(&document, &mut Diagnostics::new()), Some(expected));
        assert_eq!(diagnostics(sample), [], "{expected}");
    }
}

#[test]
fn known_version_is_read_and_unknown_one_rejected() {
    let of = |text: &str| {
        let mut diagnostics = Diagnostics::new();
        let version = version(&read(text), &mut diagnostics);
        (version, diagnostics.sorted().iter().map(|one| one.message.clone()).collect::<Vec<_>>())
    };
    for (text, expected) in [
        ("swagger: '2.0'", Version::V2_0),
        ("openapi: 3.0.0-rc2", Version::V3_0),
        ("openapi: 3.1.2", Version::V3_1),
        ("openapi: 3.2.0", Version::V3_2),
    ] {
        assert_eq!(of(text), (Some(expected), vec![]), "{text}");
    }
    let incomplete = |version: &str| vec![format!("`{version}` is not a full OpenAPI version")];
    assert_eq!(of("openapi: '3.1'"), (Some(Version::V3_1), incomplete("3.1")));
    assert_eq!(of("swagger: 2.0"), (Some(Version::V2_0), vec!["the Swagger version is a number".to_owned()]));
    assert_eq!(of("openapi: 3.3.0"), (None, vec!["there is no OpenAPI version `3.3.0`".to_owned()]));
    assert_eq!(of("swagger: '1.2'"), (None, vec!["`1.2` is not a Swagger version that can be read".to_owned()]));
}

/// Returns the number of diagnostics of a document, and whether it can be read.
fn checked(text: &str) -> (usize, bool) {
    let mut sources = Sources::new();
    let source = sources.add("a.json", text);
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics).unwrap();
    let version = version(&document, &mut diagnostics).unwrap();
    check(&document, version, &mut diagnostics);
    let readable = !diagnostics.has_errors();
    if readable {
        crate::spec::read(&document, version, &mut diagnostics);
    }
    let _shown = render(&diagnostics, &sources, &Style::default());
    (diagnostics.len(), readable)
}

fn with_schemas(schemas: &str) -> String {
    format!(
        r##"{{"openapi":"3.0.3","info":{{"title":"T","version":"1"}},"paths":{{}},"components":{{"schemas":{{{schemas}}}}}}}"##
    )
}

#[test]
fn deepest_schema_is_read() {
    let levels = Limits::default().depth - 4;
    for keyword in ["not", "items", "additionalProperties"] {
        let open = format!(r#"{{"{keyword}":"#).repeat(levels);
        let text = with_schemas(&format!(r#""A":{open}{{}}{}"#, "}".repeat(levels)));
        assert_eq!(checked(&text), (0, true), "{keyword}");
    }
}

#[test]
fn large_documents_are_validated() {
    let count = 5000;
    // Chains of ten schemas, because much longer chains are refused.
    let schemas: Vec<_> = (0..count)
        .map(|number| match number % 10 {
            0 => format!(r#""S{number}":{{}}"#),
            _ => format!(r##""S{number}":{{"allOf":[{{"$ref":"#/components/schemas/S{}"}}]}}"##, number - 1),
        })
        .collect();
    assert_eq!(checked(&with_schemas(&schemas.join(","))), (0, true));
    // The same number of schemas, each with an error. Computing a suggestion for one error compares thousands of names.
    let schemas: Vec<_> = (0..count)
        .map(|number| format!(r##""Schema{number}":{{"$ref":"#/components/schemas/Scheme{number}"}}"##))
        .collect();
    let (found, readable) = checked(&with_schemas(&schemas.join(",")));
    assert_eq!((found, readable), (count, false));
}

/// Replaces a component schema of a sample with `schema`. Returns the component after the repair.
fn repaired(version: Version, schema: &str) -> String {
    let (_, sample) = SAMPLES.into_iter().find(|(of, _)| *of == version).unwrap();
    let (name, section) = if version == Version::V2_0 { ("Booking", "definitions") } else { ("Anything", "schemas") };
    let line = sample.lines().find(|line| line.trim_start().starts_with(&format!("{name}: "))).unwrap();
    let indent = line.len() - line.trim_start().len();
    let mut document = read(&sample.replace(line, &format!("{}{name}: {schema}", " ".repeat(indent))));
    let mut diagnostics = Diagnostics::new();
    repair(&mut document, version, &mut diagnostics);
    assert!(!diagnostics.has_errors() && !diagnostics.is_empty(), "{schema}");
    let root = &document.root;
    let schemas =
        if version == Version::V2_0 { root.get(section) } else { root.get("components").unwrap().get(section) };
    schemas.unwrap().get(name).unwrap().to_json_text()
}

#[test]
fn keywords_of_other_versions_are_repaired() {
    for (version, schema, expected) in [
        (Version::V3_1, "{minimum: 1, exclusiveMinimum: true}", r#"{"minimum":1,"exclusiveMinimum":1}"#),
        (Version::V3_1, "{minimum: 1, exclusiveMinimum: false}", r#"{"minimum":1}"#),
        (Version::V3_1, "{items: [{type: string}]}", r#"{"prefixItems":[{"type":"string"}]}"#),
        (Version::V3_1, "{type: [string, string]}", r#"{"type":["string"]}"#),
        (Version::V3_1, "{$ref: '#nowhere'}", "{}"),
        (Version::V2_0, "{exclusiveMinimum: 1.50}", r#"{"exclusiveMinimum":true,"minimum":1.50}"#),
        (Version::V2_0, "{type: string, nullable: true}", r#"{"type":"string","x-nullable":true}"#),
        (Version::V2_0, "{type: file}", "{}"),
    ] {
        assert_eq!(repaired(version, schema), expected, "{version}: {schema}");
    }
}
