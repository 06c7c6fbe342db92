//! Tests that the allocations of each stage and the total time of a run grow linearly with the size of the document.

#[path = "../../benches/repeated.rs"]
mod repeated;
#[path = "growth_versions.rs"]
mod versions;

use std::time::{Duration, Instant};

use clientwright::config::{Config, Feature};
use clientwright::diagnostics::{Diagnostics, Style, json, render};
use clientwright::render::{Templates, formatted};
use clientwright::source::{Document, Sources};
use clientwright::validate::{Version, check};
use clientwright::{apis, views};

/// The maximum factor by which the number of allocations may grow if the size of the document doubles.
const MAX_ALLOCATION_RATIO: f64 = 2.1;
/// The maximum factor by which the time may grow if the size of the document quadruples. Quadratic growth is a factor
/// of 16.
const MAX_TIME_RATIO: f64 = 9.0;

const STAGES: [&str; 5] = ["read", "check", "lower, name", "view", "render, format"];

/// Counts the allocations of each stage for a document. All stages run on this thread.
fn allocations(version: Version, document: String) -> [u64; STAGES.len()] {
    let mut sources = Sources::new();
    let source = sources.add("repeated.json", document);
    let config = config();
    let mut counts = [0; STAGES.len()];
    let mut stage = 0;
    let mut count = |work: &mut dyn FnMut()| {
        counts[stage] = allocation_counter::measure(work).count_total;
        stage += 1;
    };
    let mut document = None;
    count(&mut || document = Document::read(&sources, source, &mut Diagnostics::new()));
    let document = document.unwrap();
    count(&mut || drop(check(&document, version, &mut Diagnostics::new())));
    let mut named = None;
    // `apis` also reads and checks the document. These allocations are subtracted below.
    count(&mut || named = apis(&sources, &config).ok());
    let named = named.unwrap();
    let mut files = Vec::new();
    count(&mut || files = views(&config, &named));
    let templates = Templates::new().unwrap();
    count(&mut || {
        for file in &files {
            for (path, text) in templates.texts(file).unwrap() {
                formatted(&path, &text).unwrap();
            }
        }
    });
    counts[2] -= counts[0] + counts[1];
    counts
}

fn config() -> Config {
    Config { unused_schemas: true, features: Feature::all(), ..Config::of_document("growth", "repeated.json") }
}

#[test]
fn allocations_grow_linearly_with_document() {
    assert_linear(Version::V3_0, "all kinds", [1, 2, 4].map(repeated::repeated));
}

/// A function that creates a document. Its argument determines the size of the document.
type CreateDocument = fn(usize) -> String;

/// The versions other than OpenAPI 3.0, each with a function that creates a document of any size.
const OTHER_VERSIONS: [(Version, CreateDocument); 3] = [
    (Version::V2_0, versions::swagger_2_0),
    (Version::V3_1, versions::openapi_3_1),
    (Version::V3_2, versions::openapi_3_2),
];

#[test]
fn allocations_grow_linearly_in_other_versions() {
    for (version, document) in OTHER_VERSIONS {
        assert_linear(version, &version.to_string(), [10, 20, 40].map(document));
    }
}

#[test]
fn allocations_grow_linearly_with_each_kind_of_element() {
    let list = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(",");
    let schemas = |schemas: String| {
        format!(
            r#"{{"openapi":"3.0.3","info":{{"title":"T","version":"1"}},"paths":{{}},"components":{{"schemas":{{{schemas}}}}}}}"#
        )
    };
    let property = |number| format!(r#""m{number}":{{"type":"string"}}"#);
    let object = |number| format!(r#""S{number}":{{"type":"object","properties":{{"a":{{"type":"string"}}}}}}"#);
    let operation = |number| {
        format!(r#""/p{number}":{{"get":{{"operationId":"o{number}","responses":{{"200":{{"description":"d"}}}}}}}}"#)
    };
    let kinds: [(&str, &dyn Fn(usize) -> String); 4] = [
        ("properties", &|count| {
            schemas(format!(r#""O":{{"type":"object","properties":{{{}}}}}"#, list(count, &property)))
        }),
        ("enum values", &|count| {
            schemas(format!(r#""E":{{"type":"string","enum":[{}]}}"#, list(count, &|it| format!("\"v{it}\""))))
        }),
        ("objects", &|count| schemas(list(count, &object))),
        ("operations", &|count| {
            format!(
                r#"{{"openapi":"3.0.3","info":{{"title":"T","version":"1"}},"paths":{{{}}}}}"#,
                list(count, &operation)
            )
        }),
    ];
    for (kind, document) in kinds {
        assert_linear(Version::V3_0, kind, [125, 250, 500].map(document));
    }
}

/// Asserts that the allocations of each stage grow linearly for three documents, each twice as large as the previous
/// one.
fn assert_linear(version: Version, kind: &str, documents: [String; 3]) {
    println!("{kind}");
    let counted = documents.map(|document| allocations(version, document));
    let [two, four, eight] = &counted;
    for (stage, name) in STAGES.iter().enumerate() {
        let ratio = |more: u64, less: u64| more as f64 / less as f64;
        let ratios = [ratio(four[stage], two[stage]), ratio(eight[stage], four[stage])];
        println!(
            "{name:<16}{:>10}{:>10}{:>10}   {:.3} {:.3}",
            two[stage], four[stage], eight[stage], ratios[0], ratios[1]
        );
        assert!(ratios.iter().all(|ratio| *ratio < MAX_ALLOCATION_RATIO), "{kind}, {name}: {ratios:?}");
    }
}

#[test]
fn check_allocations_grow_linearly_for_each_version() {
    let versions: [(Version, &dyn Fn(usize) -> String); 3] = [
        (Version::V2_0, &|number| {
            format!(
                r##""/p{number}":{{"get":{{"operationId":"o{number}","parameters":[{{"name":"q","in":"query","type":"array","items":{{"type":"string"}}}}],"responses":{{"200":{{"description":"d","schema":{{"$ref":"#/definitions/S"}}}}}}}}}}"##
            )
        }),
        (Version::V3_0, &|number| {
            format!(
                r##""/p{number}":{{"get":{{"operationId":"o{number}","responses":{{"200":{{"description":"d","content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/S"}}}}}}}}}}}}}}"##
            )
        }),
        (Version::V3_1, &|number| {
            format!(
                r##""/p{number}":{{"get":{{"operationId":"o{number}","responses":{{"200":{{"description":"d","content":{{"application/json":{{"schema":{{"$id":"https://example.com/{number}","$anchor":"a","type":["string","null"],"anyOf":[{{"$ref":"#a"}},{{"$ref":"https://example.com/openapi.json#/components/schemas/S"}},{{"$ref":"https://example.com/0#a"}}]}}}}}}}}}}}}}}"##
            )
        }),
    ];
    for (version, path) in versions {
        let documents = [500, 1000, 2000].map(|count| {
            let paths: Vec<String> = (0..count).map(path).collect();
            let paths = paths.join(",");
            let (start, schemas) = match version {
                Version::V2_0 => (r#""swagger":"2.0""#, r#""definitions":{"S":{"type":"object"}}"#),
                Version::V3_0 => (r#""openapi":"3.0.3""#, r#""components":{"schemas":{"S":{"type":"object"}}}"#),
                _ => (
                    r#""openapi":"3.2.0","$self":"https://example.com/openapi.json""#,
                    r#""components":{"schemas":{"S":{"type":"object"}}}"#,
                ),
            };
            format!(r#"{{{start},"info":{{"title":"T","version":"1"}},{schemas},"paths":{{{paths}}}}}"#)
        });
        let counts = documents.map(|text| {
            let mut sources = Sources::new();
            let source = sources.add("a.json", text);
            let document = Document::read(&sources, source, &mut Diagnostics::new()).unwrap();
            let mut diagnostics = Diagnostics::new();
            let counted = allocation_counter::measure(|| drop(check(&document, version, &mut diagnostics)));
            assert!(diagnostics.is_empty(), "{version}: {}", render(&diagnostics, &sources, &Style::default()));
            counted.count_total as f64
        });
        let ratios = [counts[1] / counts[0], counts[2] / counts[1]];
        println!("{version:<16} {counts:?} {ratios:.3?}");
        assert!(ratios.iter().all(|ratio| *ratio < MAX_ALLOCATION_RATIO), "{version}: {ratios:?}");
    }
}

#[test]
fn time_grows_linearly_with_document() {
    assert_linear_time("3.0", [1, 4].map(repeated::repeated));
    for (version, document) in OTHER_VERSIONS {
        assert_linear_time(&version.to_string(), [40, 160].map(document));
    }
}

/// Asserts that the time grows at most linearly with the size of a document. `large` is four times as large as `small`.
fn assert_linear_time(kind: &str, [small, large]: [String; 2]) {
    let taken = |document: &String| -> Duration {
        let mut sources = Sources::new();
        sources.add("repeated.json", document.as_str());
        let config = config();
        let once = || {
            let start = Instant::now();
            apis(&sources, &config).unwrap();
            start.elapsed()
        };
        (0..2).map(|_| once()).min().unwrap()
    };
    // The machine may be busy, so the test passes if one of five attempts does. Quadratic growth fails all of them.
    let ratio = || taken(&large).as_secs_f64() / taken(&small).as_secs_f64();
    let is_linear = (0..5).map(|_| ratio()).any(|ratio| ratio < MAX_TIME_RATIO);
    assert!(
        is_linear,
        "{kind}: a document of four times the size always takes more than {MAX_TIME_RATIO} times as long"
    );
}

#[test]
fn white_space_takes_little_memory() {
    let size: usize = 1 << 20;
    for (name, text) in [
        ("a.yaml", " ".repeat(size)),
        ("a.yaml", "\n".repeat(size)),
        ("a.yaml", "\r".repeat(size)),
        ("a.yaml", "#\n".repeat(size / 2)),
        ("a.yaml", format!("a: 1\n{}b: [", "\n".repeat(size))),
        ("a.json", format!("[{}]", " ".repeat(size))),
        ("a.json", format!("[{}x", "\n".repeat(size))),
    ] {
        let mut sources = Sources::new();
        let source = sources.add(name, text);
        let measured = allocation_counter::measure(|| {
            let mut diagnostics = Diagnostics::new();
            Document::read(&sources, source, &mut diagnostics);
            let _shown = (render(&diagnostics, &sources, &Style::default()), json(&diagnostics, &sources));
        });
        // The scanner buffers the line ends after a scalar, because they may be part of it.
        assert!(measured.bytes_max < (2 * size).try_into().unwrap(), "{name}: {} bytes", measured.bytes_max);
    }
}
