//! Benchmarks of the generator, per stage and for whole documents: `cargo bench --package clientwright`.
//!
//! Measures the documents of this repository, and a document that repeats one of them many times.
//! `CLIENTWRIGHT_BENCH=path` adds another document.

#![allow(clippy::unwrap_used, reason = "a bench that panics is a bench that fails")]

mod repeated;

use clientwright::config::{Config, Feature, document};
use clientwright::diagnostics::Diagnostics;
use clientwright::ir::Api;
use clientwright::name::{Names, Section, name};
use clientwright::render::{Templates, formatted};
use clientwright::source::{Document, Sources};
use clientwright::validate::{Version, check};
use clientwright::{Apis, apis, generate, lower, spec, views};
use divan::Bencher;

fn main() {
    divan::main();
}

/// The number of repetitions of the document for the stages.
const TIMES: usize = 8;

fn config(spec: &str) -> Config {
    Config { lenient: true, unused_schemas: true, features: Feature::all(), ..Config::of_document("bench", spec) }
}

fn sources(times: usize) -> Sources {
    let mut sources = Sources::new();
    sources.add("repeated.json", repeated::repeated(times));
    sources
}

fn tree(sources: &Sources) -> Document {
    let source = sources.find("repeated.json").unwrap();
    let mut found = Diagnostics::new();
    Document::read(sources, source, &mut found).unwrap()
}

fn lowered(document: &Document) -> Api {
    let mut found = Diagnostics::new();
    let mut api = lower::lower(&spec::read(document, Version::V3_0, &mut found), true, &mut found);
    lower::merge(&mut api, &[]);
    api
}

fn named(api: &Api) -> Names {
    name(api, &Section::default(), &[], &mut Diagnostics::new())
}

#[divan::bench]
fn stage_1_read(bencher: Bencher) {
    let sources = sources(TIMES);
    bencher.bench(|| tree(&sources));
}

#[divan::bench]
fn stage_2_check(bencher: Bencher) {
    let document = tree(&sources(TIMES));
    bencher.bench(|| check(&document, Version::V3_0, &mut Diagnostics::new()));
}

#[divan::bench]
fn stage_3_lower(bencher: Bencher) {
    let document = tree(&sources(TIMES));
    bencher.bench(|| lowered(&document));
}

#[divan::bench]
fn stage_4_name(bencher: Bencher) {
    let api = lowered(&tree(&sources(TIMES)));
    bencher.bench(|| named(&api));
}

#[divan::bench]
fn stage_5_view(bencher: Bencher) {
    let (config, apis) = repeated_apis();
    bencher.bench(|| views(&config, &apis));
}

/// Runs on one core, unlike the generator.
#[divan::bench]
fn stage_6_render(bencher: Bencher) {
    let (config, apis) = repeated_apis();
    let (templates, views) = (Templates::new().unwrap(), views(&config, &apis));
    bencher.bench(|| views.iter().map(|file| templates.texts(file).unwrap().len()).sum::<usize>());
}

/// Runs on one core, unlike the generator.
#[divan::bench]
fn stage_7_format(bencher: Bencher) {
    let (config, apis) = repeated_apis();
    let templates = Templates::new().unwrap();
    let views = views(&config, &apis);
    let texts: Vec<_> = views.iter().flat_map(|file| templates.texts(file).unwrap()).collect();
    bencher.bench(|| texts.iter().map(|(path, text)| formatted(path, text).unwrap().len()).sum::<usize>());
}

fn repeated_apis() -> (Config, Apis) {
    let config = config("repeated.json");
    let apis = apis(&sources(TIMES), &config).unwrap();
    (config, apis)
}

#[divan::bench(args = [1, 2, 4, 8])]
fn whole_times(bencher: Bencher, times: usize) {
    let (sources, config) = (sources(times), config("repeated.json"));
    bencher.bench(|| generate(&sources, &config).unwrap());
}

#[divan::bench(args = paths())]
fn whole(bencher: Bencher, path: &str) {
    let mut sources = Sources::new();
    let spec = document(path, &mut sources).unwrap();
    let config = config(&spec);
    // A rejected document is measured until it is rejected.
    bencher.bench(|| generate(&sources, &config).is_ok());
}

fn paths() -> Vec<String> {
    let own = ["digicert-iot", "digicert-mpki", "keyfactor-command"];
    let own = own.map(|name| format!("{}/../specs/{name}.yaml", env!("CARGO_MANIFEST_DIR")));
    own.into_iter().chain(std::env::var("CLIENTWRIGHT_BENCH")).collect()
}
