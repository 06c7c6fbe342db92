//! Tests `cargo xtask corpus` with a small folder of documents.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");

/// Runs the command in a temporary target directory, and returns its output and report.
fn corpus(folder: &Path, arguments: &[&str]) -> (Output, Value) {
    let target = tempfile::tempdir().unwrap();
    let report: PathBuf = target.path().join("report.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask-corpus"));
    command.arg(folder).args(arguments).arg("--report").arg(&report).env("CARGO_TARGET_DIR", target.path());
    let output = command.output().unwrap();
    let report = std::fs::read_to_string(report).map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
    (output, report)
}

/// Returns the lines of standard output with single spaces between columns.
fn lines(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn documents_have_separate_verdicts() {
    let (output, report) = corpus(Path::new(FOLDER), &[]);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    let [header, invalid_syntax, ref_not_found, valid, totals, _seconds] = lines.as_slice() else {
        panic!("{lines:#?}")
    };
    assert_eq!(header, "document operations types lines warnings ms MB verdict");
    assert!(
        invalid_syntax.starts_with("invalid_syntax.json - - - 0 ")
            && invalid_syntax.contains("rejected: error[syntax]"),
        "{invalid_syntax}"
    );
    assert!(
        ref_not_found.contains("rejected: error[ref-not-found]: `#/components/schemas/Botle` does not exist"),
        "{ref_not_found}"
    );
    assert!(valid.starts_with("valid.yaml 1 1 ") && valid.ends_with(" ok"), "{valid}");
    assert!(totals.starts_with("3 documents 1 1 ") && totals.ends_with(" 1 ok, 2 rejected"), "{totals}");
    let valid = &report["documents"][2];
    assert_eq!(
        [&valid["document"], &valid["package"], &valid["verdict"], &valid["operations"], &valid["types"]],
        [&json!("valid.yaml"), &json!("valid"), &json!("ok"), &json!(1), &json!(1)]
    );
    assert!(valid["milliseconds"].as_f64().unwrap() > 0.0 && valid["lines"].as_u64().unwrap() > 50, "{valid}");
    if cfg!(target_os = "linux") {
        assert!(valid["memory"].as_u64().unwrap() > 1_000_000, "{valid}");
    }
    let ref_not_found = &report["documents"][1]["findings"];
    assert_eq!((&ref_not_found["errors"], &ref_not_found["codes"]), (&json!(1), &json!({ "ref-not-found": 1 })));
    assert!(ref_not_found["text"].as_str().unwrap().contains("ref_not_found.yaml:19:25"), "{ref_not_found}");
}

#[test]
fn lenient_turns_errors_into_warnings() {
    let (output, report) = corpus(Path::new(FOLDER), &["--lenient", "--only", "[rv]*.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(report["totals"]["warnings"], json!(1));
    assert_eq!(report["documents"].as_array().map(Vec::len), Some(2));
}

#[test]
fn timeout_ends_generation() {
    let (output, report) = corpus(Path::new(FOLDER), &["--timeout", "0"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines(&output)[3], "valid.yaml - - - - - - timed out after 0 s");
    assert_eq!(report["documents"][2]["verdict"], "timed_out");
}

/// A dangling symbolic link makes the process of its document fail.
#[cfg(unix)]
#[test]
fn crash_does_not_affect_other_documents() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("a.yaml")).unwrap();
    std::fs::copy(Path::new(FOLDER).join("valid.yaml"), folder.path().join("b.yaml")).unwrap();
    let (output, report) = corpus(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    assert!(lines[1].starts_with("a.yaml - - - - - - crashed: exit code 1: cannot read"), "{lines:#?}");
    assert!(lines[2].ends_with(" ok"), "{lines:#?}");
    assert_eq!(report["documents"][0]["verdict"], "broke");
}

#[test]
fn folder_without_documents_is_error() {
    let (output, _) = corpus(Path::new(FOLDER), &["--only", "parts/*"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no OpenAPI documents in"), "{output:?}");
}

#[test]
fn page_shows_documents_and_changes_since_an_earlier_run() {
    let folder = tempfile::tempdir().unwrap();
    let [page, old] = ["page.html", "old.json"].map(|name| folder.path().join(name));
    let (_, report) = corpus(Path::new(FOLDER), &[]);
    let mut changed = report;
    let names = changed["documents"][2]["names"].as_array_mut().unwrap();
    let name = names.iter_mut().find(|name| name.as_str().unwrap().starts_with("type ")).unwrap();
    *name = json!(name.as_str().unwrap().replace(" = ", " = Old"));
    std::fs::write(&old, changed.to_string()).unwrap();
    let arguments = ["--html", page.to_str().unwrap(), "--compare", old.to_str().unwrap()];
    let (output, _) = corpus(Path::new(FOLDER), &arguments);
    assert_eq!(lines(&output).last().unwrap(), "changed: valid.yaml: 1 renamed");
    let page = std::fs::read_to_string(&page).unwrap();
    for text in ["<td>valid.yaml</td><td>3.0.3</td><td>ok</td>", "1 renamed", "ref-not-found × 1", "does not exist"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    std::fs::write(&old, "{}").unwrap();
    let (output, _) = corpus(Path::new(FOLDER), &arguments);
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not a report of this command"));
}
