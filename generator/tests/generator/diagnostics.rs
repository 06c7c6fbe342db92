//! Snapshots of the diagnostics of small documents, one for each kind of error.
//!
//! The documents in `strict` are generated in strict mode, and the documents in `lenient` in lenient mode. The documents
//! in `lint` are linted. The files in `config` are configuration files, the files in `lock` are lock
//! files, and the files in `overlays` are overlays.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clientwright::config::{ApiConfig, Config, lint_settings};
use clientwright::diagnostics::{Code, Diagnostics, Style, render};
use clientwright::source::Sources;

use crate::diagnostic_lines::diagnostic_lines;

/// Adds a document to new sources, with its file name as its path. Returns the sources and this path.
fn read(path: &Path) -> (Sources, String) {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut sources = Sources::new();
    sources.add(name.as_str(), fs::read(path).unwrap());
    (sources, name)
}

fn generated(path: &Path, lenient: bool) -> (String, bool) {
    let (sources, spec) = read(path);
    let result = clientwright::generate(&sources, &config(spec, lenient));
    let generated = result.is_ok();
    (shown(&result.map_or_else(|diagnostics| diagnostics, |files| files.diagnostics), &sources), generated)
}

/// Returns the configuration of a crate with one document.
fn config(spec: String, lenient: bool) -> Config {
    Config { lenient, unused_schemas: true, ..Config::of_document("seats", spec) }
}

/// Returns diagnostics, except those about constructs that are not supported yet.
fn shown(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut diagnostics = diagnostics.clone();
    let is_unsupported = |message: &str| message.ends_with("not generated") || message.ends_with("generated yet");
    diagnostics.change_severity(|one| (!is_unsupported(&one.message)).then_some(one.severity));
    diagnostic_lines(&diagnostics, sources)
}

/// Runs a test for each file of a folder. A snapshot is named after the test and the file.
macro_rules! for_each {
    ($folder:literal, $test:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::glob!($folder, "*.*", $test));
    }};
}

#[test]
fn strict_diagnostics_match_snapshots() {
    for_each!("../strict", |path| insta::assert_snapshot!("strict_diagnostics", generated(path, false).0));
}

#[test]
fn lenient_diagnostics_match_snapshots() {
    for_each!("../lenient", |path| {
        let (strict, is_generated) = generated(path, false);
        assert!(!is_generated && !strict.is_empty(), "{}: no error in strict mode", path.display());
        let (lenient, is_generated) = generated(path, true);
        assert!(is_generated, "{}: {lenient}", path.display());
        insta::assert_snapshot!("lenient_diagnostics", lenient);
    });
}

#[test]
fn lint_diagnostics_match_snapshots() {
    for_each!("../lint", |path| {
        let (sources, name) = read(path);
        insta::assert_snapshot!(
            "lint_diagnostics",
            shown(&clientwright::lint(&sources, &ApiConfig::new("a", name.as_str())), &sources)
        );
    });
}

#[test]
fn config_diagnostics_match_snapshots() {
    for_each!("../config", |path| {
        let (sources, diagnostics) = *lint_settings(path).unwrap_err();
        let directory = format!("{}/", path.parent().unwrap().display());
        insta::assert_snapshot!(
            "config_diagnostics",
            render(&diagnostics, &sources, &Style::default()).replace(&directory, "")
        );
    });
}

/// The document of the lock files in `lock` and of the overlays in `overlays`.
const PETS: &str = "openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths: {}
components: {schemas: {Pet: {type: object, properties: {petId: {type: string}, name: {type: string}}}}}
";

#[test]
fn lock_file_diagnostics() {
    for_each!("../lock", |path| {
        let mut sources = Sources::new();
        sources.add("pets.yaml", PETS);
        sources.add_lock_file("clientwright.lock", fs::read(path).unwrap());
        let config = config("pets.yaml".to_owned(), false);
        let result = clientwright::generate(&sources, &config);
        let diagnostics = result.map_or_else(|diagnostics| diagnostics, |files| files.diagnostics);
        insta::assert_snapshot!("lock_file_diagnostics", shown(&diagnostics, &sources));
    });
}

#[test]
fn overlay_diagnostics() {
    for_each!("../overlays", |path| {
        let (mut sources, overlay) = read(path);
        sources.add("pets.yaml", PETS);
        let api = ApiConfig { overlays: vec![overlay], ..ApiConfig::new("pets", "pets.yaml") };
        let diagnostics = clientwright::lint(&sources, &api);
        insta::assert_snapshot!("overlay_diagnostics", shown(&diagnostics, &sources));
    });
}

#[test]
fn every_code_has_a_fixture() {
    let directories = ["tests/generator/snapshots", "../tests/snapshots"];
    let files = directories
        .iter()
        .flat_map(|directory| fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(directory)).unwrap());
    let mut covered = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let heads = ["error[", "warning[", "note["];
        let codes = text.lines().filter_map(|line| heads.iter().find_map(|head| line.strip_prefix(head)));
        covered.extend(codes.filter_map(|rest| rest.split(']').next()).map(str::to_owned));
    }
    // No document can cause these two codes. The tests of the program cover them.
    let elsewhere = [Code::Internal, Code::Files];
    let without: Vec<_> =
        Code::ALL.iter().filter(|code| !elsewhere.contains(code) && !covered.contains(code.as_str())).collect();
    assert!(without.is_empty(), "codes without a snapshot: {without:?}");
}

#[test]
fn always_error_codes_are_never_warnings() {
    let mut lowered = BTreeSet::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generator/snapshots")).unwrap() {
        let path = file.unwrap().path();
        if path.to_str().unwrap().contains("lenient_diagnostics") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let codes = text.lines().filter_map(|line| line.strip_prefix("warning[").or(line.strip_prefix("note[")));
        lowered.extend(codes.filter_map(|rest| rest.split(']').next()?.parse::<Code>().ok()).map(Code::as_str));
    }
    let wrong: Vec<_> =
        Code::ALL.iter().filter(|code| code.is_always_error() && lowered.contains(code.as_str())).collect();
    assert!(wrong.is_empty(), "also reported as warnings or notes: {wrong:?}");
}
