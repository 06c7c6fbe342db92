//! Every finding, as the author of a document sees it: a small document a kind of fault, and a snapshot of the text.
//!
//! `findings` are generated from strictly, `lenient` leniently; `lint` is checked for what is allowed and probably not meant, and
//! `config` are no documents, but files that say what to generate.

#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clientwright::config::{ApiConfig, Config, Layout, Package, lint_settings};
use clientwright::diagnostics::{Code, Diagnostics, Style, render};
use clientwright::source::Sources;

/// A document alone, under its own name.
fn read(path: &Path) -> (Sources, String) {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut sources = Sources::new();
    sources.add(name.as_str(), fs::read(path).unwrap());
    (sources, name)
}

fn generated(path: &Path, lenient: bool) -> (String, bool) {
    let (sources, spec) = read(path);
    let name = "seats".to_owned();
    let package =
        Package { name: name.clone(), version: "0.1.0".to_owned(), description: None, license: None, repository: None };
    let config = Config { package, apis: vec![ApiConfig { name, spec }], layout: Layout::Root, lenient };
    let result = clientwright::generate(&sources, &config);
    let made = result.is_ok();
    (shown(&result.map_or_else(|found| found, |files| files.remarks), &sources), made)
}

/// All of it but what is not generated yet, which is no fault of the document's.
fn shown(found: &Diagnostics, sources: &Sources) -> String {
    let mut found = found.clone();
    let not_yet = |message: &str| message.ends_with("not generated") || message.ends_with("generated yet");
    found.change_severity(|one| (!not_yet(&one.message)).then_some(one.severity));
    render(&found, sources, &Style::default())
}

#[test]
fn findings_read_well() {
    insta::glob!("findings/*.*", |path| insta::assert_snapshot!(generated(path, false).0));
}

#[test]
fn assumptions_read_well() {
    insta::glob!("lenient/*.*", |path| {
        let (strict, made) = generated(path, false);
        assert!(!made && !strict.is_empty(), "{}: it is no fault to a strict check", path.display());
        let (lenient, made) = generated(path, true);
        assert!(made, "{}: {lenient}", path.display());
        insta::assert_snapshot!(lenient);
    });
}

#[test]
fn doubts_read_well() {
    insta::glob!("lint/*.*", |path| {
        let (sources, name) = read(path);
        insta::assert_snapshot!(shown(&clientwright::lint(&sources, &name), &sources));
    });
}

#[test]
fn faults_of_a_configuration_read_well() {
    insta::glob!("config/*.toml", |path| {
        let (sources, found) = *lint_settings(path).unwrap_err();
        let folder = format!("{}/", path.parent().unwrap().display());
        insta::assert_snapshot!(shown(&found, &sources).replace(&folder, ""));
    });
}

#[test]
fn every_code_has_a_fixture() {
    let folders = ["tests/snapshots", "../tests/snapshots"];
    let files =
        folders.iter().flat_map(|folder| fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap());
    let mut met = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let heads = ["error[", "warning[", "note["];
        let codes = text.lines().filter_map(|line| heads.iter().find_map(|head| line.strip_prefix(head)));
        met.extend(codes.filter_map(|rest| rest.split(']').next()).map(str::to_owned));
    }
    // No document leads to these two: the program's own tests show them.
    let elsewhere = [Code::Internal, Code::Files];
    let without: Vec<_> =
        Code::ALL.iter().filter(|code| !elsewhere.contains(code) && !met.contains(code.as_str())).collect();
    assert!(without.is_empty(), "codes that no snapshot shows: {without:?}");
}

#[test]
fn what_cannot_be_lowered_is_always_an_error() {
    let mut lowered = BTreeSet::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots")).unwrap() {
        let path = file.unwrap().path();
        if path.to_str().unwrap().contains("assumptions") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let codes = text.lines().filter_map(|line| line.strip_prefix("warning[").or(line.strip_prefix("note[")));
        lowered.extend(codes.filter_map(|rest| rest.split(']').next()?.parse::<Code>().ok()).map(Code::as_str));
    }
    let wrong: Vec<_> =
        Code::ALL.iter().filter(|code| code.is_always_error() && lowered.contains(code.as_str())).collect();
    assert!(wrong.is_empty(), "{wrong:?} are warnings too");
}
