//! Tests of the program `clientwright` with hostile documents: limits on the input, and escaping of the output.

use std::fs;
use std::process::{Command, Output};

fn clientwright(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clientwright")).args(arguments).output().unwrap()
}

/// Runs a command with a document. Returns the exit code, standard output and standard error.
fn run(command: &str, text: impl AsRef<[u8]>, more: &[&str]) -> (Option<i32>, String, String) {
    let directory = tempfile::tempdir().unwrap();
    let spec = directory.path().join("spec.yaml");
    fs::write(&spec, text).unwrap();
    let out = directory.path().join("out");
    let arguments = match command {
        "generate" => vec!["generate", spec.to_str().unwrap(), "--out", out.to_str().unwrap()],
        command => vec![command, spec.to_str().unwrap()],
    };
    let output = clientwright(&[&arguments, more].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn document(schemas: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}")
}

#[test]
fn limit_diagnostic_names_its_option() {
    let deep = document(&format!("    A: {{example: {}1{}}}\n", "[".repeat(150), "]".repeat(150)));
    let cases = [
        ("bytes", document(""), "50", "100000"),
        ("depth", deep, "100", "200"),
        ("values", document("    A: {enum: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\n"), "12", "100"),
        ("name", document(&format!("    A: {{example: {{{}: 1}}}}\n", "n".repeat(100))), "99", "100"),
        ("digits", document("    A: {example: 0xfffffffff}\n"), "8", "9"),
        ("items", document("    A: {allOf: [{properties: {a: {}, b: {}}}, {properties: {c: {}}}]}\n"), "5", "20"),
    ];
    for (limit, text, few, enough) in cases {
        let option = format!("--max-{limit}");
        for command in ["lint", "generate"] {
            let (code, _, shown) = run(command, &text, &[&option, few]);
            assert!(code == Some(1) && shown.contains("error[limit]") && shown.contains(&option), "{limit}: {shown}");
            let (_, _, shown) = run(command, &text, &[&option, enough]);
            assert!(!shown.contains("error[limit]"), "{limit}: {shown}");
        }
    }
    for (option, value) in [("--max-depth", "513"), ("--max-depth", "-1"), ("--max-bytes", "many")] {
        assert_eq!(run("lint", document(""), &[option, value]).0, Some(2), "{option} {value}");
    }
}

#[test]
fn options_override_configured_limits() {
    let directory = tempfile::tempdir().unwrap();
    let toml = directory.path().join("clients.toml");
    let crates = "[[crate]]\nname = 'a'\ndirectory = 'a'\n[[crate.api]]\nname = 'a'\nspec = 'a.yaml'\n";
    fs::write(&toml, format!("[limits]\nvalues = 3\n{crates}")).unwrap();
    let config = ["--config", toml.to_str().unwrap()];
    let (_, _, shown) = run("lint", document(""), &config);
    assert!(shown.contains("more than 3 values"), "{shown}");
    let (_, _, shown) = run("lint", document(""), &[&config[..], &["--max-values", "100"]].concat());
    assert!(!shown.contains("error[limit]"), "{shown}");
    let explained = String::from_utf8(clientwright(&["explain", "limit"]).stdout).unwrap();
    for limit in ["bytes", "depth", "values", "name", "digits", "items"] {
        assert!(explained.contains(&format!("--max-{limit} ")), "{limit}: {explained}");
    }
}

#[cfg(unix)]
#[test]
fn endless_document_is_rejected() {
    let output = clientwright(&["lint", "/dev/zero", "--max-bytes", "1000000"]);
    let shown = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && shown.contains("more than 1000000 bytes"), "{shown}");
}

#[test]
fn output_has_no_control_characters() {
    let name = "\\e[2J\\e]0;x\\a\\x9b\\u202e\\r\\n::error::x %0A::set-output name=a::b";
    let text = document(&format!(
        "    A: {{type: \"{name}\", \"{name}\": 1, $ref: \"{name}\"}}\n    \"{name}\": {{type: x}}\n"
    ));
    let is_control =
        |letter: char| (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter);
    for command in ["lint", "generate"] {
        for format in ["text", "json", "github"] {
            let (code, out, err) = run(command, &text, &["--format", format]);
            assert_eq!(code, Some(1));
            assert!(!out.contains(is_control) && !err.contains(is_control), "{out:?} {err:?}");
            if format == "github" {
                let is_annotation = |line: &str| {
                    ["::error file=", "::warning file=", "::notice file="].iter().any(|one| line.starts_with(one))
                };
                assert!(out.lines().count() > 1 && out.lines().all(is_annotation), "{out}");
            }
        }
    }
}
