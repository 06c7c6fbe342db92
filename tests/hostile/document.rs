//! Documents as values, and what is made of them.

use std::time::{Duration, Instant};

use clientwright::config::{Config, Layout};
use clientwright::diagnostics::{Code, Diagnostics, github, json, render};
use clientwright::output::FileSet;
use clientwright::source::{Limits, Sources};
use serde_json::{Map, Value, json};

use crate::{fixture, judge};

/// A document of these schemas.
pub fn schemas(schemas: impl IntoIterator<Item = (String, Value)>) -> Value {
    let schemas: Map<String, Value> = schemas.into_iter().collect();
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": schemas}})
}

/// A document of these operations, each a `GET` of its path.
pub fn operations(operations: impl IntoIterator<Item = (String, Value)>) -> Value {
    let mut document = schemas([]);
    let paths: Map<String, Value> =
        operations.into_iter().map(|(path, operation)| (path, json!({"get": operation}))).collect();
    document["paths"] = paths.into();
    document
}

/// An operation without anything.
pub fn operation(id: &str) -> Value {
    json!({"operationId": id, "responses": {"204": {"description": "Done."}}})
}

/// An object with one text.
pub fn object(member: &str) -> Value {
    let members: Map<String, Value> = [(member.to_owned(), json!({"type": "string"}))].into_iter().collect();
    json!({"type": "object", "properties": members})
}

pub fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

/// What is made of a document, strictly and leniently, and linted and shown: none of it a fault of ours, all of it soon.
pub fn survive(document: &Value) -> Result<FileSet, Diagnostics> {
    survive_text(&document.to_string())
}

pub fn survive_text(text: &str) -> Result<FileSet, Diagnostics> {
    let start = Instant::now();
    let lenient = made(text, &Limits::default(), true);
    let strict = made(text, &Limits::default(), false);
    if let (Ok(files), Err(_)) = (&strict, &lenient) {
        panic!("strictly there are {} files, leniently none", files.iter().count());
    }
    let sources = fixture::sources("pets", text);
    let found = clientwright::lint(&sources, &fixture::path("pets"));
    ours(&found);
    for shown in [render(&found, &sources, &Default::default()), json(&found, &sources), github(&found, &sources)] {
        assert!(shown.len() < 100_000_000);
    }
    // A second where nothing is wrong with us; the machine may be busy.
    let took = start.elapsed();
    assert!(took < Duration::from_secs(100), "{took:?}");
    strict
}

/// What is made of a document within limits.
pub fn made(text: &str, limits: &Limits, lenient: bool) -> Result<FileSet, Diagnostics> {
    let mut sources = Sources::within(*limits);
    sources.add(fixture::path("pets"), text);
    let made = clientwright::generate(&sources, &Config { lenient, ..fixture::config(&["pets"], Layout::Root) });
    match &made {
        Ok(files) => {
            if let Some(fault) = judge::fault(files) {
                panic!("{fault}");
            }
        }
        Err(found) => {
            assert!(found.has_errors());
            ours(found);
        }
    }
    made
}

fn ours(found: &Diagnostics) {
    let ours = found.sorted().into_iter().find(|one| one.code == Code::Internal);
    assert!(ours.is_none(), "{ours:?}");
    // Nobody reads a name of a megabyte.
    for one in found.sorted() {
        let help = one.help.as_deref().unwrap_or_default();
        assert!(one.message.len() + help.len() < 5_000, "{:?}", one.code);
    }
}

/// The codes of the errors, each once.
pub fn errors(made: &Result<FileSet, Diagnostics>) -> Vec<Code> {
    let Err(found) = made else { return Vec::new() };
    let errors = found.sorted().into_iter().filter(|one| one.severity == clientwright::diagnostics::Severity::Error);
    let mut codes: Vec<Code> = errors.map(|one| one.code).collect();
    codes.sort_by_key(|code| code.as_str());
    codes.dedup();
    codes
}
