//! Generates the crate of a single document and prints the outcome as a line of JSON. Runs in a separate process.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clientwright::config::{Config, Feature, document};
use clientwright::diagnostics::{Diagnostics, Severity, Style, render};
use clientwright::name::LOCK_FILE;
use clientwright::output::{FileSet, Options, Root, lock_file_text, write};
use clientwright::source::Sources;

use crate::outcome::{DiagnosticSummary, Generated, Growth};
use crate::{Modes, report, roundtrip, stable_names};

/// The maximum number of diagnostics whose text the report contains.
const MAX_DIAGNOSTICS: usize = 20;

/// Generates the crate of a document, and prints the outcome. The process succeeds even if the generator rejects the
/// document; only other errors are failures.
pub(crate) fn one(path: &Path, package: &str, into: &Path, modes: Modes) -> ExitCode {
    let generated = match generate(path, package, into, modes) {
        Ok(generated) => generated,
        Err(error) => {
            report::line_to_stderr(&format!("{error:#}"));
            return ExitCode::FAILURE;
        }
    };
    match serde_json::to_string(&generated) {
        Ok(text) => {
            report::line(&text);
            ExitCode::SUCCESS
        }
        Err(error) => {
            report::line_to_stderr(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn generate(path: &Path, name: &str, into: &Path, modes: Modes) -> Result<Generated> {
    let start = Instant::now();
    let mut sources = Sources::new();
    let spec = document(&path.to_string_lossy(), &mut sources)?;
    let version = version(&sources, &spec);
    let document = Config::of_document(name, spec);
    let config = Config { lenient: modes.lenient, features: Feature::all(), unused_schemas: true, ..document };
    let mut generated = Generated { version, ..Generated::default() };
    let mut types = Vec::new();
    let files = clientwright::apis(&sources, &config).and_then(|apis| {
        if modes.roundtrip {
            types.extend(apis.schema_types());
        }
        for (api, _) in &apis.named {
            generated.operations += api.groups.iter().map(|group| group.operations.len()).sum::<usize>();
            generated.types += api.types.len();
        }
        clientwright::files(&config, apis)
    });
    generated.milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    generated.memory = peak_memory();
    let diagnostics = match &files {
        Ok(files) => {
            generated.lines = own_lines(files);
            let names = lock_file_text(&files.lock_file);
            generated.names = names.lines().filter(|line| line.contains(" = ")).map(str::to_owned).collect();
            write(&Root::new(into), files, Options { force: true })?;
            &files.diagnostics
        }
        Err(diagnostics) => diagnostics,
    };
    generated.diagnostics = summary(diagnostics, &sources);
    if modes.grow > 0 && files.is_ok() {
        generated.growth = Some(growth(&sources, &config, modes.grow)?);
    }
    if modes.roundtrip && files.is_ok() {
        let [api] = config.apis.as_slice() else { bail!("expected exactly one API") };
        let document = clientwright::document(&sources, api, modes.lenient, &mut Diagnostics::new());
        let document = document.context("the document cannot be read again")?;
        roundtrip::write(&roundtrip::examples(&document, types.into_iter())?, name, into)?;
    }
    Ok(generated)
}

/// Returns the value of the first line with the key `openapi` or `swagger`.
fn version(sources: &Sources, spec: &str) -> Option<String> {
    let text = sources.text(sources.find(spec)?);
    let value = |line: &str| {
        let line = line.trim_start().trim_start_matches(['{', '"', '\'']);
        let rest = line.strip_prefix("openapi").or_else(|| line.strip_prefix("swagger"))?;
        let value = rest.trim_start_matches(['"', '\'', ' ']).strip_prefix(':')?.trim_start();
        let value: String =
            value.trim_start_matches(['"', '\'']).chars().take_while(|it| it.is_ascii_digit() || *it == '.').collect();
        (!value.is_empty()).then_some(value)
    };
    text.lines().find_map(value)
}

/// Takes random parts out of a document and puts them back, `rounds` times.
fn growth(sources: &Sources, config: &Config, rounds: u64) -> Result<Growth> {
    let [api] = config.apis.as_slice() else { bail!("expected exactly one API") };
    let document = clientwright::document(sources, api, config.lenient, &mut Diagnostics::new());
    let text = document.context("the document cannot be read again")?.root.to_json_text();
    let document = serde_json::from_str(&text).context("cannot convert the document to JSON")?;
    // By default, a type is only generated if an operation uses its schema.
    let config = Config { unused_schemas: false, ..config.clone() };
    let generated = |text: &str, lock_file: Option<&str>| {
        let mut sources = Sources::new();
        sources.add(api.spec.as_str(), text);
        if let Some(lock_file) = lock_file {
            sources.add_lock_file(LOCK_FILE, lock_file);
        }
        clientwright::generate(&sources, &config).ok()
    };
    let mut growth = Growth::default();
    for seed in 0..rounds {
        let Some(lost) = stable_names::lost_items(&document, seed, generated) else { continue };
        growth.rounds += 1;
        growth.lost.extend(lost.into_iter().map(|item| format!("round {seed}: {item}")));
    }
    Ok(growth)
}

/// Returns the number of generated lines, without the runtime, which is the same in each crate.
fn own_lines(files: &FileSet) -> usize {
    files.iter().filter(|(path, _)| !path.starts_with("src/runtime/")).map(|(_, text)| text.lines().count()).sum()
}

fn summary(diagnostics: &Diagnostics, sources: &Sources) -> DiagnosticSummary {
    let mut summary = DiagnosticSummary {
        errors: diagnostics.count(Severity::Error),
        warnings: diagnostics.count(Severity::Warning),
        notes: diagnostics.count(Severity::Note),
        ..DiagnosticSummary::default()
    };
    for one in diagnostics.sorted() {
        *summary.codes.entry(one.code.as_str().to_owned()).or_default() += 1;
        if one.severity == Severity::Error && summary.first.is_none() {
            summary.first = Some(format!("error[{}]: {}", one.code, one.message));
        }
    }
    let severity = if diagnostics.has_errors() { Severity::Error } else { Severity::Warning };
    let limit = diagnostics.count(severity).min(MAX_DIAGNOSTICS);
    if limit > 0 {
        summary.text = render(diagnostics, sources, &Style { limit, ..Style::default().all() });
    }
    summary
}

/// Returns the peak memory of this process in bytes, if the operating system provides it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
