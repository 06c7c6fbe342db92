//! One document, in a process of its own: a path comes in, a crate on disk and a line of JSON about it go out.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clientwright::config::{ApiConfig, Config, Layout, Package, document};
use clientwright::diagnostics::{Diagnostics, Severity, Style, render};
use clientwright::output::{FileSet, Options, Root, write};
use clientwright::source::Sources;

use crate::outcome::{Findings, Generated};
use crate::{Modes, report, roundtrip};

/// How many findings the report shows in full.
const SHOWN: usize = 20;

/// Generates the crate, and prints what came of it. Only what cannot be said that way is a failure.
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
    let package = Package {
        name: name.to_owned(),
        version: "0.1.0".to_owned(),
        description: None,
        license: None,
        repository: None,
    };
    let api = ApiConfig { name: name.replace('_', "-").to_ascii_lowercase(), spec };
    let config = Config { package, apis: vec![api], layout: Layout::Root, lenient: modes.lenient };
    let mut generated = Generated::default();
    let mut types = Vec::new();
    let made = clientwright::apis(&sources, &config).and_then(|apis| {
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
    generated.memory = peak();
    let found = match &made {
        Ok(files) => {
            generated.lines = own_lines(files);
            write(&Root::new(into), files, Options { force: true })?;
            &files.remarks
        }
        Err(found) => found,
    };
    generated.findings = findings(found, &sources);
    if modes.roundtrip && made.is_ok() {
        let [api] = config.apis.as_slice() else { bail!("there is one API") };
        let document = clientwright::document(&sources, &api.spec, modes.lenient, &mut Diagnostics::new());
        let document = document.context("the document is gone")?;
        roundtrip::write(&roundtrip::examples(&document, types.into_iter())?, name, into)?;
    }
    Ok(generated)
}

/// The lines that this document made; the runtime is the same in each crate.
fn own_lines(files: &FileSet) -> usize {
    files.iter().filter(|(path, _)| !path.starts_with("src/runtime/")).map(|(_, text)| text.lines().count()).sum()
}

fn findings(found: &Diagnostics, sources: &Sources) -> Findings {
    let mut findings = Findings {
        errors: found.count(Severity::Error),
        warnings: found.count(Severity::Warning),
        notes: found.count(Severity::Note),
        ..Findings::default()
    };
    for one in found.sorted() {
        *findings.codes.entry(one.code.as_str().to_owned()).or_default() += 1;
        if one.severity == Severity::Error && findings.first.is_none() {
            findings.first = Some(format!("error[{}]: {}", one.code, one.message));
        }
    }
    let most = if found.has_errors() { Severity::Error } else { Severity::Warning };
    let shown = found.count(most).min(SHOWN);
    if shown > 0 {
        findings.text = render(found, sources, &Style { limit: shown, ..Style::default() });
    }
    findings
}

/// The most memory that this process has had at once, in bytes, where the system says so.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
